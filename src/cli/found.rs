//! What one statistic found, as a terminal shows it: the places that stand out first.

use std::fmt::Write as _;

use crate::layer::{HowMade, Scored, foremost, telling_columns};
use crate::stats::SurfaceScores;
use crate::table::Table;

use super::english as say;
use super::output::table_text;

/// Rows printed of a table.
const ROWS_PRINTED: usize = 20;

/// Everything that was found, and how it was made.
pub(super) fn found_text(scored: &Scored) -> String {
    let mut text = heading(&scored.how_made);
    for layer in &scored.layers {
        let table = layer.table();
        let (rows, order) = foremost(&table);
        let unscored = table.rows.len() - rows.len();
        let _ = writeln!(text, "\n{}{}", table.title, say::by(&order));
        text += &printed(&Table { rows, ..table });
        if unscored > 0 {
            let _ = writeln!(text, "{}", say::unscored(unscored));
        }
    }
    for table in &scored.tables {
        let _ = writeln!(text, "\n{}", table.title);
        text += &printed(table);
    }
    for SurfaceScores { id, unit, surface, defined } in &scored.surfaces {
        let known = |i: usize| defined.as_ref().is_none_or(|defined| defined[i]);
        let values = surface.values.iter().enumerate().filter(|(i, _)| known(*i));
        let most = values.map(|(_, value)| *value).fold(f64::NEG_INFINITY, f64::max);
        let size = (surface.n_columns, surface.n_rows);
        let _ = writeln!(text, "\n{}", say::surface(id, size, surface.cell, (most, unit)));
    }
    for (what, how) in &scored.how_made.methods {
        let _ = writeln!(text, "\n{}", say::method(what, how));
    }
    text
}

/// What it is about: where, which incidents, when, how many.
fn heading(made: &HowMade) -> String {
    let about =
        [&made.area, &made.crime_types_label, &made.window_label].map(String::as_str).join(", ");
    say::counted(&about, made.n_incidents, made.n_mapped) + "\n"
}

fn printed(table: &Table) -> String {
    let columns: Vec<&str> =
        telling_columns(table).into_iter().map(|c| table.columns[c].id).collect();
    table_text(table, &columns, ROWS_PRINTED)
}
