//! What lies on the map: names, badges, legend, scale and the mark of invention.

use std::fmt::Write as _;

use super::layers::Badge;
use super::{NARROW, PADDING, Picture, View};
use crate::crs::Bng;
use crate::geometry::Shape;
use crate::layer::{Feature, Findings, Layer};
use crate::render::english as say;
use crate::render::labels::{Label, place_labels};
use crate::render::legend::numbers;
use crate::render::legend_picture::Card;
use crate::render::palette::MapColours;
use crate::render::svg::{Letters, round, text};
use crate::table::Value;

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
pub(super) fn furniture(
    out: &mut String,
    view: &View,
    findings: &Findings,
    picture: &Picture,
    card: Option<&Card>,
    badges: &[Badge],
    clusters: Option<&Layer>,
) {
    const RADIUS: f64 = 11.0;
    let (colours, letters) = (picture.scheme.map(), picture.letters);
    let mut taken: Vec<[f64; 4]> =
        badges.iter().map(|b| [b.x - RADIUS, b.y - RADIUS, b.x + RADIUS, b.y + RADIUS]).collect();
    let scale = ScaleBar::new(view, card.is_some());
    taken.push(scale.area);
    taken.extend(hotspot_areas(view, findings));
    taken.extend(card.map(|card| [0.0, 0.0, card.width + PADDING, view.height]));
    if picture.width >= NARROW {
        let mut labels = clusters.map_or(Vec::new(), |clusters| cluster_labels(view, clusters));
        let of_clusters = labels.len();
        labels.extend(
            findings.layer("wards").into_iter().flat_map(|wards| ward_labels(view, wards, badges)),
        );
        for (i, name, x, y) in place_labels(labels, &taken, view.size()) {
            let (weight, ink, halo) = if i < of_clusters {
                (700, colours.hot, colours.hot_case)
            } else {
                (500, colours.ink, colours.halo)
            };
            text(out, letters, &name, x, y, 11.5, weight, "middle", ink, Some(halo));
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
        text(out, letters, say::INVENTED, x, y, 12.0, 600, "end", colours.ink, halo);
    }
}

/// Whom to name for the ground, in the lower corner that the scale leaves free.
pub(super) fn credit(out: &mut String, view: &View, attribution: &str, picture: &Picture) {
    if attribution.is_empty() {
        return;
    }
    let (width, height) = view.size();
    let legend = picture.legend && picture.width >= NARROW;
    let (x, anchor) = if legend { (width - 6.0, "end") } else { (6.0, "start") };
    let colours = picture.scheme.map();
    let halo = Some(colours.halo);
    text(
        out,
        picture.letters,
        attribution,
        x,
        height - 5.0,
        10.0,
        400,
        anchor,
        colours.ink_2,
        halo,
    );
}

/// Of each scan cluster how many times as many it holds as expected and, of a scan over time, in which
/// months: the strongest first.
fn cluster_labels(view: &View, clusters: &Layer) -> Vec<Label> {
    let months = clusters.column("from").zip(clusters.column("to"));
    let label = |(cluster, ratio): (&Feature, Option<f64>)| {
        let (x, y) = view.place(cluster.shape.label_point()?);
        let ratio = format!("{:.1}×", ratio?);
        let words = months.map(|(from, to)| (&cluster.values[from], &cluster.values[to]));
        let name = match words {
            Some((Value::Text(from), Value::Text(to))) => format!("{ratio} {}", span(from, to)),
            _ => ratio,
        };
        Some(Label { name, x, y })
    };
    clusters.features.iter().zip(numbers(clusters, "ratio")).filter_map(label).collect()
}

/// `Apr 2025` and `Sep 2025` as `Apr to Sep 2025`, on one line.
fn span(from: &str, to: &str) -> String {
    let words = match (from.split_once(' '), to.split_once(' ')) {
        _ if from == to => from.to_owned(),
        (Some((month, year)), Some((_, last))) if year == last => say::to(month, to),
        _ => say::to(from, to),
    };
    words.replace(' ', "\u{a0}")
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
pub(super) struct ScaleBar {
    metres: f64,
    pixels: f64,
    /// Left, top, right and bottom.
    area: [f64; 4],
}

impl ScaleBar {
    pub(super) const HEIGHT: f64 = 40.0;

    /// In the corner at the lower left where a legend leaves room, else at the lower right.
    pub(super) fn new(view: &View, left: bool) -> Self {
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

    /// Whether a corner of the shape lies under it, or next to it.
    pub(super) fn covers(&self, view: &View, shape: &Shape) -> bool {
        const NEAR: f64 = 4.0;
        let [left, top] = [self.area[0], self.area[1]].map(|edge| edge - NEAR);
        let [right, bottom] = [self.area[2], self.area[3]].map(|edge| edge + NEAR);
        let corners = shape.polygons().iter().flat_map(|polygon| polygon.exterior().coords());
        corners
            .map(|at| view.place(Bng::new(at.x, at.y)))
            .any(|(x, y)| (left..=right).contains(&x) && (top..=bottom).contains(&y))
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
        text(out, letters, say::NORTH, arrow, tip + 26.0, 11.0, 400, "middle", colours.ink_2, None);
    }
}
