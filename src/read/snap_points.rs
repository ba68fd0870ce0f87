//! Snap points or addresses: where an incident can be recorded at all.

use crate::crs::Bng;
use crate::workspace::SnapPointFile;

use super::english::name;
use super::position::{Owner, to_bng};
use super::{LoadedFile, ReadError, format};

/// Reads positions as the workspace describes them, in file order.
///
/// # Errors
///
/// [`ReadError`] on a missing column, a cell that is no number, or coordinates in another system
/// than stated.
pub fn read_snap_points(file: &LoadedFile, spec: &SnapPointFile) -> Result<Vec<Bng>, ReadError> {
    let table = format::open(file)?;
    let x = table.require(&spec.x, "`x` of [snap-points]")?;
    let y = table.require(&spec.y, "`y` of [snap-points]")?;
    let mut pairs = Vec::new();
    let mut wrong = None;
    table.rows.each(&mut |row| {
        if row.fault.is_some() {
            return;
        }
        match (row.get(x).parse::<f64>(), row.get(y).parse::<f64>()) {
            (Ok(x), Ok(y)) => pairs.push((x, y)),
            _ => wrong = wrong.or(Some(row.line)),
        }
    })?;
    if let Some(line) = wrong {
        let message = format!("`{}` or `{}` is no number", spec.x, spec.y);
        return Err(ReadError::Broken { file: file.name.clone(), line: Some(line), message });
    }
    let owner = Owner { file: &file.name, what: name::SNAP_POINT.to_owned() };
    to_bng(&owner, &pairs, spec.crs)
}
