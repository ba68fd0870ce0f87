//! Counts and rates made selectable by name: a file each, and what they share.

mod concentration;
mod harm;
mod location_quotient;
mod mean_classes;
mod rate_ratio;
mod smoothed_rate;
mod standardised_ratio;

pub(super) use concentration::ConcentrationFace;
pub use concentration::{
    Benchmark, ConcentrationOptions, fewest_units_with, generalised_gini, gini, lorenz,
    random_benchmark, share_of_top,
};
pub(super) use harm::HarmFace;
pub use harm::HarmOptions;
pub(super) use location_quotient::LocationQuotientFace;
pub use location_quotient::LocationQuotientOptions;
pub(super) use mean_classes::MeanClassesFace;
pub use mean_classes::{MEAN_CLASSES, MeanClass, MeanClasses, MeanClassesOptions, mean_classes};
pub(super) use rate_ratio::RateRatioFace;
pub use rate_ratio::{RateRatioOptions, RatioInterval};
pub(super) use smoothed_rate::SmoothedRateFace;
pub use smoothed_rate::SmoothedRateOptions;
pub(super) use standardised_ratio::StandardisedRatioFace;
pub use standardised_ratio::StandardisedRatioOptions;

use crate::aggregate::Confidence;
use crate::quantity::Population;

use super::english::{head, note};
use super::statistic::between_none_and_all;
use super::{ScoreColumn, StatError, StatInput};

/// Count of each unit, where what was measured are counts.
fn counts(statistic: &'static str, input: &StatInput<'_>) -> Result<Vec<u64>, StatError> {
    let wrong = input.measured.and_then(|measured| {
        measured.iter().position(|x| !(*x >= 0.0 && x.fract() == 0.0 && *x < 4e9))
    });
    match (wrong, input.measured) {
        (Some(unit), Some(measured)) => Err(StatError::Lacks {
            statistic,
            wanted: note::COUNTS,
            found: format!("`{}` has {}", input.units.names[unit], measured[unit]),
        }),
        (_, Some(measured)) => Ok(measured.iter().map(|x| *x as u64).collect()),
        _ => Ok(input.counts.by_unit()),
    }
}

/// Counts as a column.
fn count_column(counts: &[u64]) -> ScoreColumn {
    let counts = counts.iter().map(|&count| Some(count as f64)).collect();
    ScoreColumn::numbers("count", head::INCIDENTS, "", counts)
}

/// Coverage of intervals and level of tests, if both are shares.
fn judged(
    statistic: &'static str,
    confidence: f64,
    alpha: f64,
) -> Result<(Confidence, f64), StatError> {
    let coverage = between_none_and_all(statistic, "confidence", confidence)?;
    let alpha = between_none_and_all(statistic, "alpha", alpha)?;
    Ok((Confidence::new(coverage).unwrap_or_default(), alpha))
}

/// What rates are taken over.
fn bases<'a>(
    statistic: &'static str,
    input: &StatInput<'a>,
) -> Result<&'a [Option<Population>], StatError> {
    input.bases.ok_or_else(|| StatError::Lacks {
        statistic,
        wanted: note::POPULATION,
        found: note::NO_POPULATION.to_owned(),
    })
}

/// A sentence on units without a population, where there are any.
fn without_base(bases: &[Option<Population>]) -> Option<String> {
    let without = bases.iter().filter(|base| base.is_none()).count();
    (without > 0).then(|| note::without_population(without, bases.len()))
}

#[cfg(test)]
mod tests;
