//! English words of this room, a file for each concern.

pub(super) mod analysis;
pub(super) mod backtest;
pub(super) mod chair;
pub(super) mod describe;
pub(super) mod evaluate;
pub(super) mod halls;
pub(super) mod heat;
pub(super) mod import;
pub(super) mod known;
pub(super) mod layers;
pub(super) mod made;
pub(super) mod matched;
pub(super) mod meetings;
pub(super) mod plan;
pub(super) mod records;
pub(super) mod residents;
pub(super) mod site;
pub(super) mod statistic;
pub(super) mod target;
pub(super) mod ward;

pub const INVENTED: &str = "These data are invented: no place, person or incident is real.";
