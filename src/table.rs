//! A small typed table: what reports, CSV files and the page's tables are made from.

use serde::Serialize;

/// One cell of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Nothing to say: printed as an empty cell, `null` in JSON.
    None,
    /// A whole number.
    Count(i64),
    /// A number with decimals.
    Number(f64),
    /// Words.
    Text(String),
    /// Yes or no.
    Flag(bool),
}

impl Value {
    /// A number, or nothing where there is none to give.
    pub fn number(value: Option<f64>) -> Self {
        // The sum of nothing is -0, which nobody should read.
        value.map_or(Self::None, |number| Self::Number(number + 0.0))
    }

    /// A whole number, or nothing.
    pub fn count(value: Option<i64>) -> Self {
        value.map_or(Self::None, Self::Count)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Column {
    /// Name in files and JSON, such as `rate_low`.
    pub id: &'static str,
    /// Name on screen, such as `Rate, lower`.
    pub label: &'static str,
    /// Unit in words, empty where there is none.
    pub unit: &'static str,
    /// Decimals to print.
    pub decimals: u8,
}

impl Column {
    /// A column of this name, label, unit (in words; empty for none) and number of decimals.
    pub const fn new(
        id: &'static str,
        label: &'static str,
        unit: &'static str,
        decimals: u8,
    ) -> Self {
        Self { id, label, unit, decimals }
    }
}

/// Rows under named columns.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// Name in files and URLs.
    pub id: String,
    /// Heading on screen.
    pub title: String,
    /// What each cell of a row is.
    pub columns: Vec<Column>,
    /// Cells, as many in each row as there are columns.
    pub rows: Vec<Vec<Value>>,
}

/// A number as people read it; one that would round to zero keeps its size, as 1.2e-13: a p-value of
/// 0.0000 would read as impossible.
pub fn shown(x: f64, decimals: u8) -> String {
    if x != 0.0 && decimals > 0 && x.abs() < 0.5 * 10_f64.powi(-i32::from(decimals)) {
        return format!("{x:.1e}");
    }
    format!("{x:.*}", usize::from(decimals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_of_nothing_is_written_as_zero() {
        let nothing: f64 = std::iter::empty::<f64>().sum();

        assert!(nothing.is_sign_negative());
        assert_eq!(serde_json::to_string(&Value::number(Some(nothing))).unwrap(), "0.0");
    }

    #[test]
    fn what_rounds_to_zero_is_not_said_to_be_zero() {
        assert_eq!(shown(1.2e-13, 4), "1.2e-13");
        assert_eq!(shown(0.0, 4), "0.0000");
        assert_eq!(shown(-1e-9, 2), "-1.0e-9");
        assert_eq!(shown(0.3, 0), "0");
        assert_eq!(shown(-12.345, 2), "-12.35");
        assert_eq!(shown(0.00005, 4), "0.0001");
    }
}
