//! Time of day and day of the week.
//!
//! Start with [`aoristic`].

mod aoristic;
mod clock;

pub use aoristic::{Aoristic, AoristicCounts, Clock, HOURS, Span, aoristic};
pub use clock::{Block, Peak, WEEKDAYS, busiest_block, by_day_and_hour, peak};
