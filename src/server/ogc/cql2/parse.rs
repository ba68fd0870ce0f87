//! Filters read word by word, every name and type checked on the way.

use super::{Compare, DEEPEST, Filter, Literal, MOST_NODES, Operand};
use crate::server::english::filter as say;
use crate::server::ogc::area::Frame;
use crate::server::ogc::kinds::Kind;
use crate::table::Column;

/// The filter that `text` says, from its first word to its last.
pub(super) fn filter(
    text: &str,
    columns: &[Column],
    kinds: &[Kind],
    frame: &Frame,
) -> Result<Filter, String> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, nodes: 0, columns, kinds, frame };
    let filter = parser.or(0)?;
    match parser.tokens.get(parser.at) {
        None => Ok(filter),
        Some(token) => Err(say::one_too_many(token)),
    }
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
                    None => return Err(say::open_quote(start + 1)),
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
            return Err(say::no_meaning(letter));
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
        Err(say::other_word(word, self.peek()))
    }

    fn next(&mut self) -> Result<String, String> {
        let token = self.tokens.get(self.at).cloned().ok_or(say::BREAKS_OFF)?;
        self.at += 1;
        Ok(token)
    }

    fn node(&mut self, depth: usize) -> Result<(), String> {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            return Err(say::too_many(MOST_NODES));
        }
        if depth > DEEPEST {
            return Err(say::too_deep(DEEPEST));
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
            return Err(say::no_geometry(&property));
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
                    number
                        .parse::<f64>()
                        .ok()
                        .filter(|number| number.is_finite())
                        .ok_or_else(|| say::no_coordinate(number))?,
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
                return Err(say::unknown_shape(&kind, numbers.len()));
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
                say::no_property(name, &known)
            },
        )
    }

    fn literal(&mut self) -> Result<Literal, String> {
        match self.operand()? {
            Operand::Literal(literal) => Ok(literal),
            Operand::Column(column) => Err(say::value_wanted(self.columns[column].id)),
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
            return Err(say::AFTER_NOT.to_owned());
        }
        let sign = self.next()?;
        let how = match sign.as_str() {
            "=" => Compare::Equal,
            "<>" => Compare::Unequal,
            "<" => Compare::Less,
            "<=" => Compare::LessOrEqual,
            ">" => Compare::Greater,
            ">=" => Compare::GreaterOrEqual,
            other => return Err(say::no_comparison(other)),
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
        if a == b { Ok(()) } else { Err(say::not_compared(a.words(), b.words())) }
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
            return Err(say::BETWEEN_NUMBERS.to_owned());
        };
        self.same_kind(left, &Operand::Literal(Literal::Number(low)))?;
        Ok(Filter::Between(column, low, high))
    }

    fn like(&mut self, left: &Operand) -> Result<Filter, String> {
        let column = column_of(left)?;
        let Literal::Text(pattern) = self.literal()? else {
            return Err(say::LIKE_TEXT.to_owned());
        };
        self.same_kind(left, &Operand::Literal(Literal::Text(String::new())))?;
        Ok(Filter::Like(column, pattern))
    }
}

fn column_of(operand: &Operand) -> Result<usize, String> {
    match operand {
        Operand::Column(column) => Ok(*column),
        Operand::Literal(_) => Err(say::PROPERTY_ON_THE_LEFT.to_owned()),
    }
}
