//! Small drawings: whiskers, month bars, signs and swatches. All colour comes from classes, so that
//! both schemes and print follow the style sheet.

use maud::{Markup, html};

use super::rows::{OfMonth, Ranged};
use super::words::thousands;
use crate::time::{Month, Window};

/// A shared axis from zero to a round number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Axis {
    /// Value at its right end.
    pub end: f64,
}

/// Width of a whisker's drawing.
const WHISKER: f64 = 76.0;
/// Room for the dot on either side of the axis.
const DOT: f64 = 4.0;

impl Axis {
    /// An axis for these upper ends: it holds nine in ten of them, and all of them where the
    /// largest is less than half as far again.
    pub(super) fn for_upper_ends(ends: impl IntoIterator<Item = f64>) -> Self {
        let mut ends: Vec<f64> = ends.into_iter().filter(|end| end.is_finite()).collect();
        ends.sort_by(f64::total_cmp);
        let Some(&most) = ends.last() else { return Self { end: 1.0 } };
        let ninth = ends[(ends.len() - 1) * 9 / 10];
        Self { end: round_up(if most <= ninth * 1.5 { most } else { ninth }) }
    }

    /// The largest value on it; what lies beyond is an arrow.
    pub(super) const fn end(self) -> f64 {
        self.end
    }

    fn x(self, value: f64) -> f64 {
        DOT + (value / self.end).clamp(0.0, 1.0) * (WHISKER - 2.0 * DOT)
    }
}

/// The next of 1, 1.2, 1.6, 2, 3, 4, 5, 6, 8 times a power of ten.
fn round_up(x: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(x.log10().floor());
    let steps = [1.0, 1.2, 1.6, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    let step = steps.into_iter().find(|step| step * power >= x * (1.0 - 1e-9)).unwrap_or(10.0);
    step * power
}

/// Labels of an axis: zero, middle and end.
pub(super) fn axis(axis: Axis) -> Markup {
    let label = |x: f64| {
        if axis.end < 10.0 && x.fract() != 0.0 {
            format!("{x:.1}")
        } else {
            thousands(x.round() as i64)
        }
    };
    html! {
        svg width="76" height="14" viewBox="0 0 76 14" aria-hidden="true" {
            text class="c-text" x="4" y="11" text-anchor="middle" { "0" }
            text class="c-text" x="38" y="11" text-anchor="middle" { (label(axis.end / 2.0)) }
            text class="c-text" x="76" y="11" text-anchor="end" { (label(axis.end)) }
        }
    }
}

/// A rate as a dot on its 95% line; an arrow where it lies beyond the axis.
pub(super) fn whisker(rate: Ranged, axis: Axis) -> Markup {
    let (low, dot, high) = (axis.x(rate.low), axis.x(rate.value), axis.x(rate.high));
    html! {
        svg width="76" height="18" viewBox="0 0 76 18" aria-hidden="true" {
            path class="c-whisk" d={ (format!("M{low:.1} 9H{high:.1}")) } {}
            @if rate.value > axis.end {
                path class="c-dot" d="M70 5l6 4l-6 4z" {}
            } @else {
                circle class="c-dot" cx=(format!("{dot:.1}")) cy="9" r="4" {}
            }
        }
    }
}

/// Width of a rank's drawing.
const RANKS: f64 = 104.0;

fn rank_x(rank: f64, of: usize) -> f64 {
    let last = (of.max(2) - 1) as f64;
    6.0 + (rank - 1.0).clamp(0.0, last) / last * (RANKS - 12.0)
}

/// Labels of the axis of ranks; `top` is the last place of the top of the ranking, whose line
/// [`rank`] draws.
pub(super) fn rank_axis(of: usize, top: Option<usize>) -> Markup {
    let middle = top.unwrap_or(of.div_ceil(2));
    html! {
        svg width="104" height="14" viewBox="0 0 104 14" aria-hidden="true" {
            text class="c-text" x="6" y="11" text-anchor="middle" { "1" }
            @if middle > 1 && middle < of {
                text class="c-text" x=(format!("{:.1}", rank_x(middle as f64, of))) y="11"
                    text-anchor="middle" { (middle) }
            }
            @if of > 1 { text class="c-text" x="98" y="11" text-anchor="middle" { (of) } }
        }
    }
}

/// A rank as a dot on its 95% line, among `of`, with a line at the last place of the top.
pub(super) fn rank(rank: Ranged, of: usize, top: Option<usize>) -> Markup {
    let x = |rank| format!("{:.1}", rank_x(rank, of));
    html! {
        svg width="104" height="18" viewBox="0 0 104 18" aria-hidden="true" {
            path class="c-rule" d="M6 9H98" {}
            @if let Some(top) = top { path class="c-top" d={ "M" (x(top as f64)) " 0V18" } {} }
            path class="c-whisk" d={ "M" (x(rank.low)) " 9H" (x(rank.high)) } {}
            circle class="c-dot" cx=(x(rank.value)) cy="9" r="4" {}
        }
    }
}

/// The number of a hotspot, as it stands on the map.
pub(super) fn badge(number: i64) -> Markup {
    html! {
        svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true" {
            circle class="m-badge" cx="11" cy="11" r="10" {}
            text class="m-badgetext" x="11" y="15.3" { (number) }
        }
    }
}

/// A swatch of this class.
pub(super) fn swatch(class: &str) -> Markup {
    html! {
        svg width="22" height="14" viewBox="0 0 22 14" aria-hidden="true" {
            rect class=(class) width="22" height="14" rx="2" {}
        }
    }
}

/// The outline of a hotspot, for the legend.
pub(super) fn hotspot_key() -> Markup {
    html! {
        svg width="22" height="14" viewBox="0 0 22 14" aria-hidden="true" {
            rect class="m-hotcase" x="2" y="2" width="18" height="10" {}
            rect class="m-hot" x="2" y="2" width="18" height="10" {}
        }
    }
}

/// Most bars that each carry their own count and name in the wide drawing.
const FEW: usize = 14;

struct Bars {
    class: &'static str,
    width: f64,
    height: f64,
    each: bool,
    initials: bool,
}

/// Counts by month, the chosen ones marked, in two widths of which the page shows one.
pub(super) fn months(rows: &[OfMonth], chosen: Window) -> Markup {
    let few = rows.len() <= FEW;
    html! {
        (bars(rows, chosen, &Bars {
            class: "wide-c", width: 708.0, height: 58.0, each: few, initials: !few,
        }))
        (bars(rows, chosen, &Bars {
            class: "narrow-c", width: 300.0, height: 80.0, each: false, initials: few,
        }))
    }
}

fn bars(rows: &[OfMonth], chosen: Window, drawing: &Bars) -> Markup {
    let most = rows.iter().filter_map(|row| row.count).max().unwrap_or(0).max(1);
    let slot = drawing.width / rows.len().max(1) as f64;
    let gap = gap(slot);
    let floor = HEAD + drawing.height;
    let months: Vec<Month> = rows.iter().map(|row| row.month).collect();
    let years = years(&months, slot);
    let initials = drawing.initials && slot >= INITIAL;
    let on = |row: &OfMonth| chosen.contains(row.month);
    let whole = floor + if drawing.each { 18.0 } else { 30.0 };
    let first = rows.iter().position(on).unwrap_or(0) as f64;
    let n_chosen = rows.iter().filter(|row| on(row)).count() as f64;
    html! {
        svg class={ "months " (drawing.class) } aria-hidden="true"
            viewBox={ "-4 0 " (drawing.width + 8.0) " " (whole) } {
            @if n_chosen > 0.0 {
                rect class="c-brush" x=(n(first * slot)) y="0" width=(n(n_chosen * slot))
                    height=(n(floor)) {}
            }
            @for (i, row) in rows.iter().enumerate() {
                rect class="c-slot" data-month=(row.month) x=(n(i as f64 * slot)) y="0" width=(n(slot))
                    height=(n(whole)) {}
                (bar(row, i as f64 * slot, slot, most, on(row), drawing))
            }
            @if !drawing.each {
                path class="c-rule" d={ "M0 " (HEAD) "H" (n(drawing.width)) } {}
                text class="c-text" x="0" y="11" { (thousands(most)) }
                @for i in years {
                    text class="c-text" x=(n(i as f64 * slot + gap / 2.0))
                        y=(n(floor + if initials { 27.0 } else { 14.0 })) {
                        (months[i].year())
                    }
                }
            }
        }
    }
}

/// Room that a year takes on an axis, and an initial under a bar.
const YEAR: f64 = 34.0;
const INITIAL: f64 = 10.0;

/// Which of `months`, each as wide as `slot`, say their year: the first of each, where years do not
/// run into one another.
pub(super) fn years(months: &[Month], slot: f64) -> Vec<usize> {
    let starts: Vec<usize> =
        (0..months.len()).filter(|&i| i == 0 || months[i].number() == 1).collect();
    let apart = |from: usize, to: usize| (to - from) as f64 * slot >= YEAR;
    let mut said: Vec<usize> = Vec::new();
    for (k, &start) in starts.iter().enumerate() {
        // A year cut short at the start gives way to the first whole one.
        let cut = k == 0 && months[start].number() != 1;
        let gives_way = cut && starts.get(1).is_some_and(|&next| !apart(start, next));
        if !gives_way && said.last().is_none_or(|&last| apart(last, start)) {
            said.push(start);
        }
    }
    said
}

/// Room above the bars for their counts.
const HEAD: f64 = 14.0;

fn gap(slot: f64) -> f64 {
    (slot * 0.12).clamp(0.8, 8.0)
}

/// One month: its bar and, where there is room, its count and name. A month that is not held has a
/// dash in place of a bar.
fn bar(row: &OfMonth, x: f64, slot: f64, most: i64, on: bool, drawing: &Bars) -> Markup {
    let gap = gap(slot);
    let floor = HEAD + drawing.height;
    let height = drawing.height * row.count.unwrap_or(0) as f64 / most as f64;
    let middle = n(x + slot / 2.0);
    let name = row.month.label();
    html! {
        @if row.count.is_some() {
            rect class=(if on { "c-bar c-bar--on" } else { "c-bar" }) rx="2"
                x=(n(x + gap / 2.0)) y=(n(floor - height)) width=(n(slot - gap)) height=(n(height)) {}
        } @else {
            text class="c-text" x=(middle) y=(n(floor - 3.0)) text-anchor="middle" { "–" }
        }
        @if drawing.each {
            @if let Some(count) = row.count {
                text class=(if on { "c-text c-text--b" } else { "c-text" })
                    x=(middle) y=(n(floor - height - 3.0)) text-anchor="middle" { (thousands(count)) }
            }
            text class="c-text" x=(middle) y=(n(floor + 14.0)) text-anchor="middle" {
                (name.split(' ').next().unwrap_or_default())
            }
        } @else if drawing.initials && slot >= INITIAL {
            text class="c-text" x=(middle) y=(n(floor + 13.0)) text-anchor="middle" {
                (name.chars().next().unwrap_or(' '))
            }
        }
    }
}

/// A coordinate, short.
fn n(x: f64) -> String {
    let text = format!("{x:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    #[test]
    fn an_axis_ends_at_a_round_number_and_leaves_outliers_off() {
        let mut ends: Vec<f64> = (1..=20).map(f64::from).collect();

        assert_relative_eq!(Axis::for_upper_ends(ends.iter().copied()).end, 20.0);

        ends.push(300.0);
        assert_relative_eq!(Axis::for_upper_ends(ends).end, 20.0);
    }

    #[test]
    fn a_rate_beyond_the_axis_is_an_arrow() {
        let rate = |value| Ranged { value, low: value * 0.9, high: value * 1.1 };
        let axis = Axis { end: 20.0 };

        assert!(whisker(rate(30.0), axis).into_string().contains("M70 5l6 4l-6 4z"));
        assert!(whisker(rate(10.0), axis).into_string().contains("<circle"));
    }

    #[test]
    fn ranks_run_from_the_first_to_the_last_place() {
        assert_relative_eq!(rank_x(1.0, 27), 6.0);
        assert_relative_eq!(rank_x(27.0, 27), 98.0);
        assert_relative_eq!(rank_x(1.0, 1), 6.0);
    }

    #[test]
    fn chosen_months_are_marked() {
        let rows: Vec<_> = (1..=12)
            .map(|m| OfMonth {
                month: format!("2025-{m:02}").parse().unwrap(),
                count: Some(m * 10),
            })
            .collect();

        let drawn = months(&rows, "2025-10..2025-12".parse().unwrap()).into_string();

        assert_eq!(drawn.matches("c-bar--on").count(), 6);
    }

    #[test]
    fn years_do_not_run_into_one_another() {
        let from = |first: &str, n: i32| -> Vec<Month> {
            let first: Month = first.parse().unwrap();
            (0..n).map(|i| first.plus(i)).collect()
        };

        // Room for all; a first year of three months; years of 20 pixels, of which every other fits.
        assert_eq!(years(&from("2018-01", 36), 10.0), [0, 12, 24]);
        assert_eq!(years(&from("2018-10", 36), 8.0), [3, 15, 27]);
        assert_eq!(years(&from("2014-01", 60), 20.0 / 12.0), [0, 24, 48]);
        assert_eq!(years(&from("2025-07", 3), 8.0), [0]);
    }

    #[test]
    fn a_month_that_is_not_held_is_a_dash_and_no_bar() {
        let month = |text: &str, count| OfMonth { month: text.parse().unwrap(), count };
        let rows = [month("2025-01", Some(10)), month("2025-02", None)];

        let drawn = months(&rows, "2025-01".parse().unwrap()).into_string();

        assert_eq!(drawn.matches("<rect class=\"c-bar").count(), 2);
        assert_eq!(drawn.matches('–').count(), 2);
    }
}
