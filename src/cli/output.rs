//! What commands print: data to stdout, talk and errors to stderr.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, anyhow};
use serde::Serialize;

use crate::export::write_table;
use crate::hint::Hint;
use crate::layer::words::thousands;
use crate::store::StoreError;
use crate::table::{Table, Value, shown};

use super::english as say;

/// Writes what a command found to `path`: its main table as `.csv`, everything as `.json`.
///
/// # Errors
///
/// If the extension is another, or the file cannot be written.
pub fn write_found(
    path: &Path,
    what: &str,
    found: &impl Serialize,
    main: &Table,
) -> anyhow::Result<()> {
    let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    let bytes = match extension.as_deref() {
        Some("json") => json_text(found)?,
        Some("csv") => {
            let mut bytes = Vec::new();
            write_table(main, &mut bytes)?;
            bytes
        }
        _ => {
            return Err(anyhow!("{what} is written as CSV or JSON")
                .context(Hint("name a file that ends in .csv or .json".to_owned()))
                .context(format!("writing {}", path.display())));
        }
    };
    std::fs::write(path, bytes).with_context(|| format!("writing {}", path.display()))?;
    eprintln!("{}", say::wrote(path.display()));
    Ok(())
}

/// JSON on lines of its own, as it is printed and written.
///
/// # Errors
///
/// If it is not JSON.
pub fn json_text(found: &impl Serialize) -> anyhow::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(found)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Tables one after the other, each with its title and at most so many rows.
pub fn tables_text(tables: &[(&Table, usize)]) -> String {
    let text = |(table, most): &(&Table, usize)| {
        let columns: Vec<&str> = table.columns.iter().map(|column| column.id).collect();
        format!("{}\n{}", table.title, table_text(table, &columns, *most))
    };
    tables.iter().map(text).collect::<Vec<_>>().join("\n")
}

/// The chain of an error as lines: what failed, what caused it, and the fix if one is known.
pub fn error_text(error: &anyhow::Error) -> String {
    let hint = error.downcast_ref::<Hint>().map(ToString::to_string).or_else(|| {
        let stored = error.chain().find_map(|cause| cause.downcast_ref::<StoreError>());
        Some(Hint(stored?.hint()?.to_owned()).to_string())
    });
    let mut text = String::new();
    let mut last = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if Some(&cause) == hint.as_ref() || cause == last {
            continue;
        }
        let line = if text.is_empty() { say::error(&cause) } else { say::caused_by(&cause) };
        let _ = writeln!(text, "{line}");
        last = cause;
    }
    if let Some(hint) = hint {
        let _ = writeln!(text, "{hint}");
    }
    text
}

/// A table in columns for a terminal: words to the left, numbers to the right; units, where a column
/// has one, on a line below the heads.
pub fn table_text(table: &Table, columns: &[&str], most_rows: usize) -> String {
    let chosen: Vec<usize> = columns
        .iter()
        .filter_map(|id| table.columns.iter().position(|column| column.id == *id))
        .collect();
    let decimals: Vec<u8> = chosen.iter().map(|&c| decimals(table, c)).collect();
    let mut cells: Vec<Vec<String>> =
        vec![chosen.iter().map(|&c| table.columns[c].label.to_owned()).collect()];
    let units: Vec<String> = chosen.iter().map(|&c| table.columns[c].unit.to_owned()).collect();
    if units.iter().any(|unit| !unit.is_empty()) {
        cells.push(units);
    }
    for row in table.rows.iter().take(most_rows) {
        let cell = |(&c, &d): (&usize, &u8)| match &row[c] {
            // Less than a number can be, and not nothing.
            Value::Number(0.0) if is_probability(table.columns[c].id) => "<1e-300".to_owned(),
            value => cell(value, d),
        };
        cells.push(chosen.iter().zip(&decimals).map(cell).collect());
    }
    let widths: Vec<usize> = (0..chosen.len())
        .map(|i| cells.iter().map(|row| row[i].chars().count()).max().unwrap_or(0))
        .collect();
    let numeric: Vec<bool> = chosen
        .iter()
        .map(|&c| table.rows.iter().any(|row| matches!(row[c], Value::Count(_) | Value::Number(_))))
        .collect();
    let mut text = String::new();
    for row in &cells {
        let line: Vec<String> = row
            .iter()
            .enumerate()
            .map(|(i, cell)| {
                if numeric[i] {
                    format!("{cell:>width$}", width = widths[i])
                } else {
                    format!("{cell:<width$}", width = widths[i])
                }
            })
            .collect();
        let _ = writeln!(text, "{}", line.join("  ").trim_end());
    }
    if table.rows.len() > most_rows {
        let _ = writeln!(text, "{}", say::more(table.rows.len() - most_rows));
    }
    text
}

/// Whether a column holds p-values or q-values.
fn is_probability(id: &str) -> bool {
    matches!(id, "p" | "q") || id.starts_with("p_") || id.starts_with("q_")
}

/// Decimals of a column: none where all of its numbers are whole, such as counts and ranks.
fn decimals(table: &Table, column: usize) -> u8 {
    let whole = |row: &Vec<Value>| !matches!(row[column], Value::Number(x) if x.fract() != 0.0);
    if table.rows.iter().all(whole) { 0 } else { table.columns[column].decimals }
}

fn cell(value: &Value, decimals: u8) -> String {
    match value {
        Value::None => "-".to_owned(),
        Value::Count(n) => thousands(*n),
        Value::Number(x) if decimals == 0 && x.abs() < 1e15 => thousands(x.round() as i64),
        Value::Number(x) => shown(*x, decimals),
        Value::Text(text) => text.clone(),
        Value::Flag(yes) => if *yes { say::YES } else { say::NO }.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;
    use crate::table::Column;

    #[test]
    fn an_error_prints_its_chain_and_then_the_hint() {
        let error = anyhow!("no column for `month`")
            .context("importing leeds.csv")
            .context(Hint("say which column holds it".into()));

        assert_eq!(
            error_text(&error),
            "error: importing leeds.csv\n  caused by: no column for `month`\nhint: say which column holds it\n"
        );
    }

    #[test]
    fn a_hint_below_other_context_is_found() {
        let error = Err::<(), _>(anyhow!("port 8080 is in use"))
            .context(Hint("choose another with --port".into()))
            .context("starting the server")
            .unwrap_err();

        assert_eq!(
            error_text(&error),
            "error: starting the server\n  caused by: port 8080 is in use\nhint: choose another with --port\n"
        );
    }

    #[test]
    fn tables_line_up_and_say_what_they_leave_out() {
        let column = |id, label| Column { id, label, unit: "", decimals: 1 };
        let table = Table {
            id: "t".into(),
            title: "T".into(),
            columns: vec![column("name", "Ward"), column("rate", "Rate")],
            rows: vec![
                vec!["Roseworth".into(), Value::Number(12.34)],
                vec!["Newtown".into(), Value::None],
            ],
        };

        assert_eq!(
            table_text(&table, &["name", "rate"], 1),
            "Ward       Rate\nRoseworth  12.3\n... and 1 more\n"
        );
    }

    #[test]
    fn units_stand_below_the_heads_and_no_p_value_is_nothing() {
        let column = |id, unit| Column { id, label: "Head", unit, decimals: 4 };
        let table = Table {
            id: "t".into(),
            title: "T".into(),
            columns: vec![column("reach", "m"), column("p", "")],
            rows: vec![
                vec![Value::Number(12.5), Value::Number(0.0)],
                vec![Value::Number(0.0), Value::Number(0.25)],
            ],
        };

        assert_eq!(
            table_text(&table, &["reach", "p"], 9),
            "   Head     Head\n      m\n12.5000  <1e-300\n 0.0000   0.2500\n"
        );
    }
}
