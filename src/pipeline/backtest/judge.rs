//! Maps made before a cut and judged after it.

use anyhow::anyhow;
use rayon::prelude::*;

use crate::crs::Bng;
use crate::incident::CrimeTypes;
use crate::pipeline::ground::{Ground, mappable};
use crate::quantity::{Metres, SquareMetres};
use crate::stats::Watch;
use crate::stats::validation::{
    accuracy_of_densities, at_coverage, brier_score, expected_by_map, poisson_log_likelihood,
};
use crate::store::Dataset;
use crate::time::{Month, Window};
use crate::units::UnitIdx;

use super::forecast::{Method, Past};
use super::{BacktestRequest, Cut, Entry, Forecast, stability};

/// Share of the incidents expected that a forecast spreads evenly over the land: an incident where
/// none was seen before is unlikely, not impossible.
const SPREAD_EVENLY: f64 = 0.05;

/// One crime type on one grid.
pub(super) struct Judge<'a> {
    pub request: &'a BacktestRequest,
    pub data: &'a Dataset,
    pub ground: &'a Ground,
    pub types: CrimeTypes,
    pub cell: Metres,
}

impl Judge<'_> {
    fn in_window(&self, first: Month, last: Month) -> Vec<usize> {
        let Ok(window) = Window::new(first, last) else { return Vec::new() };
        let source = self.request.source.as_deref();
        let incidents = &self.data.incidents;
        incidents
            .rows(self.types, window)
            .filter(|&i| source.is_none_or(|only| only == incidents.source(i)))
            .filter(|&i| self.ground.cell_of[i].is_some())
            .collect()
    }

    /// Incidents that a cut is judged on.
    pub(super) fn rows(&self, cut: Cut) -> Vec<usize> {
        self.in_window(cut.first, cut.last)
    }

    /// Incidents that a map at this cut is made from.
    fn before(&self, cut: Cut, history: usize) -> Vec<usize> {
        self.in_window(cut.first.plus(-(history as i32)), cut.first.plus(-1))
    }

    fn points(&self, rows: &[usize]) -> Vec<Bng> {
        rows.iter().filter_map(|&i| mappable(&self.data.incidents, i, self.cell)).collect()
    }

    fn counts(&self, rows: &[usize]) -> Vec<f64> {
        let mut counts = vec![0.0; self.ground.cells.len()];
        for cell in rows.iter().filter_map(|&i| self.ground.cell_of[i]).map(UnitIdx::index) {
            counts[cell] += 1.0;
        }
        counts
    }

    /// Every method and history, judged at every cut.
    pub(super) fn entries(
        &self,
        histories: &[usize],
        cuts: &[Cut],
        watch: &Watch,
    ) -> anyhow::Result<Vec<Entry>> {
        let areas: Vec<f64> =
            self.ground.cells.areas.iter().copied().map(SquareMetres::get).collect();
        let observed: Vec<Vec<f64>> =
            cuts.iter().map(|cut| self.counts(&self.rows(*cut))).collect();
        let jobs: Vec<(usize, Method)> = histories
            .iter()
            .flat_map(|&history| {
                Method::all(&self.request.bandwidths).into_iter().map(move |m| (history, m))
            })
            .collect();
        watch.expect((jobs.len() * cuts.len()) as u64);
        jobs.into_par_iter()
            .map(|(history, method)| {
                let mut entry = Entry {
                    types: self.types,
                    method,
                    history,
                    cell: self.cell,
                    hits: Vec::new(),
                    best_hits: Vec::new(),
                    land: Vec::new(),
                    incidents: Vec::new(),
                    forecasts: method.says_how_many().then(Vec::new),
                };
                for (cut, observed) in cuts.iter().zip(&observed) {
                    watch.step()?;
                    let rows = self.before(*cut, history);
                    let past = Past {
                        points: self.points(&rows),
                        counts: self.counts(&rows),
                        ground: self.ground,
                        alpha: self.request.alpha,
                    };
                    let map = method.map(&past)?;
                    self.judge(&mut entry, &map, observed, &areas)?;
                    if let Some(forecasts) = &mut entry.forecasts {
                        let predicted: Vec<f64> =
                            map.iter().zip(&areas).map(|(v, a)| v * a).collect();
                        // A count is of a cell, a density of a square metre.
                        let per_cell = if method == Method::Counts { &map } else { &predicted };
                        let months = self.request.ahead as f64 / history as f64;
                        let expected = rows.len() as f64 * months;
                        forecasts.extend(forecast(per_cell, observed, &areas, expected));
                    }
                }
                Ok(entry)
            })
            .collect()
    }

    fn judge(
        &self,
        entry: &mut Entry,
        map: &[f64],
        observed: &[f64],
        areas: &[f64],
    ) -> anyhow::Result<()> {
        // Cells are ranked by the value itself, whatever of them is land.
        let rank = |values: &[f64]| {
            accuracy_of_densities(values, observed, areas)
                .ok_or_else(|| anyhow!("a cell without land"))
        };
        let (ranking, ideal) = (rank(map)?, rank(observed)?);
        let coverages = &self.request.coverages;
        let at = |ranking: &[_], coverage: f64| at_coverage(ranking, coverage);
        entry
            .hits
            .push(coverages.iter().map(|&c| at(&ranking, c).map_or(0.0, |k| k.hits)).collect());
        entry
            .best_hits
            .push(coverages.iter().map(|&c| at(&ideal, c).map_or(0.0, |k| k.hits)).collect());
        entry.land.push(
            coverages.iter().map(|&c| at(&ranking, c).map_or(0.0, |k| k.area_share)).collect(),
        );
        entry.incidents.push(observed.iter().sum());
        Ok(())
    }

    pub(super) fn stability(&self, histories: &[usize], cuts: &[Cut]) -> Option<stability::Row> {
        let history = *histories.last()?;
        let pairs: Vec<stability::BeforeAfter> = cuts
            .iter()
            .map(|cut| (self.points(&self.before(*cut, history)), self.points(&self.rows(*cut))))
            .collect();
        let land = self.data.study_area.area().get();
        Some(stability::row(self.types, self.cell, history, &pairs, self.request.rank_at * land))
    }
}

/// What `map` was worth if `total` incidents were expected; `None` if no finite figure says it, which
/// the share spread evenly keeps from happening.
fn forecast(map: &[f64], observed: &[f64], areas: &[f64], total: f64) -> Option<Forecast> {
    // With nothing in the past one incident in all is expected, anywhere.
    let total = total.max(1.0);
    let expected = expected_by_map(map, areas, total, SPREAD_EVENLY);
    let even = expected_by_map(map, areas, total, 1.0);
    Some(Forecast {
        log_likelihood: poisson_log_likelihood(&expected, observed)?,
        even: poisson_log_likelihood(&even, observed)?,
        brier: brier_score(&expected, observed)?,
    })
}
