//! Any places with a figure each: areas or points from any format, for a statistic to be run on.

use crate::crs::Bng;
use crate::geometry::Shape;
use crate::workspace::Crs;

use super::areas::outline;
use super::english::{fault, name};
use super::position::{Owner, to_bng};
use super::{LoadedFile, RawRecord, ReadError, choose_crs, format};

/// Which columns of the file hold what.
#[derive(Debug, Clone, Default)]
pub struct ValueSpec {
    /// Code of each place; the number of its row where absent.
    pub id: Option<String>,
    /// Figure of each place; each place counts once where absent.
    pub value: Option<String>,
    /// What rates are taken over.
    pub population: Option<String>,
    /// Category of each, such as its offence code.
    pub category: Option<String>,
    /// Columns of the position (easting and northing, or longitude and latitude), for formats that
    /// have no geometry.
    pub position: Option<(String, String)>,
    /// Column of when each happened, and of the end of the time it may have happened in.
    pub times: Option<(String, Option<String>)>,
    /// Coordinate system, where the file states none.
    pub crs: Option<Crs>,
}

/// Where the places of a file lie.
#[derive(Debug, Clone, PartialEq)]
pub enum ValueGround {
    /// Outlines.
    Areas(Vec<Shape>),
    /// Positions.
    Points(Vec<Bng>),
    /// Nowhere: the file has figures alone.
    Nowhere,
}

/// The places of one file, in file order.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueRows {
    /// Code of each.
    pub ids: Vec<String>,
    /// Where they lie.
    pub ground: ValueGround,
    /// Figure of each; `None` where its cell is empty.
    pub values: Vec<Option<f64>>,
    /// Population of each; `None` where its cell is empty or no column was named.
    pub populations: Vec<Option<f64>>,
    /// Category of each, as written; none if no column was named.
    pub categories: Vec<String>,
    /// When each happened and the end of that time, as written; none if no column was named.
    pub times: Vec<(String, String)>,
}

/// Cells that mean "no figure".
const MISSING: [&str; 6] = ["", "NA", "N/A", "NULL", "nan", "-"];

/// The number in a cell; `None` where it says that there is none, an error where it is no number.
fn number(text: &str) -> Result<Option<f64>, ()> {
    if MISSING.iter().any(|word| word.eq_ignore_ascii_case(text)) {
        return Ok(None);
    }
    let plain = text.replace(',', "");
    plain.parse::<f64>().ok().filter(|value| value.is_finite()).map(Some).ok_or(())
}

/// Reads the places of `file`.
///
/// # Errors
///
/// [`ReadError`] on a missing column, a cell that is no number, a code that comes twice, a row
/// without a place where others have one, or coordinates in another system than stated.
pub fn read_values(file: &LoadedFile, spec: &ValueSpec) -> Result<ValueRows, ReadError> {
    let table = format::open(file)?;
    let find = |name: &Option<String>, flag| {
        name.as_ref().map(|name| table.require(name, flag)).transpose()
    };
    let (id, value) = (find(&spec.id, "--id")?, find(&spec.value, "--value")?);
    let population = find(&spec.population, "--population")?;
    let category = find(&spec.category, "--category")?;
    let position = match &spec.position {
        None => None,
        Some((x, y)) => Some((table.require(x, "--x")?, table.require(y, "--y")?)),
    };
    let times = match &spec.times {
        None => None,
        Some((from, to)) => Some((table.require(from, "--time")?, find(to, "--time-to")?)),
    };
    let crs = choose_crs(table.crs, spec.crs);
    let mut reader = Reader {
        file: &file.name,
        crs,
        rows: ValueRows {
            ids: Vec::new(),
            ground: ValueGround::Nowhere,
            values: Vec::new(),
            populations: Vec::new(),
            categories: Vec::new(),
            times: Vec::new(),
        },
        pairs: Vec::new(),
        shapes: Vec::new(),
    };
    let mut outcome = Ok(());
    table.rows.each(&mut |row| {
        if outcome.is_ok() && row.fault.is_none() {
            let cells = Cells {
                id: id.map(|column| row.get(column)),
                value: value.map(|column| row.get(column)),
                population: population.map(|column| row.get(column)),
                category: category.map(|column| row.get(column)),
                position: position.map(|(x, y)| (row.get(x), row.get(y))),
                times: times.map(|(from, to)| (row.get(from), to.map_or("", |to| row.get(to)))),
            };
            outcome = reader.row(row, &cells);
        }
    })?;
    outcome?;
    reader.finish()
}

/// The cells of one row that matter.
struct Cells<'a> {
    id: Option<&'a str>,
    value: Option<&'a str>,
    population: Option<&'a str>,
    category: Option<&'a str>,
    position: Option<(&'a str, &'a str)>,
    times: Option<(&'a str, &'a str)>,
}

struct Reader<'a> {
    file: &'a str,
    crs: Crs,
    rows: ValueRows,
    pairs: Vec<(f64, f64)>,
    shapes: Vec<Shape>,
}

impl Reader<'_> {
    fn wrong(&self, line: u64, message: String) -> ReadError {
        ReadError::Broken { file: self.file.to_owned(), line: Some(line), message }
    }

    fn row(&mut self, row: &RawRecord<'_>, cells: &Cells<'_>) -> Result<(), ReadError> {
        let read = |what: &str, cell: Option<&str>, absent: Option<f64>| match cell {
            None => Ok(absent),
            Some(text) => number(text)
                .map_err(|()| self.wrong(row.line, format!("the {what} `{text}` is no number"))),
        };
        let value = read("value", cells.value, Some(1.0))?;
        let population = read("population", cells.population, None)?;
        let id = cells.id.map_or_else(|| (self.rows.ids.len() + 1).to_string(), str::to_owned);
        if let Some((x, y)) = cells.position {
            match (number(x), number(y)) {
                (Ok(Some(x)), Ok(Some(y))) => self.pairs.push((x, y)),
                _ => {
                    return Err(self.wrong(row.line, format!("`{x}`, `{y}` is no position")));
                }
            }
        } else if let Some(geojson::GeometryValue::Point { coordinates }) = row.geometry {
            match coordinates.as_slice() {
                [x, y, ..] => self.pairs.push((*x, *y)),
                _ => return Err(self.wrong(row.line, fault::NO_COORDINATES.to_owned())),
            }
        } else if row.geometry.is_some() {
            let owner = Owner { file: self.file, what: name::place(&id) };
            let polygons = outline(&owner, row.geometry, self.crs, (&id, ""))?;
            if polygons.0.is_empty() {
                let message = fault::no_shape(&id);
                return Err(self.wrong(row.line, message));
            }
            self.shapes.push(Shape::new(polygons));
        }
        self.rows.ids.push(id);
        self.rows.values.push(value);
        self.rows.populations.push(population);
        self.rows.categories.extend(cells.category.map(str::to_owned));
        self.rows.times.extend(cells.times.map(|(from, to)| (from.to_owned(), to.to_owned())));
        Ok(())
    }

    fn finish(self) -> Result<ValueRows, ReadError> {
        let Self { file, crs, mut rows, pairs, shapes } = self;
        let n = rows.ids.len();
        let area = |message: String| ReadError::Area { file: file.to_owned(), message };
        if n == 0 {
            return Err(ReadError::NoRows(file.to_owned()));
        }
        if !shapes.is_empty() && shapes.len() != n || !pairs.is_empty() && pairs.len() != n {
            return Err(area(fault::shapes_differ(n, shapes.len(), pairs.len())));
        }
        let mut sorted: Vec<&str> = rows.ids.iter().map(String::as_str).collect();
        sorted.sort_unstable();
        if let Some([twice, ..]) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(area(format!("the code `{twice}` comes twice")));
        }
        rows.ground = if !shapes.is_empty() {
            ValueGround::Areas(shapes)
        } else if pairs.is_empty() {
            ValueGround::Nowhere
        } else {
            let owner = Owner { file, what: name::PLACE.to_owned() };
            ValueGround::Points(to_bng(&owner, &pairs, crs)?)
        };
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str, spec: &ValueSpec) -> Result<ValueRows, ReadError> {
        read_values(&LoadedFile::from_bytes(name, text), spec)
    }

    fn by(value: &str) -> ValueSpec {
        ValueSpec { value: Some(value.into()), id: Some("code".into()), ..ValueSpec::default() }
    }

    #[test]
    fn points_of_a_table_are_read_with_their_values() {
        let spec =
            ValueSpec { position: Some(("E".into(), "N".into())), crs: Some(Crs::Bng), ..by("n") };

        let rows =
            read("p.csv", "code,E,N,n\na,444500,520100,3\nb,444600,520200,\n", &spec).unwrap();

        assert_eq!(rows.ids, ["a", "b"]);
        assert_eq!(rows.values, [Some(3.0), None]);
        assert_eq!(
            rows.ground,
            ValueGround::Points(vec![
                Bng::new(444_500.0, 520_100.0),
                Bng::new(444_600.0, 520_200.0)
            ])
        );
    }

    #[test]
    fn a_cell_that_is_no_number_is_named_with_its_line() {
        let refused = read("p.csv", "code,n\na,3\nb,many\n", &by("n")).unwrap_err();

        assert_eq!(refused.to_string(), "p.csv line 3: the value `many` is no number");
    }

    #[test]
    fn a_code_that_comes_twice_is_refused() {
        let refused = read("p.csv", "code,n\na,3\na,4\n", &by("n")).unwrap_err();

        assert!(refused.to_string().contains("`a` comes twice"), "{refused}");
    }
}
