//! Layers as Mapbox Vector Tiles (version 2.1), with every figure as an attribute.

use std::borrow::Cow;

use fast_mvt::{MvtCoord, MvtError, MvtGeomType, MvtLayerBuilder, MvtTileBuilder, MvtValueRef};
use geo::{
    Area as _, BooleanOps as _, BoundingRect as _, Coord, LineString, MultiPolygon, Polygon, Rect,
};
use rstar::{AABB, RTree, primitives::GeomWithData};
use thiserror::Error;

use crate::crs::{Bng, TileId, WORLD_HALF_WIDTH, WebMercator, bng_to_lonlat};
use crate::layer::Layer;
use crate::table::{Column, Value};

/// Side of a tile in its own units.
pub const EXTENT: u32 = 4096;

/// How far beyond its tile a shape goes on, in units of the tile: so that outlines do not end at its
/// edge.
const BUFFER: f64 = 128.0;

/// Most features that one tile may have to hold; shallower zooms, where more would meet, are not
/// offered.
pub const MOST_FEATURES: usize = 20_000;

/// Deepest zoom of vector tiles: a unit is then 4 mm on the ground; clients enlarge beyond it.
pub const DEEPEST: u8 = 16;

/// Why a tile cannot be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum VectorTileError {
    /// The encoder refused.
    #[error("the vector tile cannot be written")]
    Encoding(#[from] MvtError),
}

/// A layer on the plane of tiles: the world square, 0 to 1 from west to east and north to south.
#[derive(Debug)]
pub struct VectorLayer {
    id: &'static str,
    columns: Vec<Column>,
    features: Vec<Projected>,
    by_place: RTree<GeomWithData<rstar::primitives::Rectangle<[f64; 2]>, usize>>,
    shallowest: u8,
}

#[derive(Debug)]
struct Projected {
    shape: MultiPolygon,
    point: Option<Coord>,
    values: Vec<Value>,
}

/// Where a place is on the plane of tiles; `None` off the map.
pub(super) fn on_plane(position: Bng) -> Option<Coord> {
    let drawn = WebMercator::from_lonlat(bng_to_lonlat(position).ok()?);
    let share = |metres: f64| metres / (2.0 * WORLD_HALF_WIDTH) + 0.5;
    Some(Coord { x: share(drawn.x()), y: share(-drawn.y()) })
}

impl VectorLayer {
    /// `layer` on the plane of tiles. A feature off the map is left out, as it is nowhere on it.
    pub fn new(layer: &Layer) -> Self {
        let features: Vec<Projected> = layer
            .features
            .iter()
            .map(|feature| Projected {
                shape: project(feature.shape.polygons()),
                point: feature.at.and_then(on_plane),
                values: feature.values.clone(),
            })
            .collect();
        let boxes = features.iter().enumerate().filter_map(|(i, feature)| {
            let rect = feature.bounds()?;
            let (low, high) = (rect.min(), rect.max());
            let corners =
                rstar::primitives::Rectangle::from_corners([low.x, low.y], [high.x, high.y]);
            Some(GeomWithData::new(corners, i))
        });
        let by_place = RTree::bulk_load(boxes.collect());
        let shallowest = shallowest(&features);
        Self { id: layer.id, columns: layer.columns.clone(), features, by_place, shallowest }
    }

    /// Name of the layer, in the tiles too.
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// Shallowest zoom at which no tile has to hold more than [`MOST_FEATURES`].
    pub fn shallowest(&self) -> u8 {
        self.shallowest
    }

    /// Attributes of the features with what they are, in words.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, String)> + '_ {
        self.columns.iter().map(|column| (column.id, field(column)))
    }

    /// One tile; `None` where no feature is. Every feature that meets the tile is in it: one too
    /// small to have a shape of its own is a square of two units.
    ///
    /// # Errors
    ///
    /// [`VectorTileError`] if it cannot be encoded.
    pub fn tile(&self, tile: TileId) -> Result<Option<Vec<u8>>, VectorTileError> {
        let frame = TileFrame::of(tile);
        let rect = frame.buffered();
        let (low, high) = (rect.min(), rect.max());
        let window = AABB::from_corners([low.x, low.y], [high.x, high.y]);
        let mut found: Vec<usize> = self
            .by_place
            .locate_in_envelope_intersecting(&window)
            .map(|found| found.data)
            .collect();
        found.sort_unstable();
        let mut layer = MvtTileBuilder::new().layer(self.id)?;
        for i in found {
            layer = self.feature(i, frame, layer)?;
        }
        Ok((layer.num_features() > 0).then(|| layer.encode()))
    }

    fn feature(
        &self,
        i: usize,
        frame: TileFrame,
        layer: MvtLayerBuilder,
    ) -> Result<MvtLayerBuilder, VectorTileError> {
        let feature = &self.features[i];
        let mut built = if let Some(point) = feature.point {
            let mut built = layer.feature_of(MvtGeomType::Point);
            built.points([frame.quantised(point)])?;
            built
        } else {
            let rings = frame.rings(&feature.shape);
            if rings.is_empty() {
                return Ok(layer);
            }
            let mut built = layer.feature_of(MvtGeomType::Polygon);
            for (ring, exterior) in rings {
                built.ring(ring, exterior)?;
            }
            built
        };
        built.id(Some(i as u64 + 1));
        for (column, value) in self.columns.iter().zip(&feature.values) {
            let value = match value {
                Value::None => continue,
                Value::Count(count) => MvtValueRef::Int(*count),
                Value::Number(number) => MvtValueRef::Double(*number),
                Value::Text(text) => MvtValueRef::String(text),
                Value::Flag(yes) => MvtValueRef::Bool(*yes),
            };
            built.tag_ref(column.id, value)?;
        }
        Ok(built.end())
    }
}

impl Projected {
    fn bounds(&self) -> Option<Rect> {
        self.point.map(|at| Rect::new(at, at)).or_else(|| self.shape.bounding_rect())
    }
}

/// A column in words: `Rate, per 1,000 of the base`.
pub fn field(column: &Column) -> String {
    if column.unit.is_empty() {
        column.label.to_owned()
    } else {
        format!("{}, {}", column.label, column.unit)
    }
}

fn project(shape: &MultiPolygon) -> MultiPolygon {
    let ring = |ring: &LineString| -> Option<LineString> {
        ring.0.iter().map(|at| on_plane(Bng::new(at.x, at.y))).collect()
    };
    let polygon = |polygon: &Polygon| {
        let holes = polygon.interiors().iter().map(ring).collect::<Option<_>>()?;
        Some(Polygon::new(ring(polygon.exterior())?, holes))
    };
    shape.iter().filter_map(polygon).collect()
}

/// The shallowest zoom at which no tile holds too many middles of features.
fn shallowest(features: &[Projected]) -> u8 {
    let middles: Vec<Coord> =
        features.iter().filter_map(Projected::bounds).map(Rect::center).collect();
    let crowded = |zoom: u8| {
        let across = f64::from(zoom).exp2();
        let mut tiles: Vec<(u32, u32)> =
            middles.iter().map(|at| ((at.x * across) as u32, (at.y * across) as u32)).collect();
        tiles.sort_unstable();
        tiles.chunk_by(|a, b| a == b).any(|tile| tile.len() > MOST_FEATURES)
    };
    if middles.len() <= MOST_FEATURES {
        return 0;
    }
    (0..DEEPEST).find(|&zoom| !crowded(zoom)).unwrap_or(DEEPEST)
}

/// A tile on the plane of tiles.
#[derive(Debug, Clone, Copy)]
pub(super) struct TileFrame {
    west: f64,
    north: f64,
    /// Side of the tile on the plane.
    side: f64,
}

impl TileFrame {
    pub(super) fn of(tile: TileId) -> Self {
        let side = (-f64::from(tile.z())).exp2();
        Self { west: f64::from(tile.x()) * side, north: f64::from(tile.y()) * side, side }
    }

    /// The tile with its buffer.
    pub(super) fn buffered(self) -> Rect {
        let more = self.side * BUFFER / f64::from(EXTENT);
        Rect::new(
            Coord { x: self.west - more, y: self.north - more },
            Coord { x: self.west + self.side + more, y: self.north + self.side + more },
        )
    }

    /// In units of the tile, rows from the north.
    pub(super) fn quantised(self, at: Coord) -> MvtCoord {
        let unit =
            |from: f64, at: f64| ((at - from) / self.side * f64::from(EXTENT)).round() as i32;
        MvtCoord { x: unit(self.west, at.x), y: unit(self.north, at.y) }
    }

    /// Rings of a shape in this tile, each exterior one before its holes; none where it does not
    /// reach it.
    fn rings(self, shape: &MultiPolygon) -> Vec<(Vec<MvtCoord>, bool)> {
        let window = self.buffered();
        let Some(bounds) = shape.bounding_rect() else { return Vec::new() };
        let inside = window.min().x <= bounds.min().x
            && window.min().y <= bounds.min().y
            && window.max().x >= bounds.max().x
            && window.max().y >= bounds.max().y;
        let cut = if inside { Cow::Borrowed(shape) } else { Cow::Owned(self.clipped(shape)) };
        let mut rings = Vec::new();
        for polygon in &*cut {
            let Some(exterior) = self.ring(polygon.exterior()) else { continue };
            rings.push((exterior, true));
            let holes = polygon.interiors().iter().filter_map(|ring| self.ring(ring));
            rings.extend(holes.map(|ring| (ring, false)));
        }
        if rings.is_empty()
            && let Some(first) = cut.iter().next().and_then(|polygon| polygon.exterior().0.first())
        {
            // Too small for a shape of its own.
            let MvtCoord { x, y } = self.quantised(*first);
            let corners = [(x, y), (x + 2, y), (x + 2, y + 2), (x, y + 2)];
            rings.push((corners.map(|(x, y)| MvtCoord { x, y }).to_vec(), true));
        }
        rings
    }

    /// The part of a shape that is in the tile or its buffer, in units of the tile so that cutting
    /// is as exact at any zoom.
    fn clipped(self, shape: &MultiPolygon) -> MultiPolygon {
        let window = self.buffered();
        let bounds = shape.bounding_rect();
        let apart = bounds.is_none_or(|bounds| {
            bounds.max().x < window.min().x
                || bounds.min().x > window.max().x
                || bounds.max().y < window.min().y
                || bounds.min().y > window.max().y
        });
        if apart {
            return MultiPolygon::new(Vec::new());
        }
        shape.intersection(&MultiPolygon::new(vec![window.to_polygon()]))
    }

    /// A ring without repeats or straight-on corners; `None` where nothing is left of it.
    fn ring(self, ring: &LineString) -> Option<Vec<MvtCoord>> {
        let mut corners: Vec<MvtCoord> = Vec::with_capacity(ring.0.len());
        for &at in &ring.0 {
            let at = self.quantised(at);
            if corners.last() != Some(&at) {
                corners.push(at);
            }
        }
        while corners.len() > 1 && corners.first() == corners.last() {
            corners.pop();
        }
        let line: LineString<f64> =
            corners.iter().map(|at| Coord { x: f64::from(at.x), y: f64::from(at.y) }).collect();
        let area = Polygon::new(line, Vec::new()).unsigned_area();
        (corners.len() >= 3 && area > 0.0).then_some(corners)
    }
}

#[cfg(test)]
#[path = "vector_tile_tests.rs"]
mod tests;
