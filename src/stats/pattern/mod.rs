//! Point patterns: whether incidents stand nearer to each other than chance would leave them, and
//! where their middle is.
//!
//! All of these take positions at their word. Published positions are often moved to a few snap
//! points, and then say how near the snap points are to each other: [`Repeats`] counts them.

mod centrography;
mod envelope;
mod faces;
mod nearest_neighbour;
mod repeats;
mod ripley;
mod window;

pub use centrography::{Centrography, Ellipse, centrography};
pub use envelope::{Envelope, ripley_envelope};
pub use faces::{
    CentrographyOptions, CentrographyScores, NearestNeighbourOptions, NearestNeighbourScores,
    RipleyK, RipleyOptions,
};
pub use nearest_neighbour::{NearestNeighbour, Spacing, nearest_neighbour};
pub use repeats::{Repeats, SHARED_PLACES};
pub use ripley::{RipleyEdge, l_from_k, ripley_k};
pub use window::StudyWindow;

use thiserror::Error;

use crate::crs::Bng;
use crate::quantity::{Metres, SquareMetres};

use super::Cancelled;

/// Why a point pattern cannot be looked at.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum PatternError {
    /// Too few points.
    #[error("{found} points, but {wanted} are needed")]
    TooFew {
        /// Points given.
        found: usize,
        /// Points needed.
        wanted: usize,
    },
    /// A study area without area.
    #[error("a study area of {0} is not above zero")]
    Area(SquareMetres),
    /// A position that is not a finite number.
    #[error("point {0} has a position or weight that is not a finite number")]
    NotFinite(usize),
    /// Points beyond the study area, where an edge cannot be corrected for.
    #[error("{outside} of {points} points lie outside the study area")]
    Outside {
        /// Points outside.
        outside: usize,
        /// Points given.
        points: usize,
    },
    /// Distances that do not rise from zero.
    #[error("distances must rise from zero or more, but {0} follows a larger one or is none")]
    Radii(Metres),
    /// As many weights as points are needed.
    #[error("{weights} weights for {points} points, or one below zero")]
    Weights {
        /// Weights given.
        weights: usize,
        /// Points given.
        points: usize,
    },
    /// Nothing to compare with.
    #[error("an envelope at {alpha} needs at least {wanted} simulations, not {found}")]
    Simulations {
        /// Simulations asked for.
        found: usize,
        /// Simulations needed.
        wanted: usize,
        /// Share of curves that may lie outside.
        alpha: f64,
    },
    /// It was stopped from outside.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// Refuses fewer points than `wanted`, and positions that are not finite.
fn check(points: &[Bng], wanted: usize) -> Result<(), PatternError> {
    if points.len() < wanted {
        return Err(PatternError::TooFew { found: points.len(), wanted });
    }
    let finite = |p: &Bng| p.easting().is_finite() && p.northing().is_finite();
    points.iter().position(|p| !finite(p)).map_or(Ok(()), |i| Err(PatternError::NotFinite(i)))
}
