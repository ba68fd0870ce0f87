//! Square grid on the National Grid origin. (Helper: stats. Stub.)

use super::{UnitKind, UnitSource, Units, UnitsError};

/// Squares of one size, their corners on whole multiples of it from the National Grid origin.
pub(super) struct Square;

impl UnitKind for Square {
    fn id(&self) -> &'static str {
        "square"
    }

    fn label(&self) -> &'static str {
        "Cells"
    }

    fn build(&self, source: &UnitSource<'_>) -> Result<Units, UnitsError> {
        Err(UnitsError::CellSize(source.cell_size))
    }
}
