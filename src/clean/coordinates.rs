//! Positions as people write them: metres, short references, degrees, and what stands for nothing.

use crate::crs::{Bng, LonLat, Transformer, grid_ref, working};
use crate::geometry::Bounds;
use crate::read::dates::{is_damaged, is_missing};

/// One cell of a coordinate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Number {
    /// Nothing, or a number that stands for nothing.
    Missing,
    /// Damaged by a spreadsheet.
    Damaged,
    /// A number, and how many digits stand before its point if there is nothing after it.
    Value(f64, Option<usize>),
}

/// A coordinate as written: `444512`, `4445`, `444512.37`, `444,512`.
pub(super) fn number(text: &str) -> Number {
    // Nearly all are, and need no closer look.
    let is_plain = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'-'));
    if !is_plain && is_damaged(text) {
        return Number::Damaged;
    }
    let plain;
    let text = if is_plain {
        text
    } else if is_missing(text) {
        return Number::Missing;
    } else {
        plain = text.replace([',', ' '], "");
        plain.as_str()
    };
    let Ok(value) = text.trim_end_matches(['m', 'M']).parse::<f64>() else {
        return Number::Missing;
    };
    if !value.is_finite() {
        return Number::Missing;
    }
    // A database may write 999999 as `999999.00`.
    let (front, behind) = text.split_once('.').unwrap_or((text, ""));
    let nines = front.bytes().all(|b| b == b'9') && behind.bytes().all(|b| b == b'0');
    if value >= 99_999.0 && nines {
        return Number::Missing;
    }
    let whole = text.bytes().all(|b| b.is_ascii_digit());
    Number::Value(value, whole.then_some(text.len()))
}

/// A position as far as its cells alone can say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Written {
    /// None given.
    Missing,
    /// Cells damaged by a spreadsheet.
    Damaged,
    /// On the grid, with its precision in metres.
    Grid(Bng, f64),
    /// In degrees.
    Degrees(LonLat),
}

/// What was done to make sense of a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mend {
    /// Nothing.
    AsGiven,
    /// Short form made metres.
    Short,
    /// Axes swapped back.
    Swapped,
    /// Degrees in grid columns, or metres in degree columns.
    OtherSystem,
}

/// Whether a place lies where the working plane is meant for.
fn is_lonlat(lon: f64, lat: f64) -> bool {
    working().is_for(lon, lat)
}

/// The position in two columns of another coordinate system.
pub(super) fn from_system(x: &str, y: &str, system: &Transformer) -> (Written, Mend) {
    /// Off the plane altogether: far outside any study area.
    const OFF: Bng = Bng::new(f64::MIN, f64::MIN);
    let (x, y) = (number(x), number(y));
    let (Number::Value(x, _), Number::Value(y, _)) = (x, y) else {
        let damaged = x == Number::Damaged || y == Number::Damaged;
        return (if damaged { Written::Damaged } else { Written::Missing }, Mend::AsGiven);
    };
    if x == 0.0 && y == 0.0 {
        return (Written::Missing, Mend::AsGiven);
    }
    (Written::Grid(system.convert((x, y)).unwrap_or(OFF), 1.0), Mend::AsGiven)
}

/// The position in two grid columns. What is not in `area` as it stands is tried as a short form,
/// then with its axes swapped, then as degrees; a reading is taken only if it falls in `area`.
pub(super) fn from_grid(easting: &str, northing: &str, area: Bounds) -> (Written, Mend) {
    if let Some((corner, precision)) = grid_reference(easting, northing) {
        return (
            Written::Grid(corner, precision),
            if precision > 1.0 { Mend::Short } else { Mend::AsGiven },
        );
    }
    let (e, n) = (number(easting), number(northing));
    let (Number::Value(e, e_digits), Number::Value(n, n_digits)) = (e, n) else {
        let damaged = e == Number::Damaged || n == Number::Damaged;
        return (if damaged { Written::Damaged } else { Written::Missing }, Mend::AsGiven);
    };
    if e == 0.0 || n == 0.0 {
        return (Written::Missing, Mend::AsGiven);
    }
    let given = Bng::new(e, n);
    if area.contains(given) {
        return (Written::Grid(given, 1.0), Mend::AsGiven);
    }
    if let (Some(e_digits), Some(n_digits)) = (e_digits, n_digits) {
        // Digits left off at the end: the position is somewhere in a square of that size.
        if e_digits <= 5 && n_digits <= 6 {
            for side in [10.0, 100.0, 1000.0] {
                let middle = Bng::new((e + 0.5) * side, (n + 0.5) * side);
                if area.contains(middle) {
                    return (Written::Grid(middle, side), Mend::Short);
                }
            }
        }
    }
    if area.contains(Bng::new(n, e)) {
        return (Written::Grid(Bng::new(n, e), 1.0), Mend::Swapped);
    }
    let degrees = [(e, n), (n, e)].into_iter().find(|&(lon, lat)| is_lonlat(lon, lat));
    match degrees.and_then(|(lon, lat)| LonLat::new(lon, lat)) {
        Some(place) => (Written::Degrees(place), Mend::OtherSystem),
        None => (Written::Grid(given, 1.0), Mend::AsGiven),
    }
}

/// The position in two degree columns.
pub(super) fn from_degrees(longitude: &str, latitude: &str, area: Bounds) -> (Written, Mend) {
    let (lon, lat) = (number(longitude), number(latitude));
    let (Number::Value(lon, _), Number::Value(lat, _)) = (lon, lat) else {
        let damaged = lon == Number::Damaged || lat == Number::Damaged;
        return (if damaged { Written::Damaged } else { Written::Missing }, Mend::AsGiven);
    };
    if lat == 0.0 {
        return (Written::Missing, Mend::AsGiven);
    }
    // Metres are no degrees; but degrees would lie in an area round the origin of its plane.
    let off_globe = lon.abs() > 180.0 || lat.abs() > 90.0;
    if off_globe && area.contains(Bng::new(lon, lat)) {
        return (Written::Grid(Bng::new(lon, lat), 1.0), Mend::OtherSystem);
    }
    let (place, mend) = if is_lonlat(lat, lon) && !is_lonlat(lon, lat) {
        (LonLat::new(lat, lon), Mend::Swapped)
    } else {
        (LonLat::new(lon, lat), Mend::AsGiven)
    };
    // Degrees off the globe are no position at all.
    place.map_or((Written::Missing, Mend::AsGiven), |place| (Written::Degrees(place), mend))
}

/// A National Grid reference with letters, such as `NZ 445 190`, in one cell or over two: the
/// middle of its square, and the square's side in metres.
fn grid_reference(easting: &str, northing: &str) -> Option<(Bng, f64)> {
    let letters = easting.bytes().take(2).filter(u8::is_ascii_alphabetic).count();
    if letters < 2 {
        return None;
    }
    let plain: String =
        easting.chars().chain(northing.chars()).filter(char::is_ascii_alphanumeric).collect();
    grid_ref::parse(&plain).ok().map(|(middle, side)| (middle, side.get()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area() -> Bounds {
        Bounds { min: Bng::new(435_000.0, 505_000.0), max: Bng::new(455_000.0, 530_000.0) }
    }

    fn grid(e: &str, n: &str) -> (Written, Mend) {
        from_grid(e, n, area())
    }

    #[test]
    fn missing_coordinates_in_every_spelling() {
        for (e, n) in [
            ("", ""),
            ("0", "0"),
            ("NULL", "NULL"),
            ("N/A", "-"),
            ("999999", "999999"),
            ("999999.00", "999,999.0"),
            ("444512", ""),
        ] {
            assert_eq!(grid(e, n).0, Written::Missing, "{e} {n}");
        }
        assert_eq!(grid("#N/A", "519001").0, Written::Damaged);
        assert_eq!(grid("4.4E+05", "5.2E+05").0, Written::Damaged);
    }

    #[test]
    fn mixed_precision_becomes_metres_with_its_precision() {
        assert_eq!(
            grid("444512", "519001"),
            (Written::Grid(Bng::new(444_512.0, 519_001.0), 1.0), Mend::AsGiven)
        );
        assert_eq!(
            grid("444,512", "519,001").0,
            Written::Grid(Bng::new(444_512.0, 519_001.0), 1.0)
        );
        assert_eq!(
            grid("444512.37", "519001.12").0,
            Written::Grid(Bng::new(444_512.37, 519_001.12), 1.0)
        );
        assert_eq!(
            grid("44451", "51900"),
            (Written::Grid(Bng::new(444_515.0, 519_005.0), 10.0), Mend::Short)
        );
        assert_eq!(
            grid("4445", "5190"),
            (Written::Grid(Bng::new(444_550.0, 519_050.0), 100.0), Mend::Short)
        );
        assert_eq!(grid("444", "519").0, Written::Grid(Bng::new(444_500.0, 519_500.0), 1000.0));
    }

    #[test]
    fn grid_references_with_letters_are_read() {
        let (place, _) = grid("NZ 445 190", "");

        assert_eq!(place, Written::Grid(Bng::new(444_550.0, 519_050.0), 100.0));
        assert_eq!(grid("NZ 44512", "19001").0, Written::Grid(Bng::new(444_512.5, 519_001.5), 1.0));
        for text in ["nz445190", "NZ445 190", "NZ-445-190", " NZ 4 4 5 1 9 0 "] {
            assert_eq!(grid(text.trim(), "").0, place, "{text}");
        }
        assert_eq!(
            grid_reference("NZ 4 1", "").unwrap(),
            (Bng::new(445_000.0, 515_000.0), 10_000.0)
        );
        assert_eq!(grid_reference("NZ 445 19", ""), None);
        assert_eq!(grid_reference("SE", "3033").unwrap(), (Bng::new(430_500.0, 433_500.0), 1000.0));
    }

    #[test]
    fn swapped_axes_are_mended_only_into_the_area() {
        assert_eq!(
            grid("519001", "444512"),
            (Written::Grid(Bng::new(444_512.0, 519_001.0), 1.0), Mend::Swapped)
        );
        assert_eq!(grid("180000", "530000").1, Mend::AsGiven);
    }

    #[test]
    fn degrees_in_grid_columns_are_known_as_degrees() {
        let place = LonLat::new(-1.31, 54.56).unwrap();
        assert_eq!(grid("-1.31", "54.56"), (Written::Degrees(place), Mend::OtherSystem));
        assert_eq!(grid("54.56", "-1.31"), (Written::Degrees(place), Mend::OtherSystem));
    }

    #[test]
    fn degrees_are_degrees_even_where_the_area_is_round_the_origin_of_its_plane() {
        let area = Bounds { min: Bng::new(-2e6, -1e6), max: Bng::new(2e6, 1e6) };
        let place = LonLat::new(-89.942, 35.149).unwrap();

        let found = from_degrees("-89.942", "35.149", area);

        assert_eq!(found, (Written::Degrees(place), Mend::AsGiven));
    }

    #[test]
    fn swapped_degrees_are_mended() {
        let place = LonLat::new(-1.31, 54.56).unwrap();

        assert_eq!(
            from_degrees("54.56", "-1.31", area()),
            (Written::Degrees(place), Mend::Swapped)
        );
        assert_eq!(from_degrees("", "", area()).0, Written::Missing);
        assert_eq!(from_degrees("0", "0", area()).0, Written::Missing);
    }
}
