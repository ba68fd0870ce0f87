//! What stands round every page: head, bar, and the foot with its sources.

use jiff::civil::Date;
use maud::{DOCTYPE, Markup, html};

use super::choice::Choice;
use super::english::frame as say;
use crate::incident::PrioritySet;
use crate::pipeline::CellSizes;
use crate::time::Window;

/// What every page says of the data and of this server.
#[expect(clippy::struct_excessive_bools, reason = "independent facts of one site")]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Site<'a> {
    /// Name of the study area.
    pub area: &'a str,
    /// Whether the data are invented.
    pub fictional: bool,
    /// Lines of attribution that must be shown.
    pub attribution: &'a [String],
    /// Months of the data.
    pub months: Option<Window>,
    /// The day on which the page is asked for: meetings before it are over.
    pub today: Date,
    /// Named sets of crime types to choose from.
    pub priorities: &'a [&'static PrioritySet],
    /// Names of the sources of incidents.
    pub sources: &'a [String],
    /// Layers that are worked out on demand and that these data have.
    pub more: &'a [&'static str],
    /// Whether there are streets to draw.
    pub streets: bool,
    /// Sides of cells that suit the data.
    pub cells: CellSizes,
    /// Whether the workspace has a basemap of its own.
    pub basemap: bool,
    /// Whether any record has a day or an hour.
    pub timed: bool,
    /// Whether single statistics are offered.
    pub statistics: bool,
    /// Whether there are halls to plan meetings in.
    pub halls: bool,
    /// West, south, east and north of the study area in degrees.
    pub bounds: Option<[f64; 4]>,
    /// Version of everything shown, for addresses that may be kept.
    pub version: &'a str,
    /// Version of scripts and styles.
    pub assets: &'a str,
    /// Whether the live map is built into this binary.
    pub live: bool,
}

/// The pages of the bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    Map,
    Wards,
    Meetings,
    Data,
    Statistics,
    Other,
}

impl Page {
    /// Whether it needs this style sheet: those of one page alone are sent to that page alone.
    fn needs(self, style: &str) -> bool {
        match style {
            "meetings.css" => self == Self::Meetings,
            "quality.css" => self == Self::Data,
            "statistics.css" => self == Self::Statistics,
            _ => true,
        }
    }

    /// Class of its body: the map page fills the window, the others scroll.
    const fn class(self) -> &'static str {
        match self {
            Self::Map => "page page--map",
            Self::Wards | Self::Meetings | Self::Data | Self::Statistics | Self::Other => "page",
        }
    }
}

/// Style sheets, in the order they build on each other.
pub(crate) const STYLES: [&str; 8] = [
    "tokens.css",
    "base.css",
    "map.css",
    "tables.css",
    "ward.css",
    "quality.css",
    "meetings.css",
    "statistics.css",
];

/// A whole page round `main`.
pub(super) fn page(
    site: &Site<'_>,
    title: &str,
    here: Page,
    choice: Option<&Choice>,
    main: &Markup,
) -> Markup {
    let asset = |name: &str| format!("/assets/{name}?v={}", site.assets);
    html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " - wardheat" }
                link rel="icon" type="image/svg+xml" href=(asset("icon.svg"));
                @for style in STYLES.into_iter().filter(|style| here.needs(style)) { link rel="stylesheet" href=(asset(style)); }
                @if site.live { script type="module" src=(asset("main.js")) {} }
            }
            body class=(here.class()) {
                a class="skip" href="#answer" { (say::SKIP) }
                header {
                    (bar(site, here, choice))
                    @if site.fictional {
                        p class="fictional" {
                            strong { (say::FICTIONAL) } (say::does_not_exist(site.area))
                        }
                    }
                }
                (main)
                (foot(site))
                p class="hide" role="status" id="status" {}
            }
        }
    }
}

fn bar(site: &Site<'_>, here: Page, choice: Option<&Choice>) -> Markup {
    let current = |page| (page == here).then_some("page");
    let map = choice.map_or("/".to_owned(), |c| c.with_picked(None).map());
    let wards = choice.map_or("/wards".to_owned(), Choice::wards);
    html! {
        div class="bar" {
            a class="brand" href="/" aria-label=(say::START) { (mark()) span { "wardheat" } }
            nav class="nav" aria-label=(say::PAGES) data-part="nav" {
                a href=(map) aria-current=[current(Page::Map)] data-key="nav-map" { (say::MAP) }
                a href=(wards) aria-current=[current(Page::Wards)] data-key="nav-wards" { (say::WARDS) }
                @if site.halls {
                    a href="/meetings" aria-current=[current(Page::Meetings)] data-key="nav-meetings" { (say::MEETINGS) }
                }
                a href="/data" aria-current=[current(Page::Data)] data-key="nav-data" { (say::DATA) }
            }
            p class="bar__end" data-part="bar" {
                b { (site.area) }
                @if let Some(choice) = choice { " " (choice.when()) }
            }
        }
    }
}

/// The mark: two rings of equal density round a point.
fn mark() -> Markup {
    html! {
        svg class="mark" width="26" height="26" viewBox="0 0 26 26" aria-hidden="true" {
            rect class="mark__ground" width="26" height="26" rx="7" {}
            path class="mark__ring" d="M5 13.5c0-5 3.4-8.6 8.2-8.6 4.6 0 7.9 3.2 7.9 7.6 0 5-3.6 8.7-8.3 8.7-4.5 0-7.8-3.3-7.8-7.7z" {}
            path class="mark__ring" d="M9.2 13.3c0-2.6 1.7-4.4 4.1-4.4 2.3 0 3.9 1.6 3.9 3.8 0 2.5-1.8 4.4-4.2 4.4-2.2 0-3.8-1.6-3.8-3.8z" {}
            circle class="mark__point" cx="13.3" cy="12.9" r="1.7" {}
        }
    }
}

fn foot(site: &Site<'_>) -> Markup {
    html! {
        footer class="foot note" {
            @for line in site.attribution { span { (line) } " · " }
            span { "wardheat " (env!("CARGO_PKG_VERSION")) }
            span class="screen-only" { " · " a href="/accessibility" { (say::ACCESSIBILITY) } }
        }
    }
}
