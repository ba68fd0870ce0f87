//! The reader's own area: ways to say which, and what is recorded in it.

use maud::{Markup, html};

use super::choice::Choice;
use super::clock;
use super::english::area as say;
use super::english::clock::TABLE_OF_AREA;
use super::ward::{chip, trend};
use super::words::{percent, range, thousands};
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
        html! { button type="button" class="btn" data-draw=(id) data-key={ "draw-" (id) } { (label) } }
    };
    let (centre, radius, corners) = typed(choice.area.as_ref());
    html! {
        section class="ask" aria-labelledby="own" {
            h2 class="h3" id="own" { (say::OWN) }
            div class="row ask__tools" id="draw-tools" hidden
                title=(say::AREAS_ARE) {
                (start("outline", say::OUTLINE))
                (start("circle", say::CIRCLE))
                (start("units", say::PICK))
            }
            details class="about" data-key="area-typed" {
                summary { (say::BY_NUMBERS) }
                form class="ask__form" action="/" data-area-form {
                    @for (name, value) in choice.map_fields() {
                        @if name != "area" { input type="hidden" name=(name) value=(value); }
                    }
                    label class="fld" {
                        span { (say::MIDDLE) }
                        input name="centre" value=(centre) autocomplete="off" maxlength="60";
                    }
                    label class="fld" {
                        span { (say::RADIUS) }
                        input name="radius" type="number" min="50" max="20000" step="10" value=(radius);
                    }
                    label class="fld" {
                        span { (say::CORNERS) }
                        textarea name="corners" rows="3" { (corners) }
                    }
                    button class="btn" { (say::COUNT) }
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
                    (head(choice, say::YOURS))
                    p class="note" { (say::refused(why)) }
                }
                Some(Own::Found(area, _)) => { (figures(choice, area)) }
            }
        }
    }
}

fn head(choice: &Choice, words: &str) -> Markup {
    let without = Choice { area: None, ..choice.clone() };
    html! {
        div class="hd" {
            h2 class="h2" id="area-head" { (words) }
            a class="note screen-only" href=(without.map()) data-soft data-key="area-off" data-then="draw-outline" { (say::REMOVE) }
        }
    }
}

fn figures(choice: &Choice, area: &OwnArea) -> Markup {
    let file = |name: &str| choice.area_file(name).unwrap_or_default();
    html! {
        (head(choice, &say::recorded(&thousands(area.count as i64))))
        p { (verdict(area)) }
        p class="note" {
            @if !choice.hours.is_all() { (say::of_hours(&choice.hours.to_string())) }
            (what(area))
        }
        table class="own__kinds" {
            caption class="hide" { (say::EVERY_KIND) }
            thead class="hide" { tr { th scope="col" { (say::KIND) } th scope="col" { (say::RECORDS) } } }
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
                (say::more_kinds(area.kinds.len() - SHOWN))
            }
        }
        h3 class="h3" {
            (choice.types.label())
            @if area.period == 1 { (say::BY_MONTH) } @else { (say::every_months(area.period.into())) }
        }
        (trend::narrow(&area.trend))
        h3 class="h3" { (say::WHEN) }
        @match &area.hours {
            None => { (clock::no_hours()) }
            Some(hours) => { (clock::drawn(hours, choice.hours, TABLE_OF_AREA)) }
        }
        p class="note downloads" {
            a href=(file("kinds.csv")) { (say::KINDS_CSV) }
            a href=(file("months.csv")) { (say::MONTHS_CSV) }
            @if area.hours.is_some() { a href=(file("hours.csv")) { (say::HOURS_CSV) } }
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
                (say::NO_MONTHS)
            } @else {
                (say::TOO_LITTLE)
            }
        };
    };
    let verdict = area.verdict.unwrap_or(Verdict::TooFew);
    let (low, high) = (thousands(expected.low as i64), thousands(expected.high as i64));
    html! {
        (chip(Some(verdict))) " "
        span class="quiet" { (say::expected(&range(&low, &high))) }
        @if let Some(earlier) = area.earlier {
            span class="quiet" { (say::a_year_earlier(&thousands(earlier as i64))) }
        }
    }
}

/// What is counted, on which ground, and what cannot be.
fn what(area: &OwnArea) -> Markup {
    let share = area.count as f64 / (area.of.max(1)) as f64;
    html! {
        (say::share(&percent(share), &thousands(area.of as i64), &format!("{:.2}", area.size.km2())))
        @if let Some(side) = area.cells {
            (say::by_cells(&side.to_string()))
        }
        @if area.unplaced > 0 {
            (say::unplaced(&thousands(area.unplaced as i64)))
        }
    }
}

/// What is said while an area is drawn on the map, and what each key and button does.
pub(super) fn drawing() -> Markup {
    let button = |action: &str, label: &str| {
        html! { button type="button" class="btn" data-do-draw=(action) { (label) } }
    };
    html! {
        div class="draw" id="draw" role="group" aria-label=(say::DRAW) hidden {
            p class="draw__say" id="draw-say" {}
            label class="draw__radius" id="draw-radius" hidden {
                span { (say::RADIUS_M) }
                input type="number" min="50" max="20000" step="50" value="400";
            }
            (button("add", say::ADD))
            (button("undo", say::UNDO))
            (button("done", say::COUNT))
            (button("cancel", say::CANCEL))
        }
        svg class="cross" id="cross" width="28" height="28" viewBox="0 0 28 28" aria-hidden="true" hidden {
            path d="M14 1v10M14 17v10M1 14h10M17 14h10" {}
        }
    }
}
