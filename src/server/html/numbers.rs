//! The same figures as the map: hotspots by number, wards by rate, and the card of the one marked.

use maud::{Markup, html};

use super::area::{Own, panel};
use super::chart::{self, Axis};
use super::choice::{Choice, Picked};
use super::clock::picker;
use super::english::numbers as say;
use super::rows::{Hotspot, Ward, by_month, hotspots, sign, style, wards};
use super::show::Sort;
use super::words::{km2, one_decimal, ordinal, percent, rank_place, rate_range, ratio, thousands};
use crate::layer::Findings;
use crate::pipeline::Hours;

/// Hotspots and wards, beside the map.
pub(super) fn numbers(choice: &Choice, findings: &Findings, own: Option<&Own<'_>>) -> Markup {
    let hotspots = hotspots(findings);
    let mut wards = wards(findings);
    let by = order(&wards, choice.sort);
    sort(&mut wards, by);
    html! {
        div class="nums" data-part="numbers" {
            (panel(choice, own))
            section class="nums__hot" aria-labelledby="hotspots" {
                div class="hd" {
                    h2 class="h2" id="hotspots" { (say::HOTSPOTS) }
                    span class="note" { (say::AND_SHARE) }
                }
                (hotspot_table(choice, &hotspots))
            }
            section class="nums__wards" aria-labelledby="wards" {
                div class="hd" {
                    h2 class="h2" id="wards" { (say::WARDS) }
                    span class="note" {
                        @if rated(&wards) { (rate_words(choice)) } @else { (say::BY_COUNT) }
                    }
                }
                (ward_table(choice, &wards, by))
                p class="note more" {
                    span class="screen-only" {
                        a href=(choice.with_picked(None).wards()) { (say::ALL_FIGURES) } ". "
                    }
                    @if beyond(&wards) { span class="wt__off" { (say::OFF_SCALE) } }
                    @if wards.iter().any(|w| w.class.is_some()) {
                        (say::SIGNS)
                    }
                }
            }
            (when(choice, findings))
        }
    }
}

/// The clock of all records of the choice, on which hours of heat are chosen.
fn when(choice: &Choice, findings: &Findings) -> Markup {
    let table = findings.table("by-hour");
    let hours = table.and_then(|table| Hours::from_table(table, findings.how_made.n_incidents));
    let Some(hours) = hours else { return html! {} };
    let chosen = choice.hours;
    let all = choice.at_any_hour();
    html! {
        section class="when" aria-labelledby="when" {
            div class="hd" {
                h2 class="h2" id="when" { (say::WHEN) }
                span class="note" {
                    @if chosen.is_all() { span class="screen-only" { (say::DRAG_HOURS) } }
                    @else {
                        (say::figures_of(&chosen.to_string()))
                        a class="screen-only" href=(all.map()) data-soft data-key="all-hours" data-then="clock" { (say::ALL_HOURS) }
                    }
                }
            }
            (picker(&hours, chosen))
        }
    }
}

/// What the rates of this choice are.
pub(super) fn rate_words(choice: &Choice) -> String {
    say::per_1000(choice.types.base().noun())
}

/// Whether any ward has a rate: none has where no population is held.
pub(super) fn rated(wards: &[Ward]) -> bool {
    wards.iter().any(|ward| ward.rate.is_some())
}

/// The order asked for, or that of counts where there is no rate to go by.
pub(super) fn order(wards: &[Ward], asked: Sort) -> Sort {
    if asked == Sort::Rate && !rated(wards) { Sort::Count } else { asked }
}

/// Puts wards in this order; equal ones stay by name.
pub(super) fn sort(wards: &mut [Ward], by: Sort) {
    wards.sort_by(|a, b| a.name.cmp(&b.name));
    let down = |x: Option<f64>| -x.unwrap_or(f64::NEG_INFINITY);
    let key = |ward: &Ward| match by {
        Sort::Name => 0.0,
        Sort::Rate => down(ward.rate.map(|r| r.value)),
        Sort::Count => down(Some(ward.count as f64)),
        Sort::Change => down(ward.change.map(|r| r.value)),
    };
    wards.sort_by(|a, b| key(a).total_cmp(&key(b)));
}

fn hotspot_table(choice: &Choice, hotspots: &[Hotspot]) -> Markup {
    if hotspots.is_empty() {
        return html! {
            p class="note empty" {
                (say::NO_HOTSPOTS)
            }
        };
    }
    html! {
        div class="scroll" tabindex="0" role="region" aria-label=(say::TABLE_OF_HOTSPOTS) {
            table class="hot" {
                thead class="hide" {
                    tr { th scope="col" { (say::NUMBER) } th scope="col" { (say::PLACE) } th scope="col" { (say::RECORDS) } }
                }
                tbody {
                    @for hotspot in hotspots { (hotspot_row(choice, hotspot)) }
                }
            }
        }
    }
}

fn hotspot_row(choice: &Choice, hotspot: &Hotspot) -> Markup {
    let picked = choice.has_picked_hotspot(hotspot.number);
    let address = choice.with_picked(Some(Picked::Hotspot(hotspot.number))).map();
    html! {
        tr data-hotspot=(hotspot.number) aria-current=[picked.then_some("true")] {
            td class="hot__n" {
                (chart::badge(hotspot.number)) span class="hide" { (hotspot.number) }
            }
            th scope="row" {
                a href=(address) data-pick={ "hotspot:" (hotspot.number) }
                    data-key={ "hotspot-" (hotspot.number) } { (hotspot.name) }
                span class="quiet sub" { (few_wards(&hotspot.wards)) }
                template data-card={ "hotspot:" (hotspot.number) } { (hotspot_card(choice, hotspot)) }
            }
            td class="num" {
                b { (thousands(hotspot.count)) }
                span class="quiet sub" { (say::share_on(&percent(hotspot.share), &km2(hotspot.area_km2))) }
            }
        }
    }
}

/// Whether an interval of a rate is drawn as an arrow.
fn beyond(wards: &[Ward]) -> bool {
    let highs = || wards.iter().filter_map(|ward| ward.rate.map(|rate| rate.high));
    let axis = Axis::for_upper_ends(highs());
    highs().any(|high| high > axis.end())
}

fn ward_table(choice: &Choice, wards: &[Ward], by: Sort) -> Markup {
    let rated = rated(wards);
    let axis = Axis::for_upper_ends(wards.iter().filter_map(|w| w.rate.map(|r| r.high)));
    let compared = wards.iter().any(|ward| ward.class.is_some());
    let head = |sort: Sort, text: &str| sort_link(by, sort, &choice.sorted(sort).map(), text);
    let order = |sort: Sort| (by == sort).then_some(sort_word(sort));
    html! {
        div class="scroll scroll--wards" tabindex="0" role="region" aria-label=(say::table_of(&say::wards(wards.len()))) {
            table class="wt" {
                thead {
                    tr {
                        th scope="col" class="num wt__n" {
                            span class="hide" {
                                (if rated { say::RANK_BY_RATE } else { say::RANK_BY_COUNT })
                            }
                        }
                        th scope="col" aria-sort=[order(Sort::Name)] { (head(Sort::Name, say::WARD)) }
                        th scope="col" class="num" aria-sort=[order(Sort::Count)] {
                            (head(Sort::Count, say::COUNT))
                        }
                        @if rated {
                            th scope="col" class="num" aria-sort=[order(Sort::Rate)] {
                                (head(Sort::Rate, say::RATE))
                            }
                            th scope="col" class="wt__w" {
                                (chart::axis(axis)) span class="hide" { (say::INTERVAL) }
                            }
                        }
                        @if compared {
                            th scope="col" class="wt__s" {
                                span class="hide" { (say::AGAINST) }
                            }
                        }
                    }
                }
                tbody {
                    @for ward in wards {
                        (ward_row(choice, ward, rated.then_some(axis), compared, wards.len()))
                    }
                }
            }
        }
    }
}

/// `axis` is that of the rates, where there are any.
fn ward_row(choice: &Choice, ward: &Ward, axis: Option<Axis>, compared: bool, of: usize) -> Markup {
    let rank = if axis.is_some() { ward.rank } else { ward.rank_count };
    let picked = choice.has_picked_ward(&ward.code);
    let address = choice.with_picked(Some(Picked::Ward(ward.code.clone()))).map();
    html! {
        tr data-ward=(ward.code) aria-current=[picked.then_some("true")] {
            td class="num quiet" { @if let Some(rank) = rank { (rank.value) } }
            th scope="row" {
                a href=(address) data-pick={ "ward:" (ward.code) } data-key={ "ward-" (ward.code) } {
                    (ward.name)
                }
                template data-card={ "ward:" (ward.code) } { (ward_card(choice, ward, of)) }
            }
            td class="num" { (thousands(ward.count)) }
            @if let Some(axis) = axis {
                td class="num" {
                    @if let Some(rate) = ward.rate { (one_decimal(rate.value)) } @else { "-" }
                }
                td class="wt__w" {
                    @if let Some(rate) = ward.rate {
                        (chart::whisker(rate, axis)) span class="hide" { (rate_range(rate)) }
                    }
                }
            }
            @if compared { td class="num wt__s" { (change_sign(ward)) } }
        }
    }
}

fn change_sign(ward: &Ward) -> Markup {
    html! {
        @if let Some(class) = ward.class {
            span class=(style(class)) aria-hidden="true" { (sign(class)) }
            span class="hide" { (class.label()) }
        }
    }
}

/// Sorting, as `aria-sort` names it.
pub(super) const fn sort_word(sort: Sort) -> &'static str {
    match sort {
        Sort::Name => "ascending",
        _ => "descending",
    }
}

/// The head of a column that sorts by it.
pub(super) fn sort_link(now: Sort, by: Sort, address: &str, text: &str) -> Markup {
    html! {
        a href=(address) data-soft data-key={ "sort-" (by.id()) } {
            (text)
            @if now == by { span aria-hidden="true" { (if by == Sort::Name { " ↑" } else { " ↓" }) } }
        }
    }
}

/// The card of the place that is marked, beside the map.
pub(super) fn card(choice: &Choice, findings: &Findings) -> Markup {
    let wards = wards(findings);
    let body = choice.picked.as_ref().map(|picked| match picked {
        Picked::Ward(code) => match wards.iter().find(|ward| ward.code == *code) {
            Some(ward) => ward_card(choice, ward, wards.len()),
            None => marks_nothing(choice, &say::no_ward(code)),
        },
        Picked::Hotspot(number) => {
            match hotspots(findings).iter().find(|hotspot| hotspot.number == *number) {
                Some(hotspot) => hotspot_card(choice, hotspot),
                None => marks_nothing(choice, &say::no_hotspot(*number)),
            }
        }
        Picked::Unit(id) => marks_nothing(choice, &say::live_alone(id)),
    });
    html! {
        div class="pick" id="pick" data-part="pick" hidden[body.is_none()] {
            @if let Some(body) = body { (body) }
        }
    }
}

/// Why nothing is marked though the address names a place.
fn marks_nothing(choice: &Choice, why: &str) -> Markup {
    html! { div class="hd" { p class="pick__none" { (why) } (close(choice)) } }
}

fn ward_card(choice: &Choice, ward: &Ward, of: usize) -> Markup {
    html! {
        div class="hd" {
            h2 class="h3" { (ward.name) }
            (close(choice))
        }
        dl class="facts" {
            div {
                dt { (say::RECORDED) }
                dd { b { (thousands(ward.count)) } (say::of_the_area(&percent(ward.share))) }
            }
            @if let Some(rate) = ward.rate {
                div {
                    dt { (say::RATE) }
                    dd {
                        b { (one_decimal(rate.value)) } (say::per(&ward.base))
                        span class="quiet sub" { (say::interval(&rate_range(rate))) }
                    }
                }
            }
            @if let Some(rate) = ward.rate_day {
                div {
                    dt { (say::BY_DAY) }
                    dd {
                        b { (one_decimal(rate.value)) } (say::THERE_BY_DAY)
                        span class="quiet sub" { (say::interval(&rate_range(rate))) }
                    }
                }
            }
            @if let Some(rank) = ward.rank {
                div {
                    dt { (say::BY_RATE) }
                    dd {
                        b { (ordinal(rank.value.round() as i64)) } (say::of(of))
                        span class="quiet sub" { (rank_sentence(ward)) }
                    }
                }
            }
            div { dt { (say::YEAR_BEFORE) } dd { (year_before(ward)) } }
        }
        p class="note" { a href=(choice.ward(&ward.code)) data-key="ward-page" { (say::WARD_PAGE) } }
    }
}

/// Where a ward may stand, given chance.
pub(super) fn rank_sentence(ward: &Ward) -> String {
    ward.rank.map_or_else(String::new, |rank| {
        if (rank.low - rank.high).abs() < 0.5 {
            say::ONLY_PLACE.to_owned()
        } else {
            say::between(&rank_place(rank.low), &rank_place(rank.high))
        }
    })
}

/// The comparison with the year before, in words with its sign.
pub(super) fn year_before(ward: &Ward) -> Markup {
    html! {
        @match (ward.class, ward.earlier) {
            (Some(class), Some(earlier)) => {
                span class={ "chip chip--" (style(class)) } { (sign(class)) " " (class.label()) }
                span class="quiet sub" {
                    (say::then(&thousands(earlier)))
                    @if let Some(change) = ward.change { (say::now(&ratio(change))) }
                }
            }
            _ => span class="quiet" { (say::NOT_HELD) }
        }
    }
}

fn hotspot_card(choice: &Choice, hotspot: &Hotspot) -> Markup {
    html! {
        div class="hd" {
            h2 class="h3" { (hotspot.number) ". " (hotspot.name) }
            (close(choice))
        }
        p class="note" { (hotspot.words) (say::in_wards(&hotspot.wards)) }
    }
}

/// The first two of a list of wards; the card has them all.
fn few_wards(wards: &str) -> String {
    let all: Vec<&str> = wards.split(", ").collect();
    match all.as_slice() {
        [first, second, rest @ ..] if rest.len() > 1 => say::and_more(first, second, rest.len()),
        _ => wards.to_owned(),
    }
}

fn close(choice: &Choice) -> Markup {
    html! {
        a class="pick__close" href=(choice.with_picked(None).map()) data-pick="" data-key="close" {
            span aria-hidden="true" { "×" } span class="hide" { (say::CLOSE) }
        }
    }
}

/// Counts by month under the map.
pub(super) fn months(choice: &Choice, findings: &Findings) -> Markup {
    let rows = by_month(findings);
    let most =
        rows.iter().filter_map(|row| Some((row.count?, row.month))).max_by_key(|most| most.0);
    let most = most.filter(|most| most.0 > 0);
    html! {
        section class="brush" data-part="months" aria-labelledby="by-month" {
            div class="brush__head" {
                h2 class="h3" id="by-month" { (say::BY_MONTH) }
                p class="note" {
                    @if let Some((count, month)) = most {
                        (say::the_most(&thousands(count), &month.label()))
                    } @else {
                        (say::NONE_IN_ANY_MONTH)
                    }
                    span class="screen-only" { (say::DRAG_MONTHS) }
                }
            }
            (chart::months(&rows, choice.window))
            div class="hide" { table {
                caption { (say::RECORDS_BY_MONTH) }
                thead { tr { th scope="col" { (say::MONTH) } th scope="col" { (say::RECORDS) } } }
                tbody {
                    @for row in &rows {
                        tr {
                            th scope="row" { (row.month.label()) }
                            td { (row.count.map_or(say::NOT_HELD.to_owned(), thousands)) }
                        }
                    }
                }
            } }
        }
    }
}
