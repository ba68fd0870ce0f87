//! An area of the reader's own, an outline, a circle or some wards or LSOAs, and what is recorded in
//! it: how many, is it more than usual, of what kind, in which months and hours.
//!
//! Data made for an audience tell positions as the middles of cells, each in steps of enough records:
//! an outline then stands for the whole cells whose middle it holds, so the counts of any two areas
//! differ by a sum of such steps, whatever their outlines are.

use std::collections::HashSet;

use geo::{Rect, coord};
use rayon::prelude::*;
use thiserror::Error;

use crate::aggregate::Confidence;
use crate::context::DatedNote;
use crate::crs::Bng;
use crate::geometry::Shape;
use crate::incident::{CRIME_TYPES, CrimeTypeIdx, CrimeTypes};
use crate::layer::english::{head, unit};
use crate::quantity::{Metres, SquareMetres};
use crate::stats::series::{ExpectedTotal, SeasonalOptions, expected_total};
use crate::stats::{Change, change};
use crate::store::Dataset;
use crate::table::{Column, Table, Value};
use crate::time::{Month, Window};
use crate::units::Locator;

use super::coverage::Coverage;
use super::english::ward as say;
use super::rows::Rows;
use super::ward_profile::{MonthFigures, Trend, Verdict, source_marks};
use super::{AnalysisRequest, Hours, ground};

mod choice;

pub use choice::{AreaChoice, AreaChoiceError};

/// Positions known less finely than this are in no drawn area.
const FINEST: Metres = Metres::new(250.0);
/// Months shown.
const SHOWN: i32 = 36;

/// Why an area has no figures.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum AreaError {
    /// An outline that holds nothing of the study area.
    #[error("the area lies outside {0}")]
    Outside(String),
    /// An outline too small to hold a cell.
    #[error(
        "the area holds the middle of no cell of {0}, in which these data are told; a larger one would"
    )]
    NoCell(Metres),
    /// A ward or LSOA that there is not.
    #[error("there is no {kind} `{code}` in these data")]
    NoUnit {
        /// Kind of unit.
        kind: &'static str,
        /// Code asked for.
        code: String,
    },
    /// LSOAs of data whose records are in none.
    #[error("the records of these data are in no {0}")]
    NotTold(&'static str),
}

/// What is recorded in an area of the reader's own.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnArea {
    /// The area, as it was asked for.
    pub choice: AreaChoice,
    /// Incidents counted.
    pub types: CrimeTypes,
    /// Months counted.
    pub window: Window,
    /// The ground that is counted.
    pub shape: Shape,
    /// How large that is.
    pub size: SquareMetres,
    /// Side of the whole cells it is made of, where the data are told by cell.
    pub cells: Option<Metres>,
    /// Incidents in it.
    pub count: u64,
    /// Incidents of the choice in the study area.
    pub of: u64,
    /// Of those, the ones whose place is not known finely enough to be in any outline.
    pub unplaced: u64,
    /// What the months before the window led to expect; none where months are not told by place.
    pub expected: Option<ExpectedTotal>,
    /// Count against that range.
    pub verdict: Option<Verdict>,
    /// Incidents in the same months a year earlier, where both are held whole.
    pub earlier: Option<u64>,
    /// Count over the earlier count.
    pub change: Option<Change>,
    /// Every type with records in the window, most first.
    pub kinds: Vec<(CrimeTypes, u64)>,
    /// The partnership's priorities that have records; one record may be of several.
    pub priorities: Vec<(CrimeTypes, u64)>,
    /// Up to three years, in steps of `period` months.
    pub trend: Trend,
    /// Months of a step of the trend: 1, or as many as the data are told in.
    pub period: u8,
    /// Every hour of the week; `None` where only months are known.
    pub hours: Option<Hours>,
}

/// What is recorded in `choice` under `request` (types, window, source). The same arguments give the
/// same figures at any number of threads.
///
/// # Errors
///
/// [`AreaError`] if the area is none of these data; otherwise if the window holds no data.
pub fn own_area(
    choice: &AreaChoice,
    request: &AnalysisRequest,
    data: &Dataset,
) -> anyhow::Result<OwnArea> {
    request.check()?;
    let request = &request.resolved(data)?;
    let (window, held) = super::window(request, data)?;
    let types = request.crime_types;
    let rule = data.provenance.disclosure.as_ref().map(|disclosure| &disclosure.rule);
    let drawn = Drawn::of(choice, data, rule.map(|rule| rule.cell))?;
    let inside = drawn.holds(data);
    let incidents = &data.incidents;
    let source = request.source.as_deref();
    let taken = Rows::of(request, incidents, window)?;

    let all: Vec<usize> = (0..incidents.len()).filter(|&i| taken.takes(i)).collect();
    let mut by_type = vec![0u64; CRIME_TYPES.len()];
    let mut by_month = vec![0u64; held.n_months()];
    let (mut of, mut unplaced) = (0, 0);
    for &i in &all {
        let (kind, month) = (incidents.crime_type(i), incidents.month(i));
        let (in_types, in_window) = (types.contains(kind), window.contains(month));
        if in_types && in_window {
            of += 1;
            unplaced += u64::from(!drawn.by_code() && drawn.place(data, i).is_none());
        }
        if inside[i] {
            by_type[kind.index()] += u64::from(in_window);
            by_month[month.since(held.first()) as usize] += u64::from(in_types);
        }
    }
    let coverage = Coverage::of(incidents, types, source);
    let earlier = Some(window.year_earlier())
        .filter(|earlier| coverage.is_whole(*earlier) && coverage.is_whole(window));
    let sum = |window: Window| -> u64 {
        let within = window.months().filter(|month| held.contains(*month));
        within.map(|month| by_month[month.since(held.first()) as usize]).sum()
    };
    let count = sum(window);
    let earlier = earlier.map(sum);
    let period = rule.map_or(1, |rule| rule.period);
    let wards = drawn.wards();
    let notes = (data.context.notes.as_slice(), wards.as_slice());
    let months = Months { held, window, counts: &by_month, coverage: &coverage, notes };
    let expected = (period == 1).then(|| months.expected()).flatten();
    let rows = taken.at_any_hour(types, window).filter(|&i| inside[i]);
    let mut kinds: Vec<(CrimeTypes, u64)> = CrimeTypeIdx::all()
        .map(|one| (CrimeTypes::One(one), by_type[one.index()]))
        .filter(|&(_, count)| count > 0)
        .collect();
    kinds.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    let priorities = data.priorities.iter().map(|set| CrimeTypes::Priority(set));
    let priorities = priorities.map(|set| {
        let of = |one: &CrimeTypeIdx| set.contains(*one);
        (set, CrimeTypeIdx::all().filter(of).map(|one| by_type[one.index()]).sum())
    });
    let priorities = priorities.filter(|&(_, count): &(_, u64)| count > 0).collect();
    Ok(OwnArea {
        choice: choice.clone(),
        types,
        window,
        size: drawn.shape.area(),
        cells: drawn.cells,
        count,
        of,
        unplaced,
        expected,
        verdict: expected.map(|expected| Verdict::of(count, &expected)),
        earlier,
        change: earlier.map(|earlier| change(count, earlier, Confidence::P95)),
        kinds,
        priorities,
        trend: months.trend(types, period),
        period,
        hours: Hours::of(incidents, rows),
        shape: drawn.shape,
    })
}

/// An area on the ground of these data.
struct Drawn {
    shape: Shape,
    /// Side of the cells it is made of.
    cells: Option<Metres>,
    /// Side, and column and row of each, where it is made of squares of a map.
    squares: Option<(Metres, HashSet<(i64, i64)>)>,
    /// Kind and codes, where it is made of units.
    units: Option<(&'static str, HashSet<String>)>,
}

impl Drawn {
    fn of(choice: &AreaChoice, data: &Dataset, cell: Option<Metres>) -> Result<Self, AreaError> {
        if let AreaChoice::Units { kind, codes } = choice
            && choice.is_by_code()
        {
            return Self::of_units(kind, codes, data);
        }
        let outline = choice.outline();
        let squares = choice.squares();
        let bounds = outline.bounds().zip(data.study_area.bounds());
        let apart = bounds.is_none_or(|(own, all)| {
            let off = |low: f64, high: f64, from: f64, to: f64| high < from || to < low;
            off(own.min.easting(), own.max.easting(), all.min.easting(), all.max.easting())
                || off(
                    own.min.northing(),
                    own.max.northing(),
                    all.min.northing(),
                    all.max.northing(),
                )
        });
        if apart || outline.intersection(&data.study_area).area().get() <= 0.0 {
            return Err(AreaError::Outside(data.name.clone()));
        }
        let shape = match cell {
            None => outline,
            Some(side) => {
                whole_cells(&outline, side, &data.study_area).ok_or(AreaError::NoCell(side))?
            }
        };
        // Told by cell, an area of any other squares is an outline like another.
        let squares = squares.filter(|_| cell.is_none());
        Ok(Self { shape, cells: cell, squares, units: None })
    }

    fn of_units(kind: &'static str, codes: &[String], data: &Dataset) -> Result<Self, AreaError> {
        let areas = data.layers.iter().find(|layer| layer.kind == kind);
        let mut shapes = Vec::new();
        for code in codes {
            let area = areas.and_then(|layer| layer.areas.iter().find(|area| area.code == *code));
            let area = area.ok_or_else(|| AreaError::NoUnit { kind, code: code.clone() })?;
            shapes.push(&area.shape);
        }
        let incidents = &data.incidents;
        if kind == "lsoa" && (0..incidents.len()).all(|i| incidents.lsoa(i).is_none()) {
            return Err(AreaError::NotTold(kind));
        }
        let units = Some((kind, codes.iter().cloned().collect()));
        Ok(Self { shape: Shape::union_of(shapes), cells: None, squares: None, units })
    }

    /// Codes of the wards that it is made of, where it is.
    fn wards(&self) -> Vec<String> {
        let wards = self.units.iter().filter(|(kind, _)| *kind == "ward");
        wards.flat_map(|(_, codes)| codes.iter().cloned()).collect()
    }

    /// Whether records are counted by the code of their ward or LSOA.
    fn by_code(&self) -> bool {
        self.units.is_some()
    }

    /// Where row `i` was, if that is known finely enough.
    fn place(&self, data: &Dataset, i: usize) -> Option<Bng> {
        let finest = match &self.squares {
            Some((side, _)) => side.get(),
            None => self.cells.map_or(FINEST.get(), |side| side.get().max(FINEST.get())),
        };
        ground::mappable(&data.incidents, i, Metres::new(finest))
    }

    /// `[n_incidents]`: whether each is in the area; an edge counts as inside.
    fn holds(&self, data: &Dataset) -> Vec<bool> {
        let incidents = &data.incidents;
        let rows = (0..incidents.len()).into_par_iter();
        if let Some((kind, codes)) = &self.units {
            let code_of = |i| if *kind == "ward" { incidents.ward(i) } else { incidents.lsoa(i) };
            return rows.map(|i| code_of(i).is_some_and(|code| codes.contains(code))).collect();
        }
        if let Some((side, squares)) = &self.squares {
            let whole = |metres: f64| (metres / side.get()).floor() as i64;
            let square = |at: Bng| (whole(at.easting()), whole(at.northing()));
            let inside = |i| self.place(data, i).is_some_and(|at| squares.contains(&square(at)));
            return rows.map(inside).collect();
        }
        let locator = Locator::polygons(std::slice::from_ref(&self.shape));
        rows.map(|i| self.place(data, i).is_some_and(|at| locator.locate(at).is_some())).collect()
    }
}

/// The whole cells on and beside `ground` whose middle lies in `outline`; none where there is no such
/// cell. However far an outline reaches, no cell beyond the ground is looked at.
fn whole_cells(outline: &Shape, side: Metres, ground: &Shape) -> Option<Shape> {
    let (own, all, side) = (outline.bounds()?, ground.bounds()?, side.get());
    let range = |own: (f64, f64), all: (f64, f64)| {
        let (low, high) = (own.0.max(all.0 - side), own.1.min(all.1 + side));
        (low / side).floor() as i64..=(high / side).floor() as i64
    };
    let easting = |at: Bng| at.easting();
    let northing = |at: Bng| at.northing();
    let columns = range((easting(own.min), easting(own.max)), (easting(all.min), easting(all.max)));
    let rows =
        range((northing(own.min), northing(own.max)), (northing(all.min), northing(all.max)));
    let inside = |column: i64, row: i64| {
        let middle = |at: i64| (at as f64 + 0.5) * side;
        outline.covers(Bng::new(middle(column), middle(row)))
    };
    // Cells side by side are one rectangle: far fewer to unite.
    let runs: Vec<Shape> = rows
        .into_par_iter()
        .flat_map_iter(|row| {
            let held: Vec<i64> = columns.clone().filter(|&column| inside(column, row)).collect();
            let together = held.chunk_by(|a, b| a + 1 == *b).map(|run| {
                let (west, east) =
                    (run[0] as f64 * side, (run[0] as f64 + run.len() as f64) * side);
                let (south, north) = (row as f64 * side, (row as f64 + 1.0) * side);
                let rect = Rect::new(coord! { x: west, y: south }, coord! { x: east, y: north });
                Shape::new(rect.to_polygon().into())
            });
            together.collect::<Vec<_>>()
        })
        .collect();
    (!runs.is_empty()).then(|| Shape::union_of(&runs))
}

/// Counts of the chosen types by month.
struct Months<'a> {
    held: Window,
    window: Window,
    counts: &'a [u64],
    coverage: &'a Coverage<'a>,
    notes: (&'a [DatedNote], &'a [String]),
}

impl Months<'_> {
    /// Counts to the end of the window; none for a month that a source lacks.
    fn series(&self) -> Vec<Option<u64>> {
        let until = self.window.last().min(self.held.last());
        let months = self.held.months().filter(|month| *month <= until);
        let whole = |month: Month| self.coverage.is_whole(Window::of(month));
        months.zip(self.counts).map(|(month, &count)| whole(month).then_some(count)).collect()
    }

    fn expected(&self) -> Option<ExpectedTotal> {
        expected_total(&self.series(), self.window.n_months(), &SeasonalOptions::default())
    }

    fn trend(&self, types: CrimeTypes, period: u8) -> Trend {
        let (series, step) = (self.series(), usize::from(period.max(1)));
        let first = self.window.last().plus(1 - SHOWN);
        let of = |(i, counts): (usize, &[Option<u64>])| {
            let last = (i + 1) * step;
            MonthFigures {
                month: self.held.first().plus((i * step) as i32),
                count: counts.iter().copied().sum(),
                expected: (step == 1)
                    .then(|| expected_total(&series[..last], 1, &SeasonalOptions::default()))
                    .flatten(),
            }
        };
        let steps = series.chunks_exact(step).enumerate().map(of);
        let months: Vec<MonthFigures> = steps.filter(|figures| figures.month >= first).collect();
        let marks = source_marks(self.coverage, types, &months, self.notes);
        Trend { months, marks }
    }
}

impl OwnArea {
    /// The figures as tables, for files: kinds, months and hours.
    pub fn tables(&self) -> Vec<Table> {
        let row = |&(types, count): &(CrimeTypes, u64)| {
            vec![types.to_string().into(), types.label().into(), Value::Count(count as i64)]
        };
        let counts = |id: &str, title: &str, of: &[(CrimeTypes, u64)]| Table {
            id: id.to_owned(),
            title: title.to_owned(),
            columns: vec![
                Column::new("type", head::KIND, "", 0),
                Column::new("label", head::KIND_IN_WORDS, "", 0),
                Column::new("count", head::COUNT, unit::INCIDENTS, 0),
            ],
            rows: of.iter().map(row).collect(),
        };
        let kinds = counts("kinds", say::BY_KIND, &self.kinds);
        let whole = |n: Option<u64>| Value::count(n.map(|n| n as i64));
        let row = |month: &MonthFigures| {
            vec![
                month.month.to_string().into(),
                whole(month.count),
                whole(month.expected.map(|expected| expected.low)),
                whole(month.expected.map(|expected| expected.high)),
            ]
        };
        let months = Table {
            id: "months".to_owned(),
            title: say::BY_MONTH.to_owned(),
            columns: vec![
                Column::new(
                    "month",
                    if self.period == 1 { head::MONTH } else { head::FROM },
                    "",
                    0,
                ),
                Column::new("count", head::COUNT, unit::INCIDENTS, 0),
                Column::new("expected_low", head::EXPECTED_LOWER, unit::INCIDENTS, 0),
                Column::new("expected_high", head::EXPECTED_UPPER, unit::INCIDENTS, 0),
            ],
            rows: self.trend.months.iter().map(row).collect(),
        };
        let hours = self.hours.as_ref().map(|hours| hours.table("hours", say::BY_HOUR_AND_WEEKDAY));
        let priorities = (!self.priorities.is_empty())
            .then(|| counts("priorities", say::BY_PRIORITY, &self.priorities));
        [kinds, months].into_iter().chain(priorities).chain(hours).collect()
    }
}

#[cfg(test)]
mod tests;
