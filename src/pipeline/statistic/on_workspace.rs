//! One statistic on incidents of a workspace.

use anyhow::Context as _;

use crate::aggregate::{Counts, HarmCounts, count_by_unit, harm_by_unit};
use crate::crs::Bng;
use crate::incident::{Base, CrimeTypeIdx, CrimeTypes, Flags, HarmWeights, Incidents};
use crate::layer::{HowMade, Scored, Subject, scored};
use crate::pipeline::coverage::Coverage;
use crate::pipeline::ground::{self, Ground};
use crate::pipeline::rows::Rows;
use crate::pipeline::{AnalysisRequest, Family, Prepared};
use crate::quantity::{Metres, Population};
use crate::stats::{History, Repeats, StatInput, Watch};
use crate::store::Dataset;
use crate::time::{TimeSpan, Window};
use crate::units::{UnitIdx, UnitSource, Units, unit_kind};
use crate::weights::WeightsFile;

use super::super::english::statistic as say;
use super::harm::harm_weights;
use super::tables::{expected_by_strata, named_files};
use super::{HARM, ScoreRequest, method};

/// Runs one statistic on incidents of a workspace.
///
/// # Errors
///
/// If the request is out of bounds, the window holds no data, or the statistic refuses.
pub fn score_workspace(
    asked: &ScoreRequest,
    data: &Dataset,
    weights: Option<&WeightsFile>,
    watch: &Watch,
) -> anyhow::Result<Scored> {
    let (chosen, options, units) = (asked.statistic, &asked.options, &asked.units);
    let request = AnalysisRequest { cell: Some(units.size), ..asked.on.resolved(data)? };
    request.check()?;
    let (window, held) = crate::pipeline::window(&request, data)?;
    let incidents = &data.incidents;
    let places = Prepared::default().ground(data, request.cell())?;
    let built;
    let units = match units.kind.as_str() {
        "ward" => &places.wards,
        "square" => &places.cells,
        kind => {
            built = units_of(kind, data, request.cell())?;
            &built
        }
    };
    let taken = Rows::of(&request, incidents, window)?;
    let rows = |window: Window| taken.within(request.crime_types, window);
    let unit_of = |i: usize| -> Option<UnitIdx> {
        match units.kind {
            "ward" => places.ward_of[i],
            "square" => places.cell_of[i],
            _ => ground::mappable(incidents, i, Metres::new(f64::MAX))
                .and_then(|position| units.locate(position)),
        }
    };
    let count = |rows: &[usize], window: Window| -> anyhow::Result<Counts> {
        let places: Vec<Option<UnitIdx>> = rows.iter().map(|&i| unit_of(i)).collect();
        let month = |&i: &usize| incidents.month(i).since(window.first()) as usize;
        let months: Vec<usize> = rows.iter().map(month).collect();
        Ok(count_by_unit(&places, &months, units.len(), window.n_months())?)
    };
    let now = rows(window);
    let counts = count(&now, window)?;
    // Of the workspace's tables none need be meant by another statistic.
    let weights_of = if chosen.id() == HARM { harm_weights(options, data)? } else { None };
    let harm = weights_of.map(|table| harm_of(incidents, &now, unit_of, units.len(), &table));
    let totals = count(&taken.within(CrimeTypes::All, window), window)?.by_unit();
    let coverage = Coverage::of(incidents, request.crime_types, request.source.as_deref());
    let before = Some(window.year_earlier())
        .filter(|earlier| coverage.is_whole(*earlier) && coverage.is_whole(window));
    let earlier_rows = before.map(rows);
    let of_before = |(window, rows): (Window, &[usize])| count(rows, window);
    let earlier = before.zip(earlier_rows.as_deref()).map(of_before).transpose()?;
    let mapped: Vec<(usize, Bng)> = now
        .iter()
        .filter_map(|&i| ground::mappable(incidents, i, request.cell()).map(|at| (i, at)))
        .collect();
    let points: Vec<Bng> = mapped.iter().map(|&(_, at)| at).collect();
    let (times, hours) = times_of(incidents, &now, &mapped, chosen.id() == HOURS);
    let against: Option<Vec<Bng>> = earlier_rows.map(|rows| {
        rows.iter().filter_map(|&i| ground::mappable(incidents, i, request.cell())).collect()
    });
    let until = Window::new(held.first(), window.last().max(held.first()))?;
    let history = count(&rows(until), until)?;
    let is_whole = |month| coverage.is_whole(Window::of(month));
    let whole: Vec<bool> = until.months().map(is_whole).collect();
    let mut input = StatInput::new(units, &counts, window, &points, &data.study_area);
    input.earlier = earlier.as_ref();
    input.times = times.iter().any(Option::is_some).then_some(times.as_slice());
    input.night = Some(&data.night);
    input.anonymised = Repeats::of(&points).is_many();
    input.against = against.as_deref();
    input.history = Some(History { first: until.first(), counts: &history, whole: &whole });
    input.watch = Some(watch);
    input.weights_file = weights;
    input.totals = Some(&totals);
    let expected = expected_by_strata(options, &units.ids)?;
    input.expected = expected.as_deref();
    input.harm = harm.as_ref();
    input.bases = bases_of(units, request.crime_types.base());
    let at_risk = at_risk(units, &places, data, &request);
    input.family = at_risk.as_deref();
    let outcome = chosen.score_json(&input, options.clone())?;
    let mut provenance = data.provenance.clone();
    provenance.files.extend(named_files(options)?);
    let in_part = coverage.in_part(window, provenance.disclosure.as_ref());
    let how_made = HowMade {
        wardheat: env!("CARGO_PKG_VERSION").to_owned(),
        area: data.name.clone(),
        fictional: data.fictional,
        dataset: data.version.clone(),
        crime_types: request.crime_types.to_string(),
        crime_types_label: request.crime_types.label().to_owned(),
        window: window.to_string(),
        window_label: request.hours.of_window(&window.label()),
        compared_with: before.map(|window| window.to_string()),
        gaps: coverage.lacking(window),
        in_part: coverage.doubted(window, before, provenance.disclosure.as_ref()),
        n_incidents: now.len() as u64,
        n_mapped: points.len() as u64,
        methods: methods(method(chosen, options, units, &outcome), hours, in_part),
        seed: request.seed,
        request: serde_json::json!({
            "statistic": chosen.id(), "options": options, "on": request, "units": units.kind,
        }),
        provenance,
    };
    let subject = Subject { units, points: &points, point_ids: None };
    let mut scored = scored(chosen.id(), chosen.label(), outcome, subject, how_made);
    scored.notes.extend(taken.note(request.crime_types, window));
    Ok(scored)
}

/// `[n_units]`: whether an incident can be recorded there at all; none where all units are tested, as
/// areas always are.
fn at_risk(
    units: &Units,
    places: &Ground,
    data: &Dataset,
    request: &AnalysisRequest,
) -> Option<Vec<bool>> {
    if request.family == Family::All || matches!(units.kind, "ward" | "lsoa") {
        return None;
    }
    if units.kind == "square" {
        return Some(places.at_risk.clone());
    }
    let incidents = &data.incidents;
    let held = (0..incidents.len()).filter_map(|i| ground::mappable(incidents, i, request.cell()));
    let held: Vec<Bng> = held.chain(data.snap_points.iter().copied()).collect();
    let mut at_risk = vec![false; units.len()];
    for unit in units.locator.locate_all(&held).into_iter().flatten() {
        at_risk[unit.index()] = true;
    }
    Some(at_risk)
}

/// Units of this kind over the study area.
fn units_of(kind: &str, data: &Dataset, cell_size: Metres) -> anyhow::Result<Units> {
    let from = UnitSource { layers: &data.layers, study_area: &data.study_area, cell_size };
    let kind = unit_kind(kind).with_context(|| format!("there is no kind of unit `{kind}`"))?;
    Ok(kind.build(&from)?)
}

/// Harm of the incidents in `rows`, by unit.
fn harm_of(
    incidents: &Incidents,
    rows: &[usize],
    unit_of: impl Fn(usize) -> Option<UnitIdx>,
    n_units: usize,
    weights: &HarmWeights,
) -> HarmCounts {
    let places: Vec<Option<UnitIdx>> = rows.iter().map(|&i| unit_of(i)).collect();
    let types: Vec<CrimeTypeIdx> = rows.iter().map(|&i| incidents.crime_type(i)).collect();
    harm_by_unit(&places, &types, n_units, weights)
}

/// What rates of `units` are taken over, where any has it.
fn bases_of(units: &Units, base: Base) -> Option<&[Option<Population>]> {
    let bases = match base {
        Base::Residents => &units.residents,
        Base::Households => &units.households,
    };
    bases.iter().any(Option::is_some).then_some(bases)
}

/// How it was done, which hours were left out, and the months that the data hold in part.
fn methods(
    how: (String, String),
    hours: Option<String>,
    in_part: Vec<String>,
) -> Vec<(String, String)> {
    let hours = hours.map(|said| (say::HOURS.to_owned(), said));
    let in_part = in_part.into_iter().map(|said| (say::DATA_IN_PART.to_owned(), said));
    std::iter::once(how).chain(hours).chain(in_part).collect()
}

/// The statistic of hours of the day and week.
const HOURS: &str = "aoristic";

/// When each of the mapped ones happened; for a table of hours, when all of them did, on the map or
/// not, and how many it leaves out.
fn times_of(
    incidents: &Incidents,
    rows: &[usize],
    mapped: &[(usize, Bng)],
    of_hours: bool,
) -> (Vec<Option<TimeSpan>>, Option<String>) {
    if of_hours {
        let (times, said) = hours_of(incidents, rows);
        return (times, Some(said));
    }
    (mapped.iter().map(|&(i, _)| time_of(incidents, i)).collect(), None)
}

/// When each of these happened, for a table of hours: a span of more than a day says nothing there.
/// Also says how many were left out, and why.
fn hours_of(incidents: &Incidents, rows: &[usize]) -> (Vec<Option<TimeSpan>>, String) {
    let is_long = |i: usize| incidents.flags(i).has(Flags::LONG_SPAN);
    let times: Vec<_> =
        rows.iter().map(|&i| if is_long(i) { None } else { time_of(incidents, i) }).collect();
    let n_long = rows.iter().filter(|&&i| is_long(i)).count();
    let n_unknown = times.iter().filter(|time| time.is_none()).count() - n_long;
    let said = say::hours_left_out(rows.len(), n_unknown, n_long);
    (times, said)
}

/// When row `i` happened, where more than its month is known.
fn time_of(incidents: &Incidents, i: usize) -> Option<TimeSpan> {
    let (from, to) = incidents.span(i);
    let from = from.filter(|_| !incidents.flags(i).has(Flags::TIME_UNKNOWN))?;
    Some(TimeSpan { from, to })
}
