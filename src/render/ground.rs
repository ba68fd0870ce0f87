//! What lies under the data where a workspace has a basemap: water, green, buildings, rails and roads,
//! read from vector tiles and drawn quietly.

use fast_mvt::{MvtError, MvtGeometry, MvtReaderRef};
use geo_types::{Coord, LineString, Polygon};

use crate::crs::{Bng, TileId, WebMercator, lonlat_to_bng_all};

/// A kind of thing on the ground, from below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroundKind {
    /// Parks, woods and fields.
    Green,
    /// Rivers and lakes.
    Water,
    /// Streams as lines.
    Stream,
    /// Buildings.
    Building,
    /// Railways.
    Rail,
    /// Roads.
    Road,
}

/// Layers of basemaps by what they hold, in the schemas of Protomaps, `OpenMapTiles` and OS Open
/// Zoomstack.
const LAYERS: [(GroundKind, &[&str]); 5] = [
    (
        GroundKind::Green,
        &["landuse", "landcover", "park", "greenspace", "woodland", "national_parks", "natural"],
    ),
    (GroundKind::Water, &["water", "surfacewater", "sea", "foreshore", "waterway", "waterlines"]),
    (GroundKind::Building, &["building", "buildings", "local_buildings", "district_buildings"]),
    (GroundKind::Rail, &["rail", "railway", "railways", "transit"]),
    (
        GroundKind::Road,
        &[
            "road",
            "roads",
            "transportation",
            "roads_local",
            "roads_regional",
            "roads_national",
            "motorway",
            "motorways",
        ],
    ),
];

/// A line or ring on the ground.
#[derive(Debug, Clone, PartialEq)]
pub struct GroundLine {
    /// What it is of.
    pub kind: GroundKind,
    /// Whether it is a ring.
    pub closed: bool,
    /// Where it runs, in metres of the working plane.
    pub line: Vec<Bng>,
}

/// Everything of a basemap that a drawing shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ground {
    /// Lines and rings in the order of their kinds.
    pub lines: Vec<GroundLine>,
    /// Whom to name, without markup.
    pub attribution: String,
}

impl Ground {
    /// The lines and areas of these tiles, each with its bytes without compression.
    ///
    /// # Errors
    ///
    /// [`MvtError`] if a tile is no vector tile.
    pub fn of(tiles: &[(TileId, Vec<u8>)], attribution: String) -> Result<Self, MvtError> {
        let mut lines = Vec::new();
        for (tile, bytes) in tiles {
            for layer in MvtReaderRef::new(bytes)?.layers() {
                let Some(kind) = kind_of(layer.name()) else { continue };
                let place = Place::new(*tile, layer.extent());
                for feature in layer.features() {
                    add(&feature.geometry()?, kind, &place, &mut lines);
                }
            }
        }
        lines.sort_by_key(|line| line.kind);
        Ok(Self { lines, attribution })
    }
}

fn kind_of(layer: &str) -> Option<GroundKind> {
    LAYERS.iter().find(|(_, names)| names.contains(&layer)).map(|(kind, _)| *kind)
}

/// Where the steps of a tile lie on the plane.
struct Place {
    west: f64,
    north: f64,
    step: f64,
}

impl Place {
    fn new(tile: TileId, extent: u32) -> Self {
        let (north_west, south_east) = tile.corners();
        let step = (south_east.x() - north_west.x()) / f64::from(extent.max(1));
        Self { west: north_west.x(), north: north_west.y(), step }
    }

    fn line(&self, line: &LineString<i32>) -> Vec<Bng> {
        let at = |coord: &Coord<i32>| {
            let x = self.west + f64::from(coord.x) * self.step;
            let y = self.north - f64::from(coord.y) * self.step;
            WebMercator::new(x, y).to_lonlat()
        };
        let places: Vec<_> = line.0.iter().map(at).collect();
        lonlat_to_bng_all(&places).into_iter().flatten().collect()
    }
}

fn add(geometry: &MvtGeometry, kind: GroundKind, place: &Place, lines: &mut Vec<GroundLine>) {
    let area = matches!(kind, GroundKind::Green | GroundKind::Water | GroundKind::Building);
    let line_kind = if kind == GroundKind::Water { GroundKind::Stream } else { kind };
    let mut ring = |polygon: &Polygon<i32>| {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            lines.push(GroundLine { kind, closed: true, line: place.line(ring) });
        }
    };
    match geometry {
        MvtGeometry::Polygon(polygon) if area => ring(polygon),
        MvtGeometry::MultiPolygon(all) if area => all.iter().for_each(ring),
        MvtGeometry::LineString(line) if !area || kind == GroundKind::Water => {
            lines.push(GroundLine { kind: line_kind, closed: false, line: place.line(line) });
        }
        MvtGeometry::MultiLineString(all) if !area || kind == GroundKind::Water => {
            let of = |line| GroundLine { kind: line_kind, closed: false, line: place.line(line) };
            lines.extend(all.iter().map(of));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The live map keeps the same list, as patterns.
    #[test]
    fn the_live_map_knows_the_same_layers() {
        let live = include_str!("../../web/src/basemap.ts");
        for name in LAYERS.iter().flat_map(|(_, names)| *names) {
            // `roads_(local|regional|national)` and `buildings?` stand for several.
            let stem = name.trim_end_matches('s');
            let last = stem.rsplit('_').next().unwrap_or(stem);
            assert!(live.contains(stem) || live.contains(last), "{name}");
        }
    }

    #[test]
    fn what_is_no_tile_is_refused_and_no_tile_is_no_ground() {
        let tile = TileId::new(8, 126, 81).unwrap();
        assert!(Ground::of(&[(tile, b"nonsense".to_vec())], String::new()).is_err());
        assert_eq!(Ground::of(&[], "OS".into()).unwrap().lines, Vec::new());
    }
}
