//! Halls chosen for one demand and walk, and what each number of them would reach.

use crate::plan::{
    Choice, ChoiceError, Distances, Effort, Rules, greedy_covering, maximal_covering, p_median,
};
use crate::quantity::Metres;

use super::Reached;
use super::demand::Demand;

/// Chooses halls for one demand and walk.
pub(super) struct Chooser<'a> {
    pub distances: &'a Distances,
    pub demand: &'a Demand,
    pub walk: Metres,
    pub seed: u64,
}

impl Chooser<'_> {
    pub fn cover(&self, k: usize, rules: &Rules, effort: Effort) -> Result<Choice, ChoiceError> {
        let weights = &self.demand.weights;
        maximal_covering(self.distances, weights, self.walk, k, rules, effort, self.seed)
    }

    pub fn median(&self, k: usize, rules: &Rules, effort: Effort) -> Result<Choice, ChoiceError> {
        // Points are residents that a hall is worth; each is worth the walk in metres here.
        let preference = rules.preference.iter().map(|points| points * self.walk.get()).collect();
        let rules = Rules { preference, ..rules.clone() };
        p_median(self.distances, &self.demand.weights, k, &rules, effort, self.seed)
    }

    /// What each number of meetings reaches where reach alone counts; locked halls come first, so
    /// fewer meetings than those are not tried.
    pub fn curve(&self, k: usize, rules: &Rules) -> anyhow::Result<Vec<Reached>> {
        let effort = Effort { starts: 4, operations: Effort::QUICK.operations / 10, gap: 0.0 };
        let free = Rules { required: Vec::new(), preference: Vec::new(), ..rules.clone() };
        let weights = &self.demand.weights;
        (free.locked.len().max(1)..=k)
            .map(|k| {
                let choice = self.cover(k, &free, effort)?;
                let (_, greedy) = greedy_covering(self.distances, weights, self.walk, k, &free)?;
                Ok(Reached { most: choice.objective, bound: choice.bound, greedy })
            })
            .collect()
    }
}
