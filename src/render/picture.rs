//! The map as one drawing: British National Grid, north up, for pages without script or WebGL, for
//! print and for documents.
//!
//! From below: land, streets, heat or ward rates, ward outlines, hotspots, names, badges,
//! furniture. The drawing is self-contained SVG with presentation attributes only, so that it draws
//! under a strict content security policy and anywhere else.

mod furniture;
mod layers;
mod view;

use std::fmt::Write as _;

use crate::crs::Bng;
use crate::geometry::{Bounds, Shape};
use crate::layer::{Findings, Layer};
use crate::stats::Surface;
use crate::store::Dataset;

use super::english as say;
use super::ground::Ground;
use super::legend::{Legend, heat_legend, hotspot_legend, ward_legend};
use super::legend_picture;
use super::palette::Scheme;
use super::svg::{FONT, Letters, escape};
use super::unit_classes::{UNIT_LAYERS, class_legend, key_legend, unit_classes};

use furniture::{ScaleBar, credit, furniture};
pub(super) use view::View;

/// What the areas of the map show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Show {
    /// Density, in classes.
    #[default]
    Heat,
    /// Rates of the wards, in classes.
    Rate,
    /// Rates or classes of the units of a layer: one of [`UNIT_LAYERS`].
    Units(&'static str),
}

impl std::str::FromStr for Show {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "heat" => Ok(Self::Heat),
            "rate" => Ok(Self::Rate),
            _ => UNIT_LAYERS
                .iter()
                .find(|known| **known == name)
                .map(|id| Self::Units(id))
                .ok_or_else(|| {
                    let known = UNIT_LAYERS.join(", ");
                    format!("there is no `{name}` to show (there are: heat, rate, {known})")
                }),
        }
    }
}

/// What a picture shows beside the findings.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    /// A ward that fills the picture, everything else under a veil.
    pub ward: Option<&'a Shape>,
    /// The part that is shown whole; the ward's, else the study area's, where `None`.
    pub within: Option<Bounds>,
    /// The layer of [`Show::Units`]; that of the findings where there is none.
    pub units: Option<&'a Layer>,
    /// Scan clusters.
    pub clusters: Option<&'a Layer>,
    /// Halls.
    pub venues: Option<&'a Layer>,
    /// The reader's own area.
    pub area: Option<&'a Shape>,
    /// The basemap, in place of the workspace's own streets.
    pub ground: Option<&'a Ground>,
    /// Heat of some hours, or a difference, with its legend; that of the findings where there is none.
    pub heat: Option<(&'a Surface, &'a Legend)>,
    /// How the layers were made that are not of the findings.
    pub methods: &'a [(String, String)],
}

/// How a picture is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Picture {
    /// Width in CSS pixels, 200 to 2,000.
    pub width: u32,
    /// Height in CSS pixels; that of the study area where `None`.
    pub height: Option<u32>,
    /// Light or dark ground.
    pub scheme: Scheme,
    /// What the areas show.
    pub show: Show,
    /// Whether a legend is drawn into a corner.
    pub legend: bool,
    /// Whether letters are for a program without weights of type; see [`Letters`].
    pub letters: Letters,
}

/// Space round the study area, in pixels.
const PADDING: f64 = 16.0;

/// Narrower than this, ward names are left out: they would hide the map.
const NARROW: u32 = 480;

/// The ground that a picture shows, about, and how many metres a pixel of it is wide: what a basemap is
/// read for.
pub fn ground_shown(
    dataset: &Dataset,
    picture: &Picture,
    within: Option<Bounds>,
) -> Option<(Bounds, f64)> {
    let bounds = within.or_else(|| dataset.study_area.bounds())?;
    let width = f64::from(picture.width);
    let height = picture.height.map_or(width, f64::from);
    let metre = (bounds.width() / width).max(bounds.height() / height);
    Some((bounds.grown(BEYOND * bounds.width().max(bounds.height())), metre))
}

/// Share of the longer side that is shown beyond the bounds at most, beside a legend.
const BEYOND: f64 = 0.4;

/// The map of these findings as SVG.
pub fn svg(findings: &Findings, dataset: &Dataset, picture: &Picture) -> String {
    svg_of(findings, dataset, picture, Beside::default())
}

/// Room round a ward that fills the picture, as a share of its longer side.
const ROOM: f64 = 0.06;

/// The map of these findings as SVG, with what stands beside them.
pub fn svg_of(
    findings: &Findings,
    dataset: &Dataset,
    picture: &Picture,
    beside: Beside<'_>,
) -> String {
    let colours = picture.scheme.map();
    let around = beside
        .ward
        .and_then(Shape::bounds)
        .map(|bounds| bounds.grown(ROOM * bounds.width().max(bounds.height())));
    let bounds = beside
        .within
        .or(around)
        .or_else(|| dataset.study_area.bounds())
        .unwrap_or(Bounds { min: Bng::new(0.0, 0.0), max: Bng::new(1000.0, 1000.0) });
    let made = &findings.how_made;
    let own_heat = beside.heat.filter(|_| picture.show == Show::Heat);
    let legend = legend_shown(findings, picture, beside);
    let hotspots = hotspot_legend(findings);
    let marks = key_legend(findings, beside.clusters.is_some(), beside.venues.is_some());
    let card = (picture.legend && picture.width >= NARROW).then(|| {
        legend_picture::card(&[&legend, &hotspots, &marks], picture.scheme, picture.letters)
    });
    let column = card.as_ref().map(|card| (card.width, card.height + ScaleBar::HEIGHT + PADDING));
    let view = clear_view(bounds, picture, column, beside.ward.unwrap_or(&dataset.study_area));
    let invented = if made.fictional { say::AND_INVENTED } else { "" };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" \
         height=\"{h}\" role=\"img\" font-family=\"{FONT}\"><title>{title}</title><desc>{desc}</desc>\
         <rect width=\"{w}\" height=\"{h}\" fill=\"{ground}\"/>",
        w = view.width,
        h = view.height,
        title = escape(&say::map_of(&made.crime_types_label, &made.area, &made.window_label)),
        desc = escape(&format!("{} {}{invented}", legend.text, hotspots.text)),
        ground = colours.ground,
    );
    let land = view.shapes([&dataset.study_area]);
    let _ = write!(out, "<path d=\"{land}\" fill=\"{}\" fill-rule=\"evenodd\"/>", colours.land);
    match beside.ground {
        Some(ground) => layers::ground(&mut out, &view, ground, colours),
        None => layers::streets(&mut out, &view, dataset, colours),
    }
    let scheme = picture.scheme;
    match picture.show {
        Show::Heat => {
            let surface = own_heat.map_or(&findings.density, |(surface, _)| surface);
            layers::heat(&mut out, &view, surface, &legend, scheme);
        }
        Show::Rate => {
            if let Some(wards) = findings.layer("wards") {
                layers::rates(&mut out, &view, wards, &legend, scheme);
            }
        }
        Show::Units(id) => {
            if let Some(layer) = beside.units.or_else(|| findings.layer(id)) {
                let look = (scheme, picture.letters);
                match unit_classes(id) {
                    Some(classes) => layers::units(&mut out, &view, layer, classes, look),
                    None => layers::rates(&mut out, &view, layer, &legend, scheme),
                }
            }
        }
    }
    layers::ward_lines(&mut out, &view, findings, colours);
    if let Some(ward) = beside.ward {
        layers::veil(&mut out, &view, ward, colours);
    }
    if let Some(area) = beside.area {
        layers::own_area(&mut out, &view, area, colours);
    }
    if let Some(clusters) = beside.clusters {
        layers::clusters(&mut out, &view, clusters, colours);
    }
    let badges = layers::hotspot_lines(&mut out, &view, findings, colours);
    if let Some(venues) = beside.venues {
        layers::venues(&mut out, &view, venues, colours);
    }
    furniture(&mut out, &view, findings, picture, card.as_ref(), &badges, beside.clusters);
    if let Some(ground) = beside.ground {
        credit(&mut out, &view, &ground.attribution, picture);
    }
    out.push_str("</svg>");
    out
}

/// The view of `bounds` in which the scale bar covers nothing of the shape that fills it. Below a
/// legend, which has a column of its own, it never does.
fn clear_view(
    bounds: Bounds,
    picture: &Picture,
    column: Option<(f64, f64)>,
    filled: &Shape,
) -> View {
    let view = View::new(bounds, picture, column, 0.0);
    if column.is_some() || !ScaleBar::new(&view, false).covers(&view, filled) {
        return view;
    }
    View::new(bounds, picture, column, ScaleBar::HEIGHT + PADDING)
}

/// The legend of what a picture shows.
pub(super) fn legend_shown(findings: &Findings, picture: &Picture, beside: Beside<'_>) -> Legend {
    let own_heat = beside.heat.filter(|_| picture.show == Show::Heat);
    own_heat.map_or_else(|| legend_of(findings, picture.show), |(_, legend)| legend.clone())
}

/// The legend of what the areas show.
fn legend_of(findings: &Findings, show: Show) -> Legend {
    match show {
        Show::Heat => heat_legend(findings),
        Show::Rate => ward_legend(findings),
        Show::Units(id) => class_legend(id, findings),
    }
}

#[cfg(test)]
#[path = "picture_tests.rs"]
mod tests;
