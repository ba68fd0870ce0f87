//! The statistics that can be chosen by name, each a thin face of its function.

use serde::{Deserialize, Serialize};

use crate::aggregate::{Confidence, CountInterval, rate_by};
use crate::geometry::Shape;
use crate::quantity::SquareMetres;
use crate::weights::Contiguity;

use super::statistic::between_none_and_all;
use super::{
    Change, FoundPlace, GiStarScore, Hotspot, Outcome, PlaceScores, RANK_DRAWS, Rank, ScoreColumn,
    Scores, StatError, StatInput, Statistic, change, gi_star_in_family, hotspots, ranks,
};

/// Count, rate, share, rank and change of each unit.
pub(super) struct Rate;

/// Options of `rate`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct RateOptions {
    /// Coverage of every interval.
    pub confidence: f64,
    /// Interval of rates: exact (Garwood) or Byar's.
    pub interval: CountInterval,
    /// Draws of the rank intervals.
    pub draws: usize,
    /// Seed of the draws.
    pub seed: u64,
}

impl Default for RateOptions {
    fn default() -> Self {
        Self { confidence: 0.95, interval: CountInterval::Exact, draws: RANK_DRAWS, seed: 2025 }
    }
}

impl Statistic for Rate {
    type Options = RateOptions;
    const ID: &'static str = "rate";
    const LABEL: &'static str = "Counts and rates";
    const ABOUT: &'static str = "Incidents of each unit, their rate with an exact Poisson interval, rank with the places it could as well have, and change against a year earlier.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] = &[
        ("sfhotspot", "hotspot_count"),
        ("epitools", "pois.exact"),
        ("ArcGIS", "Calculate Rates"),
    ];
    const UNITS: &'static str = "ward";

    fn score(&self, input: &StatInput<'_>, options: &RateOptions) -> Result<Outcome, StatError> {
        let confidence =
            Confidence::new(between_none_and_all(Self::ID, "confidence", options.confidence)?)
                .unwrap_or_default();
        let counts = input.counts.by_unit();
        let total = counts.iter().sum::<u64>() as f64;
        let number = |id, label, unit, values| ScoreColumn::numbers(id, label, unit, values);
        let all = |f: &dyn Fn(u64) -> Option<f64>| counts.iter().map(|&c| f(c)).collect();
        let mut columns = vec![
            number("count", "Incidents", "", all(&|c| Some(c as f64))),
            number(
                "share",
                "Share of incidents",
                "0 to 1",
                all(&|c| (total > 0.0).then(|| c as f64 / total)),
            ),
        ];
        let by_count = ranks(&counts, None, options.draws, options.seed, confidence)?;
        columns.extend(rank_columns(
            &by_count,
            [
                ("rank_count", "Rank by count"),
                ("rank_count_low", "Rank by count, best"),
                ("rank_count_high", "Rank by count, worst"),
            ],
        ));
        if let Some(bases) = input.bases {
            let rates: Vec<_> = counts
                .iter()
                .zip(bases)
                .map(|(&c, &b)| rate_by(options.interval, c, b, confidence))
                .collect();
            let unit = "per 1,000";
            let end = |f: &dyn Fn(crate::aggregate::Rate) -> f64| {
                rates.iter().map(|rate| rate.map(f)).collect::<Vec<_>>()
            };
            columns.push(number("rate", "Rate", unit, end(&|r| r.value.get())));
            columns.push(number("rate_low", "Rate, lower", unit, end(&|r| r.low.get())));
            columns.push(number("rate_high", "Rate, upper", unit, end(&|r| r.high.get())));
            let by_rate = ranks(&counts, Some(bases), options.draws, options.seed, confidence)?;
            columns.extend(rank_columns(
                &by_rate,
                [
                    ("rank", "Rank by rate"),
                    ("rank_low", "Rank by rate, best"),
                    ("rank_high", "Rank by rate, worst"),
                ],
            ));
        }
        if let Some(earlier) = input.earlier {
            let before = earlier.by_unit();
            let changes: Vec<Change> =
                counts.iter().zip(&before).map(|(&c, &b)| change(c, b, confidence)).collect();
            columns.extend(change_columns(&before, &changes));
        }
        Ok(Scores::PerUnit(columns).into())
    }
}

fn rank_columns(
    ranks: &[Option<Rank>],
    [place, best, worst]: [(&'static str, &'static str); 3],
) -> [ScoreColumn; 3] {
    let column = |(id, label), f: &dyn Fn(Rank) -> u32| {
        let values = ranks.iter().map(|rank| rank.map(|rank| f64::from(f(rank)))).collect();
        ScoreColumn::numbers(id, label, "", values)
    };
    [column(place, &|r| r.rank), column(best, &|r| r.low), column(worst, &|r| r.high)]
}

fn change_columns(before: &[u64], changes: &[Change]) -> [ScoreColumn; 5] {
    let numbers = |id, label, unit, f: &dyn Fn(&Change) -> Option<f64>| {
        ScoreColumn::numbers(id, label, unit, changes.iter().map(f).collect())
    };
    let times = "times as many";
    [
        ScoreColumn::numbers(
            "earlier",
            "A year earlier",
            "",
            before.iter().map(|&b| Some(b as f64)).collect(),
        ),
        numbers("change", "Change", times, &|c| c.ratio.and_then(|r| r.ratio)),
        numbers("change_low", "Change, lower", times, &|c| c.ratio.map(|r| r.low)),
        numbers("change_high", "Change, upper", times, &|c| c.ratio.and_then(|r| r.high)),
        ScoreColumn::labels(
            "change_class",
            "Against a year earlier",
            changes.iter().map(|c| Some(c.class.label())).collect(),
        ),
    ]
}

fn gi_star_scores(input: &StatInput<'_>) -> Result<Vec<Option<GiStarScore>>, StatError> {
    let near = input.neighbours(Contiguity::Queen);
    Ok(gi_star_in_family(&input.values(), near, &input.tested())?)
}

/// Significant units merged into hotspots.
pub(super) struct Hotspots;

/// Options of `hotspots`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct HotspotOptions {
    /// False discovery rate at which a unit is significant.
    pub alpha: f64,
    /// A hotspot larger than this is split at its saddles, m².
    pub largest: SquareMetres,
}

impl Default for HotspotOptions {
    fn default() -> Self {
        Self { alpha: 0.05, largest: SquareMetres::new(1e6) }
    }
}

impl Statistic for Hotspots {
    type Options = HotspotOptions;
    const ID: &'static str = "hotspots";
    const LABEL: &'static str = "Hotspots";
    const ABOUT: &'static str = "Neighbouring units that Gi* finds significantly high, merged into places and split at saddles where they are larger than asked.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] =
        &[("sfhotspot", "hotspot_gistar"), ("ArcGIS", "Optimized Hot Spot Analysis")];

    fn score(&self, input: &StatInput<'_>, options: &HotspotOptions) -> Result<Outcome, StatError> {
        let alpha = between_none_and_all(Self::ID, "alpha", options.alpha)?;
        let scores = gi_star_scores(input)?;
        let hot: Vec<bool> =
            scores.iter().map(|s| s.is_some_and(|s| s.q <= alpha && s.z > 0.0)).collect();
        let heights: Vec<f64> = scores.iter().map(|s| s.map_or(0.0, |s| s.z)).collect();
        let near = input.neighbours(Contiguity::Rook);
        let found = hotspots(&hot, &heights, &input.units.areas, near, options.largest)?;
        let counts = input.counts.by_unit();
        let total = counts.iter().sum::<u64>() as f64;
        let column = |id, label, unit, f: &dyn Fn(&Hotspot) -> Option<f64>| {
            ScoreColumn::numbers(id, label, unit, found.iter().map(f).collect())
        };
        let count =
            |spot: &Hotspot| spot.cells.iter().map(|u| counts[u.index()]).sum::<u64>() as f64;
        let columns = vec![
            column("count", "Incidents", "", &|spot| Some(count(spot))),
            column("share", "Share of incidents", "0 to 1", &|spot| {
                (total > 0.0).then(|| count(spot) / total)
            }),
            column("units", "Units", "", &|spot| Some(spot.cells.len() as f64)),
            column("area_km2", "Area", "km²", &|spot| Some(spot.area.km2())),
            column("density", "Density", "per km²", &|spot| {
                (spot.area.km2() > 0.0).then(|| count(spot) / spot.area.km2())
            }),
        ];
        let shape = |spot: &Hotspot| {
            let shapes = spot.cells.iter().map(|unit| &input.units.shapes[unit.index()]);
            FoundPlace::Area(Shape::union_of(shapes))
        };
        let places = found.iter().map(shape).collect();
        let title = Self::LABEL.to_owned();
        Ok(Scores::Places(PlaceScores { id: Self::ID, title, places, columns }).into())
    }
}

#[cfg(test)]
#[path = "selectable_tests.rs"]
mod tests;
