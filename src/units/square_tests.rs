use geo::{LineString, Polygon};
use proptest::prelude::*;

use super::*;

fn area(corners: &[(f64, f64)]) -> Shape {
    Shape::new(MultiPolygon::new(vec![Polygon::new(LineString::from(corners.to_vec()), vec![])]))
}

fn units(study_area: &Shape, side: f64) -> Units {
    let source = UnitSource { layers: &[], study_area, cell_size: Metres::new(side) };
    Square.build(&source).unwrap()
}

#[test]
fn a_cell_is_named_by_its_size_and_south_west_corner() {
    let study = area(&[(444_600.0, 520_300.0), (444_700.0, 520_300.0), (444_700.0, 520_400.0)]);

    let units = units(&study, 250.0);

    assert_eq!(units.ids, ["250mN520250E444500"]);
    assert_eq!(units.names, units.ids);
    assert_eq!(units.shapes[0].area(), SquareMetres::new(62_500.0));
    assert!((units.areas[0].get() - 5_000.0).abs() < 1e-6);
}

#[test]
fn cells_that_only_share_an_edge_with_the_study_area_are_left_out() {
    let study = area(&[(0.0, 0.0), (500.0, 0.0), (500.0, 250.0), (0.0, 250.0)]);

    let units = units(&study, 250.0);

    assert_eq!(units.ids, ["250mN000000E000000", "250mN000000E000250"]);
}

#[test]
fn a_position_on_an_edge_belongs_to_the_north_east() {
    let study = area(&[(0.0, 0.0), (30.0, 0.0), (30.0, 30.0), (0.0, 30.0)]);
    let units = units(&study, 10.0);
    let code = |x, y| units.locate(Bng::new(x, y)).map(|u| units.ids[u.index()].as_str());

    assert_eq!(code(10.0, 10.0), Some("10mN000010E000010"));
    assert_eq!(code(9.999_999, 10.0), Some("10mN000010E000000"));
    assert_eq!(code(0.0, 0.0), Some("10mN000000E000000"));
    assert_eq!(code(-0.001, 5.0), None);
    assert_eq!(code(f64::NAN, 5.0), None);
}

#[test]
fn the_outer_edge_still_belongs_to_a_cell() {
    let study = area(&[(0.0, 0.0), (30.0, 0.0), (30.0, 30.0), (0.0, 30.0)]);
    let units = units(&study, 10.0);
    let code = |x, y| units.locate(Bng::new(x, y)).map(|u| units.ids[u.index()].as_str());

    assert_eq!(code(30.0, 15.0), Some("10mN000010E000020"));
    assert_eq!(code(15.0, 30.0), Some("10mN000020E000010"));
    assert_eq!(code(30.0, 30.0), Some("10mN000020E000020"));
    assert_eq!(code(30.001, 15.0), None);
}

#[test]
fn codes_are_sorted_and_found_again_at_their_centres() {
    let study = area(&[(95_000.0, 98_000.0), (104_000.0, 99_000.0), (101_000.0, 106_000.0)]);
    let units = units(&study, 250.0);
    let grid = units.locator.grid().unwrap();

    assert!(units.ids.is_sorted());
    for cell in (0..units.len()).map(UnitIdx::new) {
        let (column, row) = grid.column_row(cell);
        assert_eq!(grid.at(column, row), Some(cell));
        assert_eq!(units.locate(grid.centre(cell)), Some(cell));
    }
}

#[test]
fn a_cell_size_that_is_none_or_far_too_small_is_refused() {
    let study = area(&[(0.0, 0.0), (20_000.0, 0.0), (20_000.0, 20_000.0), (0.0, 20_000.0)]);

    for side in [0.0, -5.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(Grid::over(&study, Metres::new(side)), Err(UnitsError::CellSize(_))));
    }
    assert_eq!(
        Grid::over(&study, Metres::new(1.0)).unwrap_err(),
        UnitsError::TooManyCells { cell_size: Metres::new(1.0), wanted: 4e8, most: MOST_CELLS }
    );
}

#[test]
fn an_empty_study_area_has_no_cells() {
    let (grid, areas) =
        Grid::over(&Shape::new(MultiPolygon::new(vec![])), Metres::new(250.0)).unwrap();

    assert!(grid.is_empty() && areas.is_empty());
    assert_eq!(grid.locate(Bng::new(0.0, 0.0)), None);
}

proptest! {
    /// Areas add up to the study area, and every position inside is in exactly one cell, the one
    /// whose square holds it.
    #[test]
    fn cells_tile_the_study_area(
        radii in prop::collection::vec(100.0_f64..900.0, 3..12),
        side in prop::sample::select(vec![37.5, 50.0, 100.0, 250.0]),
        at in prop::collection::vec((-900.0_f64..900.0, -900.0_f64..900.0), 20),
    ) {
        let n = radii.len() as f64;
        let corners: Vec<_> = radii.iter().enumerate().map(|(i, r)| {
            let angle = std::f64::consts::TAU * i as f64 / n;
            (444_444.0 + r * angle.cos(), 520_520.0 + r * angle.sin())
        }).collect();
        let study = area(&corners);

        let (grid, areas) = Grid::over(&study, Metres::new(side)).unwrap();

        let total: f64 = areas.iter().map(|a| a.get()).sum();
        prop_assert!((total - study.area().get()).abs() < 1e-3);
        for (dx, dy) in at {
            let position = Bng::new(444_444.0 + dx, 520_520.0 + dy);
            let holds: Vec<_> = (0..grid.len()).map(UnitIdx::new).filter(|&cell| {
                let corner = grid.corner(cell);
                (0.0..side).contains(&(position.easting() - corner.easting()))
                    && (0.0..side).contains(&(position.northing() - corner.northing()))
            }).collect();
            prop_assert_eq!(grid.locate(position), holds.first().copied());
            prop_assert!(holds.len() <= 1);
            if study.covers(position) {
                prop_assert_eq!(holds.len(), 1);
            }
        }
    }
}
