//! `hdbscan`: dense groups of incidents, each at the density that suits it.

use serde::{Deserialize, Serialize};

use crate::quantity::Metres;

use super::super::{ClusterSelection, HdbscanSettings, Outline, hdbscan, members};
use super::{numbers, places, scores, warn_of_repeats};
use crate::stats::{Outcome, ScoreColumn, StatError, StatInput, Statistic};

/// Dense groups of incidents at their own densities.
pub struct HdbscanScores;

/// Options of `hdbscan`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct HdbscanOptions {
    /// Incidents that a cluster has at least.
    pub least: usize,
    /// Incidents, itself included, that one measures its own density by; as many as `least` where
    /// not given.
    pub near: Option<usize>,
    /// What distances are divided by before they are compared with what each incident needs.
    pub alpha: f64,
    /// Clusters that last longest (`excess-of-mass`), or those that split no further (`leaf`).
    pub selection: ClusterSelection,
    /// Clusters that part from each other at less than this distance are taken as one, m; 0 for none.
    pub apart: Metres,
    /// Whether all incidents together may be the one cluster.
    pub may_be_one: bool,
    /// Incidents that a cluster that lasts longest has at most; no limit where not given.
    pub most: Option<usize>,
    /// How clusters are outlined.
    pub outline: Outline,
}

impl Default for HdbscanOptions {
    fn default() -> Self {
        let HdbscanSettings { least, near: _, alpha, selection, apart, may_be_one, most } =
            HdbscanSettings::default();
        Self {
            least,
            near: None,
            alpha,
            selection,
            apart,
            may_be_one,
            most,
            outline: Outline::ConvexHull,
        }
    }
}

impl Statistic for HdbscanScores {
    type Options = HdbscanOptions;
    const ID: &'static str = "hdbscan";
    const LABEL: &'static str = "Clusters (HDBSCAN)";
    const ABOUT: &'static str = "Groups of incidents that stay together longest as the density \
                                 asked for rises, so that each is found at its own density.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] = &[
        (
            "scikit-learn",
            "HDBSCAN(cluster_selection_epsilon = apart, allow_single_cluster = may-be-one)",
        ),
        ("hdbscan", "HDBSCAN(min_samples = near - 1)"),
        ("ArcGIS", "Density-based Clustering"),
    ];

    fn score(&self, input: &StatInput<'_>, options: &HdbscanOptions) -> Result<Outcome, StatError> {
        let near = options.near.unwrap_or(options.least);
        let settings = HdbscanSettings {
            least: options.least,
            near,
            alpha: options.alpha,
            selection: options.selection,
            apart: options.apart,
            may_be_one: options.may_be_one,
            most: options.most,
        };
        let found = hdbscan(input.points, &settings)
            .map_err(|error| StatError::refused(Self::ID, error))?;
        let mut outcome = Outcome::default();
        if options.near.is_none() {
            outcome.chosen.push(("near", format!("{near}, as `least`")));
        }
        warn_of_repeats(input, &mut outcome);
        let members = members(&found.labels, found.n_clusters);
        let (places, order) = places(input, &members, options.outline, &mut outcome);
        let depth = found.membership.iter().map(|depth| Some(*depth)).collect();
        let columns = vec![
            ScoreColumn::numbers("cluster", "Cluster", "", numbers(&found.labels, &order)),
            ScoreColumn::numbers("membership", "Membership", "0 to 1", depth),
        ];
        outcome.scores.extend(scores(places, columns));
        Ok(outcome)
    }
}
