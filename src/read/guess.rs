//! Guesses about files, for a first description of a workspace. Every guess is written out for an
//! analyst to correct; none is made again at import.

use std::collections::{BTreeMap, BTreeSet};

use crate::workspace::{AreaFile, Crs, Field, PopulationFile, SnapPointFile, StreetFile};

use super::population::count;
use super::{LoadedFile, Profile, RawTable, ReadError, format, header_key};

/// What the columns of a boundary file seem to be.
#[derive(Debug, Clone)]
pub struct AreaGuess {
    /// As the description will have it.
    pub spec: AreaFile,
    /// Name of the one local authority that all areas lie in, if a column says so.
    pub authority: Option<String>,
}

/// Prefixes of code columns and the kind they stand for, finest first.
const KINDS: [(&str, &str); 4] =
    [("lsoa", "lsoa"), ("wd", "ward"), ("ward", "ward"), ("wards", "ward")];

/// A column's kind and edition, if it is named like a code or a name of one: `WD24CD` is the code
/// of wards, edition 2024; `lsoa21_code` of LSOAs, 2021.
fn area_column(column: &str, endings: &[&str]) -> Option<(&'static str, String)> {
    let key = header_key(column);
    for (prefix, kind) in KINDS {
        let Some(rest) = key.strip_prefix(prefix) else { continue };
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        if endings.contains(&&rest[digits.len()..]) {
            let edition = match digits.len() {
                2 => format!("20{digits}"),
                4 => digits,
                _ => String::new(),
            };
            return Some((kind, edition));
        }
    }
    None
}

/// The distinct values of each column, and the number of rows.
fn values(table: &RawTable<'_>) -> Result<(Vec<BTreeSet<String>>, usize), ReadError> {
    let mut found = vec![BTreeSet::new(); table.columns.len()];
    let mut rows = 0;
    table.rows.each(&mut |row| {
        if row.fault.is_none() {
            rows += 1;
            for (column, set) in found.iter_mut().enumerate() {
                let value = row.get(column);
                if !value.is_empty() && !set.contains(value) {
                    set.insert(value.to_owned());
                }
            }
        }
    })?;
    Ok((found, rows))
}

/// What a boundary file holds, by the names of its columns. A code must differ from area to area.
///
/// # Errors
///
/// [`ReadError`] if the file cannot be read or no column looks like a code and a name.
pub fn guess_areas(file: &LoadedFile, crs: Option<Crs>) -> Result<AreaGuess, ReadError> {
    let table = format::open(file)?;
    let (distinct, rows) = values(&table)?;
    let codes = table.columns.iter().enumerate().filter_map(|(i, column)| {
        let (kind, edition) = area_column(column, &["cd", "code"])?;
        (distinct[i].len() == rows).then_some((column, kind, edition))
    });
    let by_kind = |kind: &str| KINDS.iter().position(|(_, k)| *k == kind);
    let named_after_file = || {
        let lower = file.name.to_ascii_lowercase();
        let kind = if lower.contains("lsoa") { "lsoa" } else { "ward" };
        let column = table
            .columns
            .iter()
            .find(|c| matches!(header_key(c).as_str(), "code" | "gsscode" | "id"))?;
        let i = table.columns.iter().position(|c| c == column)?;
        (distinct[i].len() == rows && (lower.contains("ward") || lower.contains("lsoa")))
            .then(|| (column, kind, String::new()))
    };
    let (code, kind, edition) = codes
        .min_by_key(|(_, kind, _)| by_kind(kind))
        .or_else(named_after_file)
        .ok_or_else(|| {
            let wanted = "the code of wards or LSOAs, such as WD24CD or LSOA21CD, different in \
                          every row";
            ReadError::no_column(&file.name, wanted, &table.columns, "`code` of [[areas]]")
        })?;
    let name = table
        .columns
        .iter()
        .find(|column| {
            area_column(column, &["nm", "name"]).is_some_and(|(k, e)| k == kind && e == edition)
        })
        .or_else(|| table.columns.iter().find(|c| header_key(c) == "name"))
        .unwrap_or(code);
    let authority = table.columns.iter().enumerate().find_map(|(i, column)| {
        let key = header_key(column);
        let is_name =
            (key.starts_with("lad") || key.starts_with("ltla") || key.starts_with("utla"))
                && (key.ends_with("nm") || key.ends_with("name"));
        (is_name && distinct[i].len() == 1).then(|| distinct[i].first().cloned())?
    });
    let spec = AreaFile {
        kind: kind.to_owned(),
        file: String::new(),
        code: code.clone(),
        name: name.clone(),
        edition,
        crs: if table.crs.is_some() { None } else { crs },
    };
    Ok(AreaGuess { spec, authority })
}

/// What a population file holds, for each kind of area whose codes it has.
///
/// # Errors
///
/// [`ReadError`] if the file cannot be read, has the codes of none of `layers`, or no numbers.
pub fn guess_population(
    file: &LoadedFile,
    layers: &[(String, BTreeSet<String>)],
) -> Result<Vec<PopulationFile>, ReadError> {
    let table = format::open(file)?;
    let (distinct, _) = values(&table)?;
    let numeric = |i: usize| {
        let sample: Vec<&String> = distinct[i].iter().take(200).collect();
        !sample.is_empty()
            && sample.iter().filter(|text| count(text).is_some()).count() * 10 >= sample.len() * 9
    };
    let pick = |exact: &[&str], part: &[&str], not: &[&str]| {
        let fits =
            |i: usize| numeric(i) && !not.iter().any(|n| header_key(&table.columns[i]).contains(n));
        let all = 0..table.columns.len();
        all.clone()
            .find(|&i| fits(i) && exact.contains(&header_key(&table.columns[i]).as_str()))
            .or_else(|| {
                let mut all = all;
                all.find(|&i| {
                    fits(i) && part.iter().any(|p| header_key(&table.columns[i]).contains(p))
                })
            })
            .map(|i| table.columns[i].clone())
    };
    let residents = pick(
        &[
            "residents",
            "population",
            "usualresidents",
            "allusualresidents",
            "persons",
            "allpersons",
        ],
        &["resident", "population", "persons"],
        &["per", "density", "household", "communal"],
    )
    .or_else(|| pick(&["persons", "allpersons"], &[], &[]));
    let households = pick(&["households"], &["household"], &["per", "inhousehold", "size"]);
    let mut specs = Vec::new();
    for (kind, codes) in layers {
        let best = distinct
            .iter()
            .enumerate()
            .map(|(i, set)| (codes.iter().filter(|code| set.contains(*code)).count(), i))
            .filter(|(shared, _)| *shared > 0)
            .max_by_key(|(shared, i)| (*shared, usize::MAX - i));
        if let Some((_, i)) = best {
            specs.push(PopulationFile {
                kind: kind.clone(),
                file: String::new(),
                code: table.columns[i].clone(),
                residents: residents.clone(),
                households: households.clone(),
            });
        }
    }
    if specs.is_empty() {
        let message = format!(
            "no column has the codes of the areas (it has: {}); boundaries and population must be \
             of the same edition",
            table.columns.join(", ")
        );
        return Err(ReadError::Area { file: file.name.clone(), message });
    }
    if residents.is_none() && households.is_none() {
        let wanted = "residents or households";
        return Err(ReadError::no_column(
            &file.name,
            wanted,
            &table.columns,
            "`residents` of [[population]]",
        ));
    }
    Ok(specs)
}

/// The column of street names, if one looks like it.
///
/// # Errors
///
/// [`ReadError`] if the file cannot be read.
pub fn guess_streets(file: &LoadedFile, crs: Option<Crs>) -> Result<StreetFile, ReadError> {
    let table = format::open(file)?;
    let names = ["name", "streetname", "roadname", "name1", "street", "designatedname"];
    let name = names.iter().find_map(|name| table.columns.iter().find(|c| header_key(c) == *name));
    let crs = if table.crs.is_some() { None } else { crs };
    Ok(StreetFile { file: String::new(), name: name.cloned(), crs })
}

/// The position columns of a file of snap points or addresses.
///
/// # Errors
///
/// [`ReadError`] if the file cannot be read or has no such columns.
pub fn guess_snap_points(file: &LoadedFile) -> Result<SnapPointFile, ReadError> {
    let table = format::open(file)?;
    let find = |names: &[&str]| {
        table.columns.iter().find(|c| names.contains(&header_key(c).as_str())).cloned()
    };
    let easting = find(&["easting", "x", "xcoordinate", "gridx"]);
    let northing = find(&["northing", "y", "ycoordinate", "gridy"]);
    if let (Some(x), Some(y)) = (easting, northing) {
        return Ok(SnapPointFile { file: String::new(), x, y, crs: Crs::Bng });
    }
    if let (Some(x), Some(y)) = (find(&["longitude", "lon", "long"]), find(&["latitude", "lat"])) {
        return Ok(SnapPointFile { file: String::new(), x, y, crs: Crs::LonLat });
    }
    let wanted = "easting and northing, or longitude and latitude";
    Err(ReadError::no_column(&file.name, wanted, &table.columns, "[snap-points]"))
}

/// The profile of an incident file and the column that holds each field.
///
/// # Errors
///
/// [`ReadError`] if the file cannot be read or no profile recognises its columns.
pub fn guess_incidents(
    table: &RawTable<'_>,
) -> Result<(&'static Profile, BTreeMap<Field, String>), ReadError> {
    let profile = Profile::recognise(&table.columns).ok_or_else(|| ReadError::UnknownLayout {
        file: table.file.clone(),
        columns: table.columns.join(", "),
    })?;
    let columns = profile.find_columns(&table.columns);
    let named = columns.into_iter().map(|(field, i)| (field, table.columns[i].clone()));
    Ok((profile, named.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn areas(properties: &[&str]) -> LoadedFile {
        let features: Vec<String> = properties
            .iter()
            .map(|p| format!(r#"{{"type":"Feature","properties":{{{p}}},"geometry":null}}"#))
            .collect();
        LoadedFile::from_bytes(
            "some.geojson",
            format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",")),
        )
    }

    #[test]
    fn kind_edition_and_authority_come_from_the_columns() {
        let file = areas(&[
            r#""LAD24CD":"E06000004","LAD24NM":"Stockton-on-Tees","WD24CD":"E05014858","WD24NM":"Billingham Central""#,
            r#""LAD24CD":"E06000004","LAD24NM":"Stockton-on-Tees","WD24CD":"E05014859","WD24NM":"Billingham East""#,
        ]);

        let guess = guess_areas(&file, None).unwrap();

        assert_eq!((guess.spec.kind.as_str(), guess.spec.edition.as_str()), ("ward", "2024"));
        assert_eq!((guess.spec.code.as_str(), guess.spec.name.as_str()), ("WD24CD", "WD24NM"));
        assert_eq!(guess.authority.as_deref(), Some("Stockton-on-Tees"));
    }

    #[test]
    fn lsoas_that_name_their_ward_are_lsoas() {
        let file = areas(&[
            r#""WD25CD":"E05000001","LSOA21CD":"E01000001","LSOA21NM":"A""#,
            r#""WD25CD":"E05000001","LSOA21CD":"E01000002","LSOA21NM":"B""#,
        ]);

        assert_eq!(guess_areas(&file, None).unwrap().spec.kind, "lsoa");
    }

    #[test]
    fn unknown_columns_are_refused_with_their_names() {
        let refused = guess_areas(&areas(&[r#""FID":"1","label":"x""#]), None).unwrap_err();

        assert!(refused.to_string().contains("(it has: FID, label)"), "{refused}");
    }

    #[test]
    fn population_columns_are_found_by_codes_and_names() {
        let file = LoadedFile::from_bytes(
            "p.csv",
            "ltla24_name,ward24_code,ward24_name,population_geographydb,households_census2021\nBristol,E05000001,A,20863,8325.0\nBristol,E05000002,B,10,4\n",
        );
        let layers = [("ward".to_owned(), BTreeSet::from(["E05000001".to_owned()]))];

        let found = guess_population(&file, &layers).unwrap();

        assert_eq!(found[0].code, "ward24_code");
        assert_eq!(found[0].residents.as_deref(), Some("population_geographydb"));
        assert_eq!(found[0].households.as_deref(), Some("households_census2021"));
    }

    #[test]
    fn census_columns_about_households_are_told_apart() {
        let file = LoadedFile::from_bytes(
            "p.csv",
            "LSOA Code,Persons,In households,Persons per hectare,Households,Persons per household\nE01000001,\"1,519\",\"1,500\",36.7,627,2.4\n",
        );
        let layers = [("lsoa".to_owned(), BTreeSet::from(["E01000001".to_owned()]))];

        let found = guess_population(&file, &layers).unwrap();

        assert_eq!(found[0].residents.as_deref(), Some("Persons"));
        assert_eq!(found[0].households.as_deref(), Some("Households"));
    }
}
