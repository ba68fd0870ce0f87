//! Local streets of one estate: rows at an angle of its own, cross streets between them, cut off
//! at the roads round the estate.

use super::plane::{Point, Ring, at, contains, direction};
use super::random::{Noise, Stream};

/// How an estate is laid out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Layout {
    /// Distance between rows, in metres.
    pub row_gap: f64,
    /// Distance between cross streets, in metres.
    pub block: f64,
    /// Share of cross streets left out.
    pub gaps: f64,
    /// How far streets wander, in metres.
    pub sway: f64,
}

/// Where a street of an estate ends or turns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum End {
    /// A crossing inside the estate.
    Inner(usize),
    /// A point on the ring: after this ring corner, this share of the way to the next.
    Edge(usize, f64),
}

/// The streets of an estate: crossings inside, and lines of ends.
#[derive(Default)]
pub(super) struct Grid {
    pub crossings: Vec<Point>,
    pub lines: Vec<Vec<End>>,
}

/// Least distance of a crossing from the ring, in metres.
const CLEAR: f64 = 24.0;

/// Lays out the streets inside `ring`.
pub(super) fn lay(ring: &Ring, layout: Layout, wander: &Noise, stream: &mut Stream) -> Grid {
    let n = ring.len();
    // Along a stretch of the ring, as builders set out from an existing road.
    let start = stream.below(n);
    let along = direction(ring[start], ring[(start + n / 6 + 1) % n]);
    let frame = Frame { origin: ring[start], along };
    let flat: Ring = ring.iter().map(|&p| frame.enter(p)).collect();
    let spread = |pick: fn(&Point) -> f64| {
        let low = flat.iter().map(pick).fold(f64::INFINITY, f64::min);
        let high = flat.iter().map(pick).fold(f64::NEG_INFINITY, f64::max);
        (low, high)
    };
    let ((left, right), (bottom, top)) = (spread(|p| p.x), spread(|p| p.y));
    let columns = ((right - left) / layout.block) as usize + 1;
    let rows = ((top - bottom) / layout.row_gap) as usize + 1;
    let offset = stream.between(0.35, 0.65);
    let u = |k: usize| left + (k as f64 + offset) * layout.block;
    let v = |j: usize| bottom + (j as f64 + 0.5) * layout.row_gap;

    let mut grid = Grid::default();
    let mut at_crossing = vec![None; columns * rows];
    for j in 0..rows {
        let hits = cuts(&flat, v(j), |p| at(p.y, p.x));
        for pair in hits.chunks_exact(2) {
            let (from, to) = (pair[0], pair[1]);
            if to.0 - from.0 < 2.2 * CLEAR {
                continue;
            }
            let mut line = Vec::new();
            if !stream.chance(0.16) {
                line.push(End::Edge(from.1, from.2));
            }
            for k in 0..columns {
                if u(k) > from.0 + CLEAR && u(k) < to.0 - CLEAR {
                    let p = frame.leave(at(u(k), v(j)));
                    let sway = |shift: f64| layout.sway * wander.at(p.x + shift, p.y);
                    let moved = at(p.x + sway(0.0), p.y + sway(7e4));
                    let id = grid.crossings.len();
                    grid.crossings.push(if contains(ring, moved) { moved } else { p });
                    at_crossing[j * columns + k] = Some(id);
                    line.push(End::Inner(id));
                    // Here and there a row stops and goes on: two closes, back to back.
                    if stream.chance(0.07) {
                        grid.lines.push(std::mem::take(&mut line));
                    }
                }
            }
            if !stream.chance(0.16) {
                line.push(End::Edge(to.1, to.2));
            }
            grid.lines.push(line);
        }
    }
    for k in 0..columns {
        let hits = cuts(&flat, u(k), |p| p);
        let mut line: Vec<End> = Vec::new();
        for j in 0..rows {
            let Some(id) = at_crossing[j * columns + k] else {
                grid.lines.push(std::mem::take(&mut line));
                continue;
            };
            let below = hits.iter().filter(|hit| hit.0 < v(j)).max_by(|a, b| a.0.total_cmp(&b.0));
            let first = line.is_empty();
            let blocked = below.is_some_and(|hit| j > 0 && hit.0 > v(j - 1));
            if blocked || stream.chance(layout.gaps) {
                grid.lines.push(std::mem::take(&mut line));
            }
            let reach = 1.3 * layout.row_gap;
            match below.filter(|hit| first && v(j) - hit.0 < reach) {
                Some(hit) if stream.chance(0.6) => line.push(End::Edge(hit.1, hit.2)),
                _ => {}
            }
            line.push(End::Inner(id));
        }
        let last = (0..rows).rev().find(|&j| at_crossing[j * columns + k].is_some());
        let above = last.and_then(|j| {
            hits.iter().find(|hit| hit.0 > v(j) && hit.0 - v(j) < 1.3 * layout.row_gap)
        });
        match above {
            Some(hit) if matches!(line.last(), Some(End::Inner(_))) && stream.chance(0.6) => {
                line.push(End::Edge(hit.1, hit.2));
            }
            _ => {}
        }
        grid.lines.push(line);
    }
    grid.lines.retain(|line| line.len() > 1);
    grid
}

/// Where the line x = `level` cuts a ring turned by `turn`: position along it, ring corner and
/// share, in order.
fn cuts(ring: &[Point], level: f64, turn: impl Fn(Point) -> Point) -> Vec<(f64, usize, f64)> {
    let mut cuts: Vec<(f64, usize, f64)> = (0..ring.len())
        .filter_map(|i| {
            let (a, b) = (turn(ring[i]), turn(ring[(i + 1) % ring.len()]));
            let crosses = (a.x > level) != (b.x > level);
            crosses.then(|| {
                let share = (level - a.x) / (b.x - a.x);
                (a.y + share * (b.y - a.y), i, share)
            })
        })
        .collect();
    cuts.sort_by(|a, b| a.0.total_cmp(&b.0));
    cuts
}

/// A frame turned so that rows run along its first axis.
struct Frame {
    origin: Point,
    along: (f64, f64),
}

impl Frame {
    fn enter(&self, p: Point) -> Point {
        let (dx, dy) = (p.x - self.origin.x, p.y - self.origin.y);
        let (c, s) = self.along;
        at(dx * c + dy * s, dy * c - dx * s)
    }

    fn leave(&self, p: Point) -> Point {
        let (c, s) = self.along;
        at(self.origin.x + p.x * c - p.y * s, self.origin.y + p.x * s + p.y * c)
    }
}
