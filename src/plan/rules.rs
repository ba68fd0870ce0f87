//! What a choice of sites must keep to, whatever it is meant to reach.

use thiserror::Error;

/// Why no choice can keep the rules.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum RulesError {
    /// A list that does not describe the sites.
    #[error("{found} {what} for {sites} sites")]
    Shape {
        /// What is listed.
        what: &'static str,
        /// Length of the list.
        found: usize,
        /// Sites there are.
        sites: usize,
    },
    /// A number of a site that does not exist.
    #[error("site {0} does not exist")]
    NoSite(usize),
    /// A cost or preference that is negative or not a number.
    #[error("a {what} of {found} is not zero or more")]
    Value {
        /// What it is.
        what: &'static str,
        /// What was found.
        found: f64,
    },
    /// One site both locked and excluded.
    #[error("site {0} is both locked and excluded")]
    LockedAndExcluded(usize),
    /// More locked than may be chosen.
    #[error("{locked} sites are locked, but only {k} may be chosen")]
    TooManyLocked {
        /// Sites locked.
        locked: usize,
        /// Sites to choose.
        k: usize,
    },
    /// The locked sites cost more than there is.
    #[error("the locked sites cost {cost}, more than the budget of {budget}")]
    OverBudget {
        /// Cost of the locked sites.
        cost: f64,
        /// The budget.
        budget: f64,
    },
}

/// Rules of a choice. The default is none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rules {
    /// Sites that are chosen whatever they add.
    pub locked: Vec<usize>,
    /// Sites that are never chosen.
    pub excluded: Vec<usize>,
    /// Groups of sites of which at least one is to be chosen. As many groups as can be are served
    /// before anything else counts.
    pub required: Vec<Vec<usize>>,
    /// Cost of each site and what all may cost together.
    pub budget: Option<(Vec<f64>, f64)>,
    /// What choosing a site is worth by itself, in the unit of the objective; empty for nothing.
    pub preference: Vec<f64>,
}

impl Rules {
    /// Checks the rules against `n_sites` sites of which `k` are to be chosen.
    ///
    /// # Errors
    ///
    /// [`RulesError`] names the first rule that cannot be kept.
    pub fn check(&self, n_sites: usize, k: usize) -> Result<(), RulesError> {
        let numbers = self.locked.iter().chain(&self.excluded);
        if let Some(&site) =
            numbers.chain(self.required.iter().flatten()).find(|&&site| site >= n_sites)
        {
            return Err(RulesError::NoSite(site));
        }
        if let Some(&site) = self.locked.iter().find(|site| self.excluded.contains(site)) {
            return Err(RulesError::LockedAndExcluded(site));
        }
        if self.locked.len() > k {
            return Err(RulesError::TooManyLocked { locked: self.locked.len(), k });
        }
        let listed = |what, list: &[f64]| {
            if list.len() != n_sites {
                return Err(RulesError::Shape { what, found: list.len(), sites: n_sites });
            }
            list.iter()
                .find(|value| !(value.is_finite() && **value >= 0.0))
                .map_or(Ok(()), |&found| Err(RulesError::Value { what, found }))
        };
        if !self.preference.is_empty() {
            listed("preferences", &self.preference)?;
        }
        if let Some((costs, budget)) = &self.budget {
            listed("costs", costs)?;
            let cost: f64 = self.locked.iter().map(|&site| costs[site]).sum();
            if cost > *budget {
                return Err(RulesError::OverBudget { cost, budget: *budget });
            }
        }
        Ok(())
    }

    pub(super) fn preference(&self, site: usize) -> f64 {
        self.preference.get(site).copied().unwrap_or(0.0)
    }

    pub(super) fn cost(&self, site: usize) -> f64 {
        self.budget.as_ref().map_or(0.0, |(costs, _)| costs[site])
    }

    pub(super) fn budget(&self) -> f64 {
        self.budget.as_ref().map_or(f64::INFINITY, |(_, budget)| *budget)
    }

    /// How many required groups a choice serves.
    pub fn served(&self, chosen: &[usize]) -> usize {
        self.required.iter().filter(|group| group.iter().any(|s| chosen.contains(s))).count()
    }
}
