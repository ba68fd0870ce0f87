use fast_mvt::{MvtGeometry, MvtReaderRef, MvtValue};

use super::*;
use crate::render::testing::findings;

fn wards() -> VectorLayer {
    VectorLayer::new(findings().layer("wards").unwrap())
}

/// The tile of this zoom that holds the first corner of the first ward.
fn first_tile(layer: &VectorLayer, zoom: u8) -> TileId {
    let at = layer.features[0].shape.0[0].exterior().0[0];
    let across = f64::from(zoom).exp2();
    TileId::new(zoom, (at.x * across) as u32, (at.y * across) as u32).unwrap()
}

#[test]
fn every_feature_is_in_the_tile_of_the_whole_with_all_its_figures() {
    let layer = wards();
    for zoom in [0, 2, 6, 9] {
        let bytes = layer.tile(first_tile(&layer, zoom)).unwrap().unwrap();
        let tile = MvtReaderRef::new(&bytes).unwrap().to_tile().unwrap();

        assert_eq!(tile.layers.len(), 1);
        assert_eq!(tile.layers[0].name, "wards");
        assert_eq!(tile.layers[0].features.len(), layer.features.len(), "zoom {zoom}");
        for feature in &tile.layers[0].features {
            let held = &layer.features[feature.id.unwrap() as usize - 1];
            let given = held.values.iter().filter(|value| **value != Value::None).count();
            assert_eq!(feature.properties.len(), given);
            let name = feature.properties.iter().find(|(key, _)| *key == "name").unwrap();
            assert!(matches!(&name.1, MvtValue::String(_)));
        }
    }
}

#[test]
fn outer_rings_run_clockwise_on_screen_and_rings_are_not_closed_twice() {
    let layer = wards();
    for zoom in [8, 12, 14, 16] {
        let Some(bytes) = layer.tile(first_tile(&layer, zoom)).unwrap() else { continue };
        let tile = MvtReaderRef::new(&bytes).unwrap().to_tile().unwrap();
        for feature in &tile.layers[0].features {
            let polygons = match &feature.geometry {
                MvtGeometry::Polygon(one) => vec![one.clone()],
                MvtGeometry::MultiPolygon(many) => many.0.clone(),
                other => panic!("{other:?}"),
            };
            for polygon in polygons {
                let ring = &polygon.exterior().0;
                let twice: i64 = ring
                    .windows(2)
                    .map(|pair| {
                        i64::from(pair[0].x) * i64::from(pair[1].y)
                            - i64::from(pair[1].x) * i64::from(pair[0].y)
                    })
                    .sum();
                // Rows grow downwards: a positive sum is clockwise on screen.
                assert!(twice > 0, "zoom {zoom}");
                let reach = -(BUFFER as i32) - 1..=(EXTENT as i32 + BUFFER as i32 + 1);
                assert!(ring.iter().all(|at| reach.contains(&at.x) && reach.contains(&at.y)));
                assert!(ring.windows(2).all(|pair| pair[0] != pair[1]));
            }
        }
    }
}

#[test]
fn a_tile_without_features_is_none() {
    assert!(wards().tile(TileId::new(12, 3637, 1612).unwrap()).unwrap().is_none());
}

#[test]
fn too_many_features_for_a_tile_are_offered_deeper_only() {
    let square = |i: usize| {
        let (x, y) = ((i % 200) as f64 * 250.0, (i / 200) as f64 * 250.0);
        let (x, y) = (400_000.0 + x, 400_000.0 + y);
        Projected {
            shape: project(&MultiPolygon::new(vec![
                Rect::new(Coord { x, y }, Coord { x: x + 250.0, y: y + 250.0 }).to_polygon(),
            ])),
            point: None,
            values: Vec::new(),
        }
    };
    let cells: Vec<Projected> = (0..200 * 200).map(square).collect();

    let zoom = shallowest(&cells);

    // 40,000 cells on 50 x 50 km; a tile of zoom 9 is 46 km wide there.
    assert!((8..=10).contains(&zoom), "{zoom}");
    assert_eq!(shallowest(&cells[..MOST_FEATURES]), 0);
}
