//! Streets: centre lines with their names, for the map and for naming hotspots.

use geojson::GeometryValue;

use crate::crs::Bng;
use crate::workspace::StreetFile;

use super::areas::line;
use super::english::{fault, name};
use super::position::Owner;
use super::{LoadedFile, ReadError, choose_crs, format};

/// One street, or a stretch of it.
#[derive(Debug, Clone, PartialEq)]
pub struct StreetLine {
    /// Name as published.
    pub name: Option<String>,
    /// Centre line, two positions or more.
    pub line: Vec<Bng>,
}

/// Reads a file of lines as the workspace describes it, in file order.
///
/// # Errors
///
/// [`ReadError`] on a missing column or coordinates in another system than stated.
pub fn read_streets(file: &LoadedFile, spec: &StreetFile) -> Result<Vec<StreetLine>, ReadError> {
    let table = format::open(file)?;
    let name =
        spec.name.as_ref().map(|name| table.require(name, "`name` of [streets]")).transpose()?;
    let crs = choose_crs(table.crs, spec.crs);
    let mut streets = Vec::new();
    let mut outcome = Ok(());
    table.rows.each(&mut |row| {
        if outcome.is_err() {
            return;
        }
        let name = name.map(|column| row.get(column)).filter(|text| !text.is_empty());
        let lines: Vec<&[geojson::Position]> = match row.geometry {
            Some(GeometryValue::LineString { coordinates }) => vec![coordinates],
            Some(GeometryValue::MultiLineString { coordinates }) => {
                coordinates.iter().map(Vec::as_slice).collect()
            }
            _ => Vec::new(),
        };
        let owner = Owner { file: &table.file, what: name::street(name) };
        for positions in lines {
            match line(&owner, positions, crs) {
                Ok(on_grid) if on_grid.0.len() >= 2 => streets.push(StreetLine {
                    name: name.map(str::to_owned),
                    line: on_grid.0.iter().map(|c| Bng::new(c.x, c.y)).collect(),
                }),
                Ok(_) => {}
                Err(error) => outcome = Err(error),
            }
        }
    })?;
    outcome?;
    if streets.is_empty() {
        let message = fault::NO_LINES.to_owned();
        return Err(ReadError::Area { file: file.name.clone(), message });
    }
    Ok(streets)
}
