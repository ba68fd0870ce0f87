//! The lie of the land: coast, river, towns and villages, and how densely people live where.
//!
//! Fennmouth stands on ground that the North Sea took from Holderness, east of today's coast, so
//! that on any map it is plain that the borough does not exist.

use super::plane::{Point, at};
use super::random::{Noise, Stream};

/// South-west corner of the square in which the borough lies.
pub(super) const ORIGIN: Point = at(534_000.0, 427_000.0);
/// Side of that square, in metres.
pub(super) const SIDE: f64 = 15_600.0;

/// A town or village: where people live close together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settlement {
    pub centre: Point,
    /// Distance at which density has fallen to a quarter, in metres.
    pub reach: f64,
    /// People per km² in the middle.
    pub peak: f64,
}

/// The ground on which everything else is laid.
pub(super) struct Land {
    /// Fennmouth itself first, then the lesser towns, then villages.
    pub settlements: Vec<Settlement>,
    outline: Noise,
    parishes: Noise,
    coast: Noise,
    river: Noise,
    bends: Noise,
    patchwork: Noise,
    river_level: f64,
}

impl Land {
    pub(super) fn new(seed: u64) -> Self {
        let mut stream = Stream::new(seed, "land");
        let mut near = |x: f64, y: f64, spread: f64| {
            let (dx, dy) = (stream.bell() * spread, stream.bell() * spread);
            at(ORIGIN.x + x + dx, ORIGIN.y + y + dy)
        };
        let town = |centre, reach, peak| Settlement { centre, reach, peak };
        let settlements = vec![
            town(near(8_700.0, 7_600.0, 200.0), 2_620.0, 6_800.0),
            town(near(12_300.0, 12_100.0, 220.0), 1_050.0, 4_300.0),
            town(near(3_700.0, 10_900.0, 260.0), 1_000.0, 3_900.0),
            town(near(6_300.0, 2_900.0, 260.0), 800.0, 3_300.0),
            town(near(12_100.0, 3_600.0, 260.0), 560.0, 2_900.0),
            town(near(2_600.0, 5_700.0, 280.0), 420.0, 2_300.0),
            town(near(7_900.0, 12_900.0, 280.0), 400.0, 2_300.0),
            town(near(9_300.0, 1_900.0, 260.0), 360.0, 2_200.0),
            town(near(3_500.0, 2_900.0, 260.0), 330.0, 2_000.0),
        ];
        let noise = |name, wavelength| Noise::new(seed, name, wavelength);
        Self {
            settlements,
            outline: noise("outline", 0.75),
            parishes: noise("parishes", 2_300.0),
            coast: noise("coast", 2_600.0),
            river: noise("river", 3_400.0),
            bends: noise("bends", 1_150.0),
            patchwork: noise("patchwork", 850.0),
            river_level: ORIGIN.y + 6_150.0,
        }
    }

    /// Middle of the main town.
    pub(super) fn centre(&self) -> Point {
        self.settlements[0].centre
    }

    /// Easting of the open coast at a northing.
    pub(super) fn coast(&self, y: f64) -> f64 {
        let across = (y - ORIGIN.y - 7_800.0) / 7_800.0;
        ORIGIN.x + 13_700.0 - 900.0 * across * across + 520.0 * self.coast.rough(0.0, y)
    }

    /// Northing of the river at an easting: south of the main town's middle, winding less there.
    pub(super) fn river(&self, x: f64) -> f64 {
        let from_town = ((x - self.centre().x) / 2_600.0).abs().min(1.0);
        let sway = 900.0 * self.river.at(x, 0.0) + 460.0 * self.bends.at(x, 0.0);
        let level = self.river_level.min(self.centre().y - 520.0);
        level + sway * (0.34 + 0.66 * from_town)
    }

    /// Half the width of the river, wider towards its mouth.
    pub(super) fn river_half_width(&self, x: f64) -> f64 {
        let inland = self.coast(self.river(x)) - x;
        let mouth = (1.0 - inland / 2_600.0).clamp(0.0, 1.0);
        24.0 + 30.0 * (1.0 - inland / 13_000.0).clamp(0.0, 1.0) + 480.0 * mouth * mouth
    }

    /// Whether `p` is land or river of the borough, and neither sea, estuary nor another borough.
    pub(super) fn holds(&self, p: Point) -> bool {
        let tidal = self.river_half_width(p.x) > 95.0;
        if p.x > self.coast(p.y) || (tidal && self.off_river(p) < self.river_half_width(p.x)) {
            return false;
        }
        let heart = at(ORIGIN.x + 8_300.0, ORIGIN.y + 7_500.0);
        // Old parish bounds: bays and tongues from bending the plane before the radius is taken.
        let wander = |noise: &Noise, shift: f64| noise.rough(p.x + shift, p.y - shift);
        let (bent_x, bent_y) = (
            p.x + 1_150.0 * wander(&self.parishes, 0.0),
            p.y + 1_150.0 * wander(&self.parishes, 5e4),
        );
        let (dx, dy) = ((bent_x - heart.x) / 7_350.0, (bent_y - heart.y) / 6_700.0);
        let r = (dx * dx + dy * dy).sqrt();
        if r < 0.2 {
            return true;
        }
        r < 0.94 + 0.24 * self.outline.rough(dx / r, dy / r)
    }

    /// Distance from the middle of the river, measured north or south.
    pub(super) fn off_river(&self, p: Point) -> f64 {
        (p.y - self.river(p.x)).abs()
    }

    /// Whether `p` lies on the north bank.
    pub(super) fn is_north(&self, p: Point) -> bool {
        p.y > self.river(p.x)
    }

    /// People per km² at `p`.
    pub(super) fn density(&self, p: Point) -> f64 {
        let built: f64 = self
            .settlements
            .iter()
            .map(|town| {
                let r = p.distance(town.centre) / town.reach;
                let r = r * (1.0 + 0.28 * self.patchwork.at(p.x * 0.4, p.y * 0.4));
                let fall = 1.0 + r * r * r * r;
                town.peak / fall
            })
            .sum();
        let texture = (1.0 + 0.75 * self.patchwork.rough(p.x, p.y)).max(0.15);
        let bank = (self.off_river(p) / 380.0).clamp(0.12, 1.0);
        // The very middle is shops and offices.
        let shops = (p.distance(self.centre()) / 620.0).clamp(0.45, 1.0);
        let built = if built < 780.0 { 0.0 } else { built };
        22.0 + built * texture * bank * shops
    }
}
