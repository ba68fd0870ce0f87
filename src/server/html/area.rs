//! The reader's own area: ways to say which, and what is recorded in it.

use maud::{Markup, html};

use super::choice::Choice;
use super::clock;
use super::english::clock::TABLE_OF_AREA;
use super::ward::trend;
use super::words::{counted, percent, range, thousands};
use crate::pipeline::{AreaChoice, OwnArea, Verdict};

/// Kinds of record that are always in sight.
const SHOWN: usize = 6;

/// What became of the area that the address asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Own<'a> {
    /// Its figures.
    Found(&'a OwnArea, &'a serde_json::Value),
    /// Why there are none.
    Refused(&'a str),
}

/// Buttons that draw on the map, for script alone, and a form that says an area in numbers.
pub(super) fn ask(choice: &Choice) -> Markup {
    let start = |id: &str, label: &str| {
        html! { button type="button" class="btn" data-draw=(id) { (label) } }
    };
    let (centre, radius, corners) = typed(choice.area.as_ref());
    html! {
        section class="ask" aria-labelledby="own" {
            h2 class="h3" id="own" { "Area of your own" }
            div class="row ask__tools" id="draw-tools" hidden
                title="Areas are wards, or the LSOAs or squares that the map shows" {
                (start("outline", "Outline"))
                (start("circle", "Circle"))
                (start("units", "Pick areas"))
            }
            details class="about" data-key="area-typed" {
                summary { "By numbers" }
                form class="ask__form" action="/" data-area-form {
                    @for (name, value) in choice.map_fields() {
                        @if name != "area" { input type="hidden" name=(name) value=(value); }
                    }
                    label class="fld" {
                        span { "Middle: longitude, latitude, or easting, northing" }
                        input name="centre" value=(centre) autocomplete="off" maxlength="60";
                    }
                    label class="fld" {
                        span { "Radius in metres" }
                        input name="radius" type="number" min="50" max="20000" step="10" value=(radius);
                    }
                    label class="fld" {
                        span { "Or corners in order, one a line" }
                        textarea name="corners" rows="3" { (corners) }
                    }
                    button class="btn" { "Count" }
                }
            }
        }
    }
}

/// The area as the form has it.
fn typed(area: Option<&AreaChoice>) -> (String, String, String) {
    let at = |place: &crate::crs::LonLat| format!("{}, {}", place.lon(), place.lat());
    match area {
        Some(AreaChoice::Circle { centre, radius }) => {
            (at(centre), radius.get().to_string(), String::new())
        }
        Some(AreaChoice::Outline(corners)) => {
            let corners: Vec<String> = corners.iter().map(at).collect();
            (String::new(), "400".to_owned(), corners.join("\n"))
        }
        _ => (String::new(), "400".to_owned(), String::new()),
    }
}

/// The figures of the area, or why there are none; empty where none is asked for.
pub(super) fn panel(choice: &Choice, own: Option<&Own<'_>>) -> Markup {
    let written = choice.area.as_ref().map(ToString::to_string).unwrap_or_default();
    let outline = match own {
        Some(Own::Found(_, outline)) => outline.to_string(),
        _ => String::new(),
    };
    html! {
        section class="own" data-part="area" id="area" tabindex="-1" hidden[own.is_none()]
            data-area=(written) data-outline=(outline) aria-labelledby="area-head" {
            @match own {
                None => {}
                Some(Own::Refused(why)) => {
                    (head(choice, &html! { "Your area" }))
                    p class="note" { "This area has no figures: " (why) "." }
                }
                Some(Own::Found(area, _)) => { (figures(choice, area)) }
            }
        }
    }
}

fn head(choice: &Choice, words: &Markup) -> Markup {
    let without = Choice { area: None, ..choice.clone() };
    html! {
        div class="hd" {
            h2 class="h2" id="area-head" { (words) }
            a class="note" href=(without.map()) data-soft data-key="area-off" { "Remove" }
        }
    }
}

fn figures(choice: &Choice, area: &OwnArea) -> Markup {
    let file = |name: &str| choice.area_file(name).unwrap_or_default();
    html! {
        (head(choice, &html! { "Your area: " (thousands(area.count as i64)) " recorded" }))
        p { (verdict(area)) }
        p class="note" {
            @if !choice.hours.is_all() { "Of " (choice.hours) " alone. " }
            (what(area))
        }
        table class="own__kinds" {
            caption class="hide" { "Every kind of record in the area, in these months" }
            thead class="hide" { tr { th scope="col" { "Kind" } th scope="col" { "Records" } } }
            tbody {
                @for (types, count) in area.priorities.iter().chain(area.kinds.iter().take(SHOWN)) {
                    tr {
                        th scope="row" { (types.label()) }
                        td class="num" { b { (thousands(*count as i64)) } }
                    }
                }
            }
        }
        @if area.kinds.len() > SHOWN {
            p class="note" {
                "and " (counted((area.kinds.len() - SHOWN) as i64, "kind", "kinds")) " more in the file"
            }
        }
        h3 class="h3" {
            (choice.types.label())
            @if area.period == 1 { " by month" } @else { ", every " (area.period) " months" }
        }
        (trend::narrow(&area.trend))
        h3 class="h3" { "When" }
        @match &area.hours {
            None => { (clock::no_hours()) }
            Some(hours) => { (clock::drawn(hours, choice.hours, TABLE_OF_AREA)) }
        }
        p class="note downloads" {
            a href=(file("kinds.csv")) { "Kinds CSV" }
            a href=(file("months.csv")) { "Months CSV" }
            @if area.hours.is_some() { a href=(file("hours.csv")) { "Hours CSV" } }
            a href=(file("figures.xlsx")) { "XLSX" }
            a href=(file("figures.json")) { "JSON" }
        }
    }
}

/// Whether it is more than usual, in words with their sign.
fn verdict(area: &OwnArea) -> Markup {
    let Some(expected) = area.expected else {
        return html! {
            @if area.period > 1 {
                "What is usual here is not told: these data hold no months by place."
            } @else {
                "Too little is held before these months to say what is usual."
            }
        };
    };
    let (class, words) = match area.verdict {
        Some(Verdict::Higher) => ("up", "▲ Higher than usual"),
        Some(Verdict::Lower) => ("down", "▼ Lower than usual"),
        Some(Verdict::AsUsual) => ("even", "● As usual"),
        Some(Verdict::TooFew) | None => ("even", "○ Too few to say"),
    };
    let (low, high) = (thousands(expected.low as i64), thousands(expected.high as i64));
    html! {
        span class={ "chip chip--" (class) } { (words) } " "
        span class="quiet" { (range(&low, &high)) " expected" }
        @if let Some(earlier) = area.earlier {
            span class="quiet" { "; " (thousands(earlier as i64)) " a year earlier" }
        }
    }
}

/// What is counted, on which ground, and what cannot be.
fn what(area: &OwnArea) -> Markup {
    let share = area.count as f64 / (area.of.max(1)) as f64;
    html! {
        (percent(share)) " of all " (thousands(area.of as i64)) ", on "
        (format!("{:.2}", area.size.km2())) " km²."
        @if let Some(side) = area.cells {
            " Counted in the whole cells of " (side) " whose middle lies inside, in steps that no two "
            "areas can undercut."
        }
        @if area.unplaced > 0 {
            " " (thousands(area.unplaced as i64))
            " have no place fine enough to be in any area drawn."
        }
    }
}

/// What is said while an area is drawn on the map, and what each key and button does.
pub(super) fn drawing() -> Markup {
    let button = |action: &str, label: &str| {
        html! { button type="button" class="btn" data-do-draw=(action) { (label) } }
    };
    html! {
        div class="draw" id="draw" role="group" aria-label="Draw an area" hidden {
            p class="draw__say" id="draw-say" {}
            label class="draw__radius" id="draw-radius" hidden {
                span { "Radius, m" }
                input type="number" min="50" max="20000" step="50" value="400";
            }
            (button("add", "Add at the cross"))
            (button("undo", "Undo"))
            (button("done", "Count"))
            (button("cancel", "Cancel"))
        }
        svg class="cross" id="cross" width="28" height="28" viewBox="0 0 28 28" aria-hidden="true" hidden {
            path d="M14 1v10M14 17v10M1 14h10M17 14h10" {}
        }
    }
}
