//! Heat as pixels: tiles of Web Mercator whose colour at a place is a function of the density there
//! alone.
//!
//! Nothing depends on the tile: a pixel's place, its density and its class come from its address
//! in one pixel plane of the whole world, so tiles meet without seams and every zoom shows the same
//! classes. Class edges have no line of their own here, because a line would be a colour that the
//! legend does not explain.
#![expect(
    clippy::inline_always,
    reason = "only inlined code uses the processor's widest registers"
)]

use fearless_simd::{Simd as _, dispatch};

use crate::crs::{Bng, TileId, WORLD_HALF_WIDTH, WebMercator, bng_to_lonlat, lonlat_to_bng};
use crate::geometry::Bounds;
use crate::quantity::Metres;
use crate::stats::{Quad, QuadId, Surface};

use super::classify::Scale;
use super::codes::Edges;
use super::far::FAR;
use super::field::Field;

/// Deepest zoom that tiles are drawn for; clients enlarge these beyond it.
pub const MAX_ZOOM: u8 = 18;

/// Side of a tile in pixels, at one pixel per CSS pixel.
pub(super) const TILE: u32 = 256;

/// A part of the pixel plane: the world square as 256 x 2^level pixels a side, row 0 northernmost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PixelRect {
    /// Level of the plane; a tile of zoom `z` is of level `z`, its `@2x` form of level `z + 1`.
    pub level: u8,
    /// Westernmost column.
    pub west: u32,
    /// Northernmost row.
    pub north: u32,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

impl PixelRect {
    /// The pixels of a tile, 256 a side, or 512 where `double`.
    pub fn of_tile(tile: TileId, double: bool) -> Self {
        let side = if double { 2 * TILE } else { TILE };
        Self {
            level: tile.z() + u8::from(double),
            west: tile.x() * side,
            north: tile.y() * side,
            width: side,
            height: side,
        }
    }

    /// The pixels of this level that can show part of the frame; `None` where not all of it has a
    /// place on the plane.
    pub(super) fn about(level: u8, frame: Frame) -> Option<Self> {
        let (low, high) = span(level, frame)?;
        let whole = TILE << level;
        let columns = Self::clip(0, whole, low[0], high[0]);
        let rows = Self::clip(0, whole, low[1], high[1]);
        let (width, height) = (columns.end - columns.start, rows.end - rows.start);
        Some(Self { level, west: columns.start, north: rows.start, width, height })
    }

    /// Pixels from the rect's west or north edge that hold columns or rows `low` to `high`.
    fn clip(start: u32, length: u32, low: f64, high: f64) -> std::ops::Range<u32> {
        let end = start + length;
        let first = low.floor().clamp(f64::from(start), f64::from(end)) as u32;
        let last = high.ceil().clamp(f64::from(start), f64::from(end)) as u32;
        first..last
    }
}

/// Classes of pixels: 0 where nothing is drawn, else one more than the class of the legend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassImage {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// `[height x width]`, northernmost row first.
    pub classes: Vec<u8>,
}

impl ClassImage {
    fn empty(rect: PixelRect) -> Self {
        let n = rect.width as usize * rect.height as usize;
        Self { width: rect.width, height: rect.height, classes: vec![0; n] }
    }

    /// Whether nothing at all is drawn.
    pub fn is_empty(&self) -> bool {
        // Whole, without a way out: a tile is a few machine words that way.
        self.classes.iter().fold(0, |any, class| any | class) == 0
    }
}

/// From this level on nodes are [`LATTICE_STEP`] pixels apart; below it, half as many a level.
const LATTICE_LEVEL: u8 = 8;

/// Pixels between lattice nodes, at deep levels.
const LATTICE_STEP: u32 = 16;

/// A covered part of the surface larger than this is not searched for its extremes.
const MOST_SEARCHED: usize = 1024;

/// Classes of the pixels of `rect`, by the density of `surface` at each pixel's centre.
///
/// # Shapes and units
///
/// - `surface`: density in incidents per km² a year; bilinear between its cell centres.
/// - `breaks`: rising lower edges of the classes, in the same unit; the first six count.
/// - returns: `[rect.height x rect.width]`.
///
/// A pixel's place on the National Grid is exact at the nodes of a lattice that is fixed in the
/// pixel plane, and bilinear between them. The error of that is h² tan φ / 4R for nodes h apart on
/// the ground, at latitude φ on an earth of radius R. Nodes are 16 pixels apart from level 8 on, so
/// a place is less than 0.4 m off from level 10 on and less than 0.02 pixels off at any level.
pub fn classes(rect: PixelRect, surface: &Surface, breaks: &[f64]) -> ClassImage {
    of_surface(rect, surface, &Edges::new(&Scale::Amount(breaks.to_vec())))
}

fn of_surface(rect: PixelRect, surface: &Surface, edges: &Edges) -> ClassImage {
    let mut image = ClassImage::empty(rect);
    if surface.n_columns == 0 || surface.n_rows == 0 || edges.are_none() {
        return image;
    }
    each_lattice_cell(rect, Frame::of(surface), |cell, x, y| {
        cell.draw(x, y, rect, surface, edges, &mut image);
    });
    image
}

/// Classes of the pixels of `rect`, by the value of `field` at each pixel's centre.
///
/// Values are those of the field's surface, bilinear between its centres, where those are further
/// apart than pixels; elsewhere they are the field's own at the place. Which of the two depends on
/// the level alone, so that pictures of one level meet without seams.
pub fn field_classes(rect: PixelRect, field: &dyn Field, scale: &Scale) -> ClassImage {
    let edges = Edges::new(scale);
    let bounds = field.bounds().filter(|_| !edges.are_none());
    let Some(within) = bounds.and_then(|bounds| ground(rect, bounds)) else {
        return ClassImage::empty(rect);
    };
    let spacing = field.spacing().get();
    if pixel_on_ground(rect.level) < spacing {
        return of_surface(rect, &field.surface(within.grown(2.0 * spacing)), &edges);
    }
    let mut image = ClassImage::empty(rect);
    let frame = Frame::of_metres(within);
    let mut read = field.quads(within, Metres::new(pixel_on_ground(rect.level)));
    let mut values = Vec::new();
    each_lattice_cell(rect, frame, |cell, x, y| {
        let quad = cell.quad(frame.origin, (rect.level, x, y));
        read(&quad, &mut values);
        cell.each_pixel(x, y, rect, |index, column, row| {
            image.classes[index] = edges.code(values[row * quad.side + column]);
        });
    });
    image
}

/// Side of a pixel on the ground in the middle of England, in metres.
pub(super) fn pixel_on_ground(level: u8) -> f64 {
    2.0 * WORLD_HALF_WIDTH * 0.6 / pixels_across(level)
}

/// The part of `bounds` that `rect` shows, and a little more; `None` where it shows none of it.
pub(super) fn ground(rect: PixelRect, bounds: Bounds) -> Option<Bounds> {
    const PER_SIDE: u32 = 16;
    let frame = Frame { origin: Bng::new(0.5, 0.5), cell: 1.0, n_columns: 0.0, n_rows: 0.0 };
    let mut shown: Option<Bounds> = None;
    for i in 0..=PER_SIDE {
        let along = |start: u32, length: u32| start + (length * i).div_ceil(PER_SIDE);
        let (x, y) = (along(rect.west, rect.width), along(rect.north, rect.height));
        let (east, south) = (rect.west + rect.width, rect.north + rect.height);
        for (x, y) in [(x, rect.north), (x, south), (rect.west, y), (east, y)] {
            // Off the grid nothing is known of the rest.
            let Some(place) = node(rect.level, x, y, frame) else { return Some(bounds) };
            let at = Bng::new(place.column + 1.0, place.row + 1.0);
            let one = Bounds { min: at, max: at };
            shown = Some(shown.map_or(one, |shown| shown.union(one)));
        }
    }
    let shown = shown?;
    // Between two of the positions a side bends by less than this.
    let side = shown.width().max(shown.height()) / f64::from(PER_SIDE);
    let shown = shown.grown(2.0 + side * side * 3e-7);
    let low = |a: f64, b: f64| a.max(b);
    let high = |a: f64, b: f64| a.min(b);
    let both = Bounds {
        min: Bng::new(
            low(shown.min.easting(), bounds.min.easting()),
            low(shown.min.northing(), bounds.min.northing()),
        ),
        max: Bng::new(
            high(shown.max.easting(), bounds.max.easting()),
            high(shown.max.northing(), bounds.max.northing()),
        ),
    };
    (both.width() >= 0.0 && both.height() >= 0.0).then_some(both)
}

/// Where places are counted from, and how many cells there are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub origin: Bng,
    cell: f64,
    n_columns: f64,
    n_rows: f64,
}

impl Frame {
    /// Places in metres from the corner of what is read.
    pub fn of_metres(within: Bounds) -> Self {
        Self {
            origin: within.min,
            cell: 1.0,
            n_columns: within.width().ceil(),
            n_rows: within.height().ceil(),
        }
    }

    fn of(surface: &Surface) -> Self {
        Self {
            origin: surface.origin,
            cell: surface.cell.get(),
            n_columns: surface.n_columns as f64,
            n_rows: surface.n_rows as f64,
        }
    }
}

/// Tells `draw` of every square of the lattice that shows part of the frame, with the column and row
/// of its first pixel.
pub(super) fn each_lattice_cell(
    rect: PixelRect,
    frame: Frame,
    mut draw: impl FnMut(LatticeCell, u32, u32),
) {
    let step = lattice_step(rect.level);
    let (columns, rows) = covered(rect, frame);
    if columns.is_empty() || rows.is_empty() {
        return;
    }
    let (first_column, last_column) = (columns.start / step, (columns.end - 1) / step);
    let nodes_of = |row: u32| -> Vec<Option<Place>> {
        (first_column..=last_column + 1)
            .map(|column| node(rect.level, column * step, row * step, frame))
            .collect()
    };
    let mut north = nodes_of(rows.start / step);
    for cell_row in rows.start / step..=(rows.end - 1) / step {
        let south = nodes_of(cell_row + 1);
        for (i, cell_column) in (first_column..=last_column).enumerate() {
            let (Some(nw), Some(ne), Some(sw), Some(se)) =
                (north[i], north[i + 1], south[i], south[i + 1])
            else {
                continue;
            };
            let cell = LatticeCell { corners: [nw, ne, sw, se], step };
            draw(cell, cell_column * step, cell_row * step);
        }
        north = south;
    }
}

/// Columns and rows of `rect` that can lie on the frame, or half a cell beyond it.
fn covered(rect: PixelRect, frame: Frame) -> (std::ops::Range<u32>, std::ops::Range<u32>) {
    let Some((low, high)) = span(rect.level, frame) else {
        return (rect.west..rect.west + rect.width, rect.north..rect.north + rect.height);
    };
    (
        PixelRect::clip(rect.west, rect.width, low[0], high[0]),
        PixelRect::clip(rect.north, rect.height, low[1], high[1]),
    )
}

/// First and last column and row of the plane of this level that can lie on the frame, or half a
/// cell beyond it; `None` where the frame leaves the ground that has a place on the plane.
fn span(level: u8, frame: Frame) -> Option<([f64; 2], [f64; 2])> {
    /// Positions looked at on each side; between two of them a side bends.
    const PER_SIDE: u32 = 8;
    /// How much a straight line of the grid bends in Web Mercator: tan 61° over the radius of the
    /// earth, per metre.
    const BEND: f64 = 2.9e-7;
    let cell = frame.cell;
    let width = (frame.n_columns + 2.0) * cell;
    let height = (frame.n_rows + 2.0) * cell;
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for i in 0..=PER_SIDE {
        let along = f64::from(i) / f64::from(PER_SIDE);
        for (x, y) in [(along, 0.0), (along, 1.0), (0.0, along), (1.0, along)] {
            let position = Bng::new(
                frame.origin.easting() - cell + x * width,
                frame.origin.northing() - cell + y * height,
            );
            let place = bng_to_lonlat(position).ok()?;
            let drawn = WebMercator::from_lonlat(place);
            let pixel = [drawn.x(), -drawn.y()]
                .map(|metres| (metres / (2.0 * WORLD_HALF_WIDTH) + 0.5) * pixels_across(level));
            for axis in 0..2 {
                low[axis] = low[axis].min(pixel[axis]);
                high[axis] = high[axis].max(pixel[axis]);
            }
        }
    }
    let bent = BEND * (width.max(height) / f64::from(PER_SIDE)).powi(2) / 4.0 + 1.0;
    // A pixel is never narrower on the ground than at 61° north.
    let margin = 2.0 + bent * pixels_across(level) / (2.0 * WORLD_HALF_WIDTH * 0.48);
    Some((low.map(|at| at - margin), high.map(|at| at + margin)))
}

/// Pixels between lattice nodes at this level.
fn lattice_step(level: u8) -> u32 {
    LATTICE_STEP >> LATTICE_LEVEL.saturating_sub(level).min(4)
}

/// Pixels along a side of the world at this level.
fn pixels_across(level: u8) -> f64 {
    f64::from(TILE) * f64::from(level).exp2()
}

/// A place on a frame, in cells from the centre of its south-west cell.
#[derive(Debug, Clone, Copy)]
struct Place {
    column: f64,
    row: f64,
}

/// Where the north-west corner of a pixel lies on a frame; `None` off the National Grid.
fn node(level: u8, x: u32, y: u32, frame: Frame) -> Option<Place> {
    let metres =
        |pixels: u32| (f64::from(pixels) / pixels_across(level) * 2.0 - 1.0) * WORLD_HALF_WIDTH;
    let position = lonlat_to_bng(WebMercator::new(metres(x), -metres(y)).to_lonlat()).ok()?;
    let place = Place {
        column: (position.easting() - frame.origin.easting()) / frame.cell - 0.5,
        row: (position.northing() - frame.origin.northing()) / frame.cell - 0.5,
    };
    (place.column.is_finite() && place.row.is_finite()).then_some(place)
}

/// The square of pixels between four lattice nodes.
pub(super) struct LatticeCell {
    /// North-west, north-east, south-west, south-east.
    corners: [Place; 4],
    step: u32,
}

impl LatticeCell {
    /// The same square on the ground, of places counted in metres from here.
    pub fn quad(&self, origin: Bng, id: QuadId) -> Quad {
        let corners = self.corners.map(|at| {
            Bng::new(origin.easting() + at.column + 0.5, origin.northing() + at.row + 0.5)
        });
        Quad { corners, side: self.step as usize, id: FAR.contains(&id.0).then_some(id) }
    }

    /// Tells `each` of every pixel of the cell that is in `rect`: its position in the picture, and
    /// its column and row in the cell.
    fn each_pixel(
        &self,
        x: u32,
        y: u32,
        rect: PixelRect,
        mut each: impl FnMut(usize, usize, usize),
    ) {
        let columns = x.max(rect.west)..(x + self.step).min(rect.west + rect.width);
        for py in y.max(rect.north)..(y + self.step).min(rect.north + rect.height) {
            let start = (py - rect.north) as usize * rect.width as usize;
            for px in columns.clone() {
                each(start + (px - rect.west) as usize, (px - x) as usize, (py - y) as usize);
            }
        }
    }

    /// Draws the pixels of the cell, whose first is at column `x` and row `y` of the plane.
    fn draw(
        &self,
        x: u32,
        y: u32,
        rect: PixelRect,
        surface: &Surface,
        edges: &Edges,
        image: &mut ClassImage,
    ) {
        let (mut low, mut high) = (self.corners[0], self.corners[0]);
        for corner in &self.corners[1..] {
            low = Place { column: low.column.min(corner.column), row: low.row.min(corner.row) };
            high = Place { column: high.column.max(corner.column), row: high.row.max(corner.row) };
        }
        let (most_column, most_row) = (surface.n_columns as f64, surface.n_rows as f64);
        if high.column <= -1.0
            || high.row <= -1.0
            || low.column >= most_column
            || low.row >= most_row
        {
            return;
        }
        let inside = low.column >= 0.0
            && low.row >= 0.0
            && high.column < most_column - 1.0
            && high.row < most_row - 1.0;
        let columns = x.max(rect.west)..(x + self.step).min(rect.west + rect.width);
        let rows = y.max(rect.north)..(y + self.step).min(rect.north + rect.height);
        let one_class = inside.then(|| uniform_class(low, high, surface, edges)).flatten();
        if one_class == Some(0) {
            return;
        }
        let [nw, ne, sw, se] = self.corners;
        let shares = self.shares();
        for py in rows {
            let start = (py - rect.north) as usize * rect.width as usize;
            let line = &mut image.classes[start + (columns.start - rect.west) as usize
                ..start + (columns.end - rect.west) as usize];
            if let Some(class) = one_class {
                line.fill(class);
                continue;
            }
            let down = (f64::from(py - y) + 0.5) / f64::from(self.step);
            let (west, east) = (between(nw, sw, down), between(ne, se, down));
            let first = columns.start - x;
            if inside {
                dispatch!(edges.level, simd => simd.vectorize(
                    #[inline(always)]
                    || {
                        let codes = edges.codes(&along(&shares, west, east, surface));
                        line.copy_from_slice(&codes[first as usize..][..line.len()]);
                    }
                ));
            } else {
                for (share, class) in shares[first as usize..].iter().zip(line) {
                    *class = edges.code(density(between(west, east, *share), surface));
                }
            }
        }
    }

    /// How far from the west each pixel of a line lies; there are `step` of them.
    fn shares(&self) -> Line {
        let pixel = |k: usize| (k as u32).min(self.step - 1);
        std::array::from_fn(|k| (f64::from(pixel(k)) + 0.5) / f64::from(self.step))
    }
}

/// Numbers of one line of pixels of a lattice cell.
type Line = [f64; LATTICE_STEP as usize];

/// Densities at a line of pixels whose centres of the surface are all there.
#[inline(always)]
fn along(shares: &Line, west: Place, east: Place, surface: &Surface) -> Line {
    const N: usize = LATTICE_STEP as usize;
    // Loops over arrays, not their methods: those stay calls, and keep to narrow registers.
    let (mut columns, mut rows) = ([0.0; N], [0.0; N]);
    for k in 0..N {
        let at = between(west, east, shares[k]);
        (columns[k], rows[k]) = (at.column, at.row);
    }
    let (mut sw, mut se, mut nw, mut ne) = ([0.0; N], [0.0; N], [0.0; N], [0.0; N]);
    for k in 0..N {
        let south = rows[k] as usize * surface.n_columns + columns[k] as usize;
        let (s, n) = (&surface.values[south..], &surface.values[south + surface.n_columns..]);
        (sw[k], se[k], nw[k], ne[k]) = (s[0], s[1], n[0], n[1]);
    }
    let mut values = [0.0; N];
    for k in 0..N {
        let fx = columns[k] - f64::from(columns[k] as u32);
        let fy = rows[k] - f64::from(rows[k] as u32);
        let south = sw[k] * (1.0 - fx) + se[k] * fx;
        let north = nw[k] * (1.0 - fx) + ne[k] * fx;
        values[k] = south * (1.0 - fy) + north * fy;
    }
    values
}

#[inline(always)]
fn between(a: Place, b: Place, share: f64) -> Place {
    Place { column: a.column + (b.column - a.column) * share, row: a.row + (b.row - a.row) * share }
}

/// The one class that every density between these places has; `None` if there may be several.
///
/// Bilinear densities never leave the range of the centres they lie between.
fn uniform_class(low: Place, high: Place, surface: &Surface, edges: &Edges) -> Option<u8> {
    let columns = low.column as usize..high.column as usize + 2;
    let rows = low.row as usize..high.row as usize + 2;
    if columns.len() * rows.len() > MOST_SEARCHED {
        return None;
    }
    let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
    for row in rows {
        let start = row * surface.n_columns;
        for &value in &surface.values[start + columns.start..start + columns.end] {
            least = if value < least { value } else { least };
            most = if value > most { value } else { most };
        }
    }
    let class = edges.code(least);
    (class == edges.code(most)).then_some(class)
}

/// Density at any place.
fn density(place: Place, surface: &Surface) -> f64 {
    let side = surface.cell.get();
    surface.at(Bng::new(
        surface.origin.easting() + (place.column + 0.5) * side,
        surface.origin.northing() + (place.row + 0.5) * side,
    ))
}

#[cfg(test)]
#[path = "raster_tile_tests.rs"]
mod tests;
