//! Association: whether units are like their neighbours, unit by unit and over a whole map.
//!
//! | | by unit | over the map |
//! |---|---|---|
//! | high or low values together | [`gi_star`], [`local_g`] | [`general_g`] |
//! | like values together | [`local_moran`] | [`moran`] |
//! | small differences | [`local_geary`] | [`geary`] |
//!
//! Each has an analytic score and a permutation test, on one engine: [`permuted_lags`],
//! [`permuted_differences`], [`permuted_globals`].

mod error;
mod faces;
mod gi_star;
mod global;
mod local_geary;
mod local_moran;
mod permutation;
mod sums;

pub use error::AssociationError;
pub(super) use faces::{GiStarFace, GlobalFace, LocalGearyFace, LocalMoranFace};
pub use faces::{
    GiStarOptions, GlobalOptions, LocalGearyOptions, LocalMoranOptions, MOST_PERMUTATIONS,
};
pub use gi_star::{GiStarScore, Star, Weighting, gi_star, gi_star_in_family, local_g};
pub use global::{Chance, GlobalScore, GlobalTails, geary, general_g, moran, permuted_globals};
pub use local_geary::{GearyClass, LocalGeary, local_geary};
pub use local_moran::{Divisor, LocalMoments, LocalMoran, Quadrant, local_moran};
pub use permutation::{Permutations, Tails, permuted_differences, permuted_lags};
