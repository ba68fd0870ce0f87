//! Contiguity: units that touch, over a corner too (queen) or over an edge only (rook).

use rayon::prelude::*;

use crate::geometry::Shape;
use crate::units::{Grid, UnitIdx};

use super::Neighbours;

/// What counts as touching.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contiguity {
    /// A corner or an edge in common.
    Queen,
    /// An edge in common.
    Rook,
}

/// Cells that touch, by their columns and rows alone.
///
/// # Shapes and units
///
/// - returns: `[n_cells]`, in the order of the grid; symmetric. A cell with no cell beside it is an
///   island.
pub fn cell_contiguity(grid: &Grid, rule: Contiguity) -> Neighbours {
    const EDGES: [(i64, i64); 4] = [(0, -1), (-1, 0), (1, 0), (0, 1)];
    const ALL: [(i64, i64); 8] =
        [(-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1)];
    let steps: &[(i64, i64)] = match rule {
        Contiguity::Queen => &ALL,
        Contiguity::Rook => &EDGES,
    };
    let fill = |cell: usize, row: &mut Vec<u32>| {
        let (column, row_number) = grid.column_row(UnitIdx::new(cell));
        // South to north and west to east, which is the order of cells.
        row.extend(steps.iter().filter_map(|(east, north)| {
            let column = usize::try_from(column as i64 + east).ok()?;
            let row = usize::try_from(row_number as i64 + north).ok()?;
            grid.at(column, row).map(|near| near.index() as u32)
        }));
    };
    Neighbours::by_row(grid.len(), None, fill).expect("at most eight for each of the most cells")
}

/// Areas whose outlines have a corner (queen) or a stretch between two corners (rook) in common.
///
/// Corners are the same if they agree to the millimetre, as they do in boundaries that were made
/// together; a corner that lies in the middle of another area's straight edge is not seen.
///
/// # Shapes and units
///
/// - returns: `[n_shapes]`, in the same order; symmetric. Areas that touch none are islands.
pub fn area_contiguity(shapes: &[Shape], rule: Contiguity) -> Neighbours {
    let mut owners: Vec<(Stretch, u32)> = shapes
        .par_iter()
        .enumerate()
        .flat_map_iter(|(unit, shape)| stretches(shape, rule).map(move |key| (key, unit as u32)))
        .collect();
    owners.par_sort_unstable();
    owners.dedup();
    let mut links: Vec<(u32, u32)> = Vec::new();
    for sharing in owners.chunk_by(|a, b| a.0 == b.0) {
        for (i, &(_, a)) in sharing.iter().enumerate() {
            for &(_, b) in &sharing[i + 1..] {
                links.extend([(a, b), (b, a)]);
            }
        }
    }
    links.par_sort_unstable();
    links.dedup();
    Neighbours::from_links(shapes.len(), &links)
}

/// Two corners, in mm: the ends of a stretch, or one corner twice.
type Stretch = ((i64, i64), (i64, i64));

/// What an area may have in common with others.
fn stretches(shape: &Shape, rule: Contiguity) -> impl Iterator<Item = Stretch> + '_ {
    let corner = |c: geo::Coord| ((c.x * 1e3).round() as i64, (c.y * 1e3).round() as i64);
    let rings = shape
        .polygons()
        .iter()
        .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
    rings.flat_map(geo::LineString::lines).filter_map(move |line| {
        let (a, b) = (corner(line.start), corner(line.end));
        match rule {
            Contiguity::Queen => Some((a, a)),
            Contiguity::Rook if a == b => None,
            Contiguity::Rook => Some((a.min(b), a.max(b))),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crs::Bng;
    use crate::quantity::Metres;
    use crate::units::{UnitSource, unit_kind};

    fn grid(n_columns: usize, n_rows: usize) -> Grid {
        Grid::rectangle(Metres::new(250.0), (1778, 2081), (n_columns, n_rows)).unwrap()
    }

    #[test]
    fn the_middle_of_nine_touches_eight_or_four() {
        let grid = grid(3, 3);

        assert_eq!(cell_contiguity(&grid, Contiguity::Queen).of(4), [0, 1, 2, 3, 5, 6, 7, 8]);
        assert_eq!(cell_contiguity(&grid, Contiguity::Rook).of(4), [1, 3, 5, 7]);
        assert_eq!(cell_contiguity(&grid, Contiguity::Queen).of(0), [1, 3, 4]);
    }

    /// Hexagons meet their six neighbours over edges alone, whichever rule is asked.
    #[test]
    fn an_inner_hexagon_has_six_neighbours_by_either_rule() {
        let low = geo::coord! { x: 444_000.0, y: 520_000.0 };
        let high = geo::coord! { x: 448_000.0, y: 523_000.0 };
        let study_area = Shape::new(geo::Rect::new(low, high).to_polygon().into());
        for kind in ["hexagon", "h3"] {
            let cell_size = Metres::new(250.0);
            let source = UnitSource { layers: &[], study_area: &study_area, cell_size };
            let units = unit_kind(kind).unwrap().build(&source).unwrap();
            let middle = units.locate(Bng::new(446_000.0, 521_500.0)).unwrap().index();
            for rule in [Contiguity::Queen, Contiguity::Rook] {
                assert_eq!(area_contiguity(&units.shapes, rule).of(middle).len(), 6, "{kind}");
            }
        }
    }

    #[test]
    fn squares_as_polygons_have_the_same_neighbours_as_cells() {
        let grid = grid(5, 4);
        let shapes: Vec<_> = (0..20).map(|i| grid.square(UnitIdx::new(i))).collect();

        for rule in [Contiguity::Queen, Contiguity::Rook] {
            assert_eq!(area_contiguity(&shapes, rule), cell_contiguity(&grid, rule));
        }
    }

    #[test]
    fn a_lone_area_is_an_island() {
        let shapes = [grid(1, 1).square(UnitIdx::new(0))];

        assert_eq!(area_contiguity(&shapes, Contiguity::Queen).islands().collect::<Vec<_>>(), [0]);
        assert_eq!(area_contiguity(&[], Contiguity::Queen).n_units(), 0);
    }
}
