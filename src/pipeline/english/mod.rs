//! English words of plans, ward profiles and published sites, one file for each.

pub(super) mod analysis;
pub(super) mod backtest;
pub(super) mod chair;
pub(super) mod evaluate;
pub(super) mod halls;
pub(super) mod heat;
pub(super) mod import;
pub(super) mod known;
pub(super) mod meetings;
pub(super) mod plan;
pub(super) mod statistic;
pub(super) mod target;

pub const INVENTED: &str = "These data are invented: no place, person or incident is real.";
