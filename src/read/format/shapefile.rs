//! Shapefile: the `.shp`, and beside it the table (`.dbf`), the system (`.prj`) and the letters
//! (`.cpg`).

use std::io::Cursor;
use std::path::{Path, PathBuf};

use encoding_rs::{UTF_8, WINDOWS_1252};
use geojson::{GeometryValue, Position};
use shapefile::{PolygonRing, Shape, ShapeReader};

use super::super::archive::member_like;
use super::super::encoding::Encoding;
use super::super::english::{fault, hint, name, unread};
use super::super::record::{RawRecord, RawTable, Rows};
use super::super::{Input, LoadedFile, ReadError, brief};
use super::Format;
use super::dbf::{self, Dbf};
use super::features::{broken, contained, send, stated_crs, table};

/// Most bytes of a `.prj` or `.cpg`: a page of text.
const MOST_TEXT: u64 = 64 << 10;

/// Most pairs of an outline and a hole that are looked at to find whose hole it is.
const MOST_PAIRS: usize = 100_000_000;

/// Points, lines and polygons with their table.
pub(super) struct Shapefile;

/// The files that make one shapefile, in memory.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) shp: Vec<u8>,
    pub(super) dbf: Option<Vec<u8>>,
    pub(super) prj: Option<String>,
    pub(super) cpg: Option<String>,
}

impl Format for Shapefile {
    fn id(&self) -> &'static str {
        "shapefile"
    }

    fn label(&self) -> &'static str {
        name::SHAPEFILE
    }

    fn recognises(&self, head: &[u8]) -> bool {
        head.starts_with(&[0, 0, 0x27, 0x0A])
    }

    fn open<'a>(&self, file: &'a LoadedFile) -> Result<RawTable<'a>, ReadError> {
        let text = |ending| -> Result<Option<String>, ReadError> {
            let bytes = beside(file, ending, MOST_TEXT)?;
            Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
        };
        let parts = Parts {
            shp: file.bytes()?.into_owned(),
            dbf: beside(file, "dbf", u64::MAX)?,
            prj: text("prj")?,
            cpg: text("cpg")?,
        };
        open_parts(file, parts)
    }
}

/// The bytes of the file with another ending beside this one, in capitals or not.
fn beside(file: &LoadedFile, ending: &str, most: u64) -> Result<Option<Vec<u8>>, ReadError> {
    let archive = file.path.file_name().unwrap_or_default().to_string_lossy();
    let input = if let Some(member) = file.name.strip_prefix(&format!("{archive}/")) {
        let other = Path::new(member).with_extension(ending).to_string_lossy().replace('\\', "/");
        member_like(&file.path, &other)
            .map(|member| Input { path: file.path.clone(), member: Some(member) })
    } else {
        let tries = [ending.to_owned(), ending.to_ascii_uppercase()];
        let mut paths = tries.iter().map(|ending| -> PathBuf { file.path.with_extension(ending) });
        paths.find(|path| *path != file.path && path.is_file()).map(Input::file)
    };
    let Some(input) = input else { return Ok(None) };
    let other = match LoadedFile::open_input(&input) {
        Err(ReadError::Empty(_)) => return Ok(Some(Vec::new())),
        other => other?,
    };
    let bytes = other.bytes()?;
    if bytes.len() as u64 > most {
        return Err(ReadError::TooLarge { file: other.name.clone(), most });
    }
    Ok(Some(bytes.into_owned()))
}

/// Takes a shapefile apart, wherever its files came from.
///
/// # Errors
///
/// [`ReadError`] if the table is missing, the parts do not fit each other or one is damaged.
pub(super) fn open_parts(file: &LoadedFile, parts: Parts) -> Result<RawTable<'_>, ReadError> {
    let Some(dbf) = parts.dbf else {
        return Err(ReadError::Refused {
            file: file.name.clone(),
            what: unread::SHAPES_ALONE.to_owned(),
            hint: hint::BESIDE_THE_SHP,
        });
    };
    let crs = match parts.prj.as_deref().map(str::trim) {
        None | Some("") => None,
        Some(wkt) => Some(stated_crs(file, wkt)?),
    };
    let (letters, encoding) = letters(file, parts.cpg.as_deref(), &dbf)?;
    let dbf = dbf::read(dbf, letters)
        .map_err(|message| broken(file, None, format!(".dbf: {message}")))?;
    let shapes = count(file, &parts.shp)?;
    if shapes != dbf.n_rows {
        let message = format!("{shapes} shapes, but {} rows in its .dbf", dbf.n_rows);
        return Err(broken(file, None, message));
    }
    let columns = dbf.columns.clone();
    table("shapefile", encoding, file, columns, crs, ShapeRows { file, shp: parts.shp, dbf })
}

/// Number of shapes, once it is sure that no record says it is longer than it can be: the library
/// makes room for as many corners as a record promises.
fn count(file: &LoadedFile, shp: &[u8]) -> Result<usize, ReadError> {
    let four = |at: usize| shp.get(at..)?.first_chunk::<4>();
    let words = |at| four(at).map(|bytes| i32::from_be_bytes(*bytes));
    let number = |at| four(at).map(|bytes| i32::from_le_bytes(*bytes));
    let length = words(24).and_then(|words| usize::try_from(words).ok()).unwrap_or_default() * 2;
    let (mut at, mut found) = (100, 0);
    while at < length {
        found += 1;
        let wrong = |what: &str| Err(broken(file, Some(found as u64), format!(".shp: {what}")));
        let size = words(at + 4).and_then(|words| usize::try_from(words).ok()).map(|n| n * 2);
        let Some(size) = size.filter(|size| *size >= 4 && at + 8 + size <= shp.len()) else {
            return wrong("the record is cut short");
        };
        // Kind, four numbers that bound it, then parts and points; multipoints have no parts.
        let whole = |place: usize| number(at + place).and_then(|n| usize::try_from(n).ok());
        let (parts, points) = match number(at + 8) {
            Some(3 | 5 | 13 | 15 | 23 | 25 | 31) => (whole(44), whole(48)),
            Some(8 | 18 | 28) => (Some(0), whole(44)),
            _ => (Some(0), Some(0)),
        };
        let (Some(parts), Some(points)) = (parts, points) else {
            return wrong("a number of corners below nothing");
        };
        if 4 * parts + 16 * points > size {
            return wrong("the record promises more corners than it has");
        }
        // Each part starts at a corner, none before the one above it.
        let mut starts = (0..parts).map(|part| whole(52 + 4 * part).unwrap_or(usize::MAX));
        if !starts.clone().is_sorted() || starts.next_back().is_some_and(|last| last > points) {
            return wrong("its parts start at corners that are not there");
        }
        at += 8 + size;
    }
    Ok(found)
}

struct ShapeRows<'a> {
    file: &'a LoadedFile,
    shp: Vec<u8>,
    dbf: Dbf,
}

impl Rows for ShapeRows<'_> {
    fn each(&self, sink: &mut dyn FnMut(&RawRecord<'_>)) -> Result<(), ReadError> {
        let wrong =
            |line, error: shapefile::Error| broken(self.file, line, format!(".shp: {error:?}"));
        let mut reader = contained(self.file, || {
            ShapeReader::new(Cursor::new(&self.shp)).map_err(|e| wrong(None, e))
        })?;
        let mut shapes = reader.iter_shapes();
        for row in 0..self.dbf.n_rows {
            let number = row as u64 + 1;
            let shape = contained(self.file, || {
                let shape = shapes.next().transpose().map_err(|e| wrong(Some(number), e))?;
                let shape = shape
                    .ok_or_else(|| broken(self.file, Some(number), ".shp: the shape is missing"))?;
                geometry(self.file, number, shape)
            })?;
            send(sink, number, &self.dbf.row(row), shape.as_ref());
        }
        Ok(())
    }
}

/// How the letters of the table are coded: by the `.cpg`, else by the mark in the table, else as
/// Windows-1252, unless they are plain UTF-8.
fn letters(
    file: &LoadedFile,
    cpg: Option<&str>,
    dbf: &[u8],
) -> Result<(&'static encoding_rs::Encoding, Encoding), ReadError> {
    let name = cpg.map(|text| text.trim().to_ascii_lowercase()).unwrap_or_default();
    match name.as_str() {
        "utf-8" | "utf8" | "65001" => return Ok((UTF_8, Encoding::Utf8)),
        "1252" | "cp1252" | "windows-1252" | "ansi 1252" | "iso-8859-1" | "iso8859-1" | "88591"
        | "8859-1" | "latin1" => {
            return Ok((WINDOWS_1252, Encoding::Windows1252));
        }
        "" => {}
        other => {
            return Err(ReadError::Refused {
                file: file.name.clone(),
                what: unread::encoding_of_shapes(&brief(other, 80)),
                hint: hint::IN_UTF8,
            });
        }
    }
    if std::str::from_utf8(dbf.get(32..).unwrap_or_default()).is_ok() {
        Ok((UTF_8, Encoding::Utf8))
    } else {
        Ok((WINDOWS_1252, Encoding::Windows1252))
    }
}

fn geometry(
    file: &LoadedFile,
    number: u64,
    shape: Shape,
) -> Result<Option<GeometryValue>, ReadError> {
    let at = |x: f64, y: f64| Position::from(vec![x, y]);
    Ok(match shape {
        Shape::NullShape => None,
        Shape::Point(p) => Some(GeometryValue::Point { coordinates: at(p.x, p.y) }),
        Shape::PointM(p) => Some(GeometryValue::Point { coordinates: at(p.x, p.y) }),
        Shape::PointZ(p) => Some(GeometryValue::Point { coordinates: at(p.x, p.y) }),
        Shape::Multipoint(all) => Some(points(all.points().iter().map(|p| at(p.x, p.y)))),
        Shape::MultipointM(all) => Some(points(all.points().iter().map(|p| at(p.x, p.y)))),
        Shape::MultipointZ(all) => Some(points(all.points().iter().map(|p| at(p.x, p.y)))),
        Shape::Polyline(line) => {
            Some(lines(line.parts().iter().map(|part| part.iter().map(|p| at(p.x, p.y)).collect())))
        }
        Shape::PolylineM(line) => {
            Some(lines(line.parts().iter().map(|part| part.iter().map(|p| at(p.x, p.y)).collect())))
        }
        Shape::PolylineZ(line) => {
            Some(lines(line.parts().iter().map(|part| part.iter().map(|p| at(p.x, p.y)).collect())))
        }
        Shape::Polygon(polygon) => {
            let rings = polygon.rings().iter().map(|ring| ring_of(ring, |p| at(p.x, p.y)));
            polygons(rings).map_err(|message| broken(file, Some(number), message))?
        }
        Shape::PolygonM(polygon) => {
            let rings = polygon.rings().iter().map(|ring| ring_of(ring, |p| at(p.x, p.y)));
            polygons(rings).map_err(|message| broken(file, Some(number), message))?
        }
        Shape::PolygonZ(polygon) => {
            let rings = polygon.rings().iter().map(|ring| ring_of(ring, |p| at(p.x, p.y)));
            polygons(rings).map_err(|message| broken(file, Some(number), message))?
        }
        Shape::Multipatch(_) => {
            return Err(ReadError::Refused {
                file: file.name.clone(),
                what: unread::solids(number),
                hint: hint::FOOTPRINTS,
            });
        }
    })
}

/// Points together; one alone is a place.
fn points(all: impl Iterator<Item = Position>) -> GeometryValue {
    let mut coordinates: Vec<Position> = all.collect();
    match coordinates.pop() {
        Some(only) if coordinates.is_empty() => GeometryValue::Point { coordinates: only },
        last => {
            coordinates.extend(last);
            GeometryValue::MultiPoint { coordinates }
        }
    }
}

fn lines(parts: impl Iterator<Item = Vec<Position>>) -> GeometryValue {
    GeometryValue::MultiLineString { coordinates: parts.collect() }
}

/// Whether the ring is an outer one, and its corners.
fn ring_of<P>(ring: &PolygonRing<P>, at: impl Fn(&P) -> Position) -> (bool, Vec<Position>) {
    match ring {
        PolygonRing::Outer(points) => (true, points.iter().map(at).collect()),
        PolygonRing::Inner(points) => (false, points.iter().map(at).collect()),
    }
}

/// Outer rings with the holes that lie in them: the format says which rings are holes (they run the
/// other way), not whose.
fn polygons(
    rings: impl Iterator<Item = (bool, Vec<Position>)>,
) -> Result<Option<GeometryValue>, String> {
    let (outer, inner): (Vec<_>, Vec<_>) = rings.partition(|(is_outer, _)| *is_outer);
    if outer.len().saturating_mul(inner.len()) > MOST_PAIRS {
        return Err(fault::too_many_rings(outer.len(), inner.len()));
    }
    let outer: Vec<(Rectangle, Vec<Position>)> =
        outer.into_iter().map(|(_, ring)| (rectangle(&ring), ring)).collect();
    let mut holes: Vec<Vec<Vec<Position>>> = vec![Vec::new(); outer.len()];
    let mut alone = Vec::new();
    for (_, hole) in inner {
        let owner = match outer.len() {
            0 => None,
            1 => Some(0),
            _ => hole.first().and_then(|corner| {
                outer
                    .iter()
                    .position(|(around, ring)| within(around, corner) && holds(ring, corner))
            }),
        };
        match owner {
            Some(owner) => holes[owner].push(hole),
            // A hole in nothing is an outline that was drawn the wrong way round.
            None => alone.push(vec![hole]),
        }
    }
    let owned = outer.into_iter().zip(holes).map(|((_, ring), mut holes)| {
        holes.insert(0, ring);
        holes
    });
    let found: Vec<_> = owned.chain(alone).collect();
    Ok((!found.is_empty()).then_some(GeometryValue::MultiPolygon { coordinates: found }))
}

/// West, south, east and north.
type Rectangle = [f64; 4];

fn rectangle(ring: &[Position]) -> Rectangle {
    let empty = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    ring.iter().fold(empty, |[w, s, e, n], p| [w.min(p[0]), s.min(p[1]), e.max(p[0]), n.max(p[1])])
}

fn within([west, south, east, north]: &Rectangle, corner: &Position) -> bool {
    (*west..=*east).contains(&corner[0]) && (*south..=*north).contains(&corner[1])
}

/// Whether a ring holds a corner, by the number of edges to the east of it.
fn holds(ring: &[Position], corner: &Position) -> bool {
    let (x, y) = (corner[0], corner[1]);
    let crossings = ring.windows(2).filter(|pair| {
        let ([ax, ay], [bx, by]) = ([pair[0][0], pair[0][1]], [pair[1][0], pair[1][1]]);
        (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax
    });
    crossings.count() % 2 == 1
}
