//! What an import found, and what its reader must know.

use std::fmt::Display;

use crate::layer::words::{counted, thousands};

pub const READING: &str = "reading and cleaning";
pub const STORING: &str = "storing";

pub const A_POINT: &str = "a point";
pub const WARD_ONLY: &str = "ward only";
pub const OUTWARD_ONLY: &str = "outward postcode only";
pub const NO_PLACE: &str = "no place";
pub const NO_WARD: &str = "no ward";

pub const NO_BOUNDARIES: &str = "no boundaries: whether positions lie in the study area, in which ward, and whether axes are \
     swapped cannot be told; stand in a workspace, or name one with --workspace";
pub const NO_INDICATORS: &str = "no indicators";

/// How many rows of a file could not be used, and why the first ones.
pub struct Examples<'a> {
    pub rows: usize,
    pub file: &'a str,
    /// Lines of the file, each with what is wrong in it.
    pub shown: Vec<(u64, &'a str)>,
}

impl Examples<'_> {
    fn lines(&self) -> String {
        let shown = self.shown.iter().map(|(line, why)| format!("line {line}: {why}"));
        shown.collect::<Vec<_>>().join("; ")
    }
}

/// A record as it would be kept.
pub fn sample(
    source: &str,
    month: impl Display,
    crime_type: &str,
    ward: &str,
    place: &str,
) -> String {
    format!("{source}: {month}  {crime_type}  {ward}  ({place})")
}

pub fn mojibake(file: &str) -> String {
    format!("{file}: letters such as Â£ for £ show that it was once decoded wrongly")
}

pub fn of_file(file: &str, note: &str) -> String {
    format!("{file}: {note}")
}

/// How often the ward given is another than that of the position.
pub fn ward_disagrees(apart: u64, all: u64) -> String {
    let share = apart as f64 / all.max(1) as f64 * 100.0;
    format!(
        "the ward given disagrees with the position for {} of {} records that have both \
         ({share:.0}%): the position wins, unless it is a default place",
        thousands(apart as i64),
        thousands(all as i64)
    )
}

/// Records that would have happened after the file was there, with the day they were held against.
pub fn dates_to_come(latest: impl Display, rejected: u64, left: u64) -> String {
    let records = |n: u64| counted(n as i64, "record", "records");
    format!(
        "dates after {latest} are still to come: {} rejected for it, {} left without such an end or \
         recorded date; the day is that of the import, or `received` of the source in wardheat.toml \
         where it is stated",
        records(rejected),
        records(left)
    )
}

/// Records without a reference, among them those of police.uk.
pub fn without_reference(n: u64, police_uk: bool) -> String {
    let who = if police_uk { " (police.uk gives anti-social behaviour none)" } else { "" };
    format!(
        "{} have no reference{who}: repeats among them cannot be told from separate events, so all \
         are kept",
        counted(n as i64, "record", "records")
    )
}

pub fn approximate(precision: impl Display) -> String {
    format!(
        "positions are approximate (anonymised snap points): read nothing finer than {precision} m"
    )
}

pub fn taken_for(kind: impl Display) -> String {
    format!("no column says what happened: every row is taken for {kind}")
}

/// The format and encoding a file was read in, and what stands between its cells.
pub fn read_as(format: impl Display, encoding: &str, delimiter: Option<char>) -> String {
    let delimiter = match delimiter {
        None => String::new(),
        Some('\t') => ", tab between cells".to_owned(),
        Some(delimiter) => format!(", `{delimiter}` between cells"),
    };
    format!("{format} in {encoding}{delimiter}")
}

pub fn by_committed(form: impl Display) -> String {
    format!("{form}, counted by when it happened")
}

pub fn by_recorded(form: impl Display) -> String {
    format!("{form}, counted by when it was recorded")
}

fn edition(edition: &str) -> &str {
    if edition.is_empty() { "unknown" } else { edition }
}

pub fn areas(n: usize, kind: &str, of: &str, file: &str) -> String {
    format!("{n} areas of kind {kind}, edition {}, from {file}", edition(of))
}

pub fn streets(n: usize, file: &str) -> String {
    format!("{} streets from {file}", thousands(n as i64))
}

pub fn snap_points(n: usize, file: &str) -> String {
    format!("{} snap points from {file}", thousands(n as i64))
}

/// Areas that got their population, and rows of the same code.
pub fn population(areas: usize, kind: &str, file: &str, added_up: u64) -> String {
    let added = match added_up {
        0 => String::new(),
        n => format!("; {n} rows of the same code were added up"),
    };
    format!("population of {areas} areas of kind {kind} from {file}{added}")
}

/// Areas that a file of people does not hold, the first ones by code.
pub fn without_population(n: usize, of: usize, kind: &str, file: &str, codes: &[&str]) -> String {
    format!(
        "{n} of {of} areas of kind {kind} are not in {file} ({}): no rates for them",
        codes.join(", ")
    )
}

pub fn no_count(file: &str, line: u64, value: &str) -> String {
    format!("{file} line {line}: `{value}` is no count")
}

pub fn venues(n: usize, file: &str, outside: usize) -> String {
    let elsewhere = if outside > 0 {
        format!("; {} outside the area", thousands(outside as i64))
    } else {
        String::new()
    };
    format!("{} venues from {file}{elsewhere}", thousands(n as i64))
}

pub fn venues_unused(of: &Examples<'_>) -> String {
    format!("{} rows of {} could not be used ({})", of.rows, of.file, of.lines())
}

pub fn cells_unread(of: &Examples<'_>) -> String {
    format!(
        "{} cells of {} were not understood and count as unknown ({})",
        of.rows,
        of.file,
        of.lines()
    )
}

pub fn meetings(n: usize, file: &str) -> String {
    format!("{n} meetings of the diary from {file}")
}

/// Meetings without a ward, the first ones by title.
pub fn meetings_without_ward(n: usize, file: &str, titles: &[&str]) -> String {
    format!(
        "{n} meetings of {file} have no ward that is known, so none can be joined ({})",
        titles.join("; ")
    )
}

pub fn meetings_unused(of: &Examples<'_>) -> String {
    format!("{} meetings of {} could not be used ({})", of.rows, of.file, of.lines())
}

pub fn interventions(n: usize) -> String {
    format!("{n} interventions")
}

pub fn answers(n: usize) -> String {
    format!("{n} answers")
}

pub fn answers_without_base(n: usize) -> String {
    format!("{n} answers do not say how many were asked")
}

pub fn priorities(n: usize, in_wards: usize) -> String {
    format!("{n} priorities, {in_wards} of them of a ward")
}

pub fn peers(rates: usize, areas: usize) -> String {
    format!("{rates} rates of {areas} areas")
}

pub fn harm(tables: usize, name: &str, edition: &str) -> String {
    format!("{tables} tables of {name} {edition}")
}

pub fn unknown_categories(names: &[String]) -> String {
    format!("categories that are no crime type of ours: {}", names.join(", "))
}

/// Crime types that a table of weights, of a group where there are several, leaves out.
pub fn no_weight(group: Option<&str>, types: &[&str]) -> String {
    let of = group.map_or(String::new(), |group| format!(" of {group}"));
    format!("no weight{of} for: {}", types.join(", "))
}

pub fn indicators(n: usize, kind: &str, of: &str) -> String {
    let noun = if n == 1 { "indicator" } else { "indicators" };
    format!("{n} {noun} by {kind} (edition {})", edition(of))
}

/// Pairs of a lookup, each end by kind and edition.
pub fn lookup(pairs: usize, from: (&str, &str), to: (&str, &str)) -> String {
    format!("{} pairs from {} {} to {} {}", thousands(pairs as i64), from.0, from.1, to.0, to.1)
}

/// Codes of a lookup that have several counterparts, with the first and the line of its second.
pub fn split_codes(n: usize, first: &str, line: u64) -> String {
    let have = if n == 1 { "code has" } else { "codes have" };
    format!("{n} {have} more than one counterpart: {first} in line {line} first")
}

pub fn areas_missing(n: usize, of: usize, kind: &str, edition_of: &str) -> String {
    format!("{n} of {of} areas of kind {kind}, edition {}, are not in it", edition(edition_of))
}
