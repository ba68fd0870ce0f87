//! What is known of places apart from incidents, and how it came to be.

use crate::layer::words::{counted, per_cent};

pub const PRIORITIES: &str = "priorities: open ones set by communities in the window";

/// Where the figures of an indicator are from.
pub struct Origin {
    /// Its months or years, where they are known.
    pub period: String,
    /// How they were brought from LSOAs to a ward, where they were.
    pub mean: Option<Mean>,
}

/// How a mean of LSOAs was weighted.
#[derive(Clone, Copy)]
pub enum Mean {
    /// By their residents.
    ByResidents,
    /// Some as one: their residents are not known.
    SomeAsOne,
}

/// What stands behind the name of an indicator: ` 2019, mean of its LSOAs by residents`.
fn behind(origin: &Origin) -> String {
    let period = if origin.period.is_empty() { "" } else { " " };
    let mean = match origin.mean {
        None => "",
        Some(Mean::ByResidents) => ", mean of its LSOAs by residents",
        Some(Mean::SomeAsOne) => {
            ", mean of its LSOAs, each counting as one where its residents are not known"
        }
    };
    format!("{period}{}{mean}", origin.period)
}

pub fn deprivation(name: &str, origin: &Origin, first_is_worst: bool) -> String {
    let order = if first_is_worst { ", the lowest the most deprived (shown negative)" } else { "" };
    format!("deprivation: {name}{}{order}", behind(origin))
}

pub fn fear(question: &str, wave: &str) -> String {
    let comma = if wave.is_empty() { "" } else { ", " };
    format!("fear: per cent of \"{question}\"{comma}{wave}")
}

/// A table of harm, and the share of crimes that it has a weight for.
pub fn harm(name: &str, edition: &str, unit: &str, share: f64) -> String {
    format!(
        "harm: {name} {edition}, {unit} per 1,000 residents, of the {} of crimes that have a weight",
        per_cent(share)
    )
}

/// The Vulnerable Localities Index: what it was made of by the names of the workspace, what was not
/// named, of how many indices it is the mean, and how many of all places are above the index of a
/// priority neighbourhood.
pub fn vulnerability(
    used: &[(&str, &str, Origin)],
    missing: &[&str],
    n_indices: usize,
    (above, of, wards): (usize, usize, bool),
    priority: f64,
) -> String {
    let part = if missing.is_empty() {
        "the Vulnerable Localities Index, the mean of six indices".to_owned()
    } else {
        format!(
            "a part of the Vulnerable Localities Index, the mean of {n_indices} indices of six ({} \
             not named)",
            missing.join(" and ")
        )
    };
    let by = |(what, name, origin): &(&str, &str, Origin)| {
        format!("; {what} by {name}{}", behind(origin))
    };
    let used: String = used.iter().map(by).collect();
    let [one, many] = if wards { ["ward", "wards"] } else { ["area", "areas"] };
    format!(
        "vulnerability: {part}, 100 for the average area: burglary and criminal damage (and arson: \
         police.uk counts them as one) per household, all of it and not of dwellings alone{used}; \
         {above} of {} above {priority}, from where the index speaks of a priority neighbourhood",
        counted(of as i64, one, many),
    )
}
