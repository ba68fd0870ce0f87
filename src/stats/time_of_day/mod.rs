//! Time of day and day of the week.
//!
//! Start with [`aoristic`].

mod aoristic;
mod clock;
mod nights;

pub use aoristic::{Aoristic, AoristicCounts, Clock, HOURS, Span, aoristic};
pub use clock::{Block, Peak, busiest_block, by_day_and_hour, peak};
pub use nights::{Nights, nights};

pub use crate::time::WEEKDAYS;
