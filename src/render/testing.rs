//! Small findings for tests of what is drawn: four wards, a surface and a hotspot.

use geo::{MultiPolygon, Rect, coord};

use crate::crs::Bng;
use crate::geometry::Shape;
use crate::layer::{Feature, Findings, HowMade, Layer};
use crate::provenance::Provenance;
use crate::quantity::Metres;
use crate::stats::Surface;
use crate::table::{Column, Value};

fn rectangle(west: f64, south: f64, width: f64, height: f64) -> Shape {
    let from = coord! { x: west, y: south };
    let to = coord! { x: west + width, y: south + height };
    Shape::new(MultiPolygon::new(vec![Rect::new(from, to).to_polygon()]))
}

/// Four wards of 2 x 2 km near Stockton-on-Tees, one hot in its middle.
pub(crate) fn findings() -> Findings {
    let names = ["Newtown", "Hardwick & Salters Lane", "Roseworth", "Village"];
    let rates = [0.0, 12.5, 48.0, 110.0];
    let wards = Layer {
        id: "wards",
        title: "Wards".into(),
        columns: vec![
            Column::new("code", "Code", "", 0),
            Column::new("name", "Ward", "", 0),
            Column::new("rate", "Rate", "per 1,000 of the base", 1),
            Column::new("base", "Base", "", 0),
        ],
        features: (0..4)
            .map(|i| Feature {
                at: None,
                id: format!("E0500000{i}"),
                shape: rectangle(
                    444_000.0 + 2_000.0 * (i % 2) as f64,
                    519_000.0 + 2_000.0 * (i / 2) as f64,
                    2_000.0,
                    2_000.0,
                ),
                values: vec![
                    Value::Text(format!("E0500000{i}")),
                    names[i].into(),
                    Value::Number(rates[i]),
                    "residents".into(),
                ],
            })
            .collect(),
    };
    let hotspots = Layer {
        id: "hotspots",
        title: "Hotspots".into(),
        columns: vec![
            Column::new("number", "Number", "by count", 0),
            Column::new("name", "Hotspot", "", 0),
        ],
        features: vec![Feature {
            at: None,
            id: "1".into(),
            shape: rectangle(446_500.0, 521_500.0, 500.0, 500.0),
            values: vec![Value::Count(1), "High Street".into()],
        }],
    };
    let (n_columns, n_rows) = (100, 100);
    let values = (0..n_columns * n_rows)
        .map(|i| {
            let centre = ((i % n_columns) as f64 + 0.5, (i / n_columns) as f64 + 0.5);
            let near = (centre.0 - 67.5).hypot(centre.1 - 67.5) / 25.0;
            if near < 1.0 { 250.0 * (1.0 - near * near).powi(2) } else { 0.0 }
        })
        .collect();
    Findings {
        layers: vec![wards, hotspots],
        density: Surface {
            origin: Bng::new(443_500.0, 518_500.0),
            cell: Metres::new(50.0),
            n_columns,
            n_rows,
            values,
        },
        density_breaks: vec![20.0, 40.0, 60.0, 80.0, 100.0, 160.0],
        tables: Vec::new(),
        how_made: HowMade {
            wardheat: "0.1.0".into(),
            area: "Testborough".into(),
            fictional: true,
            dataset: "abc".into(),
            crime_types: "all".into(),
            crime_types_label: "All crime and anti-social behaviour".into(),
            window: "2025-01..2025-12".into(),
            window_label: "Jan 2025 to Dec 2025".into(),
            compared_with: None,
            gaps: Vec::new(),
            in_part: Vec::new(),
            n_incidents: 100,
            n_mapped: 90,
            methods: vec![("Hotspots".into(), "Gi*, 250 m cells, q < 0.05".into())],
            seed: 1,
            request: serde_json::Value::Null,
            provenance: Provenance::default(),
        },
        notes: Vec::new(),
    }
}
