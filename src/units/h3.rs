//! Cells of H3, the hexagons that cover the globe, at one of their sixteen resolutions.
//!
//! Cells, outlines and which of them holds a position are those of the `h3o` crate, which agrees with
//! the reference library of H3 4. Sahr, White and Kimerling (2003), *Cartography and Geographic
//! Information Science* 30(2), 121-134, <https://doi.org/10.1559/152304003100011090>.

use std::collections::{BTreeSet, HashMap};

use geo::{LineString, MultiPolygon, Polygon, coord};
use h3o::{CellIndex, LatLng, Resolution};

use crate::crs::{Bng, LonLat, bng_to_lonlat, lonlat_to_bng};
use crate::geometry::Shape;
use crate::quantity::Metres;

use super::cover::{Candidate, covering, units};
use super::{
    Locator, MOST_CELLS, PolygonIndex, UnitIdx, UnitKind, UnitSource, Units, UnitsError,
    english as say,
};

/// Which of a list of H3 cells holds a position.
#[derive(Debug)]
pub struct H3Index {
    resolution: Resolution,
    of: HashMap<CellIndex, UnitIdx>,
    /// For positions whose own cell is not in the list, such as on the edge of the study area.
    shapes: PolygonIndex,
}

impl H3Index {
    pub(super) fn locate(&self, position: Bng) -> Option<UnitIdx> {
        let own = cell_at(position, self.resolution).and_then(|cell| self.of.get(&cell).copied());
        own.or_else(|| self.shapes.locate(position))
    }

    pub(super) fn nearest(&self, position: Bng, reach: Metres) -> Option<(UnitIdx, Metres)> {
        self.shapes.nearest(position, reach)
    }
}

fn cell_at(position: Bng, resolution: Resolution) -> Option<CellIndex> {
    let place = bng_to_lonlat(position).ok()?;
    LatLng::new(place.lat(), place.lon()).ok().map(|at| at.to_cell(resolution))
}

/// Side of a square as large as a cell of this resolution is on average over the globe.
fn side(resolution: Resolution) -> f64 {
    (resolution.area_km2() * 1e6).sqrt()
}

/// The resolution whose cells are nearest in size to squares of this side.
fn nearest_resolution(cell_size: Metres) -> Resolution {
    let off = |resolution: Resolution| (side(resolution) / cell_size.get()).ln().abs();
    Resolution::range(Resolution::Zero, Resolution::Fifteen)
        .min_by(|a, b| off(*a).total_cmp(&off(*b)))
        .unwrap_or(Resolution::Nine)
}

/// The cell size that stands for a resolution of H3, as in `h3:r9`; `None` past 15.
pub fn h3_size(resolution: u8) -> Option<Metres> {
    Resolution::try_from(resolution).ok().map(|resolution| Metres::new(side(resolution)))
}

/// Cells of H3 whose size is nearest to the one asked for.
pub(super) struct H3;

impl UnitKind for H3 {
    fn id(&self) -> &'static str {
        "h3"
    }

    fn label(&self) -> &'static str {
        say::H3_CELLS
    }

    fn build(&self, source: &UnitSource<'_>) -> Result<Units, UnitsError> {
        let cell_size = source.cell_size;
        if !(cell_size.get().is_finite() && cell_size.get() > 0.0) {
            return Err(UnitsError::CellSize(cell_size));
        }
        let resolution = nearest_resolution(cell_size);
        let candidates = around(source.study_area, resolution, cell_size)?
            .into_iter()
            .filter_map(|cell| Some(Candidate { code: cell.to_string(), shape: outline(cell)? }))
            .collect();
        let cells = covering(source.study_area, candidates);
        Ok(units(self.id(), cells, |ids, shapes| {
            let of = ids.iter().enumerate().filter_map(|(i, id)| {
                id.parse::<CellIndex>().ok().map(|cell| (cell, UnitIdx::new(i)))
            });
            let of = of.collect();
            Locator::H3(H3Index { resolution, of, shapes: PolygonIndex::new(shapes) })
        }))
    }
}

/// Every cell of the box round the study area, and some beyond. A cell holds a circle of .7 of its
/// edge, so that none is missed by positions half an edge apart.
fn around(
    study_area: &Shape,
    resolution: Resolution,
    cell_size: Metres,
) -> Result<BTreeSet<CellIndex>, UnitsError> {
    let Some(bounds) = study_area.bounds() else { return Ok(BTreeSet::new()) };
    let edge = resolution.edge_length_km() * 1000.0;
    let bounds = bounds.grown(2.0 * edge);
    let wanted = (bounds.width() / side(resolution)) * (bounds.height() / side(resolution));
    if wanted.is_nan() || wanted > MOST_CELLS as f64 {
        return Err(UnitsError::TooManyCells { cell_size, wanted, most: MOST_CELLS });
    }
    let step = edge / 2.0;
    let steps = |length: f64| (length / step).ceil() as usize;
    let mut cells = BTreeSet::new();
    for row in 0..=steps(bounds.height()) {
        for column in 0..=steps(bounds.width()) {
            let at = Bng::new(
                bounds.min.easting() + column as f64 * step,
                bounds.min.northing() + row as f64 * step,
            );
            cells.extend(cell_at(at, resolution));
        }
    }
    Ok(cells)
}

/// The cell with this index, as programs write it; none where it is none of the plane.
pub(super) fn with_id(id: &str) -> Option<Shape> {
    outline(id.parse().ok()?)
}

/// Outline of a cell; none where a corner cannot be put on the plane.
fn outline(cell: CellIndex) -> Option<Shape> {
    let corners = cell.boundary();
    let ring: Option<Vec<_>> = corners
        .iter()
        .map(|corner| {
            let at = lonlat_to_bng(LonLat::new(corner.lng(), corner.lat())?).ok()?;
            Some(coord! { x: at.easting(), y: at.northing() })
        })
        .collect();
    Some(Shape::new(MultiPolygon::new(vec![Polygon::new(LineString::new(ring?), Vec::new())])))
}

#[cfg(test)]
mod tests {
    use geo::Rect;

    use super::*;

    fn stockton() -> (Shape, Units) {
        let low = coord! { x: 444_000.0, y: 520_000.0 };
        let high = coord! { x: 448_000.0, y: 523_000.0 };
        let area = Shape::new(MultiPolygon::new(vec![Rect::new(low, high).to_polygon()]));
        let source = UnitSource { layers: &[], study_area: &area, cell_size: Metres::new(250.0) };
        let units = H3.build(&source).unwrap();
        (area, units)
    }

    /// The mean areas that h3geo.org states: 0.105 km² at resolution 9, 0.737 at 8.
    #[test]
    fn a_size_in_metres_names_the_nearest_resolution() {
        for (metres, resolution) in [(250.0, 9), (324.0, 9), (900.0, 8), (120.0, 10)] {
            assert_eq!(u8::from(nearest_resolution(Metres::new(metres))), resolution);
        }
        let nine = h3_size(9).unwrap();
        assert!((nine.get() - 0.105_332_513_f64.sqrt() * 1000.0).abs() < 1.0, "{nine}");
        assert_eq!(h3_size(16), None);
    }

    /// The example of h3geo.org's quick start: 37.3615593, -122.0553238 at resolution 7.
    #[test]
    fn a_position_is_in_the_cell_that_the_reference_library_gives() {
        let at = LatLng::new(37.361_559_3, -122.055_323_8).unwrap();

        assert_eq!(at.to_cell(Resolution::Seven).to_string(), "87283472bffffff");
    }

    #[test]
    fn cells_fill_the_study_area_once_and_know_their_positions() {
        let (area, units) = stockton();

        let inside: f64 = units.areas.iter().map(|area| area.get()).sum();
        assert!((inside / area.area().get() - 1.0).abs() < 1e-6, "{inside}");
        assert!(units.ids.is_sorted());
        for (id, shape) in units.ids.iter().zip(&units.shapes) {
            let middle = shape.label_point().unwrap();
            let found = units.locate(middle).unwrap();
            assert_eq!(&units.ids[found.index()], id);
        }
    }
}
