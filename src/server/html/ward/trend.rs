//! Three years by month, with the range that was expected and marks where recording changed.

use std::fmt::Write as _;

use maud::{Markup, html};

use super::super::chart::years;
use super::super::choice::Choice;
use super::super::english::trend as say;
use super::super::words::{range, thousands};
use crate::pipeline::{MonthFigures, Trend, WardProfile};
use crate::stats::series::{Basis, Usual};

/// The section.
pub(super) fn section(choice: &Choice, profile: &WardProfile) -> Markup {
    let trend = &profile.trend;
    html! {
        section class="trend card" aria-labelledby="trend" {
            h2 class="h2" id="trend" { (say::by_month(choice.types.label())) }
            p class="note" { (sentence(trend)) }
            div class="wide-c" { (drawing(trend, &WIDE)) }
            div class="narrow-c" { (drawing(trend, &NARROW)) }
            (marks_in_words(trend))
            details class="screen-only" {
                summary { (say::TABLE) }
                div class="tw" tabindex="0" role="region" aria-label=(say::TABLE) { (table(trend)) }
            }
        }
    }
}

/// The trend in a narrow column, with its marks in words and its table folded away.
pub(in super::super) fn narrow(trend: &Trend) -> Markup {
    html! {
        (drawing(trend, &NARROW))
        (marks_in_words(trend))
        details class="screen-only" {
            summary { (say::TABLE) }
            div class="tw" tabindex="0" role="region" aria-label=(say::TABLE) { (table(trend)) }
        }
    }
}

/// What the letters of the drawing stand for.
fn marks_in_words(trend: &Trend) -> Markup {
    html! {
        @if !trend.marks.is_empty() {
            ol class="note marks" {
                @for (i, mark) in trend.marks.iter().enumerate() {
                    li { b { (letter(i)) } " " (mark.month.label()) ": " (mark.says) "." }
                }
            }
        }
    }
}

/// How the months of the last year lie, in words: the text of the drawing.
fn sentence(trend: &Trend) -> String {
    let recent: Vec<&MonthFigures> = trend.months.iter().rev().take(12).collect();
    let judged: Vec<(Usual, &MonthFigures)> = recent
        .iter()
        .filter_map(|figures| Some((figures.expected?.place(figures.count?), *figures)))
        .collect();
    if judged.is_empty() {
        return say::TOO_FEW.to_owned();
    }
    let named = |usual: Usual| -> Vec<String> {
        let found = judged.iter().rev().filter(|(place, _)| *place == usual);
        found.map(|(_, figures)| figures.month.label()).collect()
    };
    let outside: Vec<String> = [(Usual::Higher, say::ABOVE), (Usual::Lower, say::BELOW)]
        .into_iter()
        .filter_map(|(usual, place)| say::outside(&named(usual), place))
        .collect();
    let without_season = judged
        .iter()
        .any(|(_, figures)| matches!(figures.expected.map(|e| e.basis), Some(Basis::Months(_))));
    say::last_months(judged.len(), &outside, if without_season { say::WITHOUT_SEASON } else { "" })
}

/// `A`, `B`, ...: marks are few.
fn letter(i: usize) -> char {
    char::from(b'A' + (i % 26) as u8)
}

fn table(trend: &Trend) -> Markup {
    html! {
        table {
            thead {
                tr {
                    th scope="col" { (say::MONTH) }
                    th scope="col" class="num" { (say::COUNT) }
                    th scope="col" class="num" { (say::EXPECTED) }
                    th scope="col" { (say::AGAINST) }
                }
            }
            tbody {
                @for figures in trend.months.iter().rev() {
                    tr {
                        th scope="row" { (figures.month.label()) }
                        td class="num" { (figures.count.map_or(say::NOT_HELD.to_owned(), |n| thousands(n as i64))) }
                        td class="num" {
                            @if let Some(e) = figures.expected {
                                (range(&thousands(e.low as i64), &thousands(e.high as i64)))
                            } @else { "-" }
                        }
                        td {
                            @match figures.expected.zip(figures.count).map(|(e, n)| e.place(n)) {
                                Some(Usual::Higher) => { span class="up" { (say::HIGHER) } }
                                Some(Usual::Lower) => { span class="down" { (say::LOWER) } }
                                Some(Usual::AsUsual) => { (say::AS_USUAL) }
                                None => { span class="quiet" { (say::NOT_KNOWN) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// One size of the drawing.
struct Size {
    width: f64,
    height: f64,
}

const WIDE: Size = Size { width: 640.0, height: 180.0 };
const NARROW: Size = Size { width: 330.0, height: 170.0 };
const LEFT: f64 = 34.0;
const TOP: f64 = 24.0;
/// Room under the drawing for years, and for a line of months above them.
const BOTTOM: f64 = 22.0;
const LINE: f64 = 18.0;
/// Up to so many months are named under the drawing.
const MOST_NAMED: usize = 18;

/// The axes of one drawing.
struct Plot<'a> {
    size: &'a Size,
    n: usize,
    end: f64,
    bottom: f64,
}

impl Plot<'_> {
    fn x(&self, i: usize) -> f64 {
        let step = (self.size.width - LEFT - 10.0) / (self.n.max(2) - 1) as f64;
        LEFT + step * i as f64
    }

    fn y(&self, value: f64) -> f64 {
        let height = self.size.height - TOP - self.bottom;
        TOP + height * (1.0 - value / self.end)
    }
}

fn drawing(trend: &Trend, size: &Size) -> Markup {
    let highs =
        trend.months.iter().map(|m| m.expected.map_or(0, |e| e.high).max(m.count.unwrap_or(0)));
    let (step, end) = scale(highs.max().unwrap_or(0) as f64);
    let named = trend.months.len() <= MOST_NAMED;
    let bottom = if named { BOTTOM + LINE } else { BOTTOM };
    let plot = Plot { size, n: trend.months.len(), end, bottom };
    let ticks = (0..).map(|i| f64::from(i) * step).take_while(|tick| *tick <= end * 1.001);
    let months: Vec<_> = trend.months.iter().map(|figures| figures.month).collect();
    let last =
        trend.months.iter().enumerate().rev().find_map(|(i, m)| Some((i, m.count?, m.month)));
    html! {
        svg viewBox=(format!("0 0 {} {}", size.width, size.height)) aria-hidden="true" {
            @for tick in ticks {
                path class="c-grid" d=(format!("M{LEFT} {0:.1}H{1:.1}", plot.y(tick), size.width - 10.0)) {}
                text class="c-text" text-anchor="end" x=(LEFT - 6.0) y=(format!("{:.1}", plot.y(tick) + 4.0)) {
                    (thousands(tick.round() as i64))
                }
            }
            @if named {
                @for (i, month) in months.iter().enumerate() {
                    text class="c-text" text-anchor="middle" x=(format!("{:.1}", plot.x(i)))
                        y=(size.height - 6.0 - LINE) { (month.label().chars().next().unwrap_or(' ')) }
                }
            }
            @for i in years(&months, plot.x(1) - plot.x(0)) {
                text class="c-text" x=(format!("{:.1}", plot.x(i))) y=(size.height - 6.0) {
                    (months[i].year())
                }
            }
            (band(trend, &plot))
            (line(trend, &plot))
            (marks(trend, &plot))
            @if let Some((i, count, month)) = last {
                text class="c-text c-text--b" text-anchor="end" x=(size.width - 2.0) y="15" {
                    (month.label()) ": " (thousands(count as i64))
                }
                path class="c-lead" d=(format!("M{0:.1} 18V{1:.1}", plot.x(i), (plot.y(count as f64) - 7.0).max(19.0))) {}
            }
        }
    }
}

/// A step and an end for an axis from zero: four to five round steps.
fn scale(most: f64) -> (f64, f64) {
    let rough = (most / 4.0).max(1.0);
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].map(|s| s * power);
    let step = step.into_iter().find(|s| *s >= rough && s.fract() == 0.0).unwrap_or(rough.ceil());
    (step, (most / step).ceil().max(1.0) * step)
}

/// Runs of months for which `value` is known, with their places.
fn runs<T>(
    months: &[MonthFigures],
    value: impl Fn(&MonthFigures) -> Option<T>,
) -> Vec<Vec<(usize, T)>> {
    let mut runs: Vec<Vec<(usize, T)>> = vec![Vec::new()];
    for (i, figures) in months.iter().enumerate() {
        match value(figures) {
            Some(value) => {
                if let Some(run) = runs.last_mut() {
                    run.push((i, value));
                }
            }
            None => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

fn band(trend: &Trend, plot: &Plot<'_>) -> Markup {
    let mut data = String::new();
    for run in runs(&trend.months, |m| m.expected.map(|e| (e.low as f64, e.high as f64))) {
        let mut letter = 'M';
        for &(i, (_, high)) in &run {
            let _ = write!(data, "{letter}{:.1} {:.1}", plot.x(i), plot.y(high));
            letter = 'L';
        }
        for &(i, (low, _)) in run.iter().rev() {
            let _ = write!(data, "L{:.1} {:.1}", plot.x(i), plot.y(low));
        }
        data.push('Z');
    }
    html! { path class="c-band" d=(data) {} }
}

fn line(trend: &Trend, plot: &Plot<'_>) -> Markup {
    let mut data = String::new();
    for run in runs(&trend.months, |m| m.count.map(|n| n as f64)) {
        let mut letter = 'M';
        for &(i, count) in &run {
            let _ = write!(data, "{letter}{:.1} {:.1}", plot.x(i), plot.y(count));
            letter = 'L';
        }
    }
    let outside = trend.months.iter().enumerate().filter_map(|(i, m)| {
        let place = m.expected?.place(m.count?);
        let class = match place {
            Usual::Higher => "c-dot c-dot--up",
            Usual::Lower => "c-dot c-dot--down",
            Usual::AsUsual => return None,
        };
        Some((i, m.count?, class))
    });
    html! {
        path class="c-line" d=(data) {}
        @for (i, count, class) in outside {
            circle class=(class) r="4.5" cx=(format!("{:.1}", plot.x(i)))
                cy=(format!("{:.1}", plot.y(count as f64))) {}
        }
    }
}

/// Dashed lines with letters; their words stand below.
fn marks(trend: &Trend, plot: &Plot<'_>) -> Markup {
    html! {
        @for (i, mark) in trend.marks.iter().enumerate() {
            @if let Some(at) = trend.months.iter().position(|m| m.month == mark.month) {
                @let x = format!("{:.1}", plot.x(at));
                path class="c-mark" d=(format!("M{x} {TOP}V{:.1}", plot.size.height - plot.bottom)) {}
                text class="c-text c-text--b" text-anchor="middle" x=(x) y=(TOP - 4.0) { (letter(i)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::series::ExpectedTotal;

    fn figures(month: &str, count: Option<u64>, range: Option<(u64, u64)>) -> MonthFigures {
        let expected = range.map(|(low, high)| ExpectedTotal {
            expected: (low + high) as f64 / 2.0,
            low,
            high,
            basis: Basis::Years(2),
            dispersion: 1.0,
        });
        MonthFigures { month: month.parse().unwrap(), count, expected }
    }

    #[test]
    fn axes_end_at_round_numbers() {
        assert_eq!(scale(154.0), (50.0, 200.0));
        assert_eq!(scale(3.0), (1.0, 3.0));
        assert_eq!(scale(0.0), (1.0, 1.0));
        assert_eq!(scale(1100.0), (500.0, 1500.0));
    }

    #[test]
    fn months_outside_their_range_are_named() {
        let months = vec![
            figures("2025-01", Some(5), Some((3, 9))),
            figures("2025-02", Some(12), Some((3, 9))),
            figures("2025-03", None, Some((3, 9))),
        ];
        let trend = Trend { months, marks: Vec::new() };

        let words = sentence(&trend);

        assert_eq!(
            words,
            "Of the last 2 months, Feb 2025 was above the range expected of it. The range is shaded."
        );
    }

    #[test]
    fn few_months_are_named() {
        let months = |n: i32| -> Vec<MonthFigures> {
            let first: crate::time::Month = "2025-01".parse().unwrap();
            (0..n).map(|i| figures(&first.plus(i).to_string(), Some(5), None)).collect()
        };
        let named = |n| {
            let drawn =
                drawing(&Trend { months: months(n), marks: Vec::new() }, &WIDE).into_string();
            "JFMAMJJASOND".chars().filter(|c| drawn.contains(&format!(">{c}</text>"))).count()
        };

        assert_eq!(named(12), 12);
        assert_eq!(named(36), 0);
    }

    #[test]
    fn a_month_that_is_not_held_breaks_the_line() {
        let months = vec![
            figures("2025-01", Some(5), None),
            figures("2025-02", None, None),
            figures("2025-03", Some(7), None),
        ];
        let drawn = drawing(&Trend { months, marks: Vec::new() }, &WIDE).into_string();

        let line = drawn.split("c-line\" d=\"").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(line.matches('M').count(), 2, "{line}");
    }
}
