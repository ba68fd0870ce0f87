//! What chance does with the cases of a scan.

use rand::RngExt as _;
use rand::seq::SliceRandom as _;
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::stats::monte_carlo::Alias;

use super::Model;

/// Cases dealt out by chance.
#[derive(Debug, Clone)]
pub(super) enum Null {
    /// Each case in a unit and period as expected.
    Multinomial { units: Alias, periods: Alias, n_cases: usize, shape: (usize, usize) },
    /// Cases drawn from people without putting back; `turned` where the rest are fewer and drawn
    /// instead.
    Hypergeometric { people: Alias, population: Vec<f64>, n_drawn: usize, turned: bool },
    /// The periods of the cases dealt out over their units.
    Permutation { unit_of: Vec<u32>, period_of: Vec<u32>, shape: (usize, usize) },
}

impl Null {
    pub fn new(model: Model, cases: &[f64], weights: &[f64], periods: &[f64]) -> Option<Self> {
        let shape = (weights.len(), periods.len());
        let total = cases.iter().sum::<f64>().round();
        match model {
            Model::Poisson => Some(Self::Multinomial {
                units: Alias::new(weights)?,
                periods: Alias::new(periods)?,
                n_cases: total as usize,
                shape,
            }),
            Model::Bernoulli => {
                let rest = weights.iter().sum::<f64>().round() - total;
                let turned = rest < total;
                Some(Self::Hypergeometric {
                    people: Alias::new(weights)?,
                    population: weights.to_vec(),
                    n_drawn: if turned { rest } else { total } as usize,
                    turned,
                })
            }
            Model::Permutation => {
                let (mut unit_of, mut period_of) = (Vec::new(), Vec::new());
                for (bin, &count) in cases.iter().enumerate() {
                    for _ in 0..count.round() as usize {
                        unit_of.push((bin / shape.1) as u32);
                        period_of.push((bin % shape.1) as u32);
                    }
                }
                Some(Self::Permutation { unit_of, period_of, shape })
            }
        }
    }

    /// `[n_units x n_periods]`.
    pub fn draw(&self, rng: &mut Xoshiro256PlusPlus) -> Vec<f64> {
        match self {
            Self::Multinomial { units, periods, n_cases, shape } => {
                let mut counts = vec![0.0; shape.0 * shape.1];
                for _ in 0..*n_cases {
                    let unit = units.draw(rng);
                    let period = if shape.1 == 1 { 0 } else { periods.draw(rng) };
                    counts[unit * shape.1 + period] += 1.0;
                }
                counts
            }
            Self::Hypergeometric { people, population, n_drawn, turned } => {
                let mut counts = vec![0.0; population.len()];
                let mut drawn = 0;
                while drawn < *n_drawn {
                    let unit = people.draw(rng);
                    // One who was drawn before is put aside, and another drawn.
                    if rng.random::<f64>() * population[unit] >= counts[unit] {
                        counts[unit] += 1.0;
                        drawn += 1;
                    }
                }
                if *turned {
                    counts.iter_mut().zip(population).for_each(|(c, all)| *c = (all - *c).max(0.0));
                }
                counts
            }
            Self::Permutation { unit_of, period_of, shape } => {
                let mut dealt = period_of.clone();
                dealt.shuffle(rng);
                let mut counts = vec![0.0; shape.0 * shape.1];
                for (&unit, &period) in unit_of.iter().zip(&dealt) {
                    counts[unit as usize * shape.1 + period as usize] += 1.0;
                }
                counts
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::stats::random::stream;

    use super::*;

    #[test]
    #[expect(clippy::float_cmp, reason = "sums of whole numbers are exact")]
    fn chance_keeps_what_the_model_says_it_keeps() {
        let cases = [3.0, 1.0, 0.0, 2.0, 4.0, 0.0];
        let mut rng = stream(2, 0);

        let poisson = Null::new(Model::Poisson, &cases, &[5.0, 5.0, 5.0], &[1.0, 1.0]).unwrap();
        assert_eq!(poisson.draw(&mut rng).iter().sum::<f64>(), 10.0);

        let permuted =
            Null::new(Model::Permutation, &cases, &[4.0, 2.0, 4.0], &[0.7, 0.3]).unwrap();
        let counts = permuted.draw(&mut rng);
        assert_eq!(
            [counts[0] + counts[1], counts[2] + counts[3], counts[4] + counts[5]],
            [4.0, 2.0, 4.0]
        );
        assert_eq!(counts[0] + counts[2] + counts[4], 7.0);

        for cases in [[3.0, 1.0, 0.0], [5.0, 4.0, 3.0]] {
            let people = [5.0, 4.0, 6.0];
            let drawn = Null::new(Model::Bernoulli, &cases, &people, &[1.0]).unwrap();
            for _ in 0..200 {
                let counts = drawn.draw(&mut rng);
                assert_eq!(counts.iter().sum::<f64>(), cases.iter().sum::<f64>());
                assert!(counts.iter().zip(people).all(|(c, all)| *c >= 0.0 && *c <= all));
            }
        }
    }
}
