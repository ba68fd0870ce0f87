use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::block::Group;
use super::*;
use crate::crs::Bng;
use crate::stats::density_at;

/// Positions with weights, bucket by bucket.
struct List(Vec<(Bng, f64)>);

impl Spots for List {
    fn bucket(&self, column: i32, row: i32, mut each: impl FnMut(u16, u16, f64)) {
        for (place, weight) in &self.0 {
            let steps = |metres: f64| (metres * STEPS).round() as i64;
            let (x, y) = (steps(place.easting()), steps(place.northing()));
            let side = (BUCKET * STEPS) as i64;
            if x.div_euclid(side) == i64::from(column) && y.div_euclid(side) == i64::from(row) {
                each(x.rem_euclid(side) as u16, y.rem_euclid(side) as u16, *weight);
            }
        }
    }

    fn bounds(&self) -> Option<Bounds> {
        let boxes = self.0.iter().map(|(at, _)| Bounds { min: *at, max: *at });
        boxes.reduce(Bounds::union)
    }
}

fn scattered(n: u32) -> List {
    let at = |i: u32| {
        let (x, y) = (f64::from(i * 7919 % 2003), f64::from(i * 104_729 % 1999));
        Bng::new(444_000.0 + x, 520_000.0 + y)
    };
    List((0..n).map(|i| (at(i), 1.0 + f64::from(i % 3))).collect())
}

/// The definition, summed over every position: Σ w 3/(π h²) (1 - d²/h²)².
fn by_definition(list: &List, place: Bng, h: f64) -> f64 {
    let peak = 3.0 / (std::f64::consts::PI * h * h);
    let height = |(at, weight): &(Bng, f64)| {
        let near = (1.0 - place.distance(*at).powi(2) / (h * h)).max(0.0);
        weight * peak * near * near
    };
    list.0.iter().map(height).sum()
}

#[test]
fn a_position_alone_is_exact_at_any_bandwidth() {
    let list = List(vec![(Bng::new(444_123.0, 520_377.5), 2.0)]);
    for h in [100.0, 300.0, 500.0, 2_000.0] {
        let hills = Hills::new(&list, Metres::new(h));
        let mut reader = hills.reader(hills.bounds().unwrap());
        for (dx, dy) in [(0.0, 0.0), (0.3, 0.2), (-0.6, 0.5), (0.0, -0.99), (0.9, 0.9)] {
            let place = Bng::new(444_123.0 + dx * h, 520_377.5 + dy * h);
            let wanted = by_definition(&list, place, h);
            let peak = 2.0 * 3.0 / (std::f64::consts::PI * h * h);
            assert!((reader.at(place) - wanted).abs() < 1e-5 * peak, "{h} {dx} {dy}");
        }
    }
}

#[test]
fn many_positions_agree_with_the_definition() {
    let list = scattered(3_000);
    for h in [100.0, 250.0, 300.0, 1_000.0] {
        let hills = Hills::new(&list, Metres::new(h));
        let mut reader = hills.reader(hills.bounds().unwrap());
        let one = 3.0 / (std::f64::consts::PI * h * h);
        let (mut off, mut all) = (0.0, 0.0);
        for i in 0..200_u32 {
            let place = Bng::new(
                443_900.0 + f64::from(i * 613 % 2_200),
                519_900.0 + f64::from(i * 977 % 2_200),
            );
            let (found, wanted) = (reader.at(place), by_definition(&list, place, h));
            // The kernel bends by 8/h² at the most, and no position is further than a half diagonal
            // of its cell (h/12) from its hill: 2 (1/12)² of the height of each hill in reach.
            let reach = h * (1.0 + std::f64::consts::SQRT_2 / 12.0);
            let near = list.0.iter().filter(|(at, _)| place.distance(*at) < reach);
            let most = near.map(|(_, weight)| weight * one).sum::<f64>() * 2.0 / 144.0;
            assert!((found - wanted).abs() <= most + 1e-5 * one, "{h}: {found} {wanted}");
            off += (found - wanted).abs();
            all += wanted;
        }
        assert!(off < 0.004 * all, "{h}: off by {} on average", off / all);
    }
}

#[test]
fn the_lattice_and_single_places_agree_whatever_is_looked_at() {
    let list = scattered(2_000);
    let hills = Hills::new(&list, Metres::new(300.0));
    let whole = hills.surface(hills.bounds().unwrap());
    let part = Bounds { min: Bng::new(444_510.0, 520_333.0), max: Bng::new(445_001.0, 521_207.0) };
    let part = hills.surface(part);
    let mut reader = hills.reader(hills.bounds().unwrap());

    assert!((whole.cell.get() - 25.0).abs() < 1e-12);
    let mut above = 0;
    for row in 0..part.n_rows {
        for column in 0..part.n_columns {
            let value = part.values[row * part.n_columns + column];
            let centre = part.centre(column, row);
            assert_eq!(value.to_bits(), whole.at(centre).to_bits(), "{centre:?}");
            assert!((reader.at(centre) - value).abs() <= 2e-6 * value.max(1e-9), "{centre:?}");
            above += usize::from(value > 0.0);
        }
    }
    assert!(above > 300);
}

#[test]
fn agrees_with_the_exact_density_of_the_other_code() {
    let list = scattered(500);
    let points: Vec<Bng> = list.0.iter().map(|(at, _)| *at).collect();
    let weights: Vec<f64> = list.0.iter().map(|(_, weight)| *weight).collect();
    let hills = Hills::new(&list, Metres::new(300.0));
    let mut reader = hills.reader(hills.bounds().unwrap());
    let places: Vec<Bng> =
        (0..50).map(|i| Bng::new(444_040.0 + 37.0 * f64::from(i), 520_900.0)).collect();
    let exact =
        density_at(&points, Some(&weights), Kernel::Quartic, Metres::new(300.0), &places).unwrap();
    for (place, exact) in places.iter().zip(exact) {
        assert!((reader.at(*place) - exact).abs() < 0.01 * exact.max(1e-6));
    }
}

#[test]
fn nothing_has_no_density() {
    let list = List(Vec::new());
    let hills = Hills::new(&list, Metres::new(300.0));

    assert!(hills.bounds().is_none());
    let near = Bounds { min: Bng::new(0.0, 0.0), max: Bng::new(100.0, 100.0) };
    assert!(hills.surface(near).values.iter().all(|&value| value == 0.0));
    assert!(hills.reader(near).at(Bng::new(50.0, 50.0)).abs() < 1e-300);
}

/// Positions whose hills and surface are kept; counts how often a bucket is looked at.
struct Keeping {
    list: List,
    looked: AtomicUsize,
    blocks: Mutex<HashMap<Square, Arc<Block>>>,
    patches: Mutex<HashMap<Square, Arc<Patch>>>,
    quads: Mutex<HashMap<QuadId, Arc<[f32]>>>,
}

impl Keeping {
    fn new(list: List) -> Self {
        Self {
            list,
            looked: AtomicUsize::new(0),
            blocks: Mutex::default(),
            patches: Mutex::default(),
            quads: Mutex::default(),
        }
    }
}

impl Spots for Keeping {
    fn bucket(&self, column: i32, row: i32, each: impl FnMut(u16, u16, f64)) {
        self.looked.fetch_add(1, Ordering::Relaxed);
        self.list.bucket(column, row, each);
    }

    fn bounds(&self) -> Option<Bounds> {
        self.list.bounds()
    }

    fn block(&self, block: Square, make: impl FnOnce() -> Block) -> Arc<Block> {
        let mut held = self.blocks.lock().unwrap();
        Arc::clone(held.entry(block).or_insert_with(|| Arc::new(make())))
    }

    fn patch(&self, patch: Square, make: impl FnOnce() -> Patch) -> Arc<Patch> {
        let held = self.patches.lock().unwrap().get(&patch).cloned();
        held.unwrap_or_else(|| {
            let made = Arc::new(make());
            self.patches.lock().unwrap().insert(patch, Arc::clone(&made));
            made
        })
    }

    fn kept(&self, quad: QuadId) -> Option<Arc<[f32]>> {
        self.quads.lock().unwrap().get(&quad).cloned()
    }

    fn keep(&self, quad: QuadId, sums: &[f32]) {
        self.quads.lock().unwrap().insert(quad, sums.into());
    }
}

#[test]
fn what_is_kept_changes_no_bit_and_no_position_is_looked_at_twice() {
    let keeping = Keeping::new(scattered(1_500));
    let list = scattered(1_500);
    let (kept, plain) =
        (Hills::new(&keeping, Metres::new(300.0)), Hills::new(&list, Metres::new(300.0)));
    let whole = plain.bounds().unwrap();
    let first = kept.surface(whole);
    let looked = keeping.looked.load(Ordering::Relaxed);

    assert_eq!(first, plain.surface(whole));
    let (mut again, mut alone) = (kept.reader(whole), plain.reader(whole));
    let mut sparse = plain.sparse_reader(whole);
    let mut above = 0;
    for i in 0..400 {
        let place = Bng::new(
            443_900.0 + f64::from(i * 613 % 2_200),
            519_900.0 + f64::from(i * 977 % 2_200),
        );
        let value = alone.at(place);
        assert_eq!(again.at(place).to_bits(), value.to_bits(), "{place:?}");
        let off = (sparse.at(place) - value).abs();
        assert!(off <= 1e-4 * value + 1e-6 * plain.peak(), "{place:?}: off by {off}");
        above += usize::from(value > 0.0);
    }
    assert_eq!(kept.surface(whole), first);
    assert_eq!(keeping.looked.load(Ordering::Relaxed), looked);
    assert!(above > 300 && looked > 0);
}

/// A quad as a picture has them: turned a little, bent a little.
fn quad(corner: Bng, side: usize, pixel: f64) -> Quad {
    let length = side as f64 * pixel;
    let at = |x: f64, y: f64| {
        Bng::new(
            corner.easting() + length * (0.998 * x + 0.06 * y),
            corner.northing() + length * (0.998 * y - 0.06 * x + 0.002 * x * y),
        )
    };
    let corners = [at(0.0, 1.0), at(1.0, 1.0), at(0.0, 0.0), at(1.0, 0.0)];
    Quad { corners, side, id: None }
}

/// Places of a quad that are less than two reaches apart.
const NEAR: Metres = Metres::new(50.0);

#[test]
fn places_of_a_quad_that_are_far_apart_are_single_places() {
    let list = scattered(2_000);
    let hills = Hills::new(&list, Metres::new(300.0));
    let whole = hills.bounds().unwrap().grown(20_000.0);
    let (mut far, mut near) =
        (hills.quads(whole, Metres::new(600.0)), hills.quads(whole, Metres::new(599.0)));
    let (mut reader, mut above) = (hills.reader(whole), 0);
    let (mut values, mut others) = (Vec::new(), Vec::new());
    for i in 0..20 {
        let quad = quad(Bng::new(441_200.0 + 37.0 * f64::from(i), 518_300.0), 8, 620.0);
        far.read(&quad, &mut values);
        near.read(&quad, &mut others);
        for (k, value) in values.iter().enumerate() {
            let wanted = reader.at(quad.place(k % 8, k / 8));
            assert_eq!(value.to_bits(), wanted.to_bits());
            assert!((others[k] - wanted).abs() <= 1e-4 * wanted + 1e-6 * hills.peak());
            above += usize::from(wanted > 0.0);
        }
    }
    assert!(above > 100, "{above}");
}

#[test]
fn a_quad_that_is_kept_is_not_added_up_again() {
    let (list, keeping) = (scattered(1_000), Keeping::new(scattered(1_000)));
    let (plain, kept) =
        (Hills::new(&list, Metres::new(300.0)), Hills::new(&keeping, Metres::new(300.0)));
    let whole = plain.bounds().unwrap().grown(20_000.0);
    let (mut values, mut again) = (Vec::new(), Vec::new());
    for (level, apart) in [(6, Metres::new(1_467.0)), (9, Metres::new(183.0))] {
        for (n, corner) in [(0, 444_410.0), (1, 452_000.0)] {
            let id = Some((level, n, 3));
            let quad = Quad { id, ..quad(Bng::new(corner, 520_133.0), 8, apart.get()) };
            plain.quads(whole, apart).read(&quad, &mut values);
            kept.quads(whole, apart).keep(&quad);
            keeping.blocks.lock().unwrap().clear();
            let looked = keeping.looked.load(Ordering::Relaxed);
            kept.quads(whole, apart).read(&quad, &mut again);

            assert_eq!(values, again);
            assert_eq!(looked, keeping.looked.load(Ordering::Relaxed));
            assert_eq!(values.iter().any(|&value| value > 0.0), n == 0);
        }
    }
}

#[test]
fn the_places_of_a_quad_are_read_as_single_places_are() {
    let list = scattered(2_000);
    let (mut above, mut values) = (0, Vec::new());
    for h in [100.0, 250.0, 300.0, 750.0] {
        let hills = Hills::new(&list, Metres::new(h));
        let whole = hills.bounds().unwrap().grown(20_000.0);
        let (mut quads, mut reader) = (hills.quads(whole, NEAR), hills.reader(whole));
        for (side, pixel) in [(16, 25.0), (16, 46.0), (16, 184.0), (8, 370.0), (3, 77.0), (1, 40.0)]
        {
            for i in 0..6 {
                let off = 31.0 * f64::from(i);
                let corner = Bng::new(444_200.0 - off * 3.0, 520_300.0 + off);
                let quad = quad(corner, side, pixel);
                quads.read(&quad, &mut values);
                assert_eq!(values.len(), side * side);
                for (k, value) in values.iter().enumerate() {
                    let wanted = reader.at(quad.place(k % side, k / side));
                    // Places are good to a thousandth of a metre, which tells most where kernels end.
                    let most = 1e-4 * wanted + 1e-6 * hills.peak();
                    assert!((value - wanted).abs() <= most, "{h} {side} {pixel}: {value} {wanted}");
                    above += usize::from(wanted > 0.0);
                }
            }
        }
    }
    assert!(above > 4_000, "{above}");
}

#[test]
fn a_quad_reads_the_same_whatever_was_read_before_it() {
    let list = scattered(1_000);
    let hills = Hills::new(&list, Metres::new(300.0));
    let one = quad(Bng::new(444_410.0, 520_133.0), 16, 46.0);
    let (mut alone, mut after) = (Vec::new(), Vec::new());
    hills.quads(one.bounds(), NEAR).read(&one, &mut alone);
    let mut quads = hills.quads(hills.bounds().unwrap(), NEAR);
    quads.read(&quad(Bng::new(443_900.0, 520_900.0), 16, 46.0), &mut after);
    quads.read(&one, &mut after);

    assert_eq!(alone, after);
    assert!(alone.iter().any(|&value| value > 0.0));
}

#[test]
fn hills_read_along_a_row_of_buckets_are_those_of_each_of_them() {
    let list = scattered(3_000);
    for h in [100.0, 300.0] {
        let density = Hills::new(&list, Metres::new(h));
        let block = density.block((444_000 / 4_000, 520_000 / 4_000));
        let numbers = |hills: Group<'_>| -> Vec<[f32; 3]> {
            let all = hills.x.iter().zip(hills.y).zip(hills.weight);
            all.map(|((&x, &y), &weight)| [x, y, weight]).filter(|hill| hill[2] > 0.0).collect()
        };
        let mut all = 0;
        for row in 2_080..2_088 {
            for (first, last) in [(1_776, 1_776), (1_777, 1_779), (1_776, 1_791), (1_783, 1_784)] {
                let run = numbers(block.hills(first..=last, row));
                let each: Vec<_> = (first..=last)
                    .flat_map(|column| numbers(block.hills(column..=column, row)))
                    .collect();
                let lanes = block.lanes(first..=last, row);

                assert_eq!(run, each);
                assert_eq!(lanes.x.len() % 8, 0);
                assert!(run.is_empty() || numbers(lanes).windows(run.len()).any(|w| w == run));
                all += run.len();
            }
        }
        assert!(all > 3_000, "{all}");
    }
}
