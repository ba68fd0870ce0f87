//! "Is it more than usual?": every kind with count, expected range, rate, rank and last year.

use maud::{Markup, html};

use super::super::choice::Choice;
use super::super::say::short_when;
use super::super::words::{one_decimal, ordinal, range, thousands};
use super::answer::basis;
use crate::aggregate::Rate;
use crate::incident::{Base, CrimeTypes, Group};
use crate::pipeline::{KindFigures, Verdict, WardProfile};
use crate::stats::series::ExpectedTotal;
use crate::stats::{ChangeClass, Rank};

/// Lines that are always in sight; the rest open on demand.
const SHOWN: usize = 6;

/// The section.
pub(super) fn section(choice: &Choice, profile: &WardProfile) -> Markup {
    let (first, rest) = in_order(profile);
    html! {
        section class="figs card" aria-labelledby="usual" {
            h2 class="h2" id="usual" { "Is it more than usual?" }
            p class="note" {
                "Recorded in " (short_when(choice)) ". " (basis(profile))
                ". Rates per 1,000 residents, of burglary per 1,000 households; ranks by rate of "
                (profile.of) " wards; 95% intervals."
            }
            (table(choice, profile, &first, "Kinds of record"))
            @if !rest.is_empty() {
                details class="screen-only" {
                    summary { (rest.len()) " more kinds" }
                    (table(choice, profile, &rest, "Further kinds of record"))
                }
            }
        }
    }
}

/// Crime and anti-social behaviour first, then what is unusual, then by count.
fn in_order(profile: &WardProfile) -> (Vec<&KindFigures>, Vec<&KindFigures>) {
    let several_asb = profile.kinds.iter().any(|kind| kind.types == CrimeTypes::Family(Group::Asb));
    let key = |kind: &KindFigures| match kind.types {
        CrimeTypes::Family(Group::Crime) => 0,
        CrimeTypes::Family(Group::Asb) => 1,
        CrimeTypes::One(one) if one.get().id == "anti-social-behaviour" && !several_asb => 2,
        _ if kind.verdict == Some(Verdict::Higher) => 3,
        _ if kind.verdict == Some(Verdict::Lower) => 4,
        CrimeTypes::One(_) => 5,
        _ => 6,
    };
    let mut all: Vec<&KindFigures> = profile.kinds.iter().collect();
    all.sort_by_key(|kind| key(kind));
    let rest = all.split_off(SHOWN.min(all.len()));
    (all, rest)
}

fn table(choice: &Choice, profile: &WardProfile, kinds: &[&KindFigures], name: &str) -> Markup {
    let compared = profile.earlier.is_some();
    html! {
        table class="kinds" {
            caption class="hide" { (name) }
            thead {
                tr {
                    th scope="col" { "Kind" }
                    th scope="col" class="num" { "Count" }
                    th scope="col" { "Against expected" }
                    th scope="col" class="cr" { "Verdict" }
                    th scope="col" class="num wide" { "Rate" br; "95% interval" }
                    th scope="col" class="num wide" { "Rank" br; "interval" }
                    @if compared { th scope="col" class="num wide" { "Year" br; "before" } }
                }
            }
            tbody { @for kind in kinds { (row(choice, profile, kind, compared)) } }
        }
    }
}

fn row(choice: &Choice, profile: &WardProfile, kind: &KindFigures, compared: bool) -> Markup {
    let to = choice.of(kind.types).ward(&profile.code);
    html! {
        tr data-type=(kind.types) {
            th scope="row" {
                a href=(to) { (kind.types.label()) }
                @if kind.types.base() == Base::Households {
                    span class="quiet sub" { "per 1,000 households" }
                }
            }
            td class="num big" { (thousands(kind.count as i64)) }
            td {
                @if let Some(expected) = kind.expected {
                    (bar(kind.count, &expected, kind.verdict))
                    span class="quiet sub" {
                        (range(&thousands(expected.low as i64), &thousands(expected.high as i64)))
                        span class="w" { " expected" }
                    }
                } @else { span class="quiet sub" { "not known" } }
            }
            td class="cr" { (chip(kind.verdict)) }
            td class="num wide" { (rate(kind.rate, kind.area_rate)) }
            td class="num wide" { (rank(kind.rank)) }
            @if compared { td class="num wide" { (year_before(kind)) } }
        }
    }
}

fn chip(verdict: Option<Verdict>) -> Markup {
    let (class, text) = match verdict {
        Some(Verdict::Higher) => ("chip chip--up", "▲ Higher than usual"),
        Some(Verdict::Lower) => ("chip chip--down", "▼ Lower than usual"),
        Some(Verdict::AsUsual) => ("chip chip--even", "● As usual"),
        Some(Verdict::TooFew) => ("chip chip--even", "○ Too few to say"),
        None => ("chip chip--even", "○ Nothing to compare"),
    };
    html! { span class=(class) { (text) } }
}

fn rate(rate: Option<Rate>, area: Option<f64>) -> Markup {
    html! {
        @if let Some(rate) = rate {
            (one_decimal(rate.value.get()))
            span class="quiet sub" {
                (range(&one_decimal(rate.low.get()), &one_decimal(rate.high.get())))
            }
            @if let Some(area) = area {
                span class="quiet sub screen-only" { "all wards " (one_decimal(area)) }
            }
        } @else { "-" }
    }
}

fn rank(rank: Option<Rank>) -> Markup {
    let place = |n: u32| ordinal(i64::from(n));
    html! {
        @if let Some(rank) = rank {
            (rank.rank) @if rank.tied { "=" }
            span class="quiet sub" { (range(&place(rank.low), &place(rank.high))) }
        } @else { "-" }
    }
}

fn year_before(kind: &KindFigures) -> Markup {
    let sign = |class| match class {
        ChangeClass::Higher => ("up", "▲", "higher"),
        ChangeClass::Lower => ("down", "▼", "lower"),
        ChangeClass::AsUsual => ("even", "●", "as usual"),
        ChangeClass::TooFewToSay => ("even", "○", "too few to say"),
    };
    html! {
        @if let (Some(earlier), Some(change)) = (kind.earlier, kind.change) {
            @let (class, mark, word) = sign(change.class);
            span class=(class) aria-hidden="true" { (mark) } span class="hide" { (word) }
            " " (thousands(earlier as i64))
            @let ratio = change.ratio.filter(|_| change.class != ChangeClass::TooFewToSay);
            @if let Some((value, ratio)) = ratio.and_then(|r| Some((r.ratio?, r))) {
                span class="quiet sub" { (format!("{value:.2} times")) }
                span class="quiet sub screen-only" {
                    (format!("{:.2}", ratio.low)) @if let Some(high) = ratio.high { (format!(" to {high:.2}")) } @else { " or more" }
                }
            } @else {
                span class="quiet sub" { "too few" }
            }
        } @else { span class="quiet" { "not held" } }
    }
}

/// Width of a range bar's drawing, and the room for its dot.
const BAR: f64 = 112.0;
const DOT: f64 = 5.0;

/// The observed count as a dot on a rule, the expected range as a band.
fn bar(count: u64, expected: &ExpectedTotal, verdict: Option<Verdict>) -> Markup {
    let end = (count.max(expected.high) as f64 * 1.08).max(1.0);
    let x = |value: f64| format!("{:.1}", DOT + value / end * (BAR - 2.0 * DOT));
    let width = (expected.high - expected.low) as f64 / end * (BAR - 2.0 * DOT);
    let dot = match verdict {
        Some(Verdict::Higher) => "c-dot c-dot--up",
        Some(Verdict::Lower) => "c-dot c-dot--down",
        _ => "c-dot",
    };
    html! {
        svg class="rbar" width="112" height="14" viewBox="0 0 112 14" aria-hidden="true" {
            path class="c-rule" d={ "M" (x(0.0)) " 7H" (x(end)) } {}
            rect class="c-band" x=(x(expected.low as f64)) y="2" height="10" rx="2"
                width=(format!("{:.1}", width.max(2.0))) {}
            circle class=(dot) cx=(x(count as f64)) cy="7" r="4.5" {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::series::Basis;

    #[test]
    fn a_count_above_the_range_stands_right_of_its_band() {
        let expected = ExpectedTotal {
            expected: 60.0,
            low: 46,
            high: 82,
            basis: Basis::Years(1),
            dispersion: 1.0,
        };

        let drawn = bar(175, &expected, Some(Verdict::Higher)).into_string();

        // 175 of 189 along 102 pixels, from 5.
        assert!(drawn.contains("cx=\"99.4\""), "{drawn}");
        assert!(drawn.contains("c-dot--up"));
    }
}
