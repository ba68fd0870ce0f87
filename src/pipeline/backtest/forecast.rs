//! Ways to map where incidents will be, each from the past alone.

use crate::crs::Bng;
use crate::quantity::Metres;
use crate::stats::{AssociationError, Kernel, density_at, gi_star_in_family};

use super::super::ground::Ground;

/// Names of the kinds of method.
pub const METHODS: [&str; 4] = ["counts", "kde", "gi-star", "hotspots"];

/// A way to map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Method {
    /// Cells with most incidents.
    Counts,
    /// Quartic kernel density at the centre of each cell.
    Kde(Metres),
    /// Gi* z-scores among cells at risk.
    GiStar,
    /// Significant cells by their z-scores, all others alike.
    Hotspots,
}

/// What a map may be made from.
pub(super) struct Past<'a> {
    pub points: Vec<Bng>,
    /// `[n_cells]`.
    pub counts: Vec<f64>,
    pub ground: &'a Ground,
    pub alpha: f64,
}

impl Method {
    /// Every method, with these bandwidths.
    pub(super) fn all(bandwidths: &[Metres]) -> Vec<Self> {
        let kdes = bandwidths.iter().map(|&bandwidth| Self::Kde(bandwidth));
        [Self::Counts].into_iter().chain(kdes).chain([Self::GiStar, Self::Hotspots]).collect()
    }

    /// Name, such as `kde`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Counts => METHODS[0],
            Self::Kde(_) => METHODS[1],
            Self::GiStar => METHODS[2],
            Self::Hotspots => METHODS[3],
        }
    }

    /// Whether its map shares incidents out, so that it can be judged as a forecast of counts; a
    /// z-score ranks cells and says no more.
    pub(super) const fn says_how_many(self) -> bool {
        matches!(self, Self::Counts | Self::Kde(_))
    }

    /// Bandwidth, of a density.
    pub const fn bandwidth(self) -> Option<Metres> {
        match self {
            Self::Kde(bandwidth) => Some(bandwidth),
            _ => None,
        }
    }

    /// `[n_cells]`: higher where more incidents are to be expected, 0 at least.
    pub(super) fn map(self, past: &Past<'_>) -> anyhow::Result<Vec<f64>> {
        let cells = &past.ground.cells;
        Ok(match self {
            Self::Counts => past.counts.clone(),
            Self::Kde(_) if past.points.is_empty() => vec![0.0; cells.len()],
            Self::Kde(bandwidth) => {
                let centre = |i: usize| {
                    let bounds = cells.shapes[i].bounds();
                    bounds.map_or(Bng::new(0.0, 0.0), |b| {
                        Bng::new(
                            f64::midpoint(b.min.easting(), b.max.easting()),
                            f64::midpoint(b.min.northing(), b.max.northing()),
                        )
                    })
                };
                let centres: Vec<Bng> = (0..cells.len()).map(centre).collect();
                density_at(&past.points, None, Kernel::Quartic, bandwidth, &centres)?
            }
            Self::GiStar | Self::Hotspots => {
                let found =
                    gi_star_in_family(&past.counts, &past.ground.near, &past.ground.at_risk);
                let scores = match found {
                    Ok(scores) => scores,
                    // Nothing stands out: every cell alike.
                    Err(AssociationError::NoVariation(_) | AssociationError::TooFew { .. }) => {
                        return Ok(vec![0.0; cells.len()]);
                    }
                    Err(wrong) => return Err(wrong.into()),
                };
                let only_hot = self == Self::Hotspots;
                let least = scores.iter().flatten().map(|s| s.z).fold(0.0, f64::min);
                scores
                    .iter()
                    .map(|score| match score {
                        Some(s) if only_hot && s.q <= past.alpha && s.z > 0.0 => s.z,
                        // Above zero, so that the coldest cell at risk still comes before water.
                        Some(s) if !only_hot => s.z - least + 1.0,
                        _ => 0.0,
                    })
                    .collect()
            }
        })
    }
}
