//! A static site for one audience: page, drawn map, tables, layers and tiles as plain files that any
//! file host serves.

use std::io::Cursor;
use std::sync::Arc;

use anyhow::Context as _;
use maud::{DOCTYPE, Markup, html};
use serde_json::json;

use crate::audience::Audience;
use crate::export::{About, WRITERS, write_pmtiles, write_table};
use crate::layer::words::thousands;
use crate::layer::{Findings, Layer, Scored};
use crate::render::Letters;
use crate::render::legend::Legend;
use crate::render::legend_picture;
use crate::render::palette::Scheme;
use crate::render::picture::{self, Picture, Show};
use crate::render::tile_image::Format;
use crate::render::vector_tile::VectorLayer;
use crate::store::Dataset;
use crate::table::{Table, Value};
use crate::time::{Window, WindowSpec};

use super::english::{self, site as say};
use super::{
    AnalysisRequest, Heat, HeatIndex, HeatRequest, TileLayer, analyse, lonlat_bounds, more_layer,
};

/// Tiles of one file of a site, at most: it is copied whole.
const MOST_TILES: u64 = 20_000;

/// Deepest zoom of the tiles of a site.
const DEEPEST: u8 = 15;

/// Name of the script of the live map.
pub const SCRIPT: &str = "site.js";

/// Name of the page on data quality.
pub const DATA_PAGE: &str = "data.html";

/// Where a page may load from: the files beside it, whatever host they are on.
const POLICY: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; img-src 'self' data:; style-src 'self'; base-uri 'none'; form-action 'none'";

/// Name of the file that lists all others; a folder that has it was published before.
pub const LISTING: &str = "site.json";

/// Layers whose legends stand under the live map, and what its switches call them.
const KEYS: [(&str, &str); 2] = [("heat", say::HEAT), ("lsoas", say::RATE_BY_LSOA)];

const STYLE: &str = "body{font:1rem/1.5 Arial,sans-serif;margin:0 auto;max-width:60rem;\
padding:1rem;color:#182024;background:#fff}h1{font-size:1.6rem;line-height:1.2}\
img{max-width:100%;height:auto}table{border-collapse:collapse}.wide{overflow-x:auto}\
caption{text-align:left;font-weight:bold;padding:.5rem 0}\
summary{cursor:pointer;padding:.5rem 0;font-weight:bold}\
th,td{border-bottom:1px solid #d0cbc1;padding:.25rem .75rem;text-align:left;white-space:nowrap}\
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}a{color:#174a7c}\
.note{color:#4a565c}.map{height:32rem}[hidden]{display:none}\
.keys{display:flex;flex-wrap:wrap;gap:1rem}figure{margin:0}figcaption{font-weight:bold}\
fieldset{border:0;padding:0;margin:0 0 .5rem}label{margin-right:1rem}\
@media(prefers-color-scheme:dark){body{color:#e8edee;background:#171e22}a{color:#94c2dd}\
th,td{border-color:#38444a}.note{color:#a7b3b8}}\n";

const ICON: &[u8] = include_bytes!("../../web/icon.svg");

/// One file of a site.
#[derive(Debug)]
pub struct SiteFile {
    /// Name in the folder of the site.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// The site of one request on `data`, which are [`super::disclosed`] for `audience`: the same request
/// on the same data gives the same bytes. `more` are files beside it: those of its live map, [`SCRIPT`]
/// among them, without which it has the drawn map alone, and [`DATA_PAGE`].
///
/// # Errors
///
/// If the analysis has no answer, or a file cannot be made.
pub fn publish(
    request: &AnalysisRequest,
    data: &Dataset,
    audience: Audience,
    more: Vec<SiteFile>,
) -> anyhow::Result<Vec<SiteFile>> {
    let request = AnalysisRequest { window: window(request, data)?, ..request.clone() };
    let findings = Arc::new(analyse(&request, data)?);
    let WindowSpec::Months(window) = request.window else {
        anyhow::bail!("a window was left open")
    };
    let mut files = Vec::new();
    let mut add = |name: &str, bytes: Vec<u8>| {
        files.push(SiteFile { name: name.to_owned(), bytes });
    };
    for scheme in Scheme::ALL {
        let picture = Picture {
            width: 960,
            height: None,
            scheme,
            show: Show::Heat,
            legend: true,
            letters: Letters::Weights,
        };
        let drawing = picture::svg(&findings, data, &picture);
        add(&format!("map-{}.svg", scheme.id()), drawing.into_bytes());
    }
    let lsoas = lsoas(&request, data)?;
    let own = About { how_made: &findings.how_made, notes: &findings.notes, crs: None };
    let of_lsoas = lsoas.as_ref().map(|lsoas| {
        let about = About { how_made: &lsoas.how_made, notes: &lsoas.notes, crs: None };
        (&lsoas.layers[0], about)
    });
    for (layer, about) in findings.layers.iter().map(|layer| (layer, own)).chain(of_lsoas) {
        for writer in WRITERS.iter().filter(|writer| ["geojson", "csv"].contains(&writer.id())) {
            let mut bytes = Vec::new();
            writer.write(layer, about, &mut bytes)?;
            add(&format!("{}.{}", layer.id, writer.id()), bytes);
        }
    }
    for table in &findings.tables {
        let mut bytes = Vec::new();
        write_table(table, &mut bytes)?;
        add(&format!("{}.csv", table.id), bytes);
    }
    let places = lsoas.as_ref().map(|lsoas| &lsoas.layers[0]);
    let mut rates = None;
    let mut keys = Vec::new();
    for layer in tile_layers(&request, window, data, &findings, places)? {
        let id = layer.id();
        let mut pyramid = layer.pyramid(data, DEEPEST);
        pyramid.most = pyramid.deepest_within(MOST_TILES, pyramid.most);
        let mut file = Cursor::new(Vec::new());
        write_pmtiles(&pyramid, &|tile| layer.tile(tile), &mut file)
            .with_context(|| format!("writing the tiles of {id}"))?;
        add(&format!("{id}.pmtiles"), file.into_inner());
        if id == "wards" {
            rates = layer.legend();
        }
        if let Some(legend) = layer.legend().filter(|_| id != "contours") {
            add(&format!("legend-{id}.json"), serde_json::to_vec(&legend)?);
            let drawing = legend_picture::svg(&legend, Scheme::Light, Letters::Weights);
            add(&format!("legend-{id}.svg"), drawing.into_bytes());
            keys.extend(KEYS.iter().find(|(key, _)| *key == id).map(|(_, name)| (*name, legend)));
        }
    }
    add("style.css", STYLE.as_bytes().to_vec());
    add("icon.svg", ICON.to_vec());
    let is_live = more.iter().any(|file| file.name == SCRIPT);
    if is_live {
        add("map.json", serde_json::to_vec_pretty(&live_map(data, places.and(rates.as_ref())))?);
    }
    let mut names: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
    names.extend(more.iter().map(|file| file.name.clone()).filter(|name| name == DATA_PAGE));
    let page =
        page(&findings, places, data, audience, &names, is_live.then_some(&*keys)).into_string();
    let listing = json!({
        "site": data.name,
        "audience": audience.id(),
        "dataset": data.version,
        "how_made": findings.how_made,
        "notes": findings.notes,
        "files": names,
    });
    files.extend(more);
    files.push(SiteFile { name: "index.html".to_owned(), bytes: page.into_bytes() });
    files.push(SiteFile { name: LISTING.to_owned(), bytes: serde_json::to_vec_pretty(&listing)? });
    Ok(files)
}

/// What the script draws: tiles from the files beside it, in the colours of the drawn map.
///
/// `rates` is the legend of wards, whose classes are those of LSOAs too, where there are such.
fn live_map(data: &Dataset, rates: Option<&Legend>) -> serde_json::Value {
    let colours = Scheme::Light.map();
    let line = |id: &str, layer: &str, colour: String, width: f64| {
        json!({
            "id": id, "type": "line", "source": layer, "source-layer": layer,
            "paint": { "line-color": colour, "line-width": width },
        })
    };
    // Not seen, and yet found where the reader points.
    let ground = |id: &str, layer: &str| {
        json!({
            "id": id, "type": "fill", "source": layer, "source-layer": layer,
            "paint": { "fill-opacity": 0 },
        })
    };
    let vector = |layer: &str| json!({ "type": "vector", "file": format!("{layer}.pmtiles") });
    let mut described = json!({
        "bounds": lonlat_bounds(data).unwrap_or([-8.0, 49.0, 2.0, 61.0]),
        "background": colours.land.to_string(),
        "sources": {
            "heat": { "type": "raster", "file": "heat.pmtiles", "tileSize": 256 },
            "wards": vector("wards"),
            "hotspots": vector("hotspots"),
        },
        "layers": [
            { "id": "heat", "type": "raster", "source": "heat" },
            ground("wards-ground", "wards"),
            line("wards", "wards", colours.ward.to_string(), 1.0),
            line("hotspots-case", "hotspots", colours.hot_case.to_string(), 4.0),
            line("hotspots", "hotspots", colours.hot.to_string(), 2.0),
            ground("hotspots-ground", "hotspots"),
        ],
        "switches": [
            { "label": say::HEAT, "layers": ["heat"], "on": true },
            { "label": say::WARDS, "layers": ["wards"], "on": true },
            { "label": say::HOTSPOTS, "layers": ["hotspots-case", "hotspots"], "on": true },
        ],
        "attribution": data.provenance.attribution.join(" "),
    });
    let Some(rates) = rates else { return described };
    let mut fill = vec![json!("step"), json!(["coalesce", ["get", "rate"], -1]), json!("#0000")];
    for class in &rates.classes {
        fill.extend([json!(class.lower), json!(class.colour.light.to_string())]);
    }
    described["sources"]["lsoas"] = vector("lsoas");
    let areas = json!({
        "id": "lsoas", "type": "fill", "source": "lsoas", "source-layer": "lsoas",
        "layout": { "visibility": "none" },
        "paint": {
            "fill-color": fill, "fill-opacity": rates.opacity,
            "fill-outline-color": colours.ward.to_string(),
        },
    });
    let switch = json!({ "label": say::RATE_BY_LSOA, "layers": ["lsoas"], "on": false });
    for (list, one) in [("layers", areas), ("switches", switch)] {
        if let Some(list) = described[list].as_array_mut() {
            list.insert(1, one);
        }
    }
    described
}

/// The rate of each LSOA, where the data have LSOAs.
fn lsoas(request: &AnalysisRequest, data: &Dataset) -> anyhow::Result<Option<Scored>> {
    let layer = more_layer("lsoas").filter(|layer| layer.is_in(data));
    layer.map(|layer| layer.work_out(request, &json!({}), data)).transpose()
}

/// The months asked for; of data that are told of by periods, the latest year of whole ones where
/// none are asked for.
fn window(request: &AnalysisRequest, data: &Dataset) -> anyhow::Result<WindowSpec> {
    let held = data.incidents.months().context("the store holds no incident")?;
    let disclosure = data.provenance.disclosure.as_ref();
    let latest = match (request.window, disclosure) {
        (WindowSpec::Latest, Some(disclosure)) => disclosure.rule.whole_within(held).map(|whole| {
            let first = whole.last().plus(-11).max(whole.first());
            Window::new(first, whole.last()).unwrap_or(whole)
        }),
        _ => None,
    };
    Ok(WindowSpec::Months(match latest {
        Some(window) => window,
        None => request.window.resolve(held)?,
    }))
}

fn tile_layers(
    request: &AnalysisRequest,
    window: Window,
    data: &Dataset,
    findings: &Arc<Findings>,
    lsoas: Option<&Layer>,
) -> anyhow::Result<Vec<TileLayer>> {
    let types = request.resolved(data)?.crime_types;
    let asked = HeatRequest { source: request.source.clone(), ..HeatRequest::new(types, window) };
    let heat = Arc::new(Heat::new(&asked, &Arc::new(HeatIndex::new(data)?), data)?);
    let mut layers = vec![
        TileLayer::Heat(Arc::clone(&heat), Scheme::Light, Format::Webp),
        TileLayer::Contours(heat),
    ];
    layers.extend(
        findings.layers.iter().chain(lsoas).map(|layer| {
            TileLayer::Places(Arc::new(VectorLayer::new(layer)), Arc::clone(findings))
        }),
    );
    Ok(layers)
}

fn page(
    findings: &Findings,
    lsoas: Option<&Layer>,
    data: &Dataset,
    audience: Audience,
    files: &[String],
    live: Option<&[(&str, Legend)]>,
) -> Markup {
    let made = &findings.how_made;
    let title = format!("{}, {}, {}", made.crime_types_label, data.name, made.window_label);
    html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                title { (title) }
                link rel="icon" type="image/svg+xml" href="icon.svg";
                @if live.is_some() {
                    link rel="stylesheet" href="site-map.css";
                    script type="module" src=(SCRIPT) {}
                }
                link rel="stylesheet" href="style.css";
            }
            body {
                main {
                    h1 { (title) }
                    @if data.fictional { p { (english::INVENTED) } }
                    p class="note" { (say::made_for(audience.id(), &data.provenance.attribution.join(" "))) }
                    @if let Some(keys) = live {
                        fieldset id="switches" hidden { legend { (say::SHOWN) } }
                        div id="map" class="map" data-label=(say::MAP) hidden {}
                        p id="said" class="note" role="status" {}
                        div class="keys" {
                            @for (name, legend) in keys {
                                figure {
                                    figcaption { (name) }
                                    img src=(format!("legend-{}.svg", legend.layer)) alt=(legend.text);
                                }
                            }
                        }
                    }
                    picture {
                        source media="(prefers-color-scheme: dark)" srcset="map-dark.svg";
                        img src="map-light.svg" alt=(say::PICTURE);
                    }
                    @for layer in findings.layers.iter().filter(|layer| layer.id != "cells") {
                        (table_of(&layer.table()))
                    }
                    @for table in &findings.tables { (folded(table)) }
                    @if let Some(lsoas) = lsoas { (folded(&lsoas.table())) }
                    @if files.iter().any(|name| name == DATA_PAGE) {
                        h2 { (say::DATA) }
                        p { a href=(DATA_PAGE) { (say::DATA_PAGE) } }
                    }
                    h2 { (say::HOW_MADE) }
                    dl { @for (what, how) in &made.methods { dt { (what) } dd { (how) } } }
                    ul { @for note in &findings.notes { li { (note) } } }
                    h2 { (say::FILES) }
                    p class="note" { (say::ABOUT_FILES) }
                    ul { @for name in files { li { a href=(name) { (name) } } } }
                }
            }
        }
    }
}

/// A table that is opened where it is wanted, without rows that have no figure: the file has all.
fn folded(table: &Table) -> Markup {
    let says = |value: &Value| !matches!(value, Value::None);
    let (rows, empty): (Vec<_>, Vec<_>) =
        table.rows.iter().cloned().partition(|row| row.iter().skip(1).any(says));
    let told = Table { rows, ..table.clone() };
    html! {
        details {
            summary { (say::table(&table.title, told.rows.len())) }
            @if !empty.is_empty() {
                p class="note" { (say::without_figure(empty.len())) }
            }
            (table_of(&told))
        }
    }
}

fn table_of(table: &Table) -> Markup {
    let is_number = |column: usize| {
        let cells = || table.rows.iter().filter_map(|row| row.get(column));
        cells().any(|cell| matches!(cell, Value::Count(_) | Value::Number(_)))
    };
    // Counts and ranks of a statistic are numbers too.
    let is_whole = |column: usize| {
        table.rows.iter().all(|row| !matches!(row[column], Value::Number(x) if x.fract() != 0.0))
    };
    let decimals = table.columns.iter().enumerate();
    let decimals: Vec<u8> =
        decimals.map(|(i, column)| if is_whole(i) { 0 } else { column.decimals }).collect();
    // Where a label stands is of use to a map alone.
    let shown: Vec<usize> = (0..table.columns.len())
        .filter(|&column| !table.columns[column].id.starts_with("label_"))
        .collect();
    html! {
        div class="wide" role="region" aria-label=(table.title) tabindex="0" {
            table {
                caption { (table.title) }
                thead {
                    tr {
                        @for &i in &shown {
                            th scope="col" class=[is_number(i).then_some("n")] {
                                (table.columns[i].label)
                                @if !table.columns[i].unit.is_empty() { ", " (table.columns[i].unit) }
                            }
                        }
                    }
                }
                tbody {
                    @for row in &table.rows {
                        tr {
                            @for &i in &shown {
                                td class=[is_number(i).then_some("n")] {
                                    (cell(&row[i], decimals[i]))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn cell(value: &Value, decimals: u8) -> String {
    match value {
        Value::None => say::NO_VALUE.to_owned(),
        Value::Count(count) => thousands(*count),
        Value::Number(number) => format!("{number:.*}", usize::from(decimals)),
        Value::Text(text) => text.clone(),
        Value::Flag(yes) => say::flag(*yes).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Column;

    #[test]
    fn a_wide_table_is_scrolled_by_keys_and_whole_numbers_have_no_decimals() {
        let column = |id: &'static str| Column::new(id, id, "", 2);
        let table = Table {
            id: "t".to_owned(),
            title: "Rates".to_owned(),
            columns: vec![column("rank"), column("rate")],
            rows: vec![
                vec![Value::Number(1.0), Value::Number(1.5)],
                vec![Value::Number(2.0), Value::Number(1.0)],
            ],
        };

        let drawn = table_of(&table).into_string();

        assert!(
            drawn.starts_with(
                "<div class=\"wide\" role=\"region\" aria-label=\"Rates\" tabindex=\"0\">"
            ),
            "{drawn}"
        );
        assert!(drawn.contains(">2</td>") && drawn.contains(">1.00</td>"), "{drawn}");
    }
}
