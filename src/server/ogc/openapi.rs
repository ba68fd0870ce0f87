//! The service description: one `OpenAPI` 3.0.3 document without references to others.

use serde_json::{Map, Value as Json, json};

use crate::layer::Layer;

use super::area::System;
use super::{
    Base, GEOJSON, LARGEST_PAGE, OPENAPI, PAGE, SCHEMA, kinds, openapi_analyses, openapi_tiles,
};

/// The document for these layers.
pub(crate) fn document(area: &str, layers: &[Layer], base: &Base) -> Json {
    let mut paths = Map::new();
    let mut add = |path: String, id: &str, summary: &str, parameters: Vec<Json>, media: &str| {
        let mut responses = json!({
            "200": { "description": summary, "content": {
                media: { "schema": { "type": "object" } },
                "text/html": { "schema": { "type": "string" } },
            } },
            "400": problem("A parameter cannot be used"),
            "406": problem("No form of the answer is accepted"),
            "414": problem("The address is too long"),
            "422": problem("The data cannot answer this"),
            "429": problem("One client asks too much"),
            "503": problem("Too much is waiting, or the work takes long: ask again"),
        });
        if path.contains('{') {
            responses["404"] = problem("Nothing has this id");
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
    add("/".to_owned(), "landing", "Landing page", Vec::new(), "application/json");
    add(
        "/conformance".to_owned(),
        "conformance",
        "Conformance classes",
        Vec::new(),
        "application/json",
    );
    add("/api".to_owned(), "api", "This description", Vec::new(), OPENAPI);
    add("/collections".to_owned(), "collections", "Collections", Vec::new(), "application/json");
    add("/statistics".to_owned(), "statistics", "Statistics", Vec::new(), "application/json");
    let named = json!({
        "name": "statisticId", "in": "path", "required": true, "schema": { "type": "string" },
    });
    add(
        "/statistics/{statisticId}".to_owned(),
        "statistic",
        "One statistic, with every option",
        vec![named],
        "application/json",
    );
    for layer in layers {
        let (id, title) = (layer.id, &layer.title);
        let path = format!("/collections/{id}");
        add(
            path.clone(),
            &format!("{id}.describe"),
            &format!("{title}: what they are"),
            Vec::new(),
            "application/json",
        );
        add(
            format!("{path}/queryables"),
            &format!("{id}.queryables"),
            &format!("{title}: what can be filtered by"),
            Vec::new(),
            SCHEMA,
        );
        add(format!("{path}/items"), &format!("{id}.items"), title, items(layer), GEOJSON);
        let mut one = analysis();
        one.push(crs("crs", "System of the coordinates"));
        one.push(json!({
            "name": "featureId", "in": "path", "required": true, "schema": { "type": "string" },
        }));
        add(
            format!("{path}/items/{{featureId}}"),
            &format!("{id}.item"),
            &format!("{title}: one of them"),
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
            "title": format!("wardheat: {area}"),
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Recorded incidents by ward, cell and hotspot, with their uncertainty. Records are what was reported and recorded; nothing here predicts.",
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
    query(
        "f",
        "Form of the answer; it goes before Accept",
        &json!({ "type": "string", "enum": ["json", "html", ""] }),
    )
}

pub(super) fn version() -> Json {
    query(
        "v",
        "Version of the data an address was made for: how long the answer may be kept",
        &json!({ "type": "string" }),
    )
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
        query("type", "Which incidents: a crime type, all, all-crime, fire", &text),
        query("from", "First month; with `to`", &month),
        query("to", "Last month; with `from`", &month),
        query(
            "window",
            "Months: 2025-01..2025-12, oct-sep, jan-dec, apr-mar, latest or all",
            &text,
        ),
        query("source", "Only this source", &text),
        query("day", "Days: mon to sun in a list or range, weekday or weekend", &text),
        query("hour", "Band of the clock, such as 18-24, or 21-5 past midnight", &text),
    ]
}

fn items(layer: &Layer) -> Vec<Json> {
    let mut all = analysis();
    all.push(query(
        "limit",
        "Features of a page; more than the most are clamped to it",
        &json!({ "type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE }),
    ));
    all.push(query(
        "offset",
        "Features to skip",
        &json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX, "default": 0 }),
    ));
    let corners = json!({
        "type": "array", "items": { "type": "number" },
        "oneOf": [{ "minItems": 4, "maxItems": 4 }, { "minItems": 6, "maxItems": 6 }],
    });
    all.push(query("bbox", "Features that meet this box, least corner first", &corners));
    all.push(query(
        "datetime",
        "Features whose months meet this instant or interval (RFC 3339, `..` for an open end)",
        &json!({ "type": "string" }),
    ));
    all.push(crs("crs", "System of the coordinates given"));
    all.push(crs("bbox-crs", "System of `bbox`"));
    all.push(query("filter", "CQL2 text over the queryables", &json!({ "type": "string" })));
    all.push(query(
        "filter-lang",
        "Language of `filter`",
        &json!({ "type": "string", "enum": ["cql2-text", ""], "default": "cql2-text" }),
    ));
    all.push(crs("filter-crs", "System of positions in `filter`"));
    for (column, kind) in layer.columns.iter().zip(kinds(layer)) {
        all.push(query(column.id, column.label, &json!({ "type": kind.schema() })));
    }
    all
}
