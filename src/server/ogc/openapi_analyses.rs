//! Analyses in the service description.

use serde_json::{Map, Value as Json, json};

use super::openapi::{problem, version};
use crate::server::english::openapi as say;
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
            "400": problem(say::BAD_PARAMETER),
            "406": problem(say::NO_FORM),
            "414": problem(say::ADDRESS_TOO_LONG),
            "429": problem(say::TOO_MANY),
            "503": problem(say::MUCH_IS_WAITING),
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
    let gone = || problem(say::NO_SUCH_ID);
    let mut run = operation(
        "analyses.run",
        say::RUN,
        &[],
        json!({
            "403": problem(say::NOT_ALLOWED),
            "201": status(say::DONE),
            "202": status(say::BEGUN),
            "413": problem(say::BODY_TOO_LARGE),
            "422": problem(say::UNANSWERABLE),
        }),
    );
    run["requestBody"] = json!({ "required": true, "content": json_body(request()) });
    paths.insert("/analyses".to_owned(), json!({ "post": run }));
    let poll = operation(
        "analyses.poll",
        say::POLL,
        &[&id],
        json!({ "200": status(say::ENDED), "202": status(say::UNDER_WAY), "404": gone() }),
    );
    let cancel = operation(
        "analyses.cancel",
        say::CANCEL,
        &[&id],
        json!({ "200": status(say::FORGOTTEN), "404": gone() }),
    );
    paths.insert("/analyses/{analysisId}".to_owned(), json!({ "get": poll, "delete": cancel }));
    let file = json!({
        "name": "file", "in": "path", "required": true, "schema": { "type": "string" },
        "description": say::FILE,
    });
    let fetch = operation(
        "analyses.fetch",
        say::FETCH,
        &[&id, &file],
        json!({
            "200": { "description": say::THE_FILE, "content": { "*/*": { "schema": {} } } },
            "404": gone(),
            "409": problem(say::STILL_UNDER_WAY),
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
                "description": say::ALONE,
            },
            "units": {
                "type": "string",
                "description": say::UNITS,
            },
            "options": { "type": "object", "description": say::OPTIONS },
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
