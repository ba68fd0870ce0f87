//! Shapefile: the `.shp`, and beside it the table (`.dbf`), the system (`.prj`) and the letters
//! (`.cpg`).

use std::borrow::Cow;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use encoding_rs::{UTF_8, WINDOWS_1252};
use geojson::{GeometryValue, Position};
use shapefile::{PolygonRing, Shape, ShapeReader};

use super::super::archive::other_member;
use super::super::encoding::Encoding;
use super::super::record::RawTable;
use super::super::{LoadedFile, ReadError};
use super::Format;
use super::dbf::{self, Dbf};
use super::features::{Row, broken, contained, stated_crs, table};

/// Most bytes of a table in an archive.
const MOST_BESIDE: u64 = 1 << 30;

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
        "Shapefile (the .shp, with .dbf, .prj and .cpg beside it)"
    }

    fn recognises(&self, head: &[u8]) -> bool {
        head.starts_with(&[0, 0, 0x27, 0x0A])
    }

    fn open<'a>(&self, file: &'a LoadedFile) -> Result<RawTable<'a>, ReadError> {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let parts = Parts {
            shp: file.bytes()?.into_owned(),
            dbf: beside(file, "dbf"),
            prj: beside(file, "prj").map(text),
            cpg: beside(file, "cpg").map(text),
        };
        open_parts(file, parts)
    }
}

/// The bytes of the file with another ending beside this one, in capitals or not.
fn beside(file: &LoadedFile, ending: &str) -> Option<Vec<u8>> {
    let archive = file.path.file_name().unwrap_or_default().to_string_lossy();
    if let Some(member) = file.name.strip_prefix(&format!("{archive}/")) {
        let other = Path::new(member).with_extension(ending).to_string_lossy().replace('\\', "/");
        return other_member(&file.path, &other, MOST_BESIDE);
    }
    let tries = [ending.to_owned(), ending.to_ascii_uppercase()];
    let paths = tries.iter().map(|ending| -> PathBuf { file.path.with_extension(ending) });
    paths.filter(|path| *path != file.path).find_map(|path| fs::read(path).ok())
}

/// Takes a shapefile apart, wherever its files came from.
///
/// # Errors
///
/// [`ReadError`] if the table is missing, the parts do not fit each other or one is damaged.
pub(super) fn open_parts(file: &LoadedFile, parts: Parts) -> Result<RawTable<'static>, ReadError> {
    let Some(dbf) = parts.dbf else {
        return Err(ReadError::Refused {
            file: file.name.clone(),
            what: "a shapefile without its table".to_owned(),
            hint: "put the .dbf (and .prj) of the same name beside the .shp, or zip them together",
        });
    };
    let crs = match parts.prj.as_deref().map(str::trim) {
        None | Some("") => None,
        Some(wkt) => Some(stated_crs(file, wkt)?),
    };
    let (columns, cells, encoding) = attributes(file, &dbf, parts.cpg.as_deref())?;
    let shapes = contained(file, || shapes(file, parts.shp))?;
    if shapes.len() != cells.len() {
        let message = format!("{} shapes, but {} rows in its .dbf", shapes.len(), cells.len());
        return Err(broken(file, None, message));
    }
    let rows: Vec<Row> = cells.into_iter().zip(shapes).collect();
    table("shapefile", encoding, file, columns, crs, rows)
}

type Attributes = (Vec<String>, Vec<Vec<Cow<'static, str>>>, Encoding);

fn attributes(file: &LoadedFile, dbf: &[u8], cpg: Option<&str>) -> Result<Attributes, ReadError> {
    let (letters, encoding) = letters(file, cpg, dbf)?;
    let Dbf { columns, rows } = dbf::read(dbf, letters)
        .map_err(|message| broken(file, None, format!(".dbf: {message}")))?;
    Ok((columns, rows, encoding))
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
                what: format!("a shapefile whose .cpg names the encoding `{other}`"),
                hint: "export it again in UTF-8",
            });
        }
    }
    if std::str::from_utf8(dbf.get(32..).unwrap_or_default()).is_ok() {
        Ok((UTF_8, Encoding::Utf8))
    } else {
        Ok((WINDOWS_1252, Encoding::Windows1252))
    }
}

fn shapes(file: &LoadedFile, shp: Vec<u8>) -> Result<Vec<Option<GeometryValue>>, ReadError> {
    let bytes = shp.len();
    let wrong = |line, error: shapefile::Error| broken(file, line, format!(".shp: {error:?}"));
    let mut reader = ShapeReader::new(Cursor::new(shp)).map_err(|e| wrong(None, e))?;
    let mut shapes = Vec::new();
    for shape in reader.iter_shapes() {
        let number = shapes.len() as u64 + 1;
        shapes.push(geometry(file, number, shape.map_err(|e| wrong(Some(number), e))?)?);
        // A record takes eight bytes at least: a reader that goes round in circles is stopped.
        if shapes.len() > bytes / 8 {
            return Err(broken(
                file,
                Some(number),
                ".shp: it has more records than bytes for them",
            ));
        }
    }
    Ok(shapes)
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
            polygons(polygon.rings().iter().map(|ring| ring_of(ring, |p| at(p.x, p.y))))
        }
        Shape::PolygonM(polygon) => {
            polygons(polygon.rings().iter().map(|ring| ring_of(ring, |p| at(p.x, p.y))))
        }
        Shape::PolygonZ(polygon) => {
            polygons(polygon.rings().iter().map(|ring| ring_of(ring, |p| at(p.x, p.y))))
        }
        other => {
            let message = format!(".shp: shapes of kind {} are not read", other.shapetype());
            return Err(broken(file, Some(number), message));
        }
    })
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
fn polygons(rings: impl Iterator<Item = (bool, Vec<Position>)>) -> Option<GeometryValue> {
    let (outer, inner): (Vec<_>, Vec<_>) = rings.partition(|(is_outer, _)| *is_outer);
    let mut found: Vec<Vec<Vec<Position>>> =
        outer.into_iter().map(|(_, ring)| vec![ring]).collect();
    for (_, hole) in inner {
        let owner = match found.len() {
            0 => None,
            1 => Some(0),
            _ => hole
                .first()
                .and_then(|corner| found.iter().position(|polygon| holds(&polygon[0], corner))),
        };
        match owner {
            Some(owner) => found[owner].push(hole),
            // A hole in nothing is an outline that was drawn the wrong way round.
            None => found.push(vec![hole]),
        }
    }
    (!found.is_empty()).then_some(GeometryValue::MultiPolygon { coordinates: found })
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
