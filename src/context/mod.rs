//! What a partnership knows besides incidents: indicators, code lookups, interventions, survey
//! results, priorities of the community and the rates of its peers.
//!
//! Plain values, read by `read`, kept by `store`, used by whatever needs them. None of it is about
//! a person.

mod indicator;
mod intervention;
mod lookup;
mod note;
mod peer;
mod priority;
mod recording;
mod survey;

pub use indicator::{Indicator, IndicatorValue};
pub use intervention::{Intervention, Treated};
pub use lookup::{CodeSet, Lookup, chain};
pub use note::DatedNote;
pub use peer::PeerRate;
pub use priority::CommunityPriority;
pub use recording::{RECORDING_CHANGES, RecordingChange};
pub use survey::SurveyResult;

use crate::incident::HarmWeights;

/// Everything of the kind that a workspace lists.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Context {
    /// Figures by area.
    pub indicators: Vec<Indicator>,
    /// Codes to codes.
    pub lookups: Vec<Lookup>,
    /// What was done, where and when.
    pub interventions: Vec<Intervention>,
    /// What residents said.
    pub surveys: Vec<SurveyResult>,
    /// What communities asked for.
    pub priorities: Vec<CommunityPriority>,
    /// Rates of areas like this one.
    pub peers: Vec<PeerRate>,
    /// How much one incident of each type weighs.
    pub harm: Vec<HarmWeights>,
    /// Notes to series, as the workspace describes them; the store holds none.
    pub notes: Vec<DatedNote>,
}

impl Context {
    /// Whether there is nothing of any kind.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
