//! Small tables that go with a study area: the columns that the description names, row by row, with
//! an account of every row.
//!
//! A rejected row is named by its line and a reason, never by what it says: some of these files
//! carry words of residents.

use serde::Serialize;

use super::english::reason as say;
use super::format;
use super::{LoadedFile, RawRecord, ReadError};

/// Lines kept as examples of each reason.
const EXAMPLES: usize = 5;

/// What became of the rows of one file: `rows = kept + excluded + rejected`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RowAccount {
    /// Rows below the header.
    pub rows: u64,
    /// Rows kept.
    pub kept: u64,
    /// Rows that hold no record: blank lines, footers, the header again.
    pub excluded: u64,
    /// Rows that could not be used.
    pub rejected: u64,
    /// Why rows were rejected, in the order met.
    pub reasons: Vec<RowReason>,
    /// Columns that no key of the description names: never read.
    pub dropped_columns: Vec<String>,
}

/// Rows rejected for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowReason {
    /// Why, in words that go on from "the row has" or stand alone.
    pub reason: &'static str,
    /// How many rows.
    pub count: u64,
    /// The first of their lines.
    pub lines: Vec<u64>,
}

/// Records of a file, and what became of its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject<T> {
    /// What was read.
    pub found: T,
    /// What became of each row.
    pub account: RowAccount,
}

impl RowAccount {
    fn reject(&mut self, line: u64, reason: &'static str) {
        self.rejected += 1;
        let at =
            self.reasons.iter().position(|known| known.reason == reason).unwrap_or_else(|| {
                self.reasons.push(RowReason { reason, count: 0, lines: Vec::new() });
                self.reasons.len() - 1
            });
        let known = &mut self.reasons[at];
        known.count += 1;
        if known.lines.len() < EXAMPLES {
            known.lines.push(line);
        }
    }
}

/// The cells of one row that the description names, in the order asked for.
pub(super) struct Cells<'a, 'r> {
    row: &'a RawRecord<'r>,
    columns: &'a [Option<usize>],
}

impl<'r> Cells<'_, 'r> {
    /// Text of the cell in this place; empty where no column was named for it.
    pub(super) fn text(&self, place: usize) -> &'r str {
        self.columns[place].map_or("", |column| self.row.get(column))
    }

    /// The text, or why the row cannot be used without it.
    pub(super) fn required(
        &self,
        place: usize,
        why: &'static str,
    ) -> Result<&'r str, &'static str> {
        Some(self.text(place)).filter(|text| !text.is_empty()).ok_or(why)
    }

    /// The text, if there is any.
    pub(super) fn optional(&self, place: usize) -> Option<String> {
        Some(self.text(place)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// The number in the cell: `None` where it is empty or suppressed.
    pub(super) fn figure(
        &self,
        place: usize,
        why: &'static str,
    ) -> Result<Option<f64>, &'static str> {
        figure(self.text(place)).map_err(|()| why)
    }

    /// The row itself.
    pub(super) fn row(&self) -> &RawRecord<'r> {
        self.row
    }
}

/// A column by name, and the key of the description that names it.
pub(super) type Wanted<'a> = (Option<&'a str>, &'static str);

/// Reads the rows of `file`, of which only `wanted` columns are looked at; `read` takes one row or
/// says why it cannot be used.
pub(super) fn each_row(
    file: &LoadedFile,
    wanted: &[Wanted<'_>],
    mut read: impl FnMut(&Cells<'_, '_>) -> Result<(), &'static str>,
) -> Result<RowAccount, ReadError> {
    let table = format::open(file)?;
    let columns = wanted
        .iter()
        .map(|(name, key)| name.map(|name| table.require(name, key)).transpose())
        .collect::<Result<Vec<Option<usize>>, ReadError>>()?;
    let dropped = table.columns.iter().enumerate().filter(|(i, _)| !columns.contains(&Some(*i)));
    let mut account = RowAccount {
        dropped_columns: dropped.map(|(_, name)| name.clone()).collect(),
        ..RowAccount::default()
    };
    table.rows.each(&mut |row| {
        account.rows += 1;
        match row.fault {
            Some(super::RowFault::WrongLength { .. }) => {
                account.reject(row.line, say::WRONG_LENGTH);
            }
            Some(_) => account.excluded += 1,
            None => match read(&Cells { row, columns: &columns }) {
                Ok(()) => account.kept += 1,
                Err(reason) => account.reject(row.line, reason),
            },
        }
    })?;
    if account.rows == account.excluded {
        return Err(ReadError::NoRows(file.name.clone()));
    }
    Ok(account)
}

/// Ways to write that a figure is not there or must not be shown.
const NO_FIGURE: &[&str] = &[
    "", "NA", "N/A", "NULL", "nan", "-", "--", "..", ".", ":", "*", "**", "c", "[c]", "x", "[x]",
    "z", "[z]", "#",
];

/// A number as files write it: `1,519`, `£2,500.00`, `37.5%`. `Ok(None)` where it says that there is
/// none, an error where it is no number.
pub(super) fn figure(text: &str) -> Result<Option<f64>, ()> {
    let text = text.trim();
    if NO_FIGURE.iter().any(|word| word.eq_ignore_ascii_case(text)) {
        return Ok(None);
    }
    let plain =
        text.trim_start_matches('£').trim_end_matches('%').replace([',', ' ', '\u{a0}'], "");
    let number = plain.parse::<f64>().map_err(drop)?;
    if number.is_finite() { Ok(Some(number)) } else { Err(()) }
}

/// The ends of an interval round a value: both or neither, in order.
pub(super) fn interval(
    value: Option<f64>,
    lower: Option<f64>,
    upper: Option<f64>,
) -> Result<(), &'static str> {
    match (lower, upper) {
        (None, None) => Ok(()),
        (Some(lower), Some(upper)) if lower <= upper => match value {
            Some(value) if !(lower..=upper).contains(&value) => Err(say::OUTSIDE_ITS_INTERVAL),
            _ => Ok(()),
        },
        (Some(_), Some(_)) => Err(say::INTERVAL_TURNED),
        _ => Err(say::HALF_AN_INTERVAL),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_as_published() {
        for (text, wanted) in [
            ("1,519", Ok(Some(1519.0))),
            ("£2,500.00", Ok(Some(2500.0))),
            ("37.5%", Ok(Some(37.5))),
            ("-1.771", Ok(Some(-1.771))),
            ("[c]", Ok(None)),
            ("", Ok(None)),
            ("about 12", Err(())),
            ("inf", Err(())),
        ] {
            assert_eq!(figure(text), wanted, "{text}");
        }
    }

    #[test]
    fn every_row_is_accounted_for_by_line_and_never_by_what_it_says() {
        let text =
            "code,n,comment\nA,1,my neighbour shouts\n\nB,many,she is afraid\nA,2,x,y\nTotal,3,\n";
        let file = LoadedFile::from_bytes("s.csv", text);
        let mut kept = Vec::new();

        let account = each_row(&file, &[(Some("code"), "`code`"), (Some("n"), "`n`")], |cells| {
            kept.push((cells.text(0).to_owned(), cells.figure(1, "a count that is no number")?));
            Ok(())
        })
        .unwrap();

        assert_eq!(account.rows, account.kept + account.excluded + account.rejected);
        assert_eq!(account.dropped_columns, ["comment"]);
        let said = format!("{account:?}");
        assert!(!said.contains("neighbour") && !said.contains("many"), "{said}");
        assert!(
            account
                .reasons
                .iter()
                .any(|r| r.reason == "a count that is no number" && r.lines == [4])
        );
        assert_eq!(kept[0], ("A".to_owned(), Some(1.0)));
    }
}
