use super::*;
use crate::crs::LonLat;
use crate::quantity::Metres;
use crate::render::classify::class_of;
use crate::render::field::QuadReader;

/// Hills over a town of 8 x 6 km near Stockton-on-Tees, on 50 m cells.
fn surface() -> Surface {
    let (n_columns, n_rows) = (160, 120);
    let values = (0..n_rows * n_columns)
        .map(|i| {
            let (x, y) = ((i % n_columns) as f64 / 160.0, (i / n_columns) as f64 / 120.0);
            let rim = (x * (1.0 - x) * y * (1.0 - y) * 16.0).sqrt();
            rim * (90.0 + 90.0 * (11.0 * x).sin() * (9.0 * y).cos())
        })
        .collect();
    let origin = Bng::new(440_000.0, 516_000.0);
    Surface { origin, cell: Metres::new(50.0), n_columns, n_rows, values }
}

const BREAKS: [f64; 6] = [20.0, 40.0, 60.0, 80.0, 100.0, 160.0];

/// What a pixel of this density must hold.
fn class_code(density: f64) -> u8 {
    class_of(density, &BREAKS).map_or(0, |class| class as u8 + 1)
}

/// Address in the pixel plane of a place on the grid.
fn pixel(position: Bng, level: u8) -> (f64, f64) {
    let drawn = WebMercator::from_lonlat(bng_to_lonlat(position).unwrap());
    let scale = |metres: f64| (metres / (2.0 * WORLD_HALF_WIDTH) + 0.5) * pixels_across(level);
    (scale(drawn.x()), scale(-drawn.y()))
}

/// The rect of `tiles` x `tiles` tiles whose first holds the middle of the surface.
fn block(zoom: u8, double: bool, tiles: u32) -> (PixelRect, TileId) {
    let side = if double { 512 } else { 256 };
    let level = zoom + u8::from(double);
    let (x, y) = pixel(Bng::new(444_000.0, 519_000.0), level);
    let tile = TileId::new(zoom, x as u32 / side, y as u32 / side).unwrap();
    let first = PixelRect::of_tile(tile, double);
    (PixelRect { width: tiles * side, height: tiles * side, ..first }, tile)
}

#[test]
fn stitched_tiles_equal_one_large_picture() {
    let surface = surface();
    for zoom in [8, 10, 12, 13, 14, 16, 18] {
        for double in [false, true] {
            let (rect, first) = block(zoom, double, 2);
            let whole = classes(rect, &surface, &BREAKS);
            assert!(!whole.is_empty(), "zoom {zoom}");
            for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                let id = TileId::new(zoom, first.x() + dx, first.y() + dy).unwrap();
                let part = PixelRect::of_tile(id, double);
                let tile = classes(part, &surface, &BREAKS);
                let side = part.width as usize;
                for row in 0..side {
                    let start = (dy as usize * side + row) * 2 * side + dx as usize * side;
                    assert_eq!(
                        tile.classes[row * side..][..side],
                        whole.classes[start..][..side],
                        "zoom {zoom}, double {double}, tile {dx} {dy}, row {row}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_rect_off_the_lattice_shows_the_same_pixels() {
    let surface = surface();
    let (rect, _) = block(13, false, 1);
    let whole = classes(rect, &surface, &BREAKS);
    let part =
        PixelRect { west: rect.west + 37, north: rect.north + 91, width: 50, height: 70, ..rect };

    let cut = classes(part, &surface, &BREAKS);

    for row in 0..70 {
        assert_eq!(cut.classes[row * 50..][..50], whole.classes[(row + 91) * 256 + 37..][..50]);
    }
}

#[test]
fn a_pixel_lies_where_it_should_to_less_than_a_metre() {
    let far = [
        Bng::new(90_000.0, 10_000.0),
        Bng::new(444_500.0, 519_800.0),
        Bng::new(640_000.0, 310_000.0),
        Bng::new(330_000.0, 1_010_000.0),
    ];
    for position in far {
        let surface = Surface { origin: position, ..surface() };
        for level in 3..=19u8 {
            let step = lattice_step(level);
            let (x, y) = pixel(Bng::new(position.easting() + 3000.0, position.northing()), level);
            let (x, y) = (x as u32 / step * step, y as u32 / step * step);
            let corner = |x, y| node(level, x, y, Frame::of(&surface)).unwrap();
            let (west, east) = (
                between(corner(x, y), corner(x, y + step), 0.5),
                between(corner(x + step, y), corner(x + step, y + step), 0.5),
            );
            let middle = between(west, east, 0.5);

            // The centre of the lattice cell, exactly: the worst place of a bilinear patch.
            let half = f64::from(step) / 2.0;
            let metres =
                |pixels: f64| (pixels / pixels_across(level) * 2.0 - 1.0) * WORLD_HALF_WIDTH;
            let drawn = WebMercator::new(metres(f64::from(x) + half), -metres(f64::from(y) + half));
            let exact = lonlat_to_bng(drawn.to_lonlat()).unwrap();
            let off = (surface.origin.easting() + (middle.column + 0.5) * 50.0 - exact.easting())
                .hypot(surface.origin.northing() + (middle.row + 0.5) * 50.0 - exact.northing());

            let pixel_side = 2.0 * WORLD_HALF_WIDTH * 0.48 / pixels_across(level);
            assert!(off < 0.02 * pixel_side.max(20.0), "level {level} at {position:?}: {off} m");
        }
    }
}

#[test]
fn a_place_has_the_same_class_at_every_zoom() {
    let surface = surface();
    let mut compared = 0;
    for i in 0..2000 {
        let position = Bng::new(
            440_300.0 + f64::from(i * 7919 % 7400),
            516_300.0 + f64::from(i * 6101 % 5400),
        );
        let density = surface.at(position);
        let wanted = class_code(density);
        for level in 10..=17 {
            // The pixel's centre lies up to 0.71 pixels off; leave out what is that near an edge.
            let metres = 60.0 * 1024.0 / f64::from(level).exp2();
            let near = [(-1.0, -1.0), (-1.0, 1.0), (1.0, -1.0), (1.0, 1.0)].map(|(dx, dy)| {
                surface.at(Bng::new(
                    position.easting() + dx * metres,
                    position.northing() + dy * metres,
                ))
            });
            if near.iter().any(|&value| class_code(value) != wanted) {
                continue;
            }
            let (x, y) = pixel(position, level);
            let rect = PixelRect { level, west: x as u32, north: y as u32, width: 1, height: 1 };

            let shown = classes(rect, &surface, &BREAKS);

            assert_eq!(shown.classes, [wanted], "{position:?} at level {level}: {density}");
            compared += 1;
        }
    }
    assert!(compared > 8000, "{compared}");
}

#[test]
fn the_whole_world_has_a_dot_where_the_town_is() {
    let surface = surface();
    for zoom in [3, 5, 6, 7] {
        let (rect, _) = block(zoom, true, 1);
        let town = classes(rect, &surface, &BREAKS);
        let drawn = town.classes.iter().filter(|&&class| class > 0).count();
        let km2 = 40_000.0 / f64::from(zoom + 1).exp2() / 256.0 * 0.58;
        let expected = 35.0 / (km2 * km2);
        assert!(drawn as f64 > expected * 0.5 - 2.0, "zoom {zoom}: {drawn}, about {expected}");
    }
}

#[test]
fn an_empty_analysis_draws_nothing() {
    let (rect, _) = block(12, false, 1);
    let nothing = Surface { values: vec![0.0; 160 * 120], ..surface() };

    assert!(classes(rect, &nothing, &[0.0; 6]).is_empty());
    assert!(classes(rect, &surface(), &[]).is_empty());
}

/// A surface as a field, read from it or place by place.
struct Town(Surface);

impl Field for Town {
    fn bounds(&self) -> Option<Bounds> {
        let far = self.0.centre(self.0.n_columns - 1, self.0.n_rows - 1);
        Some(Bounds { min: self.0.centre(0, 0), max: far }.grown(50.0))
    }

    fn spacing(&self) -> Metres {
        self.0.cell
    }

    fn surface(&self, _: Bounds) -> Surface {
        self.0.clone()
    }

    fn quads(&self, _: Bounds, _: Metres) -> QuadReader<'_> {
        Box::new(|quad, values| {
            let places =
                (0..quad.side * quad.side).map(|i| quad.place(i % quad.side, i / quad.side));
            values.clear();
            values.extend(places.map(|place| self.0.at(place)));
        })
    }

    fn reader(&self, _: Bounds) -> Box<dyn FnMut(Bng) -> f64 + '_> {
        Box::new(|place| self.0.at(place))
    }
}

#[test]
fn a_field_shows_the_same_read_from_its_surface_or_place_by_place() {
    let town = Town(surface());
    for zoom in [4, 8, 10, 11, 12, 13, 15, 18] {
        for double in [false, true] {
            let (rect, _) = block(zoom, double, 1);
            let wanted = classes(rect, &town.0, &BREAKS);
            let found = field_classes(rect, &town, &Scale::Amount(BREAKS.to_vec()));

            // A place on an edge may round either way.
            let pairs = wanted.classes.iter().zip(&found.classes);
            let differ = pairs.filter(|(a, b)| a != b).count();
            assert!(differ * 20_000 <= wanted.classes.len(), "zoom {zoom}: {differ}");
            assert!(!found.is_empty() || zoom < 6, "zoom {zoom}");
        }
    }
}

#[test]
fn a_place_beyond_longitude_180_is_no_panic() {
    let edge = PixelRect { level: 4, west: 4000, north: 0, width: 96, height: 256 };

    assert!(classes(edge, &surface(), &BREAKS).is_empty());
    assert!(LonLat::new(180.0, 0.0).is_some());
}
