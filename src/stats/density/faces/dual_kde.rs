//! `dual-kde`: the density of incidents against that of another set, or of people.

use serde::{Deserialize, Serialize};

use crate::crs::Bng;
use crate::quantity::Metres;
use crate::units::shares_inside;

use super::super::{Comparison, Kernel, Layout, dual, kde};
use super::layout;
use crate::stats::{Outcome, Scores, StatError, StatInput, Statistic, Surface, SurfaceScores};

/// Density of the incidents against another.
pub struct DualKde;

/// What the incidents are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DualBase {
    /// The second set of points, such as the same months a year earlier.
    Points,
    /// Residents or households of each unit, spread evenly over it.
    Population,
}

/// Options of `dual-kde`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct DualKdeOptions {
    /// How the two are compared.
    pub compare: Comparison,
    /// What the incidents are compared with; the second set of points where there is one, else
    /// population.
    pub base: Option<DualBase>,
    /// Shape of the hill.
    pub kernel: Kernel,
    /// Distance at which the hill ends, m, the same for both.
    pub bandwidth: Metres,
    /// Side of a cell of the surface, m.
    pub cell: Metres,
    /// Density of the second, per km², below which nothing is compared: a ratio over next to
    /// nothing is noise.
    pub least: f64,
}

impl Default for DualKdeOptions {
    fn default() -> Self {
        Self {
            compare: Comparison::Ratio,
            base: None,
            kernel: Kernel::Quartic,
            bandwidth: Metres::new(500.0),
            cell: Metres::new(50.0),
            least: 0.0,
        }
    }
}

impl Statistic for DualKde {
    type Options = DualKdeOptions;
    const ID: &'static str = "dual-kde";
    const LABEL: &'static str = "Dual kernel density";
    const ABOUT: &'static str = "The density of incidents over, or less, that of a second set of \
                                 points or of population, around each place.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] = &[
        ("sfhotspot", "hotspot_dual_kde"),
        ("CrimeStat", "Dual kernel density interpolation"),
        ("spatstat", "relrisk"),
    ];

    fn score(&self, input: &StatInput<'_>, options: &DualKdeOptions) -> Result<Outcome, StatError> {
        let DualKdeOptions { compare, kernel, bandwidth, cell, least, .. } = *options;
        if least.is_nan() || least < 0.0 {
            return Err(StatError::OutOfRange {
                statistic: Self::ID,
                option: "least",
                value: least,
                wanted: "zero or more",
            });
        }
        let base = options.base.unwrap_or(match input.against {
            Some(_) => DualBase::Points,
            None => DualBase::Population,
        });
        let lacks = |wanted, found: &str| StatError::Lacks {
            statistic: Self::ID,
            wanted,
            found: found.into(),
        };
        let mut outcome = Outcome::default();
        let (against, weights) = match base {
            DualBase::Points => {
                let against = input
                    .against
                    .ok_or_else(|| lacks("a second set of points", "there is none"))?;
                (against.to_vec(), None)
            }
            DualBase::Population => {
                let (places, people) = people(input, cell);
                if places.is_empty() {
                    return Err(lacks("a second set of points or population", "there is neither"));
                }
                outcome.notes.push(
                    "Population is spread evenly over each unit: within large units the ratio \
                     says little."
                        .to_owned(),
                );
                (places, Some(people))
            }
        };
        if options.base.is_none() {
            let label = match base {
                DualBase::Points => "the second set of points",
                DualBase::Population => "population",
            };
            outcome.chosen.push(("base", label.to_owned()));
        }
        let layout = layout(input, &[input.points, &against], bandwidth.get(), cell)?;
        let mut first = kde(input.points, input.point_weights, kernel, bandwidth, layout)?;
        let mut second = kde(&against, weights.as_deref(), kernel, bandwidth, layout)?;
        // From per m² to per km²; against population, incidents per 1,000 and year.
        let years = match base {
            DualBase::Points => 1.0,
            DualBase::Population => input.years.unwrap_or(1.0),
        };
        let people = if base == DualBase::Population && is_ratio(compare) { 1e3 } else { 1.0 };
        first.values.iter_mut().for_each(|value| *value *= 1e6 * people / years);
        second.values.iter_mut().for_each(|value| *value *= 1e6);
        let mut compared =
            dual(&first, &second, compare).map_err(|error| StatError::refused(Self::ID, error))?;
        for (value, base) in compared.iter_mut().zip(&second.values) {
            if *base < least {
                *value = None;
            }
        }
        let defined: Vec<bool> = compared.iter().map(Option::is_some).collect();
        let surface = Surface {
            values: compared.into_iter().map(|value| value.unwrap_or(0.0)).collect(),
            ..first
        };
        let unit = match (compare, base) {
            (Comparison::Ratio, DualBase::Points) => "times the second set",
            (Comparison::Ratio, DualBase::Population) if input.years.is_some() => {
                "incidents per 1,000 a year"
            }
            (Comparison::Ratio, DualBase::Population) => "incidents per 1,000",
            (Comparison::LogRatio, _) => "natural logarithm of the ratio",
            (Comparison::Difference | Comparison::Sum, _) => "per km²",
        };
        outcome.notes.push(format!(
            "{} of {} cells have nothing to compare with and are not defined.",
            defined.iter().filter(|defined| !**defined).count(),
            defined.len()
        ));
        let defined = Some(defined);
        outcome.scores.push(Scores::Surface(SurfaceScores {
            id: Self::ID,
            unit,
            surface,
            defined,
        }));
        Ok(outcome)
    }
}

const fn is_ratio(compare: Comparison) -> bool {
    matches!(compare, Comparison::Ratio | Comparison::LogRatio)
}

/// Centres of cells inside units, and the people of each.
fn people(input: &StatInput<'_>, cell: Metres) -> (Vec<Bng>, Vec<f64>) {
    let Some(bases) = input.bases else { return (Vec::new(), Vec::new()) };
    let mut all = (Vec::new(), Vec::new());
    for (shape, base) in input.units.shapes.iter().zip(bases) {
        let (Some(base), Some(bounds)) = (base, shape.bounds()) else { continue };
        let Ok(Layout { origin, n_columns, n_rows, .. }) = Layout::covering(bounds, cell) else {
            continue;
        };
        let layout = Layout { origin, cell, n_columns, n_rows };
        let shares = shares_inside(shape, origin, cell, n_columns, n_rows);
        let whole: f64 = shares.iter().sum();
        for (i, share) in shares.into_iter().enumerate().filter(|(_, share)| *share > 0.0) {
            all.0.push(layout.centre(i % n_columns, i / n_columns));
            all.1.push(base.get() * share / whole);
        }
    }
    all
}
