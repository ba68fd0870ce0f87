//! Wards and LSOAs: cut from one mesh, so that LSOAs nest in wards and neighbours share their edge
//! point for point.

use std::collections::BTreeMap;

use geo::{LineString, Polygon, Validation as _};
use rayon::prelude::*;

use super::land::{Land, ORIGIN, SIDE};
use super::locator::Locator;
use super::mesh::{Mesh, NONE, outer_first};
use super::names;
use super::partition::Cut;
use super::plane::{Point, Ring, at, contains, signed_area};
use super::population;
use super::random::{Noise, Stream};

/// Wards of the borough.
pub(super) const N_WARDS: usize = 24;
/// LSOAs of the borough.
pub(super) const N_LSOAS: usize = 120;
/// Code of the borough; real districts of England begin `E06` to `E09` and end below 000400.
pub(super) const BOROUGH_CODE: &str = "E06999001";
/// Name of the borough.
pub(super) const BOROUGH_NAME: &str = "Fennmouth (fictional)";
/// Sides of the mesh's cells, in metres.
const CELL_SIDE: f64 = 88.0;
/// How far the edges of areas wander off the line, as a share of each edge.
const BEND: f64 = 0.13;

/// The kind of place an LSOA is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zone {
    Centre,
    Terraces,
    Suburb,
    Resort,
    Town,
    Village,
    Rural,
}

/// One ward.
pub(super) struct Ward {
    pub code: String,
    pub name: String,
    /// Outer ring first, then holes.
    pub rings: Vec<Ring>,
    pub residents: u32,
    pub households: u32,
    /// Its LSOAs.
    pub lsoas: Vec<usize>,
}

/// One LSOA.
pub(super) struct Lsoa {
    pub code: String,
    pub name: String,
    pub rings: Vec<Ring>,
    pub middle: Point,
    pub ward: usize,
    pub zone: Zone,
    /// 0 for the least deprived, 1 for the most.
    pub deprivation: f64,
    pub residents: u32,
    pub households: u32,
}

/// The borough's ground and areas.
pub(super) struct Borough {
    pub land: Land,
    pub wards: Vec<Ward>,
    pub lsoas: Vec<Lsoa>,
    pub locator: Locator,
}

impl Borough {
    pub(super) fn new(seed: u64) -> Self {
        let land = Land::new(seed);
        let ground = Ground::new(seed, &land);
        let (wards, lsoas, per_lsoa) = ground.cut(seed, &land);
        let (ward_rings, lsoa_rings) = outlines(&ground.mesh, &wards, &lsoas);
        Self::assemble(seed, land, ward_rings, lsoa_rings, &per_lsoa)
    }

    fn assemble(
        seed: u64,
        land: Land,
        ward_rings: Vec<Vec<Ring>>,
        lsoa_rings: Vec<Vec<Ring>>,
        per_lsoa: &[(usize, f64)],
    ) -> Self {
        let mut lsoas: Vec<Lsoa> = lsoa_rings
            .into_iter()
            .zip(per_lsoa)
            .map(|(rings, &(ward, people))| {
                let km2 = rings.iter().map(|ring| signed_area(ring)).sum::<f64>() / 1e6;
                let middle = inside(&rings);
                let zone = population::zone(&land, middle, people / km2);
                Lsoa {
                    code: String::new(),
                    name: String::new(),
                    rings,
                    middle,
                    ward,
                    zone,
                    deprivation: 0.0,
                    residents: 0,
                    households: 0,
                }
            })
            .collect();
        let people: Vec<f64> = per_lsoa.iter().map(|&(_, people)| people).collect();
        population::fill(seed, &land, &mut lsoas, &people);
        let mut wards: Vec<Ward> = ward_rings
            .into_iter()
            .enumerate()
            .map(|(i, rings)| {
                let own: Vec<usize> = (0..lsoas.len()).filter(|&l| lsoas[l].ward == i).collect();
                let of = |pick: fn(&Lsoa) -> u32| own.iter().map(|&l| pick(&lsoas[l])).sum();
                Ward {
                    code: format!("E05999{:03}", i + 1),
                    name: String::new(),
                    residents: of(|l| l.residents),
                    households: of(|l| l.households),
                    rings,
                    lsoas: own,
                }
            })
            .collect();
        names::wards(seed, &mut wards, &lsoas);
        let mut number = 0;
        for ward in &wards {
            for (nth, &l) in ward.lsoas.iter().enumerate() {
                number += 1;
                lsoas[l].code = format!("E01999{number:03}");
                // ONS names: district and number; here by ward, as the borough has no MSOAs.
                lsoas[l].name = format!("{} {:03}{}", "Fennmouth", lsoas[l].ward + 1, letter(nth));
            }
        }
        let outlines: Vec<&[Ring]> = lsoas.iter().map(|lsoa| lsoa.rings.as_slice()).collect();
        let locator = Locator::new(ORIGIN, SIDE, &outlines);
        Self { land, wards, lsoas, locator }
    }

    /// LSOA at a point; `None` outside the borough.
    pub(super) fn lsoa_at(&self, point: Point) -> Option<usize> {
        self.locator.locate(point, |l| &self.lsoas[l].rings)
    }

    /// Ward at a point; `None` outside the borough.
    pub(super) fn ward_at(&self, point: Point) -> Option<usize> {
        self.lsoa_at(point).map(|l| self.lsoas[l].ward)
    }
}

fn letter(n: usize) -> char {
    char::from(b'A' + (n % 26) as u8)
}

/// Outlines of wards and LSOAs: as smooth and as crooked as they can be without crossing
/// themselves, which the bare mesh never does.
fn outlines(mesh: &Mesh, wards: &[u16], lsoas: &[u16]) -> (Vec<Vec<Ring>>, Vec<Vec<Ring>>) {
    let borders = mesh.borders(lsoas);
    for (passes, bend) in [(2, BEND), (2, BEND / 2.0), (1, 0.0)] {
        let mut mesh = mesh.clone();
        mesh.smooth(&borders, passes);
        let rings = drawn(&mesh, lsoas, N_LSOAS, bend);
        if rings.par_iter().all(|rings| is_valid(rings)) {
            return (drawn(&mesh, wards, N_WARDS, bend), rings);
        }
    }
    (drawn(mesh, wards, N_WARDS, 0.0), drawn(mesh, lsoas, N_LSOAS, 0.0))
}

fn drawn(mesh: &Mesh, labels: &[u16], n: usize, bend: f64) -> Vec<Vec<Ring>> {
    mesh.outlines(labels, n)
        .into_iter()
        .map(|outlines| outer_first(outlines.iter().map(|o| mesh.draw(o, bend)).collect()))
        .collect()
}

/// Whether rings, outer first, make one polygon that nowhere crosses itself.
fn is_valid(rings: &[Ring]) -> bool {
    let line = |ring: &Ring| ring.iter().map(|p| (p.x, p.y)).collect::<LineString>();
    let mut lines = rings.iter().map(line);
    let outer = lines.next().unwrap_or_else(|| LineString::new(Vec::new()));
    Polygon::new(outer, lines.collect()).is_valid()
}

/// A point well inside: the middle of the area if that lies within, else the middle of the
/// longest run inside along a line through it.
fn inside(rings: &[Ring]) -> Point {
    let ring = &rings[0];
    let n = ring.len() as f64;
    let sum = ring.iter().fold(at(0.0, 0.0), |s, p| at(s.x + p.x, s.y + p.y));
    let middle = at(sum.x / n, sum.y / n);
    if contains(ring, middle) {
        return middle;
    }
    let mut cuts: Vec<f64> = Vec::new();
    for (i, a) in ring.iter().enumerate() {
        let b = ring[(i + 1) % ring.len()];
        if (a.y > middle.y) != (b.y > middle.y) {
            cuts.push(a.x + (middle.y - a.y) / (b.y - a.y) * (b.x - a.x));
        }
    }
    cuts.sort_by(f64::total_cmp);
    cuts.chunks_exact(2)
        .max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])))
        .map_or(middle, |run| at(f64::midpoint(run[0], run[1]), middle.y))
}

/// The mesh with what each cell is like.
struct Ground {
    mesh: Mesh,
    cells: Vec<usize>,
    people: Vec<f64>,
    rough: Vec<f64>,
    side: Vec<u8>,
}

impl Ground {
    fn new(seed: u64, land: &Land) -> Self {
        let mesh = Mesh::new(seed, ORIGIN, SIDE, CELL_SIDE);
        let ridges = Noise::new(seed, "ridges", 640.0);
        let held: Vec<bool> = (0..mesh.len())
            .into_par_iter()
            .map(|cell| !mesh.is_rim(cell) && land.holds(mesh.centres[cell]))
            .collect();
        let (cells, side) = main_body(&mesh, land, &held);
        let km2 = mesh.cell_km2();
        let people = mesh.centres.par_iter().map(|&p| land.density(p) * km2).collect();
        let rough = mesh
            .centres
            .par_iter()
            .map(|p| {
                let ridge = 1.0 - ridges.rough(p.x, p.y).abs();
                0.3 + 2.4 * ridge * ridge * ridge
            })
            .collect();
        Self { mesh, cells, people, rough, side }
    }

    /// Ward and LSOA of every cell, and each LSOA's ward and people.
    fn cut(&self, seed: u64, land: &Land) -> (Vec<u16>, Vec<u16>, Vec<(usize, f64)>) {
        let wards = self.cut_wards(seed, land);
        let mut people = vec![0.0; N_WARDS];
        for &cell in &self.cells {
            people[usize::from(wards[cell])] += self.people[cell];
        }
        let shares = apportion(&people, N_LSOAS);
        let parts: Vec<Vec<u16>> = (0..N_WARDS)
            .into_par_iter()
            .map(|ward| {
                let cells: Vec<usize> = self
                    .cells
                    .iter()
                    .copied()
                    .filter(|&cell| usize::from(wards[cell]) == ward)
                    .collect();
                let target = people[ward] / shares[ward] as f64;
                let targets = vec![target; shares[ward]];
                let mut stream = Stream::new(seed, &format!("lsoas of ward {ward}"));
                self.run(&cells, &targets, 26, &mut stream)
            })
            .collect();
        let mut first = 0;
        let mut lsoas = vec![NONE; self.mesh.len()];
        let mut per_lsoa = vec![(0, 0.0); N_LSOAS];
        for (ward, part) in parts.iter().enumerate() {
            for (cell, &label) in part.iter().enumerate().filter(|&(_, &label)| label != NONE) {
                let lsoa = first + usize::from(label);
                lsoas[cell] = lsoa as u16;
                per_lsoa[lsoa].0 = ward;
                per_lsoa[lsoa].1 += self.people[cell];
            }
            first += shares[ward];
        }
        (wards, lsoas, per_lsoa)
    }

    /// Wards of either bank on their own, as the river divides them.
    fn cut_wards(&self, seed: u64, land: &Land) -> Vec<u16> {
        let mut stream = Stream::new(seed, "wards");
        let bank = |side: u8| -> Vec<usize> {
            self.cells.iter().copied().filter(|&cell| self.side[cell] == side).collect()
        };
        let banks = [bank(1), bank(0)];
        let totals =
            banks.each_ref().map(|cells| cells.iter().map(|&cell| self.people[cell]).sum::<f64>());
        let counts = apportion(&totals, N_WARDS);
        let mut labels = vec![NONE; self.mesh.len()];
        let mut middles = Vec::new();
        for ((cells, &total), &n) in banks.iter().zip(&totals).zip(&counts) {
            let sizes: Vec<f64> = (0..n).map(|_| stream.between(0.72, 1.28)).collect();
            let sum: f64 = sizes.iter().sum();
            let targets: Vec<f64> = sizes.iter().map(|size| total * size / sum).collect();
            let part = self.run(cells, &targets, 40, &mut stream);
            let first = middles.len();
            middles.resize(first + n, (0.0, 0.0, 0.0));
            for (cell, &label) in part.iter().enumerate().filter(|&(_, &label)| label != NONE) {
                let ward = first + usize::from(label);
                labels[cell] = ward as u16;
                let (p, sum) = (self.mesh.centres[cell], &mut middles[ward]);
                *sum = (sum.0 + p.x, sum.1 + p.y, sum.2 + 1.0);
            }
        }
        // Numbered outwards from the middle of town, as no list of real wards is.
        let mut order: Vec<usize> = (0..middles.len()).collect();
        let away = |i: usize| {
            let (x, y, n) = middles[i];
            at(x / n, y / n).distance(land.centre())
        };
        order.sort_by(|&a, &b| away(a).total_cmp(&away(b)));
        let mut rank = vec![NONE; order.len()];
        for (i, &ward) in order.iter().enumerate() {
            rank[ward] = i as u16;
        }
        for label in labels.iter_mut().filter(|label| **label != NONE) {
            *label = rank[usize::from(*label)];
        }
        labels
    }

    fn run(
        &self,
        cells: &[usize],
        targets: &[f64],
        rounds: usize,
        stream: &mut Stream,
    ) -> Vec<u16> {
        let (mesh, rough, side) = (&self.mesh, &self.rough, &self.side);
        Cut { mesh, cells, weight: &self.people, rough, side, targets, rounds }.run(stream)
    }
}

/// The cells of the borough in one piece on either bank, without stray islands, and the bank of
/// every cell.
fn main_body(mesh: &Mesh, land: &Land, held: &[bool]) -> (Vec<usize>, Vec<u8>) {
    let mut side: Vec<u8> = mesh.centres.iter().map(|&p| u8::from(land.is_north(p))).collect();
    let mut kept = Vec::new();
    for bank in [1, 0] {
        let mut piece = vec![0usize; mesh.len()];
        let mut sizes = vec![0usize];
        for start in 0..mesh.len() {
            if !held[start] || side[start] != bank || piece[start] != 0 {
                continue;
            }
            let number = sizes.len();
            sizes.push(0);
            let mut queue = vec![start];
            piece[start] = number;
            while let Some(cell) = queue.pop() {
                sizes[number] += 1;
                for near in mesh.neighbours(cell) {
                    if held[near] && side[near] == bank && piece[near] == 0 {
                        piece[near] = number;
                        queue.push(near);
                    }
                }
            }
        }
        let largest = (1..sizes.len()).max_by_key(|&i| sizes[i]).unwrap_or(0);
        kept.extend((0..mesh.len()).filter(|&cell| piece[cell] == largest && largest > 0));
    }
    kept.sort_unstable();
    let mut is_kept = vec![false; mesh.len()];
    for &cell in &kept {
        is_kept[cell] = true;
    }
    // Cells all round which the borough closes are the borough's too.
    for cell in (0..mesh.len()).filter(|&cell| !mesh.is_rim(cell) && !is_kept[cell]) {
        let near = mesh.neighbours(cell);
        if near.iter().all(|&n| is_kept[n]) {
            kept.push(cell);
            side[cell] = side[near[0]];
        }
    }
    kept.sort_unstable();
    (kept, side)
}

/// Shares `seats` out by weight, by largest remainder, at least one each.
fn apportion(weights: &[f64], seats: usize) -> Vec<usize> {
    let total: f64 = weights.iter().sum();
    let exact: Vec<f64> = weights.iter().map(|w| w / total * seats as f64).collect();
    let mut shares: Vec<usize> = exact.iter().map(|&e| (e as usize).max(1)).collect();
    let mut by_rest: BTreeMap<usize, f64> = BTreeMap::new();
    while shares.iter().sum::<usize>() != seats {
        let given: usize = shares.iter().sum();
        by_rest.clear();
        by_rest.extend((0..weights.len()).map(|i| (i, exact[i] - shares[i] as f64)));
        if given < seats {
            let most = by_rest.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)));
            shares[*most.expect("there are weights").0] += 1;
        } else {
            let least = by_rest
                .iter()
                .filter(|&(&i, _)| shares[i] > 1)
                .min_by(|a, b| a.1.total_cmp(b.1).then(a.0.cmp(b.0)));
            shares[*least.expect("more weights than seats never happens").0] -= 1;
        }
    }
    shares
}
