//! Choosing sites: maximal covering, p-median and the fewest that cover all, each with proof.

use thiserror::Error;

use crate::quantity::Metres;

use super::branch::{Effort, Found};
use super::covering::Covering;
use super::distances::Distances;
use super::median::Median;
use super::objective::{Fixed, Objective};
use super::rules::{Rules, RulesError};
use super::search::Task;

/// Looks at every pair that one start of the search takes, about, twice over.
const STARTING: u64 = 60;

/// Why no sites can be chosen.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum ChoiceError {
    /// As many weights as demand points are needed.
    #[error("{weights} weights for {points} demand points")]
    Shape {
        /// Weights given.
        weights: usize,
        /// Demand points.
        points: usize,
    },
    /// A weight that is negative or not a number.
    #[error("demand point {point} has the weight {found}; wanted zero or more")]
    Weight {
        /// Which point, from 0.
        point: usize,
        /// What was found.
        found: f64,
    },
    /// Rules that no choice can keep.
    #[error("the rules cannot be kept")]
    Rules(#[from] RulesError),
}

/// A choice of sites and how good it is known to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// Sites, in ascending order.
    pub sites: Vec<usize>,
    /// What the model is about: demand within reach, or distance weighted by demand.
    pub objective: f64,
    /// The objective with the preferences of the sites chosen: what was made best. For a distance
    /// the preferences count against it.
    pub value: f64,
    /// No choice under the same rules has a better value.
    pub bound: f64,
    /// Distance from `value` to `bound` as a share of `value`; 0 where the choice is proven best.
    pub gap: f64,
    /// Required groups that the choice serves; no choice serves more where `gap` is 0.
    pub served: usize,
    /// Nodes that the proof looked at.
    pub nodes: u64,
}

impl Choice {
    /// Whether no choice under the same rules is better.
    pub fn is_proven(&self) -> bool {
        self.gap == 0.0
    }
}

/// The `k` sites at most that have most demand within `reach`, its edge included.
///
/// ```text
/// max Σ_i w_i y_i,   y_i <= Σ_{j: d_ij <= reach} x_j,   Σ_j x_j <= k,   x, y in {0, 1}
/// ```
///
/// Where fewer than `k` sites cover all, others are added while `k` is not reached.
///
/// # Shapes and units
///
/// - `distances`: `[n_points x n_sites]`, metres; `weights`: `[n_points]`, zero or more.
/// - [`Choice::objective`]: the unit of `weights`.
/// - `seed`: of the search by exchanges; with the same seed the same sites, at any number of
///   threads. Of choices that are equally good any one may be given.
///
/// # Errors
///
/// [`ChoiceError`] if the shapes differ or the rules cannot be kept.
///
/// # Source
///
/// Church and `ReVelle` (1974), *Papers of the Regional Science Association* 32, 101-118,
/// <https://doi.org/10.1007/BF01942293>. The bound is the Lagrangian of Galvão and `ReVelle` (1996),
/// *EJOR* 88(1), 114-123, <https://doi.org/10.1016/0377-2217(94)00159-6>; sites are fixed by their
/// prices, and the rest is enumerated by branch and bound.
#[doc(alias = "MCLP")]
pub fn maximal_covering(
    distances: &Distances,
    weights: &[f64],
    reach: Metres,
    k: usize,
    rules: &Rules,
    effort: Effort,
    seed: u64,
) -> Result<Choice, ChoiceError> {
    check(distances, weights, rules, k)?;
    let covering = Covering::within(distances, weights, reach.get());
    let found = solve(&covering, Some(&covering), rules, k, effort, seed);
    Ok(choice(found, &covering, rules, k, 1.0))
}

/// The `k` sites at most that leave the least distance to the nearest, weighted by demand.
///
/// ```text
/// min Σ_i w_i min_{j in S} d_ij,   |S| <= k
/// ```
///
/// A point without a way to a site counts as if it were as far as the farthest pair of all.
///
/// # Shapes and units
///
/// As [`maximal_covering`]; [`Choice::objective`] in metres times the unit of `weights`.
///
/// # Errors
///
/// As [`maximal_covering`].
///
/// # Source
///
/// Hakimi (1964), *Operations Research* 12(3), 450-459, <https://doi.org/10.1287/opre.12.3.450>.
/// Exchanges after Resende and Werneck (2007), *EJOR* 174(1), 54-68,
/// <https://doi.org/10.1016/j.ejor.2005.06.077>; the bound relaxes that each point is assigned once,
/// after Narula, Ogbu and Samuelsson (1977), *Operations Research* 25(4), 709-713,
/// <https://doi.org/10.1287/opre.25.4.709>.
pub fn p_median(
    distances: &Distances,
    weights: &[f64],
    k: usize,
    rules: &Rules,
    effort: Effort,
    seed: u64,
) -> Result<Choice, ChoiceError> {
    check(distances, weights, rules, k)?;
    let median = Median::new(distances, weights);
    let found = solve(&median, None, rules, k, effort, seed);
    Ok(choice(found, &median, rules, k, -1.0))
}

/// The sites that greedy choice takes for covering, in order: the largest gain each time, of equals
/// the first. At least 63% of the best; shown beside it.
///
/// # Errors
///
/// As [`maximal_covering`].
pub fn greedy_covering(
    distances: &Distances,
    weights: &[f64],
    reach: Metres,
    k: usize,
    rules: &Rules,
) -> Result<(Vec<usize>, f64), ChoiceError> {
    check(distances, weights, rules, k)?;
    let covering = Covering::within(distances, weights, reach.get());
    let order = Task::new(&covering, rules, k).greedy();
    let value = covering.value(&order);
    Ok((order, value))
}

/// The fewest sites that have every demand point within `reach`; `None` where all sites together
/// do not, or where the work ran out before one number was proven.
///
/// # Errors
///
/// As [`maximal_covering`].
///
/// # Source
///
/// Toregas, Swain, `ReVelle` and Bergman (1971), *Operations Research* 19(6), 1363-1373,
/// <https://doi.org/10.1287/opre.19.6.1363>.
#[doc(alias = "LSCP")]
pub fn fewest_sites(
    distances: &Distances,
    weights: &[f64],
    reach: Metres,
    effort: Effort,
    seed: u64,
) -> Result<Option<usize>, ChoiceError> {
    let rules = Rules::default();
    check(distances, weights, &rules, 0)?;
    // Every point is to be covered, whatever its weight.
    let ones = vec![1.0; weights.len()];
    let covering = Covering::within(distances, &ones, reach.get());
    let all = covering.reachable();
    if all < weights.len() as f64 - 0.5 {
        return Ok(None);
    }
    for k in 0..=distances.n_sites() {
        let found = solve(&covering, Some(&covering), &rules, k, effort, seed);
        if found.value >= all - 0.5 {
            return Ok(Some(k));
        }
        if found.bound >= all - 0.5 {
            return Ok(None);
        }
    }
    Ok(None)
}

fn check(
    distances: &Distances,
    weights: &[f64],
    rules: &Rules,
    k: usize,
) -> Result<(), ChoiceError> {
    if distances.n_sites() > 0 && weights.len() != distances.n_points() {
        let (weights, points) = (weights.len(), distances.n_points());
        return Err(ChoiceError::Shape { weights, points });
    }
    if let Some(point) = weights.iter().position(|w| !(w.is_finite() && *w >= 0.0)) {
        return Err(ChoiceError::Weight { point, found: weights[point] });
    }
    Ok(rules.check(distances.n_sites(), k)?)
}

fn choice(found: Found, objective: &dyn Objective, rules: &Rules, k: usize, sign: f64) -> Choice {
    let task = Task::new(objective, rules, k);
    let mut sites = found.chosen;
    // Sites that add nothing are still meetings.
    task.fill(&mut sites, |gains| task.largest(gains));
    sites.sort_unstable();
    let served = rules.served(&sites);
    let service = served as f64 * task.service;
    let (value, bound) = (found.value - service, found.bound - service);
    let proven = bound - value <= task.tolerance;
    let gap = if proven { 0.0 } else { (bound - value) / value.abs().max(f64::MIN_POSITIVE) };
    Choice {
        objective: sign * objective.value(&sites),
        value: sign * value,
        bound: if proven { sign * value } else { sign * bound },
        gap,
        served,
        nodes: found.nodes,
        sites,
    }
}

/// Search, bound, and proof. `covering` is the objective again where it can be made smaller once
/// sites are fixed.
fn solve(
    objective: &dyn Objective,
    covering: Option<&Covering>,
    rules: &Rules,
    k: usize,
    effort: Effort,
    seed: u64,
) -> Found {
    let k = k.min(objective.n_sites() - rules.excluded.len().min(objective.n_sites()));
    let task = Task::new(objective, rules, k);
    // A start takes some dozens of looks at every pair; half the work at most goes into starts.
    let affordable = effort.operations / (STARTING * objective.pairs().max(1));
    let starts = effort.starts.min(affordable as usize).max(2);
    let (chosen, value) = task.many_starts(starts, seed);
    let (relaxed, fixed) = task.relax_from(task.root(), value);
    let bound = relaxed.bound.min(task.ceiling()).max(value);
    let first = Found { chosen, value, bound, nodes: 1 };
    if first.bound <= value + task.tolerance {
        return Found { bound: value, ..first };
    }
    let Some(covering) = covering else {
        return task.prove(first, fixed, &relaxed.multipliers, effort);
    };
    let allowed: Vec<bool> = fixed.iter().map(|fixed| *fixed != Fixed::Out).collect();
    let smaller = covering.restricted(&allowed);
    let smaller_task = Task {
        objective: &smaller,
        rules,
        k,
        groups_of: task.groups_of.clone(),
        service: task.service,
        tolerance: task.tolerance,
        goal: task.goal,
        root_rounds: task.root_rounds,
    };
    let (again, _) = smaller_task.relax_from(fixed.clone(), first.value);
    let bound = first.bound.min(again.bound.max(first.value));
    smaller_task.prove(Found { bound, ..first }, fixed, &again.multipliers, effort)
}

#[cfg(test)]
#[path = "choose_tests.rs"]
mod tests;
