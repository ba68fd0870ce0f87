//! The answer: what is so and how much, in a sentence, and the caption that says of what.

use maud::{Markup, html};

use super::choice::Choice;
use super::english::{say, sure};
use super::frame::Site;
use super::rows::{Ranged, Ward, by_type, hotspots, land_km2, wards};
use super::words::{hotspots_sentence, lower_first, ratio as ratio_words, thousands};
use crate::aggregate::Confidence;
use crate::layer::Findings;
use crate::stats::{ChangeClass, change};
use crate::time::{Month, Window};

/// `Jan 2025 to Dec 2025` as `Jan to Dec 2025`.
pub(super) fn short_window(window: Window) -> String {
    let (first, last) = (window.first(), window.last());
    if first != last && first.year() == last.year() {
        let month = first.label();
        say::to(month.split(' ').next().unwrap_or_default(), &last.label())
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
    let recorded = thousands(total as i64);
    let Some(earlier) = earlier(choice, findings) else {
        let held = held(choice.window, &findings.how_made.gaps);
        return html! { (say::recorded(label, &recorded, &short_when(choice), held)) };
    };
    let then = thousands(earlier as i64);
    html! {
        (label)
        @if !choice.hours.is_all() { " (" (choice.hours) ")" }
        @match change(total, earlier, Confidence::P95).class {
            ChangeClass::Higher => {
                (say::IS) span class="up" { (say::HIGHER) } (say::now_and_then(&recorded, &then))
            }
            ChangeClass::Lower => {
                (say::IS) span class="down" { (say::LOWER) } (say::now_and_then(&recorded, &then))
            }
            ChangeClass::AsUsual => (say::as_usual(&recorded, &then)),
            ChangeClass::TooFewToSay => (say::too_few(&recorded, &then)),
        }
    }
}

/// Months that may be incomplete: that there are such, and on request which.
pub(super) fn doubts(findings: &Findings) -> Markup {
    let doubtful = doubtful(&findings.how_made.in_part);
    html! {
        @if !doubtful.is_empty() {
            details class="say__doubt" {
                summary { (sure::SOME_IN_PART) }
                p class="note" { (doubtful.join(" ")) }
            }
        }
    }
}

/// How many months of a window every source holds, and of how many; `None` where that is all.
pub(super) fn held(window: Window, gaps: &[(String, Vec<Month>)]) -> Option<(usize, usize)> {
    let is_held = |month: &Month| !gaps.iter().any(|(_, lacks)| lacks.contains(month));
    (!gaps.is_empty()).then(|| (window.months().filter(is_held).count(), window.n_months()))
}

/// Months as few words as they allow: `Jan to Mar 2021, May 2021`.
fn runs(months: &[Month]) -> String {
    Window::runs(months).into_iter().map(short_window).collect::<Vec<_>>().join(", ")
}

/// What each source lacks of the window, a sentence each.
pub(super) fn lacking(gaps: &[(String, Vec<Month>)]) -> Vec<String> {
    gaps.iter().map(|(source, lacks)| sure::lacks(source, &runs(lacks))).collect()
}

/// What each source may hold only in part, a sentence each.
pub(super) fn doubtful(in_part: &[(String, Vec<Month>)]) -> Vec<String> {
    in_part.iter().map(|(source, months)| sure::in_part(source, &runs(months))).collect()
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
        (hotspots_sentence(&hotspots(findings), mapped == how.n_incidents, land_km2(findings))) " "
        (changes(&wards(findings))) " "
        (say::records(choice.source.as_deref(), site.area, &choice.when()))
        @if let Some(earlier) = &how.compared_with {
            (say::against(&window_label(earlier), change_words(choice, findings).as_deref()))
        }
        @if mapped < how.n_incidents {
            (say::mapped(&thousands(mapped as i64), &thousands(how.n_incidents as i64)))
        }
        "."
        @for lacking in lacking(&how.gaps) { " " (lacking) }
        @if how.compared_with.is_none() {
            (if how.gaps.is_empty() { say::NOT_COMPARED } else { say::NOT_WHOLE })
        }
    }
}

/// A window as findings name it, as on a page.
fn window_label(window: &str) -> String {
    window.parse::<Window>().map_or_else(|_| window.to_owned(), short_window)
}

/// How many wards differ from the year before, where there is one.
fn changes(wards: &[Ward]) -> String {
    if wards.iter().all(|ward| ward.class.is_none()) {
        return String::new();
    }
    let n = |class| wards.iter().filter(|ward| ward.class == Some(class)).count();
    say::changes(n(ChangeClass::Higher), n(ChangeClass::Lower))
}

/// What a reader without the picture is told of it.
pub(super) fn picture_words(choice: &Choice, findings: &Findings) -> String {
    let label = lower_first(choice.types.label());
    say::picture(&label, &choice.when(), hotspots(findings).len())
}
