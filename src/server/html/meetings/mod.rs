//! The page of meetings: which wards, which halls and when, each with its reasons.

mod ask;
mod halls;
mod need;
mod public;
mod year;

use maud::{Markup, html};

use super::frame::{Page, Site, page};
use super::words::{counted, thousands};
use crate::pipeline::{MeetingsPlan, Model};
use crate::report::chair_sheet;
use crate::store::Dataset;
use crate::time::Month;
pub(crate) use ask::{MeetingsAsk, Role};
pub(crate) use public::public_page;

/// Everything a part of the page is made from.
struct View<'a> {
    ask: &'a MeetingsAsk,
    plan: &'a MeetingsPlan,
    data: &'a Dataset,
}

impl View<'_> {
    /// An address of the page with another role for a hall.
    fn with_hall(&self, venue: usize, role: Option<Role>) -> String {
        self.ask.with_hall(&self.data.venues[venue].id, role).address("/meetings")
    }
}

/// `GET /meetings`: a plan with everything that it rests on.
pub(crate) fn meetings_page(
    site: &Site<'_>,
    ask: &MeetingsAsk,
    plan: &MeetingsPlan,
    data: &Dataset,
) -> Markup {
    let view = View { ask, plan, data };
    let main = html! {
        main class="list meet" data-title="Public meetings" data-live="meetings" {
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
    page(site, "Public meetings", Page::Meetings, None, &main)
}

/// `GET /meetings/chair`: the same on one sheet.
pub(crate) fn chair_page(
    site: &Site<'_>,
    ask: &MeetingsAsk,
    plan: &MeetingsPlan,
    data: &Dataset,
) -> Markup {
    let main = html! {
        main class="list" data-title="Chair's page" {
            p class="chair__back note" {
                a href=(ask.address("/meetings")) { "All of the plan" } " · print this page: one sheet of A4"
            }
            (chair_sheet(&plan.sheet(data), true))
        }
    };
    page(site, "Chair's page", Page::Meetings, None, &main)
}

fn top(view: &View<'_>) -> Markup {
    let plan = view.plan;
    html! {
        div class="meet__top" data-part="top" {
            div {
                p class="kicker" { "Public meetings, " (plan.year_label()) }
                h1 id="answer" tabindex="-1" { (plan.headline()) }
                p class="meet__verdict" { (plan.verdict()) }
                p class="note" {
                    "Need is counted in " (plan.window.label()) ". High: among the first "
                    (plan.needs.top) " of " (plan.needs.wards.len())
                    " for both crime and anti-social behaviour, each ranked apart. Where intervals \
                     overlap, order is a choice and no finding."
                }
            }
            p class="meet__acts" {
                a class="btn btn--main" href=(view.ask.address("/meetings/chair")) { "Chair's page" }
                a class="btn" href=(view.ask.address("/meetings/public")) { "Public page" }
                a class="btn" href=(view.ask.address("/meetings/plan.ics")) { "Calendar" }
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
            aria-label="What to plan" {
            label class="fld meet__k" {
                span { "Meetings in the year" }
                input type="number" name="k" min="1" max=(most) value=(plan.request.meetings.unwrap_or(1))
                    inputmode="numeric" data-key="k";
            }
            label class="fld" {
                span { "Walk, metres" }
                input type="number" name="walk" min="100" max="20000" step="50"
                    value=(plan.walk().get()) inputmode="numeric" data-key="walk";
            }
            (select("from", "Need from", window.first()))
            (select("to", "to", window.last()))
            label class="fld" {
                span { "Year starts" @if view.ask.start.is_none() { ", " (plan.from.strftime("%-d %b %Y").to_string()) " if empty" } }
                input type="date" name="start" value=[view.ask.start] data-key="start";
            }
            p class="meet__send" { button class="btn btn--main" { "Plan" } }
            (finer(view))
            p class="note meet__hint" data-part="hint" {
                (counted(most as i64, "hall", "halls")) " may be used. Lock a hall that must be, or \
                leave one out, at its meeting, on the map or in the list of halls."
                @if view.ask.names_halls() {
                    " " a href=(view.ask.without_halls().address("/meetings")) data-soft
                        data-key="free-all" { "Set all halls free" }
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
    let straight = format!("straight line x {}", rule.detour);
    html! {
        details class="meet__finer" open[ask.is_finer()] {
            summary { "Chosen for, budget and spread" }
            div class="meet__fields" {
                (chosen("model", "Halls are chosen for", "most people in reach",
                    (ask::MEDIAN, "shortest walks"), plan.request.model == Model::Median))
                @if let Some(file) = &plan.walk_file {
                    (chosen("walks", "Walks", &format!("distances of {file}"),
                        (ask::STRAIGHT, &straight), plan.request.straight))
                }
                (number("top", "First wards with a hall", 60, ask.top.map(|n| n.to_string()),
                    &rule.top_wards.map_or("all of higher need".to_owned(), |n| n.to_string())))
                (number("budget", "Budget, £", 1_000_000, ask.budget.map(|n| n.to_string()),
                    &rule.budget.map_or("none".to_owned(), |pounds| pounds.to_string())))
                (number("revisit", "Not visited for, months", 120,
                    ask.revisit.map(|n| n.to_string()), &rule.revisit_months.to_string()))
                (number("spread", "Spread, % of reach", 10, ask.spread.map(|n| n.to_string()),
                    &(rule.points_share * 100.0).to_string()))
            }
            p class="note" {
                "Spread: how much reach may be given up for wards not visited, meetings to join, bus \
                 stops and halls not used. "
                @if plan.walk_file.is_none() {
                    "Walks are a " (straight) "; a file of walking distances is named as "
                    code { "distances" } " under " code { "[planning]" } "."
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
            h2 class="h2" { "How this was made" }
            dl class="meet__methods note" {
                @for (what, how) in &plan.methods { div { dt { (what) } dd { (how) "." } } }
            }
            ul class="note" { @for note in &plan.notes { li { (note) } } }
            p class="note" {
                "The same on the command line: " code { (command(plan)) } ". The whole plan as " a href=(view.ask.address("/meetings/plan.json")) { "JSON" }
                ", the halls as " a href=(view.ask.address("/meetings/plan.geojson")) { "GeoJSON" } "."
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
