//! Layers of a GeoPackage that are views: a view is a query that the file brings along, so what it
//! may do is limited before it runs.
//!
//! Conditions, columns renamed or computed and tables joined are read like a table. What would hold
//! more in memory than the file has (sorting, grouping, a query that repeats itself) is refused, and
//! so are functions that make texts of any length.

use std::collections::HashSet;

use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

use super::super::english::{hint, unread};
use super::super::{LoadedFile, ReadError, brief};
use super::features::broken;

/// Functions whose results are no longer than what they are given.
const FUNCTIONS: &[&str] = &[
    "abs",
    "cast",
    "coalesce",
    "date",
    "datetime",
    "glob",
    "ifnull",
    "iif",
    "instr",
    "julianday",
    "length",
    "like",
    "likely",
    "lower",
    "ltrim",
    "max",
    "min",
    "nullif",
    "round",
    "rtrim",
    "sign",
    "strftime",
    "substr",
    "substring",
    "time",
    "trim",
    "typeof",
    "unicode",
    "unixepoch",
    "unlikely",
    "upper",
];

/// Words of a query plan for what is set aside while it runs.
const SET_ASIDE: &[&str] = &["TEMP B-TREE", "MATERIALIZE", "RECURSIVE", "AUTOMATIC"];

/// Limits what statements of this connection may do from now on to what a view may.
///
/// # Errors
///
/// [`ReadError`] if the names of its tables cannot be read.
pub(super) fn limit(file: &LoadedFile, connection: &Connection) -> Result<(), ReadError> {
    let sql = "SELECT lower(name) FROM sqlite_master WHERE type = 'view' OR (type = 'table' AND \
               rootpage > 0)";
    let names = connection.prepare(sql).and_then(|mut statement| {
        let names = statement.query_map([], |row| row.get::<_, String>(0))?;
        names.collect::<Result<HashSet<String>, _>>()
    });
    let names = names.map_err(|e| broken(file, None, e.to_string()))?;
    // An index that SQLite makes for one query is memory that the file does not have.
    let plain = connection.pragma_update(None, "automatic_index", false);
    plain.map_err(|e| broken(file, None, e.to_string()))?;
    connection.authorizer(Some(move |asked: AuthContext<'_>| match asked.action {
        AuthAction::Select => Authorization::Allow,
        AuthAction::Read { table_name, .. } if names.contains(&table_name.to_lowercase()) => {
            Authorization::Allow
        }
        AuthAction::Function { function_name }
            if FUNCTIONS.contains(&function_name.to_ascii_lowercase().as_str()) =>
        {
            Authorization::Allow
        }
        _ => Authorization::Deny,
    }));
    Ok(())
}

/// Refuses the view `layer`, which `sql` reads, if it does what is not allowed.
///
/// # Errors
///
/// [`ReadError::Refused`] that says what.
pub(super) fn check(
    file: &LoadedFile,
    connection: &Connection,
    layer: &str,
    sql: &str,
) -> Result<(), ReadError> {
    let plan =
        connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).and_then(|mut statement| {
            let steps = statement.query_map([], |row| row.get::<_, String>(3))?;
            steps.collect::<Result<Vec<String>, _>>()
        });
    let steps = plan.map_err(|error| refused(file, layer, &error.to_string()))?;
    let sorts = |step: &&String| SET_ASIDE.iter().any(|word| step.contains(word));
    match steps.iter().find(sorts) {
        Some(_) => Err(refused(file, layer, unread::SORTS)),
        None => Ok(()),
    }
}

/// A layer that is computed by the file, and is not read.
pub(super) fn refused(file: &LoadedFile, layer: &str, why: &str) -> ReadError {
    ReadError::Refused {
        file: file.name.clone(),
        what: unread::computed_layer(&brief(layer, 80), &brief(why, 200)),
        hint: hint::LAYER_AS_TABLE,
    }
}
