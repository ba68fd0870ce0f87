//! "Is it more than usual?": every kind with count, expected range, rate, rank and last year.

use maud::{Markup, html};

use super::super::choice::Choice;
use super::super::english::usual as say;
use super::super::rows::{sign, style};
use super::super::say::short_when;
use super::super::words::{one_decimal, ordinal, range, thousands};
use super::answer::basis;
use crate::incident::{Base, CrimeTypes, Group};
use crate::pipeline::{KindFigures, Verdict, WardProfile};
use crate::stats::series::ExpectedTotal;
use crate::stats::{ChangeClass, Rank};

/// Lines that are always in sight; the rest open on demand.
const SHOWN: usize = 6;

/// The section.
pub(super) fn section(choice: &Choice, profile: &WardProfile) -> Markup {
    let (first, rest) = in_order(profile);
    let by_day = profile.kinds.iter().any(|kind| kind.rate_day.is_some());
    html! {
        section class="figs card" aria-labelledby="usual" {
            h2 class="h2" id="usual" { (say::MORE_THAN_USUAL) }
            p class="note" {
                (say::of(&short_when(choice), basis(profile), rated(profile).then_some((profile.of, by_day))))
            }
            (table(choice, profile, &first, say::KINDS))
            @if !rest.is_empty() {
                details class="screen-only" {
                    summary { (say::more_kinds(rest.len())) }
                    (table(choice, profile, &rest, say::FURTHER_KINDS))
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
    let shown = (rated(profile), profile.earlier.is_some());
    let (rated, compared) = shown;
    html! {
        table class="kinds" {
            caption class="hide" { (name) }
            thead {
                tr {
                    th scope="col" { (say::KIND) }
                    th scope="col" class="num" { (say::COUNT) }
                    th scope="col" { (say::AGAINST) }
                    th scope="col" class="cr" { (say::VERDICT) }
                    @if rated {
                        th scope="col" class="num wide" { (say::RATE[0]) br; (say::RATE[1]) }
                        th scope="col" class="num wide" { (say::RANK[0]) br; (say::RANK[1]) }
                    }
                    @if compared { th scope="col" class="num wide" { (say::YEAR_BEFORE[0]) br; (say::YEAR_BEFORE[1]) } }
                }
            }
            tbody { @for kind in kinds { (row(choice, profile, kind, shown)) } }
        }
    }
}

/// Whether any kind has a rate: none has where the population is not known.
fn rated(profile: &WardProfile) -> bool {
    profile.kinds.iter().any(|kind| kind.rate.is_some())
}

fn row(
    choice: &Choice,
    profile: &WardProfile,
    kind: &KindFigures,
    (rated, compared): (bool, bool),
) -> Markup {
    let to = choice.of(kind.types).ward(&profile.code);
    html! {
        tr data-type=(kind.types) {
            th scope="row" {
                a href=(to) { (kind.types.label()) }
                @if rated && kind.types.base() == Base::Households {
                    span class="quiet sub" { (say::PER_HOUSEHOLDS) }
                }
            }
            td class="num big" { (thousands(kind.count as i64)) }
            td {
                @if let Some(expected) = kind.expected {
                    (bar(kind.count, &expected, kind.verdict))
                    span class="quiet sub" {
                        (range(&thousands(expected.low as i64), &thousands(expected.high as i64)))
                        span class="w" { (say::EXPECTED) }
                    }
                } @else { span class="quiet sub" { (say::NOT_KNOWN) } }
            }
            td class="cr" { (chip(kind.verdict)) }
            @if rated {
                td class="num wide" { (rate(kind)) }
                td class="num wide" { (rank(kind.rank)) }
            }
            @if compared { td class="num wide" { (year_before(kind)) } }
        }
    }
}

/// A verdict in words with its sign.
pub(in super::super) fn chip(verdict: Option<Verdict>) -> Markup {
    let style = match verdict {
        Some(Verdict::Higher) => "up",
        Some(Verdict::Lower) => "down",
        Some(Verdict::AsUsual | Verdict::TooFew) | None => "even",
    };
    html! { span class={ "chip chip--" (style) } { (say::verdict(verdict)) } }
}

fn rate(kind: &KindFigures) -> Markup {
    html! {
        @if let Some(rate) = kind.rate {
            (one_decimal(rate.value.get()))
            span class="quiet sub" {
                (range(&one_decimal(rate.low.get()), &one_decimal(rate.high.get())))
            }
            @if let Some(day) = kind.rate_day {
                span class="quiet sub" { (say::by_day(&one_decimal(day.value.get()))) }
            }
            @if let Some(area) = kind.area_rate {
                span class="quiet sub screen-only" { (say::all_wards(&one_decimal(area))) }
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
    html! {
        @if let (Some(earlier), Some(change)) = (kind.earlier, kind.change) {
            span class=(style(change.class)) aria-hidden="true" { (sign(change.class)) }
            span class="hide" { (change.class.label()) }
            " " (thousands(earlier as i64))
            @let ratio = change.ratio.filter(|_| change.class != ChangeClass::TooFewToSay);
            @if let Some((value, ratio)) = ratio.and_then(|r| Some((r.ratio?, r))) {
                span class="quiet sub" { (say::times(value)) }
                span class="quiet sub screen-only" {
                    (say::between(ratio.low, ratio.high))
                }
            } @else {
                span class="quiet sub" { (say::TOO_FEW) }
            }
        } @else { span class="quiet" { (say::NOT_HELD) } }
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
