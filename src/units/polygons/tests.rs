use geo::{LineString, MultiPolygon, Polygon};
use proptest::prelude::*;

use super::*;

fn ring(corners: &[(f64, f64)]) -> LineString<f64> {
    LineString::from(corners.to_vec())
}

fn square(x: f64, y: f64, side: f64) -> LineString<f64> {
    ring(&[(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)])
}

fn shape(polygons: Vec<Polygon<f64>>) -> Shape {
    Shape::new(MultiPolygon::new(polygons))
}

#[expect(clippy::unnecessary_wraps, reason = "a position is in a unit or in none")]
fn unit(index: usize) -> Option<UnitIdx> {
    Some(UnitIdx::new(index))
}

/// What the index must say: the first shape that `geo` finds the position in or on.
fn by_search(shapes: &[Shape], position: Bng) -> Option<UnitIdx> {
    shapes.iter().position(|shape| shape.covers(position)).map(UnitIdx::new)
}

/// Corners, middles of edges, and positions around them, all of which are awkward on purpose.
fn awkward(shapes: &[Shape]) -> Vec<Bng> {
    let mut at = Vec::new();
    for polygon in shapes.iter().flat_map(|shape| shape.polygons().iter()) {
        for line in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            for edge in line.lines() {
                let middle = (edge.start + edge.end) / 2.0;
                for (dx, dy) in [(0.0, 0.0), (1e-9, 0.0), (0.0, -1e-9), (3.0, 0.0), (0.0, 3.0)] {
                    at.push(Bng::new(edge.start.x + dx, edge.start.y + dy));
                    at.push(Bng::new(middle.x + dx, middle.y + dy));
                }
            }
        }
    }
    at
}

fn agree(shapes: &[Shape], positions: &[Bng]) -> Result<(), TestCaseError> {
    let index = PolygonIndex::new(shapes);
    let mut together = vec![None; positions.len()];
    index.locate_into(positions, &mut together);
    for (&position, together) in positions.iter().zip(together) {
        prop_assert_eq!(index.locate(position), by_search(shapes, position), "{:?}", position);
        prop_assert_eq!(index.locate(position), together);
    }
    Ok(())
}

#[test]
fn a_position_on_a_shared_edge_belongs_to_the_first_unit() {
    let shapes = [
        shape(vec![Polygon::new(square(0.0, 0.0, 10.0), vec![])]),
        shape(vec![Polygon::new(square(10.0, 0.0, 10.0), vec![])]),
    ];
    let index = PolygonIndex::new(&shapes);

    assert_eq!(index.locate(Bng::new(10.0, 5.0)), unit(0));
    assert_eq!(index.locate(Bng::new(10.000_001, 5.0)), unit(1));
    assert_eq!(index.locate(Bng::new(20.0, 10.0)), unit(1));
    assert_eq!(index.locate(Bng::new(20.1, 10.0)), None);
}

#[test]
fn no_shapes_and_no_numbers_are_nowhere() {
    let empty = PolygonIndex::new(&[]);
    let hollow = PolygonIndex::new(&[shape(vec![])]);
    let one = PolygonIndex::new(&[shape(vec![Polygon::new(square(0.0, 0.0, 10.0), vec![])])]);

    assert_eq!(empty.locate(Bng::new(0.0, 0.0)), None);
    assert_eq!(hollow.locate(Bng::new(0.0, 0.0)), None);
    assert_eq!(one.locate(Bng::new(f64::NAN, 1.0)), None);
    assert_eq!(one.locate(Bng::new(f64::INFINITY, 1.0)), None);
}

#[test]
fn holes_islands_and_nested_units_agree_with_geo() {
    // A lake with an island in it, a unit inside the lake, a unit under all of them.
    let lake = Polygon::new(square(0.0, 0.0, 90.0), vec![square(20.0, 20.0, 50.0)]);
    let island = Polygon::new(square(30.0, 30.0, 10.0), vec![]);
    let shapes = [
        shape(vec![lake, island]),
        shape(vec![Polygon::new(square(50.0, 50.0, 15.0), vec![])]),
        shape(vec![Polygon::new(square(-20.0, -20.0, 300.0), vec![])]),
        shape(vec![Polygon::new(square(100.0, 100.0, 2.0), vec![])]),
    ];
    let mut positions = awkward(&shapes);
    positions.extend((0..90).flat_map(|x| {
        (0..90).map(move |y| Bng::new(f64::from(x) * 3.7 - 25.0, f64::from(y) * 3.7 - 25.0))
    }));

    agree(&shapes, &positions).unwrap();
}

#[test]
fn a_flat_polygon_is_only_its_edge() {
    let flat = [shape(vec![Polygon::new(ring(&[(0.0, 5.0), (40.0, 5.0), (0.0, 5.0)]), vec![])])];

    let index = PolygonIndex::new(&flat);

    assert_eq!(index.locate(Bng::new(20.0, 5.0)), unit(0));
    assert_eq!(index.locate(Bng::new(20.0, 5.1)), None);
}

#[test]
fn the_nearest_unit_is_found_within_reach_only() {
    let shapes = [
        shape(vec![Polygon::new(square(0.0, 0.0, 10.0), vec![])]),
        shape(vec![Polygon::new(square(30.0, 0.0, 10.0), vec![])]),
    ];
    let index = PolygonIndex::new(&shapes);
    let nearest = |x: f64, reach: f64| index.nearest(Bng::new(x, 5.0), Metres::new(reach));

    assert_eq!(nearest(12.0, 5.0), Some((UnitIdx::new(0), Metres::new(2.0))));
    assert_eq!(nearest(27.0, 3.0), Some((UnitIdx::new(1), Metres::new(3.0))));
    assert_eq!(nearest(20.0, 50.0), Some((UnitIdx::new(0), Metres::new(10.0))));
    assert_eq!(nearest(20.0, 9.0), None);
    assert_eq!(nearest(35.0, 9.0), Some((UnitIdx::new(1), Metres::new(0.0))));
}

/// Thousands of small units, so that a cell of the raster holds several and runs meet.
#[test]
fn many_small_units_agree_with_geo() {
    let n = 40_u32;
    let corner = |i: u32, j: u32| {
        let mix = i.wrapping_mul(2_654_435_761).wrapping_add(j.wrapping_mul(2_246_822_519));
        let jog = |bits: u32| f64::from(bits % 64) / 10.0;
        (f64::from(i) * 10.0 + jog(mix >> 8), f64::from(j) * 10.0 + jog(mix >> 20))
    };
    // Every edge of fifty steps, so that there are far more edges than the raster has cells to spare.
    let edge = |a: (f64, f64), b: (f64, f64)| {
        (0..50_u8).map(move |k| {
            let t = f64::from(k) / 50.0;
            (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t)
        })
    };
    let unit = |i: u32, j: u32| {
        let (a, b) = (corner(i, j), corner(i + 1, j));
        let (c, d) = (corner(i + 1, j + 1), corner(i, j + 1));
        let line: Vec<_> =
            edge(a, b).chain(edge(b, c)).chain(edge(c, d)).chain(edge(d, a)).collect();
        shape(vec![Polygon::new(ring(&line), vec![])])
    };
    let shapes: Vec<_> = (0..n * n).map(|k| unit(k % n, k / n)).collect();
    let mut positions: Vec<Bng> = awkward(&shapes[..4]);
    positions.extend((0..1_500_u32).map(|k| {
        Bng::new(f64::from(k * 7919 % 4211) / 10.0 - 5.0, f64::from(k * 104_729 % 4177) / 10.0)
    }));

    agree(&shapes, &positions).unwrap();
}

/// A star-shaped polygon round (x, y), its corners on whole metres so that edges meet exactly.
fn star(x: f64, y: f64, radii: &[f64], hole: bool) -> Polygon<f64> {
    let n = radii.len() as f64;
    let corners = |scale: f64| {
        let corner = |(i, r): (usize, &f64)| {
            let angle = std::f64::consts::TAU * i as f64 / n;
            ((x + scale * r * angle.cos()).round(), (y + scale * r * angle.sin()).round())
        };
        ring(&radii.iter().enumerate().map(corner).collect::<Vec<_>>())
    };
    Polygon::new(corners(1.0), if hole { vec![corners(0.4)] } else { vec![] })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Overlapping stars with holes, several to a unit, far from the origin as on the real grid.
    #[test]
    fn any_polygons_agree_with_geo(
        stars in prop::collection::vec(
            (0.0_f64..1000.0, 0.0_f64..1000.0, prop::collection::vec(30.0_f64..300.0, 3..40), any::<bool>()),
            1..12,
        ),
        per_unit in 1_usize..3,
        at in prop::collection::vec((-100.0_f64..1100.0, -100.0_f64..1100.0), 200),
    ) {
        let polygons: Vec<_> = stars
            .iter()
            .map(|(x, y, radii, hole)| star(x + 444_000.0, y + 520_000.0, radii, *hole))
            .collect();
        let shapes: Vec<_> = polygons.chunks(per_unit).map(|p| shape(p.to_vec())).collect();
        let mut positions = awkward(&shapes);
        positions.extend(at.iter().map(|(x, y)| Bng::new(x + 444_000.0, y + 520_000.0)));
        positions.extend(at.iter().map(|(x, y)| Bng::new(x.round() + 444_000.0, y.round() + 520_000.0)));

        agree(&shapes, &positions)?;
    }

    /// A tessellation: corners moved about, so every edge is shared and every position is in one.
    #[test]
    fn a_tessellation_leaves_no_gap(
        moves in prop::collection::vec((-4.0_f64..4.0, -4.0_f64..4.0), 49),
        at in prop::collection::vec((10.0_f64..50.0, 10.0_f64..50.0), 200),
    ) {
        let corner = |i: usize, j: usize| {
            let (dx, dy) = moves[j * 7 + i];
            (i as f64 * 10.0 + dx, j as f64 * 10.0 + dy)
        };
        let shapes: Vec<_> = (0..36).map(|k| {
            let (i, j) = (k % 6, k / 6);
            let line = ring(&[corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)]);
            shape(vec![Polygon::new(line, vec![])])
        }).collect();
        let index = PolygonIndex::new(&shapes);
        let mut positions = awkward(&shapes);
        positions.extend(at.iter().map(|&(x, y)| Bng::new(x, y)));

        agree(&shapes, &positions)?;
        for (x, y) in at {
            prop_assert!(index.locate(Bng::new(x, y)).is_some());
        }
    }
}
