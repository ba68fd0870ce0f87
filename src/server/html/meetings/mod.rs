//! The page of meetings: which wards, which halls and when, each with its reasons.

mod ask;
mod halls;
mod need;
mod public;
mod year;

use jiff::civil::Date;
use maud::{Markup, html};

use super::english::meetings as say;
use super::frame::{Page, Site, page};
use super::words::thousands;
use crate::pipeline::{MeetingsPlan, Model};
use crate::report::{chair_sheet, unparted};
use crate::store::Dataset;
use crate::time::{Month, date, date_in_full};
pub(crate) use ask::{MeetingsAsk, Role};
pub(crate) use public::public_page;

/// Everything a part of the page is made from.
struct View<'a> {
    ask: &'a MeetingsAsk,
    plan: &'a MeetingsPlan,
    data: &'a Dataset,
    today: Date,
}

impl View<'_> {
    /// An address of the page with another role for a hall.
    fn with_hall(&self, venue: usize, role: Option<Role>) -> String {
        self.ask.with_hall(&self.data.venues[venue].id, role).address("/meetings")
    }
}

/// The first day of the month after this day's.
fn first_of_next(day: Date) -> Date {
    day.last_of_month().tomorrow().unwrap_or(day)
}

/// `GET /meetings`: a plan with everything that it rests on.
pub(crate) fn meetings_page(
    site: &Site<'_>,
    ask: &MeetingsAsk,
    plan: &MeetingsPlan,
    data: &Dataset,
) -> Markup {
    let view = View { ask, plan, data, today: site.today };
    let main = html! {
        main class="list meet" data-title=(say::TITLE) data-live="meetings" {
            div class="meet__screen" {
                (top(&view))
                (controls(&view, site.months.map(|months| (months.first(), months.last()))))
                div class="meet__steps" {
                    (need::section(&view))
                    (halls::map(&view))
                    (need::not_reached(&view))
                }
                (halls::shortlist(&view))
                (halls::all(&view))
                (year::calendar(&view))
                (year::curve(&view))
                (need::parts(&view))
                (need::tornado(&view))
                (made(&view))
            }
            div data-part="sheet" class="meet__print" { (chair_sheet(&plan.sheet(data), false)) }
        }
    };
    page(site, say::TITLE, Page::Meetings, None, &main)
}

/// `GET /meetings/chair`: the same on one sheet.
pub(crate) fn chair_page(
    site: &Site<'_>,
    ask: &MeetingsAsk,
    plan: &MeetingsPlan,
    data: &Dataset,
) -> Markup {
    let main = html! {
        main class="list" data-title=(say::CHAIR) {
            p class="chair__back note" {
                a href=(ask.address("/meetings")) { (say::ALL_OF_PLAN) } (say::PRINT)
            }
            (chair_sheet(&plan.sheet(data), true))
        }
    };
    page(site, say::CHAIR, Page::Meetings, None, &main)
}

fn top(view: &View<'_>) -> Markup {
    let plan = view.plan;
    html! {
        div class="meet__top" data-part="top" {
            div {
                p class="kicker" { (say::of_year(&plan.year_label())) }
                h1 id="answer" tabindex="-1" { (unparted(&plan.headline())) }
                p class="meet__verdict" { (plan.verdict()) }
                p class="note" {
                    (say::need(&plan.window.label(), plan.needs.top, plan.needs.wards.len()))
                }
                @let over = plan.suggestions.iter().filter(|one| one.day < view.today).count();
                @if over > 0 {
                    p class="note" {
                        (say::over(over, plan.suggestions.len(), &date_in_full(view.today))) " "
                        @let next = first_of_next(view.today);
                        a href=(view.ask.from(next).address("/meetings")) { (say::from(&date(next))) }
                    }
                }
            }
            p class="meet__acts" {
                a class="btn btn--main" href=(view.ask.address("/meetings/chair")) { (say::CHAIR) }
                a class="btn" href=(view.ask.address("/meetings/public")) { (say::PUBLIC_PAGE) }
                a class="btn" href=(view.ask.address("/meetings/plan.ics")) { (say::CALENDAR) }
                a class="btn" href=(view.ask.address("/meetings/plan.csv")) { "CSV" }
            }
        }
    }
}

/// The form: months, meetings and walk; halls are set in their list further down.
fn controls(view: &View<'_>, months: Option<(Month, Month)>) -> Markup {
    let plan = view.plan;
    let most = plan.eligible.len().min(60);
    let window = plan.window;
    let select = |name: &str, label: &str, chosen: Month| {
        html! {
            label class="fld" {
                span { (label) }
                select name=(name) {
                    @if let Some((first, last)) = months {
                        @for i in 0..=last.since(first) {
                            @let month = first.plus(i);
                            option value=(month) selected[month == chosen] { (month.label()) }
                        }
                    }
                }
            }
        }
    };
    html! {
        form id="plan" class="meet__form card" method="get" action="/meetings"
            aria-label=(say::WHAT_TO_PLAN) {
            label class="fld meet__k" {
                span { (say::IN_THE_YEAR) }
                input type="number" name="k" min="1" max=(most) value=(plan.request.meetings.unwrap_or(1))
                    inputmode="numeric" data-key="k";
            }
            (select("from", say::NEED_FROM, window.first()))
            (select("to", say::TO, window.last()))
            label class="fld" {
                span { (say::WALK) }
                input type="number" name="walk" min="100" max="20000" step="50"
                    value=(plan.walk().get()) inputmode="numeric" data-key="walk";
            }
            label class="fld" {
                span { (say::YEAR_STARTS) @if view.ask.start.is_none() { (say::if_empty(&date(plan.from))) } }
                input type="date" name="start" value=[view.ask.start] data-key="start";
            }
            p class="meet__send" { button class="btn btn--main" { (say::PLAN) } }
            (finer(view))
            p class="note meet__hint" data-part="hint" {
                (say::may_be_used(most))
                @if view.ask.names_halls() {
                    " " a href=(view.ask.without_halls().address("/meetings")) data-soft
                        data-key="free-all" { (say::SET_ALL_FREE) }
                }
            }
        }
    }
}

/// The choices that are seldom changed, folded away until one is.
fn finer(view: &View<'_>) -> Markup {
    let View { ask, plan, .. } = view;
    let rule = &plan.rule;
    let number = |name: &str, label: &str, most: u32, value: Option<String>, none: &str| {
        html! {
            label class="fld" {
                span { (label) }
                input type="number" name=(name) min=(u8::from(name == "revisit")) max=(most)
                    value=[value] placeholder=(none) inputmode="numeric" data-key=(name);
            }
        }
    };
    let chosen = |name: &str, label: &str, usual: &str, other: (&str, &str), is_other: bool| {
        html! {
            label class="fld" {
                span { (label) }
                select name=(name) data-key=(name) {
                    option value="" selected[!is_other] { (usual) }
                    option value=(other.0) selected[is_other] { (other.1) }
                }
            }
        }
    };
    let straight = say::straight(rule.detour);
    html! {
        details class="meet__finer" open[ask.is_finer()] {
            summary { (say::FINER) }
            div class="meet__fields" {
                (chosen("model", say::CHOSEN_FOR, say::MOST_PEOPLE,
                    (ask::MEDIAN, say::SHORTEST), plan.request.model == Model::Median))
                @if let Some(file) = &plan.walk_file {
                    (chosen("walks", say::WALKS, &say::distances(file),
                        (ask::STRAIGHT, &straight), plan.request.straight))
                }
                (number("top", say::FIRST_WARDS, 60, ask.top.map(|n| n.to_string()),
                    &rule.top_wards.map_or(say::ALL_OF_NEED.to_owned(), |n| n.to_string())))
                (number("budget", say::BUDGET, 1_000_000, ask.budget.map(|n| n.to_string()),
                    &rule.budget.map_or(say::NONE.to_owned(), |pounds| pounds.to_string())))
                (number("revisit", say::NOT_VISITED_FOR, 120,
                    ask.revisit.map(|n| n.to_string()), &rule.revisit_months.to_string()))
                (number("spread", say::SPREAD, 10, ask.spread.map(|n| n.to_string()),
                    &(rule.points_share * 100.0).to_string()))
            }
            p class="note" {
                (say::SPREAD_IS)
                @if plan.walk_file.is_none() {
                    (say::walks_are(&straight)) (say::FILE_OF_WALKS[0]) code { "distances" }
                    (say::FILE_OF_WALKS[1]) code { "[planning]" } "."
                }
            }
        }
    }
}

/// How it was made, and what the reader must know.
fn made(view: &View<'_>) -> Markup {
    let plan = view.plan;
    html! {
        section class="meet__made" data-part="made" {
            h2 class="h2" { (say::HOW) }
            dl class="meet__methods note" {
                @for (what, how) in &plan.methods { div { dt { (what) } dd { (how) "." } } }
            }
            ul class="note" { @for note in &plan.notes { li { (note) } } }
            p class="note" {
                (say::COMMAND) code { (command(plan)) } (say::WHOLE_PLAN) a href=(view.ask.address("/meetings/plan.json")) { "JSON" }
                (say::HALLS_AS) a href=(view.ask.address("/meetings/plan.geojson")) { "GeoJSON" } "."
            }
        }
    }
}

/// The command that makes the same plan.
fn command(plan: &MeetingsPlan) -> String {
    let request = &plan.request;
    let mut command = format!(
        "wardheat venues --window {} --k {} --walk {} --from {}",
        plan.window,
        plan.rule.meetings,
        plan.walk().get(),
        plan.from
    );
    let mut add = |flag: &str, value: String| {
        command.extend([" --", flag, " ", &value]);
    };
    if request.model == Model::Median {
        add("model", "median".to_owned());
    }
    if let Some(n) = plan.rule.top_wards {
        add("top-wards", n.to_string());
    }
    if let Some(pounds) = plan.rule.budget {
        add("budget", pounds.to_string());
    }
    add("revisit", plan.rule.revisit_months.to_string());
    add("spread", (plan.rule.points_share * 100.0).to_string());
    for (flag, halls) in [("lock", &request.lock), ("exclude", &request.exclude)] {
        for hall in halls {
            add(flag, hall.clone());
        }
    }
    if request.straight {
        command.push_str(" --straight");
    }
    command
}

/// Residents, to the nearest hundred.
fn about(people: f64) -> String {
    thousands(((people / 100.0).round() * 100.0) as i64)
}
