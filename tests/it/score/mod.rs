//! `wardheat analyse STATISTIC`: one statistic on any file.

mod dated;
mod files;
mod outputs;
mod rates;

use crate::support::Workspace;

/// A 6 by 6 grid of 1 km squares, `n` high in one corner.
fn squares() -> String {
    let mut features = Vec::new();
    for row in 0..6 {
        for column in 0..6 {
            let (x, y) = (444_000 + column * 1000, 520_000 + row * 1000);
            let n = if column < 2 && row < 2 { 40 } else { 5 + (column + 2 * row) % 3 };
            features.push(format!(
                r#"{{"type":"Feature","properties":{{"code":"c{column}r{row}","n":{n}}},"geometry":{{"type":"Polygon","coordinates":[[[{x},{y}],[{0},{y}],[{0},{1}],[{x},{1}],[{x},{y}]]]}}}}"#,
                x + 1000,
                y + 1000
            ));
        }
    }
    format!(
        r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"EPSG:27700"}}}},"features":[{}]}}"#,
        features.join(",")
    )
}

fn workspace() -> Workspace {
    let workspace = Workspace::new();
    std::fs::write(workspace.path().join("areas.geojson"), squares()).unwrap();
    workspace
}

const GI_STAR: [&str; 7] = ["analyse", "gi-star", "areas.geojson", "--value", "n", "--id", "code"];

fn scored(workspace: &Workspace, request: &str) -> serde_json::Value {
    let said = workspace.ok(&request.split_whitespace().collect::<Vec<_>>());
    serde_json::from_str(&said).unwrap()
}

/// Cells of one column of a layer or table.
fn column<'a>(table: &'a serde_json::Value, id: &str) -> Vec<&'a serde_json::Value> {
    let columns = table["columns"].as_array().unwrap();
    let at = columns.iter().position(|column| column["id"] == id).unwrap_or_else(|| panic!("{id}"));
    table["rows"].as_array().unwrap().iter().map(|row| &row[at]).collect()
}
