//! Planning public meetings: which wards, which halls, when, and why.
//!
//! Start with [`maximal_covering`]: which sites reach most of the need, proven.

mod branch;
mod choose;
mod covering;
mod distances;
mod english;
mod enough;
mod median;
mod need;
mod objective;
mod part;
mod relax;
mod rules;
mod schedule;
mod search;
mod targets;

pub use branch::Effort;
pub use choose::{Choice, ChoiceError, fewest_sites, greedy_covering, maximal_covering, p_median};
pub use distances::{Distances, DistancesError};
pub use need::{
    KNOWN, NEED_DRAWS, Need, NeedError, Recorded, Swing, Weights, need, top_of, tornado,
};
pub use part::{PARTS, Part};
pub use rules::{Rules, RulesError};
pub use schedule::{Slot, ToSchedule, schedule};
pub use targets::{Fewest, Targets};
