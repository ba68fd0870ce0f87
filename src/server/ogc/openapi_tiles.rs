//! The part of the service description that is about tiles.

use serde_json::{Value as Json, json};

use crate::layer::Layer;
use crate::pipeline::BANDWIDTHS;
use crate::server::tilesets::{MVT, TILE_MATRIX_SET};

use super::openapi::{analysis, form, problem, query, version};

const JSON: &str = "application/json";

/// Paths of tiles and of what describes them.
pub(super) fn paths(layers: &[Layer]) -> Vec<(String, Json)> {
    let page = "text/html";
    let mut paths = vec![
        item("/tileMatrixSets", "tileMatrixSets", "Tiling schemes", vec![form()], &[JSON, page]),
        item(
            "/tileMatrixSets/{tileMatrixSetId}",
            "tileMatrixSet",
            "A tiling scheme",
            vec![matrix_set(), form()],
            &[JSON, page],
        ),
        item("/map/tiles", "map.tileSets", "Heat: its tile sets", with_form(heat()), &[JSON, page]),
        item(
            "/map/tiles/{tileMatrixSetId}",
            "map.tileSet",
            "Heat: a tile set",
            with_matrix_set(with_form(heat())),
            &[JSON, page],
        ),
    ];
    let mut picture = address(18);
    picture.extend(heat());
    picture.push(query(
        "scheme",
        "Colours",
        &json!({ "type": "string", "enum": ["light", "dark"] }),
    ));
    picture.push(query("f", "Form", &json!({ "type": "string", "enum": ["png", "webp"] })));
    paths.push(item(
        "/map/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}",
        "map.tile",
        "Heat: a tile",
        with_matrix_set(picture),
        &["image/png", "image/webp"],
    ));
    for layer in layers {
        let (id, title) = (layer.id, &layer.title);
        let path = format!("/collections/{id}/tiles");
        paths.push(item(
            &path,
            &format!("{id}.tileSets"),
            &format!("{title}: their tile sets"),
            with_form(analysis()),
            &[JSON, page],
        ));
        paths.push(item(
            &format!("{path}/{{tileMatrixSetId}}"),
            &format!("{id}.tileSet"),
            &format!("{title}: a tile set"),
            with_matrix_set(with_form(analysis())),
            &[JSON, page],
        ));
        let mut tile = address(16);
        tile.extend(analysis());
        tile.push(query("f", "Form", &json!({ "type": "string", "enum": ["mvt"] })));
        paths.push(item(
            &format!("{path}/{{tileMatrixSetId}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"),
            &format!("{id}.tile"),
            &format!("{title}: a vector tile"),
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
        "400": problem("A parameter or part of the address cannot be used"),
        "404": problem("Nothing is here"),
        "406": problem("No form of the answer is accepted"),
        "414": problem("The address is too long"),
        "422": problem("The data cannot answer this"),
        "503": problem("Too much is waiting, or the work takes long: ask again"),
        "429": problem("One client asks too much"),
    });
    if media == [MVT] {
        responses["204"] = json!({ "description": "Nothing is in this tile" });
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
        query(
            "against",
            "Months to take away, or year-earlier: the tiles show the difference",
            &text,
        ),
        query("weight", "What an incident weighs", &one_of(&["count", "harm"])),
        query(
            "per",
            "What a density is divided by, beside the area",
            &one_of(&["year", "window", "residents"]),
        ),
        query(
            "bandwidth",
            "Metres at which the kernel ends",
            &json!({ "type": "string", "enum": bandwidths, "default": "300" }),
        ),
    ]);
    all
}
