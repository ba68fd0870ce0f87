//! Where the public may be met, and the diary of meetings that there are already.

mod english;
mod recurrence;
mod venue;

pub(crate) use recurrence::date as day;
pub use recurrence::{Recurrence, RecurrenceError};
pub use venue::{Venue, VenueFacts};

use jiff::civil::{Date, Time};

use crate::crs::Bng;

/// What a meeting in the diary is, as far as planning needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A meeting of the partnership with its public: counts as a visit.
    Partnership,
    /// Any other: may be joined.
    Other,
}

impl Kind {
    /// Name in the store.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Partnership => "partnership",
            Self::Other => "other",
        }
    }

    /// The kind with this name.
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Partnership, Self::Other].into_iter().find(|kind| kind.id() == id)
    }

    /// By title and organiser: the partnership's own are those that say so.
    pub fn guess(title: &str, organiser: &str) -> Self {
        let text = format!("{title} {organiser}").to_lowercase();
        let own = ["community safety", "partnership meeting", "face the people", "safer "];
        if own.iter().any(|words| text.contains(words)) { Self::Partnership } else { Self::Other }
    }
}

/// One entry of the diary: a meeting, or a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Meeting {
    /// What it is called.
    pub title: String,
    /// Who holds it: a body, never a person.
    pub organiser: String,
    /// Whose it is.
    pub kind: Kind,
    /// Code of the ward it is held in; `None` where the diary does not say.
    pub ward: Option<String>,
    /// Name of the place, as written.
    pub venue: Option<String>,
    /// Position of the place, where it is known.
    pub place: Option<Bng>,
    /// Day of the first.
    pub first: Date,
    /// When it starts, local clock.
    pub start: Option<Time>,
    /// How it repeats.
    pub recurrence: Recurrence,
    /// Whether anybody may come; `None` where the diary does not say.
    pub open: Option<bool>,
    /// People expected.
    pub audience: Option<u32>,
    /// People who came, of a meeting that was held.
    pub attended: Option<u32>,
}

impl Meeting {
    /// Days from `from` to `to`, both included, on which it is held.
    pub fn days(&self, from: Date, to: Date) -> Vec<Date> {
        self.recurrence.days(self.first, from, to)
    }

    /// The last day before `day` on which it was held, looking back 20 years.
    pub fn last_before(&self, day: Date) -> Option<Date> {
        let yesterday = day.yesterday().ok()?;
        let from = yesterday.saturating_sub(jiff::Span::new().years(20));
        self.days(from, yesterday).pop()
    }
}
