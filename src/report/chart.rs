//! Drawings of the report: default positions on the outlines of the wards.

use std::fmt::Write as _;

use geo::Simplify as _;
use maud::{Markup, html};

use crate::units::AreaLayer;

/// Width of the drawing.
const WIDTH: f64 = 640.0;

/// Outlines stray no further than this on the drawing.
const CLOSE: f64 = 0.75;

/// The wards with a number at each of these positions (easting, northing), from 1 in the order given.
/// `None` without outlines.
pub(super) fn suspects_map(wards: &AreaLayer, places: &[(i64, i64)]) -> Option<Markup> {
    let bounds = wards
        .areas
        .iter()
        .filter_map(|area| area.shape.bounds())
        .reduce(crate::geometry::Bounds::union)?;
    let scale = WIDTH / bounds.width().max(1.0);
    let height = (bounds.height() * scale).max(40.0);
    let at = |easting: f64, northing: f64| {
        ((easting - bounds.min.easting()) * scale, (bounds.max.northing() - northing) * scale)
    };
    let mut path = String::new();
    for area in &wards.areas {
        for polygon in area.shape.polygons() {
            for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                for (i, corner) in ring.simplify(CLOSE / scale).0.iter().enumerate() {
                    let (x, y) = at(corner.x, corner.y);
                    let _ = write!(path, "{}{x:.1} {y:.1}", if i == 0 { "M" } else { "L" });
                }
                path.push('Z');
            }
        }
    }
    let label = super::english::quality::map(places.len());
    Some(html! {
        svg class="q-map" role="img" aria-label=(label)
            viewBox={ "-14 -14 " (WIDTH + 28.0) " " (format!("{:.0}", height + 28.0)) } {
            path class="q-ward" d=(path) {}
            @for (i, &(easting, northing)) in places.iter().enumerate() {
                @let (x, y) = at(easting as f64, northing as f64);
                circle class="q-badge" cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="11" {}
                text class="q-number" x=(format!("{x:.1}")) y=(format!("{:.1}", y + 4.0)) {
                    (i + 1)
                }
            }
        }
    })
}
