//! Analyses in the service description.

use serde_json::{Map, Value as Json, json};

use super::openapi::{problem, version};
use crate::stats::STATISTICS;

/// `/analyses`: run, poll, cancel and fetch.
pub(super) fn add(paths: &mut Map<String, Json>) {
    let json_body = |schema: Json| json!({ "application/json": { "schema": schema } });
    let status = |description: &str| json!({ "description": description, "content": json_body(json!({ "type": "object" })) });
    let id = json!({
        "name": "analysisId", "in": "path", "required": true, "schema": { "type": "string" },
    });
    let operation = |id: &str, summary: &str, parameters: &[&Json], replies: Json| {
        let mut responses = json!({
            "400": problem("A parameter cannot be used"),
            "406": problem("No form of the answer is accepted"),
            "414": problem("The address is too long"),
            "429": problem("One client asks too much"),
            "503": problem("Too much is waiting: ask again"),
        });
        if let (Some(all), Json::Object(more)) = (responses.as_object_mut(), replies) {
            all.extend(more);
        }
        let parameters: Vec<Json> =
            parameters.iter().copied().cloned().chain([version()]).collect();
        json!({
            "operationId": id, "summary": summary, "parameters": parameters, "responses": responses,
        })
    };
    let gone = || problem("Nothing has this id");
    let mut run = operation(
        "analyses.run",
        "Run an analysis or, where one is named, a statistic: the same request as `wardheat analyse`",
        &[],
        json!({
            "403": problem("Whoever asks may not have single statistics"),
            "201": status("It is done: `Location` says where"),
            "202": status("It is under way: `Location` says where to ask how far"),
            "413": problem("The body is too large"),
            "422": problem("The data cannot answer this"),
        }),
    );
    run["requestBody"] = json!({ "required": true, "content": json_body(request()) });
    paths.insert("/analyses".to_owned(), json!({ "post": run }));
    let poll = operation(
        "analyses.poll",
        "How far it is; once it is done, what can be fetched",
        &[&id],
        json!({ "200": status("It has ended"), "202": status("It is under way"), "404": gone() }),
    );
    let cancel = operation(
        "analyses.cancel",
        "Stop it, unless others wait for the same, and forget it",
        &[&id],
        json!({ "200": status("It is forgotten"), "404": gone() }),
    );
    paths.insert("/analyses/{analysisId}".to_owned(), json!({ "get": poll, "delete": cancel }));
    let file = json!({
        "name": "file", "in": "path", "required": true, "schema": { "type": "string" },
        "description": "A layer or table and its form, such as wards.geojson or by-month.csv",
    });
    let fetch = operation(
        "analyses.fetch",
        "A layer in the format of any writer, or a table",
        &[&id, &file],
        json!({
            "200": { "description": "The file", "content": { "*/*": { "schema": {} } } },
            "404": gone(),
            "409": problem("It is under way still"),
        }),
    );
    paths.insert("/analyses/{analysisId}/{file}".to_owned(), json!({ "get": fetch }));
}

/// The settings of an analysis, with the bounds that it is checked against.
fn request() -> Json {
    let within = |low: f64, high: f64| json!({ "type": "number", "minimum": low, "maximum": high });
    json!({
        "type": "object", "additionalProperties": false,
        "properties": {
            "statistic": {
                "type": "string", "enum": STATISTICS.iter().map(|one| one.id()).collect::<Vec<_>>(),
                "description": "Run this alone; `/statistics` has its options",
            },
            "units": {
                "type": "string",
                "description": "What a statistic counts in: ward, lsoa, square:250, hexagon:250, h3:250",
            },
            "options": { "type": "object", "description": "Options of the statistic" },
            "type": { "type": "string" },
            "window": { "type": "string" },
            "source": { "type": "string", "nullable": true },
            "hours": {
                "type": "object", "additionalProperties": false,
                "properties": { "day": { "type": "string" }, "hour": { "type": "string" } },
            },
            "cell": within(25.0, 10_000.0),
            "bandwidth": within(50.0, 10_000.0),
            "family": { "type": "string", "enum": ["at-risk", "all"] },
            "alpha": within(1e-6, 0.5),
            "largest-hotspot": within(1e4, 1e9),
            "seed": { "type": "integer", "minimum": 0 },
        },
    })
}
