//! `dbscan`: dense groups of incidents of any shape.

use serde::{Deserialize, Serialize};

use crate::quantity::Metres;

use super::super::{Outline, dbscan, members};
use super::{numbers, places, scores, warn_of_repeats};
use crate::stats::{Outcome, ScoreColumn, StatError, StatInput, Statistic};

/// Dense groups of incidents.
pub struct Dbscan;

/// Options of `dbscan`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct DbscanOptions {
    /// Distance within which incidents are near each other, m.
    pub radius: Metres,
    /// Incidents, itself included, that one needs near it.
    pub least: usize,
    /// How clusters are outlined.
    pub outline: Outline,
}

impl Default for DbscanOptions {
    fn default() -> Self {
        Self { radius: Metres::new(100.0), least: 20, outline: Outline::ConvexHull }
    }
}

impl Statistic for Dbscan {
    type Options = DbscanOptions;
    const ID: &'static str = "dbscan";
    const LABEL: &'static str = "Clusters (DBSCAN)";
    const ABOUT: &'static str = "Groups of incidents that have enough others within a radius, of \
                                 any shape, each with outline, area, density and share.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] = &[
        ("scikit-learn", "DBSCAN"),
        ("dbscan (R)", "dbscan"),
        ("ArcGIS", "Density-based Clustering"),
        ("QGIS", "DBSCAN clustering"),
    ];

    fn score(&self, input: &StatInput<'_>, options: &DbscanOptions) -> Result<Outcome, StatError> {
        let found = dbscan(input.points, options.radius, options.least)
            .map_err(|error| StatError::refused(Self::ID, error))?;
        let mut outcome = Outcome::default();
        warn_of_repeats(input, &mut outcome);
        let members = members(&found.labels, found.n_clusters);
        let (places, order) = places(input, &members, options.outline, &mut outcome);
        let core = |core: &bool| Some(if *core { "core" } else { "not core" });
        let columns = vec![
            ScoreColumn::numbers("cluster", "Cluster", "", numbers(&found.labels, &order)),
            ScoreColumn::labels("core", "Core", found.core.iter().map(core).collect()),
        ];
        outcome.scores.extend(scores(places, columns));
        Ok(outcome)
    }
}
