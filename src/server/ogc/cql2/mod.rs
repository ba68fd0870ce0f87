//! A bounded subset of CQL2 text (OGC 21-065r2), for `filter`.
//!
//! Comparisons, `AND`, `OR`, `NOT`, `IS NULL`, `IN`, `BETWEEN`, `LIKE` (with `%` and `_`, no case
//! folding) and `S_INTERSECTS` with `BBOX`, `POINT` or `POLYGON`. Every name is checked against the
//! columns while it is read, so that a misspelt one is refused and never means "no match".

use crate::server::english::filter as say;
use crate::table::{Column, Value};

use super::area::{Area, Frame};
use super::kinds::Kind;

mod parse;
#[cfg(test)]
mod tests;

/// Longest filter, in bytes.
pub(super) const LONGEST: usize = 2_048;
/// Most comparisons and connectives.
const MOST_NODES: usize = 32;
/// Deepest nesting.
const DEEPEST: usize = 8;

/// A filter that was read and whose names and types fit the layer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Filter {
    And(Box<Filter>, Box<Filter>),
    Or(Box<Filter>, Box<Filter>),
    Not(Box<Filter>),
    Compare(Operand, Compare, Operand),
    IsNull(usize),
    In(usize, Vec<Literal>),
    Between(usize, f64, f64),
    Like(usize, String),
    Intersects(Area),
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operand {
    Column(usize),
    Literal(Literal),
}

/// A value written in a filter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Literal {
    Number(f64),
    Text(String),
    Flag(bool),
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compare {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Filter {
    /// Reads `text` against the columns of a layer and their kinds.
    ///
    /// # Errors
    ///
    /// What is wrong, in words, with the place in the text.
    pub(crate) fn parse(
        text: &str,
        columns: &[Column],
        kinds: &[Kind],
        frame: &Frame,
    ) -> Result<Self, String> {
        if text.len() > LONGEST {
            return Err(say::too_long(LONGEST));
        }
        parse::filter(text, columns, kinds, frame)
    }

    /// Whether a row fits; `None` where a value it compares is missing.
    pub(crate) fn fits(&self, row: &[Value], meets: &dyn Fn(&Area) -> bool) -> Option<bool> {
        match self {
            Self::And(a, b) => match (a.fits(row, meets), b.fits(row, meets)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Self::Or(a, b) => match (a.fits(row, meets), b.fits(row, meets)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            Self::Not(inner) => inner.fits(row, meets).map(|fits| !fits),
            Self::Compare(a, how, b) => compare(&a.value(row)?, *how, &b.value(row)?),
            Self::IsNull(column) => Some(literal(&row[*column]).is_none()),
            Self::In(column, list) => {
                let value = literal(&row[*column])?;
                Some(list.iter().any(|item| compare(&value, Compare::Equal, item) == Some(true)))
            }
            Self::Between(column, low, high) => match literal(&row[*column])? {
                Literal::Number(number) => Some((*low..=*high).contains(&number)),
                _ => None,
            },
            Self::Like(column, pattern) => match literal(&row[*column])? {
                Literal::Text(text) => Some(like(&text, pattern)),
                _ => None,
            },
            Self::Intersects(area) => Some(meets(area)),
        }
    }
}

impl Operand {
    fn value(&self, row: &[Value]) -> Option<Literal> {
        match self {
            Self::Column(column) => literal(&row[*column]),
            Self::Literal(literal) => Some(literal.clone()),
        }
    }
}

/// The value of a cell, if it has one.
pub(crate) fn literal(value: &Value) -> Option<Literal> {
    match value {
        Value::None => None,
        Value::Count(count) => Some(Literal::Number(*count as f64)),
        Value::Number(number) => number.is_finite().then_some(Literal::Number(*number)),
        Value::Text(text) => Some(Literal::Text(text.clone())),
        Value::Flag(flag) => Some(Literal::Flag(*flag)),
    }
}

fn compare(a: &Literal, how: Compare, b: &Literal) -> Option<bool> {
    let order = match (a, b) {
        (Literal::Number(a), Literal::Number(b)) => a.partial_cmp(b)?,
        (Literal::Text(a), Literal::Text(b)) => a.cmp(b),
        (Literal::Flag(a), Literal::Flag(b)) => a.cmp(b),
        _ => return None,
    };
    Some(match how {
        Compare::Equal => order.is_eq(),
        Compare::Unequal => order.is_ne(),
        Compare::Less => order.is_lt(),
        Compare::LessOrEqual => order.is_le(),
        Compare::Greater => order.is_gt(),
        Compare::GreaterOrEqual => order.is_ge(),
    })
}

/// Whether `text` fits `pattern`: `%` stands for any letters, `_` for one, a backslash takes the
/// next letter as it is.
fn like(text: &str, pattern: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let mut wanted: Vec<(char, bool)> = Vec::new();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => wanted.extend(letters.next().map(|next| (next, false))),
            other => wanted.push((other, matches!(other, '%' | '_'))),
        }
    }
    // One pass with a single way back, so that no pattern takes more than length times length.
    let (mut t, mut w, mut back) = (0, 0, None);
    while t < text.len() {
        match wanted.get(w) {
            Some(('%', true)) => {
                back = Some((w, t));
                w += 1;
            }
            Some((letter, wild)) if *wild || *letter == text[t] => {
                t += 1;
                w += 1;
            }
            _ => match back {
                Some((at, from)) => {
                    back = Some((at, from + 1));
                    w = at + 1;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    wanted[w..].iter().all(|item| *item == ('%', true))
}
