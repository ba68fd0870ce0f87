//! A synthetic city from a seed: wards that nest without gaps, streets with snap points along them,
//! and incidents that gather at a few of those. The same seed and size give the same city.

use geo::{LineString, MultiPolygon, Polygon};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use wardheat::crs::Bng;
use wardheat::geometry::Shape;

/// South-west corner of the city on the National Grid.
const CORNER: (f64, f64) = (440_000.0, 510_000.0);
/// Distance between snap points along a street, in metres.
const SPACING: f64 = 25.0;

fn rng(seed: u64) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(seed)
}

/// Where things may be: a square of this side in metres.
#[derive(Debug, Clone, Copy)]
pub struct City {
    pub side: f64,
    pub seed: u64,
}

impl City {
    /// `columns * rows` wards: corners moved about, and each border a crooked line that both sides
    /// share. A ward has about `vertices` corners.
    pub fn wards(self, columns: usize, rows: usize, vertices: usize) -> Vec<Shape> {
        let mut rng = rng(self.seed);
        let (width, height) = (self.side / columns as f64, self.side / rows as f64);
        let mut move_by = |limit: f64| (rng.random::<f64>() - 0.5) * limit;
        let corners: Vec<Vec<(f64, f64)>> = (0..=rows)
            .map(|j| {
                (0..=columns)
                    .map(|i| {
                        (
                            CORNER.0 + i as f64 * width + move_by(width * 0.5),
                            CORNER.1 + j as f64 * height + move_by(height * 0.5),
                        )
                    })
                    .collect()
            })
            .collect();
        // Each border bends by shares of its own length, drawn once for both of its wards.
        let per_side = vertices / 4;
        let mut border = |a: (f64, f64), b: (f64, f64)| {
            let (dx, dy) = (b.0 - a.0, b.1 - a.1);
            let mut bend = 0.0;
            let mut line = vec![a];
            for k in 1..per_side {
                let t = k as f64 / per_side as f64;
                bend += (rng_unit(&mut move_by) - bend) * 0.3;
                let off = bend * 0.12 * (1.0 - (2.0 * t - 1.0).powi(2));
                line.push((a.0 + dx * t - dy * off, a.1 + dy * t + dx * off));
            }
            line
        };
        let across: Vec<Vec<_>> = (0..=rows)
            .map(|j| (0..columns).map(|i| border(corners[j][i], corners[j][i + 1])).collect())
            .collect();
        let up: Vec<Vec<_>> = (0..rows)
            .map(|j| (0..=columns).map(|i| border(corners[j][i], corners[j + 1][i])).collect())
            .collect();
        let backwards = |line: &[(f64, f64)], end: (f64, f64)| {
            let mut turned: Vec<_> = line[1..].iter().rev().copied().collect();
            turned.insert(0, end);
            turned
        };
        (0..rows)
            .flat_map(|j| (0..columns).map(move |i| (i, j)))
            .map(|(i, j)| {
                let mut ring: Vec<(f64, f64)> = across[j][i].clone();
                ring.extend(&up[j][i + 1]);
                ring.extend(backwards(&across[j + 1][i], corners[j + 1][i + 1]));
                ring.extend(backwards(&up[j][i], corners[j + 1][i]));
                let polygon = Polygon::new(LineString::from(ring), vec![]);
                Shape::new(MultiPolygon::new(vec![polygon]))
            })
            .collect()
    }

    /// `n` snap points along straight streets.
    pub fn snap_points(self, n: usize) -> Vec<Bng> {
        let mut rng = rng(self.seed ^ 0x51EE7);
        let mut points = Vec::with_capacity(n);
        while points.len() < n {
            let (x, y) = (rng.random::<f64>() * self.side, rng.random::<f64>() * self.side);
            let angle = rng.random::<f64>() * std::f64::consts::TAU;
            let length = 5 + (rng.random::<f64>() * 40.0) as usize;
            for k in 0..length.min(n - points.len()) {
                let along = k as f64 * SPACING;
                let at = |from: f64, step: f64| (from + along * step).clamp(0.0, self.side - 1.0);
                points.push(Bng::new(
                    CORNER.0 + at(x, angle.cos()).round(),
                    CORNER.1 + at(y, angle.sin()).round(),
                ));
            }
        }
        points
    }

    /// `n` incidents at snap points, most of them at few.
    pub fn incidents(self, n: usize, snap_points: &[Bng]) -> Vec<Bng> {
        let mut rng = rng(self.seed ^ 0x11C1D);
        let pick = |u: f64| (u.powi(3) * snap_points.len() as f64) as usize;
        (0..n).map(|_| snap_points[pick(rng.random())]).collect()
    }

    /// `n` positions of their own, evenly spread.
    pub fn addresses(self, n: usize) -> Vec<Bng> {
        let mut rng = rng(self.seed ^ 0xADD);
        let mut at = || rng.random::<f64>() * self.side;
        (0..n).map(|_| Bng::new(CORNER.0 + at(), CORNER.1 + at())).collect()
    }
}

/// A number between -1 and 1.
fn rng_unit(move_by: &mut impl FnMut(f64) -> f64) -> f64 {
    move_by(2.0)
}
