//! The page of one ward: its figures by type of record, each with its interval.

use maud::{Markup, html};

use super::chart;
use super::choice::{Choice, Picked};
use super::frame::{Page, Site, page};
use super::numbers::{rank_sentence, year_before};
use super::rows::{Ward, wards};
use super::say::short_window;
use super::wards::base_words;
use super::words::{one_decimal, ordinal, percent, rank_range, rate_range, thousands};
use crate::layer::Findings;

/// `GET /wards/{code}`: one ward among the others.
///
/// `chosen` are the findings of `choice`, `others` those of other kinds of record in the same
/// months. `None` if there is no such ward.
pub(crate) fn ward_page(
    site: &Site<'_>,
    choice: &Choice,
    code: &str,
    chosen: &Findings,
    others: &[(Choice, std::sync::Arc<Findings>)],
) -> Option<Markup> {
    let all = wards(chosen);
    let of = all.len();
    let ward = all.into_iter().find(|ward| ward.code == code)?;
    let rows: Vec<(Choice, Ward)> = others
        .iter()
        .filter_map(|(choice, findings)| {
            let ward = wards(findings).into_iter().find(|ward| ward.code == code)?;
            Some((choice.clone(), ward))
        })
        .collect();
    let compared = rows.iter().any(|(_, ward)| ward.class.is_some());
    let title = format!("{}, {}", ward.name, choice.window.label());
    let map = choice.with_picked(Some(Picked::Ward(ward.code.clone()))).map();
    let main = html! {
        main class="list" data-title=(title) {
            p class="kicker" { a href=(choice.wards()) { "Wards" } " of " (site.area) ", " (ward.code) }
            h1 class="wardname" id="answer" tabindex="-1" { (ward.name) }
            p class="answer" { (sentence(choice, &ward, of)) }
            p class="note" {
                (base_words(&ward)) "; records of " (choice.window.label()) ". "
                a href=(map) { "Show on the map" }
            }
            h2 class="h2" id="by-type" { "By type of record, " (short_window(choice.window)) }
            div class="tw card" tabindex="0" role="region" aria-labelledby="by-type" {
                table {
                    thead {
                        tr {
                            th scope="col" { "Records" }
                            th scope="col" class="num" { "Count" }
                            th scope="col" class="num" { "Share of area" }
                            th scope="col" class="num" { "Rate per 1,000" }
                            th scope="col" class="num" { "95%" }
                            th scope="col" { "Rank" (chart::rank_axis(of)) }
                            th scope="col" class="num" { "95%" }
                            @if compared {
                                th scope="col" class="gap" { "Against the year before" }
                            }
                        }
                    }
                    tbody { @for (choice, ward) in &rows { (row(choice, ward, of, compared)) } }
                }
            }
            p class="note" {
                "Rank: by rate among " (of) " wards, 1 the highest, with the places it may hold given "
                "chance. Small counts rank loosely. A rate says what was recorded, not what happened: "
                "reporting and visitors differ between wards."
                @if !compared { " The year before is not held, so nothing is compared with it." }
            }
        }
    };
    Some(page(site, &title, Page::Wards, Some(choice), &main))
}

fn sentence(choice: &Choice, ward: &Ward, of: usize) -> Markup {
    html! {
        (choice.types.label()) ": " b { (thousands(ward.count)) " recorded" }
        @if let Some(rate) = ward.rate {
            ", " (one_decimal(rate.value)) " per 1,000 " (ward.base) " (" (rate_range(rate)) ")"
        }
        "."
        @if let Some(rank) = ward.rank {
            " By rate it is " (ordinal(rank.value.round() as i64)) " of " (of) ", "
            (rank_sentence(ward)) "."
        }
    }
}

fn row(choice: &Choice, ward: &Ward, of: usize, compared: bool) -> Markup {
    html! {
        tr data-type=(choice.types) {
            th scope="row" {
                a href=(choice.ward(&ward.code)) { (choice.types.label()) }
                @if ward.base == "households" { span class="quiet sub" { "per 1,000 households" } }
            }
            td class="num" { b { (thousands(ward.count)) } }
            td class="num quiet" { (percent(ward.share)) }
            td class="num" { @if let Some(rate) = ward.rate { (one_decimal(rate.value)) } @else { "-" } }
            td class="num quiet rk" { @if let Some(rate) = ward.rate { (rate_range(rate)) } }
            td { @if let Some(rank) = ward.rank { (chart::rank(rank, of)) } }
            td class="num quiet rk" { @if let Some(rank) = ward.rank { (rank_range(rank)) } }
            @if compared { td class="gap" { (year_before(ward)) } }
        }
    }
}
