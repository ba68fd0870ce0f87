//! The one tiling scheme: `WebMercatorQuad` of the OGC Two Dimensional Tile Matrix Set, 17-083r4.

use serde_json::{Value as Json, json};

use crate::crs::WORLD_HALF_WIDTH;
use crate::server::english::catalogue as say;
use crate::server::ogc::{Base, link};

/// Name of the tiling scheme.
pub(crate) const TILE_MATRIX_SET: &str = "WebMercatorQuad";

/// Its definition.
pub(super) const TILE_MATRIX_SET_URI: &str =
    "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";

/// Its coordinate system.
pub(super) const CRS: &str = "http://www.opengis.net/def/crs/EPSG/0/3857";

/// Deepest level described.
const DEEPEST: u8 = 24;

/// Metres of the standard's pixel.
const PIXEL: f64 = 0.000_28;

/// Metres to a pixel of 256 to a tile at this level, at the equator.
pub(super) fn cell_size(level: u8) -> f64 {
    2.0 * WORLD_HALF_WIDTH / 256.0 / f64::from(level).exp2()
}

/// Scale denominator of a level.
pub(super) fn scale_denominator(level: u8) -> f64 {
    cell_size(level) / PIXEL
}

/// `GET /tileMatrixSets`.
pub(crate) fn matrix_sets(base: &Base) -> Json {
    json!({ "tileMatrixSets": [{
        "id": TILE_MATRIX_SET,
        "title": "Google Maps Compatible for the World",
        "uri": TILE_MATRIX_SET_URI,
        "crs": CRS,
        "links": [link(
            base,
            &format!("/tileMatrixSets/{TILE_MATRIX_SET}"),
            "self",
            "application/json",
            say::THE_TILING_SCHEME,
        )],
    }] })
}

/// `GET /tileMatrixSets/WebMercatorQuad`.
pub(crate) fn matrix_set() -> Json {
    let matrix = |level: u8| {
        let across = 1_u64 << level;
        json!({
            "id": level.to_string(),
            "scaleDenominator": scale_denominator(level),
            "cellSize": cell_size(level),
            "cornerOfOrigin": "topLeft",
            "pointOfOrigin": [-WORLD_HALF_WIDTH, WORLD_HALF_WIDTH],
            "tileWidth": 256,
            "tileHeight": 256,
            "matrixWidth": across,
            "matrixHeight": across,
        })
    };
    json!({
        "id": TILE_MATRIX_SET,
        "title": "Google Maps Compatible for the World",
        "uri": TILE_MATRIX_SET_URI,
        "crs": CRS,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": (0..=DEEPEST).map(matrix).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of 17-083r4, annex D.1.
    #[test]
    fn scales_are_those_of_the_standard() {
        for (level, scale, cell) in [
            (0, 559_082_264.028_717_8, 156_543.033_928_040_97),
            (10, 545_978.773_465_544_7, 152.874_056_570_352_5),
            (18, 2_132.729_583_849_784, 0.597_164_283_477_939_5),
        ] {
            assert!((scale_denominator(level) / scale - 1.0).abs() < 1e-9);
            assert!((cell_size(level) / cell - 1.0).abs() < 1e-9);
        }
    }
}
