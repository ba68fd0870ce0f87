//! Isolines of heat: lines of equal value as vector tiles, and of the whole area at once.

use fast_mvt::{MvtCoord, MvtGeomType, MvtTileBuilder, MvtValueRef};
use geo::{Coord, Rect};

use crate::crs::{Bng, TileId, WORLD_HALF_WIDTH};
use crate::geometry::Bounds;
use crate::quantity::Metres;
use crate::stats::Surface;

use super::classify::Scale;
use super::contour::contours;
use super::field::Field;
use super::raster_tile::{PixelRect, ground};
use super::vector_tile::{TileFrame, VectorTileError, on_plane};

/// Name of the layer in its tiles.
pub const LAYER: &str = "contours";

/// Attribute of a line: the value along it.
pub const VALUE: &str = "value";

/// Values sampled along the side of a tile.
const SAMPLES: f64 = 256.0;

/// Values that isolines of a whole area are drawn from, at most.
const MOST_SAMPLES: f64 = 1e6;

/// The lines of one value.
#[derive(Debug, Clone, PartialEq)]
pub struct Isolines {
    /// The value along them.
    pub value: f64,
    /// Closed lines, the first position not repeated; what is above the value lies to the left.
    pub rings: Vec<Vec<Bng>>,
}

/// Values at which lines are drawn: the edges of the classes.
fn values(scale: &Scale) -> Vec<f64> {
    match scale {
        Scale::Amount(edges) => edges.clone(),
        Scale::Difference(edges) => {
            edges.iter().rev().map(|edge| -edge).chain(edges.iter().copied()).collect()
        }
    }
}

/// Side of the cells that a field is sampled at: its own, or the least multiple of it by a power of
/// two that is not below `least`.
fn sample_cell(field: &dyn Field, least: f64) -> f64 {
    let own = field.spacing().get();
    own * (least / own).log2().ceil().max(0.0).exp2()
}

/// Values of `field` at the centres of cells that cover `within`, on one lattice for each size.
fn sampled(field: &dyn Field, within: Bounds, cell: f64) -> Surface {
    if cell <= field.spacing().get() {
        return field.surface(within);
    }
    let cells = |low: f64, high: f64| {
        let first = (low / cell).floor();
        (first, ((high / cell).floor() - first + 1.0) as usize)
    };
    let (west, n_columns) = cells(within.min.easting(), within.max.easting());
    let (south, n_rows) = cells(within.min.northing(), within.max.northing());
    let mut surface = Surface {
        origin: Bng::new(west * cell, south * cell),
        cell: Metres::new(cell),
        n_columns,
        n_rows,
        values: Vec::new(),
    };
    let mut read = field.reader(within.grown(cell));
    surface.values = (0..n_rows * n_columns)
        .map(|i| read(surface.centre(i % n_columns, i / n_columns)))
        .collect();
    surface
}

/// Rings of `surface` at `value`, which may be below zero.
fn rings(surface: &Surface, value: f64) -> Vec<Vec<Bng>> {
    if value > 0.0 {
        return contours(surface, value);
    }
    let turned = Surface { values: surface.values.iter().map(|v| -v).collect(), ..surface.clone() };
    let mut rings = contours(&turned, -value);
    // More is then on the other side.
    for ring in &mut rings {
        ring.reverse();
    }
    rings
}

/// Isolines of the whole field, with the side of the cells they were drawn from.
pub fn isolines(field: &dyn Field, scale: &Scale) -> (Vec<Isolines>, Metres) {
    let Some(bounds) = field.bounds() else { return (Vec::new(), field.spacing()) };
    let least = (bounds.width() * bounds.height() / MOST_SAMPLES).sqrt();
    let cell = sample_cell(field, least);
    let surface = sampled(field, bounds, cell);
    let lines = values(scale)
        .into_iter()
        .map(|value| Isolines { value, rings: rings(&surface, value) })
        .collect();
    (lines, Metres::new(cell))
}

/// Isolines of one tile, as a vector tile; `None` where there is none.
///
/// # Errors
///
/// [`VectorTileError`] if it cannot be encoded.
pub fn contour_tile(
    tile: TileId,
    field: &dyn Field,
    scale: &Scale,
) -> Result<Option<Vec<u8>>, VectorTileError> {
    let bounds = field.bounds().filter(|_| !scale.edges().is_empty());
    let rect = PixelRect::of_tile(tile, false);
    let Some(within) = bounds.and_then(|bounds| ground(rect, bounds)) else { return Ok(None) };
    // Sizes of cells depend on the zoom alone, so that lines of neighbouring tiles meet.
    let side = 2.0 * WORLD_HALF_WIDTH * 0.6 * (-f64::from(tile.z())).exp2();
    let cell = sample_cell(field, side / SAMPLES);
    // Beyond the buffer, so that the end of what is sampled is never seen.
    let surface = sampled(field, within.grown(side * 0.1 + 3.0 * cell), cell);
    let frame = TileFrame::of(tile);
    let window = frame.buffered();
    let mut layer = MvtTileBuilder::new().layer(LAYER)?;
    for (i, value) in values(scale).into_iter().enumerate() {
        let lines: Vec<Vec<MvtCoord>> = rings(&surface, value)
            .iter()
            .flat_map(|ring| cut(ring, window))
            .filter_map(|line| quantised(frame, &line))
            .collect();
        if lines.is_empty() {
            continue;
        }
        let mut feature = layer.feature_of(MvtGeomType::LineString);
        for line in lines {
            feature.line(line)?;
        }
        feature.id(Some(i as u64 + 1));
        feature.tag_ref(VALUE, MvtValueRef::Double(value))?;
        layer = feature.end();
    }
    Ok((layer.num_features() > 0).then(|| layer.encode()))
}

fn quantised(frame: TileFrame, line: &[Coord]) -> Option<Vec<MvtCoord>> {
    let mut line: Vec<MvtCoord> = line.iter().map(|&at| frame.quantised(at)).collect();
    line.dedup();
    (line.len() >= 2).then_some(line)
}

/// The parts of a ring that lie in `window`, on the plane of tiles.
fn cut(ring: &[Bng], window: Rect) -> Vec<Vec<Coord>> {
    let mut lines: Vec<Vec<Coord>> = Vec::new();
    let mut line: Vec<Coord> = Vec::new();
    let positions: Option<Vec<Coord>> = ring.iter().map(|&at| on_plane(at)).collect();
    let Some(positions) = positions else { return lines };
    for i in 0..positions.len() {
        let (from, to) = (positions[i], positions[(i + 1) % positions.len()]);
        let Some((start, end)) = inside(from, to, window) else {
            lines.extend((!line.is_empty()).then(|| std::mem::take(&mut line)));
            continue;
        };
        if line.last() != Some(&start) {
            lines.extend((!line.is_empty()).then(|| std::mem::take(&mut line)));
            line.push(start);
        }
        line.push(end);
    }
    lines.extend((!line.is_empty()).then_some(line));
    lines
}

/// The part of a segment in `window` (Liang and Barsky 1984, <https://doi.org/10.1145/357332.357333>).
fn inside(from: Coord, to: Coord, window: Rect) -> Option<(Coord, Coord)> {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let (low, high) = (window.min(), window.max());
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (step, room) in
        [(-dx, from.x - low.x), (dx, high.x - from.x), (-dy, from.y - low.y), (dy, high.y - from.y)]
    {
        if step == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if step < 0.0 {
            enter = enter.max(room / step);
        } else {
            leave = leave.min(room / step);
        }
    }
    let at = |share: f64| {
        if share <= 0.0 {
            from
        } else if share >= 1.0 {
            to
        } else {
            Coord { x: from.x + share * dx, y: from.y + share * dy }
        }
    };
    (enter <= leave).then(|| (at(enter), at(leave)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_is_cut_to_the_window() {
        let window = Rect::new(Coord { x: 0.0, y: 0.0 }, Coord { x: 10.0, y: 10.0 });
        let at = |x, y| Coord { x, y };

        assert_eq!(inside(at(-5.0, 5.0), at(5.0, 5.0), window), Some((at(0.0, 5.0), at(5.0, 5.0))));
        assert_eq!(inside(at(1.0, 1.0), at(2.0, 2.0), window), Some((at(1.0, 1.0), at(2.0, 2.0))));
        assert_eq!(inside(at(-5.0, 5.0), at(-1.0, 5.0), window), None);
        assert_eq!(inside(at(-5.0, 20.0), at(20.0, 11.0), window), None);
    }

    #[test]
    fn lines_of_a_difference_are_drawn_on_both_sides() {
        let scale = Scale::Difference(vec![1.0, 2.0]);

        assert_eq!(values(&scale), [-2.0, -1.0, 1.0, 2.0]);
    }
}
