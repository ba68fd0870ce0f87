//! How an area is asked for, in the one form that addresses have.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use geo::{LineString, MultiPolygon, Polygon, Rect, Validation as _, coord};
use thiserror::Error;

use crate::crs::{Bng, LonLat, bng_to_lonlat, lonlat_to_bng};
use crate::geometry::Shape;
use crate::quantity::Metres;
use crate::units::cell_with_id;

/// Most corners of an outline.
const MOST_CORNERS: usize = 100;
/// Most wards or LSOAs of one area.
const MOST_UNITS: usize = 100;
/// Radius of a circle, least and most, in metres.
const RADIUS: (f64, f64) = (50.0, 20_000.0);
/// Corners that a circle is drawn with.
const ROUND: usize = 72;

/// Kinds of unit that an area may be made of.
const KINDS: [&str; 5] = ["ward", "lsoa", SQUARES, "hexagon", "h3"];
/// The kind that is the squares of a map.
pub(super) const SQUARES: &str = "cell";
/// Sides of squares, least and most, in metres.
const SIDES: (f64, f64) = (25.0, 10_000.0);

/// Why a text is no area.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum AreaChoiceError {
    /// None of the forms.
    #[error(
        "`{0}` is no area (wanted outline:LON,LAT,LON,LAT,... or circle:LON,LAT,METRES or \
         ward:CODE,CODE,... or lsoa:CODE,... or cell:ID,... or hexagon:ID,... or h3:ID,...)"
    )]
    Form(String),
    /// A pair that is no longitude and latitude.
    #[error(
        "`{0}` is no place (wanted longitude and latitude, such as -1.312,54.564, or easting and \
         northing in metres)"
    )]
    Place(String),
    /// Too few or too many corners or units.
    #[error("an area has {least} to {most} {what}; this one has {found}")]
    Number {
        /// Corners, or units.
        what: &'static str,
        /// Fewest.
        least: usize,
        /// Most.
        most: usize,
        /// Found.
        found: usize,
    },
    /// A radius too small or too large.
    #[error("a radius of `{0}` is not from 50 to 20,000 m")]
    Radius(String),
    /// A square that is none, or of another size than the first.
    #[error(
        "`{0}` is no cell like the others (wanted ids of one size, such as 250mN520250E444500)"
    )]
    Cell(String),
    /// An outline that crosses itself.
    #[error("the outline crosses itself")]
    Crosses,
}

/// An area as it is asked for. Degrees are kept to five decimals, a metre or so.
#[derive(Debug, Clone, PartialEq)]
pub enum AreaChoice {
    /// Corners in order, the first not repeated.
    Outline(Vec<LonLat>),
    /// Everything within a distance of a place.
    Circle {
        /// Its middle.
        centre: LonLat,
        /// Its radius, on the ground.
        radius: Metres,
    },
    /// Some wards, LSOAs, squares, hexagons or H3 cells of a map.
    Units {
        /// `ward`, `lsoa`, `cell`, `hexagon` or `h3`.
        kind: &'static str,
        /// Their codes, sorted.
        codes: Vec<String>,
    },
}

impl AreaChoice {
    /// The circle round a place, as people write both: `-1.31, 54.56` or `444500 520250`, and metres.
    ///
    /// # Errors
    ///
    /// [`AreaChoiceError`] if either cannot be read.
    pub fn circle(centre: &str, radius: &str) -> Result<Self, AreaChoiceError> {
        format!("circle:{},{}", numbers(centre).join(","), radius.trim()).parse()
    }

    /// The outline through places, as people write them: two numbers each, in order.
    ///
    /// # Errors
    ///
    /// [`AreaChoiceError`] if one cannot be read.
    pub fn through(corners: &str) -> Result<Self, AreaChoiceError> {
        format!("outline:{}", numbers(corners).join(",")).parse()
    }

    /// Side of its squares, and column and row of each; none where it is made of none.
    pub(super) fn squares(&self) -> Option<(Metres, HashSet<(i64, i64)>)> {
        let Self::Units { kind: SQUARES, codes } = self else { return None };
        let read: Vec<_> = codes.iter().filter_map(|id| square_of(id)).collect();
        let (side, ..) = *read.first()?;
        Some((Metres::new(side), read.into_iter().map(|(_, column, row)| (column, row)).collect()))
    }

    /// Whether it is made of wards or LSOAs, whose codes records have.
    pub(super) fn is_by_code(&self) -> bool {
        matches!(self, Self::Units { kind: "ward" | "lsoa", .. })
    }

    /// Its outline on the plane; empty for wards and LSOAs, whose outlines the data hold.
    pub(super) fn outline(&self) -> Shape {
        let ring: Vec<Bng> = match self {
            Self::Outline(corners) => {
                corners.iter().filter_map(|&corner| lonlat_to_bng(corner).ok()).collect()
            }
            Self::Circle { centre, radius } => {
                lonlat_to_bng(*centre).map_or(Vec::new(), |centre| {
                    let at = |i: usize| {
                        let turn = i as f64 / ROUND as f64 * std::f64::consts::TAU;
                        // So that the corners lie as far outside the circle as the sides lie inside.
                        let reach =
                            radius.get() / (std::f64::consts::PI / ROUND as f64).cos().sqrt();
                        Bng::new(
                            centre.easting() + reach * turn.cos(),
                            centre.northing() + reach * turn.sin(),
                        )
                    };
                    (0..ROUND).map(at).collect()
                })
            }
            Self::Units { kind, codes } => {
                let squares = self.squares().map(|(side, squares)| {
                    Shape::union_of(&squares.iter().map(|at| square(side, *at)).collect::<Vec<_>>())
                });
                return squares.unwrap_or_else(|| {
                    let cells = codes.iter().filter_map(|id| cell_with_id(kind, id));
                    Shape::union_of(&cells.collect::<Vec<_>>())
                });
            }
        };
        if ring.len() < 3 {
            return Shape::default();
        }
        let ring: LineString<f64> =
            ring.iter().map(|at| coord! { x: at.easting(), y: at.northing() }).collect();
        Shape::new(MultiPolygon::new(vec![Polygon::new(ring, Vec::new())]))
    }
}

/// As in an address.
impl fmt::Display for AreaChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Outline(corners) => {
                f.write_str("outline:")?;
                for (i, at) in corners.iter().enumerate() {
                    let comma = if i == 0 { "" } else { "," };
                    write!(f, "{comma}{},{}", at.lon(), at.lat())?;
                }
                Ok(())
            }
            Self::Circle { centre, radius } => {
                write!(f, "circle:{},{},{}", centre.lon(), centre.lat(), radius.get())
            }
            Self::Units { kind, codes } => write!(f, "{kind}:{}", codes.join(",")),
        }
    }
}

impl FromStr for AreaChoice {
    type Err = AreaChoiceError;

    fn from_str(text: &str) -> Result<Self, AreaChoiceError> {
        let wrong = || AreaChoiceError::Form(text.chars().take(60).collect());
        let (form, rest) = text.trim().split_once(':').ok_or_else(wrong)?;
        let parts: Vec<&str> = rest.split(',').map(str::trim).filter(|p| !p.is_empty()).collect();
        match form {
            "outline" => outline(&parts),
            "circle" => match parts.as_slice() {
                [lon, lat, radius] => {
                    Ok(Self::Circle { centre: place(lon, lat)?, radius: radius_of(radius)? })
                }
                _ => Err(wrong()),
            },
            form => {
                let kind = KINDS.into_iter().find(|kind| *kind == form).ok_or_else(wrong)?;
                let mut codes: Vec<String> = parts.iter().map(|&code| code.to_owned()).collect();
                codes.sort_unstable();
                codes.dedup();
                number("units", codes.len(), 1, MOST_UNITS)?;
                if kind == SQUARES {
                    let side = |id: &String| square_of(id).map(|(side, ..)| side.to_bits());
                    let first = side(&codes[0]);
                    if let Some(id) =
                        codes.iter().find(|id| side(id).is_none() || side(id) != first)
                    {
                        return Err(AreaChoiceError::Cell(id.chars().take(40).collect()));
                    }
                }
                let choice = Self::Units { kind, codes };
                if let Self::Units { codes, .. } = &choice
                    && kind != SQUARES
                    && !choice.is_by_code()
                    && let Some(id) = codes.iter().find(|id| cell_with_id(kind, id).is_none())
                {
                    return Err(AreaChoiceError::Cell(id.chars().take(40).collect()));
                }
                Ok(choice)
            }
        }
    }
}

/// Side, column and row of the square with this id: `250mN520250E444500` by its south-west corner.
fn square_of(id: &str) -> Option<(f64, i64, i64)> {
    let (side, corner) = id.split_once("mN")?;
    let (north, east) = corner.split_once('E')?;
    let side: f64 = side.parse().ok().filter(|side| (SIDES.0..=SIDES.1).contains(side))?;
    let place = |text: &str| {
        let metres: f64 = text.parse().ok().filter(|metres: &f64| metres.abs() < 1e8)?;
        Some((metres / side).round() as i64)
    };
    Some((side, place(east)?, place(north)?))
}

/// The ground of a square.
fn square(side: Metres, (column, row): (i64, i64)) -> Shape {
    let at = |n: i64| n as f64 * side.get();
    let (from, to) =
        (coord! { x: at(column), y: at(row) }, coord! { x: at(column + 1), y: at(row + 1) });
    Shape::new(Rect::new(from, to).to_polygon().into())
}

/// The numbers of a text, whatever stands between them.
fn numbers(text: &str) -> Vec<&str> {
    text.split([',', ';', ' ', '\n', '\r', '\t']).filter(|part| !part.is_empty()).collect()
}

fn number(
    what: &'static str,
    found: usize,
    least: usize,
    most: usize,
) -> Result<(), AreaChoiceError> {
    if (least..=most).contains(&found) {
        Ok(())
    } else {
        Err(AreaChoiceError::Number { what, least, most, found })
    }
}

/// A place in degrees, or in metres of the plane where the numbers are too large for degrees.
fn place(x: &str, y: &str) -> Result<LonLat, AreaChoiceError> {
    let wrong = || AreaChoiceError::Place(format!("{x},{y}").chars().take(60).collect());
    let number = |text: &str| text.parse::<f64>().ok().filter(|n| n.is_finite()).ok_or_else(wrong);
    let (x, y) = (number(x)?, number(y)?);
    let at = match LonLat::new(x, y) {
        Some(at) => at,
        None => bng_to_lonlat(Bng::new(x, y)).map_err(|_| wrong())?,
    };
    let round = |degrees: f64| (degrees * 1e5).round() / 1e5;
    let at = LonLat::new(round(at.lon()), round(at.lat())).ok_or_else(wrong)?;
    lonlat_to_bng(at).map_err(|_| wrong()).map(|_| at)
}

fn radius_of(text: &str) -> Result<Metres, AreaChoiceError> {
    let radius: Option<f64> = text.parse().ok();
    let radius = radius.map(f64::round).filter(|r| (RADIUS.0..=RADIUS.1).contains(r));
    radius.map(Metres::new).ok_or_else(|| AreaChoiceError::Radius(text.chars().take(20).collect()))
}

fn outline(parts: &[&str]) -> Result<AreaChoice, AreaChoiceError> {
    if !parts.len().is_multiple_of(2) {
        return Err(AreaChoiceError::Place(parts.last().unwrap_or(&"").chars().take(60).collect()));
    }
    let pairs = parts.chunks_exact(2).map(|pair| place(pair[0], pair[1]));
    let mut corners = pairs.collect::<Result<Vec<LonLat>, _>>()?;
    corners.dedup();
    if corners.len() > 1 && corners.first() == corners.last() {
        corners.pop();
    }
    number("corners", corners.len(), 3, MOST_CORNERS)?;
    let choice = AreaChoice::Outline(corners);
    let shape = choice.outline();
    if shape.area().get() < 1.0 || shape.polygons().iter().any(|polygon| !polygon.is_valid()) {
        return Err(AreaChoiceError::Crosses);
    }
    Ok(choice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<AreaChoice, AreaChoiceError> {
        text.parse()
    }

    #[test]
    fn an_area_has_one_form() {
        let square = "outline:-1.32,54.56,-1.3,54.56,-1.3,54.57,-1.32,54.57";
        assert_eq!(read(square).unwrap().to_string(), square);
        // The first corner repeated at the end is no corner more.
        assert_eq!(read(&format!("{square},-1.32,54.56")).unwrap().to_string(), square);
        let circle = read(" circle:-1.312344,54.5641,400.4").unwrap();
        assert_eq!(circle.to_string(), "circle:-1.31234,54.5641,400");
        let wards = read("ward:E05000002,E05000001,E05000002").unwrap();
        assert_eq!(wards.to_string(), "ward:E05000001,E05000002");
    }

    #[test]
    fn squares_are_those_of_their_ids() {
        let area = read("cell:250mN520250E444750,250mN520250E444500").unwrap();

        assert_eq!(area.to_string(), "cell:250mN520250E444500,250mN520250E444750");
        let bounds = area.outline().bounds().unwrap();
        assert!((area.outline().area().get() - 125_000.0).abs() < 1e-6);
        assert!((bounds.min.easting() - 444_500.0).abs() < 1e-9);
        assert!((bounds.max.easting() - 445_000.0).abs() < 1e-9);
        assert!((bounds.min.northing() - 520_250.0).abs() < 1e-9);
        let (side, squares) = area.squares().unwrap();
        assert!((side.get() - 250.0).abs() < 1e-9 && squares.contains(&(1778, 2081)));
    }

    #[test]
    fn places_are_read_as_people_write_them() {
        let typed = AreaChoice::circle("-1.31, 54.56", " 400").unwrap();
        assert_eq!(typed.to_string(), "circle:-1.31,54.56,400");
        let AreaChoice::Circle { centre, .. } = AreaChoice::circle("444695 518620", "400").unwrap()
        else {
            panic!("a circle")
        };
        assert!((centre.lon() + 1.31).abs() < 2e-3 && (centre.lat() - 54.56).abs() < 2e-3);
        let typed = AreaChoice::through("-1.32,54.56\n-1.3 54.56; -1.3,54.57").unwrap();
        assert_eq!(typed.to_string(), "outline:-1.32,54.56,-1.3,54.56,-1.3,54.57");
    }

    #[test]
    fn a_circle_is_as_large_as_it_says() {
        let area = read("circle:-1.31,54.56,400").unwrap().outline().area().get();

        let wanted = std::f64::consts::PI * 400.0 * 400.0;
        assert!((area / wanted - 1.0).abs() < 2e-3, "{area}");
    }

    #[test]
    fn what_is_no_area_is_refused_in_words() {
        for (text, words) in [
            ("", "is no area"),
            ("square:1,2", "is no area"),
            ("circle:-1.3,54.5", "is no area"),
            ("circle:-1.3,54.5,10", "radius"),
            ("circle:-1.3,54.5,NaN", "radius"),
            ("circle:x,54.5,400", "is no place"),
            ("circle:NaN,54,400", "is no place"),
            ("outline:-1.32,54.56,-1.3,54.56", "3 to 100 corners; this one has 2"),
            ("outline:-1.32,54.56,-1.3", "is no place"),
            ("outline:-1.32,54.56,-1.3,54.57,-1.3,54.56,-1.32,54.57", "crosses itself"),
            ("cell:250mN520250", "is no cell"),
            ("cell:250mN520250E444500,500mN520500E444500", "is no cell like the others"),
            ("ward:", "1 to 100 units; this one has 0"),
        ] {
            let said = read(text).unwrap_err().to_string();
            assert!(said.contains(words), "{text}: {said}");
        }
    }
}
