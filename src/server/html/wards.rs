//! The page of all wards: one table, sorted by link.

use maud::{Markup, html};

use super::chart;
use super::choice::Choice;
use super::english::wards as say;
use super::frame::{Page, Site, page};
use super::numbers::{order, rate_words, rated, sort, sort_link, sort_word, year_before};
use super::rows::{Ward, wards};
use super::say::{doubtful, lacking, short_when};
use super::show::Sort;
use super::words::{one_decimal, percent, rank_range, rate_range, thousands};
use crate::layer::Findings;
use crate::stats::ChangeClass;

/// `GET /wards`: every ward with count, rate, rank and change, each with its interval.
pub(crate) fn wards_page(
    site: &Site<'_>,
    choice: &Choice,
    findings: &Findings,
    found: Option<Found<'_>>,
) -> Markup {
    let mut rows = wards(findings);
    let by = order(&rows, choice.sort);
    sort(&mut rows, by);
    let of = rows.len();
    let rated = rated(&rows);
    let answer = headline(&rows);
    if let Some(found) = found {
        rows.retain(|ward| found.codes.contains(&ward.code.as_str()));
    }
    let searched = found.map(|found| found.text);
    let title = say::title(choice.types.label(), &choice.when(), searched);
    let main = html! {
        main class="list" data-title=(title) {
            div id="answer" tabindex="-1" data-part="say" {
                p class="kicker" { (choice.types.label()) ", " (short_when(choice)) }
                h1 { (answer) }
                p class="note" {
                    (say::of(site.area, &choice.when(), rated.then(|| rate_words(choice)).as_deref()))
                    @for lacking in lacking(&findings.how_made.gaps) { " " (lacking) }
                    @for doubtful in doubtful(&findings.how_made.in_part) { " " (doubtful) }
                }
            }
            (search(choice, found, rows.len(), of))
            div data-part="table" {
                @if rows.is_empty() {
                    p class="note" {
                        (say::NONE_FOUND)
                        a href=(choice.wards()) { (say::show_all(of)) }
                    }
                } @else { (table(choice, &rows, of, (rated, by))) }
            }
            p class="note" {
                @if rated { (say::VISITORS) }
                span class="screen-only" {
                    a href=(choice.data("/tables/wards.csv")) { "CSV" } " "
                    a href=(choice.data("/layers/wards.geojson")) { "GeoJSON" } " "
                    a href=(choice.map()) { (say::MAP) }
                }
            }
        }
    };
    page(site, &title, Page::Wards, Some(choice), &main)
}

/// What the reader looks for, and the wards it may mean.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found<'a> {
    /// As typed.
    pub text: &'a str,
    /// Codes of wards.
    pub codes: &'a [&'a str],
}

fn search(choice: &Choice, found: Option<Found<'_>>, n: usize, of: usize) -> Markup {
    html! {
        form class="find" action="/wards" role="search" {
            @for (name, value) in choice.fields() { input type="hidden" name=(name) value=(value); }
            label class="fld" {
                span { (say::FIND_BY) }
                input type="search" name="find" maxlength="60" autocomplete="off"
                    value=(found.map_or("", |found| found.text));
            }
            button class="btn" { (say::FIND) }
            @if let Some(found) = found {
                p class="note" {
                    (say::found(n, of, found.text))
                    a href=(choice.wards()) { (say::SHOW_ALL) }
                }
            }
        }
    }
}

fn headline(rows: &[Ward]) -> Markup {
    let n = |class| rows.iter().filter(|ward| ward.class == Some(class)).count();
    let total = rows.len();
    let (up, down) = (n(ChangeClass::Higher), n(ChangeClass::Lower));
    let rated = rated(rows);
    let place = |ward: &Ward| if rated { ward.rank } else { ward.rank_count };
    let first_places = rows.iter().filter(|w| place(w).is_some_and(|r| r.low < 1.5)).count();
    html! {
        @if rows.iter().any(|ward| ward.class.is_some()) {
            (say::had_more(up, total)) span class="up" { (say::MORE) }
            (say::had_less(down)) span class="down" { (say::LESS) } "."
        } @else if first_places > 1 {
            (say::may_be_first(first_places, total, rated))
        } @else if let Some(first) = rows.iter().find(|w| place(w).is_some_and(|r| r.value < 1.5)) {
            (say::first(&first.name, total, rated))
        } @else {
            (say::wards(total))
        }
    }
}

/// `rated` says whether there are rates among the wards, which stand in the order `by`.
fn table(choice: &Choice, rows: &[Ward], of: usize, (rated, by): (bool, Sort)) -> Markup {
    let compared = rows.iter().any(|ward| ward.class.is_some());
    let link = |to: Sort, text: &str| sort_link(by, to, &choice.sorted(to).wards(), text);
    let order = |to: Sort| (by == to).then_some(sort_word(to));
    html! {
        div class="tw card" tabindex="0" role="region" aria-label=(say::table_of(rows.len())) {
            table {
                thead {
                    tr {
                        th scope="col" aria-sort=[order(Sort::Name)] { (link(Sort::Name, say::WARD)) }
                        th scope="col" class="num" aria-sort=[order(Sort::Count)] {
                            (link(Sort::Count, say::COUNT))
                        }
                        th scope="col" class="num later" { (say::SHARE) }
                        @if rated {
                            th scope="col" class="num" aria-sort=[order(Sort::Rate)] {
                                (link(Sort::Rate, say::RATE))
                            }
                            th scope="col" class="num later" { "95%" }
                        }
                        th scope="col" class="drawn later" { (say::RANK) (chart::rank_axis(of, None)) }
                        th scope="col" class="num later" { span class="paper-only" { (say::RANK) ", " } "95%" }
                        @if compared {
                            th scope="col" class="gap" aria-sort=[order(Sort::Change)] {
                                (link(Sort::Change, say::AGAINST))
                            }
                        }
                    }
                }
                tbody { @for ward in rows { (row(choice, ward, of, (rated, compared))) } }
            }
        }
    }
}

fn row(choice: &Choice, ward: &Ward, of: usize, (rated, compared): (bool, bool)) -> Markup {
    let rank = if rated { ward.rank } else { ward.rank_count };
    html! {
        tr data-ward=(ward.code) {
            th scope="row" {
                a href=(choice.ward(&ward.code)) { (ward.name) }
                @if rated { span class="quiet sub" { (base_words(ward)) } }
                @if let Some(rank) = rank { span class="quiet sub rk-narrow" { (say::ranks(&rank_range(rank))) } }
            }
            td class="num" { b { (thousands(ward.count)) } }
            td class="num quiet later" { (percent(ward.share)) }
            @if rated {
                td class="num" {
                    @if let Some(rate) = ward.rate { (one_decimal(rate.value)) } @else { "-" }
                    @if let Some(day) = ward.rate_day {
                        span class="quiet sub" { (say::by_day(&one_decimal(day.value))) }
                    }
                }
                td class="num quiet rk later" { @if let Some(rate) = ward.rate { (rate_range(rate)) } }
            }
            td class="drawn later" { @if let Some(rank) = rank { (chart::rank(rank, of, None)) } }
            td class="num quiet rk later" { @if let Some(rank) = rank { (rank_range(rank)) } }
            @if compared { td class="gap" { (year_before(ward)) } }
        }
    }
}

/// `8,108 residents`, in the base of the rate.
pub(super) fn base_words(ward: &Ward) -> String {
    let base = if ward.base == "households" { ward.households } else { ward.residents };
    base.map_or_else(
        || say::NO_POPULATION.to_owned(),
        |n| format!("{} {}", thousands(n.round() as i64), ward.base),
    )
}
