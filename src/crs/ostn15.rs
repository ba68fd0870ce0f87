//! OSTN15: the shift from ETRS89 to OSGB36 on the National Grid, as Ordnance Survey publishes it.
//!
//! The published nodes are embedded as `data/ostn15/ostn15.bin`: a zlib stream of four planes of
//! 701 x 1251 bytes (low bytes of the east shifts, of the north shifts, high bytes of the east
//! shifts, of the north shifts), nodes by row from the south-west. Each value is a shift in
//! millimetres less that of the first node, less its prediction `west + south - south-west` (0
//! beyond the edge), its sign moved to the lowest bit.

use std::io::Read as _;
use std::sync::OnceLock;

use super::national_grid::NationalGrid;

const COLUMNS: usize = 701;
const ROWS: usize = 1251;
/// Metres between nodes.
const SPACING: f64 = 1000.0;
/// Last easting and northing with nodes all round, in metres.
const EAST_END: f64 = 700_000.0;
const NORTH_END: f64 = 1_250_000.0;
/// Places that are transformed side by side.
const BATCH: usize = 64;
/// Shift of the first node, east and north, in millimetres.
const FIRST: [i32; 2] = [90_750, -82_020];

static PACKED: &[u8] = include_bytes!("../../data/ostn15/ostn15.bin");

/// The grid of shifts with the projection that it lies on.
#[derive(Debug)]
pub(super) struct Ostn15 {
    projection: NationalGrid,
    /// East and north shift of each node in metres; single precision is good to 0.004 mm here.
    shifts: Vec<[f32; 2]>,
}

impl Ostn15 {
    /// The grid, unpacked on first use.
    pub(super) fn get() -> &'static Self {
        static GRID: OnceLock<Ostn15> = OnceLock::new();
        GRID.get_or_init(|| Self { projection: NationalGrid::new(), shifts: unpack(PACKED) })
    }

    /// Easting and northing of a longitude and latitude; `None` where no shift is published.
    pub(super) fn forward(&self, lon: f64, lat: f64) -> Option<(f64, f64)> {
        self.shifted(self.unshifted(lon, lat))
    }

    /// [`Self::forward`] for many places. All of a batch are projected, then all shifted, so that
    /// nodes all over a country are fetched side by side instead of one after the other.
    pub(super) fn forward_into<T>(
        &self,
        places: &[T],
        degrees: impl Fn(&T) -> (f64, f64),
        mut take: impl FnMut(&T, Option<(f64, f64)>),
    ) {
        let mut unshifted = [(f64::NAN, f64::NAN); BATCH];
        for places in places.chunks(BATCH) {
            for (unshifted, place) in unshifted.iter_mut().zip(places) {
                let (lon, lat) = degrees(place);
                *unshifted = self.unshifted(lon, lat);
            }
            for (place, &unshifted) in places.iter().zip(&unshifted) {
                take(place, self.shifted(unshifted));
            }
        }
    }

    /// A place on the projection that the grid lies on; not-a-number far off it.
    fn unshifted(&self, lon: f64, lat: f64) -> (f64, f64) {
        // The series diverge far away; the grid ends long before.
        if !((-15.0..10.0).contains(&lon) && (45.0..65.0).contains(&lat)) {
            return (f64::NAN, f64::NAN);
        }
        self.projection.forward(lon, lat)
    }

    fn shifted(&self, (easting, northing): (f64, f64)) -> Option<(f64, f64)> {
        let [east, north] = self.shift(easting, northing)?;
        Some((easting + east, northing + north))
    }

    /// Longitude and latitude of an easting and northing; `None` where no shift is published.
    pub(super) fn inverse(&self, easting: f64, northing: f64) -> Option<(f64, f64)> {
        /// Metres; two steps reach it everywhere, the rest is for safety.
        const CLOSE: f64 = 1e-5;
        let (mut east, mut north) = (easting, northing);
        for _ in 0..10 {
            // A start beyond the edge (the shift is some 100 m) comes back on the first step.
            let at_edge = (east.clamp(0.0, EAST_END), north.clamp(0.0, NORTH_END));
            let shift = self.shift(at_edge.0, at_edge.1)?;
            let next = (easting - shift[0], northing - shift[1]);
            let step = (next.0 - east).abs().max((next.1 - north).abs());
            (east, north) = next;
            if step < CLOSE {
                break;
            }
        }
        let inside = (0.0..=EAST_END).contains(&east) && (0.0..=NORTH_END).contains(&north);
        inside.then(|| self.projection.inverse(east, north))
    }

    /// The shift at an ETRS89 position on the grid, bilinear between the four nodes round it.
    fn shift(&self, easting: f64, northing: f64) -> Option<[f64; 2]> {
        if !((0.0..=EAST_END).contains(&easting) && (0.0..=NORTH_END).contains(&northing)) {
            return None;
        }
        let (x, y) = (easting / SPACING, northing / SPACING);
        let column = (x as usize).min(COLUMNS - 2);
        let row = (y as usize).min(ROWS - 2);
        let (x, y) = (x - column as f64, y - row as f64);
        let south = &self.shifts[row * COLUMNS + column..][..2];
        let north = &self.shifts[(row + 1) * COLUMNS + column..][..2];
        let between = |axis: usize| {
            let (sw, se) = (f64::from(south[0][axis]), f64::from(south[1][axis]));
            let (nw, ne) = (f64::from(north[0][axis]), f64::from(north[1][axis]));
            let (low, high) = (sw + (se - sw) * x, nw + (ne - nw) * x);
            low + (high - low) * y
        };
        Some([between(0), between(1)])
    }
}

fn unpack(packed: &[u8]) -> Vec<[f32; 2]> {
    const NODES: usize = COLUMNS * ROWS;
    let mut planes = Vec::with_capacity(4 * NODES);
    flate2::read::ZlibDecoder::new(packed)
        .read_to_end(&mut planes)
        .expect("the embedded grid is a zlib stream");
    assert_eq!(planes.len(), 4 * NODES, "the embedded grid has all its nodes");
    let mut shifts = vec![[0.0; 2]; NODES];
    for axis in 0..2 {
        let low = &planes[axis * NODES..][..NODES];
        let high = &planes[(2 + axis) * NODES..][..NODES];
        // Millimetres above the first node, of the row below and of this one; a zero before each.
        let (mut south, mut here) = (vec![0; COLUMNS + 1], vec![0; COLUMNS + 1]);
        for row in 0..ROWS {
            for column in 0..COLUMNS {
                let node = row * COLUMNS + column;
                let packed = i32::from(u16::from_le_bytes([low[node], high[node]]));
                let residual = (packed >> 1) ^ -(packed & 1);
                let value = residual + here[column] + south[column + 1] - south[column];
                here[column + 1] = value;
                shifts[node][axis] = (f64::from(value + FIRST[axis]) / 1000.0) as f32;
            }
            std::mem::swap(&mut south, &mut here);
        }
    }
    shifts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_the_published_ones() {
        let grid = Ostn15::get();

        // First, second and last record of OSTN15_OSGM15_DataFile.txt, and one that the published
        // test file gives for its point TP01.
        for (record, wanted) in [
            (1, [90.750, -82.020]),
            (2, [90.764, -82.015]),
            (7_803, [92.139, -81.209]),
            (876_951, [109.209, -53.064]),
        ] {
            let node = grid.shifts[record - 1].map(f64::from);
            assert!((node[0] - wanted[0]).hypot(node[1] - wanted[1]) < 1e-5, "{record}: {node:?}");
        }
        assert_eq!(grid.shifts.len(), 876_951);
    }

    #[test]
    fn the_shift_has_no_step_at_a_node() {
        let grid = Ostn15::get();
        for (east, north) in [(445_000.0, 520_300.0), (530_400.0, 180_000.0)] {
            let before = grid.shift(east - 1e-6, north - 1e-6).unwrap();
            let after = grid.shift(east + 1e-6, north + 1e-6).unwrap();

            assert!((before[0] - after[0]).hypot(before[1] - after[1]) < 1e-8);
        }
    }
}
