//! The service description: one `OpenAPI` 3.0.3 document without references to others.

use serde_json::{Map, Value as Json, json};

use crate::layer::Layer;
use crate::server::english::{catalogue, openapi as say};

use super::area::System;
use super::{
    Base, GEOJSON, LARGEST_PAGE, OPENAPI, PAGE, SCHEMA, kinds, openapi_analyses, openapi_tiles,
};

const JSON: &str = "application/json";

/// The document for these layers.
pub(crate) fn document(area: &str, layers: &[Layer], base: &Base) -> Json {
    let mut paths = Map::new();
    let mut add = |path: String, id: &str, summary: &str, parameters: Vec<Json>, media: &str| {
        let mut responses = json!({
            "200": { "description": summary, "content": {
                media: { "schema": { "type": "object" } },
                "text/html": { "schema": { "type": "string" } },
            } },
            "400": problem(say::BAD_PARAMETER),
            "406": problem(say::NO_FORM),
            "414": problem(say::ADDRESS_TOO_LONG),
            "422": problem(say::UNANSWERABLE),
            "429": problem(say::TOO_MANY),
            "503": problem(say::ASK_AGAIN),
        });
        if path.contains('{') {
            responses["404"] = problem(say::NO_SUCH_ID);
        }
        let parameters: Vec<Json> = parameters.into_iter().chain([form(), version()]).collect();
        paths.insert(
            path,
            json!({ "get": {
                "operationId": id, "summary": summary, "parameters": parameters,
                "responses": responses,
            } }),
        );
    };
    for (path, id, summary, media) in [
        ("/", "landing", say::LANDING, JSON),
        ("/conformance", "conformance", catalogue::CONFORMANCE, JSON),
        ("/api", "api", say::THIS_DESCRIPTION, OPENAPI),
        ("/collections", "collections", catalogue::COLLECTIONS, JSON),
        ("/statistics", "statistics", catalogue::STATISTICS, JSON),
    ] {
        add(path.to_owned(), id, summary, Vec::new(), media);
    }
    let named = json!({
        "name": "statisticId", "in": "path", "required": true, "schema": { "type": "string" },
    });
    add("/statistics/{statisticId}".to_owned(), "statistic", say::STATISTIC, vec![named], JSON);
    for layer in layers {
        let (id, title) = (layer.id, &layer.title);
        let path = format!("/collections/{id}");
        add(path.clone(), &format!("{id}.describe"), &say::collection(title), Vec::new(), JSON);
        add(
            format!("{path}/queryables"),
            &format!("{id}.queryables"),
            &catalogue::queryables(title),
            Vec::new(),
            SCHEMA,
        );
        add(format!("{path}/items"), &format!("{id}.items"), title, items(layer), GEOJSON);
        let mut one = analysis();
        one.push(crs("crs", say::CRS));
        one.push(json!({
            "name": "featureId", "in": "path", "required": true, "schema": { "type": "string" },
        }));
        add(
            format!("{path}/items/{{featureId}}"),
            &format!("{id}.item"),
            &say::one(title),
            one,
            GEOJSON,
        );
    }
    for (path, item) in openapi_tiles::paths(layers) {
        paths.insert(path, item);
    }
    openapi_analyses::add(&mut paths);
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": catalogue::title(area),
            "version": env!("CARGO_PKG_VERSION"),
            "description": say::ABOUT,
        },
        "servers": [{ "url": base.address("/") }],
        "paths": paths,
    })
}

pub(super) fn problem(description: &str) -> Json {
    json!({ "description": description, "content": {
        "application/problem+json": { "schema": { "type": "object", "properties": {
            "type": { "type": "string" }, "title": { "type": "string" },
            "status": { "type": "integer" }, "detail": { "type": "string" },
        } } },
        "text/html": { "schema": { "type": "string" } },
    } })
}

pub(super) fn query(name: &str, description: &str, schema: &Json) -> Json {
    json!({
        "name": name, "in": "query", "required": false, "description": description,
        "style": "form", "explode": false, "schema": schema,
    })
}

pub(super) fn form() -> Json {
    query("f", say::FORM_OF_ANSWER, &json!({ "type": "string", "enum": ["json", "html", ""] }))
}

pub(super) fn version() -> Json {
    query("v", say::VERSION, &json!({ "type": "string" }))
}

fn crs(name: &str, description: &str) -> Json {
    let known: Vec<&str> = System::ALL.map(System::uri).into_iter().chain([""]).collect();
    query(name, description, &json!({ "type": "string", "enum": known, "default": known[0] }))
}

/// What chooses the analysis.
pub(super) fn analysis() -> Vec<Json> {
    let text = json!({ "type": "string" });
    let month = json!({ "type": "string", "pattern": "^([0-9]{4}-(0[1-9]|1[0-2]))?$" });
    vec![
        query("type", say::TYPE, &text),
        query("from", say::FROM, &month),
        query("to", say::TO, &month),
        query("window", say::WINDOW, &text),
        query("source", say::SOURCE, &text),
        query("day", say::DAY, &text),
        query("hour", say::HOUR, &text),
    ]
}

fn items(layer: &Layer) -> Vec<Json> {
    let mut all = analysis();
    all.push(query(
        "limit",
        say::LIMIT,
        &json!({ "type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE }),
    ));
    all.push(query(
        "offset",
        say::OFFSET,
        &json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX, "default": 0 }),
    ));
    let corners = json!({
        "type": "array", "items": { "type": "number" },
        "oneOf": [{ "minItems": 4, "maxItems": 4 }, { "minItems": 6, "maxItems": 6 }],
    });
    all.push(query("bbox", say::BBOX, &corners));
    all.push(query("datetime", say::DATETIME, &json!({ "type": "string" })));
    all.push(crs("crs", say::CRS_GIVEN));
    all.push(crs("bbox-crs", say::BBOX_CRS));
    all.push(query("filter", say::FILTER, &json!({ "type": "string" })));
    all.push(query(
        "filter-lang",
        say::FILTER_LANGUAGE,
        &json!({ "type": "string", "enum": ["cql2-text", ""], "default": "cql2-text" }),
    ));
    all.push(crs("filter-crs", say::FILTER_CRS));
    for (column, kind) in layer.columns.iter().zip(kinds(layer)) {
        all.push(query(column.id, column.label, &json!({ "type": kind.schema() })));
    }
    all
}
