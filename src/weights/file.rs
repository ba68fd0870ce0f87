//! Weights from a file, its units matched by code: GAL, GWT and KWT.

use std::collections::{HashMap, HashSet};

use thiserror::Error;

use super::{NeighboursError, Weights, english as say};

/// Codes named in a message at most.
const NAMED: usize = 5;

/// Format of a file of weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeightsFormat {
    /// Neighbours only: a line with code and number, a line with that many codes.
    Gal,
    /// A line for each link: code, code of the neighbour, weight or distance.
    Gwt,
    /// As GWT, its third column certainly a weight (of a kernel).
    Kwt,
}

impl WeightsFormat {
    /// The format of a file with this extension.
    pub fn of_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "gal" => Some(Self::Gal),
            "gwt" => Some(Self::Gwt),
            "kwt" => Some(Self::Kwt),
            _ => None,
        }
    }
}

/// What is wrong with a file of weights.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum WeightsFileError {
    /// A line that is not as the format has it.
    #[error("{file}, line {line}: found `{found}`, wanted {wanted}")]
    Line {
        /// File as named.
        file: String,
        /// Line, counted from 1.
        line: usize,
        /// What is there.
        found: String,
        /// What should be.
        wanted: &'static str,
    },
    /// A link that is written twice.
    #[error("{file}, line {line}: the neighbour `{to}` of `{from}` is named twice")]
    Twice {
        /// File as named.
        file: String,
        /// Line of the second, counted from 1.
        line: usize,
        /// Code of the unit.
        from: String,
        /// Code of the neighbour.
        to: String,
    },
    /// Codes in the file that are no units.
    #[error("{file} names {count} units that are not among the {n_units} scored, such as {first}")]
    Unknown {
        /// File as named.
        file: String,
        /// How many.
        count: usize,
        /// The first few.
        first: String,
        /// Units there are.
        n_units: usize,
    },
    /// Units that the file does not have.
    #[error("{file} lacks {count} of the {n_units} units scored, such as {first}")]
    Missing {
        /// File as named.
        file: String,
        /// How many.
        count: usize,
        /// The first few.
        first: String,
        /// Units there are.
        n_units: usize,
    },
    /// Two units of one code, which no file can tell apart.
    #[error("two of the units scored have the code `{0}`, so weights cannot be matched by code")]
    Ambiguous(String),
    /// A weight that is none.
    #[error("{file}: {source}")]
    Weights {
        /// File as named.
        file: String,
        /// What is wrong.
        source: NeighboursError,
    },
}

/// Links between codes, as a file has them.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightsFile {
    /// File as named.
    pub name: String,
    format: WeightsFormat,
    /// Codes in the order they come.
    codes: Vec<String>,
    /// Unit, neighbour (both as positions in `codes`) and third column.
    links: Vec<(usize, usize, f64)>,
    /// Units the first line says there are.
    n_declared: Option<usize>,
    /// Links of a unit to itself, left out.
    n_own: usize,
}

/// Words of a text with the line each stands in.
struct Words<'a> {
    file: &'a str,
    left: std::iter::Peekable<std::vec::IntoIter<(usize, &'a str)>>,
    last_line: usize,
}

impl<'a> Words<'a> {
    fn next(&mut self, wanted: &'static str) -> Result<(usize, &'a str), WeightsFileError> {
        self.left.next().ok_or_else(|| WeightsFileError::Line {
            file: self.file.to_owned(),
            line: self.last_line,
            found: "the end of the file".to_owned(),
            wanted,
        })
    }

    fn number<T: std::str::FromStr>(
        &mut self,
        wanted: &'static str,
    ) -> Result<(usize, T), WeightsFileError> {
        let (line, word) = self.next(wanted)?;
        let wrong = |_| WeightsFileError::Line {
            file: self.file.to_owned(),
            line,
            found: word.to_owned(),
            wanted,
        };
        word.parse().map(|number| (line, number)).map_err(wrong)
    }
}

impl WeightsFile {
    /// Reads the text of a file.
    ///
    /// The first line has the number of units, or `0`, that number, the name of a file and of a
    /// column. Links of a unit to itself are left out: a statistic that counts the unit itself says
    /// so.
    ///
    /// # Errors
    ///
    /// [`WeightsFileError`] with the line.
    pub fn parse(name: &str, format: WeightsFormat, text: &str) -> Result<Self, WeightsFileError> {
        let text = text.trim_start_matches('\u{feff}');
        let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let (header_line, header) = lines.next().unwrap_or((0, ""));
        let fields: Vec<&str> = header.split_whitespace().collect();
        let count = if fields.len() > 1 { fields.get(1) } else { fields.first() };
        let Some(n_declared) = count.and_then(|count| count.parse().ok()) else {
            return Err(WeightsFileError::Line {
                file: name.to_owned(),
                line: header_line + 1,
                found: header.to_owned(),
                wanted: "the number of units, alone or after a 0",
            });
        };
        let words: Vec<(usize, &str)> = lines
            .flat_map(|(line, text)| text.split_whitespace().map(move |word| (line + 1, word)))
            .collect();
        let last_line = words.last().map_or(header_line + 1, |(line, _)| *line);
        let words = Words { file: name, left: words.into_iter().peekable(), last_line };
        let mut file = Self {
            name: name.to_owned(),
            format,
            codes: Vec::new(),
            links: Vec::new(),
            n_declared: Some(n_declared),
            n_own: 0,
        };
        file.read(words)?;
        Ok(file)
    }

    fn read(&mut self, mut words: Words<'_>) -> Result<(), WeightsFileError> {
        let mut positions: HashMap<String, usize> = HashMap::new();
        let mut seen: HashSet<(usize, usize)> = HashSet::new();
        let mut code = |codes: &mut Vec<String>, word: &str| {
            *positions.entry(word.to_owned()).or_insert_with(|| {
                codes.push(word.to_owned());
                codes.len() - 1
            })
        };
        while words.left.peek().is_some() {
            let (_, from) = words.next("the code of a unit")?;
            let unit = code(&mut self.codes, from);
            let n = match self.format {
                WeightsFormat::Gal => words.number::<usize>("a number of neighbours")?.1,
                WeightsFormat::Gwt | WeightsFormat::Kwt => 1,
            };
            for _ in 0..n {
                let (line, to) = words.next("the code of a neighbour")?;
                let neighbour = code(&mut self.codes, to);
                let third = match self.format {
                    WeightsFormat::Gal => 1.0,
                    WeightsFormat::Gwt | WeightsFormat::Kwt => {
                        words.number("a weight or distance")?.1
                    }
                };
                if neighbour == unit {
                    self.n_own += 1;
                    continue;
                }
                if !seen.insert((unit, neighbour)) {
                    let file = self.name.clone();
                    let (from, to) = (from.to_owned(), to.to_owned());
                    return Err(WeightsFileError::Twice { file, line, from, to });
                }
                self.links.push((unit, neighbour, third));
            }
        }
        Ok(())
    }

    /// The weights of these units, matched by code.
    ///
    /// `weighted` says whether the third column is what a neighbour counts; each counts 1
    /// otherwise. A GWT file names no islands, so a unit that it does not have is taken as one if
    /// its first line counts as many units as there are.
    ///
    /// # Errors
    ///
    /// [`WeightsFileError`] with the codes that match nothing on the other side, or if two units
    /// share a code.
    pub fn matched(&self, ids: &[String], weighted: bool) -> Result<Weights, WeightsFileError> {
        let mut units: HashMap<&str, usize> = HashMap::with_capacity(ids.len());
        for (unit, id) in ids.iter().enumerate() {
            if units.insert(id, unit).is_some() {
                return Err(WeightsFileError::Ambiguous(id.clone()));
            }
        }
        let some = |codes: &[&str]| codes[..codes.len().min(NAMED)].join(", ");
        let found: Vec<Option<usize>> =
            self.codes.iter().map(|code| units.get(code.as_str()).copied()).collect();
        let unknown: Vec<&str> = self
            .codes
            .iter()
            .zip(&found)
            .filter(|(_, unit)| unit.is_none())
            .map(|(code, _)| code.as_str())
            .collect();
        let (file, n_units) = (self.name.clone(), ids.len());
        if !unknown.is_empty() {
            let (count, first) = (unknown.len(), some(&unknown));
            return Err(WeightsFileError::Unknown { file, count, first, n_units });
        }
        let named: HashSet<usize> = found.iter().flatten().copied().collect();
        let missing: Vec<&str> = (0..n_units)
            .filter(|unit| !named.contains(unit))
            .map(|unit| ids[unit].as_str())
            .collect();
        let may_be_islands = self.format != WeightsFormat::Gal && self.n_declared == Some(n_units);
        if !(missing.is_empty() || may_be_islands) {
            let (count, first) = (missing.len(), some(&missing));
            return Err(WeightsFileError::Missing { file, count, first, n_units });
        }
        let mut lists = vec![Vec::new(); n_units];
        for &(from, to, third) in &self.links {
            if let (Some(from), Some(to)) = (found[from], found[to]) {
                lists[from].push((to, if weighted { third } else { 1.0 }));
            }
        }
        Weights::from_lists(&lists).map_err(|source| WeightsFileError::Weights { file, source })
    }

    /// What a reader of the scores should know of this file.
    pub fn notes(&self, weighted: bool) -> Vec<String> {
        let mut notes = Vec::new();
        if self.n_own > 0 {
            notes.push(say::own_links(self.n_own, &self.name));
        }
        let most = self.links.iter().map(|link| link.2).fold(0.0, f64::max);
        if weighted && self.format == WeightsFormat::Gwt && most > 1.0 {
            notes.push(say::third_column(&self.name, most));
        }
        notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(codes: &[&str]) -> Vec<String> {
        codes.iter().map(|code| (*code).to_owned()).collect()
    }

    fn gal(text: &str) -> Result<WeightsFile, WeightsFileError> {
        WeightsFile::parse("wards.gal", WeightsFormat::Gal, text)
    }

    fn gwt(text: &str) -> Result<WeightsFile, WeightsFileError> {
        WeightsFile::parse("wards.gwt", WeightsFormat::Gwt, text)
    }

    #[test]
    fn a_gal_file_is_matched_by_code_in_any_order() {
        let file = gal("0 3 wards code\nC 1\nA\nA 2\nB C\nB 1\nA\n").unwrap();

        let weights = file.matched(&ids(&["A", "B", "C"]), true).unwrap();

        assert_eq!(weights.of(0), [1, 2]);
        assert_eq!(weights.of(2), [0]);
        assert_eq!(weights, file.matched(&ids(&["A", "B", "C"]), false).unwrap());
    }

    #[test]
    fn an_island_has_an_empty_line_or_none() {
        let old_header = gal("3\n1 1\n2\n2 1\n1\n3 0\n\n").unwrap();
        let links_only = gwt("0 3 wards code\n1 2 1\n2 1 1\n").unwrap();

        let from = |file: WeightsFile| file.matched(&ids(&["1", "2", "3"]), true).unwrap();

        assert_eq!(from(old_header.clone()).islands().collect::<Vec<_>>(), [2]);
        assert_eq!(from(old_header), from(links_only));
    }

    #[test]
    fn the_third_column_weighs_unless_told_otherwise() {
        let file = gwt("0 2 wards code\nA B 250.5\nB A 250.5\nA A 1\n").unwrap();

        let weighted = file.matched(&ids(&["A", "B"]), true).unwrap();

        assert_eq!(weighted.row(0).collect::<Vec<_>>(), [(1, 250.5)]);
        assert_eq!(file.matched(&ids(&["A", "B"]), false).unwrap().values_of(0), None);
        let notes = file.notes(true).join(" ");
        assert!(
            notes.contains("250.5") && notes.contains("1 links of a unit to itself"),
            "{notes}"
        );
        assert_eq!(file.notes(false).len(), 1);
    }

    #[test]
    fn what_matches_nothing_is_named() {
        let file = gal("2\nA 1\nX\nX 1\nA\n").unwrap();

        let unknown = file.matched(&ids(&["A", "B"]), true).unwrap_err().to_string();
        let missing = file.matched(&ids(&["A", "X", "Q"]), true).unwrap_err().to_string();
        let twice = file.matched(&ids(&["A", "X", "A"]), true).unwrap_err();

        assert!(unknown.contains("names 1 units") && unknown.ends_with("such as X"), "{unknown}");
        assert!(
            missing.contains("lacks 1 of the 3") && missing.ends_with("such as Q"),
            "{missing}"
        );
        assert_eq!(twice, WeightsFileError::Ambiguous("A".to_owned()));
    }

    #[test]
    fn a_file_that_is_none_says_where() {
        for (file, said) in [
            (gal(""), "line 1: found ``, wanted the number of units"),
            (gal("ward\nA 1\nB"), "line 1: found `ward`"),
            (gal("2\nA one\n"), "line 2: found `one`, wanted a number of neighbours"),
            (gal("2\nA 2\nB\n"), "line 3: found `the end of the file`"),
            (gwt("0 2 w c\nA B far\n"), "line 2: found `far`, wanted a weight"),
            (gwt("0 2 w c\nA B 1\nA B 2\n"), "line 3: the neighbour `B` of `A` is named twice"),
        ] {
            let error = file.unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
        let negative = gwt("0 2 w c\nA B -1\n").unwrap().matched(&ids(&["A", "B"]), true);
        assert!(matches!(negative, Err(WeightsFileError::Weights { .. })));
    }
}
