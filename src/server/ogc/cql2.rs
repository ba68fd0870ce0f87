//! A bounded subset of CQL2 text (OGC 21-065r2), for `filter`.
//!
//! Comparisons, `AND`, `OR`, `NOT`, `IS NULL`, `IN`, `BETWEEN`, `LIKE` (with `%` and `_`, no case
//! folding) and `S_INTERSECTS` with `BBOX`, `POINT` or `POLYGON`. Every name is checked against the
//! columns while it is read, so that a misspelt one is refused and never means "no match".

use std::str::FromStr;

use crate::table::{Column, Value};

use super::area::{Area, Frame};
use super::kinds::Kind;

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
            return Err(format!("longer than {LONGEST} bytes"));
        }
        let mut parser = Parser { tokens: tokens(text)?, at: 0, nodes: 0, columns, kinds, frame };
        let filter = parser.or(0)?;
        match parser.tokens.get(parser.at) {
            None => Ok(filter),
            Some(token) => Err(format!("`{token}` is one word too many")),
        }
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

/// Cuts a filter into words, numbers, quoted texts (with their quotes) and signs.
fn tokens(text: &str) -> Result<Vec<String>, String> {
    let mut tokens = Vec::new();
    let letters: Vec<char> = text.chars().collect();
    let mut i = 0;
    while i < letters.len() {
        let start = i;
        let letter = letters[i];
        i += 1;
        if letter.is_whitespace() {
            continue;
        }
        if letter == '\'' || letter == '"' {
            loop {
                match letters.get(i) {
                    None => return Err(format!("a quote at letter {} is not closed", start + 1)),
                    Some(next) if *next == letter && letters.get(i + 1) == Some(&letter) => i += 2,
                    Some(next) if *next == letter => break,
                    Some(_) => i += 1,
                }
            }
            i += 1;
        } else if letter.is_alphanumeric() || matches!(letter, '_' | '.' | '-' | '+') {
            let more = |c: &char| c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '-' | '+');
            while letters.get(i).is_some_and(more) {
                i += 1;
            }
        } else if matches!(letter, '<' | '>') && matches!(letters.get(i), Some('=' | '>')) {
            i += 1;
        } else if !matches!(letter, '(' | ')' | ',' | '=' | '<' | '>') {
            return Err(format!("`{letter}` has no meaning in a filter"));
        }
        tokens.push(letters[start..i].iter().collect());
    }
    Ok(tokens)
}

struct Parser<'a> {
    tokens: Vec<String>,
    at: usize,
    nodes: usize,
    columns: &'a [Column],
    kinds: &'a [Kind],
    frame: &'a Frame,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.at).map(String::as_str)
    }

    fn word(&mut self, word: &str) -> bool {
        let found = self.peek().is_some_and(|token| token.eq_ignore_ascii_case(word));
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, word: &str) -> Result<(), String> {
        if self.word(word) {
            return Ok(());
        }
        let found = self.peek().map_or("the end".to_owned(), |token| format!("`{token}`"));
        Err(format!("`{word}` wanted, {found} found"))
    }

    fn next(&mut self) -> Result<String, String> {
        let token = self.tokens.get(self.at).cloned().ok_or("the filter breaks off")?;
        self.at += 1;
        Ok(token)
    }

    fn node(&mut self, depth: usize) -> Result<(), String> {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            return Err(format!("more than {MOST_NODES} comparisons"));
        }
        if depth > DEEPEST {
            return Err(format!("nested deeper than {DEEPEST}"));
        }
        Ok(())
    }

    fn or(&mut self, depth: usize) -> Result<Filter, String> {
        let mut filter = self.and(depth)?;
        while self.word("OR") {
            self.node(depth)?;
            filter = Filter::Or(Box::new(filter), Box::new(self.and(depth)?));
        }
        Ok(filter)
    }

    fn and(&mut self, depth: usize) -> Result<Filter, String> {
        let mut filter = self.not(depth)?;
        while self.word("AND") {
            self.node(depth)?;
            filter = Filter::And(Box::new(filter), Box::new(self.not(depth)?));
        }
        Ok(filter)
    }

    fn not(&mut self, depth: usize) -> Result<Filter, String> {
        self.node(depth)?;
        if self.word("NOT") {
            return Ok(Filter::Not(Box::new(self.not(depth + 1)?)));
        }
        if self.word("(") {
            let inner = self.or(depth + 1)?;
            self.expect(")")?;
            return Ok(inner);
        }
        if self.word("S_INTERSECTS") {
            return self.intersects();
        }
        self.comparison()
    }

    fn intersects(&mut self) -> Result<Filter, String> {
        self.expect("(")?;
        let property = self.next()?;
        if !matches!(property.trim_matches('"'), "geometry" | "geom") {
            return Err(format!("`{property}` is no geometry; the geometry is called `geometry`"));
        }
        self.expect(",")?;
        let kind = self.next()?.to_ascii_uppercase();
        let mut numbers = Vec::new();
        let mut open = 0_i32;
        loop {
            match self.next()?.as_str() {
                "(" => open += 1,
                ")" => open -= 1,
                "," => {}
                number => numbers.push(
                    f64::from_str(number)
                        .ok()
                        .filter(|number| number.is_finite())
                        .ok_or_else(|| format!("`{number}` is no coordinate"))?,
                ),
            }
            if open == 0 {
                break;
            }
        }
        self.expect(")")?;
        let area = match (kind.as_str(), numbers.as_slice()) {
            ("BBOX", [west, south, east, north]) => {
                self.frame.boxed([*west, *south, *east, *north])?
            }
            ("POINT", [lon, lat]) => self.frame.point(*lon, *lat)?,
            ("POLYGON", pairs) if pairs.len() >= 8 && pairs.len().is_multiple_of(2) => {
                self.frame
                    .polygon(pairs.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect())?
            }
            _ => {
                return Err(format!(
                    "`{kind}` with {} numbers is not read; BBOX(w,s,e,n), POINT(x y) and \
                     POLYGON((x y, ...)) are",
                    numbers.len()
                ));
            }
        };
        Ok(Filter::Intersects(area))
    }

    fn operand(&mut self) -> Result<Operand, String> {
        let token = self.next()?;
        if let Some(quoted) = token.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
            return Ok(Operand::Literal(Literal::Text(quoted.replace("''", "'"))));
        }
        if let Ok(number) = token.parse::<f64>()
            && number.is_finite()
            && !token.starts_with(|c: char| c.is_alphabetic())
        {
            return Ok(Operand::Literal(Literal::Number(number)));
        }
        match token.to_ascii_uppercase().as_str() {
            "TRUE" => return Ok(Operand::Literal(Literal::Flag(true))),
            "FALSE" => return Ok(Operand::Literal(Literal::Flag(false))),
            _ => {}
        }
        let name = token.trim_matches('"');
        self.columns.iter().position(|column| column.id == name).map(Operand::Column).ok_or_else(
            || {
                let known: Vec<&str> = self.columns.iter().map(|column| column.id).collect();
                format!("there is no property `{name}` (there are: {})", known.join(", "))
            },
        )
    }

    fn literal(&mut self) -> Result<Literal, String> {
        match self.operand()? {
            Operand::Literal(literal) => Ok(literal),
            Operand::Column(column) => {
                Err(format!("a value wanted, the property `{}` found", self.columns[column].id))
            }
        }
    }

    fn comparison(&mut self) -> Result<Filter, String> {
        let left = self.operand()?;
        if self.word("IS") {
            let not = self.word("NOT");
            self.expect("NULL")?;
            let filter = Filter::IsNull(column_of(&left)?);
            return Ok(if not { Filter::Not(Box::new(filter)) } else { filter });
        }
        let not = self.word("NOT");
        let special = if self.word("IN") {
            Some(self.one_of(&left)?)
        } else if self.word("BETWEEN") {
            Some(self.between(&left)?)
        } else if self.word("LIKE") {
            Some(self.like(&left)?)
        } else {
            None
        };
        if let Some(filter) = special {
            return Ok(if not { Filter::Not(Box::new(filter)) } else { filter });
        }
        if not {
            return Err("after NOT comes IN, BETWEEN or LIKE".to_owned());
        }
        let sign = self.next()?;
        let how = match sign.as_str() {
            "=" => Compare::Equal,
            "<>" => Compare::Unequal,
            "<" => Compare::Less,
            "<=" => Compare::LessOrEqual,
            ">" => Compare::Greater,
            ">=" => Compare::GreaterOrEqual,
            other => return Err(format!("`{other}` is no comparison")),
        };
        let right = self.operand()?;
        self.same_kind(&left, &right)?;
        Ok(Filter::Compare(left, how, right))
    }

    fn kind(&self, operand: &Operand) -> Kind {
        match operand {
            Operand::Column(column) => self.kinds[*column].plain(),
            Operand::Literal(Literal::Number(_)) => Kind::Number,
            Operand::Literal(Literal::Text(_)) => Kind::Text,
            Operand::Literal(Literal::Flag(_)) => Kind::Flag,
        }
    }

    fn same_kind(&self, left: &Operand, right: &Operand) -> Result<(), String> {
        let (a, b) = (self.kind(left), self.kind(right));
        if a == b {
            Ok(())
        } else {
            Err(format!("{} cannot be compared with {}", a.words(), b.words()))
        }
    }

    fn one_of(&mut self, left: &Operand) -> Result<Filter, String> {
        let column = column_of(left)?;
        self.expect("(")?;
        let mut list = Vec::new();
        loop {
            let item = self.literal()?;
            self.same_kind(left, &Operand::Literal(item.clone()))?;
            list.push(item);
            if !self.word(",") {
                break;
            }
        }
        self.expect(")")?;
        Ok(Filter::In(column, list))
    }

    fn between(&mut self, left: &Operand) -> Result<Filter, String> {
        let column = column_of(left)?;
        let low = self.literal()?;
        self.expect("AND")?;
        let (Literal::Number(low), Literal::Number(high)) = (low, self.literal()?) else {
            return Err("BETWEEN takes numbers".to_owned());
        };
        self.same_kind(left, &Operand::Literal(Literal::Number(low)))?;
        Ok(Filter::Between(column, low, high))
    }

    fn like(&mut self, left: &Operand) -> Result<Filter, String> {
        let column = column_of(left)?;
        let Literal::Text(pattern) = self.literal()? else {
            return Err("LIKE takes a text in single quotes".to_owned());
        };
        self.same_kind(left, &Operand::Literal(Literal::Text(String::new())))?;
        Ok(Filter::Like(column, pattern))
    }
}

fn column_of(operand: &Operand) -> Result<usize, String> {
    match operand {
        Operand::Column(column) => Ok(*column),
        Operand::Literal(_) => Err("a property is wanted on the left".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[
        Column::new("name", "Name", "", 0),
        Column::new("count", "Count", "", 0),
        Column::new("rate", "Rate", "", 1),
    ];
    const KINDS: &[Kind] = &[Kind::Text, Kind::Whole, Kind::Number];

    fn fits(filter: &str, row: &[Value]) -> Option<bool> {
        Filter::parse(filter, COLUMNS, KINDS, &Frame::world()).unwrap().fits(row, &|_| true)
    }

    fn refused(filter: &str) -> String {
        Filter::parse(filter, COLUMNS, KINDS, &Frame::world()).unwrap_err()
    }

    #[test]
    fn comparisons_and_connectives_are_read() {
        let row = [Value::from("Old Town's End"), Value::Count(12), Value::Number(3.5)];
        for (filter, wanted) in [
            ("count = 12", true),
            ("count <> 12", false),
            ("count >= 12 AND rate < 3.6", true),
            ("count < 12 OR rate > 3", true),
            ("NOT (count = 12)", false),
            ("name = 'Old Town''s End'", true),
            ("name LIKE 'Old%'", true),
            ("name LIKE '%end'", false),
            ("name LIKE '_ld%E_d'", true),
            ("name NOT LIKE 'New%'", true),
            ("count IN (1, 12)", true),
            ("count NOT IN (1, 12)", false),
            ("rate BETWEEN 3 AND 4", true),
            ("count IS NOT NULL", true),
            ("\"count\" = +12", true),
            ("count = 1 OR count = 12 AND rate = 3.5", true),
        ] {
            assert_eq!(fits(filter, &row), Some(wanted), "{filter}");
        }
    }

    #[test]
    fn a_missing_value_fits_nothing_but_is_null() {
        let row = [Value::None, Value::Count(1), Value::None];

        assert_eq!(fits("rate > 1", &row), None);
        assert_eq!(fits("NOT rate > 1", &row), None);
        assert_eq!(fits("rate > 1 OR count = 1", &row), Some(true));
        assert_eq!(fits("rate IS NULL", &row), Some(true));
    }

    #[test]
    fn what_is_not_understood_is_refused_by_name() {
        assert!(
            refused("cuont = 1").contains("no property `cuont` (there are: name, count, rate)")
        );
        assert!(refused("count = 'x'").contains("number cannot be compared with text"));
        assert!(refused("count = 1 count").contains("one word too many"));
        assert!(refused("name = 'x").contains("not closed"));
        assert!(refused("count ; 1").contains("`;` has no meaning"));
        assert!(refused("(count = 1").contains("`)` wanted"));
        assert!(refused("S_INTERSECTS(geometry, LINESTRING(0 0, 1 1))").contains("LINESTRING"));
        assert!(refused(&"(".repeat(20)).contains("nested deeper"));
        assert!(refused(&vec!["count=1"; 40].join(" OR ")).contains("more than 32"));
        assert!(refused(&"x".repeat(3000)).contains("longer than"));
    }

    #[test]
    fn a_pattern_of_many_wildcards_ends() {
        let text = "a".repeat(2000);

        assert!(!like(&text, &("%a".repeat(900) + "b")));
    }
}
