//! Every rule for weights, by name.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::crs::Bng;
use crate::quantity::Metres;
use crate::units::Units;

use super::{
    Contiguity, Neighbours, NeighboursError, Reach, WeightKernel, Weights, WeightsFile,
    WeightsFileError, WeightsFormat, area_contiguity, cell_band, cell_contiguity, cell_kernel,
    cell_nearest, distance_band, kernel_weights, nearest,
};

/// What is done where one unit counts another that does not count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pairing {
    /// Nothing: each unit has its own neighbours.
    #[default]
    OneSided,
    /// They are neighbours both ways if one counts the other.
    Either,
    /// They are neighbours only if each counts the other.
    Mutual,
}

/// A rule for which units are near, and how much each counts.
///
/// Written as one of
///
/// | text | neighbours |
/// |---|---|
/// | `queen`, `rook` | units that touch; by an edge |
/// | `band:500` | centres within 500 m, the edge included |
/// | `nearest:6` | the 6 nearest centres; `nearest:6:either` and `nearest:6:mutual` make it symmetric |
/// | `kernel:triangular:1000` | centres within 1,000 m, the nearer the more; `uniform`, `triangular`, `epanechnikov`, `quartic`, `gaussian` |
/// | `kernel:quartic:nearest:12` | the same, as far as the 12th nearest of each unit |
/// | `wards.gal`, `wards.gwt`, `wards.kwt` | a file, its units matched by code; `wards.gwt:neighbours` counts each as 1 |
///
/// Centres are those of cells, and centroids of areas.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(into = "String", try_from = "String")]
pub enum WeightsChoice {
    /// Units with a corner or an edge in common.
    #[default]
    Queen,
    /// Units with an edge in common.
    Rook,
    /// Units whose centres are no further apart than this.
    Band(Metres),
    /// The nearest few.
    Nearest {
        /// How many.
        k: usize,
        /// What is done about one-sided neighbours.
        pairing: Pairing,
    },
    /// Weights that fall with distance.
    Kernel {
        /// How they fall.
        kernel: WeightKernel,
        /// How far.
        reach: Reach,
    },
    /// Links from a file.
    File {
        /// Where it is, as written.
        path: String,
        /// Its format.
        format: WeightsFormat,
        /// Whether its third column is what a neighbour counts.
        weighted: bool,
    },
}

/// Why weights cannot be built.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum WeightsError {
    /// Units that are nowhere.
    #[error("`{choice}` needs outlines, and {count} of {n_units} units have none, such as {first}")]
    NoOutline {
        /// Rule asked for.
        choice: String,
        /// How many.
        count: usize,
        /// Code of the first.
        first: String,
        /// Units there are.
        n_units: usize,
    },
    /// A file that was not read before.
    #[error("the weights file {0} has not been read")]
    NotRead(String),
    /// Too many links.
    #[error("`{choice}`: {source}")]
    Neighbours {
        /// Rule asked for.
        choice: String,
        /// What is wrong.
        source: NeighboursError,
    },
    /// The file does not fit.
    #[error(transparent)]
    File(#[from] WeightsFileError),
}

impl WeightsChoice {
    /// Path and format of the file that must be read first, where there is one.
    pub fn file(&self) -> Option<(&str, WeightsFormat)> {
        match self {
            Self::File { path, format, .. } => Some((path, *format)),
            _ => None,
        }
    }

    /// The weights of `units`; `file` is what [`Self::file`] asked for.
    ///
    /// Cells are never looked at as outlines: their columns and rows say who is near.
    ///
    /// # Shapes and units
    ///
    /// - returns: `[n_units]`, in the order of `units`, each unit itself left out, not
    ///   standardised.
    ///
    /// # Errors
    ///
    /// [`WeightsError`] if a unit has no outline to measure from, the links are too many, or the
    /// file does not fit.
    pub fn build(
        &self,
        units: &Units,
        file: Option<&WeightsFile>,
    ) -> Result<Weights, WeightsError> {
        if let Self::File { path, weighted, .. } = self {
            let file = file.ok_or_else(|| WeightsError::NotRead(path.clone()))?;
            return Ok(file.matched(&units.ids, *weighted)?);
        }
        let too_many = |source| WeightsError::Neighbours { choice: self.to_string(), source };
        let grid = units.locator.grid();
        let centres = || self.centroids(units);
        let near = match *self {
            Self::Queen | Self::Rook => {
                let rule = if *self == Self::Queen { Contiguity::Queen } else { Contiguity::Rook };
                if let Some(grid) = grid {
                    cell_contiguity(grid, rule)
                } else {
                    centres()?;
                    area_contiguity(&units.shapes, rule)
                }
            }
            Self::Band(band) => match grid {
                Some(grid) => cell_band(grid, band).map_err(too_many)?,
                None => distance_band(&centres()?, band).map_err(too_many)?,
            },
            Self::Nearest { k, pairing } => {
                let near: Neighbours = match grid {
                    Some(grid) => cell_nearest(grid, k).map_err(too_many)?,
                    None => nearest(&centres()?, k).map_err(too_many)?,
                };
                match pairing {
                    Pairing::OneSided => near,
                    Pairing::Either => near.made_symmetric(true),
                    Pairing::Mutual => near.made_symmetric(false),
                }
            }
            Self::Kernel { kernel, reach } => {
                return match grid {
                    Some(grid) => cell_kernel(grid, kernel, reach).map_err(too_many),
                    None => kernel_weights(&centres()?, kernel, reach).map_err(too_many),
                };
            }
            Self::File { .. } => unreachable!("answered above"),
        };
        Ok(near.into())
    }

    fn centroids(&self, units: &Units) -> Result<Vec<Bng>, WeightsError> {
        let centroids: Vec<Option<Bng>> =
            units.shapes.iter().map(crate::geometry::Shape::centroid).collect();
        let nowhere = || (0..units.len()).filter(|&unit| centroids[unit].is_none());
        match nowhere().next() {
            None => Ok(centroids.into_iter().flatten().collect()),
            Some(first) => Err(WeightsError::NoOutline {
                choice: self.to_string(),
                count: nowhere().count(),
                first: units.ids[first].clone(),
                n_units: units.len(),
            }),
        }
    }
}

impl fmt::Display for WeightsChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Queen => f.write_str("queen"),
            Self::Rook => f.write_str("rook"),
            Self::Band(band) => write!(f, "band:{}", band.get()),
            Self::Nearest { k, pairing } => {
                write!(f, "nearest:{k}")?;
                f.write_str(match pairing {
                    Pairing::OneSided => "",
                    Pairing::Either => ":either",
                    Pairing::Mutual => ":mutual",
                })
            }
            Self::Kernel { kernel, reach: Reach::Fixed(metres) } => {
                write!(f, "kernel:{}:{}", kernel.id(), metres.get())
            }
            Self::Kernel { kernel, reach: Reach::Nearest(k) } => {
                write!(f, "kernel:{}:nearest:{k}", kernel.id())
            }
            Self::File { path, weighted: true, .. } => f.write_str(path),
            Self::File { path, weighted: false, .. } => write!(f, "{path}:neighbours"),
        }
    }
}

impl From<WeightsChoice> for String {
    fn from(choice: WeightsChoice) -> Self {
        choice.to_string()
    }
}

impl TryFrom<String> for WeightsChoice {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

fn metres(text: &str) -> Result<Metres, String> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && value > 0.0 => Ok(Metres::new(value)),
        _ => Err(format!("`{text}` is no distance in metres above 0")),
    }
}

fn how_many(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(k) if k > 0 => Ok(k),
        _ => Err(format!("`{text}` is no number of neighbours above 0")),
    }
}

impl FromStr for WeightsChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let format =
            |path: &str| path.rsplit_once('.').and_then(|(_, e)| WeightsFormat::of_extension(e));
        let (path, weighted) = match text.strip_suffix(":neighbours") {
            Some(path) => (path, false),
            None => (text, true),
        };
        if let Some(format) = format(path) {
            return Ok(Self::File { path: path.to_owned(), format, weighted });
        }
        let parts: Vec<&str> = text.split(':').collect();
        match *parts.as_slice() {
            ["queen"] => Ok(Self::Queen),
            ["rook"] => Ok(Self::Rook),
            ["band", band] => metres(band).map(Self::Band),
            ["nearest", k] => Ok(Self::Nearest { k: how_many(k)?, pairing: Pairing::OneSided }),
            ["nearest", k, "either"] => {
                Ok(Self::Nearest { k: how_many(k)?, pairing: Pairing::Either })
            }
            ["nearest", k, "mutual"] => {
                Ok(Self::Nearest { k: how_many(k)?, pairing: Pairing::Mutual })
            }
            ["kernel", kernel, "nearest", k] => {
                Ok(Self::Kernel { kernel: kernel.parse()?, reach: Reach::Nearest(how_many(k)?) })
            }
            ["kernel", kernel, reach] => {
                Ok(Self::Kernel { kernel: kernel.parse()?, reach: Reach::Fixed(metres(reach)?) })
            }
            _ => Err(format!(
                "`{text}` are no weights; wanted queen, rook, band:METRES, nearest:K, \
                 kernel:SHAPE:METRES, kernel:SHAPE:nearest:K, or a file .gal, .gwt or .kwt"
            )),
        }
    }
}

#[cfg(test)]
#[path = "choice_tests.rs"]
mod tests;
