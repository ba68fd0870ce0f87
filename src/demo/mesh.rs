//! A mesh of small uneven cells, from which areas and roads are made: whatever two areas share,
//! they share as the same mesh edges, so their outlines match point for point.

use std::collections::HashMap;

use super::plane::{Point, Ring, at, signed_area};
use super::random::hash01;

/// Half the square root of three, times two: width of a hexagon over its side.
const SQRT_3: f64 = 1.732_050_807_568_877_2;
/// Label of a cell that belongs to nothing.
pub(super) const NONE: u16 = u16::MAX;

/// Hexagons in rows, every corner moved a little.
#[derive(Clone)]
pub(super) struct Mesh {
    seed: u64,
    side: f64,
    columns: usize,
    rows: usize,
    /// Middle of each cell.
    pub centres: Vec<Point>,
    /// Two corners for each cell: its top and its bottom; the others belong to its neighbours.
    pub corners: Vec<Point>,
}

impl Mesh {
    /// Cells with sides of `side` metres over a square from `origin`.
    pub(super) fn new(seed: u64, origin: Point, extent: f64, side: f64) -> Self {
        let columns = (extent / (SQRT_3 * side)) as usize + 3;
        let rows = (extent / (1.5 * side)) as usize + 3;
        let mut centres = Vec::with_capacity(columns * rows);
        let mut corners = Vec::with_capacity(columns * rows * 2);
        for row in 0..rows {
            for column in 0..columns {
                let shift = if row % 2 == 1 { 0.5 } else { 0.0 };
                let x = origin.x + (column as f64 - 1.0 + shift) * SQRT_3 * side;
                let y = origin.y + (row as f64 - 1.0) * 1.5 * side;
                centres.push(at(x, y));
                for end in [1.0, -1.0] {
                    let id = corners.len() as i64;
                    let dx = (hash01(seed, id, 0) - 0.5) * 0.62 * side;
                    let dy = (hash01(seed, id, 1) - 0.5) * 0.62 * side;
                    corners.push(at(x + dx, y + end * side + dy));
                }
            }
        }
        Self { seed, side, columns, rows, centres, corners }
    }

    pub(super) fn len(&self) -> usize {
        self.centres.len()
    }

    /// Area of an undisturbed cell, in km².
    pub(super) fn cell_km2(&self) -> f64 {
        1.5 * SQRT_3 * self.side * self.side / 1e6
    }

    /// Distance between the middles of neighbours.
    pub(super) fn step(&self) -> f64 {
        SQRT_3 * self.side
    }

    /// Whether the cell is on the rim, where neighbours are missing.
    pub(super) fn is_rim(&self, cell: usize) -> bool {
        let (row, column) = (cell / self.columns, cell % self.columns);
        row == 0 || column == 0 || row + 1 == self.rows || column + 1 == self.columns
    }

    /// Neighbours of a cell that is not on the rim, anticlockwise from the upper left.
    pub(super) fn neighbours(&self, cell: usize) -> [usize; 6] {
        let odd = (cell / self.columns) % 2;
        let (above, below) = (cell + self.columns, cell - self.columns);
        [above - 1 + odd, cell - 1, below - 1 + odd, below + odd, cell + 1, above + odd]
    }

    /// Corners of a cell that is not on the rim, anticlockwise from the top; the edge from corner
    /// `k` to the next is shared with neighbour `k`.
    pub(super) fn corners_of(&self, cell: usize) -> [usize; 6] {
        let [upper_left, _, lower_left, lower_right, _, upper_right] = self.neighbours(cell);
        [
            2 * cell,
            2 * upper_left + 1,
            2 * lower_left,
            2 * cell + 1,
            2 * lower_right,
            2 * upper_right + 1,
        ]
    }

    /// Every edge between cells of different labels, once, as corners with the labels on its left
    /// and right; only cells off the rim may have a label.
    pub(super) fn borders(&self, labels: &[u16]) -> Vec<(usize, usize, u16, u16)> {
        let mut borders = Vec::new();
        for cell in (0..self.len()).filter(|&cell| labels[cell] != NONE) {
            let corners = self.corners_of(cell);
            for (k, other) in self.neighbours(cell).into_iter().enumerate() {
                let (mine, theirs) = (labels[cell], labels[other]);
                if mine != theirs && (theirs == NONE || cell < other) {
                    borders.push((corners[k], corners[(k + 1) % 6], mine, theirs));
                }
            }
        }
        borders
    }

    /// Moves corners on borders towards their neighbours along the border, `passes` times.
    pub(super) fn smooth(&mut self, borders: &[(usize, usize, u16, u16)], passes: usize) {
        let mut near: HashMap<usize, Vec<usize>> = HashMap::new();
        for &(a, b, ..) in borders {
            near.entry(a).or_default().push(b);
            near.entry(b).or_default().push(a);
        }
        let mut order: Vec<(usize, Vec<usize>)> = near.into_iter().collect();
        order.sort_unstable();
        for _ in 0..passes {
            let moved: Vec<Point> = order
                .iter()
                .map(|(corner, near)| {
                    let n = near.len() as f64;
                    let sum = near.iter().fold(at(0.0, 0.0), |sum, &i| {
                        at(sum.x + self.corners[i].x, sum.y + self.corners[i].y)
                    });
                    // A junction gives way less than a line, so that it stays where three meet.
                    let share = if near.len() == 2 { 0.5 } else { 0.3 };
                    self.corners[*corner].towards(at(sum.x / n, sum.y / n), share)
                })
                .collect();
            for ((corner, _), point) in order.iter().zip(moved) {
                self.corners[*corner] = point;
            }
        }
    }

    /// A point between two corners, off the straight line by up to `share` of its length.
    pub(super) fn bend(&self, a: usize, b: usize, share: f64) -> Point {
        let (low, high) = (a.min(b), a.max(b));
        let (p, q) = (self.corners[low], self.corners[high]);
        let off = (hash01(self.seed, low as i64, -(high as i64)) - 0.5) * 2.0 * share;
        let middle = p.towards(q, 0.5);
        at(middle.x - (q.y - p.y) * off, middle.y + (q.x - p.x) * off)
    }

    /// The closed borders of one label as corners: outer ones anticlockwise, holes clockwise.
    pub(super) fn outlines(&self, labels: &[u16], n_labels: usize) -> Vec<Vec<Vec<usize>>> {
        let mut next: Vec<HashMap<usize, usize>> = vec![HashMap::new(); n_labels];
        for (a, b, left, right) in self.borders(labels) {
            next[usize::from(left)].insert(a, b);
            if right != NONE {
                next[usize::from(right)].insert(b, a);
            }
        }
        next.into_iter()
            .map(|mut next| {
                let mut starts: Vec<usize> = next.keys().copied().collect();
                starts.sort_unstable();
                let mut outlines = Vec::new();
                for start in starts {
                    let mut outline = Vec::new();
                    let mut corner = start;
                    while let Some(following) = next.remove(&corner) {
                        outline.push(corner);
                        corner = following;
                    }
                    if !outline.is_empty() {
                        outlines.push(outline);
                    }
                }
                outlines
            })
            .collect()
    }

    /// An outline as drawn, rounded, with a bend of `share` in each edge.
    pub(super) fn draw(&self, outline: &[usize], share: f64) -> Ring {
        let mut ring = Ring::with_capacity(outline.len() * 2);
        for (i, &a) in outline.iter().enumerate() {
            let b = outline[(i + 1) % outline.len()];
            ring.push(self.corners[a].rounded());
            if share > 0.0 {
                ring.push(self.bend(a, b, share).rounded());
            }
        }
        ring
    }
}

/// The longest outline first: the outer ring, before its holes.
pub(super) fn outer_first(mut rings: Vec<Ring>) -> Vec<Ring> {
    rings.sort_by(|a, b| signed_area(b).total_cmp(&signed_area(a)));
    rings
}
