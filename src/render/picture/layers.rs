//! What the map shows, from below: streets, areas in classes, outlines.

use std::fmt::Write as _;

use super::View;
use crate::crs::Bng;
use crate::geometry::{Bounds, Shape};
use crate::layer::{Findings, Layer};
use crate::render::contour::contours;
use crate::render::ground::{Ground, GroundKind};
use crate::render::legend::{Class, Legend, numbers, rate_class};
use crate::render::palette::{HEAT_OPACITY, MapColours, Scheme};
use crate::render::svg::{Letters, round, text};
use crate::render::unit_classes::UnitClass;
use crate::stats::Surface;
use crate::store::Dataset;
use crate::table::Value;

pub(super) fn streets(out: &mut String, view: &View, dataset: &Dataset, colours: &MapColours) {
    let mut data = String::new();
    for street in &dataset.streets {
        view.path(street.line.iter().copied(), false, &mut data);
    }
    if !data.is_empty() {
        let _ = write!(
            out,
            "<path d=\"{data}\" fill=\"none\" stroke=\"{}\" stroke-linecap=\"round\"/>",
            colours.street
        );
    }
}

/// The basemap, quietly: areas as tints, lines as the workspace's own streets.
pub(super) fn ground(out: &mut String, view: &View, ground: &Ground, colours: &MapColours) {
    for lines in ground.lines.chunk_by(|a, b| a.kind == b.kind) {
        let mut data = String::new();
        for one in lines {
            view.path(one.line.iter().copied(), one.closed, &mut data);
        }
        let (area, colour, much) = match lines[0].kind {
            GroundKind::Green => (true, colours.ground, 0.9),
            GroundKind::Water => (true, colours.line, 0.8),
            GroundKind::Building => (true, colours.line, 0.35),
            GroundKind::Stream => (false, colours.line, 0.6),
            GroundKind::Rail => (false, colours.street, 0.5),
            GroundKind::Road => (false, colours.street, 1.0),
        };
        if data.is_empty() {
            continue;
        }
        // Rings of neighbouring tiles overlap and are wound alike: one fill, no seams.
        let _ = if area {
            write!(out, "<path d=\"{data}\" fill=\"{colour}\" fill-opacity=\"{much}\"/>")
        } else {
            write!(
                out,
                "<path d=\"{data}\" fill=\"none\" stroke=\"{colour}\" stroke-linecap=\"round\" \
                 stroke-opacity=\"{much}\"/>"
            )
        };
    }
}

/// Each class over the ones nearer to nothing, then all at one opacity.
pub(super) fn heat(
    out: &mut String,
    view: &View,
    surface: &Surface,
    legend: &Legend,
    scheme: Scheme,
) {
    let _ = write!(
        out,
        "<g opacity=\"{HEAT_OPACITY}\" fill-rule=\"evenodd\" stroke=\"{}\" stroke-width=\"0.5\" \
         stroke-opacity=\"0.7\">",
        scheme.map().halo
    );
    let mut class_from = |surface: &Surface, level: f64, class: &Class| {
        let mut data = String::new();
        for ring in contours(surface, level) {
            view.path(ring, true, &mut data);
        }
        if !data.is_empty() {
            let _ = write!(out, "<path d=\"{data}\" fill=\"{}\"/>", class.colour.of(scheme));
        }
    };
    for class in legend.classes.iter().filter(|class| class.lower > 0.0) {
        class_from(surface, class.lower, class);
    }
    // Of a difference: fewer, which is more of the same turned about.
    let fewer = |class: &&Class| class.upper.is_some_and(|upper| upper < 0.0);
    if legend.classes.iter().any(|class| fewer(&class)) {
        let turned = Surface {
            values: surface.values.iter().map(|value| -value).collect(),
            ..surface.clone()
        };
        for class in legend.classes.iter().rev().filter(fewer) {
            class_from(&turned, -class.upper.unwrap_or_default(), class);
        }
    }
    out.push_str("</g>");
}

pub(super) fn rates(out: &mut String, view: &View, wards: &Layer, legend: &Legend, scheme: Scheme) {
    let edges: Vec<f64> = legend.classes.iter().map(|class| class.lower).collect();
    let _ = write!(out, "<g opacity=\"{}\" fill-rule=\"evenodd\">", legend.opacity);
    let rates = numbers(wards, "rate");
    for (i, class) in legend.classes.iter().enumerate() {
        let inside = wards.features.iter().zip(&rates).filter_map(|(ward, rate)| {
            (rate.map(|rate| rate_class(rate, &edges)) == Some(i)).then_some(&ward.shape)
        });
        let data = view.shapes(inside);
        if !data.is_empty() {
            let _ = write!(out, "<path d=\"{data}\" fill=\"{}\"/>", class.colour.of(scheme));
        }
    }
    out.push_str("</g>");
}

pub(super) fn ward_lines(out: &mut String, view: &View, findings: &Findings, colours: &MapColours) {
    let Some(wards) = findings.layer("wards") else { return };
    let data = view.shapes(wards.features.iter().map(|ward| &ward.shape));
    let _ = write!(
        out,
        "<g fill=\"none\" stroke-linejoin=\"round\"><path d=\"{data}\" stroke=\"{}\" \
         stroke-width=\"3.4\" stroke-opacity=\"0.8\"/><path d=\"{data}\" stroke=\"{}\" \
         stroke-width=\"1.2\"/></g>",
        colours.halo, colours.ward
    );
}

/// Everything but the ward fades; its own line is the strongest of the wards.
pub(super) fn veil(out: &mut String, view: &View, ward: &Shape, colours: &MapColours) {
    let own = view.shapes([ward]);
    let _ = write!(
        out,
        "<path d=\"M0 0H{}V{}H0Z{own}\" fill=\"{}\" fill-opacity=\"0.62\" \
         fill-rule=\"evenodd\"/><path d=\"{own}\" fill=\"none\" stroke=\"{}\" \
         stroke-width=\"1.8\" stroke-linejoin=\"round\"/>",
        view.width, view.height, colours.ground, colours.ward
    );
}

/// A hotspot's number and where its badge goes.
pub(super) struct Badge {
    pub number: String,
    pub x: f64,
    pub y: f64,
}

/// Outlines of the hotspots; gives where their badges go.
pub(super) fn hotspot_lines(
    out: &mut String,
    view: &View,
    findings: &Findings,
    colours: &MapColours,
) -> Vec<Badge> {
    let Some(hotspots) = findings.layer("hotspots") else { return Vec::new() };
    if hotspots.features.is_empty() {
        return Vec::new();
    }
    let data = view.shapes(hotspots.features.iter().map(|hotspot| &hotspot.shape));
    let _ = write!(
        out,
        "<g fill=\"none\" stroke-linejoin=\"round\"><path d=\"{data}\" stroke=\"{}\" \
         stroke-width=\"5\"/><path d=\"{data}\" stroke=\"{}\" stroke-width=\"2.2\"/></g>",
        colours.hot_case, colours.hot
    );
    let number = hotspots.column("number");
    let mut taken: Vec<(f64, f64)> = Vec::new();
    hotspots
        .features
        .iter()
        .filter_map(|hotspot| {
            let (x, y) = badge_corner(&hotspot.shape, view, &taken)?;
            taken.push((x, y));
            let number = match number.map(|column| &hotspot.values[column]) {
                Some(Value::Count(number)) => number.to_string(),
                _ => hotspot.id.clone(),
            };
            Some(Badge { number, x, y })
        })
        .collect()
}

/// Least distance between the middles of two badges, in pixels.
const APART: f64 = 24.0;

/// The upper right corner of a hotspot where no badge sits near it; else the next, or the clearest.
fn badge_corner(shape: &Shape, view: &View, taken: &[(f64, f64)]) -> Option<(f64, f64)> {
    let corners = shape.polygons().iter().flat_map(|polygon| polygon.exterior().coords());
    let mut corners: Vec<_> = corners.collect();
    corners.sort_by(|a, b| (b.x * 0.6 + b.y).total_cmp(&(a.x * 0.6 + a.y)));
    let places = || corners.iter().map(|at| view.place(Bng::new(at.x, at.y)));
    let clear = |(x, y): (f64, f64)| {
        taken.iter().map(|(u, v)| (x - u).hypot(y - v)).fold(f64::INFINITY, f64::min)
    };
    if let Some(at) = places().find(|&at| clear(at) >= APART) {
        return Some(at);
    }
    // None is clear: the clearest, pushed off the badge that it would lie on.
    let (x, y) = places().max_by(|&a, &b| clear(a).total_cmp(&clear(b)))?;
    let near = |&&(u, v): &&(f64, f64)| ((x - u).hypot(y - v) * 1e3) as i64;
    let &(u, v) = taken.iter().min_by_key(near)?;
    let far = (x - u).hypot(y - v);
    let (right, down) = if far > 0.0 { ((x - u) / far, (y - v) / far) } else { (0.0, -1.0) };
    Some((u + right * APART, v + down * APART))
}

/// Cells or areas by class, each with the sign of its class where there is room for it.
pub(super) fn units(
    out: &mut String,
    view: &View,
    layer: &Layer,
    classes: &[UnitClass],
    (scheme, letters): (Scheme, Letters),
) {
    let Some(class) = layer.column("class").or_else(|| layer.column("quadrant")) else { return };
    let colours = scheme.map();
    let _ = write!(
        out,
        "<g opacity=\"{HEAT_OPACITY}\" fill-rule=\"evenodd\" stroke=\"{}\" stroke-width=\"0.5\" \
         stroke-opacity=\"0.7\">",
        colours.halo
    );
    let of = |one: &UnitClass| {
        let word = one.word;
        layer
            .features
            .iter()
            .filter(move |unit| matches!(&unit.values[class], Value::Text(text) if text == word))
    };
    for one in classes {
        let data = view.shapes(of(one).map(|unit| &unit.shape));
        if !data.is_empty() {
            let _ = write!(out, "<path d=\"{data}\" fill=\"{}\"/>", one.colour(scheme));
        }
    }
    out.push_str("</g>");
    for one in classes {
        for unit in of(one) {
            let across = unit.shape.bounds().map_or(0.0, Bounds::width) * view.scale();
            let Some(at) = unit.shape.label_point().filter(|_| across >= ROOM_FOR_A_SIGN) else {
                continue;
            };
            let (x, y) = view.place(at);
            let halo = Some(colours.halo);
            text(out, letters, one.sign, x, y + 3.4, 9.5, 600, "middle", colours.ink, halo);
        }
    }
}

/// A unit narrower than this has no sign, in pixels.
const ROOM_FOR_A_SIGN: f64 = 11.0;

/// Outlines of scan clusters, dashed.
pub(super) fn clusters(out: &mut String, view: &View, layer: &Layer, colours: &MapColours) {
    let data = view.shapes(layer.features.iter().map(|cluster| &cluster.shape));
    let _ = write!(
        out,
        "<g fill=\"none\" stroke-linejoin=\"round\"><path d=\"{data}\" stroke=\"{}\" \
         stroke-width=\"5\"/><path d=\"{data}\" stroke=\"{}\" stroke-width=\"2\" \
         stroke-dasharray=\"4 3\"/></g>",
        colours.hot_case, colours.hot
    );
}

/// Halls as points.
pub(super) fn venues(out: &mut String, view: &View, layer: &Layer, colours: &MapColours) {
    for at in layer.features.iter().filter_map(|hall| hall.at) {
        let (x, y) = view.place(at);
        let _ = write!(
            out,
            "<circle cx=\"{}\" cy=\"{}\" r=\"4.5\" fill=\"{}\" stroke=\"{}\" stroke-width=\"2\"/>",
            round(x),
            round(y),
            colours.accent,
            colours.surface
        );
    }
}

/// The reader's own area.
pub(super) fn own_area(out: &mut String, view: &View, area: &Shape, colours: &MapColours) {
    let data = view.shapes([area]);
    let _ = write!(
        out,
        "<path d=\"{data}\" fill=\"{accent}\" fill-opacity=\"0.08\" fill-rule=\"evenodd\" \
         stroke=\"{accent}\" stroke-width=\"2.6\" stroke-linejoin=\"round\"/>",
        accent = colours.accent
    );
}
