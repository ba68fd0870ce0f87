//! Step 1: need of every ward, crime and anti-social behaviour apart.

use maud::{Markup, html};

use super::View;
use crate::layer::words::{capital, names};
use crate::pipeline::{WardNeed, WardNeeds, by_day, rank_words};
use crate::plan::{Need, Part};
use crate::server::html::chart;
use crate::server::html::rows::Ranged;
use crate::server::html::words::{counted, one_decimal, ordinal, thousands};

/// The table of wards: those of higher need, then the others folded away.
pub(super) fn section(view: &View<'_>) -> Markup {
    let needs = &view.plan.needs;
    let (higher, others): (Vec<usize>, Vec<usize>) =
        needs.in_order().into_iter().partition(|&i| needs.wards[i].higher);
    html! {
        section class="card meet__need" data-part="need" {
            h2 class="h2" { "1. Which wards" }
            @if higher.is_empty() {
                p class="empty" { "No ward is among the first for both." }
            } @else {
                (table(view, &higher, "Wards of higher need"))
            }
            (told_apart(view, &higher))
            @if !others.is_empty() {
                details {
                    summary { "The other " (counted(others.len() as i64, "ward", "wards")) }
                    (table(view, &others, "Other wards"))
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
            table {
                thead { tr {
                    th scope="col" { "Ward" }
                    th scope="col" class="num" { "Crime" }
                    th scope="col" { "Rank of " (of) (chart::rank_axis(of, top)) }
                    th scope="col" class="num" { "95%" }
                    th scope="col" class="num" { abbr title="anti-social behaviour" { "ASB" } }
                    th scope="col" { "Rank of " (of) (chart::rank_axis(of, top)) }
                    th scope="col" class="num" { "95%" }
                    th scope="col" { "Last meeting" }
                    th scope="col" { "In plan" }
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
    html! {
        tr {
            th scope="row" {
                a href={ "/wards/" (need.code) } { (need.name) }
                @if need.centre { span class="quiet sub" { "town centre" } }
            }
            (cells(&need.crime, &view.plan.needs))
            (cells(&need.asb, &view.plan.needs))
            td class=(if view.plan.visited_lately(ward) { "meet__last" } else { "meet__last up" }) {
                @if let Some(day) = visited { (day.strftime("%b %Y").to_string()) }
                @else { "none known" }
            }
            td { @if numbers.is_empty() { span class="quiet" { "no" } } @else { b { (numbers.join(", ")) } } }
        }
    }
}

fn cells(need: &Need, needs: &WardNeeds) -> Markup {
    let rank = Ranged {
        value: f64::from(need.rank),
        low: f64::from(need.low),
        high: f64::from(need.high),
    };
    html! {
        td class="num" { b { (thousands(need.count as i64)) } }
        td { (chart::rank(rank, needs.wards.len(), Some(needs.top))) }
        td class="num quiet rk" { (rank_words(need)) }
    }
}

/// What becomes of town centres among the wards shown, whose visitors are not their residents.
fn centres(view: &View<'_>, higher: &[usize]) -> Option<String> {
    let wards = &view.plan.needs.wards;
    let centres = higher.iter().map(|&ward| &wards[ward]).filter(|ward| ward.centre);
    let said: Vec<String> = centres
        .map(|ward| {
            let [crime, asb] = ward.without_centre.map(|rank| ordinal(i64::from(rank)));
            format!("{} {crime} and {asb}{}", ward.name, by_day(ward))
        })
        .collect();
    (!said.is_empty()).then(|| {
        format!(
            "Town centres draw many who do not live there; without the busiest shopping cells their \
             ranks for crime and anti-social behaviour are: {}.",
            said.join("; ")
        )
    })
}

/// Which wards of higher need these counts do not tell apart, for each kind.
fn told_apart(view: &View<'_>, higher: &[usize]) -> Markup {
    let kinds: [(&str, Pick); 2] =
        [("crime", |ward| &ward.crime), ("anti-social behaviour", |ward| &ward.asb)];
    let (less, more) = about_the_line(view);
    html! {
        ul class="note meet__tie" {
            li {
                "Rank 1 is most; the dashed line is place " (view.plan.needs.top) ", the last of the top."
                @if let Some(less) = less { " " (less) " may lie past it." }
                @if let Some(more) = more { " " (more) " may belong to the wards of higher need too." }
            }
            @for (kind, pick) in kinds {
                @if let Some((place, names)) = largest_tie(view, higher, pick) {
                    li {
                        b { (names) } " could each be " (ordinal(i64::from(place))) " for " (kind)
                        ": these counts do not tell them apart."
                    }
                }
            }
            @if let Some(centres) = centres(view, higher) { li { (centres) } }
            li { "Weights: " (view.plan.weights_words()) ". Offences found by police activity are left out." }
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
            h2 class="h2" { "Not reached" }
            @if view.plan.not_reached.is_empty() {
                p class="note" { "Every ward of higher need has a meeting in this plan." }
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
            summary { "Every part of need, as measured" }
            p class="note" {
                "Volume: incidents. Rate: per 1,000 residents. Change: over the year before. Hotspots: \
                 share in significant hotspots. Persistence: share of months in the top share. A ward's \
                 place in each part counts, not by how much; the weighted mean of its places gives its \
                 rank. Crime and anti-social behaviour are never added up."
                @for how in &needs.how_known { " " (capital(how)) "." }
            }
            div class="tw card" tabindex="0" role="region" aria-label="Parts of need" {
                table {
                    thead {
                        tr {
                            th scope="col" rowspan="2" { "Ward" }
                            th scope="colgroup" colspan=(parts.len()) { "Crime" }
                            th scope="colgroup" colspan=(parts.len()) { "Anti-social behaviour" }
                        }
                        tr {
                            @for _ in 0..2 {
                                @for (p, part) in &parts {
                                    th scope="col" class="num" { (part.label()) span class="sub" { "weight " (needs.weights.parts[*p]) } }
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
            summary { "What other weights would change in the first five" }
            @if changes(0).next().is_none() && changes(1).next().is_none() {
                p class="note" { "Nothing: with any one weight at nothing or doubled, the first five stay the same." }
            } @else {
                p class="note" { "Each weight in turn at nothing and doubled; those that change nothing are left out." }
                div class="tw card" tabindex="0" role="region" aria-label="What other weights would change" {
                    table {
                        thead { tr {
                            th scope="col" { "Ranking" } th scope="col" { "Part" }
                            th scope="col" class="num" { "Weight tried" }
                            th scope="col" { "Would enter" } th scope="col" { "Would leave" }
                        } }
                        tbody {
                            @for (i, kind) in ["Crime", "Anti-social behaviour"].into_iter().enumerate() {
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
