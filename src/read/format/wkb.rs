//! Well-known binary as databases keep it (ISO and EWKB, either byte order) to geometries.
//!
//! Written here and not taken from a library because every count is checked against the bytes that
//! are left before memory is asked for: the bytes come from anywhere.

use geojson::{GeometryValue, Position};

/// Collections within collections that are followed.
const DEEPEST: usize = 8;

/// The geometry in `bytes`; `None` for an empty one.
///
/// # Errors
///
/// What is wrong, in words.
pub(super) fn read(bytes: &[u8]) -> Result<Option<GeometryValue>, String> {
    Input { bytes, swap: false }.geometry(0)
}

struct Input<'a> {
    bytes: &'a [u8],
    swap: bool,
}

impl Input<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (first, rest) = self.bytes.split_first_chunk().ok_or("the geometry ends too early")?;
        self.bytes = rest;
        Ok(*first)
    }

    fn whole(&mut self) -> Result<u32, String> {
        let bytes = self.take()?;
        Ok(if self.swap { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    fn number(&mut self) -> Result<f64, String> {
        let bytes = self.take()?;
        Ok(if self.swap { f64::from_be_bytes(bytes) } else { f64::from_le_bytes(bytes) })
    }

    /// A count of things that take `each` bytes at least: a wrong one cannot ask for memory.
    fn count(&mut self, each: usize) -> Result<usize, String> {
        let n = self.whole()? as usize;
        if n > self.bytes.len() / each {
            return Err("the geometry ends too early".to_owned());
        }
        Ok(n)
    }

    /// Kind of geometry and number of coordinates of each position.
    fn head(&mut self) -> Result<(u32, usize), String> {
        let [order] = self.take()?;
        self.swap = match order {
            0 => true,
            1 => false,
            other => return Err(format!("{other} is no byte order")),
        };
        let code = self.whole()?;
        // EWKB has flags at the top, ISO adds 1000 for Z, 2000 for M, 3000 for both.
        let flags = usize::from(code & 0x8000_0000 != 0) + usize::from(code & 0x4000_0000 != 0);
        if code & 0x2000_0000 != 0 {
            self.whole()?;
        }
        let plain = code & 0x0fff_ffff;
        let more = match plain / 1000 {
            0 => flags,
            1 | 2 => 1,
            3 => 2,
            _ => return Err(format!("{code} is no kind of geometry")),
        };
        Ok((plain % 1000, 2 + more))
    }

    fn position(&mut self, size: usize) -> Result<Position, String> {
        let (x, y) = (self.number()?, self.number()?);
        for _ in 2..size {
            self.number()?;
        }
        Ok(Position::from(vec![x, y]))
    }

    fn line(&mut self, size: usize) -> Result<Vec<Position>, String> {
        let n = self.count(8 * size)?;
        (0..n).map(|_| self.position(size)).collect()
    }

    fn polygon(&mut self, size: usize) -> Result<Vec<Vec<Position>>, String> {
        let n = self.count(4)?;
        (0..n).map(|_| self.line(size)).collect()
    }

    fn geometry(&mut self, depth: usize) -> Result<Option<GeometryValue>, String> {
        if depth > DEEPEST {
            return Err("collections are nested too deeply".to_owned());
        }
        let (kind, size) = self.head()?;
        Ok(match kind {
            1 => {
                let at = self.position(size)?;
                // An empty point is written as one that is not a number.
                at.as_slice()
                    .iter()
                    .all(|x| x.is_finite())
                    .then_some(GeometryValue::Point { coordinates: at })
            }
            2 => Some(GeometryValue::LineString { coordinates: self.line(size)? }),
            3 => Some(GeometryValue::Polygon { coordinates: self.polygon(size)? }),
            4..=7 => self.parts(kind, depth)?,
            other => return Err(format!("geometries of kind {other} (curves) are not read")),
        })
    }

    fn parts(&mut self, kind: u32, depth: usize) -> Result<Option<GeometryValue>, String> {
        let n = self.count(5)?;
        let mut points = Vec::new();
        let mut lines = Vec::new();
        let mut polygons = Vec::new();
        for _ in 0..n {
            let swap = self.swap;
            match self.geometry(depth + 1)? {
                None => {}
                Some(GeometryValue::Point { coordinates }) => points.push(coordinates),
                Some(GeometryValue::LineString { coordinates }) => lines.push(coordinates),
                Some(GeometryValue::Polygon { coordinates }) => polygons.push(coordinates),
                Some(GeometryValue::MultiPoint { coordinates }) => points.extend(coordinates),
                Some(GeometryValue::MultiLineString { coordinates }) => lines.extend(coordinates),
                Some(GeometryValue::MultiPolygon { coordinates }) => polygons.extend(coordinates),
                Some(_) => return Err("a collection of mixed kinds is not read".to_owned()),
            }
            self.swap = swap;
        }
        let kinds = [!points.is_empty(), !lines.is_empty(), !polygons.is_empty()];
        if kind == 7 && kinds.iter().filter(|there| **there).count() > 1 {
            return Err("a collection of mixed kinds is not read".to_owned());
        }
        Ok(if !polygons.is_empty() {
            Some(GeometryValue::MultiPolygon { coordinates: polygons })
        } else if !lines.is_empty() {
            Some(GeometryValue::MultiLineString { coordinates: lines })
        } else if points.len() == 1 {
            points.pop().map(|coordinates| GeometryValue::Point { coordinates })
        } else if points.is_empty() {
            None
        } else {
            Some(GeometryValue::MultiPoint { coordinates: points })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(order: u8, code: u32, numbers: &[f64]) -> Vec<u8> {
        let mut bytes = vec![order];
        let little = order == 1;
        bytes.extend(if little { code.to_le_bytes() } else { code.to_be_bytes() });
        for x in numbers {
            bytes.extend(if little { x.to_le_bytes() } else { x.to_be_bytes() });
        }
        bytes
    }

    #[test]
    fn points_of_every_dialect_read_alike() {
        let wanted = read(&point(1, 1, &[2.0, 4.0])).unwrap();

        assert!(wanted.is_some());
        for bytes in [
            point(0, 1, &[2.0, 4.0]),
            point(1, 1001, &[2.0, 4.0, 9.0]),
            point(0, 3001, &[2.0, 4.0, 9.0, 1.0]),
            point(1, 0x8000_0001, &[2.0, 4.0, 9.0]),
        ] {
            assert_eq!(read(&bytes).unwrap(), wanted);
        }
    }

    #[test]
    fn an_empty_point_is_no_geometry() {
        assert_eq!(read(&point(1, 1, &[f64::NAN, f64::NAN])), Ok(None));
    }

    #[test]
    fn a_count_beyond_the_bytes_is_refused_before_memory_is_asked_for() {
        let mut bytes = vec![1, 3, 0, 0, 0];
        bytes.extend(u32::MAX.to_le_bytes());

        assert_eq!(read(&bytes), Err("the geometry ends too early".to_owned()));
    }

    #[test]
    fn endless_nesting_is_refused() {
        let mut bytes = Vec::new();
        for _ in 0..200 {
            bytes.extend([1, 7, 0, 0, 0, 1, 0, 0, 0]);
        }

        assert!(read(&bytes).unwrap_err().contains("too deeply"));
    }
}
