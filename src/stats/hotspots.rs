//! From significant cells to places a team can be sent to.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::quantity::SquareMetres;
use crate::units::UnitIdx;
use crate::weights::Neighbours;

/// One hotspot: cells in one piece.
#[derive(Debug, Clone, PartialEq)]
pub struct Hotspot {
    /// Its cells, in order.
    pub cells: Vec<UnitIdx>,
    /// Area of its cells together.
    pub area: SquareMetres,
    /// Whether it was cut at a saddle from a larger piece.
    pub is_part: bool,
    /// Whether it is larger than was asked for and has one peak only, so that there is nowhere to
    /// cut it.
    pub cannot_be_split: bool,
}

/// Why hotspots cannot be made.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum HotspotError {
    /// Cells, heights, areas and neighbours do not describe the same units.
    #[error("{hot} cells, {heights} heights and {areas} areas for {units} units")]
    Shape {
        /// Length of `hot`.
        hot: usize,
        /// Length of `heights`.
        heights: usize,
        /// Length of `areas`.
        areas: usize,
        /// Length of `near`.
        units: usize,
    },
    /// A height that is not a finite number.
    #[error("the height of unit {0} is not a finite number")]
    NotFinite(usize),
}

/// Merges hot cells that touch into hotspots, and splits those larger than `largest` at their
/// saddles.
///
/// The heights of a hotspot's cells are land that is flooded from the peaks downwards: each cell
/// goes to the basin of its highest neighbour flooded before it, and two basins meet at a saddle.
///
/// 1. A level stretch has one peak, not one per cell; and a basin of a single cell joins the
///    neighbour across its highest saddle.
/// 2. While a piece is larger than `largest` and has more than one basin, it is cut at its lowest
///    saddle: basins stay with the neighbours they hang together with over the highest saddles.
/// 3. A piece of one basin is cut no further, whatever its size, and says so.
///
/// Of equal heights the first cell in the list comes first, and of equal saddles the one between
/// the first peaks is cut last, so the same input gives the same hotspots.
///
/// # Shapes and units
///
/// - `hot`, `areas`: `[n_units]`.
/// - `heights`: `[n_units]`, smoothed density or Gi* z; only those of hot cells are looked at.
/// - `near`: `[n_units]`, cells that share an edge (rook), so that a hotspot is one piece of ground.
/// - returns: hotspots in order of their first cell; every hot cell is in exactly one.
///
/// # Errors
///
/// [`HotspotError::Shape`] if lengths differ, [`HotspotError::NotFinite`] for the height of a hot
/// cell.
///
/// # Source
///
/// The flooding is that of Vincent and Soille (1991), *IEEE Transactions on Pattern Analysis and
/// Machine Intelligence* 13(6), 583-598, <https://doi.org/10.1109/34.87344>, on a graph and without
/// dividing lines; which saddles are cut, and when, is ours.
pub fn hotspots(
    hot: &[bool],
    heights: &[f64],
    areas: &[SquareMetres],
    near: &Neighbours,
    largest: SquareMetres,
) -> Result<Vec<Hotspot>, HotspotError> {
    let units = near.n_units();
    if [hot.len(), heights.len(), areas.len()] != [units; 3] {
        return Err(HotspotError::Shape {
            hot: hot.len(),
            heights: heights.len(),
            areas: areas.len(),
            units,
        });
    }
    if let Some(unit) = (0..units).find(|&i| hot[i] && !heights[i].is_finite()) {
        return Err(HotspotError::NotFinite(unit));
    }
    let ground = Ground { hot, heights, areas, near };
    let mut found = Vec::new();
    for piece in ground.pieces() {
        if ground.area(&piece) <= largest.get() {
            found.push(ground.hotspot(piece, false, false));
            continue;
        }
        let basins = ground.basins(&piece);
        let parts = basins.cut(|cells| ground.area(cells) > largest.get());
        let is_part = parts.len() > 1;
        for cells in parts {
            let too_large = ground.area(&cells) > largest.get();
            found.push(ground.hotspot(cells, is_part, too_large));
        }
    }
    found.sort_by_key(|hotspot| hotspot.cells.first().copied());
    Ok(found)
}

/// Cells and what is known of them.
struct Ground<'a> {
    hot: &'a [bool],
    heights: &'a [f64],
    areas: &'a [SquareMetres],
    near: &'a Neighbours,
}

impl Ground<'_> {
    fn hot_near(&self, cell: usize) -> impl Iterator<Item = usize> + '_ {
        self.near.of(cell).iter().map(|&j| j as usize).filter(|&j| self.hot[j])
    }

    fn area(&self, cells: &[usize]) -> f64 {
        cells.iter().map(|&cell| self.areas[cell].get()).sum()
    }

    fn hotspot(&self, mut cells: Vec<usize>, is_part: bool, cannot_be_split: bool) -> Hotspot {
        cells.sort_unstable();
        Hotspot {
            area: SquareMetres::new(self.area(&cells)),
            cells: cells.into_iter().map(UnitIdx::new).collect(),
            is_part,
            cannot_be_split,
        }
    }

    /// Hot cells that hang together, each piece in order.
    fn pieces(&self) -> Vec<Vec<usize>> {
        let mut seen = vec![false; self.hot.len()];
        let mut pieces = Vec::new();
        for start in (0..self.hot.len()).filter(|&i| self.hot[i]) {
            if std::mem::replace(&mut seen[start], true) {
                continue;
            }
            let mut piece = vec![start];
            let mut at = 0;
            while at < piece.len() {
                for next in self.hot_near(piece[at]) {
                    if !std::mem::replace(&mut seen[next], true) {
                        piece.push(next);
                    }
                }
                at += 1;
            }
            piece.sort_unstable();
            pieces.push(piece);
        }
        pieces
    }

    /// Floods one piece from its peaks down.
    fn basins(&self, piece: &[usize]) -> Basins {
        let mut downwards = piece.to_vec();
        downwards.sort_by(|&a, &b| self.heights[b].total_cmp(&self.heights[a]).then(a.cmp(&b)));
        let mut basin_of: BTreeMap<usize, usize> = BTreeMap::new();
        let mut basins = Basins::default();
        for &cell in &downwards {
            let flooded = self.hot_near(cell).filter(|near| basin_of.contains_key(near));
            let highest = flooded
                .min_by(|&a, &b| self.heights[b].total_cmp(&self.heights[a]).then(a.cmp(&b)));
            let basin = if let Some(near) = highest {
                basin_of[&near]
            } else {
                basins.peaks.push(self.heights[cell]);
                basins.cells.push(Vec::new());
                basins.cells.len() - 1
            };
            basin_of.insert(cell, basin);
            basins.cells[basin].push(cell);
        }
        for (&cell, &basin) in &basin_of {
            for near in self.hot_near(cell) {
                let other = basin_of[&near];
                if basin < other {
                    let saddle = self.heights[cell].min(self.heights[near]);
                    basins.raise_saddle((basin, other), saddle);
                }
            }
        }
        basins.merge_level_and_tiny();
        basins
    }
}

/// Basins of one piece, numbered from the highest peak down, and the saddles between them.
#[derive(Debug, Default)]
struct Basins {
    peaks: Vec<f64>,
    cells: Vec<Vec<usize>>,
    /// Height of the highest pass between two basins, the lower number first.
    saddles: BTreeMap<(usize, usize), f64>,
}

impl Basins {
    fn raise_saddle(&mut self, between: (usize, usize), height: f64) {
        let saddle = self.saddles.entry(between).or_insert(height);
        *saddle = saddle.max(height);
    }

    /// Saddles from the highest down; of equal ones, those between the first basins first.
    fn by_height(&self) -> Vec<((usize, usize), f64)> {
        let mut saddles: Vec<_> = self.saddles.iter().map(|(&at, &height)| (at, height)).collect();
        saddles.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        saddles
    }

    /// Joins basins that are one level stretch, then those of one cell, until there are none.
    fn merge_level_and_tiny(&mut self) {
        loop {
            let saddles = self.by_height();
            // The second of the two is never the higher one.
            let level = saddles.iter().find(|((_, lower), height)| *height >= self.peaks[*lower]);
            let tiny = || {
                saddles
                    .iter()
                    .find(|((a, b), _)| self.cells[*a].len() < 2 || self.cells[*b].len() < 2)
            };
            match level.or_else(tiny) {
                Some(&((into, from), _)) => self.merge(into, from),
                None => return,
            }
        }
    }

    fn merge(&mut self, into: usize, from: usize) {
        let cells = std::mem::take(&mut self.cells[from]);
        self.cells[into].extend(cells);
        for ((a, b), height) in std::mem::take(&mut self.saddles) {
            let (a, b) = (if a == from { into } else { a }, if b == from { into } else { b });
            if a != b {
                self.raise_saddle((a.min(b), a.max(b)), height);
            }
        }
    }

    /// Cuts at the lowest saddle whatever is `too_large`, again and again; gives the cells of each
    /// part.
    fn cut(&self, too_large: impl Fn(&[usize]) -> bool) -> Vec<Vec<usize>> {
        let cells_of = |basins: &[usize]| {
            basins.iter().flat_map(|&basin| self.cells[basin].iter().copied()).collect::<Vec<_>>()
        };
        let all: Vec<usize> =
            (0..self.cells.len()).filter(|&basin| !self.cells[basin].is_empty()).collect();
        let mut waiting = vec![(all, self.highest_links())];
        let mut parts = Vec::new();
        while let Some((basins, mut links)) = waiting.pop() {
            let cells = cells_of(&basins);
            if !too_large(&cells) || links.pop().is_none() {
                parts.push(cells);
                continue;
            }
            let (kept, rest) = joined_to_first(&basins, &links);
            let side = |side: &[usize]| {
                links.iter().filter(|(a, _)| side.contains(a)).copied().collect::<Vec<_>>()
            };
            let (links_kept, links_rest) = (side(&kept), side(&rest));
            waiting.push((kept, links_kept));
            waiting.push((rest, links_rest));
        }
        parts
    }

    /// The saddles that hold all basins together, each as high as can be (a spanning tree), highest
    /// first: without the last, the basins fall into two parts.
    fn highest_links(&self) -> Vec<(usize, usize)> {
        let mut group: Vec<usize> = (0..self.cells.len()).collect();
        let mut links = Vec::new();
        for ((a, b), _) in self.by_height() {
            let (one, other) = (group[a], group[b]);
            if one != other {
                group.iter_mut().filter(|g| **g == other).for_each(|g| *g = one);
                links.push((a, b));
            }
        }
        links
    }
}

/// Splits `basins` into those that `links` join to the first, and the rest.
fn joined_to_first(basins: &[usize], links: &[(usize, usize)]) -> (Vec<usize>, Vec<usize>) {
    let mut joined = vec![basins[0]];
    let mut at = 0;
    while at < joined.len() {
        for &(a, b) in links {
            for (here, there) in [(a, b), (b, a)] {
                if here == joined[at] && !joined.contains(&there) {
                    joined.push(there);
                }
            }
        }
        at += 1;
    }
    joined.sort_unstable();
    let rest = basins.iter().copied().filter(|basin| !joined.contains(basin)).collect();
    (joined, rest)
}

#[cfg(test)]
#[path = "hotspots_tests.rs"]
mod tests;
