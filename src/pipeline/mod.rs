//! The conductor: steps put in order, nothing else.

mod backtest;
mod coverage;
mod density;
mod describe;
mod disclose;
mod editions;
mod english;
mod evaluate;
mod find;
mod ground;
mod heat;
mod hours;
mod import;
mod made;
mod meetings;
mod more_layers;
mod names;
mod own_area;
mod places;
mod publish;
mod quality;
mod request;
mod rows;
mod statistic;
mod tables;
mod target;
mod tiles;
mod ward_profile;
mod when;

pub use backtest::{Backtest, BacktestRequest, METHODS, Method, backtest};
pub use describe::{Description, InitRequest, STUDY_AREA, describe};
pub use disclose::{disclose, disclosed};
pub use editions::{Editions, Told};
pub use evaluate::{ControlChoice, EvaluateRequest, Evaluation, TreatedChoice, evaluate};
pub use find::{MOST_FOUND, NamedPlace, PlaceKind, PlaceNames};
pub use heat::{
    BANDWIDTHS, Bandwidth, Heat, HeatError, HeatIndex, HeatPer, HeatRequest, HeatWeight,
    UnknownChoice,
};
pub use hours::Hours;
pub use import::{
    CheckRequest, Checked, Imported, Nowhere, Records, Sink, Stage, Stopped, Unwatched, Watch,
    check_file, import, sample,
};
pub use meetings::{
    Alternative, BANDS, MeetingsGround, MeetingsPlan, MeetingsRequest, Model, NearHours, Reached,
    Suggestion, WalkFile, WardNeed, WardNeeds, by_day, lsoa_need, meetings_ground, plan_meetings,
    plan_meetings_on, rank_words,
};
pub use more_layers::{LAYER_OPTIONS, LayerOption, MORE_LAYERS, MoreLayer, more_layer};
pub use own_area::{AreaChoice, AreaChoiceError, AreaError, OwnArea, own_area};
pub use publish::{DATA_PAGE, LISTING, SCRIPT, SiteFile, publish};
pub use quality::quality;
pub use request::{AnalysisRequest, CELLS, CellSizes, Family, RequestError};
pub use rows::has_times;
pub use statistic::{
    MOST_REPEATS, PlacesFile, ScoreRequest, UnitChoice, find_statistic, is_file_option,
    read_weights, score_file, score_workspace,
};
pub use tiles::{TileLayer, lonlat_bounds};
pub use ward_profile::{
    Asked, Gathering, Heard, Held, KindFigures, Mark, Meetings, MonthFigures, TopPlace, Trend,
    Verdict, WardProfile, ward_profile,
};

pub use target::{TargetRequest, target};

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;

use crate::crs::Bng;
use crate::hint::Hint;
use crate::layer::{Findings, disclosure};
use crate::quantity::Metres;
use crate::stats;
use crate::store::Dataset;
use crate::time::{Month, Window};

use coverage::Coverage;
use english::analysis as say;
use ground::Ground;
use rows::Rows;

/// Grounds already prepared (units, and where each incident fell in them), by dataset version and
/// cell size: what analyses of one dataset share.
#[derive(Debug, Default)]
pub struct Prepared(Mutex<HashMap<(String, u64), Arc<Ground>>>);

impl Prepared {
    fn ground(&self, data: &Dataset, cell: Metres) -> anyhow::Result<Arc<Ground>> {
        let key = (data.version.clone(), cell.get().to_bits());
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(ground) = held {
            return Ok(ground);
        }
        let ground = Arc::new(Ground::new(data, cell)?);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&ground));
        Ok(ground)
    }
}

/// Runs one analysis from the ground up. Many of one dataset share [`Prepared`] through
/// [`analyse_prepared`].
///
/// # Errors
///
/// If a setting is out of bounds, the window holds no data, or a step cannot work on what there is.
pub fn analyse(request: &AnalysisRequest, data: &Dataset) -> anyhow::Result<Findings> {
    analyse_prepared(request, data, &Prepared::default())
}

/// Runs one analysis. The same request on the same dataset gives the same findings at any number
/// of threads.
///
/// # Errors
///
/// As [`analyse`].
pub fn analyse_prepared(
    request: &AnalysisRequest,
    data: &Dataset,
    prepared: &Prepared,
) -> anyhow::Result<Findings> {
    analyse_watched(request, data, prepared, &stats::Watch::default())
}

/// Steps that [`analyse_watched`] counts.
const STEPS: u64 = 5;

/// As [`analyse_prepared`], watched: it says how far it is, and stops between steps when asked to.
///
/// # Errors
///
/// As [`analyse`]; [`stats::Cancelled`] if it was stopped.
pub fn analyse_watched(
    request: &AnalysisRequest,
    data: &Dataset,
    prepared: &Prepared,
    watch: &stats::Watch,
) -> anyhow::Result<Findings> {
    watch.expect(STEPS);
    request.check()?;
    let request = &request.resolved(data)?;
    let (window, held) = window(request, data)?;
    let incidents = &data.incidents;
    let source = request.source.as_deref();
    let coverage = Coverage::of(incidents, request.crime_types, source);
    let earlier = Some(window.year_earlier())
        .filter(|earlier| coverage.is_whole(*earlier) && coverage.is_whole(window));
    let years = coverage.years(window);
    let ground = prepared.ground(data, request.cell())?;
    watch.step()?;

    let rows = Rows::of(request, incidents, window)?;
    let chosen = |window: Window| rows.within(request.crime_types, window);
    let now = chosen(window);
    let before = earlier.map(chosen);
    let points: Vec<Bng> =
        now.iter().filter_map(|&i| ground::mappable(incidents, i, request.cell())).collect();

    refuse_too_fine(&now, &points, request, data)?;

    let wards = places::wards(&now, before.as_deref(), &ground, request)?;
    watch.step()?;
    let (cells, cell_figures) = places::cells(&now, years, &ground, request)?;
    watch.step()?;
    let n_mapped = points.len() as u64;
    let setting = places::Setting {
        data,
        ground: &ground,
        request,
        window,
        years: year_floor(years),
        n_mapped,
    };
    let hotspots = places::hotspots(&now, &cell_figures, &setting)?;
    watch.step()?;
    let density = density::surface(&points, request, data, year_floor(years))?;
    let density_breaks =
        density::breaks(&density, &points, request, &ground.sample, year_floor(years));

    watch.step()?;

    let how_made = made::how_made(&made::Facts {
        request,
        data,
        ground: &ground,
        window,
        earlier,
        gaps: coverage.lacking(window),
        in_part: coverage.doubted(window, earlier, data.provenance.disclosure.as_ref()),
        n_incidents: now.len() as u64,
        n_mapped,
        n_tested: cell_figures.iter().filter(|cell| cell.test.is_some()).count(),
        raster: density.cell,
    })?;
    let mut notes = notes(&coverage, window, &now, &points, &ground, data);
    notes.extend(rows.note(request.crime_types, window));
    let untold = tables::untold_months(&rows, data, request.crime_types, held);
    if !untold.is_empty() {
        notes.push(english::records::untold(untold.len()));
    }
    let mut layers = vec![wards, cells, hotspots];
    let mut tables = vec![
        tables::by_type(&rows, data, request.hours, window, earlier),
        tables::by_month(&rows, incidents, request.crime_types, held, &coverage, &untold),
    ];
    // Of every hour, whichever are asked for: a clock with the rest cut out would say nothing.
    let hours = Hours::of(incidents, rows.at_any_hour(request.crime_types, window));
    let title = say::by_hour(&window.label());
    tables.extend(hours.map(|hours| hours.table("by-hour", &title)));
    if let Some(made) = &data.provenance.disclosure {
        disclosure::show(&mut layers, made);
    }
    Ok(Findings { layers, density, density_breaks, tables, how_made, notes })
}

/// Refuses cells finer than every position there is: the map would be empty, and not say so.
fn refuse_too_fine(
    now: &[usize],
    points: &[Bng],
    request: &AnalysisRequest,
    data: &Dataset,
) -> anyhow::Result<()> {
    if !points.is_empty() {
        return Ok(());
    }
    let finest = now.iter().filter_map(|&i| data.incidents.precision(i)).map(Metres::get);
    let finest = finest.fold(f64::INFINITY, f64::min);
    if finest.is_finite() && finest > request.cell().get() {
        return Err(anyhow::anyhow!(
            "cells of {} are finer than any position held, which are good to {finest} m",
            request.cell()
        )
        .context(Hint(format!("ask for cells of {finest} m or more"))));
    }
    Ok(())
}

/// Years to divide by: a window that no source covers has no incidents either, so any length does.
fn year_floor(years: f64) -> f64 {
    years.max(1.0 / 12.0)
}

/// The months asked for, and the months held.
fn window(request: &AnalysisRequest, data: &Dataset) -> anyhow::Result<(Window, Window)> {
    let held = data
        .incidents
        .months()
        .context(Hint("import files that hold incidents".to_owned()))
        .context("the store holds no incident")?;
    let window = request.window.resolve(held)?;
    let overlaps = window.first() <= held.last() && held.first() <= window.last();
    if !overlaps {
        return Err(anyhow::anyhow!(
            "the window {window} holds no data: they run from {} to {}",
            held.first(),
            held.last()
        )
        .context(Hint(format!("choose months within {held}, or --window all"))));
    }
    if let Some(disclosure) = &data.provenance.disclosure {
        disclosure.allows(window)?;
    }
    Ok((window, held))
}

/// What the reader must know before believing a number.
fn notes(
    coverage: &Coverage<'_>,
    window: Window,
    now: &[usize],
    points: &[Bng],
    ground: &Ground,
    data: &Dataset,
) -> Vec<String> {
    let mut notes = Vec::new();
    if data.fictional {
        notes.push(english::INVENTED.to_owned());
    }
    if let Some(disclosure) = &data.provenance.disclosure {
        let (rule, records) = (&disclosure.rule, &disclosure.records);
        notes.push(say::disclosed(
            rule.audience,
            rule.cell,
            rule.period,
            rule.least,
            (records.kept(), records.in_cells),
        ));
    }
    for (source, missing) in coverage.gaps(window) {
        let months: Vec<String> = missing.iter().map(|month: &Month| month.label()).collect();
        notes.push(say::gap(source, &months));
    }
    notes.extend(coverage.in_part(window, data.provenance.disclosure.as_ref()));
    let without_ward = now.iter().filter(|&&i| ground.ward_of[i].is_none()).count();
    if without_ward > 0 {
        notes.push(say::without_ward(without_ward, now.len()));
    }
    let unmapped = now.len() - points.len();
    if unmapped > 0 {
        notes.push(say::unmapped(unmapped, now.len()));
    }
    notes
}
