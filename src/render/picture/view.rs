//! Which part of the plane a drawing shows, and where on it everything falls.

use std::fmt::Write as _;

use geo::{LineString, Simplify as _, coord};

use super::{PADDING, Picture};
use crate::crs::Bng;
use crate::geometry::{Bounds, Shape};
use crate::render::svg::round;

/// Largest offset of a simplified line, in pixels.
const SIMPLIFY: f64 = 0.3;

/// The part of the grid that is drawn, and at what size.
#[derive(Debug, Clone, Copy)]
pub(in crate::render) struct View {
    /// Pixels per metre.
    pub(super) scale: f64,
    pub(super) west: f64,
    pub(super) north: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl View {
    /// `bounds` in the middle of the picture, right of a column as wide and high as `beside` and above
    /// a strip as high as `under`.
    pub(super) fn new(
        bounds: Bounds,
        picture: &Picture,
        beside: Option<(f64, f64)>,
        under: f64,
    ) -> Self {
        let width = f64::from(picture.width);
        let (left, least) = beside.map_or((0.0, 0.0), |(w, h)| (w + PADDING, h + 2.0 * PADDING));
        let across = width - left - 2.0 * PADDING;
        let (east_west, north_south) = (bounds.width().max(1.0), bounds.height().max(1.0));
        let natural = across * north_south / east_west + 2.0 * PADDING + under;
        let height = natural.clamp(0.4 * width, 1.4 * width).max(least).round();
        let height = picture.height.map_or(height, f64::from);
        let scale = (across / east_west).min((height - under - 2.0 * PADDING) / north_south);
        let middle = |low: f64, high: f64| f64::midpoint(low, high);
        Self {
            scale,
            west: middle(bounds.min.easting(), bounds.max.easting()) - (left + width) / scale / 2.0,
            north: middle(bounds.min.northing(), bounds.max.northing())
                + (height - under) / scale / 2.0,
            width,
            height,
        }
    }

    /// `bounds` in the middle of a picture of `size`, with `padding` round them.
    pub(in crate::render) fn framing(
        bounds: Bounds,
        (width, height): (f64, f64),
        padding: f64,
    ) -> Self {
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
    pub(in crate::render) fn scale(&self) -> f64 {
        self.scale
    }

    pub(in crate::render) fn place(&self, position: Bng) -> (f64, f64) {
        (
            (position.easting() - self.west) * self.scale,
            (self.north - position.northing()) * self.scale,
        )
    }

    /// Path data of a run of positions, simplified.
    pub(super) fn path(
        &self,
        line: impl IntoIterator<Item = Bng>,
        closed: bool,
        data: &mut String,
    ) {
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

    pub(super) fn shape(&self, shape: &Shape, data: &mut String) {
        for polygon in shape.polygons() {
            for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                self.path(ring.coords().map(|at| Bng::new(at.x, at.y)), true, data);
            }
        }
    }

    pub(in crate::render) fn shapes<'a>(
        &self,
        shapes: impl IntoIterator<Item = &'a Shape>,
    ) -> String {
        let mut data = String::new();
        for shape in shapes {
            self.shape(shape, &mut data);
        }
        data
    }

    /// Width and height in pixels.
    pub(super) fn size(&self) -> (f64, f64) {
        (self.width, self.height)
    }
}
