//! A small map for tests of statistics: cells, counts, populations, a family; and a line of units.

use geo::{MultiPolygon, Rect, coord};

use crate::aggregate::{Counts, count_by_unit};
use crate::crs::Bng;
use crate::geometry::Shape;
use crate::quantity::{Metres, Population};
use crate::time::Window;
use crate::units::{UnitIdx, UnitSource, Units, unit_kind};
use crate::weights::Neighbours;

use super::StatInput;

pub(super) struct Case {
    pub units: Units,
    pub counts: Counts,
    pub earlier: Counts,
    pub points: Vec<Bng>,
    pub study_area: Shape,
    pub bases: Vec<Option<Population>>,
    pub family: Vec<bool>,
}

/// Cells of 100 m, and how many incidents each has, at its centre.
pub(super) fn case(n_columns: usize, n_rows: usize, count: impl Fn(usize) -> usize) -> Case {
    let (east, north) = (n_columns as f64 * 100.0, n_rows as f64 * 100.0);
    let rect = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: east, y: north });
    let polygons = if n_columns * n_rows == 0 { vec![] } else { vec![rect.to_polygon()] };
    let study_area = Shape::new(MultiPolygon::new(polygons));
    let source = UnitSource { layers: &[], study_area: &study_area, cell_size: Metres::new(100.0) };
    let units = unit_kind("square").unwrap().build(&source).unwrap();
    let n = units.len();
    let grid = units.locator.grid().unwrap();
    let of: Vec<UnitIdx> =
        (0..n).flat_map(|i| std::iter::repeat_n(UnitIdx::new(i), count(i))).collect();
    let points = of.iter().map(|&unit| grid.centre(unit)).collect();
    let located: Vec<_> = of.iter().copied().map(Some).collect();
    let counts = count_by_unit(&located, &vec![0; of.len()], n, 12).unwrap();
    let earlier = Counts::new(n, 12);
    let bases = (0..n).map(|i| Population::new((i % 4) as f64 * 10.0)).collect();
    let family = (0..n).map(|i| i % 5 != 4).collect();
    Case { units, counts, earlier, points, study_area, bases, family }
}

impl Case {
    pub(super) fn input(&self) -> StatInput<'_> {
        let window: Window = "2025-01..2025-12".parse().unwrap();
        let mut input =
            StatInput::new(&self.units, &self.counts, window, &self.points, &self.study_area);
        input.earlier = Some(&self.earlier);
        input.bases = Some(&self.bases);
        input.family = Some(&self.family);
        input
    }
}

/// A line of units, each next to the one before and after.
pub(super) fn line(n: usize) -> Neighbours {
    let lists: Vec<Vec<usize>> =
        (0..n).map(|i| (0..n).filter(|&j| j + 1 == i || i + 1 == j).collect()).collect();
    Neighbours::from_lists(&lists).unwrap()
}
