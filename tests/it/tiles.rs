//! Heat tiles as clients get them: no seams, one colour for one density, never a server error.

use std::sync::Arc;

use axum::http::StatusCode;
use image::{RgbaImage, imageops};
use wardheat::crs::{Bng, WORLD_HALF_WIDTH, WebMercator, bng_to_lonlat};
use wardheat::incident::CrimeTypes;
use wardheat::pipeline::{AnalysisRequest, Heat, HeatIndex, HeatRequest, analyse};
use wardheat::render::classify::class_of;
use wardheat::render::palette::{Scheme, heat};
use wardheat::render::raster_tile::PixelRect;
use wardheat::render::tile_image::{Format, render_field};

use crate::town::{CORNER, Server, dataset};

/// Column and row, in pixels of this level, of a place `east` and `north` of the town's corner.
pub fn pixel(east: f64, north: f64, level: u8) -> (f64, f64) {
    let place = bng_to_lonlat(Bng::new(CORNER.0 + east, CORNER.1 + north)).unwrap();
    let drawn = WebMercator::from_lonlat(place);
    let scale =
        |metres: f64| (metres / (2.0 * WORLD_HALF_WIDTH) + 0.5) * 256.0 * f64::from(level).exp2();
    (scale(drawn.x()), scale(-drawn.y()))
}

/// What the server draws for a request, computed here.
fn drawn(request: &HeatRequest) -> Heat {
    let data = dataset();
    let index = Arc::new(HeatIndex::new(&data).unwrap());
    Heat::new(request, &index, &data).unwrap()
}

#[tokio::test]
async fn stitched_tiles_equal_one_large_picture_byte_for_byte() {
    let server = Server::new();
    let heat = drawn(&HeatRequest::new(CrimeTypes::All, "2025-01..2025-12".parse().unwrap()));
    for zoom in [9, 11, 13, 14, 15, 17] {
        for (suffix, double) in [("", false), ("@2x", true)] {
            for scheme in Scheme::ALL {
                let side = if double { 512 } else { 256 };
                let level = zoom + u8::from(double);
                let (x, y) = pixel(2_300.0, 2_200.0, level);
                // The middle of the hot place lies on the corner where four tiles meet, or near it.
                let (x, y) =
                    ((x / f64::from(side)).round() as u32, (y / f64::from(side)).round() as u32);
                let mut stitched = RgbaImage::new(2 * side, 2 * side);
                for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                    let (column, row) = (x - 1 + dx, y - 1 + dy);
                    let address = format!(
                        "/tiles/heat/{zoom}/{column}/{row}{suffix}.png?scheme={}",
                        scheme.id()
                    );
                    let tile = server.get(&address).await.picture();
                    assert_eq!(tile.dimensions(), (side, side));
                    imageops::replace(
                        &mut stitched,
                        &tile,
                        i64::from(dx * side),
                        i64::from(dy * side),
                    );
                }
                let rect = PixelRect {
                    level,
                    west: (x - 1) * side,
                    north: (y - 1) * side,
                    width: 2 * side,
                    height: 2 * side,
                };
                let whole = render_field(rect, &heat, heat.scale(), scheme, Format::Png).unwrap();
                let whole = image::load_from_memory(&whole).unwrap().to_rgba8();

                assert!(whole.pixels().any(|pixel| pixel.0[3] > 0), "zoom {zoom}");
                assert!(stitched == whole, "zoom {zoom}{suffix}, {}", scheme.id());
            }
        }
    }
}

#[tokio::test]
async fn a_place_has_the_colour_of_its_density_at_every_zoom() {
    let server = Server::new();
    let findings = analyse(&AnalysisRequest::default(), &dataset()).unwrap();
    let breaks = &findings.density_breaks;
    let class_at = |east: f64, north: f64| {
        let position = Bng::new(CORNER.0 + east, CORNER.1 + north);
        class_of(findings.density.at(position), breaks)
    };
    let (mut compared, mut classes) = (0, std::collections::BTreeSet::new());
    for i in 0..240 {
        let (east, north) = (f64::from(i * 797 % 4_500), f64::from(i * 1_511 % 4_500));
        let class = class_at(east, north);
        for zoom in 10..=16u8 {
            let level = f64::from(zoom);
            // Away from class edges: a pixel's centre lies up to 0.71 of its width off.
            let reach = 70.0 * 1_024.0 / level.exp2();
            let near = [(-1.0, -1.0), (-1.0, 1.0), (1.0, -1.0), (1.0, 1.0), (0.0, 1.0), (1.0, 0.0)];
            if near.iter().any(|&(dx, dy)| class_at(east + dx * reach, north + dy * reach) != class)
            {
                continue;
            }
            let (x, y) = pixel(east, north, zoom);
            let address = format!("/tiles/heat/{zoom}/{}/{}.png", x as u32 / 256, y as u32 / 256);
            let tile = server.get(&address).await.picture();

            let shown = tile.get_pixel(x as u32 % 256, y as u32 % 256).0;

            let wanted = class.map_or([0; 4], |class| {
                let [r, g, b] = heat(Scheme::Light)[class].0;
                [r, g, b, 209]
            });
            assert_eq!(shown, wanted, "{east}, {north} at zoom {zoom}");
            compared += 1;
            classes.insert(class);
        }
    }
    assert!(compared > 800 && classes.len() >= 4, "{compared} places, classes {classes:?}");
}

#[tokio::test]
async fn tiles_show_the_colours_of_the_legend_and_no_other() {
    let server = Server::new();
    let legend = server.get("/legend/heat.json").await.json();
    let wanted = (legend["opacity"].as_f64().unwrap() * 255.0).round() as u64;
    for scheme in ["light", "dark"] {
        let known: Vec<&str> = legend["classes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|class| class["colour"][scheme].as_str().unwrap())
            .collect();
        let mut seen = std::collections::BTreeSet::new();
        for zoom in [11, 13, 14] {
            let (x, y) = pixel(2_300.0, 2_200.0, zoom);
            let (x, y) = (x as u32 / 256, y as u32 / 256);
            let tile =
                server.get(&format!("/tiles/heat/{zoom}/{x}/{y}@2x.png?scheme={scheme}")).await;
            for pixel in tile.picture().pixels().filter(|pixel| pixel.0[3] > 0) {
                let [r, g, b, opacity] = pixel.0;
                assert_eq!(u64::from(opacity), wanted);
                seen.insert(format!("#{r:02x}{g:02x}{b:02x}"));
            }
        }
        assert!(seen.iter().all(|colour| known.contains(&colour.as_str())), "{seen:?} {known:?}");
        assert_eq!(seen.len(), known.len(), "every class is somewhere in the town");
    }
}

#[tokio::test]
async fn empty_tiles_are_one_shared_transparent_picture() {
    let server = Server::new();
    let (sea, desert) = (
        server.get("/tiles/heat/10/0/0.png").await,
        server.get("/tiles/heat/16/40000/30000.png?type=burglary").await,
    );

    assert_eq!((sea.status, desert.status), (StatusCode::OK, StatusCode::OK));
    assert_eq!(sea.body, desert.body);
    assert_eq!(sea.header("etag"), desert.header("etag"));
    assert!(sea.picture().pixels().all(|pixel| pixel.0[3] == 0));
    assert_eq!(sea.picture().dimensions(), (256, 256));
    assert!(sea.body.len() < 200, "{} bytes", sea.body.len());
}

/// A fixed sequence that looks random (`SplitMix64`).
fn numbers(mut state: u64) -> impl FnMut() -> u64 {
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[tokio::test]
async fn ten_thousand_random_addresses_never_make_a_server_error() {
    let server = Server::new();
    let mut number = numbers(7);
    let (mut found, mut missing) = (0, 0);
    for _ in 0..10_000 {
        let zoom = number() % 24;
        let across = 1u64 << zoom.min(20);
        let suffix = if number().is_multiple_of(4) { "@2x" } else { "" };
        let (x, y) = (number() % (across + 1), number() % (across + 1));
        let reply = server.get(&format!("/tiles/heat/{zoom}/{x}/{y}{suffix}.png")).await;
        match reply.status {
            StatusCode::OK => found += 1,
            StatusCode::NOT_FOUND => missing += 1,
            other => panic!("{zoom}/{x}/{y}{suffix}: {other}"),
        }
    }
    assert!(found > 5_000 && missing > 1_000, "{found} found, {missing} missing");
}
