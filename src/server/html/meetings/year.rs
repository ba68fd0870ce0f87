//! The year: its calendar, the diary it joins, and what each meeting more would add.

use maud::{Markup, html};

use super::{View, halls};
use crate::meeting::{Kind, Meeting};
use crate::pipeline::{BANDS, Reached};
use crate::server::html::english::meetings::year as say;
use crate::server::html::words::{percent, thousands};
use crate::time::{Month, date, day_of_month, month_of};

/// Joinable meetings that are named in a month.
const MOST_NAMED: usize = 3;

/// Twelve months: planned meetings, and what the diary holds in wards of higher need.
pub(super) fn calendar(view: &View<'_>) -> Markup {
    let from = view.plan.from;
    let months = (0..12).filter_map(|i| {
        let day = from.first_of_month().saturating_add(jiff::Span::new().months(i));
        Some((Month::new(day.year(), day.month())?, day))
    });
    let has_diary = !view.data.meetings.is_empty();
    html! {
        section data-part="year" {
            h2 class="h2" { (say::WHEN) }
            p class="note" {
                @if has_diary {
                    (say::PLANNED_AND_OPEN)
                } @else {
                    (say::NO_DIARY)
                }
            }
            ol class="meet__year" {
                @for (month, first) in months {
                    @let last = first.last_of_month();
                    @let planned = view.plan.suggestions.iter().enumerate()
                        .filter(|(_, one)| (first..=last).contains(&one.day));
                    @let open = open_meetings(view, first, last);
                    li class="card" {
                        h3 class="h3" { (month.label()) }
                        ul {
                            @for (i, one) in planned {
                                li {
                                    a href={ "#meeting-" (i + 1) } {
                                        span class="v-no v-no--small" { (i + 1) } " "
                                        (day_of_month(one.day)) ", "
                                        (view.data.venues[one.venue].name)
                                    }
                                    @if let Some(joined) = one.join {
                                        span class="quiet sub" { (say::joins(&view.data.meetings[joined].title)) }
                                    }
                                }
                            }
                            @for (day, meeting) in open.iter().take(MOST_NAMED) {
                                li class="quiet" { (day_of_month(*day)) ": " (meeting.title) }
                            }
                            @if open.len() > MOST_NAMED {
                                li class="quiet" { (say::more_in_diary(open.len() - MOST_NAMED)) }
                            }
                        }
                    }
                }
            }
            @if has_diary { (diary(view)) }
        }
    }
}

/// Open meetings of others held in wards of higher need from `first` to `last` that the plan does not
/// join, in order of day.
fn open_meetings<'a>(
    view: &View<'a>,
    first: jiff::civil::Date,
    last: jiff::civil::Date,
) -> Vec<(jiff::civil::Date, &'a Meeting)> {
    let needs = &view.plan.needs;
    let higher = |code: &String| needs.wards.iter().any(|w| w.higher && w.code == *code);
    let joined = |meeting, day| {
        view.plan.suggestions.iter().any(|one| one.join == Some(meeting) && one.day == day)
    };
    let mut found: Vec<_> = view
        .data
        .meetings
        .iter()
        .enumerate()
        .filter(|(_, m)| {
            m.kind == Kind::Other && m.open != Some(false) && m.ward.as_ref().is_some_and(higher)
        })
        .flat_map(|(i, meeting)| {
            let days = meeting.days(first, last).into_iter().filter(move |day| !joined(i, *day));
            days.map(move |day| (day, meeting))
        })
        .collect();
    found.sort_by_key(|(day, meeting)| (*day, meeting.title.clone()));
    found
}

fn diary(view: &View<'_>) -> Markup {
    let names = |code: &Option<String>| {
        let needs = &view.plan.needs;
        let ward = code.as_ref().and_then(|code| needs.wards.iter().find(|w| w.code == *code));
        ward.map_or_else(|| say::NO_WARD.to_owned(), |ward| ward.name.clone())
    };
    let joined = |i: usize| view.plan.suggestions.iter().position(|one| one.join == Some(i));
    let to = view.plan.from.saturating_add(jiff::Span::new().years(1));
    html! {
        details class="meet__more" {
            summary { (say::diary(view.data.meetings.len())) }
            div class="tw card" tabindex="0" role="region" aria-label=(say::DIARY) {
                table {
                    thead { tr {
                        th scope="col" { (say::MEETING) } th scope="col" { (say::WARD) } th scope="col" { (say::HELD_AT) }
                        th scope="col" { (say::NEXT) } th scope="col" { (say::PUBLIC) }
                        th scope="col" class="num" { (say::CAME) } th scope="col" { (say::IN_PLAN) }
                    } }
                    tbody {
                        @for (i, meeting) in view.data.meetings.iter().enumerate() {
                            tr {
                                th scope="row" {
                                    (meeting.title)
                                    @if !meeting.organiser.is_empty() { span class="quiet sub" { (meeting.organiser) } }
                                }
                                td { (names(&meeting.ward)) }
                                td { (meeting.venue.as_deref().unwrap_or("–")) }
                                td {
                                    @if let Some(next) = meeting.days(view.plan.from, to).first() {
                                        (date(*next))
                                    } @else { span class="quiet" { (say::last(&month_of(meeting.first))) } }
                                }
                                td { (say::open(meeting.open)) }
                                td class="num" { @if let Some(came) = meeting.attended { (came) } @else { "–" } }
                                td {
                                    @if let Some(number) = joined(i) { b { (say::joined_by(number + 1)) } }
                                    @else if meeting.kind == Kind::Partnership { span class="quiet" { (say::OWN) } }
                                    @else { "–" }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What each number of meetings reaches, drawn and as a table.
pub(super) fn curve(view: &View<'_>) -> Markup {
    let plan = view.plan;
    let share = |demand: f64| if plan.demand > 0.0 { demand / plan.demand } else { 0.0 };
    let first = plan.curve_from;
    let rows: Vec<(usize, &Reached)> = (first..).zip(&plan.curve).collect();
    let asked = plan.suggestions.len();
    html! {
        section data-part="curve" {
            h2 class="h2" { (say::EACH_MORE) }
            p class="note" {
                (say::reach(plan.rule.elsewhere, &percent(plan.share())))
            }
            div class="meet__curve" {
                (bars(&rows, asked, &share))
                div class="tw card" tabindex="0" role="region" aria-label=(say::EACH_MORE) {
                    table {
                        thead { tr {
                            th scope="col" class="num" { (say::MEETINGS) } th scope="col" class="num" { (say::REACHES) }
                            th scope="col" class="num" { (say::ADDS) } th scope="col" class="num" { (say::AT_MOST) }
                            th scope="col" class="num" { (say::ONE_BY_ONE) }
                        } }
                        tbody {
                            @for (i, (k, of)) in rows.iter().enumerate() {
                                @let before = if i == 0 { None } else { Some(rows[i - 1].1.most) };
                                tr aria-current=[(*k == asked).then_some("true")] {
                                    th scope="row" class="num" { (k) }
                                    td class="num" { b { (percent(share(of.most))) } }
                                    td class="num" { @if let Some(before) = before { (percent(share(of.most - before).max(0.0))) } @else { "–" } }
                                    td class="num quiet" { (percent(share(of.bound))) }
                                    td class="num quiet" { (percent(share(of.greedy))) }
                                }
                            }
                        }
                    }
                }
                div class="tw card" tabindex="0" role="region" aria-label=(say::BY_WALK) {
                    table {
                        thead { tr {
                            th scope="col" class="num" { (say::WALK) }
                            th scope="col" class="num" { (say::RESIDENTS) } th scope="col" class="num" { (say::SHARE) }
                        } }
                        tbody {
                            @let (within, all) = &plan.bands;
                            @for (walk, people) in BANDS.iter().zip(within) {
                                tr {
                                    th scope="row" class="num" { (thousands(*walk as i64)) " m" }
                                    td class="num" { (halls::residents(*people)) }
                                    td class="num" { (percent(if *all > 0.0 { people / all } else { 0.0 })) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A bar for each number of meetings, with a tick where greedy choice ends.
fn bars(rows: &[(usize, &Reached)], asked: usize, share: &dyn Fn(f64) -> f64) -> Markup {
    const HEIGHT: f64 = 132.0;
    const FLOOR: f64 = 152.0;
    let slot = (320.0 / rows.len().max(1) as f64).min(44.0);
    let each = slot >= 26.0;
    let y = |demand: f64| FLOOR - HEIGHT * share(demand).clamp(0.0, 1.0);
    html! {
        svg class="meet__bars" viewBox="0 0 330 172" role="img"
            aria-label=(say::BARS) {
            @for (i, (k, of)) in rows.iter().enumerate() {
                @let x = 4.0 + i as f64 * slot;
                rect class=(if *k == asked { "c-bar c-bar--on" } else { "c-bar" }) rx="2"
                    x=(format!("{:.1}", x + 2.0)) width=(format!("{:.1}", slot - 4.0))
                    y=(format!("{:.1}", y(of.most))) height=(format!("{:.1}", FLOOR - y(of.most))) {}
                path class="c-tick" d=(format!("M{:.1} {:.1}h{:.1}", x, y(of.greedy), slot)) {}
                @if each {
                    text class="c-text" text-anchor="middle" x=(format!("{:.1}", x + slot / 2.0)) y=(format!("{:.1}", y(of.most) - 4.0)) {
                        (format!("{:.0}%", share(of.most) * 100.0))
                    }
                }
                @if each || i == 0 || i + 1 == rows.len() || *k == asked {
                    text class="c-text" text-anchor="middle" x=(format!("{:.1}", x + slot / 2.0)) y="167" { (k) }
                }
            }
            path class="c-rule" d=(format!("M0 {FLOOR}H330")) {}
        }
    }
}
