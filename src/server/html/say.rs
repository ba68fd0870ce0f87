//! The answer: what is so and how much, in a sentence, and the caption that says of what.

use maud::{Markup, html};

use super::choice::Choice;
use super::frame::Site;
use super::rows::{Ranged, Ward, by_type, hotspots, land_km2, wards};
use super::words::{
    counted, hotspots_sentence, lower_first, number_word, ratio as ratio_words, thousands,
};
use crate::aggregate::Confidence;
use crate::layer::Findings;
use crate::stats::{ChangeClass, change};
use crate::time::Window;

/// `Jan 2025 to Dec 2025` as `Jan to Dec 2025`.
pub(super) fn short_window(window: Window) -> String {
    let (first, last) = (window.first(), window.last());
    if first != last && first.year() == last.year() {
        let month = first.label();
        format!("{} to {}", month.split(' ').next().unwrap_or_default(), last.label())
    } else {
        window.label()
    }
}

/// Months and, where not all are meant, hours.
pub(super) fn short_when(choice: &Choice) -> String {
    choice.hours.of_window(&short_window(choice.window))
}

/// The headline of the map page: how many, and whether that is more than a year earlier.
pub(super) fn headline(choice: &Choice, findings: &Findings) -> Markup {
    let label = choice.types.label();
    let total = findings.how_made.n_incidents;
    let recorded = format!("{} recorded", thousands(total as i64));
    let Some(earlier) = earlier(choice, findings) else {
        return html! { (label) ": " (recorded) ", " (short_when(choice)) "." };
    };
    let then = thousands(earlier as i64);
    html! {
        (label)
        @if !choice.hours.is_all() { " (" (choice.hours) ")" }
        @match change(total, earlier, Confidence::P95).class {
            ChangeClass::Higher => {
                " is " span class="up" { "higher than a year earlier" } ": " (recorded) ", " (then)
                " then."
            }
            ChangeClass::Lower => {
                " is " span class="down" { "lower than a year earlier" } ": " (recorded) ", " (then)
                " then."
            }
            ChangeClass::AsUsual => {
                " is much as a year earlier: " (recorded) ", " (then) " then."
            }
            ChangeClass::TooFewToSay => {
                ": " (recorded) ", " (then) " a year earlier; too few to compare."
            }
        }
    }
}

/// Incidents of the chosen types a year earlier, where that year is held.
fn earlier(choice: &Choice, findings: &Findings) -> Option<u64> {
    findings.how_made.compared_with.as_ref()?;
    let types = by_type(findings);
    let counts = types.iter().filter(|row| choice.types.contains(row.crime_type));
    let total: i64 = counts.map(|row| row.earlier.unwrap_or(0)).sum();
    u64::try_from(total).ok()
}

/// The change of the whole with its interval.
fn change_words(choice: &Choice, findings: &Findings) -> Option<String> {
    let ratio =
        change(findings.how_made.n_incidents, earlier(choice, findings)?, Confidence::P95).ratio?;
    Some(ratio_words(Ranged {
        value: ratio.ratio?,
        low: ratio.low,
        high: ratio.high.unwrap_or(f64::INFINITY),
    }))
}

/// The sentence under the headline: hotspots, wards that changed, and what the figures are of.
pub(super) fn caption(site: &Site<'_>, choice: &Choice, findings: &Findings) -> Markup {
    let how = &findings.how_made;
    let mapped = how.n_mapped.min(how.n_incidents);
    html! {
        (hotspots_sentence(&hotspots(findings), land_km2(findings))) " "
        (changes(&wards(findings))) " "
        "Records"
        @if let Some(source) = &choice.source { " of " (source) }
        " for " (site.area) ", " (choice.when())
        @if let Some(earlier) = &how.compared_with {
            ", against " (window_label(earlier))
            @if let Some(words) = change_words(choice, findings) { ": " (words) }
        }
        @if mapped < how.n_incidents {
            "; " (thousands(mapped as i64)) " of " (thousands(how.n_incidents as i64))
            " have a position and are on the map"
        }
        "."
        @if how.compared_with.is_none() {
            " The year before is not held, so nothing is compared with it."
        }
    }
}

/// A window as findings name it, as on a page.
fn window_label(window: &str) -> String {
    window.parse::<Window>().map_or_else(|_| window.to_owned(), short_window)
}

/// How many wards differ from the year before, where there is one.
fn changes(wards: &[Ward]) -> String {
    use super::rows::Change::{Higher, Lower};
    if wards.iter().all(|ward| ward.class.is_none()) {
        return String::new();
    }
    let n = |class| wards.iter().filter(|ward| ward.class == Some(class)).count();
    match (n(Higher), n(Lower)) {
        (0, 0) => "No ward differs from the year before by more than chance.".to_owned(),
        (up, 0) => format!("{} higher than the year before.", wards_are(up)),
        (0, down) => format!("{} lower than the year before.", wards_are(down)),
        (up, down) => format!(
            "{} higher than the year before, {} lower.",
            wards_are(up),
            number_word(down).to_lowercase()
        ),
    }
}

fn wards_are(n: usize) -> String {
    format!("{} {}", number_word(n), if n == 1 { "ward is" } else { "wards are" })
}

/// What a reader without the picture is told of it.
pub(super) fn picture_words(choice: &Choice, findings: &Findings) -> String {
    let n = hotspots(findings).len() as i64;
    format!(
        "Map of {} recorded in {}: {}. The lists beside it hold the same figures.",
        lower_first(choice.types.label()),
        choice.when(),
        counted(n, "hotspot", "hotspots"),
    )
}
