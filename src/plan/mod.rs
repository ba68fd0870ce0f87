//! Planning public meetings: which wards, which halls, when, and why.
//!
//! Start with [`maximal_covering`]: which sites reach most of the need, proven.

mod branch;
mod choose;
mod covering;
mod distances;
mod median;
mod need;
mod objective;
mod relax;
mod rules;
mod schedule;
mod search;

pub use branch::Effort;
pub use choose::{Choice, ChoiceError, fewest_sites, greedy_covering, maximal_covering, p_median};
pub use distances::{Distances, DistancesError};
pub use need::{
    NEED_DRAWS, Need, NeedError, Part, Recorded, Swing, Weights, need, top_of, tornado,
};
pub use rules::{Rules, RulesError};
pub use schedule::{Slot, ToSchedule, schedule};
