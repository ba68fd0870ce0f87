//! Grid references (`NZ 445 190`) to and from positions on the National Grid.

use super::{Bng, CrsError, working};
use crate::quantity::Metres;

/// Extent of the lettered squares, in metres: 7 by 13 squares of 100 km.
const EAST_END: f64 = 700_000.0;
const NORTH_END: f64 = 1_300_000.0;

/// The square that a grid reference names: its **centre**, and its side as the precision.
///
/// Two letters and two to ten digits in all, spaces as the writer likes: `NZ 4 1` is a square of
/// 10 km, `NZ445190` of 100 m, `NZ 44512 19034` of 1 m.
///
/// # Errors
///
/// [`CrsError::GridRef`] if the text is no reference or its letters lie outside Great Britain.
pub fn parse(text: &str) -> Result<(Bng, Metres), CrsError> {
    let wrong = || CrsError::GridRef(text.to_owned());
    if !working().is_national_grid() {
        return Err(wrong());
    }
    let compact: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    let (letters, digits) = compact.split_at_checked(2).ok_or_else(wrong)?;
    let each = digits.len() / 2;
    if !digits.iter().all(u8::is_ascii_digit) || !(1..=5).contains(&each) || digits.len() % 2 != 0 {
        return Err(wrong());
    }
    let (east100, north100) = square_of(letters[0], letters[1]).ok_or_else(wrong)?;
    let side = 10_f64.powi(5 - each as i32);
    let metres = |digits: &[u8]| {
        digits.iter().fold(0.0, |sum, digit| sum * 10.0 + f64::from(digit - b'0')) * side
    };
    let easting = f64::from(east100) * 1e5 + metres(&digits[..each]) + side / 2.0;
    let northing = f64::from(north100) * 1e5 + metres(&digits[each..]) + side / 2.0;
    Ok((Bng::new(easting, northing), Metres::new(side)))
}

/// The 100 m square that holds `position`, as a six-figure reference such as `NZ445190`; its
/// south and west edges belong to it. `None` outside the lettered squares, and on any plane but the
/// National Grid.
pub fn cell100(position: Bng) -> Option<[u8; 8]> {
    if !working().is_national_grid() {
        return None;
    }
    let (easting, northing) = (position.easting(), position.northing());
    if !(0.0..EAST_END).contains(&easting) || !(0.0..NORTH_END).contains(&northing) {
        return None;
    }
    let (easting, northing) = (easting as u32, northing as u32);
    let (first, second) = letters_of(easting / 100_000, northing / 100_000);
    let digit = |number: u32, unit: u32| b'0' + (number / unit % 10) as u8;
    let (east, north) = (easting % 100_000, northing % 100_000);
    let digits = |number| [10_000, 1_000, 100].map(|unit| digit(number, unit));
    let ([a, b, c], [d, e, f]) = (digits(east), digits(north));
    Some([first as u8, second as u8, a, b, c, d, e, f])
}

/// Eastward and northward number of a 100 km square, counted from the grid's origin.
fn square_of(first: u8, second: u8) -> Option<(u32, u32)> {
    let index = |letter: u8| match letter.to_ascii_uppercase() {
        letter @ b'A'..=b'H' => Some(i32::from(letter - b'A')),
        letter @ b'J'..=b'Z' => Some(i32::from(letter - b'A') - 1),
        _ => None,
    };
    let (first, second) = (index(first)?, index(second)?);
    // Letters run west to east and north to south, five by five; the origin is the south-west
    // corner of square S, which is the third of the fourth row.
    let east = (first % 5 - 2) * 5 + second % 5;
    let north = (3 - first / 5) * 5 + 4 - second / 5;
    ((0..7).contains(&east) && (0..13).contains(&north)).then_some((east as u32, north as u32))
}

fn letters_of(east: u32, north: u32) -> (char, char) {
    let letter = |index: u32| {
        let skipped = if index >= 8 { index + 1 } else { index };
        char::from(b'A' + skipped as u8)
    };
    let first = (3 - north / 5) * 5 + east / 5 + 2;
    let second = (4 - north % 5) * 5 + east % 5;
    (letter(first), letter(second))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn published_references_are_where_they_should_be() {
        // Ordnance Survey's guide to the National Grid: Caldbeck TV mast NY 298 427; St Kilda in
        // NA; Muckle Flugga, Shetland, in HP 60 19.
        for (text, east, north, side) in [
            ("NY 298 427", 329_850.0, 542_750.0, 100.0),
            ("sv 9 1", 95_000.0, 15_000.0, 10_000.0),
            ("HP6019", 460_500.0, 1_219_500.0, 1_000.0),
            ("TQ 30034 80417", 530_034.5, 180_417.5, 1.0),
        ] {
            assert_eq!(parse(text), Ok((Bng::new(east, north), Metres::new(side))), "{text}");
        }
    }

    #[test]
    fn texts_that_name_no_square_are_refused() {
        for text in [
            "",
            "N",
            "NZ",
            "NZ 445",
            "NZ 445 19",
            "NI 4 1",
            "AA 4 1",
            "NZ 44512a19034",
            "NZ 445123 190341",
            "é1 2",
        ] {
            assert_eq!(parse(text), Err(CrsError::GridRef(text.to_owned())));
        }
    }

    #[test]
    fn a_position_off_the_lettered_squares_has_no_cell() {
        for (east, north) in [(-0.1, 5.0), (700_000.0, 5.0), (5.0, 1_300_000.0), (f64::NAN, 5.0)] {
            assert_eq!(cell100(Bng::new(east, north)), None);
        }
    }

    proptest! {
        #[test]
        fn the_cell_of_a_position_holds_it(east in 0.0..700_000.0_f64, north in 0.0..1_300_000.0_f64) {
            let name = cell100(Bng::new(east, north)).unwrap();

            let (centre, side) = parse(std::str::from_utf8(&name).unwrap()).unwrap();

            prop_assert_eq!(side, Metres::new(100.0));
            prop_assert!((centre.easting() - 50.0..centre.easting() + 50.0).contains(&east));
            prop_assert!((centre.northing() - 50.0..centre.northing() + 50.0).contains(&north));
        }
    }
}
