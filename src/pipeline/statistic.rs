//! One statistic on its own: on what a workspace holds, or on any file of places.

use std::path::PathBuf;

use anyhow::{Context as _, anyhow};
use geo::{ConvexHull as _, MultiPoint, MultiPolygon, Point};
use serde::{Deserialize, Serialize};

use crate::aggregate::{Counts, count_by_unit};
use crate::crs::Bng;
use crate::geometry::Shape;
use crate::hint::Hint;
use crate::layer::{HowMade, Scored, scored};
use crate::provenance::{Provenance, SourceFile};
use crate::quantity::{Metres, Population};
use crate::read::{LoadedFile, ValueGround, ValueRows, ValueSpec, read_values};
use crate::stats::{AnyStatistic, STATISTICS, StatInput, statistic};
use crate::store::Dataset;
use crate::time::Window;
use crate::units::{Locator, UnitIdx, UnitSource, Units, unit_kind};

use super::coverage::Coverage;
use super::import::unread;
use super::{AnalysisRequest, Prepared};

/// A kind of unit, with its size where it has one: `ward`, `lsoa`, `square:250`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnitChoice {
    /// Id of the kind.
    pub kind: String,
    /// Side of a cell.
    pub size: Metres,
}

impl Default for UnitChoice {
    fn default() -> Self {
        Self { kind: "square".to_owned(), size: Metres::new(250.0) }
    }
}

impl std::str::FromStr for UnitChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, size) = text.split_once(':').unwrap_or((text, "250"));
        let wanted = "wanted a kind of unit (see wardheat list), for cells with their side in \
                      metres: ward, lsoa, square:250";
        if unit_kind(kind).is_none() {
            return Err(format!("there is no kind of unit `{kind}`; {wanted}"));
        }
        match size.parse::<f64>() {
            Ok(side) if (25.0..=100_000.0).contains(&side) => {
                Ok(Self { kind: kind.to_owned(), size: Metres::new(side) })
            }
            _ => Err(format!("`{size}` is no side of a cell from 25 to 100,000 m; {wanted}")),
        }
    }
}

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
}

/// The statistic with this id, or an error that lists them.
///
/// # Errors
///
/// If there is none.
pub fn find_statistic(id: &str) -> anyhow::Result<&'static dyn AnyStatistic> {
    statistic(id).ok_or_else(|| {
        let known: Vec<&str> = STATISTICS.iter().map(|s| s.id()).collect();
        anyhow!("there is no statistic `{id}`")
            .context(Hint(format!("choose one of: {}", known.join(", "))))
    })
}

/// Runs one statistic on incidents of a workspace.
///
/// # Errors
///
/// If the request is out of bounds, the window holds no data, or the statistic refuses.
pub fn score_workspace(
    chosen: &dyn AnyStatistic,
    options: &serde_json::Value,
    units: &UnitChoice,
    request: &AnalysisRequest,
    data: &Dataset,
) -> anyhow::Result<Scored> {
    let request = AnalysisRequest { cell: units.size, ..request.clone() };
    request.check()?;
    let (window, _) = super::window(&request, data)?;
    let incidents = &data.incidents;
    let source = request.source.as_deref();
    let ground = Prepared::default().ground(data, request.cell)?;
    let built;
    let units = match units.kind.as_str() {
        "ward" => &ground.wards,
        "square" => &ground.cells,
        kind => {
            let from = UnitSource {
                layers: &data.layers,
                study_area: &data.study_area,
                cell_size: request.cell,
            };
            built = unit_kind(kind)
                .with_context(|| format!("there is no kind of unit `{kind}`"))?
                .build(&from)?;
            &built
        }
    };
    let rows = |window: Window| -> Vec<usize> {
        let from_source = |i: &usize| source.is_none_or(|only| only == incidents.source(*i));
        incidents.rows(request.crime_types, window).filter(from_source).collect()
    };
    let unit_of = |i: usize| -> Option<UnitIdx> {
        match units.kind {
            "ward" => ground.ward_of[i],
            "square" => ground.cell_of[i],
            _ => super::ground::mappable(incidents, i, Metres::new(f64::MAX))
                .and_then(|position| units.locate(position)),
        }
    };
    let count = |rows: &[usize], window: Window| -> anyhow::Result<Counts> {
        let places: Vec<Option<UnitIdx>> = rows.iter().map(|&i| unit_of(i)).collect();
        let months: Vec<usize> =
            rows.iter().map(|&i| incidents.month(i).since(window.first()) as usize).collect();
        Ok(count_by_unit(&places, &months, units.len(), window.n_months())?)
    };
    let now = rows(window);
    let counts = count(&now, window)?;
    let coverage = Coverage::of(incidents, request.crime_types, source);
    let earlier = Some(window.year_earlier())
        .filter(|earlier| coverage.is_whole(*earlier) && coverage.is_whole(window));
    let earlier = earlier.map(|earlier| count(&rows(earlier), earlier)).transpose()?;
    let points: Vec<Bng> =
        now.iter().filter_map(|&i| super::ground::mappable(incidents, i, request.cell)).collect();
    let bases: Vec<Option<Population>> = match request.crime_types.base() {
        crate::incident::Base::Residents => units.residents.clone(),
        crate::incident::Base::Households => units.households.clone(),
    };
    let mut input = StatInput::new(units, &counts, window, &points, &data.study_area);
    input.earlier = earlier.as_ref();
    input.bases = bases.iter().any(Option::is_some).then_some(bases.as_slice());
    let at_risk = (units.kind == "square" && request.family == super::Family::AtRisk)
        .then_some(ground.at_risk.as_slice());
    input.family = at_risk;
    let scores = chosen.score_json(&input, options.clone())?;
    let how_made = HowMade {
        wardheat: env!("CARGO_PKG_VERSION").to_owned(),
        area: data.name.clone(),
        fictional: data.fictional,
        dataset: data.version.clone(),
        crime_types: request.crime_types.to_string(),
        crime_types_label: request.crime_types.label().to_owned(),
        window: window.to_string(),
        window_label: window.label(),
        compared_with: earlier.is_some().then(|| window.year_earlier().to_string()),
        n_incidents: now.len() as u64,
        n_mapped: points.len() as u64,
        methods: vec![method(chosen, options, units)],
        seed: request.seed,
        request: serde_json::json!({
            "statistic": chosen.id(), "options": options, "on": request, "units": units.kind,
        }),
        provenance: data.provenance.clone(),
    };
    Ok(scored(chosen.id(), chosen.label(), scores, units, how_made))
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
) -> anyhow::Result<Scored> {
    let file = LoadedFile::open(&request.path).map_err(unread)?;
    let rows = read_values(&file, &request.spec).map_err(unread)?;
    let sha256 = file.sha256().map_err(unread)?;
    let places = Places::of(rows, request)?;
    // Without a window nothing is divided by years; the months themselves are then not looked at.
    let window = request.window.map_or_else(|| "2000-01".parse(), Ok)?;
    let mut input =
        StatInput::new(&places.units, &places.counts, window, &places.points, &places.study_area);
    input.years = request.window.map(Window::years);
    input.measured = places.measured.as_deref();
    input.family = Some(&places.known);
    input.bases = places.bases.as_deref();
    let scores = chosen.score_json(&input, options.clone())?;
    let n_rows = places.n_rows;
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
            .unwrap_or_else(|| "number of places".to_owned()),
        window: request.window.map_or_else(String::new, |window| window.to_string()),
        window_label: request.window.map_or_else(|| "no window given".to_owned(), Window::label),
        compared_with: None,
        n_incidents: n_rows,
        n_mapped: places.points.len() as u64,
        methods: vec![method(chosen, options, &places.units)],
        seed: options.get("seed").and_then(serde_json::Value::as_u64).unwrap_or_default(),
        request: serde_json::json!({
            "statistic": chosen.id(),
            "options": options,
            "file": file.name,
            "value": request.spec.value,
            "id": request.spec.id,
            "population": request.spec.population,
        }),
        provenance: Provenance {
            wardheat: env!("CARGO_PKG_VERSION").to_owned(),
            files: vec![SourceFile {
                source: "file".to_owned(),
                file: file.name.clone(),
                sha256: sha256.clone(),
                rows: n_rows,
                kept: n_rows,
                excluded: 0,
                rejected: 0,
            }],
            ..Provenance::default()
        },
    };
    let mut scored = scored(chosen.id(), chosen.label(), scores, &places.units, how_made);
    scored.notes.splice(0..0, places.notes);
    Ok(scored)
}

fn method(
    chosen: &dyn AnyStatistic,
    options: &serde_json::Value,
    units: &Units,
) -> (String, String) {
    let mut all = chosen.default_options();
    if let (Some(all), Some(given)) = (all.as_object_mut(), options.as_object()) {
        for (name, value) in given {
            all.insert(name.clone(), value.clone());
        }
    }
    let on = format!("{} units of kind `{}`", units.len(), units.kind);
    (chosen.label().to_owned(), format!("on {on}; options {all}"))
}

/// What a statistic needs, made from the rows of a file.
struct Places {
    units: Units,
    counts: Counts,
    measured: Option<Vec<f64>>,
    known: Vec<bool>,
    points: Vec<Bng>,
    study_area: Shape,
    bases: Option<Vec<Option<Population>>>,
    notes: Vec<String>,
    n_rows: u64,
}

impl Places {
    fn of(rows: ValueRows, request: &PlacesFile) -> anyhow::Result<Self> {
        let n_rows = rows.ids.len() as u64;
        match rows.ground {
            ValueGround::Points(points) => Self::of_points(points, &rows.values, request, n_rows),
            ValueGround::Areas(shapes) => {
                Ok(Self::of_areas(rows.ids, shapes, &rows.values, &rows.populations))
            }
            ValueGround::Nowhere => {
                let shapes = vec![Shape::new(MultiPolygon::new(Vec::new())); rows.ids.len()];
                Ok(Self::of_areas(rows.ids, shapes, &rows.values, &rows.populations))
            }
        }
    }

    fn of_areas(
        ids: Vec<String>,
        shapes: Vec<Shape>,
        values: &[Option<f64>],
        populations: &[Option<f64>],
    ) -> Self {
        let n = ids.len();
        let known: Vec<bool> = values.iter().map(Option::is_some).collect();
        let missing = known.iter().filter(|known| !**known).count();
        let mut notes = Vec::new();
        if missing > 0 {
            notes.push(format!("{missing} of {n} places have no value: they are not scored."));
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
            measured: Some(measured),
            known,
            points: Vec::new(),
            bases: residents.iter().any(Option::is_some).then(|| residents.clone()),
            units: Units {
                kind: "area",
                names: ids.clone(),
                areas: shapes.iter().map(Shape::area).collect(),
                residents,
                households: vec![None; n],
                locator: Locator::polygons(&shapes),
                shapes,
                ids,
            },
            counts,
            study_area,
            notes,
            n_rows: n as u64,
        }
    }

    fn of_points(
        points: Vec<Bng>,
        values: &[Option<f64>],
        request: &PlacesFile,
        n_rows: u64,
    ) -> anyhow::Result<Self> {
        let mut notes = Vec::new();
        let study_area = if let Some(path) = &request.study_area {
            outlines(path, request.spec.crs)?
        } else {
            let hull = hull(&points);
            notes.push(format!(
                "The study area is the convex hull of the {n_rows} points ({:.2} km²): name one \
                 with --study-area if it is another.",
                hull.area().km2()
            ));
            hull
        };
        let kind = unit_kind(&request.units.kind).context("a known kind of unit")?;
        let units = kind.build(&UnitSource {
            layers: &[],
            study_area: &study_area,
            cell_size: request.units.size,
        })?;
        let at: Vec<Option<UnitIdx>> = units.locator.locate_all(&points);
        let counts = count_by_unit(&at, &vec![0; at.len()], units.len(), 1)?;
        let outside = at.iter().filter(|unit| unit.is_none()).count();
        if outside > 0 {
            notes.push(format!("{outside} of {n_rows} points lie outside the study area."));
        }
        let measured = request.spec.value.as_ref().map(|value| {
            notes.push(format!("Each point counts with its `{value}`."));
            let mut sums = vec![0.0; units.len()];
            for (unit, value) in at.iter().zip(values) {
                if let (Some(unit), Some(value)) = (unit, value) {
                    sums[unit.index()] += value;
                }
            }
            sums
        });
        Ok(Self {
            known: vec![true; units.len()],
            units,
            counts,
            measured,
            points,
            study_area,
            bases: None,
            notes,
            n_rows,
        })
    }
}

/// The smallest convex area that holds all points.
fn hull(points: &[Bng]) -> Shape {
    let points: Vec<Point> = points.iter().map(|p| Point::new(p.easting(), p.northing())).collect();
    Shape::new(MultiPolygon::new(vec![MultiPoint::new(points).convex_hull()]))
}

/// All outlines of a file, merged.
fn outlines(path: &std::path::Path, crs: Option<crate::workspace::Crs>) -> anyhow::Result<Shape> {
    let file = LoadedFile::open(path).map_err(unread)?;
    let spec = ValueSpec { crs, ..ValueSpec::default() };
    match read_values(&file, &spec).map_err(unread)?.ground {
        ValueGround::Areas(shapes) => Ok(Shape::union_of(shapes.iter())),
        _ => Err(anyhow!("{} holds no outlines", file.name)
            .context(Hint("--study-area takes a file of polygons".to_owned()))),
    }
}
