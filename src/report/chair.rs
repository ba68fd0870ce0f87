//! The chair's page: where to meet the public, on one sheet of A4.

use maud::{Markup, html};

use super::document::{document, unparted};
use super::english::chair as say;

/// Style sheets that the page carries with it.
const STYLES: [&str; 5] = [
    include_str!("../../web/styles/tokens.css"),
    include_str!("../../web/styles/base.css"),
    include_str!("../../web/styles/map.css"),
    include_str!("../../web/styles/tables.css"),
    include_str!("../../web/styles/meetings.css"),
];

/// More meetings than this stand in a close list, without reasons.
const MOST_WITH_REASONS: usize = 8;
/// More meetings than this leave no room for map and wards.
const MOST_WITH_MAP: usize = 20;
/// Wards that have a line.
const MOST_WARDS: usize = 9;

/// One meeting of the plan, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChairMeeting {
    /// Ward or wards that it is for.
    pub wards: String,
    /// Hall and postcode.
    pub hall: String,
    /// Day, as people say it.
    pub day: String,
    /// Why here: need, then reach.
    pub why: Vec<String>,
    /// Meeting to join, or that there is none.
    pub join: String,
    /// Whether it was locked.
    pub locked: bool,
}

/// One ward of higher need, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChairWard {
    /// Name.
    pub name: String,
    /// Crimes, and the places they may hold.
    pub crime: (String, String),
    /// Anti-social behaviour, and the places it may hold.
    pub asb: (String, String),
    /// Last meeting of the partnership.
    pub visited: String,
    /// Numbers of its meetings in the plan, or that there is none.
    pub planned: String,
}

/// Everything on the sheet.
#[derive(Debug)]
pub struct ChairSheet {
    /// Name of the study area.
    pub area: String,
    /// Months that need was counted in.
    pub window: String,
    /// Months that are planned.
    pub year: String,
    /// The answer in a sentence or two.
    pub lead: String,
    /// Meetings in order of day.
    pub meetings: Vec<ChairMeeting>,
    /// Wards of higher need.
    pub wards: Vec<ChairWard>,
    /// Drawing, key and caption; `None` without outlines.
    pub map: Option<(Markup, Markup, String)>,
    /// What to ask before booking.
    pub ask: Vec<String>,
    /// How sure this is.
    pub sure: Vec<String>,
    /// What is to be decided.
    pub decide: Vec<String>,
    /// Lines of attribution.
    pub attribution: Vec<String>,
    /// Whether the data are invented.
    pub fictional: bool,
}

/// The page as a file, whole in itself.
pub fn chair_page(sheet: &ChairSheet) -> String {
    let main = html! { main class="list" { (chair_sheet(sheet, true)) } };
    document((say::TITLE, &sheet.area), sheet.fictional, &STYLES, &main)
}

/// The sheet, for a page of its own (`main`) or for the print of another page.
pub fn chair_sheet(sheet: &ChairSheet, main: bool) -> Markup {
    let n = sheet.meetings.len();
    let close = n > MOST_WITH_REASONS;
    let bare = n > MOST_WITH_MAP;
    let dense = if bare || (!close && n > 4) { "chair chair--dense" } else { "chair" };
    html! {
        section class=(dense) aria-label=(say::TITLE) {
            header class="chair__head" {
                p class="kicker" {
                    (say::about(&sheet.area, &sheet.window))
                    @if sheet.fictional { (say::INVENTED) }
                }
                @if main {
                    h1 id="answer" tabindex="-1" { (unparted(&say::where_to_meet(&sheet.year))) }
                } @else {
                    h2 class="chair__h1" { (unparted(&say::where_to_meet(&sheet.year))) }
                }
                p class="chair__lead" { (sheet.lead) }
            }
            @if bare {
                (meetings_table(sheet))
            } @else {
                div class="chair__grid" {
                    @if close { (meetings_table(sheet)) } @else { (meetings(sheet)) }
                    @if let Some((drawing, legend, caption)) = &sheet.map {
                        figure class="chair__map" {
                            (drawing) (legend)
                            figcaption class="note" { (caption) }
                        }
                    }
                }
                (wards(sheet))
            }
            (closing(sheet))
        }
    }
}

fn meetings(sheet: &ChairSheet) -> Markup {
    html! {
        ol class="chair__list" {
            @for (i, meeting) in sheet.meetings.iter().enumerate() {
                li {
                    span class="v-no" { (i + 1) }
                    div {
                        h2 {
                            (meeting.wards)
                            span { (meeting.day) ", " (meeting.hall) @if meeting.locked { (say::LOCKED) } }
                        }
                        p { @for line in &meeting.why { (line) " " } }
                        p class="quiet" { (meeting.join) }
                    }
                }
            }
        }
    }
}

fn meetings_table(sheet: &ChairSheet) -> Markup {
    let table = html! {
        table class="chair__table" {
            thead { tr {
                th scope="col" class="num" { (say::NUMBER) } th scope="col" { (say::DAY) }
                th scope="col" { (say::HALL) } th scope="col" { (say::FOR) }
            } }
            tbody { @for (i, meeting) in sheet.meetings.iter().enumerate() { tr {
                td class="num" { (i + 1) } td { (meeting.day) }
                th scope="row" { (meeting.hall) @if meeting.locked { (say::LOCKED) } }
                td { (meeting.wards) }
            } } }
        }
    };
    wide(say::MEETINGS, &table)
}

/// A table that may be wider than the screen; paper holds it.
fn wide(label: &str, table: &Markup) -> Markup {
    html! { div class="tw" role="region" aria-label=(label) tabindex="0" { (table) } }
}

fn wards(sheet: &ChairSheet) -> Markup {
    let more = sheet.wards.len().saturating_sub(MOST_WARDS);
    let table = html! {
            table class="chair__table stack" {
                thead { tr {
                    th scope="col" { (say::WARD) }
                    th scope="col" class="num" { (say::CRIME) } th scope="col" class="num" { (say::RANK) }
                    th scope="col" class="num" { (say::ASB) } th scope="col" class="num" { (say::RANK) }
                    th scope="col" { (say::LAST_MEETING) } th scope="col" { (say::IN_THIS_PLAN) }
                } }
                tbody { @for ward in sheet.wards.iter().take(MOST_WARDS) { tr {
                    th scope="row" { (ward.name) }
                    td class="num" data-th=(say::CRIME) { (ward.crime.0) } td class="num" data-th=(say::RANK) { (ward.crime.1) }
                    td class="num" data-th=(say::ASB) { (ward.asb.0) } td class="num" data-th=(say::RANK) { (ward.asb.1) }
                    td data-th=(say::LAST_MEETING) { (ward.visited) } td data-th=(say::IN_THIS_PLAN) { (ward.planned) }
                } } }
            }
    };
    html! {
        @if !sheet.wards.is_empty() {
            (wide(say::WARDS, &table))
            @if more > 0 { p class="note" { (say::more_wards(more)) } }
        }
    }
}

fn closing(sheet: &ChairSheet) -> Markup {
    html! {
        div class="chair__three" {
            div { h2 { (say::TO_FIND_OUT) } @for line in &sheet.ask { p { (line) } } }
            div { h2 { (say::HOW_SURE) } @for line in &sheet.sure { p { (line) } } }
            div {
                h2 { (say::TO_DECIDE) }
                @for line in &sheet.decide { p { span class="chair__box" {} (line) } }
            }
        }
        p class="chair__foot note" {
            @for line in &sheet.attribution { (line) " · " }
            (say::FOOT) (env!("CARGO_PKG_VERSION"))
        }
    }
}
