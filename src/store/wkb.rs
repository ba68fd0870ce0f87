//! Well-known binary, little-endian: the three geometries that the store keeps.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use crate::crs::Bng;

const POINT: u32 = 1;
const LINE: u32 = 2;
const POLYGON: u32 = 3;
const MULTI_POLYGON: u32 = 6;

/// Length of a position.
pub(super) const POINT_BYTES: usize = 21;

/// A position.
pub(crate) fn point(position: Bng) -> Vec<u8> {
    pair((position.easting(), position.northing()))
}

/// A position in any system, x before y.
pub(crate) fn pair(pair: (f64, f64)) -> Vec<u8> {
    fixed(pair).to_vec()
}

/// [`pair`] without memory of its own.
pub(super) fn fixed((x, y): (f64, f64)) -> [u8; POINT_BYTES] {
    let mut out = [0; POINT_BYTES];
    out[0] = 1;
    out[1..5].copy_from_slice(&POINT.to_le_bytes());
    out[5..13].copy_from_slice(&x.to_le_bytes());
    out[13..].copy_from_slice(&y.to_le_bytes());
    out
}

/// A run of positions.
pub(super) fn line(positions: &[Bng]) -> Vec<u8> {
    let mut out = Vec::with_capacity(9 + 16 * positions.len());
    head(&mut out, LINE);
    count(&mut out, positions.len());
    for position in positions {
        number(&mut out, position.easting());
        number(&mut out, position.northing());
    }
    out
}

/// Polygons with their holes.
pub(crate) fn polygons(shape: &MultiPolygon<f64>) -> Vec<u8> {
    let mut out = Vec::new();
    head(&mut out, MULTI_POLYGON);
    count(&mut out, shape.0.len());
    for polygon in shape {
        head(&mut out, POLYGON);
        count(&mut out, 1 + polygon.interiors().len());
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            count(&mut out, ring.0.len());
            for corner in ring {
                number(&mut out, corner.x);
                number(&mut out, corner.y);
            }
        }
    }
    out
}

fn head(out: &mut Vec<u8>, kind: u32) {
    out.push(1);
    out.extend(kind.to_le_bytes());
}

fn count(out: &mut Vec<u8>, n: usize) {
    let n = u32::try_from(n).expect("fewer than 2^32 positions fit in memory");
    out.extend(n.to_le_bytes());
}

fn number(out: &mut Vec<u8>, value: f64) {
    out.extend(value.to_le_bytes());
}

/// What [`point`] wrote.
pub(super) fn read_point(bytes: &[u8]) -> Result<Bng, String> {
    let mut input = Input(bytes);
    input.head(POINT)?;
    let Coord { x, y } = input.coord()?;
    input.end()?;
    Ok(Bng::new(x, y))
}

/// What [`line`] wrote.
pub(super) fn read_line(bytes: &[u8]) -> Result<Vec<Bng>, String> {
    let mut input = Input(bytes);
    input.head(LINE)?;
    let positions = input.coords()?.into_iter().map(|c| Bng::new(c.x, c.y)).collect();
    input.end()?;
    Ok(positions)
}

/// What [`polygons`] wrote.
pub(super) fn read_polygons(bytes: &[u8]) -> Result<MultiPolygon<f64>, String> {
    let mut input = Input(bytes);
    input.head(MULTI_POLYGON)?;
    let n = input.count(9)?;
    let mut all = Vec::with_capacity(n);
    for _ in 0..n {
        input.head(POLYGON)?;
        let rings = input.count(4)?;
        let mut rings = (0..rings).map(|_| input.coords().map(LineString::new));
        let exterior = rings.next().transpose()?.unwrap_or_else(|| LineString::new(Vec::new()));
        let interiors = rings.collect::<Result<Vec<_>, _>>()?;
        all.push(Polygon::new(exterior, interiors));
    }
    input.end()?;
    Ok(MultiPolygon::new(all))
}

struct Input<'a>(&'a [u8]);

impl Input<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (first, rest) = self.0.split_first_chunk().ok_or("the geometry ends too early")?;
        self.0 = rest;
        Ok(*first)
    }

    fn head(&mut self, wanted: u32) -> Result<(), String> {
        let [order] = self.take()?;
        let kind = u32::from_le_bytes(self.take()?);
        if order != 1 || kind != wanted {
            return Err(format!("geometry kind {kind} in byte order {order}, not {wanted} in 1"));
        }
        Ok(())
    }

    /// A count of things that take `each` bytes at least: a wrong one cannot ask for memory.
    fn count(&mut self, each: usize) -> Result<usize, String> {
        let n = u32::from_le_bytes(self.take()?) as usize;
        if n > self.0.len() / each {
            return Err("the geometry ends too early".to_owned());
        }
        Ok(n)
    }

    fn coord(&mut self) -> Result<Coord<f64>, String> {
        let (x, y) = (f64::from_le_bytes(self.take()?), f64::from_le_bytes(self.take()?));
        if x.is_finite() && y.is_finite() {
            Ok(Coord { x, y })
        } else {
            Err(format!("the position {x}, {y} is not finite"))
        }
    }

    fn coords(&mut self) -> Result<Vec<Coord<f64>>, String> {
        let n = self.count(16)?;
        (0..n).map(|_| self.coord()).collect()
    }

    fn end(&self) -> Result<(), String> {
        if self.0.is_empty() { Ok(()) } else { Err("bytes follow the geometry".to_owned()) }
    }
}

#[cfg(test)]
mod tests {
    use geo_types::{line_string, polygon};

    use super::*;

    fn holed() -> MultiPolygon<f64> {
        let with_hole = Polygon::new(
            line_string![(x: 0.0, y: 0.0), (x: 9.0, y: 0.0), (x: 9.0, y: 9.0), (x: 0.0, y: 0.0)],
            vec![
                line_string![(x: 5.0, y: 2.0), (x: 6.0, y: 2.0), (x: 6.0, y: 3.0), (x: 5.0, y: 2.0)],
            ],
        );
        let plain = polygon![(x: 20.0, y: 0.0), (x: 21.0, y: 0.0), (x: 21.0, y: 1.5)];
        MultiPolygon::new(vec![with_hole, plain])
    }

    #[test]
    fn a_point_has_the_published_byte_layout() {
        let bytes = point(Bng::new(2.0, 4.0));

        let mut wanted = [0; 21];
        // 01 01000000 0000000000000040 0000000000001040
        (wanted[0], wanted[1], wanted[12], wanted[19], wanted[20]) = (1, 1, 0x40, 0x10, 0x40);
        assert_eq!(bytes, wanted);
    }

    #[test]
    fn what_is_written_reads_back() {
        let run = [Bng::new(1.25, -3.0), Bng::new(4.0, 5.5)];

        assert_eq!(read_point(&point(run[0])), Ok(run[0]));
        assert_eq!(read_line(&line(&run)).as_deref(), Ok(&run[..]));
        assert_eq!(read_polygons(&polygons(&holed())), Ok(holed()));
    }

    #[test]
    fn every_cut_or_lengthened_geometry_is_refused() {
        let mut whole = polygons(&holed());
        for end in 0..whole.len() {
            assert!(read_polygons(&whole[..end]).is_err(), "{end} bytes were accepted");
        }
        whole.push(0);

        assert!(read_polygons(&whole).is_err());
        assert!(read_point(&line(&[Bng::new(0.0, 0.0)])).is_err());
    }
}
