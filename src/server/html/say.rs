//! The answer: what is so and how much, in a sentence, and the caption that says of what.

use maud::{Markup, html};

use super::choice::Choice;
use super::frame::Site;
use super::rows::{OfType, Ward, by_type, hotspots, land_km2, wards};
use super::words::{counted, hotspots_sentence, number_word, thousands};
use crate::layer::Findings;
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

/// Counts of the chosen types now and a year earlier, where that year is held.
fn total_and_earlier(types: &[OfType], choice: &Choice) -> (i64, Option<i64>) {
    let chosen = || types.iter().filter(|row| choice.types.contains(row.crime_type));
    let total = chosen().map(|row| row.count).sum();
    (total, chosen().map(|row| row.earlier).sum())
}

/// The headline of the map page.
pub(super) fn headline(choice: &Choice, findings: &Findings) -> Markup {
    let types = by_type(findings);
    let (_, earlier) = total_and_earlier(&types, choice);
    let total = i64::try_from(findings.how_made.n_incidents).unwrap_or(i64::MAX);
    let window = short_window(choice.window);
    html! {
        (choice.types.label()) ": " (thousands(total)) " recorded, " (window)
        @if let Some(earlier) = earlier {
            "; " (thousands(earlier)) " a year earlier"
        }
        "."
    }
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
        " for " (site.area) ", " (choice.window.label())
        @if mapped == how.n_incidents {
            ", every one with a position"
        } @else {
            "; " (thousands(mapped as i64)) " of " (thousands(how.n_incidents as i64))
            " have a position and are on the map"
        }
        @match &how.compared_with {
            Some(earlier) => { ", against " (window_label(earlier)) "." }
            None => { ". The year before is not held, so nothing is compared with it." }
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
        choice.window.label(),
        counted(n, "hotspot", "hotspots"),
    )
}

/// A label inside a sentence.
pub(super) fn lower_first(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().collect::<String>() + letters.as_str()
    })
}
