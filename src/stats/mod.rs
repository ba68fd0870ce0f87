//! Statistics: pure functions from counts, positions and neighbours to scores.
//!
//! Nothing here sees a text field, a file, a URL or a colour. Each statistic is a plain function
//! with typed arguments ([`gi_star`], [`kde`], [`hotspots`], [`ranks`], [`change`]); a small type
//! beside it makes it selectable by name through [`STATISTICS`].
//!
//! Other tools' names for the same:
//!
//! | here | elsewhere |
//! |---|---|
//! | [`gi_star`] | `sfhotspot::hotspot_gistar`, `spdep::localG`, `esda.G_Local(star=True)` |
//! | [`local_moran`] | `spdep::localmoran`, `esda.Moran_Local`, Cluster and Outlier Analysis |
//! | [`local_geary`] | `spdep::localC`, `esda.Geary_Local` |
//! | [`permuted_lags`] | `spdep::localG_perm`, `localmoran_perm`, the `p_sim` of esda |
//! | [`moran`], [`geary`], [`general_g`] | `spdep::moran.test`, `geary.test`, `globalG.test`; `esda.Moran`, `Geary`, `G` |
//! | [`kde`] | `sfhotspot::hotspot_kde`, `spatstat::density.ppp`, QGIS heatmap |
//! | [`kde_varying`] | `CrimeStat` adaptive interval, `spatstat::adaptive.density` |
//! | [`within`], [`edge_weights`] | `density.ppp` with `diggle = FALSE`, `TRUE` |
//! | [`dual`] | `sfhotspot::hotspot_dual_kde`, `CrimeStat` dual kernel density |
//! | [`nearest_neighbour`] | `spatstat::clarkevans.test`, `CrimeStat` nearest neighbor analysis |
//! | [`ripley_k`], [`ripley_envelope`] | `spatstat::Kest`, `envelope(global = TRUE)` |
//! | [`centrography`] | `pointpats.centrography`, `CrimeStat` spatial description |
//! | [`dbscan`], [`hdbscan`] | `sklearn.cluster.DBSCAN`, `HDBSCAN` |
//! | [`nearest_neighbour_hierarchy`] | `CrimeStat` Nnh |
//! | [`normal_reference`] | `MASS::bandwidth.nrd` |
//! | [`q_values`] | `p.adjust(method = "BH")`, `statsmodels` `fdr_bh` |
//! | [`esda_cut_off`] | `esda.fdr` |
//! | [`gini`], [`lorenz`] | `inequality.Gini`, `lorenzgini` |
//! | [`empirical_bayes`](crate::aggregate::empirical_bayes), [`local_empirical_bayes`](crate::aggregate::local_empirical_bayes) | `spdep::EBest`, `EBlocal` |
//! | [`rate_ratio`](crate::aggregate::rate_ratio) | `poisson.test`, `rateratio` |
//! | [`poisson_log_likelihood`](validation::poisson_log_likelihood), [`brier_score`](validation::brier_score) | `open_cp.evaluation` |
//! | [`standardised_ratio`](crate::aggregate::standardised_ratio) | SMR; `esda.smoothing.Excess_Risk` |

mod association;
mod change;
mod cluster;
pub mod comparison;
mod density;
mod english;
pub mod evaluation;
mod faces;
mod hotspots;
mod input;
mod monte_carlo;
mod option;
mod output;
mod pattern;
pub(crate) mod random;
mod rank;
mod rates;
pub mod scan;
mod selectable;
pub mod series;
mod significance;
pub mod space_time;
mod statistic;
#[cfg(test)]
mod testing;
pub mod time_of_day;
pub mod validation;
mod watch;

pub use association::{
    AssociationError, Chance, Divisor, GearyClass, GiStarOptions, GiStarScore, GlobalOptions,
    GlobalScore, GlobalTails, LocalGeary, LocalGearyOptions, LocalMoments, LocalMoran,
    LocalMoranOptions, MOST_PERMUTATIONS, Permutations, Quadrant, Star, Tails, Weighting, geary,
    general_g, gi_star, gi_star_in_family, local_g, local_geary, local_moran, moran,
    permuted_differences, permuted_globals, permuted_lags,
};
pub use change::{Change, ChangeClass, FEWEST_TO_CALL, change};
pub use cluster::{
    ClusterError, ClusterPlace, ClusterSelection, Clustering, DbscanOptions, Hdbscan,
    HdbscanOptions, HdbscanSettings, Nnh, NnhCluster, NnhOptions, Outline, RepeatLocation,
    RepeatLocationOptions, dbscan, hdbscan, members, nearest_neighbour_hierarchy, place_of,
    repeat_locations,
};
pub use density::{
    Adaptive, BLOCK, BUCKET, BandwidthChoice, BandwidthRule, Bandwidths, Block, Comparison,
    DualBase, DualError, DualKdeOptions, Edge, HeldOut, Hills, KdeError, KdeOptions, Kernel,
    Layout, Likelihood, MOST_SURFACE_CELLS, Patch, QUAD, Quad, QuadId, Quads, Reader, STEPS, Spots,
    Square, abramson, bandwidth_by, density_at, dual, edge_weights, held_out, kde, kde_varying,
    likelihoods, mean_nearest, normal_reference, per_km2_year, scott, sfhotspot_cell, silverman,
    to_nearest, within,
};
pub use hotspots::{Hotspot, HotspotError, hotspots};
pub use input::{History, StatInput};
pub use monte_carlo::upper_p;
pub use option::{OptionKind, OptionWord, StatOption};
pub use output::{
    FoundPlace, Outcome, PlaceScores, ScoreColumn, ScoreValues, Scores, Surface, SurfaceScores,
};
pub use pattern::{
    Centrography, CentrographyOptions, Ellipse, Envelope, NearestNeighbour,
    NearestNeighbourOptions, PatternError, Repeats, RipleyEdge, RipleyOptions, SHARED_PLACES,
    Spacing, StudyWindow, centrography, l_from_k, nearest_neighbour, ripley_envelope, ripley_k,
};
pub use rank::{RANK_DRAWS, Rank, RankError, ranks};
pub use rates::{
    Benchmark, ConcentrationOptions, HarmOptions, LocationQuotientOptions, MEAN_CLASSES, MeanClass,
    MeanClasses, MeanClassesOptions, RateRatioOptions, RatioInterval, SmoothedRateOptions,
    StandardisedRatioOptions, fewest_units_with, generalised_gini, gini, lorenz, mean_classes,
    random_benchmark, share_of_top,
};
pub use selectable::{HotspotOptions, RateOptions};
pub use significance::{Adjustment, Alternative, adjust, esda_cut_off, q_values, two_sided_p};
pub use statistic::{AnyStatistic, StatError, Statistic};
pub use watch::{Cancelled, Watch};

/// Every statistic, in the order of lists on screen.
pub static STATISTICS: &[&dyn AnyStatistic] = &[
    &selectable::Rate,
    &rates::RateRatioFace,
    &rates::StandardisedRatioFace,
    &rates::SmoothedRateFace,
    &rates::LocationQuotientFace,
    &rates::HarmFace,
    &rates::ConcentrationFace,
    &rates::MeanClassesFace,
    &density::Kde,
    &density::DualKde,
    &association::GiStarFace,
    &association::LocalMoranFace,
    &association::LocalGearyFace,
    &association::GlobalFace,
    &selectable::Hotspots,
    &pattern::NearestNeighbourScores,
    &pattern::RipleyK,
    &pattern::CentrographyScores,
    &cluster::Dbscan,
    &cluster::HdbscanScores,
    &cluster::NnhScores,
    &cluster::RepeatLocations,
    &faces::EmergingFace,
    &faces::ScanFace,
    &faces::SignalsFace,
    &faces::ChangeFace,
    &faces::ProportionChangeFace,
    &faces::ExpectedRangeFace,
    &faces::ChangePointsFace,
    &faces::ControlChartFace,
    &faces::CusumFace,
    &faces::ScanWindowFace,
    &faces::KnoxFace,
    &faces::NearRepeatFace,
    &faces::MantelFace,
    &faces::AoristicFace,
];

/// The statistic with this id.
pub fn statistic(id: &str) -> Option<&'static dyn AnyStatistic> {
    STATISTICS.iter().copied().find(|statistic| statistic.id() == id)
}
