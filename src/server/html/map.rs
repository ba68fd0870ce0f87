//! The map page: headline, controls, map, months and figures.

use maud::{Markup, html};

use super::choice::Choice;
use super::frame::{Page, Site, page};
use super::legend::legend;
use super::numbers::{card, months, numbers};
use super::records::{controls, method};
use super::say::{caption, headline, picture_words};
use crate::layer::Findings;

/// Size of the drawn picture beside the legend, and of that above it on a phone.
const WIDE: &str = "width=560&height=600";
const NARROW: &str = "width=390&height=420";

/// `GET /`: one choice of records and months, as sentence, map and tables.
pub(crate) fn map_page(site: &Site<'_>, choice: &Choice, findings: &Findings) -> Markup {
    let title = format!("{}, {}, {}", choice.types.label(), site.area, choice.window.label());
    let main = html! {
        main class="work" data-title=(title) {
            section class="say" id="answer" tabindex="-1" data-part="say" {
                h1 { (headline(choice, findings)) }
                p class="note" { (caption(site, choice, findings)) }
            }
            div class="side" {
                (controls(site, choice, findings))
                (method(choice, findings))
            }
            section class="mid" aria-label="Map and months" {
                (map_box(site, choice, findings))
                (months(choice, findings))
            }
            (numbers(choice, findings))
        }
    };
    page(site, &title, Page::Map, Some(choice), &main)
}

fn map_box(site: &Site<'_>, choice: &Choice, findings: &Findings) -> Markup {
    let bounds = site.bounds.map(|b| b.map(|degree| format!("{degree:.5}")).join(","));
    html! {
        div class="mapbox" {
            div class="map" id="map" data-bounds=[bounds] data-version=(site.version)
                data-streets=[site.streets.then_some("yes")] {
                (picture(site, choice, findings))
            }
            p class="map__say note" id="map-say" {
                @if !site.live {
                    "The live map is not built into this copy of wardheat: run "
                    code { "make web" } ", then " code { "cargo build --release" }
                    ". The picture and the tables hold the same figures."
                } @else {
                    noscript {
                        "This is a drawn picture: the live map needs JavaScript. "
                        "The tables hold the same figures."
                    }
                }
            }
            (legend(choice, findings))
            (buttons())
            div class="corner" id="corner" hidden {}
            (card(choice, findings))
        }
    }
}

fn picture(site: &Site<'_>, choice: &Choice, findings: &Findings) -> Markup {
    let address = |size: &str, scheme: &str| {
        format!(
            "{}&show={}&{size}&legend=no&scheme={scheme}&v={}",
            choice.data("/map.svg"),
            choice.show.id(),
            site.version
        )
    };
    html! {
        picture data-part="picture" {
            source media="(prefers-color-scheme: dark) and (min-width: 561px)"
                srcset=(address(WIDE, "dark"));
            source media="(prefers-color-scheme: dark)" srcset=(address(NARROW, "dark"));
            source media="(min-width: 561px)" srcset=(address(WIDE, "light"));
            img class="map__picture" src=(address(NARROW, "light"))
                alt=(picture_words(choice, findings));
        }
    }
}

/// Buttons that do what the keys do; script shows them once there is a map to move.
fn buttons() -> Markup {
    let button = |action: &str, label: &str, face: &str| {
        html! {
            button type="button" class="ctl__b" data-do=(action) aria-label=(label) title=(label) {
                span aria-hidden="true" { (face) }
            }
        }
    };
    html! {
        div class="ctl" id="buttons" role="group" aria-label="Move the map" hidden {
            (button("in", "Closer", "+"))
            (button("out", "Further away", "−"))
            (button("north", "Move north", "↑"))
            (button("south", "Move south", "↓"))
            (button("west", "Move west", "←"))
            (button("east", "Move east", "→"))
            (button("previous", "Previous hotspot", "‹"))
            (button("next", "Next hotspot", "›"))
            (button("all", "Whole area", "⤢"))
        }
    }
}
