//! Heat as pixels: PNG tiles of Web Mercator whose colour at a place is a function of the density
//! there alone.
//!
//! Nothing depends on the tile: a pixel's place, its density and its class come from its address
//! in one pixel plane of the whole world, so tiles meet without seams and every zoom shows the same
//! classes. Class edges have no line of their own here, because a line would be a colour that the
//! legend does not explain.

use std::sync::OnceLock;

use crate::crs::{Bng, TileId, WORLD_HALF_WIDTH, WebMercator, bng_to_lonlat, lonlat_to_bng};
use crate::stats::Surface;

use super::palette::{HEAT_CLASSES, HEAT_OPACITY, Scheme, heat};

/// Deepest zoom that tiles are drawn for; clients enlarge these beyond it.
pub const MAX_ZOOM: u8 = 18;

/// Side of a tile in pixels, at one pixel per CSS pixel.
const TILE: u32 = 256;

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
    /// Whether nothing at all is drawn.
    pub fn is_empty(&self) -> bool {
        self.classes.iter().all(|&class| class == 0)
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
    let mut image = ClassImage {
        width: rect.width,
        height: rect.height,
        classes: vec![0; rect.width as usize * rect.height as usize],
    };
    if surface.n_columns == 0 || surface.n_rows == 0 || breaks.is_empty() {
        return image;
    }
    let edges = Edges::new(breaks);
    let step = lattice_step(rect.level);
    let (columns, rows) = covered(rect, surface);
    if columns.is_empty() || rows.is_empty() {
        return image;
    }
    let (first_column, last_column) = (columns.start / step, (columns.end - 1) / step);
    let nodes_of = |row: u32| -> Vec<Option<Place>> {
        (first_column..=last_column + 1)
            .map(|column| node(rect.level, column * step, row * step, surface))
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
            cell.draw(cell_column * step, cell_row * step, rect, surface, &edges, &mut image);
        }
        north = south;
    }
    image
}

/// Columns and rows of `rect` that can lie on the surface, or half a cell beyond it.
fn covered(rect: PixelRect, surface: &Surface) -> (std::ops::Range<u32>, std::ops::Range<u32>) {
    /// Positions looked at on each side; between two of them a side bends.
    const PER_SIDE: u32 = 8;
    /// How much a straight line of the grid bends in Web Mercator: tan 61° over the radius of the
    /// earth, per metre.
    const BEND: f64 = 2.9e-7;
    let whole = (rect.west..rect.west + rect.width, rect.north..rect.north + rect.height);
    let cell = surface.cell.get();
    let width = (surface.n_columns as f64 + 2.0) * cell;
    let height = (surface.n_rows as f64 + 2.0) * cell;
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for i in 0..=PER_SIDE {
        let along = f64::from(i) / f64::from(PER_SIDE);
        for (x, y) in [(along, 0.0), (along, 1.0), (0.0, along), (1.0, along)] {
            let position = Bng::new(
                surface.origin.easting() - cell + x * width,
                surface.origin.northing() - cell + y * height,
            );
            let Ok(place) = bng_to_lonlat(position) else { return whole };
            let drawn = WebMercator::from_lonlat(place);
            let pixel = [drawn.x(), -drawn.y()].map(|metres| {
                (metres / (2.0 * WORLD_HALF_WIDTH) + 0.5) * pixels_across(rect.level)
            });
            for axis in 0..2 {
                low[axis] = low[axis].min(pixel[axis]);
                high[axis] = high[axis].max(pixel[axis]);
            }
        }
    }
    let bent = BEND * (width.max(height) / f64::from(PER_SIDE)).powi(2) / 4.0 + 1.0;
    // A pixel is never narrower on the ground than at 61° north.
    let margin = 2.0 + bent * pixels_across(rect.level) / (2.0 * WORLD_HALF_WIDTH * 0.48);
    (
        PixelRect::clip(rect.west, rect.width, low[0] - margin, high[0] + margin),
        PixelRect::clip(rect.north, rect.height, low[1] - margin, high[1] + margin),
    )
}

/// Pixels between lattice nodes at this level.
fn lattice_step(level: u8) -> u32 {
    LATTICE_STEP >> LATTICE_LEVEL.saturating_sub(level).min(4)
}

/// Lower edges of the classes as the inner loop wants them.
struct Edges([f64; HEAT_CLASSES]);

impl Edges {
    fn new(breaks: &[f64]) -> Self {
        let mut edges = [f64::INFINITY; HEAT_CLASSES];
        for (edge, &stated) in edges.iter_mut().zip(breaks) {
            // Nothing at all is never drawn, as in `class_of`.
            *edge = stated.max(f64::MIN_POSITIVE);
        }
        Self(edges)
    }

    /// One more than the class of [`class_of`](super::classify::class_of), 0 where that is `None`:
    /// for rising edges, how many the value reaches. Free of branches: a third of a tile's time.
    fn code(&self, value: f64) -> u8 {
        self.0.iter().map(|&edge| u8::from(value >= edge)).sum()
    }
}

/// Pixels along a side of the world at this level.
fn pixels_across(level: u8) -> f64 {
    f64::from(TILE) * f64::from(level).exp2()
}

/// A place on the surface, in cells from the centre of its south-west cell.
#[derive(Debug, Clone, Copy)]
struct Place {
    column: f64,
    row: f64,
}

/// Where the north-west corner of a pixel lies on the surface; `None` off the National Grid.
fn node(level: u8, x: u32, y: u32, surface: &Surface) -> Option<Place> {
    let metres =
        |pixels: u32| (f64::from(pixels) / pixels_across(level) * 2.0 - 1.0) * WORLD_HALF_WIDTH;
    let position = lonlat_to_bng(WebMercator::new(metres(x), -metres(y)).to_lonlat()).ok()?;
    let place = Place {
        column: (position.easting() - surface.origin.easting()) / surface.cell.get() - 0.5,
        row: (position.northing() - surface.origin.northing()) / surface.cell.get() - 0.5,
    };
    (place.column.is_finite() && place.row.is_finite()).then_some(place)
}

/// The square of pixels between four lattice nodes.
struct LatticeCell {
    /// North-west, north-east, south-west, south-east.
    corners: [Place; 4],
    step: u32,
}

impl LatticeCell {
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
        for py in rows {
            let start = (py - rect.north) as usize * rect.width as usize;
            let line = &mut image.classes[start + (columns.start - rect.west) as usize
                ..start + (columns.end - rect.west) as usize];
            if let Some(class) = one_class {
                line.fill(class);
                continue;
            }
            let down = (f64::from(py - y) + 0.5) / f64::from(self.step);
            let west = between(nw, sw, down);
            let east = between(ne, se, down);
            let across = |px: u32| (f64::from(px - x) + 0.5) / f64::from(self.step);
            let pixels = columns.clone().zip(line);
            if inside {
                for (px, class) in pixels {
                    let place = between(west, east, across(px));
                    *class = edges.code(inner_density(place, surface));
                }
            } else {
                for (px, class) in pixels {
                    let place = between(west, east, across(px));
                    *class = edges.code(density(place, surface));
                }
            }
        }
    }
}

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
            least = least.min(value);
            most = most.max(value);
        }
    }
    let class = edges.code(least);
    (class == edges.code(most)).then_some(class)
}

/// Density at a place whose four centres are all on the surface.
fn inner_density(place: Place, surface: &Surface) -> f64 {
    let (column, row) = (place.column as usize, place.row as usize);
    let (fx, fy) = (place.column - column as f64, place.row - row as f64);
    let start = row * surface.n_columns + column;
    let (s, n) = (&surface.values[start..start + 2], &surface.values[start + surface.n_columns..]);
    let south = s[0] * (1.0 - fx) + s[1] * fx;
    let north = n[0] * (1.0 - fx) + n[1] * fx;
    south * (1.0 - fy) + north * fy
}

/// Density at any place.
fn density(place: Place, surface: &Surface) -> f64 {
    let side = surface.cell.get();
    surface.at(Bng::new(
        surface.origin.easting() + (place.column + 0.5) * side,
        surface.origin.northing() + (place.row + 0.5) * side,
    ))
}

/// Heat as a PNG: `rect` of the pixel plane in the colours of `scheme`.
///
/// # Errors
///
/// If the picture cannot be encoded.
pub fn render(
    rect: PixelRect,
    surface: &Surface,
    breaks: &[f64],
    scheme: Scheme,
) -> Result<Vec<u8>, png::EncodingError> {
    encode(&classes(rect, surface, breaks), scheme)
}

/// One tile as a PNG, 256 pixels a side or 512 where `double`; [`empty`] where nothing is drawn.
///
/// # Errors
///
/// If the picture cannot be encoded.
pub fn tile(
    tile: TileId,
    double: bool,
    surface: &Surface,
    breaks: &[f64],
    scheme: Scheme,
) -> Result<Vec<u8>, png::EncodingError> {
    let image = classes(PixelRect::of_tile(tile, double), surface, breaks);
    if image.is_empty() { Ok(empty(double).to_vec()) } else { encode(&image, scheme) }
}

/// The transparent tile that every empty address shares.
pub fn empty(double: bool) -> &'static [u8] {
    static EMPTY: [OnceLock<Vec<u8>>; 2] = [OnceLock::new(), OnceLock::new()];
    EMPTY[usize::from(double)].get_or_init(|| {
        let side = if double { 2 * TILE } else { TILE };
        let pixels = vec![0; (side / 8 * side) as usize];
        let (small, one_bit) = (png::Compression::High, png::BitDepth::One);
        write_png(side, side, one_bit, vec![0; 3], vec![0], small, &pixels)
            .expect("a constant picture encodes")
    })
}

/// Classes as an indexed PNG in the colours of heat.
///
/// # Errors
///
/// If the picture cannot be encoded.
pub fn encode(image: &ClassImage, scheme: Scheme) -> Result<Vec<u8>, png::EncodingError> {
    let opacity = (HEAT_OPACITY * 255.0).round() as u8;
    let colours = heat(scheme);
    let mut palette = vec![0; 3];
    palette.extend(colours.iter().flat_map(|colour| colour.0));
    let mut transparency = vec![0];
    transparency.extend([opacity; HEAT_CLASSES]);
    let top = HEAT_CLASSES as u8;
    let pixels: Vec<u8> = image.classes.iter().map(|&class| class.min(top)).collect();
    let (fast, byte) = (png::Compression::Fast, png::BitDepth::Eight);
    write_png(image.width, image.height, byte, palette, transparency, fast, &pixels)
}

fn write_png(
    width: u32,
    height: u32,
    depth: png::BitDepth,
    palette: Vec<u8>,
    transparency: Vec<u8>,
    compression: png::Compression,
    pixels: &[u8],
) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::with_capacity(4096);
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(depth);
    encoder.set_palette(palette);
    encoder.set_trns(transparency);
    encoder.set_compression(compression);
    encoder.set_filter(png::Filter::Up);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
#[path = "raster_tile_tests.rs"]
mod tests;
