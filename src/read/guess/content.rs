//! What the columns of an incident file are by what stands in them, where its headers say nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::read::category_match::{TextRules, code_keys};
use crate::read::dates::FormVote;
use crate::read::{Layouts, Profile, RawTable, ReadError, category_table, header_key, words_key};
use crate::workspace::Field;

use super::IncidentGuess;

/// Rows looked at.
const ROWS: usize = 2_000;

/// Share of a column's filled cells that must look alike.
const MOST: f64 = 0.9;

/// Share of a column's filled cells that a layout's categories must know.
const KNOWN: f64 = 0.6;

/// The first cells of one column, empty ones left out.
#[derive(Debug, Default)]
struct Sample {
    cells: Vec<String>,
    distinct: BTreeSet<String>,
}

impl Sample {
    fn add(&mut self, cell: &str) {
        if !cell.is_empty() && !cell.eq_ignore_ascii_case("null") {
            self.cells.push(cell.to_owned());
            self.distinct.insert(cell.to_owned());
        }
    }

    /// Whether nearly all cells are `kind`.
    fn are(&self, kind: impl Fn(&str) -> bool) -> bool {
        let fitting = self.cells.iter().filter(|cell| kind(cell)).count();
        fitting > 0 && fitting as f64 >= MOST * self.cells.len() as f64
    }
}

fn number(cell: &str) -> Option<f64> {
    cell.replace(',', "").parse().ok()
}

/// A whole number of metres, or one with decimals, within `range`.
fn is_metres(cell: &str, range: std::ops::RangeInclusive<f64>) -> bool {
    let digits = cell.bytes().take_while(|b| b.is_ascii_digit() || *b == b',').count();
    digits >= 5 && number(cell).is_some_and(|value| range.contains(&value))
}

fn is_degrees(cell: &str, range: std::ops::RangeInclusive<f64>) -> bool {
    cell.contains('.') && number(cell).is_some_and(|value| range.contains(&value))
}

/// A National Grid reference with its letters.
fn is_grid_reference(cell: &str) -> bool {
    let plain: String = cell.chars().filter(|c| !c.is_whitespace()).collect();
    let digits = plain.get(2..).unwrap_or_default();
    plain.bytes().take(2).all(|b| b.is_ascii_uppercase() && b != b'I')
        && matches!(digits.len(), 4 | 6 | 8 | 10)
        && digits.bytes().all(|b| b.is_ascii_digit())
}

fn is_gss(cell: &str, kind: &str) -> bool {
    let code = cell.get(1..).unwrap_or_default();
    cell.starts_with(['E', 'W'])
        && code.len() == 8
        && code.starts_with(kind)
        && code.bytes().all(|b| b.is_ascii_digit())
}

fn is_month(cell: &str) -> bool {
    cell.parse::<crate::time::Month>().is_ok()
}

/// A date of any form, with or without a time.
fn is_date(cell: &str) -> bool {
    // Bare numbers are taken for day numbers of a spreadsheet only in their header's company.
    let mut vote = FormVote::default();
    vote.add(cell);
    vote != FormVote::default() && number(cell).is_none() && !is_month(cell)
}

fn is_time(cell: &str) -> bool {
    let parts: Vec<&str> = cell.split(':').collect();
    let two = |part: &&str| part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit());
    (2..=3).contains(&parts.len()) && parts.iter().all(two)
}

fn is_postcode(cell: &str) -> bool {
    let upper = cell.to_ascii_uppercase();
    let outward = upper.split_whitespace().next().unwrap_or_default();
    let letters = outward.bytes().take_while(u8::is_ascii_uppercase).count();
    (1..=2).contains(&letters)
        && (letters + 1..=4).contains(&outward.len())
        && outward.as_bytes()[letters].is_ascii_digit()
        && upper.len() <= 8
}

/// A layout, the share of cells that its categories know, and the columns they stand in.
type Candidate = (f64, &'static Profile, Vec<(Field, usize)>);

/// The layout and columns that the content of `table` speaks for; `None` if it does not say enough.
pub(super) fn guess(
    table: &RawTable<'_>,
    layouts: &Layouts,
) -> Result<Option<IncidentGuess>, ReadError> {
    let samples = sample(table)?;
    let mut candidates: Vec<Candidate> = layouts
        .profiles()
        .filter_map(|profile| {
            let categories = categories(profile, &samples);
            let share = categories.iter().map(|(share, ..)| *share).fold(0.0, f64::max);
            let columns = categories.into_iter().map(|(_, field, column)| (field, column));
            (share >= KNOWN).then(|| (share, profile, columns.collect()))
        })
        .collect();
    // The layouts come in their own order, which decides between equals.
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (_, profile, by_category) in candidates {
        let mut found = profile.find_columns(&table.columns);
        let by_header: BTreeSet<Field> = found.keys().copied().collect();
        for (field, column) in by_category.into_iter().chain(by_kind(&table.columns, &samples)) {
            let taken = found.values().any(|other| *other == column);
            if !taken && profile.columns.contains_key(&field) {
                found.entry(field).or_insert(column);
            }
        }
        if profile.missing(&found).is_none() && has_place(&found) {
            let by_content = found.keys().filter(|f| !by_header.contains(f)).copied().collect();
            let named = found.into_iter().map(|(field, i)| (field, table.columns[i].clone()));
            return Ok(Some(IncidentGuess { profile, columns: named.collect(), by_content }));
        }
    }
    Ok(None)
}

fn has_place(found: &BTreeMap<Field, usize>) -> bool {
    [Field::Easting, Field::Longitude, Field::Ward, Field::Postcode, Field::Place]
        .iter()
        .any(|field| found.contains_key(field))
}

fn sample(table: &RawTable<'_>) -> Result<Vec<Sample>, ReadError> {
    let mut samples: Vec<Sample> = table.columns.iter().map(|_| Sample::default()).collect();
    let mut rows = 0;
    table.rows.each(&mut |row| {
        if row.fault.is_none() && rows < ROWS {
            rows += 1;
            for (column, sample) in samples.iter_mut().enumerate() {
                sample.add(row.get(column));
            }
        }
    })?;
    Ok(samples)
}

/// Columns whose cells the layout's categories know, and the share of cells they know: the best
/// column of codes and the best of words.
fn categories(profile: &Profile, samples: &[Sample]) -> Vec<(f64, Field, usize)> {
    let rules = &profile.category;
    let tables = rules.tables.iter().filter_map(|id| category_table(id));
    let editions: Vec<_> = tables.flat_map(|table| &table.editions).collect();
    let texts = editions.iter().flat_map(|e| e.texts.keys()).chain(rules.texts.keys());
    // A layout that takes any text for its category says nothing about a file.
    let texts = TextRules::new(texts.filter(|text| *text != "*").map(|text| (text.as_str(), ())));
    let codes = editions.iter().flat_map(|e| e.codes.keys()).chain(rules.codes.keys());
    let codes: BTreeSet<String> =
        codes.filter_map(|code| code_keys(code).into_iter().next()).collect();
    let best = |field: Field, knows: &dyn Fn(&str) -> bool| {
        samples
            .iter()
            .enumerate()
            .filter(|(_, sample)| !sample.cells.is_empty())
            .map(|(column, sample)| {
                let known = sample.cells.iter().filter(|cell| knows(cell)).count();
                (known as f64 / sample.cells.len() as f64, field, column)
            })
            .filter(|(share, ..)| *share >= KNOWN)
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.2.cmp(&a.2)))
    };
    // A bare number may be anything; a code has a stroke or a letter.
    let is_code = |cell: &str| {
        cell.len() <= 7
            && cell.starts_with(|c: char| c.is_ascii_digit())
            && cell.contains(|c: char| c == '/' || c.is_ascii_uppercase())
            && code_keys(cell).iter().any(|key| codes.contains(key))
    };
    let words = best(Field::Category, &|cell| texts.get(&words_key(cell)).is_some());
    let codes = best(Field::Code, &is_code).filter(|_| rules.fields.contains(&Field::Code));
    codes.into_iter().chain(words).collect()
}

/// Whether a header has one of these words, or is one of these letters.
fn says(header: &str, words: &[&str]) -> bool {
    let key = header_key(header);
    words.iter().any(|word| if word.len() == 1 { key == *word } else { key.contains(word) })
}

/// Fields whose cells can be told by their form, with the column of each.
fn by_kind(columns: &[String], samples: &[Sample]) -> Vec<(Field, usize)> {
    let all = |kind: &dyn Fn(&str) -> bool| -> Vec<usize> {
        (0..samples.len()).filter(|&i| samples[i].are(kind)).collect()
    };
    let mut found = Vec::new();
    let mut first = |field: Field, columns: &[usize]| {
        found.extend(columns.first().map(|&column| (field, column)));
    };
    first(Field::Month, &all(&is_month));
    first(Field::Ward, &all(&|cell| is_gss(cell, "05")));
    first(Field::Lsoa, &all(&|cell| is_gss(cell, "01")));
    first(Field::Postcode, &all(&is_postcode));
    first(Field::Longitude, &all(&|cell| is_degrees(cell, -9.5..=2.5)));
    first(Field::Latitude, &all(&|cell| is_degrees(cell, 49.0..=61.5)));
    first(Field::Easting, &all(&is_grid_reference));
    first(Field::Time, &all(&is_time));
    let dates = all(&is_date);
    let is = |i: &usize, words: &[&str]| says(&columns[*i], words);
    let recorded: Vec<usize> = dates
        .iter()
        .copied()
        .filter(|i| is(i, &["record", "report", "logged", "entered"]))
        .collect();
    let ends: Vec<usize> =
        dates.iter().copied().filter(|i| is(i, &["dateto", "until", "end", "latest"])).collect();
    let starts: Vec<usize> =
        dates.iter().copied().filter(|i| !recorded.contains(i) && !ends.contains(i)).collect();
    first(Field::Date, if starts.is_empty() { &recorded } else { &starts });
    first(Field::Recorded, &recorded);
    first(Field::DateTo, &ends);
    found.extend(metres(columns, samples));
    // Every cell another, and no number or date: a reference.
    let reference = (0..samples.len()).find(|&i| {
        let sample = &samples[i];
        let free = !found.iter().any(|(_, column)| *column == i);
        let mixed = |cell: &str| {
            cell.contains(|c: char| c.is_ascii_digit()) && cell.len() <= 24 && !is_date(cell)
        };
        free && sample.cells.len() > 1
            && sample.distinct.len() as f64 >= 0.95 * sample.cells.len() as f64
            && sample.are(mixed)
    });
    found.extend(reference.map(|column| (Field::Reference, column)));
    found
}

/// Easting and northing: two neighbouring columns of metres, in that order unless a header says
/// otherwise.
fn metres(columns: &[String], samples: &[Sample]) -> Vec<(Field, usize)> {
    let fits = |i: usize| {
        samples[i].are(|cell| is_metres(cell, 70_000.0..=1_220_000.0) || cell == "0")
            && samples[i].distinct.len() > 1
    };
    let pair = (1..samples.len()).find(|&i| fits(i - 1) && fits(i)).map(|i| (i - 1, i));
    let Some((a, b)) = pair else { return Vec::new() };
    let northing_first =
        says(&columns[a], &["north", "y", "gridy"]) || says(&columns[b], &["east", "x", "gridx"]);
    let (easting, northing) = if northing_first { (b, a) } else { (a, b) };
    vec![(Field::Easting, easting), (Field::Northing, northing)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{LoadedFile, format};

    fn look(text: &str) -> Option<IncidentGuess> {
        let file = LoadedFile::from_bytes("f.csv", text);
        let table = format::open(&file).unwrap();
        guess(&table, Layouts::known()).unwrap()
    }

    #[test]
    fn a_crime_extract_without_known_headers_is_known_by_its_cells() {
        let found = look(
            "A,B,C,D,E\nX/1,13/04/2025 14:30,030A/01,444512,519001\nX/2,14/04/2025 09:10,045/10,444620,519120\nX/3,15/04/2025 10:00,105A,444711,519300\n",
        )
        .unwrap();

        assert_eq!(found.profile.id, "police-crime");
        let wanted = [
            (Field::Reference, "A"),
            (Field::Date, "B"),
            (Field::Code, "C"),
            (Field::Easting, "D"),
            (Field::Northing, "E"),
        ];
        for (field, column) in wanted {
            assert_eq!(found.columns.get(&field).map(String::as_str), Some(column), "{field}");
        }
        assert_eq!(found.by_content.len(), 5);
    }

    #[test]
    fn service_requests_are_known_by_their_words_and_degrees() {
        let found = look(
            "When,What,Where1,Where2\n2025-04-13,Fly-tipping,54.56,-1.31\n2025-04-14,Noise nuisance,54.57,-1.32\n2025-04-15,Graffiti,54.55,-1.30\n",
        )
        .unwrap();

        assert_eq!(found.profile.id, "council-asb");
        assert_eq!(found.columns[&Field::Latitude], "Where1");
        assert_eq!(found.columns[&Field::Longitude], "Where2");
    }

    #[test]
    fn a_header_that_says_north_goes_before_the_order_of_columns() {
        let found = look(
            "When,What,North,East\n2025-04-13,Burglary,519001,444512\n2025-04-14,Robbery,519120,444620\n",
        )
        .unwrap();

        assert_eq!(found.columns[&Field::Easting], "East");
    }

    #[test]
    fn grid_references_and_months_are_known() {
        let found =
            look("M,T,R\n2025-04-02,Burglary,NZ 445 190\n2025-05-03,Robbery,NZ 446 191\n").unwrap();

        assert_eq!(found.columns[&Field::Easting], "R");
    }

    #[test]
    fn a_file_about_something_else_is_not_taken_for_incidents() {
        assert!(look("Title,Price\nA book,12.50\nAnother,3.99\n").is_none());
        assert!(look("When,What\n2025-04-13,Burglary\n2025-04-14,Robbery\n").is_none());
    }
}
