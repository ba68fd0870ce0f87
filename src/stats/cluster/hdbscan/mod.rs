//! HDBSCAN: dense groups of any shape, each at the density that suits it.

mod condensed;
mod merges;
#[cfg(test)]
mod tests;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::crs::Bng;
use crate::index::PointTree;
use crate::quantity::Metres;

use super::spanning_tree::shortest_tree;
use super::{ClusterError, check};

use condensed::Condensed;
use merges::Merges;

/// Which clusters of the tree of clusters are chosen.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ClusterSelection {
    /// Those that last longest: excess of mass.
    #[default]
    ExcessOfMass,
    /// Those that split no further: many small ones.
    Leaf,
}

/// What HDBSCAN is to look for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HdbscanSettings {
    /// Points that a cluster has at least: 2 or more.
    pub least: usize,
    /// Points, itself included, that one measures its own density by: 1 or more.
    pub near: usize,
    /// What distances are divided by before they are compared with what each point needs: above zero,
    /// 1 for the distance as it is.
    pub alpha: f64,
    /// Which clusters of the tree are chosen.
    pub selection: ClusterSelection,
    /// Chosen clusters that part from each other at less than this distance are taken as the one they
    /// part from; zero for none.
    pub apart: Metres,
    /// Whether all points together may be the one cluster.
    pub may_be_one: bool,
    /// Points that a cluster that lasts longest has at most; such as have more are taken apart.
    pub most: Option<usize>,
}

impl Default for HdbscanSettings {
    fn default() -> Self {
        Self {
            least: 20,
            near: 20,
            alpha: 1.0,
            selection: ClusterSelection::default(),
            apart: Metres::new(0.0),
            may_be_one: false,
            most: None,
        }
    }
}

/// What HDBSCAN found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hdbscan {
    /// `[n_points]`: number of the cluster from 0, in the order of first points; `None` for a point
    /// in none.
    pub labels: Vec<Option<u32>>,
    /// Number of clusters.
    pub n_clusters: usize,
    /// `[n_points]`: how far into its cluster each point is, 0 to 1: 1 at the densest, 0 outside.
    pub membership: Vec<f64>,
}

/// Clusters that last longest as the density asked for rises, or those that split no further.
///
/// The distance of two points is the mutual reachability distance: as far as they are apart, over
/// `alpha`, and at least as far as either has to go for its `near`-th nearest, itself counted.
/// Clusters of fewer than `least` points fall apart. All points together are one cluster only where
/// `may_be_one` is set; of such a cluster the points that stay longest are its members, or those that
/// stay until the distance `apart`.
///
/// Points in one place are at distance zero, so their density has no bound: `least` of them at a
/// snap point are a cluster on their own, whatever stands around, unless `apart` says otherwise.
///
/// # Shapes and units
///
/// - `points`: `[n_points]`, finite.
/// - `apart`: metres, compared with distances over `alpha`.
/// - returns: `[n_points]` labels, the same whatever the order of points and the number of threads.
///
/// # Equal distances
///
/// Groups that part at the same distance part at once, as the paper's algorithm has it. Programs
/// that split in two at every step (scikit-learn, the hdbscan package) part them one after another,
/// in the order that sorting happened to leave them in, which for scikit-learn depends on the order
/// of rows and on the processor: where coordinates are coarse their labels differ from ours as they
/// do from their own for the same points in another order. A point as near to two groups as they
/// are to each other is in neither here, and in one of them there.
///
/// # Errors
///
/// [`ClusterError`] if a setting is out of its range or a position is not finite.
///
/// # Source
///
/// Campello, Moulavi and Sander (2013), *PAKDD*, 160-172,
/// <https://doi.org/10.1007/978-3-642-37456-2_14>, algorithm 1; `alpha` after Chaudhuri and Dasgupta
/// (2010), *NIPS* 23, 343-351, and `apart` after Malzer and Baum (2020), *MFI*, 223-228,
/// <https://doi.org/10.1109/MFI49285.2020.9235263>, as scikit-learn takes them. `near` counts the point itself, as
/// `min_samples` of scikit-learn does; the hdbscan package does not, so ours is one more than its.
pub fn hdbscan(points: &[Bng], settings: &HdbscanSettings) -> Result<Hdbscan, ClusterError> {
    let HdbscanSettings { least, near, alpha, apart, most, .. } = *settings;
    let wanted = [
        ("least points", least, 2),
        ("near points", near, 1),
        ("most points", most.unwrap_or(least), least),
    ];
    for (what, found, wanted) in wanted {
        if found < wanted {
            return Err(ClusterError::Least { what, found, wanted });
        }
    }
    if !(alpha.is_finite() && alpha > 0.0) {
        return Err(ClusterError::Alpha(alpha));
    }
    if !(apart.get().is_finite() && apart.get() >= 0.0) {
        return Err(ClusterError::Apart(apart));
    }
    check(points)?;
    let n = points.len();
    if n < least.max(near) {
        return Ok(Hdbscan { labels: vec![None; n], n_clusters: 0, membership: vec![0.0; n] });
    }
    let tree = PointTree::new(points);
    let core2: Vec<f64> = (0..n)
        .into_par_iter()
        .map_init(
            || (Vec::new(), Vec::new()),
            |(found, path), i| {
                tree.nearest2(i, near, found, path);
                // Distances as they are against these times alpha: all densities are alpha times
                // too small, and what lasts longest is the same.
                found[near - 1] * alpha * alpha
            },
        )
        .collect();
    let merges = Merges::new(&shortest_tree(&tree, &core2), n);
    let condensed = Condensed::new(&merges, least);
    let (labels, membership) = condensed.label(&condensed.chosen(settings), settings);

    // From the order of the tree to that of the points, numbered by first points.
    let mut given = vec![None; n];
    let mut depth = vec![0.0; n];
    for (i, &number) in tree.numbers.iter().enumerate() {
        given[number as usize] = labels[i];
        depth[number as usize] = membership[i];
    }
    let mut numbers = std::collections::HashMap::new();
    for label in given.iter_mut().flatten() {
        let next = numbers.len() as u32;
        *label = *numbers.entry(*label).or_insert(next);
    }
    Ok(Hdbscan { labels: given, n_clusters: numbers.len(), membership: depth })
}
