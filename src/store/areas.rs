//! Boundary layers, study area, streets and snap points to and from GeoParquet files.

use std::path::Path;

use super::dataset::Street;
use super::error::StoreError;
use super::files::{self, AREAS, DataFile};
use super::geoparquet::{self, Column, Decoded};
use super::incidents::bounds;
use super::manifest::LayerFile;
use super::wkb;
use crate::crs::Bng;
use crate::geometry::{Bounds, Shape};
use crate::quantity::Population;
use crate::units::{Area, AreaLayer};

const LAYER: &str = "message areas {
    REQUIRED BYTE_ARRAY code (STRING);
    REQUIRED BYTE_ARRAY name (STRING);
    REQUIRED BYTE_ARRAY edition (STRING);
    OPTIONAL DOUBLE residents;
    OPTIONAL DOUBLE households;
    OPTIONAL DOUBLE workday;
    REQUIRED BYTE_ARRAY geometry;
}";

const OUTLINE: &str = "message study_area {
    REQUIRED BYTE_ARRAY name (STRING);
    REQUIRED BYTE_ARRAY geometry;
}";

const STREETS: &str = "message streets {
    OPTIONAL BYTE_ARRAY name (STRING);
    REQUIRED BYTE_ARRAY geometry;
}";

const SNAP_POINTS: &str = "message snap_points {
    REQUIRED BYTE_ARRAY geometry;
}";

/// Writes a boundary layer.
pub(super) fn write_layer(store: &Path, layer: &AreaLayer) -> Result<LayerFile, StoreError> {
    let areas = &layer.areas;
    let people = |pick: fn(&Area) -> Option<Population>| {
        Column::Real(areas.iter().map(|area| pick(area).map(Population::get)).collect())
    };
    let columns = [
        Column::texts(areas.iter().map(|area| Some(area.code.as_str()))),
        Column::texts(areas.iter().map(|area| Some(area.name.as_str()))),
        Column::texts(areas.iter().map(|_| Some(layer.edition.as_str()))),
        people(|area| area.residents),
        people(|area| area.households),
        people(|area| area.workday),
        Column::geometries(areas.iter().map(|area| Some(wkb::polygons(area.shape.polygons())))),
    ];
    let bounds = areas.iter().filter_map(|area| area.shape.bounds()).reduce(Bounds::union);
    let file = put(store, &layer.kind, LAYER, "MultiPolygon", bounds, &columns, areas.len())?;
    Ok(LayerFile { kind: layer.kind.clone(), edition: layer.edition.clone(), file })
}

/// Reads a boundary layer.
pub(super) fn read_layer(file: &Path, entry: &LayerFile) -> Result<AreaLayer, StoreError> {
    let input = Decoded::new(file, entry.file.read(file)?)?;
    let mut names = input.texts("name")?.into_iter();
    let mut residents = input.reals("residents")?.into_iter();
    let mut households = input.reals("households")?.into_iter();
    // Stores of before have none.
    let workday = if input.has("workday") { input.reals("workday")? } else { Vec::new() };
    let mut workday = workday.into_iter();
    let mut shapes = input.geometries(wkb::read_polygons)?.into_iter();
    let mut areas = Vec::new();
    for (row, code) in input.texts("code")?.into_iter().enumerate() {
        let people = |column, cell: Option<Option<f64>>| {
            let checked = |value| {
                Population::new(value)
                    .ok_or_else(|| input.wrong(row, column, format!("{value} is not above zero")))
            };
            cell.flatten().map(checked).transpose()
        };
        areas.push(Area {
            code: input.required(row, "code", code)?,
            name: input.required(row, "name", names.next().flatten())?,
            shape: Shape::new(input.required(row, "geometry", shapes.next().flatten())?),
            residents: people("residents", residents.next())?,
            households: people("households", households.next())?,
            workday: people("workday", workday.next())?,
        });
    }
    Ok(AreaLayer { kind: entry.kind.clone(), edition: entry.edition.clone(), areas })
}

/// Writes the outline of everything studied.
pub(super) fn write_outline(
    store: &Path,
    name: &str,
    shape: &Shape,
) -> Result<DataFile, StoreError> {
    let columns = [
        Column::texts([Some(name)].into_iter()),
        Column::geometries([Some(wkb::polygons(shape.polygons()))].into_iter()),
    ];
    put(store, "study-area", OUTLINE, "MultiPolygon", shape.bounds(), &columns, 1)
}

/// Reads the outline of everything studied.
pub(super) fn read_outline(file: &Path, data: &DataFile) -> Result<Shape, StoreError> {
    let input = Decoded::new(file, data.read(file)?)?;
    let first = input.geometries(wkb::read_polygons)?.into_iter().next().flatten();
    Ok(Shape::new(input.required(0, "geometry", first)?))
}

/// Writes streets; nothing where there are none.
pub(super) fn write_streets(
    store: &Path,
    streets: &[Street],
) -> Result<Option<DataFile>, StoreError> {
    if streets.is_empty() {
        return Ok(None);
    }
    let columns = [
        Column::texts(streets.iter().map(|street| street.name.as_deref())),
        Column::geometries(streets.iter().map(|street| Some(wkb::line(&street.line)))),
    ];
    let bounds = bounds(streets.iter().flat_map(|street| street.line.iter().copied()));
    put(store, "streets", STREETS, "LineString", bounds, &columns, streets.len()).map(Some)
}

/// Reads streets.
pub(super) fn read_streets(file: &Path, data: &DataFile) -> Result<Vec<Street>, StoreError> {
    let input = Decoded::new(file, data.read(file)?)?;
    let names = input.texts("name")?;
    let lines = input.geometries(wkb::read_line)?;
    let streets = names.into_iter().zip(lines).enumerate().map(|(row, (name, line))| {
        Ok(Street { name, line: input.required(row, "geometry", line)? })
    });
    streets.collect()
}

/// Writes snap points; nothing where there are none.
pub(super) fn write_snap_points(
    store: &Path,
    points: &[Bng],
) -> Result<Option<DataFile>, StoreError> {
    if points.is_empty() {
        return Ok(None);
    }
    let columns = [Column::geometries(points.iter().map(|&point| Some(wkb::point(point))))];
    let bounds = bounds(points.iter().copied());
    put(store, "snap-points", SNAP_POINTS, "Point", bounds, &columns, points.len()).map(Some)
}

/// Reads snap points.
pub(super) fn read_snap_points(file: &Path, data: &DataFile) -> Result<Vec<Bng>, StoreError> {
    let input = Decoded::new(file, data.read(file)?)?;
    let points = input.geometries(wkb::read_point)?.into_iter().enumerate();
    points.map(|(row, point)| input.required(row, "geometry", point)).collect()
}

pub(super) fn put(
    store: &Path,
    name: &str,
    schema: &str,
    geometry_type: &str,
    bounds: Option<Bounds>,
    columns: &[Column],
    rows: usize,
) -> Result<DataFile, StoreError> {
    let place = format!("{AREAS}/{}-", files::hive(name));
    let bytes = geoparquet::encode(schema, geometry_type, bounds, columns)
        .map_err(StoreError::parquet(&store.join(&place)))?;
    files::put(store, &place, rows, &bytes)
}
