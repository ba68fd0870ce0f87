//! A style that MapLibre opens as it is: one tile set in the colours of its legend.

use serde_json::{Value as Json, json};

use crate::render::contour_tile;
use crate::render::legend::{Class, WARD_OPACITY};
use crate::render::palette::{Scheme, diverging};
use crate::server::ogc::Base;

use super::documents::tilejson;
use super::{TileSet, Tiled};

/// The style of one tile set, its source written out, so that nothing else has to be fetched but
/// tiles.
pub(crate) fn style(set: &TileSet, scheme: Scheme, base: &Base) -> Json {
    let id = set.layer.id();
    let mut source = tilejson(set, base);
    if set.layer.is_raster() {
        source["type"] = json!("raster");
        if let Some(template) = source["tiles"][0].as_str() {
            source["tiles"] = json!([format!("{template}&scheme={}", scheme.id())]);
        }
    } else {
        source["type"] = json!("vector");
    }
    // What a source of a style does not have.
    for name in ["tilejson", "name", "description", "version", "center", "legend", "legend_url"] {
        if let Some(members) = source.as_object_mut() {
            members.remove(name);
        }
    }
    let (lon, lat, zoom) = set.centre();
    let ground = json!({
        "id": "ground",
        "type": "background",
        "paint": { "background-color": scheme.map().ground.to_string() },
    });
    let mut layers = vec![ground];
    layers.extend(drawn(set, scheme));
    json!({
        "version": 8,
        "name": set.title,
        "center": [lon, lat],
        "zoom": zoom,
        "metadata": { "wardheat:legend": set.legend.as_ref().map(|legend| legend.text.as_str()) },
        "sources": { id: source },
        "layers": layers,
    })
}

fn drawn(set: &TileSet, scheme: Scheme) -> Vec<Json> {
    let id = set.layer.id();
    let classes = set.legend.as_ref().map(|legend| legend.classes.as_slice()).unwrap_or_default();
    let map = scheme.map();
    let line = |name: &str, colour: &Json, width: f64| {
        json!({
            "id": name, "type": "line", "source": id, "source-layer": id,
            "paint": { "line-color": colour, "line-width": width },
        })
    };
    let fill = |colour: &Json, opacity: &Json| {
        json!({
            "id": format!("{id}-fill"), "type": "fill", "source": id, "source-layer": id,
            "paint": { "fill-color": colour, "fill-opacity": opacity },
        })
    };
    match set.layer {
        Tiled::Heat => vec![json!({ "id": id, "type": "raster", "source": id })],
        Tiled::Contours => {
            vec![line(id, &by_step(contour_tile::VALUE, classes, scheme), 1.5)]
        }
        Tiled::Places("wards" | "lsoas") => {
            let none = json!(map.land.to_string());
            let rate = json!(["case", ["has", "rate"], by_step("rate", classes, scheme), none]);
            let colour = if classes.is_empty() { none } else { rate };
            vec![
                fill(&colour, &json!(WARD_OPACITY)),
                line(&format!("{id}-line"), &json!(map.ward.to_string()), 1.0),
            ]
        }
        Tiled::Places("cells") => {
            let [low, .., high] = diverging(scheme);
            let clear = "rgba(0,0,0,0)";
            let colour = json!([
                "match",
                ["get", "class"],
                "hotspot",
                high.to_string(),
                "coldspot",
                low.to_string(),
                clear,
            ]);
            vec![
                fill(&colour, &json!(WARD_OPACITY)),
                line(&format!("{id}-line"), &json!(map.line.to_string()), 0.5),
            ]
        }
        Tiled::Places(_) => vec![
            line(&format!("{id}-case"), &json!(map.hot_case.to_string()), 4.0),
            line(id, &json!(map.hot.to_string()), 2.0),
        ],
    }
}

/// The colour of the class that an attribute is in.
fn by_step(attribute: &str, classes: &[Class], scheme: Scheme) -> Json {
    let (first, rest) = match classes {
        [] => return json!(scheme.map().ink.to_string()),
        [one] => return json!(one.colour.of(scheme).to_string()),
        [first, rest @ ..] => (first, rest),
    };
    let mut step =
        vec![json!("step"), json!(["get", attribute]), json!(first.colour.of(scheme).to_string())];
    for class in rest {
        step.push(json!(class.lower));
        step.push(json!(class.colour.of(scheme).to_string()));
    }
    Json::Array(step)
}
