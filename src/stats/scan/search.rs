//! The search for the cylinder that stands out most: a zone of units over some periods.

use super::likelihood::Likelihood;
use super::zones::Nest;

/// Counts that are searched together.
pub(super) const TOGETHER: usize = 8;

/// What cases are compared with: expected ones are in proportion to unit and period alike.
#[derive(Debug, Clone)]
pub(super) struct Ground {
    pub nests: Vec<Nest>,
    /// `[n_units]`: share of all expected cases.
    pub unit_shares: Vec<f64>,
    /// `[n_periods]`: share of all expected cases.
    pub period_shares: Vec<f64>,
    pub likelihood: Likelihood,
    pub total: f64,
    /// Periods of a cluster at most.
    pub longest: usize,
    /// Whether a cluster must last to the end: one that is going on now.
    pub prospective: bool,
    /// How much less a long ellipse counts, 0 for not at all.
    pub compactness: f64,
}

/// A zone over some periods, and how much it stands out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Found {
    /// Logarithm of the likelihood ratio, less what a long ellipse costs.
    pub score: f64,
    pub nest: usize,
    /// Units of the nest that make the zone.
    pub n_units: usize,
    pub start: usize,
    /// Last period, included.
    pub end: usize,
    pub cases: f64,
    pub expected: f64,
}

impl Ground {
    fn n_periods(&self) -> usize {
        self.period_shares.len()
    }

    /// What a nest's scores are multiplied by.
    ///
    /// Kulldorff, Huang, Pickle and Duczmal (2006), *Statistics in Medicine* 25(22), 3929-3943,
    /// <https://doi.org/10.1002/sim.2490>: `(4 s / (s + 1)²)^a`, s the length over the width.
    fn weight(&self, nest: &Nest) -> f64 {
        (4.0 * nest.stretch / (nest.stretch + 1.0).powi(2)).powf(self.compactness)
    }

    /// The highest score of each of several counts of one period, `[n_units]` of each: the same as
    /// [`Self::best_score`] of one after the other, each zone being read once for all.
    pub fn best_scores(&self, counts: &[[f64; TOGETHER]]) -> [f64; TOGETHER] {
        let mut best = [0.0; TOGETHER];
        for nest in &self.nests {
            let weight = self.weight(nest);
            let mut cases = [0.0; TOGETHER];
            let mut share = 0.0;
            for (unit, ends) in nest.units() {
                cases.iter_mut().zip(&counts[unit]).for_each(|(sum, count)| *sum += count);
                share += self.unit_shares[unit];
                let expected = share * self.total;
                if !ends || !self.likelihood.any_may_exceed(&cases, expected, weight, &best) {
                    continue;
                }
                for (&cases, best) in cases.iter().zip(&mut best) {
                    if self.likelihood.may_exceed(cases, expected, weight, *best) {
                        *best = best.max(self.likelihood.ratio(cases, expected) * weight);
                    }
                }
            }
        }
        best
    }

    /// The highest score of counts as `[n_units x n_periods]`.
    pub fn best_score(&self, counts: &[f64]) -> f64 {
        let mut best = Best::default();
        if self.n_periods() == 1 {
            self.nests.iter().enumerate().for_each(|(i, nest)| {
                self.search_zones(i, nest, counts, None, &mut best);
            });
        } else {
            let mut scratch = Scratch::new(self.n_periods());
            self.nests.iter().enumerate().for_each(|(i, nest)| {
                self.search_cylinders(i, nest, counts, None, &mut scratch, &mut best);
            });
        }
        best.score
    }

    /// The cylinder with the highest score whose zone holds no unit of `taken`; of equal ones the
    /// first by centre, shape, size and start.
    pub fn best(&self, counts: &[f64], taken: &[bool]) -> Option<Found> {
        let mut best = Best::default();
        let mut scratch = Scratch::new(self.n_periods());
        for (i, nest) in self.nests.iter().enumerate() {
            if self.n_periods() == 1 {
                self.search_zones(i, nest, counts, Some(taken), &mut best);
            } else {
                self.search_cylinders(i, nest, counts, Some(taken), &mut scratch, &mut best);
            }
        }
        best.found
    }

    fn search_zones(
        &self,
        number: usize,
        nest: &Nest,
        counts: &[f64],
        taken: Option<&[bool]>,
        best: &mut Best,
    ) {
        let weight = self.weight(nest);
        let (mut cases, mut share) = (0.0, 0.0);
        for (place, (unit, ends)) in nest.units().enumerate() {
            if taken.is_some_and(|taken| taken[unit]) {
                return;
            }
            cases += counts[unit];
            share += self.unit_shares[unit];
            let expected = share * self.total;
            if ends && self.likelihood.may_exceed(cases, expected, weight, best.score) {
                let score = self.likelihood.ratio(cases, expected) * weight;
                best.offer(score, || Found {
                    score,
                    nest: number,
                    n_units: place + 1,
                    start: 0,
                    end: 0,
                    cases,
                    expected,
                });
            }
        }
    }

    fn search_cylinders(
        &self,
        number: usize,
        nest: &Nest,
        counts: &[f64],
        taken: Option<&[bool]>,
        scratch: &mut Scratch,
        best: &mut Best,
    ) {
        let weight = self.weight(nest);
        let periods = self.n_periods();
        scratch.cases.fill(0.0);
        let mut share = 0.0;
        for (place, (unit, ends)) in nest.units().enumerate() {
            if taken.is_some_and(|taken| taken[unit]) {
                return;
            }
            share += self.unit_shares[unit];
            let own = &counts[unit * periods..(unit + 1) * periods];
            scratch.cases.iter_mut().zip(own).for_each(|(sum, count)| *sum += count);
            if !ends {
                continue;
            }
            let (mut cases, mut time) = (0.0, 0.0);
            for period in 0..periods {
                cases += scratch.cases[period];
                time += self.period_shares[period];
                scratch.cases_to[period + 1] = cases;
                scratch.time_to[period + 1] = time;
            }
            let ends_at = if self.prospective { periods - 1..periods } else { 0..periods };
            for end in ends_at {
                let first = (end + 1).saturating_sub(self.longest);
                for start in first..=end {
                    let cases = scratch.cases_to[end + 1] - scratch.cases_to[start];
                    let time = scratch.time_to[end + 1] - scratch.time_to[start];
                    let expected = share * time * self.total;
                    if self.likelihood.may_exceed(cases, expected, weight, best.score) {
                        let score = self.likelihood.ratio(cases, expected) * weight;
                        best.offer(score, || Found {
                            score,
                            nest: number,
                            n_units: place + 1,
                            start,
                            end,
                            cases,
                            expected,
                        });
                    }
                }
            }
        }
    }
}

/// The best so far; a later one must be better to take its place.
#[derive(Debug, Default)]
struct Best {
    score: f64,
    found: Option<Found>,
}

impl Best {
    fn offer(&mut self, score: f64, found: impl FnOnce() -> Found) {
        if score > self.score {
            self.score = score;
            self.found = Some(found());
        }
    }
}

/// Sums of one zone, by period and up to it.
struct Scratch {
    cases: Vec<f64>,
    cases_to: Vec<f64>,
    time_to: Vec<f64>,
}

impl Scratch {
    fn new(periods: usize) -> Self {
        Self {
            cases: vec![0.0; periods],
            cases_to: vec![0.0; periods + 1],
            time_to: vec![0.0; periods + 1],
        }
    }
}
