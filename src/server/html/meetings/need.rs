//! Step 1: need of every ward, crime and anti-social behaviour apart.

use maud::{Markup, html};

use super::View;
use crate::layer::words::{capital, names};
use crate::pipeline::{WardNeed, WardNeeds, by_day, rank_words};
use crate::plan::{Need, Part};
use crate::server::html::chart;
use crate::server::html::english::meetings::need as say;
use crate::server::html::rows::Ranged;
use crate::server::html::words::{one_decimal, ordinal, thousands};
use crate::time::month_of;

/// The table of wards: those of higher need, then the others folded away.
pub(super) fn section(view: &View<'_>) -> Markup {
    let needs = &view.plan.needs;
    let (higher, others): (Vec<usize>, Vec<usize>) =
        needs.in_order().into_iter().partition(|&i| needs.wards[i].higher);
    html! {
        section class="card meet__need" data-part="need" {
            h2 class="h2" { (say::WHICH) }
            @if higher.is_empty() {
                p class="empty" { (say::NONE_FIRST) }
            } @else {
                (table(view, &higher, say::HIGHER_NEED))
            }
            (told_apart(view, &higher))
            @if !others.is_empty() {
                details {
                    summary { (say::the_others(others.len())) }
                    (table(view, &others, say::OTHERS))
                }
            }
        }
    }
}

fn table(view: &View<'_>, wards: &[usize], label: &str) -> Markup {
    let of = view.plan.needs.wards.len();
    let top = Some(view.plan.needs.top);
    html! {
        div class="tw" tabindex="0" role="region" aria-label=(label) {
            table class="stack" {
                thead { tr {
                    th scope="col" { (say::WARD) }
                    th scope="col" class="num" { (say::CRIME) }
                    th scope="col" class="drawn" { (say::rank_of(of)) (chart::rank_axis(of, top)) }
                    th scope="col" class="num" { "95%" }
                    th scope="col" class="num" { abbr title=(say::ASB_IN_FULL) { (say::ASB) } }
                    th scope="col" class="drawn" { (say::rank_of(of)) (chart::rank_axis(of, top)) }
                    th scope="col" class="num" { "95%" }
                    th scope="col" { (say::LAST_MEETING) }
                    th scope="col" { (say::IN_PLAN) }
                } }
                tbody { @for &ward in wards { (row(view, ward)) } }
            }
        }
    }
}

fn row(view: &View<'_>, ward: usize) -> Markup {
    let need = &view.plan.needs.wards[ward];
    let numbers: Vec<String> = view
        .plan
        .suggestions
        .iter()
        .enumerate()
        .filter(|(_, one)| one.wards.contains(&ward))
        .map(|(i, _)| (i + 1).to_string())
        .collect();
    let visited = view.plan.needs.visited[ward];
    let is_late = view.plan.has_diary && !view.plan.visited_lately(ward);
    html! {
        tr {
            th scope="row" {
                a href={ "/wards/" (need.code) } { (need.name) }
                @if need.centre { span class="quiet sub" { (say::CENTRE) } }
            }
            (cells(&need.crime, say::CRIME, &view.plan.needs))
            (cells(&need.asb, say::ASB, &view.plan.needs))
            td data-th=(say::LAST_MEETING) class=(if is_late { "meet__last up" } else { "meet__last" }) {
                @if let Some(day) = visited { (month_of(day)) }
                @else { (if view.plan.has_diary { say::NONE_KNOWN } else { say::NOT_KNOWN }) }
            }
            td data-th=(say::IN_PLAN) { @if numbers.is_empty() { span class="quiet" { (say::NO) } } @else { b { (numbers.join(", ")) } } }
        }
    }
}

fn cells(need: &Need, kind: &str, needs: &WardNeeds) -> Markup {
    let rank = Ranged {
        value: f64::from(need.rank),
        low: f64::from(need.low),
        high: f64::from(need.high),
    };
    html! {
        td class="num" data-th=(kind) { b { (thousands(need.count as i64)) } }
        td class="drawn" { (chart::rank(rank, needs.wards.len(), Some(needs.top))) }
        td class="num quiet rk" data-th=(say::rank_of(needs.wards.len())) { (rank_words(need)) }
    }
}

/// What becomes of town centres among the wards shown, whose visitors are not their residents.
fn centres(view: &View<'_>, higher: &[usize]) -> Option<String> {
    let wards = &view.plan.needs.wards;
    let centres = higher.iter().map(|&ward| &wards[ward]).filter(|ward| ward.centre);
    let said: Vec<String> = centres
        .map(|ward| {
            let [crime, asb] = ward.without_centre.map(|rank| ordinal(i64::from(rank)));
            say::without_shops(&ward.name, &crime, &asb, &by_day(ward))
        })
        .collect();
    (!said.is_empty()).then(|| say::centres(&said.join("; ")))
}

/// Which wards of higher need these counts do not tell apart, for each kind.
fn told_apart(view: &View<'_>, higher: &[usize]) -> Markup {
    let picks: [Pick; 2] = [|ward| &ward.crime, |ward| &ward.asb];
    let (less, more) = about_the_line(view);
    html! {
        ul class="note meet__tie" {
            li {
                (say::the_line(view.plan.needs.top))
                @if let Some(less) = less { (say::may_lie_past(&less)) }
                @if let Some(more) = more { (say::may_belong(&more)) }
            }
            @for (kind, pick) in say::KINDS.into_iter().zip(picks) {
                @if let Some((place, names)) = largest_tie(view, higher, pick) {
                    li {
                        b { (names) } (say::could_each_be(&ordinal(i64::from(place)), kind))
                    }
                }
            }
            @if let Some(centres) = centres(view, higher) { li { (centres) } }
            li { (say::weights(&view.plan.weights_words())) }
        }
    }
}

/// Wards of higher need that may lie past the line, and others that may belong to them.
fn about_the_line(view: &View<'_>) -> (Option<String>, Option<String>) {
    let needs = &view.plan.needs;
    let top = needs.top as u32;
    let which = |keep: &dyn Fn(&WardNeed) -> bool| {
        let found = needs.in_order().into_iter().map(|ward| &needs.wards[ward]);
        let found: Vec<&str> =
            found.filter(|ward| keep(ward)).map(|ward| ward.name.as_str()).collect();
        (!found.is_empty()).then(|| names(&found))
    };
    (
        which(&|ward| ward.higher && ward.crime.high.max(ward.asb.high) > top),
        which(&|ward| !ward.higher && ward.crime.low.max(ward.asb.low) <= top),
    )
}

/// One of the two rankings of a ward.
type Pick = fn(&WardNeed) -> &Need;

/// The place that most wards may hold, with their names; `None` where no two share one.
fn largest_tie(view: &View<'_>, higher: &[usize], pick: Pick) -> Option<(u32, String)> {
    let wards = &view.plan.needs.wards;
    let may = |place: u32| {
        let own = higher.iter().copied().filter(move |&ward| {
            let need = pick(&wards[ward]);
            (need.low..=need.high).contains(&place)
        });
        own.collect::<Vec<usize>>()
    };
    let places = 1..=wards.len() as u32;
    let (place, tied) =
        places.map(|place| (place, may(place))).rev().max_by_key(|(_, tied)| tied.len())?;
    let own: Vec<&str> = tied.iter().map(|&ward| wards[ward].name.as_str()).collect();
    (own.len() > 1).then(|| (place, names(&own)))
}

/// Wards of higher need that no hall serves.
pub(super) fn not_reached(view: &View<'_>) -> Markup {
    html! {
        section class="card meet__not" data-part="not-reached" {
            h2 class="h2" { (say::NOT_REACHED) }
            @if view.plan.not_reached.is_empty() {
                p class="note" { (say::ALL_REACHED) }
            } @else {
                ul { @for (ward, why) in &view.plan.not_reached { li {
                    b { (view.plan.needs.wards[*ward].name) } " " (capital(why)) "."
                } } }
            }
        }
    }
}

/// Every part of need, as measured.
pub(super) fn parts(view: &View<'_>) -> Markup {
    let needs = &view.plan.needs;
    let parts = needs.parts();
    let words = |part: Part, value: Option<f64>| match (part, value) {
        (_, None) => "–".to_owned(),
        (Part::Volume, Some(x)) => thousands(x.round() as i64),
        (Part::Change, Some(x)) => format!("{x:.2}"),
        (Part::Hotspots | Part::Persistence, Some(x)) => format!("{:.0}%", x * 100.0),
        (_, Some(x)) => one_decimal(x),
    };
    html! {
        details class="meet__more" data-part="parts" {
            summary { (say::PARTS) }
            p class="note" {
                (say::PARTS_ARE)
                @for how in &needs.how_known { " " (capital(how)) "." }
            }
            div class="tw card" tabindex="0" role="region" aria-label=(say::PARTS_TABLE) {
                table {
                    thead {
                        tr {
                            th scope="col" rowspan="2" { (say::WARD) }
                            th scope="colgroup" colspan=(parts.len()) { (say::CRIME) }
                            th scope="colgroup" colspan=(parts.len()) { (say::ASB_HEAD) }
                        }
                        tr {
                            @for _ in 0..2 {
                                @for (p, part) in &parts {
                                    th scope="col" class="num" { (part.label()) span class="sub" { (say::weight(needs.weights.parts[*p])) } }
                                }
                            }
                        }
                    }
                    tbody {
                        @for ward in needs.in_order() {
                            @let need = &needs.wards[ward];
                            tr {
                                th scope="row" { (need.name) }
                                @for of in [&need.crime, &need.asb] {
                                    @for (p, part) in &parts {
                                        td class="num" { (words(*part, of.parts[*p])) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What other weights would change in the first five.
pub(super) fn tornado(view: &View<'_>) -> Markup {
    let needs = &view.plan.needs;
    let names = |wards: &[usize]| {
        let names: Vec<&str> = wards.iter().map(|&w| needs.wards[w].name.as_str()).collect();
        if names.is_empty() { "–".to_owned() } else { names.join(", ") }
    };
    let changes = |i: usize| {
        needs.tornado[i].iter().filter(|swing| !swing.enter.is_empty() || !swing.leave.is_empty())
    };
    html! {
        details class="meet__more" data-part="tornado" {
            summary { (say::OTHER_WEIGHTS) }
            @if changes(0).next().is_none() && changes(1).next().is_none() {
                p class="note" { (say::NOTHING_CHANGES) }
            } @else {
                p class="note" { (say::EACH_WEIGHT) }
                div class="tw card" tabindex="0" role="region" aria-label=(say::OTHER_WEIGHTS_TABLE) {
                    table {
                        thead { tr {
                            th scope="col" { (say::RANKING) } th scope="col" { (say::PART) }
                            th scope="col" class="num" { (say::WEIGHT_TRIED) }
                            th scope="col" { (say::WOULD_ENTER) } th scope="col" { (say::WOULD_LEAVE) }
                        } }
                        tbody {
                            @for (i, kind) in [say::CRIME, say::ASB_HEAD].into_iter().enumerate() {
                                @for swing in changes(i) { tr {
                                    th scope="row" { (kind) } td { (swing.part.label()) }
                                    td class="num" { (swing.weight) }
                                    td { (names(&swing.enter)) } td { (names(&swing.leave)) }
                                } }
                            }
                        }
                    }
                }
            }
        }
    }
}
