//! Lines of equal density, as rings: how drawn maps show the classes that tiles show as pixels.

use crate::crs::Bng;
use crate::stats::Surface;

/// Not the end of any segment.
const NONE: u32 = u32::MAX;

/// Rings round everything that reaches `level`, which is above zero.
///
/// Marching squares between cell centres, cut where the surface, linear along the line between two
/// centres, reaches the level; a saddle is decided by its middle, as bilinear interpolation would.
/// Beyond the raster lies zero, so every ring is closed; its first position is not repeated. What
/// reaches the level lies to the left. Rings come in the order of their southernmost rows.
pub fn contours(surface: &Surface, level: f64) -> Vec<Vec<Bng>> {
    let grid = Grid { surface, level };
    let (columns, rows) = grid.size();
    let mut next = vec![NONE; 2 * columns * rows];
    for row in 0..rows - 1 {
        for column in 0..columns - 1 {
            for &(from, to) in grid.segments(column, row) {
                let edge = |side: Side| side.edge(column, row, columns);
                next[edge(from) as usize] = edge(to);
            }
        }
    }
    let mut rings = Vec::new();
    for start in 0..next.len() {
        let mut ring = Vec::new();
        let mut edge = start;
        while next[edge] != NONE {
            ring.push(grid.crossing(edge, columns));
            edge = std::mem::replace(&mut next[edge], NONE) as usize;
        }
        if !ring.is_empty() {
            rings.push(ring);
        }
    }
    rings
}

/// Side of a square between four centres.
#[derive(Debug, Clone, Copy)]
enum Side {
    South,
    East,
    North,
    West,
}

impl Side {
    /// Number of the side among all of the grid: twice its south-west node, odd where it runs
    /// north.
    fn edge(self, column: usize, row: usize, columns: usize) -> u32 {
        let (column, row, north) = match self {
            Self::South => (column, row, 0),
            Self::East => (column + 1, row, 1),
            Self::North => (column, row + 1, 0),
            Self::West => (column, row, 1),
        };
        u32::try_from(2 * (row * columns + column) + north).expect("a surface fits in memory")
    }
}

/// Cell centres with a border of zeros.
struct Grid<'a> {
    surface: &'a Surface,
    level: f64,
}

impl Grid<'_> {
    fn size(&self) -> (usize, usize) {
        (self.surface.n_columns + 2, self.surface.n_rows + 2)
    }

    fn value(&self, column: usize, row: usize) -> f64 {
        let (columns, rows) = (self.surface.n_columns, self.surface.n_rows);
        if column == 0 || row == 0 || column > columns || row > rows {
            0.0
        } else {
            self.surface.values[(row - 1) * columns + column - 1]
        }
    }

    /// Segments through the square whose south-west node this is, each from side to side.
    fn segments(&self, column: usize, row: usize) -> &'static [(Side, Side)] {
        use Side::{East, North, South, West};
        let corners = [
            self.value(column, row),
            self.value(column + 1, row),
            self.value(column + 1, row + 1),
            self.value(column, row + 1),
        ];
        let case = corners
            .iter()
            .enumerate()
            .fold(0, |case, (i, &value)| case | (u8::from(value >= self.level) << i));
        let joined = || corners.iter().sum::<f64>() / 4.0 >= self.level;
        match case {
            1 => &[(South, West)],
            2 => &[(East, South)],
            3 => &[(East, West)],
            4 => &[(North, East)],
            5 if joined() => &[(South, East), (North, West)],
            5 => &[(South, West), (North, East)],
            6 => &[(North, South)],
            7 => &[(North, West)],
            8 => &[(West, North)],
            9 => &[(South, North)],
            10 if joined() => &[(West, South), (East, North)],
            10 => &[(East, South), (West, North)],
            11 => &[(East, North)],
            12 => &[(West, East)],
            13 => &[(South, East)],
            14 => &[(West, South)],
            _ => &[],
        }
    }

    /// Where the level is reached on this edge.
    fn crossing(&self, edge: usize, columns: usize) -> Bng {
        let (node, north) = (edge / 2, edge % 2);
        let (column, row) = (node % columns, node / columns);
        let near = self.value(column, row);
        let far = self.value(column + 1 - north, row + north);
        let along = ((self.level - near) / (far - near)).clamp(0.0, 1.0);
        let side = self.surface.cell.get();
        // The border shifts nodes by one; centres lie half a cell in.
        let metres = |node: usize, share: f64| (node as f64 - 0.5 + share) * side;
        let (east, up) = if north == 0 { (along, 0.0) } else { (0.0, along) };
        Bng::new(
            self.surface.origin.easting() + metres(column, east),
            self.surface.origin.northing() + metres(row, up),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::Metres;

    fn surface(n_columns: usize, values: &[f64]) -> Surface {
        Surface {
            origin: Bng::new(0.0, 0.0),
            cell: Metres::new(10.0),
            n_columns,
            n_rows: values.len() / n_columns,
            values: values.to_vec(),
        }
    }

    /// Twice the signed area: positive where the inside lies to the left.
    fn area(ring: &[Bng]) -> f64 {
        (0..ring.len())
            .map(|i| {
                let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
                a.easting() * b.northing() - b.easting() * a.northing()
            })
            .sum::<f64>()
            / 2.0
    }

    #[test]
    fn a_single_peak_has_a_diamond_round_it() {
        let rings = contours(&surface(1, &[4.0]), 1.0);

        assert_eq!(rings.len(), 1);
        assert_eq!(rings[0].len(), 4);
        // Its centre is at (5, 5); a quarter of the height is reached 7.5 m away.
        assert!((area(&rings[0]) - 2.0 * 7.5 * 7.5).abs() < 1e-9, "{rings:?}");
    }

    #[test]
    fn a_hole_turns_the_other_way() {
        let rings = contours(&surface(3, &[9.0, 9.0, 9.0, 9.0, 0.0, 9.0, 9.0, 9.0, 9.0]), 3.0);

        let areas: Vec<f64> = rings.iter().map(|ring| area(ring)).collect();

        assert_eq!(rings.len(), 2);
        assert!(areas[0] > 0.0 && areas[1] < 0.0, "{areas:?}");
    }

    #[test]
    fn a_saddle_is_joined_where_its_middle_reaches_the_level() {
        let saddle = surface(2, &[8.0, 2.0, 2.0, 8.0]);

        assert_eq!(contours(&saddle, 4.0).len(), 1);
        assert_eq!(contours(&saddle, 6.0).len(), 2);
    }

    #[test]
    fn every_position_of_a_ring_has_the_level() {
        let values: Vec<f64> =
            (0..30 * 20).map(|i| 5.0 + 5.0 * f64::from(i * 7 % 31).sin()).collect();
        let surface = surface(30, &values);

        for level in [0.5, 3.0, 5.0, 9.0] {
            for position in contours(&surface, level).into_iter().flatten() {
                assert!((surface.at(position) - level).abs() < 1e-9, "{position:?}");
            }
        }
    }

    #[test]
    fn nothing_that_high_gives_no_ring() {
        assert!(contours(&surface(2, &[1.0; 4]), 2.0).is_empty());
    }
}
