//! Counts and rates: from incidents, each in a unit and a month, to figures that say how sure they
//! are.
//!
//! Start with [`count_by_unit`] and [`rate_per_1000`].

mod counts;
mod english;
mod harm;
mod interval;
mod quantile;
mod rate;
mod ratio;
mod smooth;
mod special;
mod standard;
mod tails;

pub use counts::{Counts, CountsError, count_by_unit, count_incidents};
pub use harm::{CodeWeights, HarmCounts, harm_by_code, harm_by_unit};
pub use interval::{Confidence, Interval, byar_interval, poisson_interval};
pub use quantile::{normal_below, normal_quantile};
pub use rate::{Rate, location_quotients, rate_by, rate_per_1000};
pub use ratio::{Exposed, RateRatio, log_wald_interval, rate_ratio, score_interval};
pub use smooth::{LocalSpread, empirical_bayes, local_empirical_bayes};
pub use standard::{
    CountInterval, StandardisedRatio, expected_at_overall_rate, expected_counts, standardised_ratio,
};
pub use tails::{
    dispersed_at_most, dispersed_quantile, hypergeometric_at_least, poisson_at_least,
    poisson_at_most, poisson_exactly,
};

pub use crate::incident::HarmWeights;
