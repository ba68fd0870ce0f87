//! Likelihood ratios of a zone, and a bound on them that needs no logarithm.

/// What counts are taken to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Likelihood {
    /// Cases in proportion to what is expected: `total` cases in all.
    Poisson {
        /// Cases in all.
        total: f64,
    },
    /// Cases among a number of people or events: `cases` of `all`.
    Bernoulli {
        /// Cases in all.
        cases: f64,
        /// People or events in all, the cases among them.
        all: f64,
    },
}

impl Likelihood {
    /// Logarithm of the likelihood ratio of `cases` in a zone against `expected`; 0 unless there are
    /// more than expected.
    ///
    /// ```text
    /// Poisson    c ln(c/e) + (C-c) ln((C-c)/(C-e))
    /// Bernoulli  c ln(c/n) + (n-c) ln(1 - c/n) + (C-c) ln((C-c)/(N-n))
    ///            + ((N-n)-(C-c)) ln(1 - (C-c)/(N-n)) - C ln(C/N) - (N-C) ln(1 - C/N),   n = e N/C
    /// ```
    pub fn ratio(self, cases: f64, expected: f64) -> f64 {
        if !is_more(cases, expected) {
            return 0.0;
        }
        match self {
            Self::Poisson { total } => {
                x_ln(cases, expected) + x_ln(total - cases, total - expected)
            }
            // The same, each of the four kinds against what is expected of it.
            Self::Bernoulli { cases: total, all } => {
                let people = expected * all / total;
                let rest = all - total;
                x_ln(cases, expected)
                    + x_ln(total - cases, total - expected)
                    + x_ln(people - cases, people - expected)
                    + x_ln(rest - (people - cases), rest - (people - expected))
            }
        }
    }

    /// Whether the ratio times `weight` may exceed `best`: never false where it does.
    ///
    /// `x ln(x/m) <= x(x/m - 1)`, so the ratio is at most the chi-square of the same table.
    pub fn may_exceed(self, cases: f64, expected: f64, weight: f64, best: f64) -> bool {
        is_more(cases, expected) && self.any_may_exceed(&[cases], expected, weight, &[best])
    }

    /// Whether one of several ratios may exceed its `best`, a trace of rounding above what is expected
    /// counting as more: false where [`Self::may_exceed`] is of each.
    pub fn any_may_exceed<const N: usize>(
        self,
        cases: &[f64; N],
        expected: f64,
        weight: f64,
        best: &[f64; N],
    ) -> bool {
        let (over, under) = match self {
            Self::Poisson { total } => (weight * total, expected * (total - expected)),
            Self::Bernoulli { cases: total, all } => {
                (weight * total * all, expected * (total - expected) * (all - total))
            }
        };
        // Without a branch, so that several are compared at once.
        let mut most = 0.0_f64;
        for k in 0..N {
            let more = cases[k] - expected;
            let more = if more > 0.0 { more } else { 0.0 };
            let margin = more * more * over - best[k] * under;
            most = if margin > most { margin } else { most };
        }
        most > 0.0
    }
}

/// Whether there are more than expected, by more than the rounding of a sum.
fn is_more(cases: f64, expected: f64) -> bool {
    cases - expected > 1e-9 * expected
}

/// `x ln(x/m)`, 0 for 0.
fn x_ln(x: f64, m: f64) -> f64 {
    if x > 0.0 { x * (x / m).ln() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use proptest::prelude::*;

    use super::*;

    #[test]
    #[expect(clippy::float_cmp, reason = "none at all is exactly zero")]
    fn few_or_as_expected_is_no_cluster() {
        let poisson = Likelihood::Poisson { total: 100.0 };

        assert_eq!(poisson.ratio(10.0, 10.0), 0.0);
        assert_eq!(poisson.ratio(0.0, 10.0), 0.0);
        assert_relative_eq!(poisson.ratio(100.0, 50.0), 100.0 * 2.0_f64.ln());
    }

    #[test]
    fn bernoulli_is_the_formula_as_printed() {
        let (c, n, big_c, big_n) = (18.0_f64, 40.0_f64, 60.0_f64, 300.0_f64);
        let printed = c * (c / n).ln()
            + (n - c) * (1.0 - c / n).ln()
            + (big_c - c) * ((big_c - c) / (big_n - n)).ln()
            + ((big_n - n) - (big_c - c)) * (1.0 - (big_c - c) / (big_n - n)).ln()
            - big_c * (big_c / big_n).ln()
            - (big_n - big_c) * (1.0 - big_c / big_n).ln();

        let ours = Likelihood::Bernoulli { cases: big_c, all: big_n }.ratio(c, n * big_c / big_n);

        assert_relative_eq!(ours, printed, max_relative = 1e-10);
    }

    proptest! {
        #[test]
        fn the_bound_never_misses(
            cases in 0_u16..200, expected in 0.5_f64..199.5, best in 0.0_f64..150.0,
        ) {
            let cases = f64::from(cases);
            for likelihood in [
                Likelihood::Poisson { total: 200.0 },
                Likelihood::Bernoulli { cases: 200.0, all: 700.0 },
            ] {
                let people = expected * 3.5;
                if matches!(likelihood, Likelihood::Bernoulli { .. })
                    && (cases > people || 200.0 - cases > 700.0 - people)
                {
                    continue;
                }
                if likelihood.ratio(cases, expected) > best {
                    prop_assert!(likelihood.may_exceed(cases, expected, 1.0, best));
                }
            }
        }
    }
}
