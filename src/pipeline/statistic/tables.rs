//! Small tables that options name by their path: strata with their rates, weights of offence codes.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context as _, anyhow, bail};

use crate::aggregate::{CodeWeights, expected_counts};
use crate::hint::Hint;
use crate::pipeline::import::unread;
use crate::provenance::SourceFile;
use crate::read::{LoadedFile, format, listed};
use crate::stats::{HarmOptions, StandardisedRatioOptions};
use crate::weights::WeightsChoice;

/// Columns that may hold a unit's code, and the other cells of these tables.
const UNIT: [&str; 4] = ["unit", "code", "id", "area"];
const STRATUM: [&str; 4] = ["stratum", "age_group", "age", "group"];
const POPULATION: [&str; 3] = ["population", "people", "residents"];
const RATE: [&str; 2] = ["rate_per_1000", "rate"];
const CODE: [&str; 5] = ["offence_code", "code", "offence", "category", "crime_type"];
const WEIGHT: [&str; 5] = ["weight", "cchi_days", "mean_days", "days", "harm"];
const GROUP: [&str; 2] = ["group", "force"];

/// A row: its line and the cells asked for.
type Row = (u64, Vec<String>);

/// The columns that were found, by name, and the rows.
struct Cells {
    file: String,
    columns: Vec<Option<String>>,
    rows: Vec<Row>,
}

/// Reads a table: each column wanted is the first of its names that the file has. One that is not
/// `needed` may be absent, and is then empty.
fn cells(path: &str, wanted: &[(&[&str], bool)]) -> anyhow::Result<Cells> {
    let file = LoadedFile::open(Path::new(path)).map_err(unread)?;
    let table = format::open(&file).map_err(unread)?;
    let mut places = Vec::new();
    for (names, needed) in wanted {
        let place = names.iter().find_map(|name| table.column(name));
        if place.is_none() && *needed {
            return Err(anyhow!(
                "{} has no column `{}` (it has: {})",
                file.name,
                names[0],
                listed(&table.columns)
            )
            .context(Hint(format!("call it one of: {}", names.join(", ")))));
        }
        places.push(place);
    }
    let columns = places.iter().map(|place| place.map(|at| table.columns[at].clone())).collect();
    let mut rows = Vec::new();
    table
        .rows
        .each(&mut |row| {
            if row.fault.is_none() {
                let cell = |place: &Option<usize>| place.map_or("", |at| row.get(at)).to_owned();
                rows.push((row.line, places.iter().map(cell).collect()));
            }
        })
        .map_err(unread)?;
    Ok(Cells { file: file.name.clone(), columns, rows })
}

impl Cells {
    /// The cell as a number of 0 or more.
    fn amount(&self, (line, row): &Row, column: usize) -> anyhow::Result<f64> {
        let text = &row[column];
        let number = text.replace(',', "").parse::<f64>().ok();
        number.filter(|x| x.is_finite() && *x >= 0.0).with_context(|| {
            format!("{} line {line}: `{text}` is no number of 0 or more", self.file)
        })
    }
}

/// Incidents that a standard's rates lead to expect of each unit, where the options name strata.
///
/// # Errors
///
/// If one of both tables is missing, cannot be read, has a stratum without a rate, or names none of
/// the units.
pub(super) fn expected_by_strata(
    options: &serde_json::Value,
    units: &[String],
) -> anyhow::Result<Option<Vec<Option<f64>>>> {
    // Options that are not understood are refused by the statistic, which knows what it takes.
    let Ok(options) = serde_json::from_value::<StandardisedRatioOptions>(options.clone()) else {
        return Ok(None);
    };
    let (strata, rates) = match (&options.strata, &options.rates) {
        (None, None) => return Ok(None),
        (Some(strata), Some(rates)) => (strata, rates),
        _ => bail!(
            anyhow!("a standard needs both people by stratum and the rate of each stratum")
                .context(Hint("name both tables: --strata FILE --rates FILE".to_owned()))
        ),
    };
    let rates = cells(rates, &[(&STRATUM, true), (&RATE, true)])
        .with_context(|| format!("reading the rates {rates}"))?;
    let mut number: HashMap<&str, usize> = HashMap::new();
    let mut of_strata = Vec::new();
    for row in &rates.rows {
        if number.insert(&row.1[0], of_strata.len()).is_some() {
            bail!("{} line {}: the stratum `{}` comes twice", rates.file, row.0, row.1[0]);
        }
        of_strata.push(rates.amount(row, 1)? / 1_000.0);
    }
    let people = cells(strata, &[(&UNIT, true), (&STRATUM, true), (&POPULATION, true)])
        .with_context(|| format!("reading the strata {strata}"))?;
    let of_unit: HashMap<&str, usize> =
        units.iter().enumerate().map(|(i, id)| (id.as_str(), i)).collect();
    let mut bases: Vec<Vec<f64>> = vec![Vec::new(); units.len()];
    for row in &people.rows {
        let Some(&unit) = of_unit.get(row.1[0].as_str()) else { continue };
        let stratum = *number.get(row.1[1].as_str()).with_context(|| {
            let known: Vec<&&str> = number.keys().collect();
            format!(
                "{} line {}: no rate for the stratum `{}` (rates are of {})",
                people.file,
                row.0,
                row.1[1],
                listed(&known)
            )
        })?;
        bases[unit].resize(of_strata.len(), 0.0);
        bases[unit][stratum] += people.amount(row, 2)?;
    }
    if bases.iter().all(Vec::is_empty) {
        bail!("{} names none of the {} units by its code", people.file, units.len());
    }
    Ok(Some(expected_counts(&bases, &of_strata)))
}

/// Weights of offence codes, or of categories as a file writes them, from the table that the options
/// name; `None` where they name none.
///
/// # Errors
///
/// If the table cannot be read, a code comes twice, or it does not say which edition it is of.
pub(super) fn code_weights(options: &serde_json::Value) -> anyhow::Result<Option<CodeWeights>> {
    let Ok(options) = serde_json::from_value::<HarmOptions>(options.clone()) else {
        return Ok(None);
    };
    let Some(path) = &options.weights else { return Ok(None) };
    let table = cells(path, &[(&CODE, true), (&WEIGHT, true), (&GROUP, false)])
        .with_context(|| format!("reading the harm weights {path}"))?;
    let edition = options.edition.clone().or_else(|| year_in(&table.file)).ok_or_else(|| {
        anyhow!("{} does not say which edition its weights are of", table.file)
            .context(Hint("say it with --edition".to_owned()))
    })?;
    let unit = table.columns[1].clone().unwrap_or_default();
    let mut weights = CodeWeights::new(&table.file, &edition, &unit, options.group.as_deref());
    for row in &table.rows {
        if options.group.as_ref().is_some_and(|group| *group != row.1[2]) || row.1[1].is_empty() {
            continue;
        }
        if !weights.add(&row.1[0], table.amount(row, 1)?) {
            let hint = match (&table.columns[2], &options.group) {
                (Some(column), None) => Hint(format!("choose one `{column}` with --group")),
                _ => Hint("each code needs one weight".to_owned()),
            };
            bail!(
                anyhow!("{} line {}: the code `{}` comes twice", table.file, row.0, row.1[0])
                    .context(hint)
            );
        }
    }
    Ok(Some(weights))
}

/// The first year that a name holds.
fn year_in(name: &str) -> Option<String> {
    let digits = |text: &str| text.len() == 4 && (text.starts_with("19") || text.starts_with("20"));
    name.split(|c: char| !c.is_ascii_digit()).find(|text| digits(text)).map(str::to_owned)
}

/// The files that options name: which option, and the path.
pub(super) fn named_paths(
    options: &serde_json::Value,
) -> impl Iterator<Item = (&'static str, String)> + '_ {
    ["weights", "strata", "rates"].into_iter().filter_map(move |key| {
        let named = options.get(key)?.as_str()?;
        // A choice of weights is a file or a rule, such as `queen`; a table has no other name.
        match (key, named.parse::<WeightsChoice>()) {
            ("weights", Ok(choice)) => choice.file().map(|(path, _)| (key, path.to_owned())),
            _ => Some((key, named.to_owned())),
        }
    })
}

/// The files that options name, with their checksums.
///
/// # Errors
///
/// If one cannot be read.
pub(super) fn named_files(options: &serde_json::Value) -> anyhow::Result<Vec<SourceFile>> {
    named_paths(options).map(|(key, path)| source_file(key, Path::new(&path))).collect()
}

/// A file that was read for a statistic, with its checksum; its lines are its rows.
///
/// # Errors
///
/// If it cannot be read.
pub(super) fn source_file(source: &str, path: &Path) -> anyhow::Result<SourceFile> {
    let file = LoadedFile::open(path).map_err(unread)?;
    let bytes = file.bytes().map_err(unread)?;
    let rows = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count() as u64;
    Ok(SourceFile::kept_whole(source, &file.name, file.sha256().map_err(unread)?, rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edition_is_the_year_of_the_name() {
        assert_eq!(year_in("cchi2026_by_force.csv").as_deref(), Some("2026"));
        assert_eq!(year_in("weights_12345.csv"), None);
    }
}
