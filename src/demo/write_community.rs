//! What residents asked for at neighbourhood meetings, in the words of the minutes.

use jiff::civil::date;

use super::geography::Borough;
use super::random::Stream;
use super::sheet::{Sheet, iso};
use super::streets::Streets;

/// What is asked for, and the category that the minutes give it: not all have one.
const ISSUES: &[(&str, &str)] = &[
    ("Shop theft on", "Shoplifting"),
    ("Off-road bikes on", "Anti-social behaviour"),
    ("Groups gathering late on", "Anti-social behaviour"),
    ("Fly-tipping behind", "Environmental crime"),
    ("Drug dealing near", "Drugs"),
    ("Break-ins around", "Burglary"),
    ("Cars damaged on", "Criminal damage and arson"),
    ("Speeding along", "Road safety"),
    ("Bins set on fire near", ""),
];

/// Last year of the records: priorities are of its second half.
const YEAR: i16 = 2025;

/// The register of priorities: none, one or two for each ward.
pub(super) fn priorities(seed: u64, borough: &Borough, streets: &Streets) -> Sheet {
    let mut stream = Stream::new(seed, "priorities");
    let mut sheet = Sheet::new("community_priorities.csv", ',');
    sheet.line("Ward,Date set,Priority,Category,Status");
    for ward in &borough.wards {
        for _ in 0..stream.below(3) {
            let lsoa = ward.lsoas[stream.below(ward.lsoas.len())];
            let own = &streets.by_lsoa[lsoa];
            let &(issue, category) = stream.pick(ISSUES);
            let day = date(YEAR, stream.below(6) as i8 + 7, stream.below(28) as i8 + 1);
            let status = if stream.chance(0.75) { "Open" } else { "Closed" };
            let street = if own.is_empty() {
                "the High Street"
            } else {
                streets.name(own[stream.below(own.len())])
            };
            sheet.cells(&[&ward.name, &iso(day), &format!("{issue} {street}"), category, status]);
            sheet.end();
        }
    }
    sheet
}
