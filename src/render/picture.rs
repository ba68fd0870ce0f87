//! The map as one drawing: British National Grid, north up, for pages without script or WebGL, for
//! print and for documents.
//!
//! From below: land, streets, heat or ward rates, ward outlines, hotspots, names, badges,
//! furniture. The drawing is self-contained SVG with presentation attributes only, so that it draws
//! under a strict content security policy and anywhere else.

use std::fmt::Write as _;

use geo::{LineString, Simplify as _, coord};

use crate::crs::Bng;
use crate::geometry::{Bounds, Shape};
use crate::layer::{Findings, Layer};
use crate::store::Dataset;
use crate::table::Value;

use super::contour::contours;
use super::labels::{Label, place_labels};
use super::legend::{Legend, heat_legend, hotspot_legend, numbers, rate_class, ward_legend};
use super::legend_picture::{self, Card};
use super::palette::{HEAT_OPACITY, MapColours, Scheme};
use super::svg::{FONT, Letters, escape, round, text};

/// What the areas of the map show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Show {
    /// Density, in classes.
    #[default]
    Heat,
    /// Rates of the wards, in classes.
    Rate,
}

impl std::str::FromStr for Show {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "heat" => Ok(Self::Heat),
            "rate" => Ok(Self::Rate),
            _ => Err(format!("there is no `{name}` to show (there are: heat, rate)")),
        }
    }
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

/// Largest offset of a simplified line, in pixels.
const SIMPLIFY: f64 = 0.3;

/// The part of the grid that is drawn, and at what size.
#[derive(Debug, Clone, Copy)]
pub(super) struct View {
    /// Pixels per metre.
    scale: f64,
    west: f64,
    north: f64,
    width: f64,
    height: f64,
}

impl View {
    /// `bounds` in the middle of the picture, right of a column as wide and high as `beside`.
    fn new(bounds: Bounds, picture: &Picture, beside: Option<(f64, f64)>) -> Self {
        let width = f64::from(picture.width);
        let (left, least) = beside.map_or((0.0, 0.0), |(w, h)| (w + PADDING, h + 2.0 * PADDING));
        let across = width - left - 2.0 * PADDING;
        let (east_west, north_south) = (bounds.width().max(1.0), bounds.height().max(1.0));
        let natural = across * north_south / east_west + 2.0 * PADDING;
        let height = natural.clamp(0.4 * width, 1.4 * width).max(least).round();
        let height = picture.height.map_or(height, f64::from);
        let scale = (across / east_west).min((height - 2.0 * PADDING) / north_south);
        let middle = |low: f64, high: f64| f64::midpoint(low, high);
        Self {
            scale,
            west: middle(bounds.min.easting(), bounds.max.easting()) - (left + width) / scale / 2.0,
            north: middle(bounds.min.northing(), bounds.max.northing()) + height / scale / 2.0,
            width,
            height,
        }
    }

    /// `bounds` in the middle of a picture of `size`, with `padding` round them.
    pub(super) fn framing(bounds: Bounds, (width, height): (f64, f64), padding: f64) -> Self {
        let (across, up) = (width - 2.0 * padding, height - 2.0 * padding);
        // A single place is shown with some ground about it.
        let scale = (across / bounds.width().max(500.0)).min(up / bounds.height().max(500.0));
        let middle = |low: f64, high: f64| f64::midpoint(low, high);
        Self {
            scale,
            west: middle(bounds.min.easting(), bounds.max.easting()) - width / scale / 2.0,
            north: middle(bounds.min.northing(), bounds.max.northing()) + height / scale / 2.0,
            width,
            height,
        }
    }

    /// Pixels per metre.
    pub(super) fn scale(&self) -> f64 {
        self.scale
    }

    pub(super) fn place(&self, position: Bng) -> (f64, f64) {
        (
            (position.easting() - self.west) * self.scale,
            (self.north - position.northing()) * self.scale,
        )
    }

    /// Path data of a run of positions, simplified.
    fn path(&self, line: impl IntoIterator<Item = Bng>, closed: bool, data: &mut String) {
        let mut line: LineString<f64> = line
            .into_iter()
            .map(|position| {
                let (x, y) = self.place(position);
                coord! { x: x, y: y }
            })
            .collect();
        if closed {
            line.close();
        }
        let mut line = line.simplify(SIMPLIFY).0;
        if closed {
            line.pop();
        }
        if line.len() < if closed { 3 } else { 2 } || !self.shows(&line) {
            return;
        }
        for (i, at) in line.iter().enumerate() {
            let letter = match i {
                0 => "M",
                1 => "L",
                _ => " ",
            };
            let _ = write!(data, "{letter}{} {}", round(at.x), round(at.y));
        }
        if closed {
            data.push('Z');
        }
    }

    /// Whether any of a line's box lies in the picture.
    fn shows(&self, line: &[geo::Coord<f64>]) -> bool {
        let range = |of: fn(&geo::Coord<f64>) -> f64| {
            line.iter().map(of).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                (low.min(value), high.max(value))
            })
        };
        let ((left, right), (top, bottom)) = (range(|at| at.x), range(|at| at.y));
        right >= -5.0 && left <= self.width + 5.0 && bottom >= -5.0 && top <= self.height + 5.0
    }

    fn shape(&self, shape: &Shape, data: &mut String) {
        for polygon in shape.polygons() {
            for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                self.path(ring.coords().map(|at| Bng::new(at.x, at.y)), true, data);
            }
        }
    }

    pub(super) fn shapes<'a>(&self, shapes: impl IntoIterator<Item = &'a Shape>) -> String {
        let mut data = String::new();
        for shape in shapes {
            self.shape(shape, &mut data);
        }
        data
    }
}

/// The map of these findings as SVG.
pub fn svg(findings: &Findings, dataset: &Dataset, picture: &Picture) -> String {
    svg_of(findings, dataset, picture, None)
}

/// Room round a ward that fills the picture, as a share of its longer side.
const ROOM: f64 = 0.06;

/// The map of these findings as SVG; with a `ward`, of it and what lies round it, under a veil.
pub fn svg_of(
    findings: &Findings,
    dataset: &Dataset,
    picture: &Picture,
    ward: Option<&Shape>,
) -> String {
    let colours = picture.scheme.map();
    let around = ward
        .and_then(Shape::bounds)
        .map(|bounds| bounds.grown(ROOM * bounds.width().max(bounds.height())));
    let bounds = around
        .or_else(|| dataset.study_area.bounds())
        .unwrap_or(Bounds { min: Bng::new(0.0, 0.0), max: Bng::new(1000.0, 1000.0) });
    let made = &findings.how_made;
    let legend = match picture.show {
        Show::Heat => heat_legend(findings),
        Show::Rate => ward_legend(findings),
    };
    let hotspots = hotspot_legend(findings);
    let card = (picture.legend && picture.width >= NARROW)
        .then(|| legend_picture::card(&[&legend, &hotspots], picture.scheme, picture.letters));
    let beside = card.as_ref().map(|card| (card.width, card.height + ScaleBar::HEIGHT + PADDING));
    let view = View::new(bounds, picture, beside);
    let invented = if made.fictional { " The data are invented." } else { "" };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" \
         height=\"{h}\" role=\"img\" font-family=\"{FONT}\"><title>{title}</title><desc>{desc}</desc>\
         <rect width=\"{w}\" height=\"{h}\" fill=\"{ground}\"/>",
        w = view.width,
        h = view.height,
        title = escape(&format!(
            "Map of {}, {}, {}",
            made.crime_types_label, made.area, made.window_label
        )),
        desc = escape(&format!("{} {}{invented}", legend.text, hotspots.text)),
        ground = colours.ground,
    );
    let land = view.shapes([&dataset.study_area]);
    let _ = write!(out, "<path d=\"{land}\" fill=\"{}\" fill-rule=\"evenodd\"/>", colours.land);
    streets(&mut out, &view, dataset, colours);
    match picture.show {
        Show::Heat => heat(&mut out, &view, findings, &legend, picture.scheme),
        Show::Rate => rates(&mut out, &view, findings, &legend, picture.scheme),
    }
    ward_lines(&mut out, &view, findings, colours);
    if let Some(ward) = ward {
        veil(&mut out, &view, ward, colours);
    }
    let badges = hotspot_lines(&mut out, &view, findings, colours);
    furniture(&mut out, &view, findings, picture, card.as_ref(), &badges);
    out.push_str("</svg>");
    out
}

fn streets(out: &mut String, view: &View, dataset: &Dataset, colours: &MapColours) {
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

/// Each class over the ones below it, then all at one opacity.
fn heat(out: &mut String, view: &View, findings: &Findings, legend: &Legend, scheme: Scheme) {
    let _ = write!(
        out,
        "<g opacity=\"{HEAT_OPACITY}\" fill-rule=\"evenodd\" stroke=\"{}\" stroke-width=\"0.5\" \
         stroke-opacity=\"0.7\">",
        scheme.map().halo
    );
    for class in &legend.classes {
        let mut data = String::new();
        for ring in contours(&findings.density, class.lower) {
            view.path(ring, true, &mut data);
        }
        if !data.is_empty() {
            let _ = write!(out, "<path d=\"{data}\" fill=\"{}\"/>", class.colour.of(scheme));
        }
    }
    out.push_str("</g>");
}

fn rates(out: &mut String, view: &View, findings: &Findings, legend: &Legend, scheme: Scheme) {
    let Some(wards) = findings.layer("wards") else { return };
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

fn ward_lines(out: &mut String, view: &View, findings: &Findings, colours: &MapColours) {
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
fn veil(out: &mut String, view: &View, ward: &Shape, colours: &MapColours) {
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
struct Badge {
    number: String,
    x: f64,
    y: f64,
}

/// Outlines of the hotspots; gives where their badges go.
fn hotspot_lines(
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
    let corner = |shape: &Shape| {
        let positions = shape.polygons().iter().flat_map(|polygon| polygon.exterior().coords());
        positions
            .max_by(|a, b| (a.x * 0.6 + a.y).total_cmp(&(b.x * 0.6 + b.y)))
            .map(|at| view.place(Bng::new(at.x, at.y)))
    };
    hotspots
        .features
        .iter()
        .filter_map(|hotspot| {
            let (x, y) = corner(&hotspot.shape)?;
            let number = match number.map(|column| &hotspot.values[column]) {
                Some(Value::Count(number)) => number.to_string(),
                _ => hotspot.id.clone(),
            };
            Some(Badge { number, x, y })
        })
        .collect()
}

/// Boxes round the hotspots, so that no name lies on one.
fn hotspot_areas(view: &View, findings: &Findings) -> Vec<[f64; 4]> {
    let hotspots = findings.layer("hotspots").map_or(&[][..], |layer| &layer.features);
    let bounds = hotspots.iter().filter_map(|hotspot| hotspot.shape.bounds());
    bounds
        .map(|bounds| {
            let ((left, bottom), (right, top)) = (view.place(bounds.min), view.place(bounds.max));
            [left - 3.0, top - 3.0, right + 3.0, bottom + 3.0]
        })
        .collect()
}

/// Names, badges, legend, scale and mark of invention, in this order.
fn furniture(
    out: &mut String,
    view: &View,
    findings: &Findings,
    picture: &Picture,
    card: Option<&Card>,
    badges: &[Badge],
) {
    const RADIUS: f64 = 11.0;
    let (colours, letters) = (picture.scheme.map(), picture.letters);
    let mut taken: Vec<[f64; 4]> =
        badges.iter().map(|b| [b.x - RADIUS, b.y - RADIUS, b.x + RADIUS, b.y + RADIUS]).collect();
    let scale = ScaleBar::new(view, card.is_some());
    taken.push(scale.area);
    taken.extend(hotspot_areas(view, findings));
    taken.extend(card.map(|card| [0.0, 0.0, card.width + PADDING, view.height]));
    if picture.width >= NARROW
        && let Some(wards) = findings.layer("wards")
    {
        for (name, x, y) in place_labels(ward_labels(view, wards, badges), &taken, view.size()) {
            text(out, letters, &name, x, y, 11.5, 500, "middle", colours.ink, Some(colours.halo));
        }
    }
    for badge in badges {
        let _ = write!(
            out,
            "<circle cx=\"{}\" cy=\"{}\" r=\"{RADIUS}\" fill=\"{}\" stroke=\"{}\" stroke-width=\"2\"/>",
            round(badge.x),
            round(badge.y),
            colours.hot,
            colours.hot_case
        );
        let (x, y) = (badge.x, badge.y + 4.3);
        text(out, letters, &badge.number, x, y, 12.0, 700, "middle", colours.hot_case, None);
    }
    if let Some(card) = card {
        let _ = write!(out, "<g transform=\"translate({PADDING} {PADDING})\">{}</g>", card.svg);
    }
    scale.draw(out, colours, letters);
    if findings.how_made.fictional {
        let (x, y) = (view.width - PADDING, PADDING + 8.0);
        let halo = Some(colours.halo);
        text(out, letters, "Invented data", x, y, 12.0, 600, "end", colours.ink, halo);
    }
}

impl View {
    fn size(&self) -> (f64, f64) {
        (self.width, self.height)
    }
}

/// Ward names in the order of keeping: those with a hotspot, then the largest.
fn ward_labels(view: &View, wards: &Layer, badges: &[Badge]) -> Vec<Label> {
    let Some(name) = wards.column("name") else { return Vec::new() };
    let mut labels: Vec<(bool, f64, Label)> = wards
        .features
        .iter()
        .filter_map(|ward| {
            let (x, y) = view.place(ward.shape.label_point()?);
            let Value::Text(name) = &ward.values[name] else { return None };
            let hot = badges.iter().any(|badge| {
                let at =
                    Bng::new(view.west + badge.x / view.scale, view.north - badge.y / view.scale);
                ward.shape.covers(at)
            });
            Some((hot, ward.shape.area().get(), Label { name: name.clone(), x, y }))
        })
        .collect();
    labels.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)));
    labels.into_iter().map(|(_, _, label)| label).collect()
}

/// A length in round units, and an arrow to the north.
struct ScaleBar {
    metres: f64,
    pixels: f64,
    /// Left, top, right and bottom.
    area: [f64; 4],
}

impl ScaleBar {
    const HEIGHT: f64 = 40.0;

    /// In the corner at the lower left where a legend leaves room, else at the lower right.
    fn new(view: &View, left: bool) -> Self {
        let most = (view.width / 5.0).min(110.0) / view.scale;
        let power = 10f64.powf(most.log10().floor());
        let metres = [5.0, 2.0, 1.0].map(|digit| digit * power);
        let metres = metres.into_iter().find(|&metres| metres <= most).unwrap_or(power);
        let pixels = metres * view.scale;
        let width = pixels + 78.0;
        let x = if left { PADDING } else { view.width - PADDING - width };
        let bottom = view.height - PADDING;
        Self { metres, pixels, area: [x, bottom - Self::HEIGHT, x + width, bottom] }
    }

    fn draw(&self, out: &mut String, colours: &MapColours, letters: Letters) {
        let [left, top, right, bottom] = self.area;
        let (x, y, end) = (left + 10.0, bottom - 10.0, left + 10.0 + self.pixels);
        let (arrow, tip) = (right - 14.0, top + 5.0);
        let _ = write!(
            out,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"8\" fill=\"{}\" \
             stroke=\"{}\"/><path d=\"M{x} {tick}V{y}H{end}V{tick}M{half} {low}V{y}\" fill=\"none\" \
             stroke=\"{ink}\" stroke-width=\"1.4\"/><path d=\"M{arrow} {tip}l5 14l-5 -3.6l-5 3.6z\" \
             fill=\"{ink}\"/>",
            round(left),
            round(top),
            round(right - left),
            round(bottom - top),
            colours.surface,
            colours.line,
            x = round(x),
            y = round(y),
            end = round(end),
            tick = round(y - 6.0),
            low = round(y - 3.0),
            half = round(f64::midpoint(x, end)),
            arrow = round(arrow),
            tip = round(tip),
            ink = colours.ink,
        );
        let length = if self.metres >= 1000.0 {
            format!("{} km", self.metres / 1000.0)
        } else {
            format!("{} m", self.metres)
        };
        text(out, letters, &length, end + 6.0, y + 1.0, 11.0, 400, "start", colours.ink_2, None);
        text(out, letters, "N", arrow, tip + 26.0, 11.0, 400, "middle", colours.ink_2, None);
    }
}

#[cfg(test)]
#[path = "picture_tests.rs"]
mod tests;
