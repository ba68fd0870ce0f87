//! One statistic on the places of any file.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use geo::{ConvexHull as _, MultiPoint, MultiPolygon, Point};

use crate::aggregate::{Counts, HarmCounts, count_by_unit, harm_by_code};
use crate::clean::{FormVote, moment};
use crate::crs::Bng;
use crate::geometry::Shape;
use crate::hint::Hint;
use crate::layer::{HowMade, Scored, Subject, scored};
use crate::pipeline::import::unread;
use crate::provenance::{Provenance, SourceFile};
use crate::quantity::Population;
use crate::read::{LoadedFile, ValueGround, ValueRows, ValueSpec, read_values};
use crate::stats::{AnyStatistic, History, Outcome, Repeats, Scores, StatInput, Watch};
use crate::time::{Month, TimeSpan, Window};
use crate::units::{Locator, UnitIdx, UnitSource, Units, unit_kind};
use crate::weights::WeightsFile;
use crate::workspace::{Crs, DateForm};

use super::super::english::statistic as say;
use super::tables::{code_weights, expected_by_strata, named_files, source_file};
use super::{HARM, UnitChoice, method};

/// A file of places to run a statistic on.
#[derive(Debug, Clone)]
pub struct PlacesFile {
    /// Where it is.
    pub path: PathBuf,
    /// Which columns hold what.
    pub spec: ValueSpec,
    /// File of outlines that bound what is studied, for points; their convex hull where absent.
    pub study_area: Option<PathBuf>,
    /// Months its records are of, where rates and densities should be by the year.
    pub window: Option<Window>,
    /// Cells that points are counted in.
    pub units: UnitChoice,
    /// File of a second set of points, in the same columns, to compare with.
    pub against: Option<PathBuf>,
}

/// Runs one statistic on the places of a file.
///
/// # Errors
///
/// If the file cannot be read, its places do not fit the statistic, or the statistic refuses.
pub fn score_file(
    chosen: &dyn AnyStatistic,
    options: &serde_json::Value,
    request: &PlacesFile,
    weights: Option<&WeightsFile>,
    watch: &Watch,
) -> anyhow::Result<Scored> {
    let file = LoadedFile::open(&request.path).map_err(unread)?;
    let rows = read_values(&file, &request.spec).map_err(unread)?;
    let sha256 = file.sha256().map_err(unread)?;
    let places = Places::of(rows, request)?;
    let against = match &request.against {
        None => None,
        Some(path) => Some(positions(path, &request.spec)?),
    };
    let harm = places.harm(chosen, options)?;
    let expected = expected_by_strata(options, &places.units.ids)?;
    let window = places.window;
    let whole = places.history.as_ref().map(|(_, counts)| vec![true; counts.n_periods()]);
    let mut input =
        StatInput::new(&places.units, &places.counts, window, &places.points, &places.study_area);
    input.years = places.dated.then(|| window.years());
    input.measured = places.measured.as_deref();
    input.point_weights = places.point_weights.as_deref();
    input.times = places.times.as_deref();
    input.anonymised = Repeats::of(&places.points).is_many();
    input.against = against.as_deref();
    input.earlier = places.earlier.as_ref();
    input.history = places
        .history
        .as_ref()
        .zip(whole.as_deref())
        .map(|((first, counts), whole)| History { first: *first, counts, whole });
    input.family = Some(&places.known);
    input.bases = places.bases.as_deref();
    input.harm = harm.as_ref();
    input.expected = expected.as_deref();
    input.watch = Some(watch);
    input.weights_file = weights;
    let mut outcome = chosen.score_json(&input, options.clone()).map_err(anyhow::Error::from);
    if places.units.is_empty() {
        outcome = outcome.and_then(|outcome| in_no_unit(chosen, outcome)).context(Hint(
            "the points stand in a line or at one place: name what is studied with --study-area"
                .to_owned(),
        ));
    }
    let outcome = outcome?;
    let n_rows = places.n_rows;
    let mut files = vec![SourceFile {
        source: "file".to_owned(),
        file: file.name.clone(),
        sha256: sha256.clone(),
        rows: n_rows,
        kept: n_rows,
        excluded: 0,
        rejected: 0,
    }];
    files.extend(named_files(options)?);
    for (source, path) in [("against", &request.against), ("study-area", &request.study_area)] {
        files.extend(path.as_ref().map(|path| source_file(source, path)).transpose()?);
    }
    let how_made = HowMade {
        wardheat: env!("CARGO_PKG_VERSION").to_owned(),
        area: file.name.clone(),
        fictional: false,
        dataset: sha256.clone(),
        crime_types: request.spec.value.clone().unwrap_or_else(|| "count".to_owned()),
        crime_types_label: request
            .spec
            .value
            .clone()
            .unwrap_or_else(|| say::NUMBER_OF_PLACES.to_owned()),
        window: if places.dated { window.to_string() } else { String::new() },
        window_label: if places.dated { window.label() } else { say::NO_WINDOW.to_owned() },
        compared_with: places.earlier.is_some().then(|| window.year_earlier().to_string()),
        gaps: Vec::new(),
        in_part: Vec::new(),
        n_incidents: n_rows,
        n_mapped: places.points.len() as u64,
        methods: vec![method(chosen, options, &places.units, &outcome)],
        seed: options.get("seed").and_then(serde_json::Value::as_u64).unwrap_or_default(),
        request: serde_json::json!({
            "statistic": chosen.id(),
            "options": options,
            "file": file.name,
            "value": request.spec.value,
            "id": request.spec.id,
            "population": request.spec.population,
            "category": request.spec.category,
        }),
        provenance: Provenance {
            wardheat: env!("CARGO_PKG_VERSION").to_owned(),
            files,
            ..Provenance::default()
        },
    };
    let subject = Subject {
        units: &places.units,
        points: &places.points,
        point_ids: places.point_ids.as_deref(),
    };
    let mut scored = scored(chosen.id(), chosen.label(), outcome, subject, how_made);
    scored.notes.splice(0..0, places.notes);
    Ok(scored)
}

/// What a statistic needs, made from the rows of a file.
struct Places {
    units: Units,
    counts: Counts,
    /// Counts of the same months a year earlier, where the file reaches back as far.
    earlier: Option<Counts>,
    /// Counts from the first month of the file to the end of the window, and that month.
    history: Option<(Month, Counts)>,
    /// Months of the counts' periods; where nothing is dated, one month that is not looked at.
    window: Window,
    dated: bool,
    measured: Option<Vec<f64>>,
    known: Vec<bool>,
    points: Vec<Bng>,
    point_ids: Option<Vec<String>>,
    point_weights: Option<Vec<f64>>,
    times: Option<Vec<Option<TimeSpan>>>,
    study_area: Shape,
    bases: Option<Vec<Option<Population>>>,
    /// `[n_rows]`: category of each row, where a column was named.
    categories: Vec<String>,
    notes: Vec<String>,
    n_rows: u64,
}

impl Places {
    /// Harm of the rows by unit, where the statistic counts harm and weights and categories are named.
    fn harm(
        &self,
        chosen: &dyn AnyStatistic,
        options: &serde_json::Value,
    ) -> anyhow::Result<Option<HarmCounts>> {
        if chosen.id() != HARM || self.categories.is_empty() {
            return Ok(None);
        }
        let at: Vec<Option<UnitIdx>> = if self.points.is_empty() {
            (0..self.units.len()).map(|unit| Some(UnitIdx::new(unit))).collect()
        } else {
            self.units.locator.locate_all(&self.points)
        };
        let weights = code_weights(options)?;
        Ok(weights.map(|table| harm_by_code(&at, &self.categories, self.units.len(), &table)))
    }

    fn of(mut rows: ValueRows, request: &PlacesFile) -> anyhow::Result<Self> {
        match rows.ground {
            ValueGround::Points(ref mut points) => {
                let points = std::mem::take(points);
                Self::of_points(points, rows, request)
            }
            ValueGround::Areas(ref mut shapes) => {
                let shapes = std::mem::take(shapes);
                Ok(Self::of_areas(rows, shapes, request))
            }
            ValueGround::Nowhere => {
                let shapes = vec![Shape::default(); rows.ids.len()];
                Ok(Self::of_areas(rows, shapes, request))
            }
        }
    }

    fn of_areas(rows: ValueRows, shapes: Vec<Shape>, request: &PlacesFile) -> Self {
        let ValueRows { ids, values, populations, categories, .. } = rows;
        let n = ids.len();
        let known: Vec<bool> = values.iter().map(Option::is_some).collect();
        let missing = known.iter().filter(|known| !**known).count();
        let mut notes = Vec::new();
        if missing > 0 {
            notes.push(say::without_value(missing, n));
        }
        let whole = values.iter().flatten().all(|v| *v >= 0.0 && v.fract() == 0.0 && *v < 4e9);
        let mut counts = Counts::new(n, 1);
        if whole {
            counts =
                Counts::of_one_period(values.iter().map(|v| v.unwrap_or(0.0) as u32).collect());
        }
        let measured = values.iter().map(|v| v.unwrap_or(0.0)).collect();
        let residents: Vec<Option<Population>> =
            populations.iter().map(|p| p.and_then(Population::new)).collect();
        let study_area = Shape::union_of(shapes.iter());
        Self {
            window: request.window.unwrap_or(undated()),
            dated: request.window.is_some(),
            measured: Some(measured),
            known,
            points: Vec::new(),
            point_ids: None,
            point_weights: None,
            times: None,
            bases: residents.iter().any(Option::is_some).then(|| residents.clone()),
            categories,
            units: Units {
                kind: "area",
                names: ids.clone(),
                areas: shapes.iter().map(Shape::area).collect(),
                residents,
                households: vec![None; n],
                workday: vec![None; n],
                locator: Locator::polygons(&shapes),
                shapes,
                ids,
            },
            counts,
            earlier: None,
            history: None,
            study_area,
            notes,
            n_rows: n as u64,
        }
    }

    fn of_points(points: Vec<Bng>, rows: ValueRows, request: &PlacesFile) -> anyhow::Result<Self> {
        let n_rows = points.len() as u64;
        let mut notes = Vec::new();
        let study_area = if let Some(path) = &request.study_area {
            outlines(path, request.spec.crs)?
        } else {
            let hull = hull(&points);
            notes.push(if hull.area().get() > 0.0 {
                say::hull(n_rows, hull.area().km2())
            } else {
                say::no_hull(n_rows)
            });
            hull
        };
        let kind = unit_kind(&request.units.kind).context("a known kind of unit")?;
        let units = kind.build(&UnitSource {
            layers: &[],
            study_area: &study_area,
            cell_size: request.units.size,
        })?;
        let at: Vec<Option<UnitIdx>> = units.locator.locate_all(&points);
        let times = times(&rows.times, &mut notes)?;
        let window = match (request.window, &times) {
            (Some(window), _) => Some(window),
            (None, Some(times)) => months_of(times),
            (None, None) => None,
        };
        let dated = window.is_some();
        let window = window.unwrap_or(undated());
        let count_in = |window: Window| {
            let (kept, periods) = in_window(times.as_deref(), window, at.len());
            let kept: Vec<Option<UnitIdx>> =
                at.iter().zip(kept).map(|(unit, kept)| unit.filter(|_| kept)).collect();
            let n_periods = if times.is_some() { window.n_months() } else { 1 };
            count_by_unit(&kept, &periods, units.len(), n_periods)
        };
        let counts = count_in(window)?;
        // A file says nothing of months before its first record: they may not have been written down.
        let first = times.as_deref().and_then(months_of).map(Window::first);
        let earlier = first
            .filter(|first| *first <= window.year_earlier().first())
            .map(|_| count_in(window.year_earlier()))
            .transpose()?;
        let history = first
            .map(|first| first.min(window.first()))
            .map(|first| {
                Ok::<_, anyhow::Error>((first, count_in(Window::new(first, window.last())?)?))
            })
            .transpose()?;
        if let Some(times) = &times {
            let (kept, _) = in_window(Some(times), window, times.len());
            let outside = kept.iter().filter(|kept| !**kept).count();
            if outside > 0 {
                notes.push(say::outside_window(outside, times.len(), &window.label()));
            }
        }
        let outside = at.iter().filter(|unit| unit.is_none()).count();
        if outside > 0 && !units.is_empty() {
            notes.push(say::outside_area(outside, n_rows));
        }
        let measured = request.spec.value.as_ref().map(|value| {
            notes.push(say::counts_with(value));
            let mut sums = vec![0.0; units.len()];
            for (unit, value) in at.iter().zip(&rows.values) {
                if let (Some(unit), Some(value)) = (unit, value) {
                    sums[unit.index()] += value;
                }
            }
            sums
        });
        let weights = || rows.values.iter().map(|value| value.unwrap_or(0.0)).collect();
        Ok(Self {
            known: vec![true; units.len()],
            point_weights: measured.is_some().then(weights),
            point_ids: request.spec.id.is_some().then_some(rows.ids),
            units,
            counts,
            earlier,
            history,
            window,
            dated,
            measured,
            points,
            times,
            study_area,
            bases: None,
            categories: rows.categories,
            notes,
            n_rows,
        })
    }
}

/// Refuses scores by unit where there is no unit; others stand.
fn in_no_unit(chosen: &dyn AnyStatistic, outcome: Outcome) -> anyhow::Result<Outcome> {
    let by_unit = outcome.scores.iter().any(|scores| matches!(scores, Scores::PerUnit(_)));
    if by_unit {
        anyhow::bail!("there is no unit to score by {}", chosen.id());
    }
    Ok(outcome)
}

/// Stands for the months of counts that are of no known time.
fn undated() -> Window {
    Window::of(Month::new(2000, 1).expect("a month"))
}

/// The times of a column, in the one form that all of it is in.
fn times(
    written: &[(String, String)],
    notes: &mut Vec<String>,
) -> anyhow::Result<Option<Vec<Option<TimeSpan>>>> {
    if written.is_empty() {
        return Ok(None);
    }
    let mut vote = FormVote::default();
    for (from, to) in written {
        vote.add(from);
        vote.add(to);
    }
    let form = vote.decide().map_err(|e| {
        anyhow::Error::new(e)
            .context("reading --time")
            .context(Hint("write the dates as 2025-03-31 or 2025-03-31 14:05".to_owned()))
    })?;
    let form = form.unwrap_or(DateForm::Iso);
    let span = |(from, to): &(String, String)| {
        moment(from, form).map(|from| TimeSpan { from, to: moment(to, form) })
    };
    let spans: Vec<Option<TimeSpan>> = written.iter().map(span).collect();
    let without = spans.iter().filter(|span| span.is_none()).count();
    if without > 0 {
        notes.push(say::without_date(without, spans.len(), form));
    }
    Ok(spans.iter().any(Option::is_some).then_some(spans))
}

/// First to last month of these times.
fn months_of(times: &[Option<TimeSpan>]) -> Option<Window> {
    let months = || times.iter().flatten().map(|span| Month::of(span.from.date()));
    Window::new(months().min()?, months().max()?).ok()
}

/// Whether each point is dated within the window, and the number of its month there.
fn in_window(
    times: Option<&[Option<TimeSpan>]>,
    window: Window,
    n_points: usize,
) -> (Vec<bool>, Vec<usize>) {
    let Some(times) = times else { return (vec![true; n_points], vec![0; n_points]) };
    let month = |span: &Option<TimeSpan>| {
        span.map(|span| Month::of(span.from.date())).filter(|month| window.contains(*month))
    };
    let months: Vec<Option<Month>> = times.iter().map(month).collect();
    let number = |month: &Option<Month>| month.map_or(0, |m| m.since(window.first()) as usize);
    (months.iter().map(Option::is_some).collect(), months.iter().map(number).collect())
}

/// The positions of a second file of points, its columns named as those of the first.
fn positions(path: &Path, spec: &ValueSpec) -> anyhow::Result<Vec<Bng>> {
    let file = LoadedFile::open(path).map_err(unread)?;
    let spec = ValueSpec { position: spec.position.clone(), crs: spec.crs, ..ValueSpec::default() };
    match read_values(&file, &spec).map_err(unread)?.ground {
        ValueGround::Points(points) => Ok(points),
        _ => Err(anyhow!("{} holds no points", file.name)
            .context(Hint("--against takes a file of points".to_owned()))),
    }
}

/// The smallest convex area that holds all points.
fn hull(points: &[Bng]) -> Shape {
    let points: Vec<Point> = points.iter().map(|p| Point::new(p.easting(), p.northing())).collect();
    Shape::new(MultiPolygon::new(vec![MultiPoint::new(points).convex_hull()]))
}

/// All outlines of a file, merged.
pub(in crate::pipeline) fn outlines(path: &Path, crs: Option<Crs>) -> anyhow::Result<Shape> {
    let file = LoadedFile::open(path).map_err(unread)?;
    let spec = ValueSpec { crs, ..ValueSpec::default() };
    match read_values(&file, &spec).map_err(unread)?.ground {
        ValueGround::Areas(shapes) => Ok(Shape::union_of(shapes.iter())),
        _ => Err(anyhow!("{} holds no outlines", file.name)
            .context(Hint("--study-area takes a file of polygons".to_owned()))),
    }
}
