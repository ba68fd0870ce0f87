//! Kulldorff's scan: the places, or places and times, where incidents cluster most, and whether
//! chance would have given one as strong.
//!
//! [`scan`] does all of it; [`Model`] says what cases are compared with.

mod likelihood;
mod null;
mod search;
mod zones;

pub use zones::{Ties, Window};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::crs::Bng;
use crate::stats::english::method as say;
use crate::stats::monte_carlo::{Runs, simulate, simulate_together, upper_p};
use crate::stats::{Cancelled, Watch};

use likelihood::Likelihood;
use null::Null;
use search::{Found, Ground, TOGETHER};
use zones::{ZoneRule, zones};

/// Why there is no scan.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum ScanError {
    /// Lists that do not describe the same units and periods.
    #[error("{found} {what} for {units} units in {periods} periods")]
    Shape {
        /// What is of another length.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// Units.
        units: usize,
        /// Periods.
        periods: usize,
    },
    /// No cases at all.
    #[error("there are no cases to scan")]
    NoCases,
    /// A population or share below zero, or none at all.
    #[error("the populations add up to {0}; wanted a number above 0, none of them below 0")]
    Population(f64),
    /// More cases in a unit than people or events.
    #[error("unit {unit} has {cases} cases among {all}: cases are some of these")]
    MoreCasesThanAll {
        /// Unit.
        unit: usize,
        /// Its cases.
        cases: f64,
        /// Its people or events.
        all: f64,
    },
    /// Cases where nobody is at risk.
    #[error("unit {unit} has {cases} cases and no population")]
    CasesWithoutPopulation {
        /// Unit.
        unit: usize,
        /// Its cases.
        cases: f64,
    },
    /// The model has no time, or needs it.
    #[error("the {model} scan takes {wanted}; there are {found}")]
    Periods {
        /// Name of the model.
        model: &'static str,
        /// What it takes.
        wanted: &'static str,
        /// Periods given.
        found: usize,
    },
    /// An option out of its range.
    #[error("{option} is {found}; wanted {wanted}")]
    Option {
        /// Name of the option.
        option: &'static str,
        /// Value given.
        found: f64,
        /// What it may be.
        wanted: &'static str,
    },
    /// It was stopped from outside.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// What cases are compared with.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Model {
    /// Cases in proportion to the population, and over several periods to their lengths.
    #[default]
    Poisson,
    /// Cases some of a number of people or events; one period.
    Bernoulli,
    /// Cases where and when others are: no population, two periods or more.
    Permutation,
}

/// How a scan is run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ScanOptions {
    /// What cases are compared with.
    pub model: Model,
    /// Shapes of zones.
    pub window: Window,
    /// What happens to units at one distance.
    pub ties: Ties,
    /// Share of the population (for permutation, of cases) that a zone may hold.
    pub largest: f64,
    /// Share of the periods that a cluster may last, where there are several.
    pub longest: f64,
    /// Periods that a cluster may last, in place of `longest`.
    pub longest_periods: Option<usize>,
    /// Whether only clusters that last to the end are looked for.
    pub prospective: bool,
    /// How much less long ellipses count: 0 not at all, 0.5 somewhat (the default), 1 much.
    pub compactness: f64,
    /// Clusters at most, the strongest first.
    pub clusters: usize,
    /// How often chance is run.
    pub permutations: usize,
    /// Seed of chance.
    pub seed: u64,
}

impl Default for ScanOptions {
    fn default() -> Self {
        Self {
            model: Model::Poisson,
            window: Window::Circles,
            ties: Ties::Together,
            largest: 0.5,
            longest: 0.5,
            longest_periods: None,
            prospective: false,
            compactness: 0.5,
            clusters: 10,
            permutations: 999,
            seed: 2025,
        }
    }
}

/// Cases and what they are compared with.
#[derive(Debug, Clone, Copy)]
pub struct ScanInput<'a> {
    /// `[n_units]`: centre of each unit.
    pub centres: &'a [Bng],
    /// `[n_units x n_periods]`: cases, unit by unit.
    pub cases: &'a [f64],
    /// `[n_units]`: people at risk, or for Bernoulli people or events, the cases among them; not
    /// used for permutation.
    pub population: &'a [f64],
    /// `[n_periods]`: length of each period (days), or another share of what is expected of it.
    pub lengths: &'a [f64],
}

/// One cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanCluster {
    /// Its units, from the centre outwards.
    pub units: Vec<usize>,
    /// Greatest distance of a unit from the centre, m.
    pub radius: f64,
    /// Length of the ellipse over its width; 1 for a circle.
    pub stretch: f64,
    /// Angle of its longer axis, radians anticlockwise from east.
    pub angle: f64,
    /// First period.
    pub start: usize,
    /// Last period, included.
    pub end: usize,
    /// Cases in it.
    pub cases: f64,
    /// Cases expected in it.
    pub expected: f64,
    /// Population of its units; for permutation their cases.
    pub population: f64,
    /// Cases over expected.
    pub ratio: Option<f64>,
    /// Relative risk: the same over that of all outside; `None` where nothing is outside.
    pub relative_risk: Option<f64>,
    /// Logarithm of the likelihood ratio, less what a long ellipse costs.
    pub score: f64,
    /// Monte Carlo p-value: the strongest cluster of chance is as strong or stronger. Of a
    /// secondary cluster that is on the safe side.
    pub p: f64,
}

/// Clusters of cases: the strongest, then others that share no unit with a stronger one.
///
/// Zones are nested sets of the units nearest to each unit's centre, up to a share of the population;
/// over several periods, cylinders of such a zone over consecutive periods up to a share of all.
///
/// ```text
/// Poisson      e = C * population share * length share
/// Permutation  e = C * share of the zone's cases * share of the periods' cases
/// log-likelihood ratio  c ln(c/e) + (C-c) ln((C-c)/(C-e)) if c > e, else 0
/// ```
///
/// Chance deals all C cases out over units and periods as expected (Poisson), over people without
/// putting back (Bernoulli), or deals the periods out over the cases anew (permutation: purely
/// spatial and purely temporal patterns are allowed for). p is `(r + 1)/(runs + 1)`, r the runs whose
/// strongest cluster is as strong or stronger.
///
/// Units at one distance from a centre join together, as in `SaTScan`; `SpatialEpi` lets them join one by
/// one, which [`Ties::OneByOne`] does too. `SpatialEpi` draws Bernoulli cases with putting back, and we
/// without: the p-values differ slightly where cases are a large share of the population.
///
/// A cluster is a place where chance explains the count poorly. Its outline is the circle that fits
/// best, so single units in it need not be high, and its ratio is flattered by having been picked.
///
/// # Shapes and units
///
/// - as [`ScanInput`]; National Grid, m.
/// - returns: strongest first, at most [`ScanOptions::clusters`], whatever their p-value; empty where
///   no zone has more than expected.
///
/// # Errors
///
/// [`ScanError`].
///
/// # Source
///
/// Kulldorff (1997), *Communications in Statistics* 26(6), 1481-1496,
/// <https://doi.org/10.1080/03610929708831995>; prospective: Kulldorff (2001), *JRSS A* 164(1),
/// 61-72, <https://doi.org/10.1111/1467-985X.00186>; permutation: Kulldorff and others (2005), `PLoS`
/// *Medicine* 2(3), e59, <https://doi.org/10.1371/journal.pmed.0020059>; ellipses: Kulldorff, Huang,
/// Pickle and Duczmal (2006), *Statistics in Medicine* 25(22), 3929-3943,
/// <https://doi.org/10.1002/sim.2490>.
#[doc(alias = "kulldorff")]
#[doc(alias = "satscan")]
pub fn scan(
    input: ScanInput<'_>,
    options: &ScanOptions,
    watch: Option<&Watch>,
) -> Result<Vec<ScanCluster>, ScanError> {
    let setting = setting(input, options)?;
    let Setting { ground, null, weights } = &setting;
    let runs = Runs { count: options.permutations, seed: options.seed, watch };
    let simulated = if input.lengths.len() == 1 {
        simulate_together(runs, |rngs: &mut [_; TOGETHER]| {
            let mut counts = vec![[0.0; TOGETHER]; input.centres.len()];
            for (run, rng) in rngs.iter_mut().enumerate() {
                let drawn = null.draw(rng);
                counts.iter_mut().zip(drawn).for_each(|(of, count)| of[run] = count);
            }
            ground.best_scores(&counts)
        })?
    } else {
        simulate(runs, |rng| ground.best_score(&null.draw(rng)))?
    };
    let mut taken = vec![false; input.centres.len()];
    let mut clusters = Vec::new();
    while clusters.len() < options.clusters {
        let Some(found) = ground.best(input.cases, &taken) else { break };
        let cluster = describe(found, ground, input.centres, weights, &simulated);
        cluster.units.iter().for_each(|&unit| taken[unit] = true);
        clusters.push(cluster);
    }
    Ok(clusters)
}

struct Setting {
    ground: Ground,
    null: Null,
    /// `[n_units]`: what a zone's share is measured in.
    weights: Vec<f64>,
}

fn setting(input: ScanInput<'_>, options: &ScanOptions) -> Result<Setting, ScanError> {
    let (units, periods) = (input.centres.len(), input.lengths.len());
    let shape = |what, found, wanted: usize| {
        if found == wanted { Ok(()) } else { Err(ScanError::Shape { what, found, units, periods }) }
    };
    shape("cases", input.cases.len(), units * periods)?;
    if options.model != Model::Permutation {
        shape("populations", input.population.len(), units)?;
    }
    check_options(options, periods)?;
    let total: f64 = input.cases.iter().sum();
    if !(total > 0.0 && total.is_finite()) {
        return Err(ScanError::NoCases);
    }
    let of_unit =
        |unit: usize| input.cases[unit * periods..(unit + 1) * periods].iter().sum::<f64>();
    let weights: Vec<f64> = match options.model {
        Model::Permutation => (0..units).map(of_unit).collect(),
        _ => input.population.to_vec(),
    };
    let all: f64 = weights.iter().sum();
    if !(all > 0.0 && all.is_finite()) || weights.iter().any(|w| w.is_nan() || *w < 0.0) {
        return Err(ScanError::Population(all));
    }
    for (unit, &all) in weights.iter().enumerate() {
        let cases = of_unit(unit);
        if options.model == Model::Bernoulli && cases > all {
            return Err(ScanError::MoreCasesThanAll { unit, cases, all });
        }
        if cases > 0.0 && all == 0.0 {
            return Err(ScanError::CasesWithoutPopulation { unit, cases });
        }
    }
    let period_weights: Vec<f64> = match options.model {
        Model::Permutation => (0..periods)
            .map(|period| (0..units).map(|unit| input.cases[unit * periods + period]).sum())
            .collect(),
        _ => input.lengths.to_vec(),
    };
    let whole: f64 = period_weights.iter().sum();
    if !(whole > 0.0 && whole.is_finite()) || period_weights.iter().any(|w| w.is_nan() || *w < 0.0)
    {
        return Err(ScanError::Population(whole));
    }
    let rule = ZoneRule { window: options.window, ties: options.ties, largest: options.largest };
    let longest = options
        .longest_periods
        .unwrap_or((options.longest * periods as f64 + 1e-9) as usize)
        .clamp(1, periods);
    let ground = Ground {
        nests: zones(input.centres, &weights, rule),
        unit_shares: weights.iter().map(|w| w / all).collect(),
        period_shares: period_weights.iter().map(|w| w / whole).collect(),
        likelihood: match options.model {
            Model::Bernoulli => Likelihood::Bernoulli { cases: total, all },
            _ => Likelihood::Poisson { total },
        },
        total,
        longest,
        prospective: options.prospective,
        compactness: options.compactness,
    };
    let null = Null::new(options.model, input.cases, &weights, &ground.period_shares);
    Ok(Setting { null: null.ok_or(ScanError::NoCases)?, ground, weights })
}

fn check_options(options: &ScanOptions, periods: usize) -> Result<(), ScanError> {
    let model = say::scan(options.model);
    let wanted = match options.model {
        Model::Poisson if periods >= 1 => None,
        Model::Poisson => Some("one period or more"),
        Model::Bernoulli => (periods != 1).then_some("one period"),
        Model::Permutation => (periods < 2).then_some("two periods or more"),
    };
    if let Some(wanted) = wanted {
        return Err(ScanError::Periods { model, wanted, found: periods });
    }
    let within = |option, found: f64, low: f64, high: f64, wanted| {
        if found >= low && found <= high {
            Ok(())
        } else {
            Err(ScanError::Option { option, found, wanted })
        }
    };
    within("largest", options.largest, 1e-9, 1.0, "a share above 0, at most 1")?;
    within("longest", options.longest, 1e-9, 1.0, "a share above 0, at most 1")?;
    within("compactness", options.compactness, 0.0, 1.0, "0 to 1")
}

fn describe(
    found: Found,
    ground: &Ground,
    centres: &[Bng],
    weights: &[f64],
    simulated: &[f64],
) -> ScanCluster {
    let nest = &ground.nests[found.nest];
    let units: Vec<usize> = nest.units().take(found.n_units).map(|(unit, _)| unit).collect();
    let centre = centres[nest.centre as usize];
    let distance = |unit: &usize| {
        let at = centres[*unit];
        (at.easting() - centre.easting()).hypot(at.northing() - centre.northing())
    };
    let (outside, expected_outside) = (ground.total - found.cases, ground.total - found.expected);
    let ratio = (found.expected > 0.0).then(|| found.cases / found.expected);
    ScanCluster {
        radius: units.iter().map(distance).fold(0.0, f64::max),
        population: units.iter().map(|&unit| weights[unit]).sum(),
        units,
        stretch: nest.stretch,
        angle: nest.angle,
        start: found.start,
        end: found.end,
        cases: found.cases,
        expected: found.expected,
        ratio,
        relative_risk: ratio
            .filter(|_| outside > 0.0 && expected_outside > 0.0)
            .map(|ratio| ratio / (outside / expected_outside)),
        score: found.score,
        p: upper_p(found.score, simulated),
    }
}

#[cfg(test)]
#[path = "scan_tests.rs"]
mod tests;
