//! Days and hours that stand out.

use crate::stats::time_of_day::Block;
use crate::time::WEEKDAYS;

/// Hours of one day, Monday being 0, from one full hour to another.
pub fn stretch(day: usize, from: usize, to: usize) -> String {
    format!("{} {from:02}:00-{to:02}:00", WEEKDAYS[day])
}

/// `Fri and Sat, 16:00 to 20:00`.
pub fn block(block: &Block) -> String {
    let day = |n: usize| WEEKDAYS[(block.day + n) % 7];
    let days = match block.days {
        1 => day(0).to_owned(),
        2 => format!("{} and {}", day(0), day(1)),
        7 => "Every day".to_owned(),
        n => format!("{} to {}", day(0), day(n - 1)),
    };
    if block.hours == 24 {
        return format!("{days}, at any hour");
    }
    let end = (block.hour + block.hours - 1) % 24 + 1;
    format!("{days}, {:02}:00 to {end:02}:00", block.hour)
}

/// How many there were in the nights that began on a day.
pub fn night(day: usize, n: u64) -> String {
    format!("{} night {n}", WEEKDAYS[day])
}
