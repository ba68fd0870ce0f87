//! Filtered heat: what is drawn equals the definition, summed over the incidents one by one.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::http::StatusCode;
use jiff::ToSpan as _;
use jiff::civil::datetime;
use wardheat::audience::{Audience, Disclosure, Records, Rule};
use wardheat::crs::Bng;
use wardheat::incident::{CrimeTypeIdx, CrimeTypes, HarmWeights, Incidents};
use wardheat::layer::Layer;
use wardheat::pipeline::{
    AnalysisRequest, AreaChoice, Heat, HeatError, HeatIndex, HeatPer, HeatRequest, HeatWeight,
    Prepared, analyse, more_layer, own_area, ward_profile,
};
use wardheat::render::classify::Scale;
use wardheat::render::raster_tile::{PixelRect, field_classes};
use wardheat::store::Dataset;
use wardheat::table::Value;
use wardheat::time::{HoursOfWeek, Month, Window, WindowSpec};

use crate::tiles::pixel;
use crate::town::{CORNER, Server, dataset};

/// The town with a second source and with times: some at a moment, some over a span.
fn timed() -> Dataset {
    let mut data = dataset();
    let mut all = Incidents::default();
    for i in 0..data.incidents.len() {
        let mut incident = data.incidents.get(i);
        let hours = (i as i64 * 37) % (24 * 28);
        let start = datetime(
            incident.month.year() as i16,
            incident.month.number() as i8,
            1,
            0,
            (i % 4) as i8 * 15,
            0,
            0,
        ) + hours.hours();
        if i % 5 != 0 {
            incident.from = Some(start);
        }
        if i % 5 == 1 {
            incident.to = Some(start + (2 + i as i64 % 9).hours());
        }
        if i % 3 == 1 {
            "council".clone_into(&mut incident.source);
        }
        all.push(&incident);
    }
    data.incidents = all;
    let weight = |name| CrimeTypeIdx::from_id(name).unwrap();
    data.context.harm = vec![HarmWeights::new(
        "Test index",
        "2026",
        "days of imprisonment",
        None,
        [(weight("burglary"), 20.5), (weight("robbery"), 365.0)],
    )];
    data
}

/// The share of incident `i` that lies in these hours, minute by minute.
fn share(all: &Incidents, i: usize, hours: HoursOfWeek) -> f64 {
    if hours.is_all() {
        return 1.0;
    }
    let (Some(from), to) = all.span(i) else { return 0.0 };
    let minutes = to.map_or(1, |to| from.duration_until(to).as_mins().max(1));
    let inside = (0..minutes).filter(|&minute| {
        let at = from + minute.minutes();
        hours.contains(at.weekday().to_monday_zero_offset() as usize * 24 + at.hour() as usize)
    });
    inside.count() as f64 / minutes as f64
}

/// The definition: Σ w 3/(π h²) (1 - d²/h²)² over the incidents meant, per km² and year.
fn by_definition(data: &Dataset, request: &HeatRequest, window: Window, place: Bng) -> f64 {
    let all = &data.incidents;
    let h = request.bandwidth.metres().get();
    let harm = &data.context.harm;
    let sum: f64 = all
        .rows(request.crime_types, window)
        .filter(|&i| request.source.as_ref().is_none_or(|source| source == all.source(i)))
        .map(|i| {
            let weight = match request.weight {
                HeatWeight::Count => 1.0,
                HeatWeight::Harm => harm[0].get(all.crime_type(i)).unwrap_or(0.0),
            };
            let near = 1.0 - (place.distance(all.position(i).unwrap()) / h).powi(2);
            weight * share(all, i, request.hours) * near.max(0.0).powi(2)
        })
        .sum();
    sum * 3.0 / (std::f64::consts::PI * h * h) * 1e6 / years(data, request, window)
}

/// Years of record: months in which a source holds anything, averaged over the sources that hold
/// any of the types.
fn years(data: &Dataset, request: &HeatRequest, window: Window) -> f64 {
    let all = &data.incidents;
    let rows =
        || (0..all.len()).filter(|&i| request.source.as_ref().is_none_or(|s| s == all.source(i)));
    let meant: BTreeSet<&str> = rows()
        .filter(|&i| request.crime_types.contains(all.crime_type(i)))
        .map(|i| all.source(i))
        .collect();
    let held: BTreeSet<(&str, Month)> = rows()
        .filter(|&i| meant.contains(all.source(i)) && window.contains(all.month(i)))
        .map(|i| (all.source(i), all.month(i)))
        .collect();
    held.len() as f64 / meant.len() as f64 / 12.0
}

/// Addresses of the tiles of this zoom that show the busy middle of the town.
fn middle(zoom: u8) -> Vec<String> {
    let (x, y) = pixel(2_300.0, 2_200.0, zoom);
    let (x, y) = (x as u32 / 256, y as u32 / 256);
    let around = |at: u32| at - 1..=at + 1;
    around(x).flat_map(|x| around(y).map(move |y| format!("/tiles/heat/{zoom}/{x}/{y}"))).collect()
}

fn requests() -> Vec<HeatRequest> {
    let year: Window = "2025-01..2025-12".parse().unwrap();
    let plain = HeatRequest::new(CrimeTypes::All, year);
    let hours = |day, hour| HoursOfWeek::parse(day, hour).unwrap();
    let burglary = "burglary".parse().unwrap();
    vec![
        plain.clone(),
        HeatRequest { crime_types: burglary, ..plain.clone() },
        HeatRequest { window: "2024-03..2024-05".parse().unwrap(), ..plain.clone() },
        HeatRequest { source: Some("council".to_owned()), ..plain.clone() },
        HeatRequest { hours: hours(Some("fri,sat"), Some("21-5")), ..plain.clone() },
        HeatRequest { hours: hours(Some("weekday"), None), ..plain.clone() },
        HeatRequest { hours: hours(None, Some("7-19")), ..plain.clone() },
        HeatRequest { weight: HeatWeight::Harm, ..plain.clone() },
        HeatRequest { bandwidth: "100".parse().unwrap(), ..plain.clone() },
        HeatRequest { bandwidth: "1000".parse().unwrap(), ..plain.clone() },
        HeatRequest {
            crime_types: burglary,
            source: Some("police".to_owned()),
            hours: hours(Some("sat-mon"), Some("12-24")),
            weight: HeatWeight::Harm,
            bandwidth: "500".parse().unwrap(),
            ..plain
        },
    ]
}

#[test]
fn every_filter_equals_the_definition_over_the_incidents() {
    let data = timed();
    let index = Arc::new(HeatIndex::new(&data).unwrap());
    for request in requests() {
        let heat = Heat::new(&request, &index, &data).unwrap();
        let mut above = 0;
        for i in 0..120_u32 {
            let place = Bng::new(
                CORNER.0 + f64::from(i * 797 % 4_500),
                CORNER.1 + f64::from(i * 1_511 % 4_500),
            );
            let wanted = by_definition(&data, &request, request.window, place);
            let found = heat.at(place);
            // Snap points stand alone in their cells, so only times are rounded.
            assert!((found - wanted).abs() < 1e-4 * wanted.max(1.0), "{request}: {found} {wanted}");
            above += usize::from(wanted > 0.0);
        }
        assert!(above >= 8, "{request}: {above} places");
    }
}

#[test]
fn heat_worked_out_before_it_is_looked_at_is_drawn_the_same() {
    let data = timed();
    let index = Arc::new(HeatIndex::new(&data).unwrap());
    let middle = pixel(1_500.0, 1_500.0, 10);
    for request in requests() {
        let heat = || Heat::new(&request, &index, &data).unwrap();
        let (warmed, fresh) = (heat(), heat());
        for band in warmed.bands() {
            warmed.warm(band);
        }
        let mut drawn = 0;
        for level in 3..=10_u8 {
            let at = |pixel: u32| ((pixel >> (10 - level)) & !15).saturating_sub(48);
            let rect = PixelRect {
                level,
                west: at(middle.0 as u32),
                north: at(middle.1 as u32),
                width: 96,
                height: 96,
            };
            let shown = |heat: &Heat| field_classes(rect, heat, heat.scale());
            assert_eq!(shown(&warmed), shown(&fresh), "{request} at level {level}");
            drawn += usize::from(!shown(&fresh).is_empty());
        }
        assert!(drawn > 2, "{request}: {drawn}");
    }
}

#[test]
fn a_difference_is_one_window_less_the_other() {
    let data = timed();
    let index = Arc::new(HeatIndex::new(&data).unwrap());
    for mut request in requests().into_iter().filter(|request| request.window.n_months() == 12) {
        let before = request.window.year_earlier();
        request.against = Some(before);
        let heat = Heat::new(&request, &index, &data).unwrap();
        let place = Bng::new(CORNER.0 + 2_250.0, CORNER.1 + 2_180.0);
        let wanted = by_definition(&data, &request, request.window, place)
            - by_definition(&data, &request, before, place);

        assert!((heat.at(place) - wanted).abs() < 1e-3 * wanted.abs().max(1.0), "{request}");
        let Scale::Difference(edges) = heat.scale() else { panic!("{request}") };
        assert!(edges.len() == 3 && edges.is_sorted() && edges[0] > 0.0, "{request}: {edges:?}");
    }
}

#[test]
fn heat_per_resident_is_one_density_over_the_other() {
    let data = timed();
    let index = Arc::new(HeatIndex::new(&data).unwrap());
    let residents = |ward: usize| data.layers[0].areas[ward].residents.unwrap().get();
    for bandwidth in ["100", "300", "500"] {
        let mut request = requests().remove(0);
        request.bandwidth = bandwidth.parse().unwrap();
        let per_km2 = |place| by_definition(&data, &request, request.window, place);
        let mut people = request.clone();
        people.per = HeatPer::Residents;
        let heat = Heat::new(&people, &index, &data).unwrap();
        let mut above = 0;
        for ward in 0..9 {
            // The kernel stays inside the ward, of 2.25 km².
            let middle = [ward % 3, ward / 3].map(|i| 1_500.0 * i as f64 + 750.0);
            for off in [-150.0, -40.0, 0.0, 110.0] {
                let place = Bng::new(CORNER.0 + middle[0] + off, CORNER.1 + middle[1] - off);
                let wanted = per_km2(place) / (residents(ward) / 2.25 / 1_000.0);
                let found = heat.at(place);
                assert!((found - wanted).abs() <= 0.02 * wanted, "{bandwidth}: {found} {wanted}");
                above += usize::from(wanted > 0.0);
            }
        }
        assert!(above > 2, "{above}");
        // On the border of two wards half of the people are of either.
        let place = Bng::new(CORNER.0 + 1_500.0, CORNER.1 + 2_250.0);
        let wanted = per_km2(place) / ((residents(3) + residents(4)) / 4.5 / 1_000.0);
        assert!((heat.at(place) - wanted).abs() <= 0.02 * wanted, "{bandwidth}");
        assert!(heat.words().0.unit.ends_with("a year per 1,000 residents"));
        // Beyond the last resident nothing is divided by nothing.
        assert_eq!(heat.at(Bng::new(CORNER.0 - 900.0, CORNER.1)).to_bits(), 0.0_f64.to_bits());
    }
    let mut unknown = timed();
    unknown.layers[0].areas[4].residents = None;
    let mut request = requests().remove(0);
    request.per = HeatPer::Residents;
    let index = Arc::new(HeatIndex::new(&unknown).unwrap());
    assert_eq!(Heat::new(&request, &index, &unknown).unwrap_err(), HeatError::Residents);
}

#[test]
fn the_classes_of_tiles_are_those_of_the_findings() {
    let data = dataset();
    let index = Arc::new(HeatIndex::new(&data).unwrap());
    for types in ["all", "burglary", "anti-social-behaviour", "priority:homes-first"] {
        for window in ["2024-01..2025-12", "2025-01..2025-06", "2025-03"] {
            let types: CrimeTypes = types.parse().unwrap();
            let types = types.resolve(&data.priorities).unwrap();
            let asked = AnalysisRequest {
                crime_types: types,
                window: window.parse().unwrap(),
                ..AnalysisRequest::default()
            };
            let findings = analyse(&asked, &data).unwrap();
            let heat = Heat::new(&HeatRequest::new(types, window.parse().unwrap()), &index, &data)
                .unwrap();

            assert_eq!(heat.scale(), &Scale::Amount(findings.density_breaks));
        }
    }
}

/// Whole numbers of a layer's column, summed.
fn sum(layer: &Layer, column: &str) -> i64 {
    let at = layer.column(column).unwrap();
    let of = |value: &Value| match value {
        Value::Count(n) => *n,
        Value::Number(n) => n.round() as i64,
        _ => 0,
    };
    layer.features.iter().map(|feature| of(&feature.values[at])).sum()
}

#[test]
fn every_figure_of_some_hours_is_of_the_records_that_lie_mostly_in_them() {
    let data = timed();
    let all = &data.incidents;
    let window: Window = "2025-01..2025-12".parse().unwrap();
    for (day, hour) in
        [(Some("fri,sat"), Some("18-6")), (Some("weekday"), None), (None, Some("7-19"))]
    {
        let hours = HoursOfWeek::parse(day, hour).unwrap();
        let request = AnalysisRequest {
            window: WindowSpec::Months(window),
            hours,
            ..AnalysisRequest::default()
        };
        let rows: Vec<usize> =
            all.rows(CrimeTypes::All, window).filter(|&i| share(all, i, hours) > 0.5).collect();
        let wanted = rows.len() as i64;
        assert!(wanted > 20 && wanted < all.rows(CrimeTypes::All, window).count() as i64);

        let found = analyse(&request, &data).unwrap();
        let wards = found.layer("wards").unwrap();
        let hexagons = more_layer("hexagons").unwrap();
        let hexagons = hexagons.work_out(&request, &serde_json::json!({}), &data).unwrap();
        let ground: AreaChoice = "circle:-1.31,54.56,20000".parse().unwrap();
        let own = own_area(&ground, &request, &data).unwrap();

        assert_eq!(found.how_made.n_incidents as i64, wanted);
        assert_eq!(sum(wards, "count"), wanted);
        assert_eq!(sum(found.layer("cells").unwrap(), "count"), found.how_made.n_mapped as i64);
        assert_eq!(hexagons.how_made.n_incidents as i64, wanted);
        assert_eq!(hexagons.how_made.n_mapped, found.how_made.n_mapped);
        assert_eq!(own.of as i64, wanted);
        assert!(found.how_made.window_label.ends_with(&hours.to_string()));
        assert!(found.notes.iter().any(|note| note.contains(&format!("{wanted} of"))));
        // The clock alone is of every hour: with the rest cut out it would say nothing.
        let clock = found.table("by-hour").unwrap();
        let every = analyse(
            &AnalysisRequest { window: WindowSpec::Months(window), ..Default::default() },
            &data,
        );
        assert_eq!(clock, every.unwrap().table("by-hour").unwrap());
        let prepared = Prepared::default();
        let today = jiff::civil::date(2026, 1, 5);
        let of_wards: u64 = wards
            .features
            .iter()
            .map(|ward| {
                ward_profile(&ward.id, &request, today, &data, &prepared)
                    .unwrap()
                    .unwrap()
                    .held
                    .records
            })
            .sum();
        assert_eq!(of_wards as i64, wanted);
    }
}

#[test]
fn hours_are_refused_where_no_record_has_any() {
    let hours = HoursOfWeek::parse(Some("fri"), None).unwrap();
    let request = AnalysisRequest { hours, ..AnalysisRequest::default() };

    let said = analyse(&request, &dataset()).unwrap_err();

    assert!(said.chain().any(|why| why.to_string().contains("no hours can be chosen")), "{said:#}");
}

#[tokio::test]
async fn requests_that_mean_the_same_are_one_reply() {
    let server = Server::new();
    let tile = |query: &str| format!("{}.png?{query}", middle(13)[4]);
    let same = [
        "type=burglary&window=2025-01..2025-12&day=fri,sat&hour=21-5",
        "hour=21-05&day=sat,fri,fri&from=2025-01&to=2025-12&type=burglary&bandwidth=300",
        "type=burglary&day=FRI-SAT&hour=21-5&window=latest&weight=count&per=year&source=",
    ];
    let first = server.get(&tile(same[0])).await;
    assert_eq!(first.status, StatusCode::OK);
    for query in same {
        assert_eq!(server.get(&tile(query)).await.header("etag"), first.header("etag"));
    }
    let held = server.get_with(&tile(same[1]), &[("if-none-match", first.header("etag"))]).await;
    assert_eq!(held.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_by_name() {
    let server = Server::new();
    for (query, name) in [
        ("bandwidth=301", "bandwidth"),
        ("day=fryday", "day"),
        ("hour=25", "hour"),
        ("weight=fear", "weight"),
        ("per=head", "per"),
        ("against=2025-13", "against"),
        ("against=1999-01..1999-12", "against"),
        ("classes-of=2025-13", "classes-of"),
        (
            "window=2025-01..2025-06&against=2024-01..2024-06&classes-of=2024-01..2024-06",
            "classes-of",
        ),
        ("classes-of=1999-01..1999-12", "classes-of"),
        ("window=2025-01..2025-12&against=2025-01..2025-12", "against"),
        ("hours=21-5", "hours"),
        ("source=fire", "source"),
    ] {
        for address in ["/tiles/heat/13/4060/2618.png", "/legend/heat.json"] {
            let reply = server.get(&format!("{address}?{query}")).await;
            assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{query}");
            assert_eq!(reply.header("content-type"), "application/problem+json");
            assert_eq!(reply.json()["invalid_params"][0]["name"], name, "{query}");
        }
    }
    let harm = server.get("/tiles/heat/13/4060/2618.png?weight=harm").await;
    assert_eq!(harm.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(harm.text().contains("harm weights"), "{}", harm.text());
}

#[tokio::test]
async fn two_windows_may_be_drawn_in_the_classes_of_one() {
    let server = Server::new();
    let legend = async |query: &str| server.get(&format!("/legend/heat.json?{query}")).await.json();
    let edges = |legend: &serde_json::Value| -> Vec<f64> {
        let classes = legend["classes"].as_array().unwrap().iter();
        classes.map(|class| class["lower"].as_f64().unwrap()).collect()
    };
    let now = legend("window=2025-01..2025-06").await;
    let then = legend("window=2024-01..2024-03").await;

    let beside = legend("window=2024-01..2024-03&classes-of=2025-01..2025-06").await;

    assert_ne!(edges(&now), edges(&then));
    assert_eq!(edges(&beside), edges(&now));
    assert!(
        beside.to_string().contains("Drawn in the classes of Jan 2025 to Jun 2025."),
        "{beside}"
    );
    // A drawing has the colours of the same edges.
    let drawn =
        async |query: &str| server.get(&format!("/map.svg?{query}")).await.text().to_owned();
    let own = drawn("window=2024-01..2024-03").await;
    let same = drawn("window=2024-01..2024-03&classes-of=2025-01..2025-06").await;
    let label = now["classes"][1]["label"].as_str().unwrap();
    assert!(same.contains(label) && same != own, "{label}");
    // Its own classes are no other request.
    assert_eq!(legend("window=2025-01..2025-06&classes-of=2025-01..2025-06").await, now);
}

#[tokio::test]
async fn a_drawn_map_of_a_difference_has_more_and_fewer_in_the_colours_of_its_legend() {
    let server = Server::new();
    let query = "window=2025-01..2025-06&against=2024-01..2024-06&bandwidth=100";
    let legend = server.get(&format!("/legend/heat.json?{query}")).await.json();
    let of = |sign: &str| -> Vec<String> {
        let classes = legend["classes"].as_array().unwrap().iter();
        let signed = classes.filter(|class| class["label"].as_str().unwrap().starts_with(sign));
        signed.map(|class| class["colour"]["light"].as_str().unwrap().to_lowercase()).collect()
    };

    let map = server.get(&format!("/map.svg?{query}&legend=no&width=600")).await;
    let map = map.text();

    for (sign, colours) in [("more", of("+")), ("fewer", of("−"))] {
        let fill = |colour: &String| map.contains(&format!("fill=\"{colour}\""));
        assert!(!colours.is_empty() && colours.iter().any(fill), "{sign}: {colours:?}");
    }
    let plain = server.get("/map.svg?window=2025-01..2025-06&legend=no&width=600").await;
    assert_ne!(map, plain.text());
}

#[tokio::test]
async fn a_difference_shows_the_colours_of_its_legend_and_no_other() {
    let server = Server::new();
    let query = "window=2025-01..2025-06&against=2024-01..2024-06&bandwidth=100";
    let legend = server.get(&format!("/legend/heat.json?{query}")).await.json();
    let known: Vec<&str> = legend["classes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|class| class["colour"]["light"].as_str().unwrap())
        .collect();
    assert_eq!(known.len(), 6);
    assert!(legend["title"].as_str().unwrap().starts_with("Difference in records per km² a year"));
    let mut seen = std::collections::BTreeSet::new();
    for address in middle(14) {
        let tile = server.get(&format!("{address}@2x.png?{query}")).await;
        for pixel in tile.picture().pixels().filter(|pixel| pixel.0[3] > 0) {
            let [r, g, b, _] = pixel.0;
            seen.insert(format!("#{r:02x}{g:02x}{b:02x}"));
        }
    }
    assert!(seen.iter().all(|colour| known.contains(&colour.as_str())), "{seen:?} {known:?}");
    assert!(seen.len() >= 4, "{seen:?} of {}", legend["text"]);
}

#[tokio::test]
async fn webp_and_png_of_a_tile_hold_the_same_pixels() {
    let server = Server::new();
    for suffix in ["", "@2x"] {
        let address = &middle(13)[4];
        let png = server.get(&format!("{address}{suffix}.png")).await;
        let webp = server.get(&format!("{address}{suffix}.webp")).await;
        assert_eq!(webp.header("content-type"), "image/webp");
        assert_eq!(webp.header("content-encoding"), "");
        let mut decoder = image_webp::WebPDecoder::new(std::io::Cursor::new(&webp.body)).unwrap();
        let mut pixels = vec![0; decoder.output_buffer_size().unwrap()];
        decoder.read_image(&mut pixels).unwrap();

        assert!(pixels.iter().any(|&byte| byte > 0));
        assert_eq!(png.picture().into_raw(), pixels);
    }
}

#[test]
fn data_made_for_the_public_answer_for_whole_quarters_only() {
    let mut data = dataset();
    data.provenance.disclosure = Some(Disclosure {
        rule: Rule::of(Audience::Public).unwrap(),
        made_from: "test".to_owned(),
        records: Records::default(),
    });
    let index = Arc::new(HeatIndex::new(&data).unwrap());
    let asked = |window: &str, against: Option<&str>| {
        let mut request = HeatRequest::new(CrimeTypes::All, window.parse().unwrap());
        request.against = against.map(|window| window.parse().unwrap());
        Heat::new(&request, &index, &data)
    };

    assert!(asked("2025-01..2025-06", Some("2024-01..2024-06")).is_ok());
    assert!(matches!(asked("2025-01..2025-05", None), Err(HeatError::NotWhole(_))));
    assert!(matches!(
        asked("2025-01..2025-06", Some("2024-12..2025-05")),
        Err(HeatError::NotWhole(_))
    ));
}
