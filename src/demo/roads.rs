//! The road mesh: estates, the collector roads between them, main roads as cheapest paths, bridges.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};

use super::land::{Land, ORIGIN, SIDE};
use super::mesh::{Mesh, NONE};
use super::partition::Cut;
use super::plane::{Point, at};
use super::random::{Noise, Stream};

/// Sides of the road mesh's cells, in metres.
const CELL_SIDE: f64 = 104.0;
/// Ground of an estate, in km², about.
const ESTATE_KM2: f64 = 0.34;
/// People per km² from which ground is built up.
const BUILT_UP: f64 = 720.0;

/// How much a road carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    Main,
    Collector,
    Local,
    Lane,
}

/// Roads along mesh edges, and the estates between them.
pub(super) struct Roads {
    pub mesh: Mesh,
    /// Estate of each mesh cell.
    pub estates: Vec<u16>,
    pub n_estates: usize,
    /// Each road edge once, by its lower and higher corner, with its class and route.
    pub edges: BTreeMap<(usize, usize), (Class, u16)>,
}

impl Roads {
    pub(super) fn new(seed: u64, land: &Land) -> Self {
        let mut mesh = Mesh::new(seed ^ 0x0a0d, ORIGIN, SIDE, CELL_SIDE);
        let dry: Vec<bool> = (0..mesh.len())
            .map(|cell| {
                let p = mesh.centres[cell];
                let inland = [(90.0, 0.0), (-90.0, 0.0), (0.0, 90.0), (0.0, -90.0)];
                !mesh.is_rim(cell)
                    && inland.iter().all(|&(dx, dy)| land.holds(at(p.x + dx, p.y + dy)))
                    && land.off_river(p) > land.river_half_width(p.x) + 62.0
            })
            .collect();
        let side: Vec<u8> = mesh.centres.iter().map(|&p| u8::from(land.is_north(p))).collect();
        let (estates, n_estates) = estates(seed, land, &mesh, &dry, &side);
        let borders = mesh.borders(&estates);
        let mut net = Net::new(seed, &mesh, &dry, &side, land);
        for &(a, b, left, right) in &borders {
            let inner = right != NONE;
            // The rim of a town is a road only where fields begin, not along water.
            if inner || left % 3 != 0 {
                net.open(a, b, Class::Collector);
            }
        }
        net.main_roads(land);
        net.lanes(seed);
        let edges = net.roads();
        let as_borders: Vec<_> = edges.keys().map(|&(a, b)| (a, b, 0, 0)).collect();
        mesh.smooth(&as_borders, 4);
        Self { mesh, estates, n_estates, edges }
    }
}

pub(super) fn key(a: usize, b: usize) -> (usize, usize) {
    (a.min(b), a.max(b))
}

/// Cuts built-up ground into estates.
fn estates(seed: u64, land: &Land, mesh: &Mesh, dry: &[bool], side: &[u8]) -> (Vec<u16>, usize) {
    let cells: Vec<usize> = (0..mesh.len())
        .filter(|&cell| dry[cell] && land.density(mesh.centres[cell]) > BUILT_UP)
        .collect();
    let weight: Vec<f64> =
        mesh.centres.iter().map(|&p| 0.75 + 650.0 / (450.0 + p.distance(land.centre()))).collect();
    let n = (cells.len() as f64 * mesh.cell_km2() / ESTATE_KM2) as usize;
    let total: f64 = cells.iter().map(|&cell| weight[cell]).sum();
    let ridges = Noise::new(seed, "estates", 420.0);
    let rough: Vec<f64> = mesh
        .centres
        .iter()
        .map(|p| {
            let ridge = 1.0 - ridges.rough(p.x, p.y).abs();
            0.4 + 1.4 * ridge * ridge
        })
        .collect();
    let targets = vec![total / n as f64; n];
    let mut stream = Stream::new(seed, "estates");
    let labels = Cut {
        mesh,
        cells: &cells,
        weight: &weight,
        rough: &rough,
        side,
        targets: &targets,
        rounds: 12,
    }
    .run(&mut stream);
    (labels, n)
}

struct Edge {
    ends: (usize, usize),
    cost: f64,
    road: Option<(Class, u16)>,
}

/// Mesh edges that a road may take, and the roads laid so far.
struct Net {
    edges: Vec<Edge>,
    index: HashMap<(usize, usize), usize>,
    /// Edges at each corner.
    near: Vec<Vec<usize>>,
    nodes: Vec<usize>,
    points: Vec<Point>,
    on_road: Vec<bool>,
    route: u16,
}

impl Net {
    fn new(seed: u64, mesh: &Mesh, dry: &[bool], side: &[u8], land: &Land) -> Self {
        let mut net = Self {
            edges: Vec::new(),
            index: HashMap::new(),
            near: vec![Vec::new(); mesh.corners.len()],
            nodes: Vec::new(),
            points: mesh.corners.clone(),
            on_road: vec![false; mesh.corners.len()],
            route: 0,
        };
        let ground = Noise::new(seed, "road ground", 900.0);
        let mut banks: [Vec<usize>; 2] = [Vec::new(), Vec::new()];
        for cell in (0..mesh.len()).filter(|&cell| dry[cell]) {
            let corners = mesh.corners_of(cell);
            for (k, other) in mesh.neighbours(cell).into_iter().enumerate() {
                if cell < other && dry[other] && side[other] == side[cell] {
                    let p = mesh.corners[corners[k]];
                    let rough = 1.0 + 0.8 * ground.rough(p.x, p.y).abs();
                    net.join(corners[k], corners[(k + 1) % 6], rough);
                    banks[usize::from(side[cell])].push(corners[k]);
                }
            }
        }
        // Bridges: the nearest dry corners on either bank, at chosen places.
        let town = land.centre().x;
        for offset in [-6_300.0, -3_700.0, -1_450.0, -380.0, 520.0, 1_700.0] {
            let middle = at(town + offset, land.river(town + offset));
            let ends = banks.each_ref().map(|bank| nearest(bank, &mesh.corners, middle));
            if let [Some(a), Some(b)] = ends {
                net.join(a, b, 1.3);
            }
        }
        net.nodes = (0..net.near.len()).filter(|&node| !net.near[node].is_empty()).collect();
        net
    }

    fn join(&mut self, a: usize, b: usize, factor: f64) {
        let cost = self.points[a].distance(self.points[b]) * factor;
        let id = self.edges.len();
        self.edges.push(Edge { ends: key(a, b), cost, road: None });
        self.index.insert(key(a, b), id);
        self.near[a].push(id);
        self.near[b].push(id);
    }

    /// Makes a road of the edge between two corners, if there may be one.
    fn open(&mut self, a: usize, b: usize, class: Class) {
        if let Some(&id) = self.index.get(&key(a, b)) {
            self.lay_edge(id, class);
        }
    }

    fn lay_edge(&mut self, id: usize, class: Class) {
        let edge = &mut self.edges[id];
        if edge.road.is_none_or(|(known, _)| class < known) {
            edge.road = Some((class, self.route));
        }
        self.on_road[edge.ends.0] = true;
        self.on_road[edge.ends.1] = true;
    }

    fn roads(self) -> BTreeMap<(usize, usize), (Class, u16)> {
        self.edges.into_iter().filter_map(|edge| Some((edge.ends, edge.road?))).collect()
    }

    /// Ring road, high streets, radials and roads between the lesser places.
    fn main_roads(&mut self, land: &Land) {
        /// Eight points of the compass, without sines.
        const EIGHT: [(f64, f64); 8] = [
            (1.0, 0.0),
            (0.7, 0.7),
            (0.0, 1.0),
            (-0.7, 0.7),
            (-1.0, 0.0),
            (-0.7, -0.7),
            (0.0, -1.0),
            (0.7, -0.7),
        ];
        let c = land.centre();
        let rim = |(dx, dy): (f64, f64), r: f64| at(c.x + dx * r, c.y + dy * r);
        self.route = 1;
        for radius in [2_350.0, 620.0] {
            for i in 0..8 {
                self.path(rim(EIGHT[i], radius), rim(EIGHT[(i + 1) % 8], radius), Class::Main);
            }
            self.route += 1;
        }
        for way in EIGHT {
            self.path(c, rim(way, 7_600.0), Class::Main);
            self.route += 1;
        }
        for town in &land.settlements[1..] {
            self.path(town.centre, c, Class::Main);
            self.route += 1;
        }
        for (a, b) in [(1, 6), (6, 2), (2, 5), (5, 8), (8, 3), (3, 7), (7, 4)] {
            self.path(land.settlements[a].centre, land.settlements[b].centre, Class::Lane);
            self.route += 1;
        }
    }

    /// Country lanes: from scattered farms to the nearest road.
    fn lanes(&mut self, seed: u64) {
        let mut stream = Stream::new(seed, "lanes");
        for _ in 0..150 {
            let start = self.nodes[stream.below(self.nodes.len())];
            self.lay(start, None, Class::Lane);
            self.route += 1;
        }
    }

    fn path(&mut self, from: Point, to: Point, class: Class) {
        let ends = [from, to].map(|p| nearest(&self.nodes, &self.points, p));
        if let [Some(start), Some(end)] = ends {
            self.lay(start, Some(end), class);
        }
    }

    /// Lays a road from `start` to `end`, or to the cheapest place on a road; roads already there
    /// are cheap, so that routes join.
    fn lay(&mut self, start: usize, end: Option<usize>, class: Class) {
        const UNSEEN: usize = usize::MAX;
        let mut by = vec![UNSEEN; self.near.len()];
        let mut seen = vec![false; self.near.len()];
        let mut queue = BinaryHeap::from([Reverse((0u64, start, UNSEEN))]);
        while let Some(Reverse((cost, node, edge))) = queue.pop() {
            if std::mem::replace(&mut seen[node], true) {
                continue;
            }
            by[node] = edge;
            if end.map_or(self.on_road[node], |end| node == end) {
                let mut back = node;
                while by[back] != UNSEEN {
                    let id = by[back];
                    let (a, b) = self.edges[id].ends;
                    back = if a == back { b } else { a };
                    self.lay_edge(id, class);
                }
                return;
            }
            for &id in &self.near[node] {
                let edge = &self.edges[id];
                let next = if edge.ends.0 == node { edge.ends.1 } else { edge.ends.0 };
                let factor = match edge.road {
                    Some((Class::Main, _)) => 0.45,
                    Some((Class::Collector, _)) => 0.7,
                    Some(_) => 0.8,
                    None => 1.0,
                };
                if !seen[next] {
                    queue.push(Reverse((cost + (edge.cost * factor * 100.0) as u64, next, id)));
                }
            }
        }
    }
}

fn nearest(nodes: &[usize], points: &[Point], p: Point) -> Option<usize> {
    nodes.iter().copied().min_by(|&a, &b| points[a].distance(p).total_cmp(&points[b].distance(p)))
}
