//! `nnh`: nearest neighbour hierarchical clusters of the incidents.

use serde::{Deserialize, Serialize};

use crate::quantity::Metres;

use super::super::{Nnh, Outline, nearest_neighbour_hierarchy};
use super::{places, warn_of_repeats};
use crate::stats::statistic::between_none_and_all;
use crate::stats::{Outcome, ScoreColumn, Scores, StatError, StatInput, Statistic};

/// Nearest neighbour hierarchical clusters.
pub struct NnhScores;

/// Options of `nnh`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct NnhOptions {
    /// Incidents that a cluster needs.
    pub least_points: usize,
    /// Clusters that a cluster of a higher order needs.
    pub least_clusters: usize,
    /// Chance that two incidents are as near as the threshold by chance.
    pub probability: f64,
    /// Threshold of the first order, m; from the probability where not given.
    pub threshold: Option<Metres>,
    /// How clusters are outlined.
    pub outline: Outline,
}

impl Default for NnhOptions {
    fn default() -> Self {
        let Nnh { least_points, least_clusters, probability, threshold } = Nnh::default();
        Self { least_points, least_clusters, probability, threshold, outline: Outline::ConvexHull }
    }
}

impl Statistic for NnhScores {
    type Options = NnhOptions;
    const ID: &'static str = "nnh";
    const LABEL: &'static str = "Nearest neighbour hierarchical clusters";
    const ABOUT: &'static str = "Incidents nearer to each other than chance would leave them, and \
                                 clusters of those clusters.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] =
        &[("CrimeStat", "Nearest neighbor hierarchical spatial clustering")];

    fn score(&self, input: &StatInput<'_>, options: &NnhOptions) -> Result<Outcome, StatError> {
        let settings = Nnh {
            least_points: options.least_points,
            least_clusters: options.least_clusters,
            probability: between_none_and_all(Self::ID, "probability", options.probability)?,
            threshold: options.threshold,
        };
        let area = input.study_area.area();
        let found = nearest_neighbour_hierarchy(input.points, area, &settings)
            .map_err(|error| StatError::refused(Self::ID, error))?;
        let mut outcome = Outcome::default();
        if let Some(first) = found.first().filter(|_| options.threshold.is_none()) {
            outcome.chosen.push((
                "threshold",
                format!(
                    "{:.1} m, from a study area of {:.2} km² and {} incidents",
                    first.threshold.get(),
                    area.km2(),
                    input.points.len()
                ),
            ));
        }
        warn_of_repeats(input, &mut outcome);
        let orders = found.iter().map(|cluster| cluster.order).max().unwrap_or(1);
        for order in 1..=orders {
            let of_order: Vec<&_> = found.iter().filter(|c| c.order == order).collect();
            let members: Vec<Vec<usize>> = of_order.iter().map(|c| c.points.clone()).collect();
            let (mut layer, ranks) = places(input, &members, options.outline, &mut outcome);
            if let Some(named) = LAYERS.get(order - 1) {
                (layer.id, layer.title) = (named.0, named.1.to_owned());
            }
            let made_of = ranks.iter().map(|&i| Some(of_order[i].clusters.len() as f64)).collect();
            if order > 1 {
                layer.columns.push(ScoreColumn::numbers("clusters", "Clusters in it", "", made_of));
            }
            outcome.scores.push(Scores::Places(layer));
        }
        Ok(outcome)
    }
}

/// Layers by their order. Each order has a quarter of the clusters of the one below at most, so
/// there are never more than these.
const LAYERS: [(&str, &str); 8] = [
    ("first-order", "First-order clusters"),
    ("second-order", "Second-order clusters"),
    ("third-order", "Third-order clusters"),
    ("fourth-order", "Fourth-order clusters"),
    ("fifth-order", "Fifth-order clusters"),
    ("sixth-order", "Sixth-order clusters"),
    ("seventh-order", "Seventh-order clusters"),
    ("higher-order", "Clusters of a higher order"),
];
