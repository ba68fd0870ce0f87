//! Hexagonal cells of one size, laid from the origin of the National Grid.
//!
//! A hexagon's neighbours all share an edge and lie equally far, which squares' do not: after Birch,
//! Oom and Beecham (2007), *Ecological Modelling* 206(3-4), 347-359,
//! <https://doi.org/10.1016/j.ecolmodel.2007.03.041>.

use geo::{LineString, MultiPolygon, Polygon, coord};

use crate::geometry::Shape;

use super::cover::{Candidate, covering, units};
use super::{Locator, MOST_CELLS, UnitKind, UnitSource, Units, UnitsError, english as say};

/// Hexagons as wide from side to side as a cell is large, a corner to the north.
pub(super) struct Hexagon;

/// Corners of a hexagon from its middle, in halves of its width and quarters of its height.
const CORNERS: [(i64, i64); 6] = [(0, 2), (1, 1), (1, -1), (0, -2), (-1, -1), (-1, 1)];

/// The hexagon of this column and row. Corners are whole multiples of the same two lengths, so that
/// neighbours have them in common to the last digit.
fn hexagon(width: f64, column: i64, row: i64) -> Candidate {
    let (half, quarter) = (width / 2.0, width / 3f64.sqrt() / 2.0);
    let (x, y) = (2 * column + row.rem_euclid(2), 3 * row);
    let at = |dx: i64, dy: i64| coord! { x: (x + dx) as f64 * half, y: (y + dy) as f64 * quarter };
    let ring = LineString::new(CORNERS.iter().map(|&(dx, dy)| at(dx, dy)).collect());
    let middle = at(0, 0);
    Candidate {
        code: format!("{width}mhexN{:06.0}E{:06.0}", middle.y, middle.x),
        shape: Shape::new(MultiPolygon::new(vec![Polygon::new(ring, Vec::new())])),
    }
}

/// The hexagon with this id: `250mhexN520250E444500` by its middle.
pub(super) fn with_id(id: &str) -> Option<Shape> {
    let (width, middle) = id.split_once("mhexN")?;
    let (north, east) = middle.split_once('E')?;
    let metres = |text: &str| text.parse::<f64>().ok().filter(|metres| metres.abs() < 1e8);
    let (width, north, east) = (metres(width)?, metres(north)?, metres(east)?);
    if !(1.0..=100_000.0).contains(&width) {
        return None;
    }
    let row = (north / (width * 3f64.sqrt() / 2.0)).round() as i64;
    let column = ((2.0 * east / width - row.rem_euclid(2) as f64) / 2.0).round() as i64;
    let found = hexagon(width, column, row);
    (found.code == id).then_some(found.shape)
}

impl UnitKind for Hexagon {
    fn id(&self) -> &'static str {
        "hexagon"
    }

    fn label(&self) -> &'static str {
        say::HEXAGONS
    }

    fn build(&self, source: &UnitSource<'_>) -> Result<Units, UnitsError> {
        let width = source.cell_size.get();
        if !(width.is_finite() && width > 0.0) {
            return Err(UnitsError::CellSize(source.cell_size));
        }
        let mut candidates = Vec::new();
        if let Some(bounds) = source.study_area.bounds() {
            let step = width * 3f64.sqrt() / 2.0;
            let whole = |metres: f64, of: f64| (metres / of).floor();
            let columns = [bounds.min.easting(), bounds.max.easting()].map(|x| whole(x, width));
            let rows = [bounds.min.northing(), bounds.max.northing()].map(|y| whole(y, step));
            let wanted = (columns[1] - columns[0] + 3.0) * (rows[1] - rows[0] + 3.0);
            if wanted.is_nan() || wanted > MOST_CELLS as f64 {
                let cell_size = source.cell_size;
                return Err(UnitsError::TooManyCells { cell_size, wanted, most: MOST_CELLS });
            }
            for row in rows[0] as i64 - 1..=rows[1] as i64 + 1 {
                let columns = columns[0] as i64 - 1..=columns[1] as i64 + 1;
                candidates.extend(columns.map(|column| hexagon(width, column, row)));
            }
        }
        let cells = covering(source.study_area, candidates);
        Ok(units(self.id(), cells, |_, shapes| Locator::polygons(shapes)))
    }
}

#[cfg(test)]
mod tests {
    use geo::Rect;

    use super::*;
    use crate::quantity::Metres;

    fn over(width: f64) -> (Shape, Units) {
        let low = coord! { x: 444_000.0, y: 520_000.0 };
        let high = coord! { x: 448_000.0, y: 523_000.0 };
        let area = Shape::new(MultiPolygon::new(vec![Rect::new(low, high).to_polygon()]));
        let source = UnitSource { layers: &[], study_area: &area, cell_size: Metres::new(width) };
        let units = Hexagon.build(&source).unwrap();
        (area, units)
    }

    #[test]
    fn hexagons_fill_the_study_area_once() {
        let (area, units) = over(250.0);

        let inside: f64 = units.areas.iter().map(|area| area.get()).sum();
        assert!((inside / area.area().get() - 1.0).abs() < 1e-9, "{inside}");
        // A hexagon of width w has an area of w² √3 / 2.
        let whole = 250.0 * 250.0 * 3f64.sqrt() / 2.0;
        assert!(units.shapes.iter().all(|shape| (shape.area().get() / whole - 1.0).abs() < 1e-9));
        assert!(units.ids.is_sorted());
    }

    #[test]
    fn a_hexagon_is_found_again_by_its_id() {
        let (_, units) = over(250.0);

        for (id, shape) in units.ids.iter().zip(&units.shapes) {
            let found = with_id(id).unwrap();
            assert!((found.intersection(shape).area().get() - shape.area().get()).abs() < 0.5);
        }
        for wrong in ["", "250mhexN1E1", "0mhexN0E0", "NaNmhexN0E0", "250mN520250E444500"] {
            assert!(with_id(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_width_of_nothing_and_too_many_cells_are_refused() {
        let area = Shape::default();
        let source =
            |metres| UnitSource { layers: &[], study_area: &area, cell_size: Metres::new(metres) };

        assert!(Hexagon.build(&source(0.0)).is_err());
        assert!(Hexagon.build(&source(f64::NAN)).is_err());
        assert!(Hexagon.build(&source(100.0)).unwrap().is_empty());
    }
}
