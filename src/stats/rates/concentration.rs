//! `concentration`: how unevenly incidents are spread over places, and how much of that is chance.

use rand::RngExt;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::aggregate::Confidence;
use crate::stats::random::stream;
use crate::stats::statistic::between_none_and_all;
use crate::stats::{Cancelled, Outcome, Scores, StatError, StatInput, Statistic, Watch};
use crate::table::{Column, Table, Value};

use super::counts;

/// Simulations that may be asked for.
const MOST_SIMULATIONS: u32 = 9_999;
/// Steps of the curve in the table.
const CURVE_STEPS: usize = 20;

/// Gini coefficient of counts: 0 where all units have the same, towards 1 where one has all.
///
/// ```text
/// G = 2 Σ i x_(i) / (n C) - (n + 1)/n, x_(i) the i-th smallest, C the total
/// ```
///
/// `None` without units or incidents.
pub fn gini(counts: &[u64]) -> Option<f64> {
    let total = counts.iter().sum::<u64>() as f64;
    if total == 0.0 {
        return None;
    }
    let mut sorted = counts.to_vec();
    sorted.sort_unstable();
    let n = counts.len() as f64;
    let ranked: f64 = sorted.iter().zip(1_u32..).map(|(&x, i)| f64::from(i) * x as f64).sum();
    Some(2.0 * ranked / (n * total) - (n + 1.0) / n)
}

/// Gini coefficient where there are fewer incidents than units: compared with the most even spread
/// that is possible, one incident in each of as many units as there are incidents.
///
/// ```text
/// G' = max(0, (n/C) (G - 1) + 1) where C < n, else G
/// ```
///
/// # Source
///
/// Bernasco and Steenbeek (2017), *Journal of Quantitative Criminology* 33, 451-467,
/// <https://doi.org/10.1007/s10940-016-9324-7>.
pub fn generalised_gini(counts: &[u64]) -> Option<f64> {
    let gini = gini(counts)?;
    let (n, total) = (counts.len() as f64, counts.iter().sum::<u64>() as f64);
    Some(if total < n { (n / total * (gini - 1.0) + 1.0).max(0.0) } else { gini })
}

/// The fewest units that hold at least `share` (0 to 1) of all incidents.
///
/// `None` without incidents.
pub fn fewest_units_with(counts: &[u64], share: f64) -> Option<usize> {
    let total = counts.iter().sum::<u64>();
    if total == 0 {
        return None;
    }
    let mut sorted = counts.to_vec();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    let wanted = share * total as f64;
    let mut sum = 0;
    let before = sorted.iter().take_while(|&&count| {
        let more = (sum as f64) < wanted;
        sum += count;
        more
    });
    Some(before.count())
}

/// Share of all incidents in the `share` (0 to 1) of units with the most, rounded up to whole units.
///
/// `None` without incidents.
pub fn share_of_top(counts: &[u64], share: f64) -> Option<f64> {
    let total = counts.iter().sum::<u64>();
    let mut sorted = counts.to_vec();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    let top = (share * counts.len() as f64).ceil() as usize;
    (total > 0).then(|| sorted.iter().take(top).sum::<u64>() as f64 / total as f64)
}

/// The Lorenz curve of counts: share of units, from those with the fewest, and the share of incidents
/// they have together.
///
/// # Shapes and units
///
/// - returns: `[n_units + 1]`, from (0, 0) to (1, 1); empty without incidents.
///
/// # Source
///
/// Lorenz (1905), *Publications of the American Statistical Association* 9(70), 209-219,
/// <https://doi.org/10.2307/2276207>.
pub fn lorenz(counts: &[u64]) -> Vec<(f64, f64)> {
    let total = counts.iter().sum::<u64>();
    if total == 0 {
        return Vec::new();
    }
    let mut sorted = counts.to_vec();
    sorted.sort_unstable();
    let mut sum = 0;
    let mut curve = vec![(0.0, 0.0)];
    for (i, count) in sorted.iter().enumerate() {
        sum += count;
        curve.push(((i + 1) as f64 / counts.len() as f64, sum as f64 / total as f64));
    }
    curve
}

/// A measure of concentration, and what it is where only chance concentrates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Benchmark {
    /// As observed.
    pub observed: f64,
    /// Mean over the simulations.
    pub mean: f64,
    /// Lower end of the middle of the simulations.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// What measures of concentration are where the same number of incidents falls on the units by
/// chance: with fewer incidents than units, few units hold all of them however they fall.
///
/// # Shapes and units
///
/// - `counts`: `[n_units]`.
/// - `exposures`: `[n_units]`, chances in proportion, such as areas; each the same if `None`.
/// - `measures`: from counts to figures, as many each time.
/// - `seed`: each simulation has a stream of its own.
/// - returns: one per measure; `None` where the measure is not defined, or nothing can fall anywhere.
///
/// # Errors
///
/// [`Cancelled`] if `watch` was.
///
/// # Source
///
/// Hipp and Kim (2017), *Journal of Quantitative Criminology* 33, 595-632,
/// <https://doi.org/10.1007/s10940-016-9328-3>, on concentration expected by chance.
pub fn random_benchmark(
    counts: &[u64],
    exposures: Option<&[f64]>,
    measures: &(dyn Fn(&[u64]) -> Vec<Option<f64>> + Sync),
    (simulations, seed): (u32, u64),
    confidence: Confidence,
    watch: &Watch,
) -> Result<Vec<Option<Benchmark>>, Cancelled> {
    let total = counts.iter().sum::<u64>();
    let mut sum = 0.0;
    let ends: Vec<f64> = (0..counts.len())
        .map(|unit| {
            sum += exposures.map_or(1.0, |exposures| exposures[unit].max(0.0));
            sum
        })
        .collect();
    let observed = measures(counts);
    if simulations == 0 || !(sum.is_finite() && sum > 0.0) {
        return Ok(vec![None; observed.len()]);
    }
    watch.expect(u64::from(simulations));
    let drawn: Vec<Vec<Option<f64>>> = (0..simulations)
        .into_par_iter()
        .map(|number| {
            watch.step()?;
            let mut rng = stream(seed, u64::from(number));
            let mut fallen = vec![0_u64; counts.len()];
            for _ in 0..total {
                let unit = if exposures.is_none() {
                    rng.random_range(0..counts.len())
                } else {
                    let at = rng.random::<f64>() * sum;
                    ends.partition_point(|&end| end <= at).min(counts.len() - 1)
                };
                fallen[unit] += 1;
            }
            Ok(measures(&fallen))
        })
        .collect::<Result<_, Cancelled>>()?;
    let benchmark = |(k, observed): (usize, &Option<f64>)| {
        let mut values: Vec<f64> = drawn.iter().filter_map(|draw| draw[k]).collect();
        values.sort_by(f64::total_cmp);
        let last = values.len().checked_sub(1)?;
        let at = |share: f64| values[(share * last as f64).round() as usize];
        Some(Benchmark {
            observed: (*observed)?,
            mean: values.iter().sum::<f64>() / values.len() as f64,
            low: at(confidence.tail()),
            high: at(1.0 - confidence.tail()),
        })
    };
    Ok(observed.iter().enumerate().map(benchmark).collect())
}

/// How unevenly incidents are spread over units.
pub(in crate::stats) struct ConcentrationFace;

/// Options of `concentration`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ConcentrationOptions {
    /// Shares of all incidents, 0 to 1, for which the fewest units are counted.
    pub shares: Vec<f64>,
    /// Times that as many incidents are thrown over the units by chance; 0 for no comparison.
    pub simulations: u32,
    /// Seed of the simulations.
    pub seed: u64,
    /// Whether chances are in proportion to area; each unit has the same otherwise.
    pub by_area: bool,
}

impl Default for ConcentrationOptions {
    fn default() -> Self {
        Self { shares: vec![0.25, 0.5, 0.8], simulations: 199, seed: 2025, by_area: false }
    }
}

impl Statistic for ConcentrationFace {
    type Options = ConcentrationOptions;
    const ID: &'static str = "concentration";
    const LABEL: &'static str = "Concentration";
    const ABOUT: &'static str = "How unevenly incidents are spread over the units tested: Gini coefficients, the fewest units that hold given shares, and what both would be by chance alone.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] = &[
        ("PySAL", "inequality.gini.Gini"),
        ("lorenzgini", "lorenzgini (generalised Gini)"),
        ("ArcGIS", "80-20 Analysis"),
    ];

    fn score(
        &self,
        input: &StatInput<'_>,
        options: &ConcentrationOptions,
    ) -> Result<Outcome, StatError> {
        for &share in &options.shares {
            match share {
                1.0 => share,
                _ => between_none_and_all(Self::ID, "shares", share)?,
            };
        }
        if options.simulations > MOST_SIMULATIONS {
            return Err(StatError::OutOfRange {
                statistic: Self::ID,
                option: "simulations",
                value: f64::from(options.simulations),
                wanted: "from 0 (none) to 9,999",
            });
        }
        let all = counts(Self::ID, input)?;
        let units: Vec<usize> =
            input.tested().iter().enumerate().filter(|(_, t)| **t).map(|(unit, _)| unit).collect();
        let counts: Vec<u64> = units.iter().map(|&unit| all[unit]).collect();
        let areas: Vec<f64> = units.iter().map(|&unit| input.units.areas[unit].get()).collect();
        let measures = |counts: &[u64]| -> Vec<Option<f64>> {
            let fewest = options.shares.iter().map(|&share| {
                fewest_units_with(counts, share).map(|n| n as f64 / counts.len() as f64)
            });
            [gini(counts), generalised_gini(counts)].into_iter().chain(fewest).collect()
        };
        let own = Watch::default();
        let benchmarks = random_benchmark(
            &counts,
            options.by_area.then_some(&areas[..]),
            &measures,
            (options.simulations, options.seed),
            Confidence::P95,
            input.watch.unwrap_or(&own),
        )?;
        let names = ["Gini coefficient".to_owned(), "Gini coefficient, generalised".to_owned()];
        let shares = options
            .shares
            .iter()
            .map(|share| format!("Share of units that hold {}% of incidents", share * 100.0));
        let rows = names
            .into_iter()
            .chain(shares)
            .zip(measures(&counts).into_iter().zip(&benchmarks))
            .enumerate()
            .map(|(k, (name, (value, chance)))| {
                let fewest =
                    k.checked_sub(2).and_then(|k| fewest_units_with(&counts, options.shares[k]));
                vec![
                    Value::Text(name),
                    Value::number(value),
                    Value::count(fewest.map(|n| n as i64)),
                    Value::number(chance.map(|c| c.mean)),
                    Value::number(chance.map(|c| c.low)),
                    Value::number(chance.map(|c| c.high)),
                ]
            })
            .collect();
        let column = |id, label, decimals| Column::new(id, label, "", decimals);
        let table = Table {
            id: Self::ID.to_owned(),
            title: Self::LABEL.to_owned(),
            columns: vec![
                column("measure", "Measure", 0),
                column("value", "Value", 4),
                column("units", "Units", 0),
                column("chance", "By chance alone", 4),
                column("chance_low", "By chance, lower", 4),
                column("chance_high", "By chance, upper", 4),
            ],
            rows,
        };
        let mut outcome = Outcome::of([Scores::Table(table), Scores::Table(curve(&counts))]);
        let (total, n) = (counts.iter().sum::<u64>(), counts.len());
        if total < n as u64 {
            outcome.notes.push(format!(
                "{total} incidents on {n} units: fewer than units, so most units have none however \
                 they fall; read the generalised Gini and the columns by chance."
            ));
        }
        if options.simulations > 0 {
            outcome.notes.push(format!(
                "By chance: {} simulations of {total} incidents over {n} units{}, seed {}; the \
                 middle 95% of them.",
                options.simulations,
                if options.by_area { " in proportion to area" } else { ", each as likely" },
                options.seed
            ));
        }
        Ok(outcome)
    }
}

/// The Lorenz curve from the units with the most, at even steps.
fn curve(counts: &[u64]) -> Table {
    let lorenz = lorenz(counts);
    let last = lorenz.len().saturating_sub(1);
    let rows = (0..=CURVE_STEPS)
        .map(|step| {
            let share = step as f64 / CURVE_STEPS as f64;
            // The top share of units holds what all the others do not.
            let below = last - (share * last as f64).round() as usize;
            let held = lorenz.get(below).map(|(_, held)| 1.0 - held);
            let units = lorenz.get(below).map(|(units, _)| 1.0 - units);
            vec![Value::number(units), Value::number(held)]
        })
        .filter(|row| row[0] != Value::None)
        .collect();
    Table {
        id: "curve".to_owned(),
        title: "Lorenz curve, from the units with the most".to_owned(),
        columns: vec![
            Column::new("units", "Share of units", "0 to 1", 3),
            Column::new("incidents", "Share of incidents", "0 to 1", 4),
        ],
        rows,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_even_spread_is_zero_and_one_place_is_nearly_one() {
        assert_eq!(gini(&[4, 4, 4, 4]), Some(0.0));
        assert_eq!(gini(&[0, 0, 0, 8]), Some(0.75));
        assert_eq!(generalised_gini(&[1, 1, 0, 0]), Some(0.0));
        assert_eq!(generalised_gini(&[2, 0, 0, 0]), Some(0.5));
    }

    #[test]
    fn half_of_all_is_found_in_the_fewest_units() {
        assert_eq!(fewest_units_with(&[1, 5, 4, 0], 0.5), Some(1));
        assert_eq!(fewest_units_with(&[1, 5, 4, 0], 0.51), Some(2));
        assert_eq!(fewest_units_with(&[1, 5, 4, 0], 1.0), Some(3));
        assert_eq!(share_of_top(&[1, 5, 4, 0], 0.3), Some(0.9));
    }

    #[test]
    fn nothing_is_not_concentrated() {
        assert_eq!(gini(&[]), None);
        assert_eq!(gini(&[0, 0]), None);
        assert_eq!(fewest_units_with(&[0], 0.5), None);
        assert_eq!(share_of_top(&[], 0.5), None);
    }

    #[test]
    fn the_curve_rises_to_one_and_its_area_is_the_gini() {
        let counts = [0, 3, 1, 9, 2, 5];

        let curve = lorenz(&counts);

        assert_eq!((curve[0], curve[6]), ((0.0, 0.0), (1.0, 1.0)));
        let below: f64 =
            curve.windows(2).map(|w| (w[1].0 - w[0].0) * (w[0].1 + w[1].1) / 2.0).sum();
        assert!((1.0 - 2.0 * below - gini(&counts).unwrap()).abs() < 1e-12);
        assert_eq!(lorenz(&[0, 0]), []);
    }

    fn bench(counts: &[u64], exposures: Option<&[f64]>, seed: u64) -> Vec<Option<Benchmark>> {
        let measures =
            |counts: &[u64]| vec![gini(counts), fewest_units_with(counts, 0.5).map(|n| n as f64)];
        let how = (499, seed);
        random_benchmark(counts, exposures, &measures, how, Confidence::P95, &Watch::default())
            .unwrap()
    }

    /// Two incidents on two units: on one of them half the time, so the mean Gini is a quarter.
    #[test]
    fn two_on_two_units_are_as_worked_by_hand() {
        let found = bench(&[2, 0], None, 3)[0].unwrap();

        assert!((found.observed - 0.5).abs() < 1e-12);
        assert!((found.mean - 0.25).abs() < 0.05, "{found:?}");
        assert!(found.low.abs() < 1e-12 && (found.high - 0.5).abs() < 1e-12);
    }

    #[test]
    fn real_concentration_lies_beyond_what_chance_gives() {
        let counts: Vec<u64> = (0..100).map(|i| if i % 10 == 0 { 18 } else { 0 }).collect();

        let found = bench(&counts, None, 1)[0].unwrap();

        assert!(found.observed > found.high, "{found:?}");
    }

    #[test]
    fn units_without_exposure_are_never_hit() {
        let exposures = [0.0, 5.0, 0.0, 0.0];

        let found = bench(&[1, 1, 1, 1], Some(&exposures), 1);

        assert!((found[0].unwrap().mean - 0.75).abs() < 1e-12);
        assert!((found[1].unwrap().high - 1.0).abs() < 1e-12);
        assert_eq!(bench(&[1, 1], Some(&[0.0, 0.0]), 1), [None, None]);
        assert_eq!(bench(&[], None, 1), [None, None]);
    }

    #[test]
    fn one_thread_and_many_simulate_alike() {
        let counts: Vec<u64> = (0..50).map(|i| i % 7).collect();
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| bench(&counts, None, 5))
        };

        assert_eq!(with(1), with(8));
    }
}
