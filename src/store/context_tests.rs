use super::*;
use crate::crs::Bng;

fn everything() -> Context {
    let code = |code: &str, value| IndicatorValue {
        code: code.into(),
        value,
        lower: value.map(|v: f64| v - 1.0),
        ..IndicatorValue::default()
    };
    let indicator = |name: &str| Indicator {
        name: name.into(),
        kind: "lsoa".into(),
        edition: "2021".into(),
        period: "2025".into(),
        values: vec![code("E01000001", Some(8.742)), code("E01000002", None)],
    };
    let triangle = geo::Triangle::from([(0.0, 0.0), (10.0, 0.0), (0.0, 10.0)]).to_polygon();
    let intervention = |name: &str, place| Intervention {
        name: name.into(),
        place,
        start: jiff::civil::date(2025, 3, 1),
        end: (name == "Gates").then(|| jiff::civil::date(2025, 9, 30)),
        cost: Some(12_500.5),
        funder: None,
        owner: Some("Council".into()),
    };
    let robbery = CrimeTypeIdx::from_id("robbery").unwrap();
    Context {
        notes: Vec::new(),
        indicators: vec![indicator("IMD_score"), indicator("Crime_score")],
        lookups: vec![
            Lookup::new(
                CodeSet::new("lsoa", "2011"),
                CodeSet::new("lsoa", "2021"),
                vec![("A".into(), "A1".into()), ("A".into(), "A2".into())],
            ),
            Lookup::new(
                CodeSet::new("lsoa", "2021"),
                CodeSet::new("ward", "2024"),
                vec![("A1".into(), "W".into())],
            ),
        ],
        interventions: vec![
            intervention("Gates", Treated::Ward("E05000001".into())),
            intervention(
                "CCTV",
                Treated::Circle { centre: Bng::new(1.5, 2.5), radius: Metres::new(200.0) },
            ),
            intervention(
                "Patrols",
                Treated::Outline(Shape::new(geo::MultiPolygon::new(vec![triangle]))),
            ),
        ],
        surveys: vec![SurveyResult {
            wave: "2025".into(),
            ward: "E05000001".into(),
            question: "Feel safe after dark: yes".into(),
            percent: Some(61.5),
            base: Some(200.0),
            lower: None,
            upper: None,
        }],
        priorities: vec![CommunityPriority {
            area: "Newtown".into(),
            ward: None,
            set: jiff::civil::date(2025, 4, 3),
            text: "Off-road bikes".into(),
            category: None,
            status: Some("open".into()),
        }],
        peers: vec![PeerRate {
            area: "E22000001".into(),
            period: "2025Q1".into(),
            offence_group: "Burglary".into(),
            rate: Some(2.31),
            is_self: true,
        }],
        harm: vec![
            HarmWeights::new("CCHI", "2026", "days", Some("Kent"), [(robbery, 365.0)]),
            HarmWeights::new("CCHI", "2026", "days", None, [(robbery, 360.0)]),
        ],
    }
}

#[test]
fn everything_reads_back_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let written = everything();

    let files = write(folder.path(), &written).unwrap();
    let mut read_back = Context::default();
    for entry in &files {
        read(&entry.file.locate(folder.path()).unwrap(), entry, &mut read_back).unwrap();
    }

    assert_eq!(files.len(), 7);
    assert_eq!(read_back, written);
}

#[test]
fn nothing_makes_no_files() {
    let folder = tempfile::tempdir().unwrap();

    assert!(write(folder.path(), &Context::default()).unwrap().is_empty());
}
