//! Guesses about files, for a first description of a workspace. Every guess is written out for an
//! analyst to correct; none is made again at import.

mod content;
mod subjects;

pub use subjects::{SubjectGuess, guess_subject};

use std::collections::{BTreeMap, BTreeSet};

use crate::workspace::{AreaFile, Crs, Field, PopulationFile, SnapPointFile, StreetFile};

use super::english::{fault, name};
use super::population::count;
use super::{
    FoundColumn, Layouts, LoadedFile, Profile, RawTable, ReadError, SubjectLayout, format,
    header_key, listed,
};

/// What the columns of a boundary file seem to be.
#[derive(Debug, Clone)]
pub struct AreaGuess {
    /// As the description will have it.
    pub spec: AreaFile,
    /// Name of the one local authority that all areas lie in, if a column says so.
    pub authority: Option<String>,
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
pub fn guess_areas(
    file: &LoadedFile,
    crs: Option<Crs>,
    layouts: &Layouts,
) -> Result<AreaGuess, ReadError> {
    let table = format::open(file)?;
    let (distinct, rows) = values(&table)?;
    let columns = &table.columns;
    let is_code = |i: usize| distinct[i].len() == rows;
    let known = layouts.subjects("areas").find_map(|layout| {
        let found = layout.find_where(columns, &|field, i| field != "code" || is_code(i));
        let kind = layout.kind.as_deref().filter(|_| layout.missing(&found).is_none())?;
        Some((layout, kind, found.get("code")?.clone()))
    });
    let (kind, code, name, edition) = match known {
        Some((layout, kind, code)) => {
            // A name of the same edition, where several are there.
            let same = |field: &str, i: usize| match field {
                "code" => i == code.column,
                "name" => columns[i].contains(&code.digits),
                _ => true,
            };
            let found = layout.find_where(columns, &same);
            (kind, code.column, found.get("name").map(|name| name.column), code.edition())
        }
        None => named_after_file(&file.name, columns, &is_code).ok_or_else(|| {
            ReadError::no_column(&file.name, name::CODE_COLUMN, columns, "`code` of [[areas]]")
        })?,
    };
    let name = name.or_else(|| columns.iter().position(|c| header_key(c) == "name"));
    let one = |layout: &SubjectLayout| {
        let found = layout.find_where(columns, &|_, i| distinct[i].len() == 1);
        let authority: &FoundColumn = found.get("authority")?;
        distinct[authority.column].first().cloned()
    };
    let spec = AreaFile {
        kind: kind.to_owned(),
        file: String::new(),
        code: columns[code].clone(),
        name: columns[name.unwrap_or(code)].clone(),
        edition,
        crs: if table.crs.is_some() { None } else { crs },
    };
    Ok(AreaGuess { spec, authority: layouts.subjects("areas").find_map(one) })
}

/// Kind, code, name and edition where the columns say little but the file's own name says wards or
/// LSOAs.
fn named_after_file(
    file: &str,
    columns: &[String],
    is_code: &dyn Fn(usize) -> bool,
) -> Option<(&'static str, usize, Option<usize>, String)> {
    let lower = file.to_ascii_lowercase();
    let kind = ["lsoa", "ward"].into_iter().find(|kind| lower.contains(kind))?;
    let plain = |c: &String| matches!(header_key(c).as_str(), "code" | "gsscode" | "id");
    let code = columns.iter().position(plain).filter(|&i| is_code(i))?;
    Some((kind, code, None, String::new()))
}

/// What a population file holds, for each kind of area whose codes it has.
///
/// # Errors
///
/// [`ReadError`] if the file cannot be read, has the codes of none of `layers`, or no numbers.
pub fn guess_population(
    file: &LoadedFile,
    layers: &[(String, BTreeSet<String>)],
    layouts: &Layouts,
) -> Result<Vec<PopulationFile>, ReadError> {
    let table = format::open(file)?;
    let (distinct, _) = values(&table)?;
    let numeric = |i: usize| {
        let sample: Vec<&String> = distinct[i].iter().take(200).collect();
        !sample.is_empty()
            && sample.iter().filter(|text| count(text).is_some()).count() * 10 >= sample.len() * 9
    };
    let found = layouts.subjects("population").find_map(|layout| {
        let found = layout.find_where(&table.columns, &|field, i| field == "year" || numeric(i));
        layout.missing(&found).is_none().then_some((layout, found))
    });
    table.refuse_cut_short(
        found.as_ref().and_then(|(layout, _)| layout.cut_short(&table.columns)),
    )?;
    let found = found.map(|(_, found)| found);
    let column = |field: &str| Some(table.columns[found.as_ref()?.get(field)?.column].clone());
    let [residents, households, workday] = ["residents", "households", "workday"].map(column);
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
                workday: workday.clone(),
            });
        }
    }
    if specs.is_empty() {
        let message = fault::no_codes(&listed(&table.columns));
        return Err(ReadError::Area { file: file.name.clone(), message });
    }
    if residents.is_none() && households.is_none() && workday.is_none() {
        return Err(ReadError::no_column(
            &file.name,
            name::POPULATION_COLUMN,
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
    Err(ReadError::no_column(&file.name, name::POSITION_COLUMNS, &table.columns, "[snap-points]"))
}

/// What an incident file seems to be.
#[derive(Debug, Clone)]
pub struct IncidentGuess {
    /// Its layout.
    pub profile: &'static Profile,
    /// The column that holds each field.
    pub columns: BTreeMap<Field, String>,
    /// Columns whose header says nothing that the layout knows: their content decided.
    pub by_content: Vec<Field>,
}

/// The profile of an incident file and the column that holds each field: by its headers, or where
/// no profile knows those, by what stands in its first rows.
///
/// # Errors
///
/// [`ReadError`] if the file cannot be read, or neither headers nor content say enough.
pub fn guess_incidents(
    table: &RawTable<'_>,
    layouts: &Layouts,
) -> Result<IncidentGuess, ReadError> {
    if let Some(profile) = layouts.recognise(&table.columns) {
        table.refuse_cut_short(profile.cut_short(&table.columns))?;
        let columns = profile.find_columns(&table.columns);
        let named = columns.into_iter().map(|(field, i)| (field, table.columns[i].clone()));
        let columns = named.collect();
        return Ok(IncidentGuess { profile, columns, by_content: Vec::new() });
    }
    let guess = content::guess(table, layouts)?.ok_or_else(|| ReadError::UnknownLayout {
        file: table.file.clone(),
        columns: listed(&table.columns),
    })?;
    table.refuse_cut_short(guess.profile.cut_short(&table.columns))?;
    Ok(guess)
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

        let guess = guess_areas(&file, None, Layouts::known()).unwrap();

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

        assert_eq!(guess_areas(&file, None, Layouts::known()).unwrap().spec.kind, "lsoa");
    }

    #[test]
    fn unknown_columns_are_refused_with_their_names() {
        let refused =
            guess_areas(&areas(&[r#""FID":"1","label":"x""#]), None, Layouts::known()).unwrap_err();

        assert!(refused.to_string().contains("(it has: FID, label)"), "{refused}");
    }

    #[test]
    fn population_columns_are_found_by_codes_and_names() {
        let file = LoadedFile::from_bytes(
            "p.csv",
            "ltla24_name,ward24_code,ward24_name,population_geographydb,households_census2021\nBristol,E05000001,A,20863,8325.0\nBristol,E05000002,B,10,4\n",
        );
        let layers = [("ward".to_owned(), BTreeSet::from(["E05000001".to_owned()]))];

        let found = guess_population(&file, &layers, Layouts::known()).unwrap();

        assert_eq!(found[0].code, "ward24_code");
        assert_eq!(found[0].residents.as_deref(), Some("population_geographydb"));
        assert_eq!(found[0].households.as_deref(), Some("households_census2021"));
    }

    #[test]
    fn tables_of_nomis_and_mid_year_estimates_are_known() {
        let layers = [("ward".to_owned(), BTreeSet::from(["E05000001".to_owned()]))];
        for (text, residents, households) in [
            (
                "date,geography,geography code,Residence type: Total; measures: Value,Residence type: Lives in a household; measures: Value\n2021,A,E05000001,7480,7400\n",
                Some("Residence type: Total; measures: Value"),
                None,
            ),
            (
                "date,geography,geography code,Number of households\n2021,A,E05000001,3120\n",
                None,
                Some("Number of households"),
            ),
            (
                "LAD 2021 Code,Ward 2023 Code,Ward 2023 Name,Total,F0,F1\nE06000004,E05000001,A,7480,40,41\n",
                Some("Total"),
                None,
            ),
        ] {
            let found =
                guess_population(&LoadedFile::from_bytes("p.csv", text), &layers, Layouts::known());
            let found = found.unwrap();

            assert_eq!(found[0].residents.as_deref(), residents, "{text}");
            assert_eq!(found[0].households.as_deref(), households, "{text}");
        }
    }

    #[test]
    fn wards_of_boundary_line_are_known_by_their_gss_codes() {
        let file = areas(&[
            r#""Name":"A Ward","Area_Type_Code":"UTW","File_Name":"STOCKTON-ON-TEES","Census_Code":"E05000001""#,
            r#""Name":"B Ward","Area_Type_Code":"UTW","File_Name":"STOCKTON-ON-TEES","Census_Code":"E05000002""#,
        ]);

        let guess = guess_areas(&file, None, Layouts::known()).unwrap();

        assert_eq!((guess.spec.kind.as_str(), guess.spec.code.as_str()), ("ward", "Census_Code"));
        assert_eq!(guess.spec.name, "Name");
    }

    #[test]
    fn census_columns_about_households_are_told_apart() {
        let file = LoadedFile::from_bytes(
            "p.csv",
            "LSOA Code,Persons,In households,Persons per hectare,Households,Persons per household\nE01000001,\"1,519\",\"1,500\",36.7,627,2.4\n",
        );
        let layers = [("lsoa".to_owned(), BTreeSet::from(["E01000001".to_owned()]))];

        let found = guess_population(&file, &layers, Layouts::known()).unwrap();

        assert_eq!(found[0].residents.as_deref(), Some("Persons"));
        assert_eq!(found[0].households.as_deref(), Some("Households"));
    }
}
