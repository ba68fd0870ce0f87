//! The parts of need: what a place is ranked by, each visible on its own.

use super::english as say;

/// The parts of need, in the order of every list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Incidents in the window.
    Volume,
    /// Incidents per 1,000 residents.
    Rate,
    /// Incidents over those of the year before.
    Change,
    /// Share of incidents that lie in significant hotspots.
    Hotspots,
    /// Share of months in which the rate is among the top.
    Persistence,
    /// Harm per 1,000 residents, by a table of weights. Anti-social behaviour has no weights.
    Harm,
    /// The Vulnerable Localities Index, 100 for the average area.
    Vulnerability,
    /// A published measure of deprivation.
    Deprivation,
    /// Per cent who gave an answer to a survey.
    Fear,
    /// Priorities that communities set and that are open.
    Priorities,
}

/// How many parts there are.
pub const PARTS: usize = 10;

impl Part {
    /// All of them.
    pub const ALL: [Self; PARTS] = [
        Self::Volume,
        Self::Rate,
        Self::Change,
        Self::Hotspots,
        Self::Persistence,
        Self::Harm,
        Self::Vulnerability,
        Self::Deprivation,
        Self::Fear,
        Self::Priorities,
    ];

    /// Whether it is known apart from incidents.
    pub fn is_known_apart(self) -> bool {
        matches!(self, Self::Vulnerability | Self::Deprivation | Self::Fear | Self::Priorities)
    }

    /// Name in columns and settings.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Volume => "volume",
            Self::Rate => "rate",
            Self::Change => "change",
            Self::Hotspots => "hotspots",
            Self::Persistence => "persistence",
            Self::Harm => "harm",
            Self::Vulnerability => "vulnerability",
            Self::Deprivation => "deprivation",
            Self::Fear => "fear",
            Self::Priorities => "priorities",
        }
    }

    /// Name on screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Volume => say::VOLUME,
            Self::Rate => say::RATE,
            Self::Change => say::CHANGE,
            Self::Hotspots => say::HOTSPOTS,
            Self::Persistence => say::PERSISTENCE,
            Self::Harm => say::HARM,
            Self::Vulnerability => say::VULNERABILITY,
            Self::Deprivation => say::DEPRIVATION,
            Self::Fear => say::FEAR,
            Self::Priorities => say::PRIORITIES,
        }
    }
}
