//! Findings made by hand, for tests of the pages alone.

use geo::{MultiPolygon, Rect, coord};

use super::{Choice, Site};
use crate::crs::Bng;
use crate::geometry::Shape;
use crate::incident::CrimeTypeIdx;
use crate::layer::{Feature, Findings, HowMade, Layer};
use crate::pipeline::{
    CellSizes, Gathering, Held, Hours, KindFigures, Meetings, MonthFigures, TopPlace, Trend,
    Verdict, WardProfile,
};
use crate::provenance::Provenance;
use crate::quantity::{Metres, Population};
use crate::stats::series::{Basis, ExpectedTotal};
use crate::stats::time_of_day::Block;
use crate::stats::{Surface, change};
use crate::table::{Column, Table, Value};

fn columns(ids: &[&'static str]) -> Vec<Column> {
    ids.iter().map(|id| Column { id, label: id, unit: "", decimals: 1 }).collect()
}

fn square(x: f64) -> Shape {
    let rect = Rect::new(coord! { x: x, y: 0.0 }, coord! { x: x + 2000.0, y: 2000.0 });
    Shape::new(MultiPolygon::new(vec![rect.to_polygon()]))
}

const WARD: [&str; 21] = [
    "code",
    "name",
    "residents",
    "households",
    "count",
    "rate",
    "rate_low",
    "rate_high",
    "base",
    "share",
    "rank",
    "rank_low",
    "rank_high",
    "rank_count",
    "rank_count_low",
    "rank_count_high",
    "earlier",
    "change",
    "change_low",
    "change_high",
    "change_class",
];

fn ward(i: usize, name: &str, count: i64, rate: f64, earlier: Option<(i64, &str)>) -> Feature {
    let place = i as i64 + 1;
    let mut values = vec![
        Value::Text(format!("E0500000{place}")),
        name.into(),
        Value::Count(6000),
        Value::Count(2500),
        Value::Count(count),
    ];
    values.extend([rate, rate * 0.9, rate * 1.1].map(Value::Number));
    values.push("residents".into());
    values.push(Value::Number(count as f64 / 300.0));
    values.extend([place, place, (place + 1).min(3)].map(Value::Count));
    values.extend([place, place, place].map(Value::Count));
    match earlier {
        Some((earlier, class)) => {
            values.push(Value::Count(earlier));
            let change = count as f64 / earlier as f64;
            values.extend([change, change * 0.8, change * 1.2].map(Value::Number));
            values.push(class.into());
        }
        None => values.extend(std::iter::repeat_n(Value::None, 5)),
    }
    Feature { at: None, id: format!("E0500000{place}"), shape: square(i as f64 * 2000.0), values }
}

/// Three wards and two hotspots over 2025, with or without the year before.
pub(super) fn findings(compared: bool) -> Findings {
    let earlier = |count, class| compared.then_some((count, class));
    let wards = Layer {
        id: "wards",
        title: "Wards".to_owned(),
        features: vec![
            ward(0, "Town & Quay", 180, 30.0, earlier(120, "higher")),
            ward(1, "Roseworth", 90, 15.0, earlier(130, "lower")),
            ward(2, "Mill <Lane>", 30, 5.0, earlier(29, "as usual")),
        ],
        columns: columns(&WARD),
    };
    let hotspot = |number: i64, name: &str, count: i64| Feature {
        at: None,
        id: number.to_string(),
        shape: square(0.0),
        values: vec![
            Value::Count(number),
            name.into(),
            "Town & Quay".into(),
            Value::Count(count),
            Value::Number(count as f64 / 300.0),
            Value::Number(0.125),
            Value::Number(4.2),
            Value::Text(format!("{count} records in 2 cells.")),
        ],
    };
    let hotspots = Layer {
        id: "hotspots",
        title: "Hotspots".to_owned(),
        features: vec![hotspot(1, "High Street", 60), hotspot(2, "Quay Road", 30)],
        columns: columns(&[
            "number", "name", "wards", "count", "share", "area_km2", "z_max", "words",
        ]),
    };
    let month = |m: i64| vec![Value::Text(format!("2025-{m:02}")), Value::Count(m * 4)];
    Findings {
        layers: vec![wards, hotspots],
        density: Surface {
            origin: Bng::new(0.0, 0.0),
            cell: Metres::new(50.0),
            n_columns: 0,
            n_rows: 0,
            values: Vec::new(),
        },
        density_breaks: vec![20.0, 40.0, 60.0, 80.0, 100.0, 160.0],
        tables: vec![
            Table {
                id: "by-type".to_owned(),
                title: "By type".to_owned(),
                columns: columns(&["type", "label", "group", "count", "earlier"]),
                rows: vec![
                    vec![
                        "anti-social-behaviour".into(),
                        "Anti-social behaviour".into(),
                        "asb".into(),
                        Value::Count(300),
                        if compared { Value::Count(279) } else { Value::None },
                    ],
                    vec![
                        "burglary".into(),
                        "Burglary".into(),
                        "crime".into(),
                        Value::Count(41),
                        Value::None,
                    ],
                ],
            },
            Table {
                id: "by-month".to_owned(),
                title: "By month".to_owned(),
                columns: columns(&["month", "count"]),
                rows: (1..=12).map(month).collect(),
            },
        ],
        how_made: HowMade {
            wardheat: "0.1.0".to_owned(),
            area: "Quayside".to_owned(),
            fictional: false,
            dataset: "0123456789abcdef".to_owned(),
            crime_types: "anti-social-behaviour".to_owned(),
            crime_types_label: "Anti-social behaviour".to_owned(),
            window: "2025-01..2025-12".to_owned(),
            window_label: "Jan 2025 to Dec 2025".to_owned(),
            compared_with: compared.then(|| "2024-01..2024-12".to_owned()),
            gaps: Vec::new(),
            in_part: Vec::new(),
            n_incidents: 300,
            n_mapped: 290,
            methods: vec![("Heat".to_owned(), "quartic kernel, 300 m".to_owned())],
            seed: 2025,
            request: serde_json::json!({}),
            provenance: Provenance::default(),
        },
        notes: vec!["Places are approximate.".to_owned()],
    }
}

fn kind(id: &str, count: u64, (low, high): (u64, u64), verdict: Verdict) -> KindFigures {
    let p95 = crate::aggregate::Confidence::P95;
    KindFigures {
        types: id.parse().expect("a crime type"),
        count,
        rate: crate::aggregate::rate_per_1000(count, Population::new(8152.0), p95),
        rate_day: None,
        area_rate: Some(9.4),
        rank: None,
        earlier: Some(60),
        change: Some(change(count, 60, p95)),
        expected: Some(ExpectedTotal {
            expected: (low + high) as f64 / 2.0,
            low,
            high,
            basis: Basis::Years(2),
            dispersion: 1.2,
        }),
        verdict: Some(verdict),
    }
}

/// A ward with shop theft above its range and burglary below.
pub(super) fn profile() -> WardProfile {
    let shoplifting = CrimeTypeIdx::from_id("shoplifting").expect("a crime type");
    let month = |m: i32| MonthFigures {
        month: format!("2025-{m:02}").parse().expect("a month"),
        count: Some(40 + m as u64),
        expected: None,
    };
    WardProfile {
        code: "E05000002".to_owned(),
        name: "Roseworth".to_owned(),
        edition: "2024".to_owned(),
        residents: Population::new(8152.0),
        households: Population::new(3366.0),
        types: "all".parse().expect("types"),
        window: "2025-01..2025-12".parse().expect("a window"),
        earlier: Some("2024-01..2024-12".parse().expect("a window")),
        of: 27,
        kinds: vec![
            kind("all-crime", 429, (252, 450), Verdict::AsUsual),
            kind("shoplifting", 175, (46, 82), Verdict::Higher),
            kind("burglary", 10, (14, 38), Verdict::Lower),
        ],
        places: vec![TopPlace {
            name: "Redhill & Mill".to_owned(),
            count: 180,
            share: 180.0 / 503.0,
            mostly: vec![shoplifting],
            quarters: Some(3),
        }],
        chosen_hours: crate::time::HoursOfWeek::default(),
        hours_note: None,
        hours: Some(Hours {
            weights: vec![1.0; 168],
            timed: 168,
            untimed: 335,
            peak: None,
            block: Some(Block { day: 4, days: 2, hour: 16, hours: 4, share: 0.4 }),
        }),
        trend: Trend { months: (1..=12).map(month).collect(), marks: Vec::new() },
        asked: Vec::new(),
        heard: Vec::new(),
        meetings: Meetings {
            kept: true,
            from: jiff::civil::date(2026, 1, 1),
            last: None,
            next: Some(Gathering {
                title: "Ward forum".to_owned(),
                day: jiff::civil::date(2026, 2, 3),
                start: Some(jiff::civil::time(18, 0, 0, 0)),
                venue: Some("Children's Centre".to_owned()),
                attended: None,
            }),
        },
        held: Held {
            records: 503,
            placed: 500,
            approximate: true,
            missing: Vec::new(),
            in_part: Vec::new(),
        },
    }
}

/// Anti-social behaviour in 2025.
pub(super) fn choice() -> Choice {
    let asb = "anti-social-behaviour".parse().expect("a crime type");
    Choice::new(asb, "2025-01..2025-12".parse().expect("a window"), None)
}

/// A site over the sample, its live map built.
pub(super) fn site() -> Site<'static> {
    Site {
        area: "Quayside",
        fictional: true,
        attribution: &[],
        months: Some("2025-01..2025-12".parse().expect("a window")),
        today: jiff::civil::date(2026, 1, 20),
        priorities: &[],
        sources: &[],
        more: &["lsoas", "emerging", "moran", "clusters", "venues"],
        streets: false,
        basemap: false,
        cells: CellSizes { finest: Metres::new(100.0), usual: Metres::new(250.0) },
        timed: true,
        halls: true,
        statistics: true,
        bounds: Some([-1.5, 54.4, -1.2, 54.7]),
        version: "v1",
        assets: "a1",
        live: true,
    }
}
