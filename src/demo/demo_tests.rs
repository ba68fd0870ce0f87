//! The borough is whole, its people add up, its hotspots are there, and a seed is a seed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use geo::{Area as _, BooleanOps as _, LineString, MultiPolygon, Polygon, Validation as _};

use super::calendar::{DAY, N_DAYS};
use super::geography::{Borough, N_LSOAS, N_WARDS};
use super::hotspots::{self, PlantedHotspot};
use super::incidents::{Event, Scene};
use super::patterns::Source;
use super::plane::{Ring, at};
use super::streets::Streets;
use super::*;

const SEEDS: [u64; 3] = [DEFAULT_SEED, 1, 77];

fn polygon(rings: &[Ring]) -> Polygon {
    let line = |ring: &Ring| ring.iter().map(|p| (p.x, p.y)).collect::<LineString>();
    Polygon::new(line(&rings[0]), rings[1..].iter().map(line).collect())
}

fn area(rings: &[Ring]) -> f64 {
    polygon(rings).unsigned_area()
}

#[test]
fn outlines_are_valid_polygons() {
    for seed in SEEDS {
        let borough = Borough::new(seed);

        for ward in &borough.wards {
            assert!(polygon(&ward.rings).is_valid(), "ward {} of seed {seed}", ward.code);
        }
        for lsoa in &borough.lsoas {
            assert!(polygon(&lsoa.rings).is_valid(), "LSOA {} of seed {seed}", lsoa.code);
        }
    }
}

#[test]
fn wards_tile_the_borough() {
    for seed in SEEDS {
        let borough = Borough::new(seed);
        let polygons: Vec<Polygon> = borough.wards.iter().map(|w| polygon(&w.rings)).collect();

        let whole: MultiPolygon = geo::unary_union(&polygons);

        let sum: f64 = polygons.iter().map(Polygon::unsigned_area).sum();
        assert_eq!(polygons.len(), N_WARDS);
        assert_eq!(whole.0.len(), 1, "seed {seed} has an island");
        assert!((whole.unsigned_area() / sum - 1.0).abs() < 1e-9, "seed {seed} overlaps or gapes");
        assert!((100e6..260e6).contains(&sum), "{sum} m²");
    }
}

#[test]
fn lsoas_nest_in_their_wards_point_for_point() {
    for seed in SEEDS {
        let borough = Borough::new(seed);
        assert_eq!(borough.lsoas.len(), N_LSOAS);
        for (w, ward) in borough.wards.iter().enumerate() {
            let whole = polygon(&ward.rings);
            let own: Vec<_> = ward.lsoas.iter().map(|&l| &borough.lsoas[l]).collect();

            let sum: f64 = own.iter().map(|lsoa| area(&lsoa.rings)).sum();
            let bits = |p: &plane::Point| (p.x.to_bits(), p.y.to_bits());
            let corners: BTreeSet<_> =
                own.iter().flat_map(|lsoa| lsoa.rings.iter().flatten()).map(bits).collect();

            assert!((sum / whole.unsigned_area() - 1.0).abs() < 1e-9);
            assert!(ward.rings.iter().flatten().all(|p| corners.contains(&bits(p))));
            for lsoa in own {
                let shared = polygon(&lsoa.rings).intersection(&whole).unsigned_area();
                assert_eq!(lsoa.ward, w);
                assert!((shared / area(&lsoa.rings) - 1.0).abs() < 1e-5, "{}", lsoa.code);
            }
        }
    }
}

#[test]
fn people_add_up() {
    for seed in SEEDS {
        let borough = Borough::new(seed);

        let residents: u32 = borough.wards.iter().map(|ward| ward.residents).sum();
        let of_lsoas: u32 = borough.lsoas.iter().map(|lsoa| lsoa.residents).sum();

        assert_eq!(residents, of_lsoas);
        assert!((197_000..204_000).contains(&residents), "{residents}");
        for lsoa in &borough.lsoas {
            assert!(
                (1_000..=3_000).contains(&lsoa.residents),
                "seed {seed}, {}: {}",
                lsoa.code,
                lsoa.residents
            );
            assert!((400..=1_700).contains(&lsoa.households), "{}", lsoa.households);
        }
        for ward in &borough.wards {
            let own: u32 = ward.lsoas.iter().map(|&l| borough.lsoas[l].households).sum();
            assert_eq!(ward.households, own);
        }
    }
}

#[test]
fn names_and_codes_are_given_once() {
    let borough = Borough::new(DEFAULT_SEED);

    let names: BTreeSet<_> = borough.wards.iter().map(|ward| &ward.name).collect();
    let codes: BTreeSet<_> = borough.lsoas.iter().map(|lsoa| &lsoa.code).collect();

    assert_eq!((names.len(), codes.len()), (N_WARDS, N_LSOAS));
    assert!(borough.wards.iter().all(|ward| ward.code.starts_with("E05999")));
    assert!(codes.iter().all(|code| code.starts_with("E01999")));
}

#[test]
fn the_locator_agrees_with_the_outlines() {
    let borough = Borough::new(DEFAULT_SEED);
    let mut stream = random::Stream::new(9, "anywhere");
    for _ in 0..20_000 {
        let x = land::ORIGIN.x + stream.between(-500.0, land::SIDE + 500.0);
        let y = land::ORIGIN.y + stream.between(-500.0, land::SIDE + 500.0);
        let p = at(x, y);

        let slow = borough.lsoas.iter().position(|lsoa| {
            lsoa.rings.iter().filter(|ring| plane::contains(ring, p)).count() % 2 == 1
        });

        assert_eq!(borough.lsoa_at(p), slow, "{p:?}");
    }
}

#[test]
fn streets_are_one_network_that_reaches_every_lsoa() {
    for seed in SEEDS {
        let borough = Borough::new(seed);
        let streets = Streets::new(seed, &borough);
        let mut near: HashMap<usize, Vec<usize>> = HashMap::new();
        for street in &streets.named {
            for pair in street.nodes.windows(2) {
                near.entry(pair[0]).or_default().push(pair[1]);
                near.entry(pair[1]).or_default().push(pair[0]);
            }
        }

        let mut reached = BTreeSet::from([streets.named[0].nodes[0]]);
        let mut queue: Vec<usize> = reached.iter().copied().collect();
        while let Some(node) = queue.pop() {
            queue.extend(near[&node].iter().filter(|&&next| reached.insert(next)));
        }

        assert_eq!(reached.len(), near.len(), "seed {seed}");
        assert!(streets.segments.len() > 5_000);
        assert!(streets.by_lsoa.iter().all(|own| !own.is_empty()));
        let addresses: u32 = streets.segments.iter().map(|s| s.addresses).sum();
        let households: u32 = borough.wards.iter().map(|w| w.households).sum();
        assert_eq!(addresses, households);
    }
}

fn told(seed: u64) -> (Vec<Event>, Vec<PlantedHotspot>) {
    let borough = Borough::new(seed);
    let streets = Streets::new(seed, &borough);
    let spots = hotspots::plant(&borough, &streets);
    let events = Scene::new(seed, &borough, &streets).events(&spots);
    let told = spots.iter().map(|spot| spot.told(&borough, &streets, 0)).collect();
    (events, told)
}

/// Months of a minute, by 30.44 days, near enough to leave out what is not active.
fn months(text: &str) -> i32 {
    let (year, month) = text.split_once('-').unwrap();
    (year.parse::<i32>().unwrap() - 2023) * 12 + month.parse::<i32>().unwrap() - 1
}

#[test]
fn the_fullest_cell_of_each_category_is_a_planted_hotspot() {
    for seed in SEEDS {
        let (events, told) = told(seed);
        for spot in &told {
            let (first, last) = (months(&spot.active.0), months(&spot.active.1));
            let mut cells: BTreeMap<(i64, i64), usize> = BTreeMap::new();
            for event in events.iter().filter(|event| event.kind().label == spot.category) {
                let month = event.from / (DAY * 3044 / 100);
                if (first..=last).contains(&month) {
                    let cell = |v: f64| (v / 250.0).floor() as i64;
                    *cells.entry((cell(event.place.x), cell(event.place.y))).or_default() += 1;
                }
            }

            let (&fullest, n) = cells.iter().max_by_key(|&(_, n)| n).unwrap();

            let middle = at((fullest.0 as f64 + 0.5) * 250.0, (fullest.1 as f64 + 0.5) * 250.0);
            let is_planted = told
                .iter()
                .filter(|s| s.category == spot.category)
                .any(|s| middle.distance(at(s.easting, s.northing)) < s.radius + 180.0);
            assert!(is_planted, "{} of seed {seed}: {n} in the cell at {middle:?}", spot.category);
        }
    }
}

#[test]
fn rates_are_those_of_a_real_borough() {
    for seed in SEEDS {
        let (events, _) = told(seed);
        let rate = |source: Source| {
            let n = events.iter().filter(|event| event.kind().source == source).count();
            n as f64 / 3.0 / 200.0
        };

        assert!((80.0..92.0).contains(&rate(Source::PoliceCrime)), "{}", rate(Source::PoliceCrime));
        assert!((22.0..28.0).contains(&rate(Source::PoliceAsb)), "{}", rate(Source::PoliceAsb));
        assert!((95_000..125_000).contains(&events.len()), "{}", events.len());
    }
}

#[test]
fn nothing_happens_outside_the_three_years() {
    let (events, _) = told(DEFAULT_SEED);

    for event in &events {
        let end = event.to.unwrap_or(event.from);
        assert!(event.from > 0 && event.from <= end && end < N_DAYS as i32 * DAY);
        assert!(event.recorded >= end);
    }
}

#[test]
fn bonfire_night_and_weekend_nights_stand_out() {
    let (events, _) = told(DEFAULT_SEED);
    let days = calendar::days();
    let per_day = |label: &str, wanted: &dyn Fn(usize) -> bool| {
        let of_day = |event: &&Event| wanted((event.from / DAY) as usize);
        let n = events.iter().filter(|e| e.kind().label == label).filter(of_day).count();
        n as f64 / (0..N_DAYS).filter(|&day| wanted(day)).count() as f64
    };
    let bonfire = |day: usize| days[day].season == calendar::Season::BonfireNight;
    let saturday = |day: usize| days[day].weekday == 5;

    let fires = per_day("Deliberate fire", &bonfire) / per_day("Deliberate fire", &|_| true);
    let violence = "Violence and sexual offences";
    let nights = per_day(violence, &saturday) / per_day(violence, &|_| true);

    assert!(fires > 2.5, "{fires}");
    assert!(nights > 1.2, "{nights}");
}

#[test]
fn the_same_seed_gives_the_same_bytes_at_any_number_of_threads() {
    let bytes = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| make(5).unwrap())
    };

    let (one, four) = (bytes(1), bytes(4));

    assert_eq!(one.mess, four.mess);
    for (a, b) in one.files.iter().zip(&four.files) {
        assert!(a.name == b.name && a.bytes == b.bytes, "{} differs", a.name);
    }
}

#[test]
fn another_seed_gives_another_borough() {
    let (one, other) = (make(5).unwrap(), make(6).unwrap());

    for (a, b) in one.files.iter().zip(&other.files).filter(|(a, _)| a.name != "key_dates.csv") {
        assert!(a.bytes != b.bytes, "{} is the same", a.name);
    }
}

#[test]
fn every_file_is_written_and_listed() {
    let folder = tempfile::tempdir().unwrap();

    let written = write(&folder.path().join("a/b"), DEFAULT_SEED).unwrap();

    assert_eq!(written.files.len(), 19);
    for file in &written.files {
        assert_eq!(std::fs::metadata(&file.path).unwrap().len(), file.bytes as u64);
    }
    let readme = std::fs::read_to_string(written.path("README.txt").unwrap()).unwrap();
    assert!(readme.starts_with("FENNMOUTH IS INVENTED"));
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();

    let refused = write(&file.path().join("inside"), 1).unwrap_err();

    assert!(refused.to_string().starts_with("cannot write"), "{refused}");
}
