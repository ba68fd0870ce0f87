//! Residents, households and workday population by area code.

use std::collections::BTreeMap;

use crate::quantity::Population;
use crate::units::AreaLayer;
use crate::workspace::PopulationFile;

use super::{LoadedFile, ReadError, format};

/// What a population file says, by code.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PopulationRows {
    /// Residents, households and workday population of each code.
    pub by_code: BTreeMap<String, [Option<f64>; 3]>,
    /// Rows read.
    pub rows: u64,
    /// Rows whose code came before: their numbers were added up.
    pub added_up: u64,
    /// First lines with a number that cannot be read, with the text.
    pub unread: Vec<(u64, String)>,
}

/// A count as files write it: `1,519`, `8325.0`.
pub(super) fn count(text: &str) -> Option<f64> {
    let plain: String = text.chars().filter(|c| !matches!(c, ',' | ' ' | '\u{a0}')).collect();
    plain.parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 0.0)
}

/// Reads a population file as the workspace describes it.
///
/// # Errors
///
/// [`ReadError`] on a missing column.
pub fn read_population(
    file: &LoadedFile,
    spec: &PopulationFile,
) -> Result<PopulationRows, ReadError> {
    let table = format::open(file)?;
    let column =
        |name: &Option<String>, key| name.as_ref().map(|name| table.require(name, key)).transpose();
    let code = table.require(&spec.code, "`code` of [[population]]")?;
    let residents = column(&spec.residents, "`residents` of [[population]]")?;
    let households = column(&spec.households, "`households` of [[population]]")?;
    let workday = column(&spec.workday, "`workday` of [[population]]")?;
    let mut found = PopulationRows::default();
    table.rows.each(&mut |row| {
        let code = row.get(code);
        if row.fault.is_some() || code.is_empty() {
            return;
        }
        found.rows += 1;
        let mut number = |column: Option<usize>| {
            let text = row.get(column?);
            let value = count(text);
            if value.is_none() && !text.is_empty() && found.unread.len() < 5 {
                found.unread.push((row.line, text.to_owned()));
            }
            value
        };
        let numbers = [residents, households, workday].map(&mut number);
        let sum = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => Some(a + b),
            (a, b) => a.or(b),
        };
        if let Some(earlier) = found.by_code.get_mut(code) {
            found.added_up += 1;
            for (earlier, number) in earlier.iter_mut().zip(numbers) {
                *earlier = sum(*earlier, number);
            }
        } else {
            found.by_code.insert(code.to_owned(), numbers);
        }
    })?;
    if found.rows == 0 {
        return Err(ReadError::NoRows(file.name.clone()));
    }
    Ok(found)
}

/// Gives each area of `layer` its population; returns the codes of areas that got none.
pub fn join_population(layer: &mut AreaLayer, rows: &PopulationRows) -> Vec<String> {
    let mut missing = Vec::new();
    for area in &mut layer.areas {
        match rows.by_code.get(&area.code) {
            Some(&[residents, households, workday]) => {
                area.residents = residents.and_then(Population::new).or(area.residents);
                area.households = households.and_then(Population::new).or(area.households);
                area.workday = workday.and_then(Population::new).or(area.workday);
            }
            None => missing.push(area.code.clone()),
        }
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> PopulationFile {
        PopulationFile {
            kind: "ward".into(),
            file: "p.csv".into(),
            code: "ward24_code".into(),
            residents: Some("population".into()),
            households: Some("households".into()),
            workday: None,
        }
    }

    #[test]
    fn thousands_and_decimals_are_read() {
        let file = LoadedFile::from_bytes(
            "p.csv",
            "ward24_code,population,households\nA,\"1,519\",627.0\nB,200,\n",
        );

        let rows = read_population(&file, &spec()).unwrap();

        assert_eq!(rows.by_code["A"], [Some(1519.0), Some(627.0), None]);
        assert_eq!(rows.by_code["B"], [Some(200.0), None, None]);
    }

    #[test]
    fn smaller_areas_of_one_code_are_added_up_and_counted() {
        let file =
            LoadedFile::from_bytes("p.csv", "ward24_code,population,households\nA,10,4\nA,20,6\n");

        let rows = read_population(&file, &spec()).unwrap();

        assert_eq!(rows.by_code["A"], [Some(30.0), Some(10.0), None]);
        assert_eq!(rows.added_up, 1);
    }
}
