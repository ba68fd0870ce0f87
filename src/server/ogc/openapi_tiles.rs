//! The part of the service description that is about tiles.

use serde_json::{Value as Json, json};

use crate::layer::Layer;
use crate::pipeline::BANDWIDTHS;
use crate::server::english::{catalogue, openapi as say};
use crate::server::tilesets::{MVT, TILE_MATRIX_SET};

use super::openapi::{analysis, form, problem, query, version};

const JSON: &str = "application/json";

/// Paths of tiles and of what describes them.
pub(super) fn paths(layers: &[Layer]) -> Vec<(String, Json)> {
    let page = "text/html";
    let mut paths = vec![
        item(
            "/tileMatrixSets",
            "tileMatrixSets",
            catalogue::TILING_SCHEMES,
            vec![form()],
            &[JSON, page],
        ),
        item(
            "/tileMatrixSets/{tileMatrixSetId}",
            "tileMatrixSet",
            say::A_TILING_SCHEME,
            vec![matrix_set(), form()],
            &[JSON, page],
        ),
        item("/map/tiles", "map.tileSets", say::HEAT_TILE_SETS, with_form(heat()), &[JSON, page]),
        item(
            "/map/tiles/{tileMatrixSetId}",
            "map.tileSet",
            say::HEAT_TILE_SET,
            with_matrix_set(with_form(heat())),
            &[JSON, page],
        ),
    ];
    let mut picture = address(18);
    picture.extend(heat());
    picture.push(query(
        "scheme",
        say::COLOURS,
        &json!({ "type": "string", "enum": ["light", "dark"] }),
    ));
    picture.push(query("f", say::FORM, &json!({ "type": "string", "enum": ["png", "webp"] })));
    paths.push(item(
        "/map/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}",
        "map.tile",
        say::HEAT_TILE,
        with_matrix_set(picture),
        &["image/png", "image/webp"],
    ));
    for layer in layers {
        let (id, title) = (layer.id, &layer.title);
        let path = format!("/collections/{id}/tiles");
        paths.push(item(
            &path,
            &format!("{id}.tileSets"),
            &say::tile_sets(title),
            with_form(analysis()),
            &[JSON, page],
        ));
        paths.push(item(
            &format!("{path}/{{tileMatrixSetId}}"),
            &format!("{id}.tileSet"),
            &say::tile_set(title),
            with_matrix_set(with_form(analysis())),
            &[JSON, page],
        ));
        let mut tile = address(16);
        tile.extend(analysis());
        tile.push(query("f", say::FORM, &json!({ "type": "string", "enum": ["mvt"] })));
        paths.push(item(
            &format!("{path}/{{tileMatrixSetId}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"),
            &format!("{id}.tile"),
            &say::vector_tile(title),
            with_matrix_set(tile),
            &[MVT],
        ));
    }
    paths
}

fn item(
    path: &str,
    id: &str,
    summary: &str,
    mut parameters: Vec<Json>,
    media: &[&str],
) -> (String, Json) {
    let mut content = json!({});
    for media in media {
        let schema = match *media {
            JSON => json!({ "type": "object" }),
            "text/html" => json!({ "type": "string" }),
            _ => json!({ "type": "string", "format": "binary" }),
        };
        content[*media] = json!({ "schema": schema });
    }
    parameters.push(version());
    let mut responses = json!({
        "200": { "description": summary, "content": content },
        "400": problem(say::BAD_ADDRESS),
        "404": problem(say::NOTHING_HERE),
        "406": problem(say::NO_FORM),
        "414": problem(say::ADDRESS_TOO_LONG),
        "422": problem(say::UNANSWERABLE),
        "503": problem(say::ASK_AGAIN),
        "429": problem(say::TOO_MANY),
    });
    if media == [MVT] {
        responses["204"] = json!({ "description": say::EMPTY_TILE });
    }
    let get = json!({
        "operationId": id, "summary": summary, "parameters": parameters, "responses": responses,
    });
    (path.to_owned(), json!({ "get": get }))
}

fn part(name: &str, schema: &Json) -> Json {
    json!({ "name": name, "in": "path", "required": true, "schema": schema })
}

fn matrix_set() -> Json {
    part("tileMatrixSetId", &json!({ "type": "string", "enum": [TILE_MATRIX_SET] }))
}

fn with_matrix_set(mut parameters: Vec<Json>) -> Vec<Json> {
    parameters.insert(0, matrix_set());
    parameters
}

fn with_form(mut parameters: Vec<Json>) -> Vec<Json> {
    parameters.push(form());
    parameters
}

fn address(deepest: u8) -> Vec<Json> {
    let whole = |most: u64| json!({ "type": "integer", "minimum": 0, "maximum": most });
    let most = (1_u64 << deepest) - 1;
    vec![
        part("tileMatrix", &whole(u64::from(deepest))),
        part("tileRow", &whole(most)),
        part("tileCol", &whole(most)),
    ]
}

/// What chooses heat.
fn heat() -> Vec<Json> {
    let text = json!({ "type": "string" });
    let one_of = |names: &[&str]| json!({ "type": "string", "enum": names, "default": names[0] });
    let bandwidths: Vec<String> = BANDWIDTHS.iter().map(ToString::to_string).collect();
    let mut all = analysis();
    all.extend([
        query("against", say::AGAINST, &text),
        query("classes-of", say::CLASSES_OF, &text),
        query("weight", say::WEIGHT, &one_of(&["count", "harm"])),
        query("per", say::PER, &one_of(&["year", "window", "residents"])),
        query(
            "bandwidth",
            say::BANDWIDTH,
            &json!({ "type": "string", "enum": bandwidths, "default": "300" }),
        ),
    ]);
    all
}
