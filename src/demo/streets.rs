//! The street network: named streets, their segments, the addresses along them, snap points.

use std::collections::{BTreeMap, HashMap};

use super::geography::{Borough, Zone};
use super::plane::{Point, Ring, at, contains, direction};
use super::random::{Noise, Stream};
use super::roads::{Class, Roads, key};
use super::street_grid::{End, Layout, lay};
use super::street_names::{Kind, names_of};

/// A street of one name: a line of nodes.
pub(super) struct Street {
    pub name: String,
    pub class: Class,
    pub nodes: Vec<usize>,
}

/// The stretch of a street between two nodes.
pub(super) struct Segment {
    pub a: usize,
    pub b: usize,
    pub street: usize,
    pub class: Class,
    pub length: f64,
    /// LSOA of its middle.
    pub lsoa: usize,
    pub addresses: u32,
}

/// A built-up patch between collector roads.
pub(super) struct Estate {
    pub middle: Point,
    pub is_park: bool,
}

/// All streets.
pub(super) struct Streets {
    pub nodes: Vec<Point>,
    pub named: Vec<Street>,
    pub segments: Vec<Segment>,
    pub estates: Vec<Estate>,
    /// Segments of each LSOA.
    pub by_lsoa: Vec<Vec<usize>>,
}

/// A street before it has a name.
pub(super) struct Line {
    pub nodes: Vec<usize>,
    pub class: Class,
    pub kind: Kind,
    /// Number of the main road that it is part of.
    pub route: u16,
}

impl Streets {
    pub(super) fn new(seed: u64, borough: &Borough) -> Self {
        let roads = Roads::new(seed, &borough.land);
        let mut nodes: Vec<Point> = Vec::new();
        let mut node_of: HashMap<usize, usize> = HashMap::new();
        for &(a, b) in roads.edges.keys() {
            for corner in [a, b] {
                node_of.entry(corner).or_insert_with(|| {
                    nodes.push(roads.mesh.corners[corner]);
                    nodes.len() - 1
                });
            }
        }
        let (estates, mut lines, splits) = inside_estates(seed, borough, &roads, &mut nodes);
        let chains = chains(&roads, &node_of, &splits);
        lines.extend(chains.into_iter().map(|(nodes, class, route)| Line {
            nodes,
            class,
            route,
            kind: if class == Class::Lane { Kind::Rural } else { Kind::Suburb },
        }));
        let lines = connected(lines, nodes.len());
        let nodes: Vec<Point> = nodes.into_iter().map(Point::rounded).collect();
        Self::named(seed, borough, nodes, lines, estates)
    }

    fn named(
        seed: u64,
        borough: &Borough,
        nodes: Vec<Point>,
        lines: Vec<Line>,
        estates: Vec<Estate>,
    ) -> Self {
        let names = names_of(seed, &borough.land, &nodes, &lines);
        let mut streets = Vec::with_capacity(lines.len());
        let mut segments = Vec::new();
        for (line, name) in lines.into_iter().zip(names) {
            let (street, class) = (streets.len(), line.class);
            for ends in line.nodes.windows(2) {
                let (a, b) = (ends[0], ends[1]);
                let middle = nodes[a].towards(nodes[b], 0.5);
                let Some(lsoa) = borough.lsoa_at(middle) else { continue };
                let length = nodes[a].distance(nodes[b]);
                segments.push(Segment { a, b, street, class, length, lsoa, addresses: 0 });
            }
            streets.push(Street { name, class, nodes: line.nodes });
        }
        let mut by_lsoa = vec![Vec::new(); borough.lsoas.len()];
        for (i, segment) in segments.iter().enumerate() {
            by_lsoa[segment.lsoa].push(i);
        }
        let mut all = Self { nodes, named: streets, segments, estates, by_lsoa };
        all.settle(seed, borough);
        all
    }

    /// Gives every household an address on a segment of its LSOA.
    fn settle(&mut self, seed: u64, borough: &Borough) {
        let mut stream = Stream::new(seed, "addresses");
        for (l, own) in self.by_lsoa.iter().enumerate() {
            let weights: Vec<f64> = own
                .iter()
                .map(|&s| {
                    let per_metre = match self.segments[s].class {
                        Class::Local => 1.0,
                        Class::Collector => 0.55,
                        Class::Main => 0.35,
                        Class::Lane => 0.12,
                    };
                    self.segments[s].length * per_metre * stream.between(0.6, 1.4)
                })
                .collect();
            let total: f64 = weights.iter().sum();
            let households = f64::from(borough.lsoas[l].households);
            let mut given = 0.0;
            let mut placed = 0;
            for (&s, weight) in own.iter().zip(weights) {
                given += households * weight / total;
                let upto = given.round() as u32;
                self.segments[s].addresses = upto - placed;
                placed = upto;
            }
        }
    }

    /// The point `share` along a segment, `off` metres to its left.
    pub(super) fn point(&self, segment: usize, share: f64, off: f64) -> Point {
        let (a, b) = (self.nodes[self.segments[segment].a], self.nodes[self.segments[segment].b]);
        let (dx, dy) = direction(a, b);
        let p = a.towards(b, share);
        at(p.x - dy * off, p.y + dx * off)
    }

    /// Middle of a segment.
    pub(super) fn middle(&self, segment: usize) -> Point {
        self.point(segment, 0.5, 0.0)
    }

    /// Name of a segment's street.
    pub(super) fn name(&self, segment: usize) -> &str {
        &self.named[self.segments[segment].street].name
    }

    /// Middle of the longest segment of a street.
    pub(super) fn on(&self, name: &str) -> Option<Point> {
        (0..self.segments.len())
            .filter(|&s| self.name(s) == name)
            .max_by(|&a, &b| self.segments[a].length.total_cmp(&self.segments[b].length))
            .map(|s| self.middle(s))
    }
}

/// Points where local streets meet a road edge: node and share of the way from the lower corner.
type Splits = BTreeMap<(usize, usize), Vec<(f64, usize)>>;

fn inside_estates(
    seed: u64,
    borough: &Borough,
    roads: &Roads,
    nodes: &mut Vec<Point>,
) -> (Vec<Estate>, Vec<Line>, Splits) {
    let wander = Noise::new(seed, "streets", 330.0);
    let (mut estates, mut lines, mut splits) = (Vec::new(), Vec::new(), Splits::new());
    for (e, outlines) in roads.mesh.outlines(&roads.estates, roads.n_estates).iter().enumerate() {
        let mut rings: Vec<(Ring, &Vec<usize>)> =
            outlines.iter().map(|o| (roads.mesh.draw(o, 0.0), o)).collect();
        rings.sort_by_key(|(ring, _)| std::cmp::Reverse(ring.len()));
        let Some((ring, corners)) = rings.first() else { continue };
        let mut stream = Stream::new(seed, &format!("estate {e}"));
        let n = ring.len() as f64;
        let sum = ring.iter().fold(at(0.0, 0.0), |s, p| at(s.x + p.x, s.y + p.y));
        let middle = at(sum.x / n, sum.y / n);
        let Some(lsoa) = borough.lsoa_at(middle) else { continue };
        let zone = borough.lsoas[lsoa].zone;
        let is_park = stream.chance(0.07) && contains(ring, middle);
        estates.push(Estate { middle, is_park });
        if is_park {
            continue;
        }
        let first = nodes.len();
        let grid = lay(ring, layout(zone, &mut stream), &wander, &mut stream);
        nodes.extend(grid.crossings);
        let kind = if zone == Zone::Terraces { Kind::Terrace } else { Kind::Suburb };
        for line in grid.lines {
            let mut on_line = Vec::with_capacity(line.len());
            for end in line {
                match end {
                    End::Inner(i) => on_line.push(first + i),
                    End::Edge(corner, share) => {
                        let (a, b) = (corners[corner], corners[(corner + 1) % corners.len()]);
                        if !roads.edges.contains_key(&key(a, b)) {
                            continue;
                        }
                        nodes.push(ring[corner].towards(ring[(corner + 1) % ring.len()], share));
                        let from_lower = if a < b { share } else { 1.0 - share };
                        splits.entry(key(a, b)).or_default().push((from_lower, nodes.len() - 1));
                        on_line.push(nodes.len() - 1);
                    }
                }
            }
            if on_line.len() > 1 {
                lines.push(Line { nodes: on_line, class: Class::Local, kind, route: 0 });
            }
        }
    }
    (estates, lines, splits)
}

fn layout(zone: Zone, stream: &mut Stream) -> Layout {
    let near = |middle: f64, stream: &mut Stream| middle * stream.between(0.88, 1.14);
    let of = |row_gap, block, gaps, sway| Layout { row_gap, block, gaps, sway };
    match zone {
        Zone::Centre => of(near(62.0, stream), near(92.0, stream), 0.22, 16.0),
        Zone::Terraces => of(near(50.0, stream), near(128.0, stream), 0.34, 3.0),
        Zone::Resort => of(near(66.0, stream), near(120.0, stream), 0.35, 9.0),
        Zone::Suburb | Zone::Town => of(near(80.0, stream), near(128.0, stream), 0.42, 26.0),
        Zone::Village | Zone::Rural => of(near(105.0, stream), near(135.0, stream), 0.5, 30.0),
    }
}

/// Road edges joined into lines of one class between junctions, with the nodes of local streets.
fn chains(
    roads: &Roads,
    node_of: &HashMap<usize, usize>,
    splits: &Splits,
) -> Vec<(Vec<usize>, Class, u16)> {
    let mut near: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
    for &(a, b) in roads.edges.keys() {
        near.entry(a).or_default().push((a, b));
        near.entry(b).or_default().push((a, b));
    }
    let mut left: BTreeMap<(usize, usize), (Class, u16)> = roads.edges.clone();
    let mut chains = Vec::new();
    while let Some((&start, &(class, route))) = left.first_key_value() {
        left.remove(&start);
        let mut corners = vec![start.0, start.1];
        // On from the end, then, turned round, on from the start.
        for _ in 0..2 {
            loop {
                let (end, before) = (corners[corners.len() - 1], corners[corners.len() - 2]);
                let heading = direction(roads.mesh.corners[before], roads.mesh.corners[end]);
                let next = near[&end]
                    .iter()
                    .filter(|edge| left.get(edge).is_some_and(|road| road.0 == class))
                    .filter(|edge| class == Class::Collector || left[edge].1 == route)
                    .map(|&(a, b)| if a == end { b } else { a })
                    .map(|other| {
                        let way = direction(roads.mesh.corners[end], roads.mesh.corners[other]);
                        (heading.0 * way.0 + heading.1 * way.1, other)
                    })
                    .filter(|&(straight, _)| straight > 0.35)
                    .max_by(|a, b| a.0.total_cmp(&b.0));
                let Some((_, other)) = next.filter(|_| corners.len() < 24) else { break };
                left.remove(&key(end, other));
                corners.push(other);
            }
            corners.reverse();
        }
        let mut nodes = vec![node_of[&corners[0]]];
        for pair in corners.windows(2) {
            let mut between = splits.get(&key(pair[0], pair[1])).cloned().unwrap_or_default();
            between.sort_by(|a, b| a.0.total_cmp(&b.0));
            if pair[0] > pair[1] {
                between.reverse();
            }
            nodes.extend(between.into_iter().map(|(_, node)| node));
            nodes.push(node_of[&pair[1]]);
        }
        chains.push((nodes, class, route));
    }
    chains
}

/// The lines of the largest connected part.
fn connected(lines: Vec<Line>, n_nodes: usize) -> Vec<Line> {
    let mut parent: Vec<usize> = (0..n_nodes).collect();
    for line in &lines {
        for pair in line.nodes.windows(2) {
            let (a, b) = (root(&mut parent, pair[0]), root(&mut parent, pair[1]));
            parent[a.max(b)] = a.min(b);
        }
    }
    let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
    for line in &lines {
        *sizes.entry(root(&mut parent, line.nodes[0])).or_default() += line.nodes.len();
    }
    let largest = sizes.into_iter().max_by_key(|&(_, size)| size).map(|(root, _)| root);
    lines.into_iter().filter(|line| Some(root(&mut parent, line.nodes[0])) == largest).collect()
}

fn root(parent: &mut [usize], mut i: usize) -> usize {
    while parent[i] != i {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    i
}
