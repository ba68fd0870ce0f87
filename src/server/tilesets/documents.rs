//! Documents that describe a tile set: TileJSON, WMTS, OGC API Tiles, and what GDAL reads beside
//! vector tiles.

use std::fmt::Write as _;

use serde_json::{Map, Value as Json, json};

use crate::crs::WORLD_HALF_WIDTH;
use crate::server::english::catalogue as say;
use crate::server::ogc::{Base, link};

use super::TileSet;
use super::scheme::{CRS, TILE_MATRIX_SET, TILE_MATRIX_SET_URI, scale_denominator};

/// Media type of vector tiles.
pub(crate) const MVT: &str = "application/vnd.mapbox-vector-tile";

impl TileSet {
    /// Ending of the addresses of its tiles.
    fn ending(&self) -> &'static str {
        if self.layer.is_raster() { "png" } else { "mvt" }
    }

    fn vector_layers(&self) -> Json {
        let fields: Map<String, Json> =
            self.fields.iter().map(|(id, words)| ((*id).to_owned(), json!(words))).collect();
        json!([{
            "id": self.layer.id(),
            "description": self.title,
            "minzoom": self.shallowest,
            "maxzoom": self.deepest,
            "fields": fields,
        }])
    }

    /// Middle of the bounds, and a zoom at which they fit on a screen.
    pub(super) fn centre(&self) -> (f64, f64, u8) {
        let [west, south, east, north] = self.bounds;
        let round = |degrees: f64| (degrees * 1e6).round() / 1e6;
        let zoom = (360.0 / (east - west).max(1e-6)).log2().floor();
        let zoom = zoom.clamp(f64::from(self.shallowest), f64::from(self.deepest)) as u8;
        (round(f64::midpoint(west, east)), round(f64::midpoint(south, north)), zoom)
    }
}

/// Text that is shown as HTML by whoever reads it.
fn plain(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// TileJSON 3.0.0.
pub(crate) fn tilejson(set: &TileSet, base: &Base) -> Json {
    let (id, ending, query) = (set.layer.id(), set.ending(), &set.query);
    let (lon, lat, zoom) = set.centre();
    let mut document = json!({
        "tilejson": "3.0.0",
        "name": set.title,
        "description": set.description,
        "version": "1.0.0",
        "scheme": "xyz",
        "tiles": [base.address(&format!("/tiles/{id}/{{z}}/{{x}}/{{y}}.{ending}?{query}"))],
        "minzoom": set.shallowest,
        "maxzoom": set.deepest,
        "bounds": set.bounds,
        "center": [lon, lat, zoom],
        "attribution": plain(&set.attribution),
    });
    if set.layer.is_raster() {
        document["tileSize"] = json!(256);
    } else {
        document["vector_layers"] = set.vector_layers();
    }
    if let Some(legend) = &set.legend {
        document["legend"] = json!(plain(&legend.text));
        let address = format!("/legend/{}.json?{query}", legend.layer);
        document["legend_url"] = json!(base.address(&address));
    }
    document
}

/// `metadata.json`, as GDAL wants it beside the tiles of a zoom.
pub(crate) fn metadata(set: &TileSet) -> Json {
    let [west, south, east, north] = set.bounds;
    let (lon, lat, zoom) = set.centre();
    let layers = json!({ "vector_layers": set.vector_layers() }).to_string();
    json!({
        "name": set.title,
        "description": set.description,
        "version": "2",
        "minzoom": set.shallowest.to_string(),
        "maxzoom": set.deepest.to_string(),
        "center": format!("{lon},{lat},{zoom}"),
        "bounds": format!("{west},{south},{east},{north}"),
        "type": "overlay",
        "format": "pbf",
        "attribution": plain(&set.attribution),
        "crs": "EPSG:3857",
        "tile_origin_upper_left_x": -WORLD_HALF_WIDTH,
        "tile_origin_upper_left_y": WORLD_HALF_WIDTH,
        "tile_dimension_zoom_0": 2.0 * WORLD_HALF_WIDTH,
        "json": layers,
    })
}

/// A WMTS 1.0.0 capabilities document of one layer, its tiles by address alone.
pub(crate) fn wmts(set: &TileSet, base: &Base) -> String {
    let [west, south, east, north] = set.bounds;
    let (id, title, text) = (set.layer.id(), plain(&set.title), plain(&set.description));
    let own = plain(&base.address(&format!("/wmts/1.0.0/WMTSCapabilities.xml?{}", set.query)));
    let legend = plain(&base.address(&format!("/legend/{id}.png?{}", set.query)));
    let resource = |ending: &str| {
        let path =
            format!("/tiles/{id}/{{TileMatrix}}/{{TileCol}}/{{TileRow}}.{ending}?{}", set.query);
        format!(
            "<ResourceURL format=\"image/{ending}\" resourceType=\"tile\" template=\"{}\"/>",
            plain(&base.address(&path))
        )
    };
    let mut matrices = String::new();
    for level in set.shallowest..=set.deepest {
        let across = 1_u64 << level;
        let _ = write!(
            matrices,
            "<TileMatrix><ows:Identifier>{level}</ows:Identifier>\
             <ScaleDenominator>{}</ScaleDenominator>\
             <TopLeftCorner>-{WORLD_HALF_WIDTH} {WORLD_HALF_WIDTH}</TopLeftCorner>\
             <TileWidth>256</TileWidth><TileHeight>256</TileHeight>\
             <MatrixWidth>{across}</MatrixWidth><MatrixHeight>{across}</MatrixHeight></TileMatrix>",
            scale_denominator(level)
        );
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <Capabilities xmlns=\"http://www.opengis.net/wmts/1.0\" \
         xmlns:ows=\"http://www.opengis.net/ows/1.1\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
         version=\"1.0.0\">\
         <ows:ServiceIdentification><ows:Title>wardheat</ows:Title>\
         <ows:ServiceType>OGC WMTS</ows:ServiceType>\
         <ows:ServiceTypeVersion>1.0.0</ows:ServiceTypeVersion></ows:ServiceIdentification>\
         <Contents><Layer><ows:Title>{title}</ows:Title><ows:Abstract>{text}</ows:Abstract>\
         <ows:WGS84BoundingBox><ows:LowerCorner>{west} {south}</ows:LowerCorner>\
         <ows:UpperCorner>{east} {north}</ows:UpperCorner></ows:WGS84BoundingBox>\
         <ows:Identifier>{id}</ows:Identifier>\
         <Style isDefault=\"true\"><ows:Identifier>default</ows:Identifier>\
         <LegendURL format=\"image/png\" xlink:href=\"{legend}\"/></Style>\
         <Format>image/png</Format><Format>image/webp</Format>\
         <TileMatrixSetLink><TileMatrixSet>{TILE_MATRIX_SET}</TileMatrixSet></TileMatrixSetLink>\
         {}{}</Layer>\
         <TileMatrixSet><ows:Identifier>{TILE_MATRIX_SET}</ows:Identifier>\
         <ows:SupportedCRS>urn:ogc:def:crs:EPSG::3857</ows:SupportedCRS>\
         <WellKnownScaleSet>urn:ogc:def:wkss:OGC:1.0:GoogleMapsCompatible</WellKnownScaleSet>\
         {matrices}</TileMatrixSet></Contents>\
         <ServiceMetadataURL xlink:href=\"{own}\"/></Capabilities>\n",
        resource("png"),
        resource("webp"),
    )
}

/// Metadata of a tile set, as OGC API Tiles has them; `path` is that of the tile sets.
pub(crate) fn tileset(set: &TileSet, path: &str, base: &Base) -> Json {
    let [west, south, east, north] = set.bounds;
    let here = format!("{path}/{TILE_MATRIX_SET}");
    let kind = if set.layer.is_raster() { "map" } else { "vector" };
    let tiles = |media_type: &str, form: &str| {
        let template = format!("{here}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}?f={form}");
        let mut link = link(base, &template, "item", media_type, say::TILES);
        link["templated"] = json!(true);
        link
    };
    let mut links = vec![
        link(base, &here, "self", "application/json", say::THIS_DOCUMENT),
        link(
            base,
            &format!("/tileMatrixSets/{TILE_MATRIX_SET}"),
            "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme",
            "application/json",
            say::THE_TILING_SCHEME,
        ),
    ];
    if set.layer.is_raster() {
        links.push(tiles("image/png", "png"));
        links.push(tiles("image/webp", "webp"));
    } else {
        links.push(tiles(MVT, "mvt"));
    }
    let limits: Vec<Json> =
        (set.shallowest..=set.deepest).map(|level| limit(set.bounds, level)).collect();
    let fields: Map<String, Json> = set
        .fields
        .iter()
        .map(|(id, words)| ((*id).to_owned(), json!({ "title": words })))
        .collect();
    let mut document = json!({
        "title": set.title,
        "description": set.description,
        "dataType": kind,
        "crs": CRS,
        "tileMatrixSetId": TILE_MATRIX_SET,
        "tileMatrixSetURI": TILE_MATRIX_SET_URI,
        "tileMatrixSetLimits": limits,
        "boundingBox": {
            "lowerLeft": [west, south],
            "upperRight": [east, north],
            "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        },
        "links": links,
    });
    if !set.layer.is_raster() {
        document["layers"] = json!([{
            "id": set.layer.id(),
            "title": set.title,
            "dataType": kind,
            "minTileMatrix": set.shallowest.to_string(),
            "maxTileMatrix": set.deepest.to_string(),
            "propertiesSchema": { "type": "object", "properties": fields },
        }]);
    }
    document
}

/// Rows and columns of a level that the bounds touch.
fn limit([west, south, east, north]: [f64; 4], level: u8) -> Json {
    let across = f64::from(level).exp2();
    let most = across - 1.0;
    let column = |lon: f64| ((lon / 360.0 + 0.5) * across).floor().clamp(0.0, most);
    let row = |lat: f64| {
        let angle = lat.clamp(-85.05, 85.05).to_radians();
        let north = (angle.tan() + 1.0 / angle.cos()).ln() / std::f64::consts::PI;
        ((1.0 - north) / 2.0 * across).floor().clamp(0.0, most)
    };
    json!({
        "tileMatrix": level.to_string(),
        "minTileRow": row(north) as u64,
        "maxTileRow": row(south) as u64,
        "minTileCol": column(west) as u64,
        "maxTileCol": column(east) as u64,
    })
}
