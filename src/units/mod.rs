//! Units: the places that incidents are counted in, whether wards, LSOAs or cells of a grid.
//!
//! A kind of unit is one file and one line in [`UNIT_KINDS`].

mod area;
mod cover;
mod coverage;
mod english;
mod h3;
mod hexagon;
mod locate;
mod nested;
mod polygons;
mod square;

pub use area::{Area, AreaLayer};
pub use coverage::shares_inside;
pub use h3::{H3Index, h3_size};
pub use locate::Locator;
pub use nested::{Nesting, nesting};
pub use polygons::PolygonIndex;
pub use square::{Grid, MOST_CELLS};

use thiserror::Error;

use crate::crs::Bng;
use crate::geometry::Shape;
use crate::quantity::{Metres, Population, SquareMetres};

/// Position of a unit in its [`Units`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitIdx(u32);

impl UnitIdx {
    /// The unit at this position.
    pub fn new(index: usize) -> Self {
        Self(u32::try_from(index).expect("fewer than 2^32 units fit in memory"))
    }

    /// Position as an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Why units cannot be made.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum UnitsError {
    /// The workspace has no boundaries of this kind.
    #[error("the workspace has no {kind} boundaries (it has: {known})")]
    NoLayer {
        /// Kind asked for.
        kind: String,
        /// Kinds there are.
        known: String,
    },
    /// A cell size that is no size, or makes too many cells.
    #[error("cells of {cell_size} make {wanted} cells; at most {most} are allowed")]
    TooManyCells {
        /// Side asked for.
        cell_size: Metres,
        /// Cells that would make.
        wanted: f64,
        /// Cells allowed.
        most: usize,
    },
    /// Cell size not above zero.
    #[error("a cell size of {0} is not above zero")]
    CellSize(Metres),
}

/// Places of one kind, in a fixed order, and how a position finds its own.
#[derive(Debug)]
pub struct Units {
    /// Id of the kind, such as `ward` or `square`.
    pub kind: &'static str,
    /// Code of each: a GSS code, or the name of a cell.
    pub ids: Vec<String>,
    /// Name of each on screen.
    pub names: Vec<String>,
    /// Outline of each, clipped to nothing: a cell is its whole square.
    pub shapes: Vec<Shape>,
    /// Area of each that lies inside the study area.
    pub areas: Vec<SquareMetres>,
    /// Usual residents, where known.
    pub residents: Vec<Option<Population>>,
    /// Households, where known.
    pub households: Vec<Option<Population>>,
    /// People there on a working day, where known.
    pub workday: Vec<Option<Population>>,
    /// Which unit holds a position.
    pub locator: Locator,
}

impl Units {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The unit that holds `position`. A position on a shared edge is counted once: of areas it
    /// belongs to the one whose code sorts first, of cells to the one to its north-east.
    pub fn locate(&self, position: Bng) -> Option<UnitIdx> {
        self.locator.locate(position)
    }
}

/// What units may be made from.
#[derive(Debug, Clone, Copy)]
pub struct UnitSource<'a> {
    /// Every boundary layer of the workspace.
    pub layers: &'a [AreaLayer],
    /// Outline of everything studied.
    pub study_area: &'a Shape,
    /// Side of a cell, for grids.
    pub cell_size: Metres,
}

/// A kind of unit.
pub trait UnitKind: Sync {
    /// Name in URLs and on the command line.
    fn id(&self) -> &'static str;
    /// Name on screen, plural.
    fn label(&self) -> &'static str;
    /// All units of this kind, sorted by code.
    ///
    /// # Errors
    ///
    /// [`UnitsError`] if the workspace cannot make them.
    fn build(&self, source: &UnitSource<'_>) -> Result<Units, UnitsError>;
}

/// Every kind of unit.
pub static UNIT_KINDS: &[&dyn UnitKind] =
    &[&area::Ward, &area::Lsoa, &square::Square, &hexagon::Hexagon, &h3::H3];

/// The whole ground of a hexagon or cell of H3, by its id; `None` for another kind, or no such id.
pub fn cell_with_id(kind: &str, id: &str) -> Option<Shape> {
    match kind {
        "hexagon" => hexagon::with_id(id),
        "h3" => h3::with_id(id),
        _ => None,
    }
}

/// The kind with this id.
pub fn unit_kind(id: &str) -> Option<&'static dyn UnitKind> {
    UNIT_KINDS.iter().copied().find(|kind| kind.id() == id)
}
