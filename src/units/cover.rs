//! Which of many small cells share ground with the study area, and how much.

use geo::{
    Area as _, BooleanOps as _, BoundingRect as _, Intersects as _, MultiPolygon, Rect, coord,
};
use rayon::prelude::*;

use crate::geometry::Shape;
use crate::quantity::SquareMetres;

use super::{Locator, Units};

/// Cells of one band of the study area, from south to north: each band is cut out of the whole
/// outline once, so that no cell is laid over more of it than lies beside it.
const IN_BAND: usize = 64;

/// A cell that may share ground with the study area.
pub(super) struct Candidate {
    /// Its code.
    pub code: String,
    /// Its whole outline.
    pub shape: Shape,
}

/// The candidates that share ground with `study_area`, by code, each with the area that it shares.
pub(super) fn covering(
    study_area: &Shape,
    mut candidates: Vec<Candidate>,
) -> Vec<(Candidate, SquareMetres)> {
    let south = |cell: &Candidate| cell.shape.bounds().map_or(0.0, |b| b.min.northing());
    candidates.sort_by(|a, b| south(a).total_cmp(&south(b)).then(a.code.cmp(&b.code)));
    let bands: Vec<Vec<Candidate>> = {
        let mut bands = Vec::new();
        let mut rest = candidates.into_iter().peekable();
        while rest.peek().is_some() {
            bands.push(rest.by_ref().take(IN_BAND).collect());
        }
        bands
    };
    let mut kept: Vec<(Candidate, SquareMetres)> =
        bands.into_par_iter().flat_map_iter(|band| of_band(study_area, band)).collect();
    kept.sort_by(|a, b| a.0.code.cmp(&b.0.code));
    kept
}

fn of_band(study_area: &Shape, band: Vec<Candidate>) -> Vec<(Candidate, SquareMetres)> {
    let boxes: Vec<Option<Rect<f64>>> =
        band.iter().map(|cell| cell.shape.polygons().bounding_rect()).collect();
    let round = boxes.iter().flatten().copied().reduce(|a, b| {
        let (low, high) = (a.min(), a.max());
        Rect::new(
            coord! { x: low.x.min(b.min().x), y: low.y.min(b.min().y) },
            coord! { x: high.x.max(b.max().x), y: high.y.max(b.max().y) },
        )
    });
    let Some(round) = round else { return Vec::new() };
    let ground: MultiPolygon<f64> =
        study_area.polygons().intersection(&MultiPolygon::new(vec![round.to_polygon()]));
    let edges: Vec<_> = ground
        .iter()
        .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
        .flat_map(geo::LineString::lines)
        .collect();
    let mut kept = Vec::new();
    for (cell, of) in band.into_iter().zip(boxes) {
        let Some(of) = of else { continue };
        let crossed = edges.iter().any(|edge| edge.bounding_rect().intersects(&of));
        let shared = if crossed {
            cell.shape.polygons().intersection(&ground).unsigned_area()
        } else if cell.shape.label_point().is_some_and(|middle| {
            ground.intersects(&geo::Point::new(middle.easting(), middle.northing()))
        }) {
            cell.shape.area().get()
        } else {
            0.0
        };
        if shared > 0.0 {
            kept.push((cell, SquareMetres::new(shared)));
        }
    }
    kept
}

/// Units of these cells, found by `locator`.
pub(super) fn units(
    kind: &'static str,
    cells: Vec<(Candidate, SquareMetres)>,
    locator: impl FnOnce(&[String], &[Shape]) -> Locator,
) -> Units {
    let n = cells.len();
    let (mut ids, mut shapes, mut areas) =
        (Vec::with_capacity(n), Vec::with_capacity(n), Vec::with_capacity(n));
    for (cell, area) in cells {
        ids.push(cell.code);
        shapes.push(cell.shape);
        areas.push(area);
    }
    let locator = locator(&ids, &shapes);
    Units {
        kind,
        names: ids.clone(),
        ids,
        shapes,
        areas,
        residents: vec![None; n],
        households: vec![None; n],
        workday: vec![None; n],
        locator,
    }
}
