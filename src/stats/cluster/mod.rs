//! Clusters as places: incidents that stand near each other, with an outline and figures.
//!
//! [`dbscan`], [`hdbscan`] and [`nearest_neighbour_hierarchy`] say which incidents belong together,
//! [`repeat_locations`] which positions have most; [`place_of`] gives any of them an outline.

mod chi_shape;
mod dbscan;
mod faces;
mod hdbscan;
mod hierarchy;
mod place;
mod repeat_locations;
mod spanning_tree;

pub use dbscan::dbscan;
pub use faces::{
    Dbscan, DbscanOptions, HdbscanOptions, HdbscanScores, NnhOptions, NnhScores,
    RepeatLocationOptions, RepeatLocations,
};
pub use hdbscan::{ClusterSelection, Hdbscan, HdbscanSettings, hdbscan};
pub use hierarchy::{Nnh, NnhCluster, nearest_neighbour_hierarchy};
pub use place::{ClusterPlace, Outline, place_of};
pub use repeat_locations::{RepeatLocation, repeat_locations};

use thiserror::Error;

use crate::crs::Bng;
use crate::quantity::{Metres, SquareMetres};

/// Why no clusters can be looked for.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum ClusterError {
    /// Radius not above zero.
    #[error("a radius of {0} is not above zero")]
    Radius(Metres),
    /// A number of incidents that makes no cluster.
    #[error("{what} of {found} is not {wanted} or more")]
    Least {
        /// Name of the setting.
        what: &'static str,
        /// Value given.
        found: usize,
        /// Smallest that makes sense.
        wanted: usize,
    },
    /// A position that is not a finite number.
    #[error("point {0} has a position that is not a finite number")]
    NotFinite(usize),
    /// An alpha not above zero.
    #[error("an alpha of {0} is not above zero")]
    Alpha(f64),
    /// A distance below zero.
    #[error("a distance of {0} between clusters is below zero or not finite")]
    Apart(Metres),
    /// A study area without area.
    #[error("a study area of {0} is not above zero")]
    Area(SquareMetres),
    /// Too small a radius for so large an area.
    #[error("a radius of {radius} is too small for points {extent} apart")]
    Extent {
        /// Radius given.
        radius: Metres,
        /// Widest extent of the points.
        extent: Metres,
    },
}

/// Which cluster each point is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clustering {
    /// `[n_points]`: number of the cluster from 0, or `None` for a point in none.
    pub labels: Vec<Option<u32>>,
    /// Number of clusters.
    pub n_clusters: usize,
    /// `[n_points]`: whether the point has enough others near it to make a cluster of its own.
    pub core: Vec<bool>,
}

/// Points of each cluster: `[n_clusters]` lists of indices, sorted.
pub fn members(labels: &[Option<u32>], n_clusters: usize) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); n_clusters];
    for (i, label) in labels.iter().enumerate() {
        if let Some(label) = label {
            members[*label as usize].push(i);
        }
    }
    members
}

fn check(points: &[Bng]) -> Result<(), ClusterError> {
    let finite = |p: &Bng| p.easting().is_finite() && p.northing().is_finite();
    points.iter().position(|p| !finite(p)).map_or(Ok(()), |i| Err(ClusterError::NotFinite(i)))
}

/// Sets that grow together: each knows the one it was joined to.
struct Joined(Vec<u32>);

impl Joined {
    fn new(n: usize) -> Self {
        Self((0..n as u32).collect())
    }

    fn root(&mut self, mut i: u32) -> u32 {
        while self.0[i as usize] != i {
            let above = self.0[self.0[i as usize] as usize];
            self.0[i as usize] = above;
            i = above;
        }
        i
    }

    /// Joins the sets of `a` and `b`; the one with the lower root keeps its name. Whether they were
    /// apart.
    fn join(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        let (low, high) = (a.min(b), a.max(b));
        self.0[high as usize] = low;
        low != high
    }
}
