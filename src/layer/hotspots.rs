//! The layer of hotspots: places small enough to act on, each with the words that explain it.

use crate::crs::bng_to_lonlat;
use crate::geometry::Shape;
use crate::table::{Column, Value};

use super::english::{self, head, unit};
use super::wards::round6;
use super::{Feature, Layer};

/// One hotspot before it is numbered.
#[derive(Debug, Clone, PartialEq)]
pub struct HotspotFigures {
    /// Name by the stated rule.
    pub name: String,
    /// Wards it touches, the one with most of its incidents first.
    pub wards: Vec<String>,
    /// Incidents in it.
    pub count: u64,
    /// Its cells.
    pub n_cells: usize,
    /// Outline: its cells merged, cut to nothing.
    pub shape: Shape,
    /// Highest Gi* in it.
    pub z_max: f64,
    /// Whether it is one peak that could not be split though it is larger than asked.
    pub oversize: bool,
}

/// What the words need to know of the whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HotspotContext<'a> {
    /// Incidents that were mapped, in and out of hotspots.
    pub n_mapped: u64,
    /// Length of the window in years.
    pub years: f64,
    /// Window on screen.
    pub window: &'a str,
    /// False discovery rate.
    pub alpha: f64,
    /// Cells tested together.
    pub n_tested: usize,
}

const COLUMNS: &[Column] = &[
    Column::new("number", head::NUMBER, unit::BY_COUNT, 0),
    Column::new("name", head::HOTSPOT, "", 0),
    Column::new("wards", head::WARDS, "", 0),
    Column::new("count", head::COUNT, unit::INCIDENTS, 0),
    Column::new("share", head::SHARE, unit::OF_MAPPED_INCIDENTS, 3),
    Column::new("area_km2", head::AREA, unit::KM2, 3),
    Column::new("density", head::DENSITY, unit::PER_KM2_A_YEAR, 0),
    Column::new("cells", head::CELLS, "", 0),
    Column::new("z_max", head::HIGHEST_GI_STAR, unit::Z_SCORE, 2),
    Column::new("words", head::IN_WORDS, "", 0),
    Column::new("label_lon", head::LABEL_LONGITUDE, unit::DEGREES, 6),
    Column::new("label_lat", head::LABEL_LATITUDE, unit::DEGREES, 6),
];

/// The layer of `hotspots`, numbered by count; of equal counts the smaller one goes first.
pub fn hotspots(mut hotspots: Vec<HotspotFigures>, context: &HotspotContext<'_>) -> Layer {
    hotspots.sort_by(|a, b| {
        b.count.cmp(&a.count).then(a.n_cells.cmp(&b.n_cells)).then(a.name.cmp(&b.name))
    });
    let features = hotspots
        .into_iter()
        .enumerate()
        .map(|(i, hotspot)| Feature {
            at: None,
            id: (i + 1).to_string(),
            values: row(i + 1, &hotspot, context),
            shape: hotspot.shape,
        })
        .collect();
    Layer {
        id: "hotspots",
        title: english::HOTSPOTS.to_owned(),
        features,
        columns: COLUMNS.to_vec(),
    }
}

fn row(number: usize, hotspot: &HotspotFigures, context: &HotspotContext<'_>) -> Vec<Value> {
    let km2 = hotspot.shape.area().km2();
    let share = hotspot.count as f64 / context.n_mapped.max(1) as f64;
    let label = hotspot.shape.label_point().and_then(|at| bng_to_lonlat(at).ok());
    vec![
        Value::Count(number as i64),
        Value::Text(hotspot.name.clone()),
        Value::Text(hotspot.wards.join(", ")),
        Value::Count(hotspot.count as i64),
        Value::Number(share),
        Value::Number(km2),
        Value::Number(hotspot.count as f64 / km2 / context.years),
        Value::Count(hotspot.n_cells as i64),
        Value::Number(hotspot.z_max),
        Value::Text(english::hotspot(
            (hotspot.count, share),
            context.window,
            km2,
            (context.n_tested, context.alpha),
            hotspot.oversize,
        )),
        Value::number(label.map(|at| round6(at.lon()))),
        Value::number(label.map(|at| round6(at.lat()))),
    ]
}

#[cfg(test)]
mod tests {
    use geo::{MultiPolygon, Rect, coord};

    use super::*;

    fn figures(name: &str, count: u64, n_cells: usize) -> HotspotFigures {
        let from = coord! { x: 444_000.0, y: 520_000.0 };
        let to = coord! { x: 444_000.0 + 250.0 * n_cells as f64, y: 520_250.0 };
        HotspotFigures {
            name: name.into(),
            wards: vec!["Newtown".into()],
            count,
            n_cells,
            shape: Shape::new(MultiPolygon::new(vec![Rect::new(from, to).to_polygon()])),
            z_max: 6.2,
            oversize: false,
        }
    }

    const CONTEXT: HotspotContext<'_> = HotspotContext {
        n_mapped: 1_000,
        years: 0.5,
        window: "Jan to Jun 2025",
        alpha: 0.05,
        n_tested: 866,
    };

    #[test]
    fn hotspots_are_numbered_by_count() {
        let layer =
            hotspots(vec![figures("Low Road", 5, 1), figures("High Street", 50, 4)], &CONTEXT);

        let names: Vec<_> = layer.features.iter().map(|f| f.values[1].clone()).collect();

        assert_eq!(names, [Value::from("High Street"), Value::from("Low Road")]);
        assert_eq!(layer.features[0].values[0], Value::Count(1));
    }

    #[test]
    fn density_is_a_year_s_worth() {
        let layer = hotspots(vec![figures("High Street", 50, 4)], &CONTEXT);

        let density = &layer.features[0].values[layer.column("density").unwrap()];

        assert_eq!(*density, Value::Number(50.0 / 0.25 / 0.5));
    }

    #[test]
    fn the_words_carry_count_share_area_and_test() {
        let layer = hotspots(vec![figures("High Street", 50, 4)], &CONTEXT);

        let words = &layer.features[0].values[layer.column("words").unwrap()];

        assert_eq!(
            *words,
            Value::from(
                "50 records in Jan to Jun 2025, 5% of those mapped, on 0.25 km². More than chance \
                 would leave among 866 cells (Gi*, false discovery rate 5%)."
            )
        );
    }
}
