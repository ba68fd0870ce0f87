//! Which area a point lies in, fast: squares that no outline crosses know their area at once.

use super::plane::{Point, Ring, at, contains};

/// Side of the squares, in metres.
const SQUARE: f64 = 60.0;
/// A square with an outline in it, or near it.
const MIXED: u16 = u16::MAX;
/// A square outside every area.
const OUTSIDE: u16 = u16::MAX - 1;

/// Index of areas that do not overlap.
pub(super) struct Locator {
    origin: Point,
    columns: usize,
    squares: Vec<u16>,
    boxes: Vec<(Point, Point)>,
}

impl Locator {
    /// Index of areas given by their rings, outer first, over a square of `side` from `origin`.
    pub(super) fn new(origin: Point, side: f64, areas: &[&[Ring]]) -> Self {
        let columns = (side / SQUARE) as usize + 4;
        let origin = at(origin.x - 2.0 * SQUARE, origin.y - 2.0 * SQUARE);
        let boxes = areas.iter().map(|rings| bounds(&rings[0])).collect();
        let mut index = Self { origin, columns, squares: vec![0; columns * columns], boxes };
        for ring in areas.iter().flat_map(|rings| rings.iter()) {
            for (i, &a) in ring.iter().enumerate() {
                index.mark(a, ring[(i + 1) % ring.len()]);
            }
        }
        // Between two mixed squares of a row, every square is in the same area.
        for row in 0..columns {
            let mut known = None;
            for column in 0..columns {
                let i = row * columns + column;
                if index.squares[i] == MIXED {
                    known = None;
                    continue;
                }
                let label = *known.get_or_insert_with(|| {
                    let x = index.origin.x + (column as f64 + 0.5) * SQUARE;
                    let y = index.origin.y + (row as f64 + 0.5) * SQUARE;
                    index.search(at(x, y), |l| areas[l]).map_or(OUTSIDE, |l| l as u16)
                });
                index.squares[i] = label;
            }
        }
        index
    }

    /// Area at `point`; `outline` gives an area's rings.
    pub(super) fn locate<'a>(
        &self,
        point: Point,
        outline: impl Fn(usize) -> &'a [Ring],
    ) -> Option<usize> {
        match self.square(point).map(|i| self.squares[i]) {
            None | Some(OUTSIDE) => None,
            Some(MIXED) => self.search(point, outline),
            Some(area) => Some(usize::from(area)),
        }
    }

    fn square(&self, p: Point) -> Option<usize> {
        let (x, y) = ((p.x - self.origin.x) / SQUARE, (p.y - self.origin.y) / SQUARE);
        let within = |v: f64| v >= 0.0 && v < self.columns as f64;
        (within(x) && within(y)).then(|| y as usize * self.columns + x as usize)
    }

    /// Marks every square that the line may cross: those of points along it.
    fn mark(&mut self, a: Point, b: Point) {
        let steps = (a.distance(b) / 4.0) as usize + 1;
        for i in 0..=steps {
            let p = a.towards(b, i as f64 / steps as f64);
            for (dx, dy) in [(-3.0, -3.0), (3.0, -3.0), (-3.0, 3.0), (3.0, 3.0)] {
                if let Some(square) = self.square(at(p.x + dx, p.y + dy)) {
                    self.squares[square] = MIXED;
                }
            }
        }
    }

    fn search<'a>(&self, p: Point, outline: impl Fn(usize) -> &'a [Ring]) -> Option<usize> {
        (0..self.boxes.len()).find(|&i| {
            let (low, high) = self.boxes[i];
            let in_box = p.x >= low.x && p.x <= high.x && p.y >= low.y && p.y <= high.y;
            // Odd: inside the outer ring and not inside a hole.
            in_box && outline(i).iter().filter(|ring| contains(ring, p)).count() % 2 == 1
        })
    }
}

/// South-west and north-east corners of the box round a ring.
pub(super) fn bounds(ring: &[Point]) -> (Point, Point) {
    let start = (at(f64::INFINITY, f64::INFINITY), at(f64::NEG_INFINITY, f64::NEG_INFINITY));
    ring.iter().fold(start, |(low, high), p| {
        (at(low.x.min(p.x), low.y.min(p.y)), at(high.x.max(p.x), high.y.max(p.y)))
    })
}
