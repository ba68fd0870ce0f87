//! When: hour by weekday, the hours that hold half outlined, with its own table.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use maud::{Markup, html};

use super::english::clock as say;
use super::words::{one_decimal, percent, thousands};
use crate::pipeline::Hours;
use crate::stats::time_of_day::WEEKDAYS;
use crate::time::HoursOfWeek;

/// Lower edges of the classes, in multiples of the mean hour.
const EDGES: [f64; 7] = [0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0];

/// Fewest records with a time whose busiest hours are told in the answer.
pub(super) const FEWEST_TIMED: u64 = 50;

/// What stands where no record has a time.
pub(super) fn no_hours() -> Markup {
    html! {
        p class="note" { (say::NO_HOURS) }
    }
}

/// The clock with its sentence, its key and its table.
pub(super) fn drawn(hours: &Hours, chosen: HoursOfWeek, table_name: &str) -> Markup {
    html! {
        p class="note" {
            @if !chosen.is_all() {
                (say::OF_EVERY_HOUR[0]) b { (chosen) } (say::OF_EVERY_HOUR[1])
            }
            @if let Some(peak) = &hours.peak {
                (say::half(peak.hours.len()))
            }
            (say::SPREAD)
            @let untimed = (hours.untimed > 0).then(|| thousands(hours.untimed as i64));
            (say::timed(&thousands(hours.timed as i64), untimed.as_deref()))
            @if hours.timed < FEWEST_TIMED { (say::FEW) }
        }
        (clock(hours, (!chosen.is_all()).then_some(chosen)))
        p class="note clock__key" {
            (say::TIMES_THE_MEAN)
            @for (i, edge) in EDGES.iter().enumerate() {
                span class="clock__sw" {
                    svg width="14" height="12" viewBox="0 0 14 12" aria-hidden="true" {
                        rect class=(format!("sc-{}", i + 1)) width="14" height="12" rx="2" {}
                    }
                    (edge) @if i + 1 == EDGES.len() { "+" }
                }
                " "
            }
        }
        details class="screen-only" {
            summary { (say::TABLE) }
            div class="tw" tabindex="0" role="region" aria-label=(table_name) { (table(hours)) }
        }
    }
}

/// Class of an hour, 1 to 7; 0 where it is under half of the mean.
pub(super) fn class(weight: f64, mean: f64) -> usize {
    if mean <= 0.0 {
        return 0;
    }
    EDGES.iter().filter(|edge| weight >= **edge * mean).count()
}

const CELL: f64 = 13.0;
const LEFT: f64 = 32.0;

/// The clock drawn; with a choice of hours, those outlined in the colour of what is chosen.
pub(super) fn clock(hours: &Hours, chosen: Option<HoursOfWeek>) -> Markup {
    let mean = hours.weights.iter().sum::<f64>() / hours.weights.len().max(1) as f64;
    let (width, height) = (LEFT + 24.0 * CELL + 2.0, 7.0 * CELL + 16.0);
    html! {
        svg class="clock" viewBox=(format!("0 0 {width} {height}")) aria-hidden="true" {
            @for (day, name) in WEEKDAYS.iter().enumerate() {
                text class="c-text" x="0" y=(format!("{:.1}", day as f64 * CELL + 10.5)) { (name) }
                @for hour in 0..24 {
                    rect class=(format!("sc-{}", class(hours.weights[day * 24 + hour], mean)))
                        x=(LEFT + hour as f64 * CELL + 0.5) y=(day as f64 * CELL + 0.5)
                        width=(CELL - 1.0) height=(CELL - 1.0) rx="1.5" {}
                }
            }
            @if let Some(peak) = &hours.peak {
                path class="clock__peak" d=(outline(&peak.hours)) {}
            }
            @if let Some(chosen) = chosen {
                @let inside: Vec<usize> = (0..168).filter(|&hour| chosen.contains(hour)).collect();
                path class="clock__chosen" d=(outline(&inside)) {}
            }
            @for hour in [0, 6, 12, 18, 24] {
                text class="c-text" text-anchor=(match hour { 0 => "start", 24 => "end", _ => "middle" })
                    x=(LEFT + f64::from(hour) * CELL) y=(height - 3.0) { (format!("{hour:02}")) }
            }
        }
    }
}

/// Sides of these hours that border an hour not among them.
fn outline(hours: &[usize]) -> String {
    let inside: BTreeSet<(i32, i32)> =
        hours.iter().map(|&h| ((h % 24) as i32, (h / 24) as i32)).collect();
    let mut data = String::new();
    for &(hour, day) in &inside {
        let (x, y) = (LEFT + f64::from(hour) * CELL, f64::from(day) * CELL);
        let (right, below) = (x + CELL, y + CELL);
        for (there, from, way) in [
            ((hour, day - 1), (x, y), format!("H{right}")),
            ((hour, day + 1), (x, below), format!("H{right}")),
            ((hour - 1, day), (x, y), format!("V{below}")),
            ((hour + 1, day), (right, y), format!("V{below}")),
        ] {
            if !inside.contains(&there) {
                let _ = write!(data, "M{} {}{way}", from.0, from.1);
            }
        }
    }
    data
}

/// Hours to choose on the clock itself, with its table folded away. Script makes the drawing one stop
/// of the keyboard; without it the lists of days and hours do the same.
pub(super) fn picker(hours: &Hours, chosen: HoursOfWeek) -> Markup {
    let weights: Vec<String> = hours.weights.iter().map(|weight| format!("{weight:.1}")).collect();
    html! {
        div class="clockpick" id="clock" data-key="clock" data-weights=(weights.join(","))
            data-left=(LEFT) data-cell=(CELL) {
            (clock(hours, (!chosen.is_all()).then_some(chosen)))
        }
        details class="screen-only" {
            summary { (say::TABLE) }
            div class="tw" tabindex="0" role="region" aria-label=(say::TABLE) { (table(hours)) }
        }
    }
}

fn table(hours: &Hours) -> Markup {
    let total: f64 = hours.weights.iter().sum();
    html! {
        table {
            caption class="hide" { (say::CAPTION) }
            thead {
                tr {
                    th scope="col" { (say::HOUR) }
                    @for day in WEEKDAYS { th scope="col" class="num" { (day) } }
                    th scope="col" class="num" { (say::SHARE) }
                }
            }
            tbody {
                @for hour in 0..24 {
                    tr {
                        th scope="row" { (format!("{hour:02}:00")) }
                        @for day in 0..7 { td class="num" { (one_decimal(hours.weights[day * 24 + hour])) } }
                        td class="num quiet" {
                            (percent((0..7).map(|day| hours.weights[day * 24 + hour]).sum::<f64>() / total.max(1e-9)))
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_multiples_of_the_mean_hour() {
        assert_eq!(
            [0.4, 0.5, 1.2, 2.0, 5.9, 60.0].map(|weight| class(weight, 1.0)),
            [0, 1, 2, 4, 6, 7]
        );
        assert_eq!(class(0.0, 0.0), 0);
    }

    #[test]
    fn the_outline_goes_round_neighbours_together() {
        assert_eq!(outline(&[0]).matches('M').count(), 4);
        assert_eq!(outline(&[0, 1]).matches('M').count(), 6);
        assert_eq!(
            outline(&[23, 24]).matches('M').count(),
            8,
            "midnight is the edge of the drawing"
        );
    }
}
