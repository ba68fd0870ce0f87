//! OGC API Features over the layers of an analysis: what a collection is, and which of its features
//! a client asked for.
//!
//! Part 1 (core, GeoJSON, HTML, `OpenAPI` 3.0), Part 2 (coordinate systems), Part 3 (queryables, a
//! bounded subset of CQL2 text). What is not understood is refused with 400 and named.

pub(crate) mod area;
mod cql2;
mod held;
mod kinds;
mod links;
pub(crate) mod openapi;
mod openapi_analyses;
mod openapi_tiles;
mod period;
mod select;

pub(crate) use held::Collections;
pub(crate) use kinds::kinds;
pub(crate) use links::{Base, link};
pub(crate) use select::{ITEMS, LARGEST_PAGE, PAGE, Selection};

use serde_json::{Value as Json, json};

use crate::layer::Layer;
use crate::server::english::catalogue as say;
use crate::time::Window;

use area::System;

/// Conformance classes, each held by a test named after its abstract test.
pub(crate) const CONFORMANCE: &[&str] = &[
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
    "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/dataset-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/png",
];

/// Media type of features.
pub(crate) const GEOJSON: &str = "application/geo+json";
/// Media type of the service description.
pub(crate) const OPENAPI: &str = "application/vnd.oai.openapi+json;version=3.0";
/// Media type of queryables.
pub(crate) const SCHEMA: &str = "application/schema+json";

/// A collection as it is described.
pub(crate) fn collection(
    layer: &Layer,
    window: Window,
    bounds: Option<[f64; 4]>,
    base: &Base,
) -> Json {
    let id = layer.id;
    let (first, after) = period::of(window);
    let items = |media_type, form| {
        link(base, &format!("/collections/{id}/items?f={form}"), "items", media_type, &layer.title)
    };
    json!({
        "id": id,
        "title": layer.title,
        "description": say::collection(&layer.title, &window.label()),
        "itemType": "feature",
        "extent": {
            "spatial": {
                "bbox": [bounds.unwrap_or([-180.0, -90.0, 180.0, 90.0])],
                "crs": System::Crs84.uri(),
            },
            "temporal": {
                "interval": [[format!("{first}T00:00:00Z"), format!("{after}T00:00:00Z")]],
                "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
            },
        },
        "crs": System::ALL.map(System::uri),
        "storageCrs": System::Epsg27700.uri(),
        "links": [
            link(base, &format!("/collections/{id}"), "self", "application/json", say::THIS_DOCUMENT),
            link(base, &format!("/collections/{id}?f=html"), "alternate", "text/html", say::THIS_AS_A_PAGE),
            items(GEOJSON, "json"),
            items("text/html", "html"),
            link(base, &format!("/collections/{id}/queryables"), "http://www.opengis.net/def/rel/ogc/1.0/queryables", SCHEMA, say::QUERYABLES),
            link(base, &format!("/collections/{id}/tiles"), "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", "application/json", say::VECTOR_TILES),
        ],
    })
}

/// What the features of a collection can be filtered by, as JSON Schema.
pub(crate) fn queryables(layer: &Layer, base: &Base) -> Json {
    let mut properties = serde_json::Map::new();
    properties.insert(
        "geometry".to_owned(),
        json!({ "format": "geometry-any", "x-ogc-role": "primary-geometry" }),
    );
    for (column, kind) in layer.columns.iter().zip(kinds(layer)) {
        let title = say::property(column.label, column.unit);
        properties.insert(column.id.to_owned(), json!({ "title": title, "type": kind.schema() }));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": base.address(&format!("/collections/{}/queryables", layer.id)),
        "type": "object",
        "title": layer.title,
        "properties": properties,
        "additionalProperties": false,
    })
}
