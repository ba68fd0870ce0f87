//! Back-test: which way of mapping would have told best where later incidents were.
//!
//! Every method makes its map from months before a cut and is judged on the months after it; the cut
//! then moves on. Nothing that a map is judged on was known when it was made.

mod forecast;
mod judge;
mod stability;
mod tables;

pub use forecast::{METHODS, Method};

use std::collections::{BTreeMap, BTreeSet};

use anyhow::anyhow;
use serde::{Deserialize, Serialize};

use crate::hint::Hint;
use crate::incident::CrimeTypes;
use crate::quantity::Metres;
use crate::stats::Watch;
use crate::store::Dataset;
use crate::table::Table;
use crate::time::{Month, Window, WindowSpec};

use super::coverage::Coverage;
use super::english::backtest as say;
use super::ground::Ground;

use judge::Judge;

/// Cuts below which the longest history is given up to have more.
const ENOUGH_CUTS: usize = 3;
/// Incidents of a type, over the months judged, below which it is not judged.
const FEWEST: usize = 50;

/// What is back-tested.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct BacktestRequest {
    /// Crime types, each on its own; every type with enough incidents where empty.
    pub types: Vec<CrimeTypes>,
    /// Months used; all there are unless chosen.
    pub window: WindowSpec,
    /// Only this source, or all of them.
    pub source: Option<String>,
    /// Sides of the cells that maps are made of.
    pub cells: Vec<Metres>,
    /// Bandwidths of the densities.
    pub bandwidths: Vec<Metres>,
    /// Months that maps are made from.
    pub history: Vec<usize>,
    /// Months after the cut that maps are judged on.
    pub ahead: usize,
    /// Cuts at most, the latest ones, none of whose months judged overlap.
    pub cuts: usize,
    /// Shares of the land that are looked at.
    pub coverages: Vec<f64>,
    /// The one of `coverages` that methods are ranked at.
    pub rank_at: f64,
    /// False discovery rate of hotspots.
    pub alpha: f64,
}

impl Default for BacktestRequest {
    fn default() -> Self {
        let metres = |sides: &[f64]| sides.iter().copied().map(Metres::new).collect();
        Self {
            types: Vec::new(),
            window: WindowSpec::All,
            source: None,
            cells: metres(&[250.0]),
            bandwidths: metres(&[200.0, 300.0, 500.0, 800.0]),
            history: vec![3, 6, 12, 24],
            ahead: 3,
            cuts: 6,
            coverages: vec![0.01, 0.02, 0.05, 0.1],
            rank_at: 0.02,
            alpha: 0.05,
        }
    }
}

impl BacktestRequest {
    fn check(&self) -> anyhow::Result<()> {
        let within = |what: &str, found: f64, low: f64, high: f64| {
            if found >= low && found <= high {
                Ok(())
            } else {
                Err(anyhow!("{what} is {found}; wanted {low} to {high}"))
            }
        };
        self.cells.iter().try_for_each(|c| within("a cell", c.get(), 25.0, 10_000.0))?;
        self.bandwidths.iter().try_for_each(|b| within("a bandwidth", b.get(), 50.0, 10_000.0))?;
        self.history.iter().try_for_each(|&h| within("a history", h as f64, 1.0, 240.0))?;
        self.coverages.iter().try_for_each(|&c| within("a coverage", c, 1e-4, 1.0))?;
        within("ahead", self.ahead as f64, 1.0, 24.0)?;
        within("cuts", self.cuts as f64, 1.0, 120.0)?;
        within("alpha", self.alpha, 1e-6, 0.5)?;
        if self.cells.is_empty() || self.history.is_empty() || self.coverages.is_empty() {
            return Err(anyhow!("cells, history and coverages need one value at least"));
        }
        if !self.coverages.contains(&self.rank_at) {
            return Err(anyhow!("rank-at is {}, which is none of the coverages", self.rank_at)
                .context(Hint("name one of the shares that are looked at".to_owned())));
        }
        Ok(())
    }
}

/// What a back-test found.
#[derive(Debug, Serialize)]
pub struct Backtest {
    /// The best method and setting of each crime type.
    pub best: Table,
    /// Every method and setting.
    pub results: Table,
    /// Whether the top places stay the top places.
    pub stability: Table,
    /// What the reader must know.
    pub notes: Vec<String>,
    /// The request as it was run.
    pub request: BacktestRequest,
}

/// One method and setting on one crime type.
#[derive(Debug, Clone)]
struct Entry {
    types: CrimeTypes,
    method: Method,
    history: usize,
    cell: Metres,
    /// By cut, then coverage.
    hits: Vec<Vec<f64>>,
    best_hits: Vec<Vec<f64>>,
    land: Vec<Vec<f64>>,
    /// By cut: incidents judged.
    incidents: Vec<f64>,
    /// By cut, of methods that say how many to expect: what the map was worth as a forecast.
    forecasts: Option<Vec<Forecast>>,
}

/// What a map was worth as a forecast of counts.
#[derive(Debug, Clone, Copy)]
struct Forecast {
    /// Logarithm of the chance of what came.
    log_likelihood: f64,
    /// The same of as many incidents spread evenly over the land.
    even: f64,
    /// Brier score of a cell having any.
    brier: f64,
}

impl Entry {
    fn sum(of: &[Vec<f64>], coverage: usize) -> f64 {
        of.iter().map(|cut| cut[coverage]).sum()
    }

    /// Hits over incidents, of all cuts together.
    fn hit_rate(&self, coverage: usize) -> Option<f64> {
        let all: f64 = self.incidents.iter().sum();
        (all > 0.0).then(|| Self::sum(&self.hits, coverage) / all)
    }

    fn pai(&self, coverage: usize) -> Option<f64> {
        let land = Self::sum(&self.land, coverage) / self.land.len().max(1) as f64;
        self.hit_rate(coverage).filter(|_| land > 0.0).map(|hits| hits / land)
    }

    fn pei(&self, coverage: usize) -> Option<f64> {
        let best = Self::sum(&self.best_hits, coverage);
        (best > 0.0).then(|| Self::sum(&self.hits, coverage) / best)
    }

    /// Of a method that says how many to expect: log-likelihood an incident, how much more that is than
    /// of an even spread, and the mean Brier score.
    fn forecast(&self) -> Option<[f64; 3]> {
        let forecasts = self.forecasts.as_ref()?;
        let incidents: f64 = self.incidents.iter().sum();
        let sum = |of: fn(&Forecast) -> f64| forecasts.iter().map(of).sum::<f64>();
        (incidents > 0.0).then(|| {
            let likelihood = sum(|f| f.log_likelihood) / incidents;
            let even = sum(|f| f.even) / incidents;
            [likelihood, likelihood - even, sum(|f| f.brier) / forecasts.len() as f64]
        })
    }

    /// Mean difference of the hit rate to another's, over the cuts, and its standard error.
    fn behind(&self, other: &Self, coverage: usize) -> (f64, Option<f64>) {
        let differences: Vec<f64> = (0..self.incidents.len())
            .filter(|&cut| self.incidents[cut] > 0.0)
            .map(|cut| (other.hits[cut][coverage] - self.hits[cut][coverage]) / self.incidents[cut])
            .collect();
        let n = differences.len() as f64;
        if n == 0.0 {
            return (0.0, None);
        }
        let mean = differences.iter().sum::<f64>() / n;
        let squares: f64 = differences.iter().map(|d| (d - mean).powi(2)).sum();
        (mean, (n > 1.0).then(|| (squares / (n - 1.0) / n).sqrt()))
    }
}

/// A cut: maps are made from months before `first`, and judged on those from it on.
#[derive(Debug, Clone, Copy)]
struct Cut {
    first: Month,
    last: Month,
}

/// Runs a back-test.
///
/// # Errors
///
/// If a setting is out of bounds, the data hold no cut with whole months on both sides, or `watch` was
/// cancelled.
pub fn backtest(
    request: &BacktestRequest,
    data: &Dataset,
    watch: &Watch,
) -> anyhow::Result<Backtest> {
    request.check()?;
    let held = data.incidents.months().ok_or_else(|| anyhow!("the store holds no incident"))?;
    let window = request.window.resolve(held)?;
    let mut notes = Vec::new();
    let types = chosen_types(request, data, window)?;
    let source = request.source.as_deref();
    let mut entries = Vec::new();
    let mut stability_rows = Vec::new();
    let mut shortened: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    for &cell in &request.cells {
        let ground = Ground::new(data, cell)?;
        for &types in &types {
            let coverage = Coverage::of(&data.incidents, types, source);
            let (histories, cuts) = cuts(request, window, &coverage);
            if cuts.is_empty() {
                let shortest = request.history.iter().min().copied().unwrap_or(1);
                notes.push(say::no_cut(types.label(), shortest, request.ahead));
                continue;
            }
            if histories.len() < request.history.len() {
                let longest = histories.iter().max().copied().unwrap_or(0);
                shortened.entry(longest).or_default().insert(types.label());
            }
            let judge = Judge { request, data, ground: &ground, types, cell };
            let judged: usize = cuts.iter().map(|cut| judge.rows(*cut).len()).sum();
            if judged < FEWEST {
                notes.push(say::too_few(types.label(), judged, FEWEST));
                continue;
            }
            let of_type = judge.entries(&histories, &cuts, watch)?;
            stability_rows.extend(judge.stability(&histories, &cuts));
            entries.extend(of_type);
        }
    }
    if entries.is_empty() {
        return Err(anyhow!("nothing could be back-tested: {}", notes.join(" ")).context(Hint(
            "import more months, or ask for a shorter --history and --ahead".to_owned(),
        )));
    }
    for (longest, types) in shortened {
        let types: Vec<&str> = types.into_iter().collect();
        notes.push(say::shortened(longest, ENOUGH_CUTS, &types));
    }
    notes.dedup();
    notes.extend([say::AS_FORECASTS, say::BEST_IS_FLATTERED].map(str::to_owned));
    Ok(Backtest {
        best: tables::best(&entries, request),
        results: tables::results(&entries, request),
        stability: tables::stability(&stability_rows),
        notes,
        request: request.clone(),
    })
}

/// The types asked for, or every one with enough incidents.
fn chosen_types(
    request: &BacktestRequest,
    data: &Dataset,
    window: Window,
) -> anyhow::Result<Vec<CrimeTypes>> {
    if !request.types.is_empty() {
        let known = &data.priorities;
        return Ok(request
            .types
            .iter()
            .map(|types| types.resolve(known))
            .collect::<Result<_, _>>()?);
    }
    Ok(CrimeTypes::choices()
        .filter(|types| matches!(types, CrimeTypes::One(_) | CrimeTypes::All))
        .filter(|types| data.incidents.rows(*types, window).count() >= FEWEST)
        .collect())
}

/// Histories kept, and cuts that have all of them whole: the longest history is given up while fewer
/// than [`ENOUGH_CUTS`] do.
fn cuts(
    request: &BacktestRequest,
    window: Window,
    coverage: &Coverage<'_>,
) -> (Vec<usize>, Vec<Cut>) {
    let mut histories = request.history.clone();
    histories.sort_unstable();
    histories.dedup();
    loop {
        let longest = histories.last().copied().unwrap_or(1) as i32;
        let ahead = request.ahead as i32;
        let mut found = Vec::new();
        let mut last = window.last();
        while found.len() < request.cuts && last.plus(1 - ahead - longest) >= window.first() {
            let first = last.plus(1 - ahead);
            let whole = Window::new(first.plus(-longest), last)
                .is_ok_and(|needed| coverage.is_whole(needed));
            if whole {
                found.push(Cut { first, last });
                last = last.plus(-ahead);
            } else {
                // A gap: the next month back may start a stretch without one.
                last = last.plus(-1);
            }
        }
        found.reverse();
        if found.len() >= ENOUGH_CUTS.min(request.cuts) || histories.len() <= 1 {
            return (histories, found);
        }
        histories.pop();
    }
}
