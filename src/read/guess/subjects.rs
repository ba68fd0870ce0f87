//! What a file of indicators, lookups, interventions and the like seems to be.

use std::collections::BTreeSet;

use crate::workspace::{
    CommunityPriorityFile, HarmFile, IndicatorFile, InterventionFile, LookupFile, PeerFile,
    SurveyFile,
};

use super::super::english::name;
use super::super::subject::figure;
use super::super::{Layouts, LoadedFile, ReadError, format, header_key};
use super::values;

/// The tables of a description for one file.
#[derive(Debug, Clone)]
pub enum SubjectGuess {
    /// Figures by area.
    Indicators(IndicatorFile),
    /// Codes to codes: one table for each pair of columns.
    Lookups(Vec<LookupFile>),
    /// What was done.
    Interventions(InterventionFile),
    /// What residents said.
    Survey(SurveyFile),
    /// What communities asked for.
    CommunityPriorities(CommunityPriorityFile),
    /// Rates of areas like this one.
    Peers(PeerFile),
    /// How much one incident of each type weighs.
    Harm(HarmFile),
}

/// Prefixes of code columns, the kind they stand for, and its rank from fine to coarse. Kinds of one
/// rank do not nest in each other.
const KINDS: &[(&str, &str, u8)] = &[
    ("oa", "oa", 0),
    ("lsoa", "lsoa", 1),
    ("msoa", "msoa", 2),
    ("ward", "ward", 2),
    ("wd", "ward", 2),
    ("ltla", "lad", 3),
    ("lad", "lad", 3),
    ("csp", "csp", 4),
    ("pfa", "pfa", 5),
];

/// A column of area codes.
struct CodeColumn {
    name: String,
    kind: &'static str,
    rank: u8,
    edition: String,
}

/// Whether a header names the codes of a kind and edition of areas: `lsoa11_code`, `WD24CD`.
fn code_column(name: &str) -> Option<CodeColumn> {
    let key = header_key(name);
    let bare = key.strip_suffix("code").or_else(|| key.strip_suffix("cd"))?;
    let (prefix, digits) =
        bare.split_at(bare.find(|c: char| c.is_ascii_digit()).unwrap_or(bare.len()));
    let (_, kind, rank) = KINDS.iter().find(|(known, ..)| *known == prefix)?;
    let edition = match digits.len() {
        0 => String::new(),
        2 => format!("20{digits}"),
        4 => digits.to_owned(),
        _ => return None,
    };
    Some(CodeColumn { name: name.to_owned(), kind, rank: *rank, edition })
}

/// The first four digits in a row in the name of a file, such as `2019` in `imd2019_lsoa11.csv`.
fn year_in(name: &str) -> Option<String> {
    let digits: Vec<&str> =
        name.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 4).collect();
    digits.first().map(|year| (*year).to_owned())
}

/// What the file holds, by its columns.
///
/// # Errors
///
/// [`ReadError`] if the file cannot be read, or its columns look like nothing we know.
pub fn guess_subject(file: &LoadedFile, layouts: &Layouts) -> Result<SubjectGuess, ReadError> {
    let table = format::open(file)?;
    let columns = &table.columns;
    for subject in
        ["harm-weights", "peers", "community-priorities", "survey", "interventions", "indicators"]
    {
        for layout in layouts.subjects(subject) {
            let found = layout.find(columns);
            if layout.missing(&found).is_none() {
                table.refuse_cut_short(layout.cut_short(columns))?;
                let get = |field: &str| found.get(field).map(|at| columns[at.column].clone());
                return Ok(described(subject, file, columns, &get));
            }
        }
    }
    let codes: Vec<CodeColumn> = columns.iter().filter_map(|name| code_column(name)).collect();
    let (distinct, _) = values(&table)?;
    let numeric = |i: usize| {
        code_column(&columns[i]).is_none()
            && !distinct[i].is_empty()
            && distinct[i].iter().all(|cell| figure(cell).is_ok())
    };
    let figures: Vec<String> =
        (0..columns.len()).filter(|&i| numeric(i)).map(|i| columns[i].clone()).collect();
    let share = |name: &String| matches!(header_key(name).as_str(), "weight" | "share");
    if codes.len() > 1 && figures.len() < 2 && figures.iter().all(share) {
        return Ok(SubjectGuess::Lookups(pairs(&codes, figures.first())));
    }
    let old_to_new = layouts.subjects("lookup").find_map(|layout| {
        let found = layout.find(columns);
        old_to_new(columns, &distinct, |field| Some(found.get(field)?.column))
    });
    if let Some(lookup) =
        old_to_new.filter(|lookup| figures.iter().all(|f| lookup.weight.as_ref() == Some(f)))
    {
        return Ok(SubjectGuess::Lookups(vec![lookup]));
    }
    match (codes.as_slice(), figures.is_empty()) {
        ([code, ..], false) => Ok(SubjectGuess::Indicators(IndicatorFile {
            kind: code.kind.to_owned(),
            edition: code.edition.clone(),
            code: code.name.clone(),
            values: figures,
            period: year_in(&file.name),
            ..IndicatorFile::default()
        })),
        _ => Err(ReadError::UnknownLayout { file: file.name.clone(), columns: columns.join(", ") }),
    }
}

/// First letters of the codes of each kind of area (ONS Code History Database).
const CODES: &[(&str, &str)] = &[
    ("E00", "oa"),
    ("W00", "oa"),
    ("E01", "lsoa"),
    ("W01", "lsoa"),
    ("E02", "msoa"),
    ("W02", "msoa"),
    ("E05", "ward"),
    ("W05", "ward"),
    ("E06", "lad"),
    ("E07", "lad"),
    ("E08", "lad"),
    ("E09", "lad"),
    ("W06", "lad"),
    ("E22", "csp"),
    ("W22", "csp"),
    ("E23", "pfa"),
    ("W15", "pfa"),
];

/// The lookup that a layout finds where headers say old and new but not of what: the codes do, and
/// names of old areas are of the kind that they lead to.
fn old_to_new(
    columns: &[String],
    distinct: &[BTreeSet<String>],
    column: impl Fn(&str) -> Option<usize>,
) -> Option<LookupFile> {
    let kind = |at: usize| {
        let by_codes = || {
            let first = distinct[at].first()?.get(..3)?;
            CODES.iter().find(|(start, _)| *start == first).map(|(_, kind)| *kind)
        };
        code_column(&columns[at]).map(|column| column.kind).or_else(by_codes)
    };
    let edition = |at: usize| code_column(&columns[at]).map(|c| c.edition).unwrap_or_default();
    let (from, to) = (column("from")?, column("to")?);
    let to_kind = kind(to)?;
    Some(LookupFile {
        file: String::new(),
        from: columns[from].clone(),
        from_kind: kind(from).unwrap_or(to_kind).to_owned(),
        from_edition: edition(from),
        to: columns[to].clone(),
        to_kind: to_kind.to_owned(),
        to_edition: edition(to),
        weight: column("weight").map(|at| columns[at].clone()),
    })
}

/// A lookup for each pair of code columns that can be one: older to newer of one kind, finer to
/// coarser of two.
fn pairs(codes: &[CodeColumn], weight: Option<&String>) -> Vec<LookupFile> {
    let mut found = Vec::new();
    for from in codes {
        for to in codes {
            let newer = from.kind == to.kind && from.edition < to.edition;
            if newer || from.rank < to.rank {
                found.push(LookupFile {
                    file: String::new(),
                    from: from.name.clone(),
                    from_kind: from.kind.to_owned(),
                    from_edition: from.edition.clone(),
                    to: to.name.clone(),
                    to_kind: to.kind.to_owned(),
                    to_edition: to.edition.clone(),
                    weight: weight.cloned(),
                });
            }
        }
    }
    found
}

fn described(
    subject: &str,
    file: &LoadedFile,
    columns: &[String],
    get: &dyn Fn(&str) -> Option<String>,
) -> SubjectGuess {
    let must = |field: &str| get(field).unwrap_or_default();
    match subject {
        "harm-weights" => {
            let weight = must("weight");
            let is_cchi = header_key(&weight).contains("cchi");
            let name = if is_cchi { name::CAMBRIDGE_INDEX } else { name::HARM_WEIGHTS };
            let in_days = header_key(&weight).contains("days");
            SubjectGuess::Harm(HarmFile {
                file: String::new(),
                name: name.to_owned(),
                edition: year_in(&file.name).unwrap_or_default(),
                unit: if in_days { name::DAYS_OF_IMPRISONMENT } else { name::WEIGHT }.to_owned(),
                category: must("category"),
                weight,
                group_column: get("group"),
                group: None,
            })
        }
        "peers" => SubjectGuess::Peers(PeerFile {
            area: must("area"),
            period: must("period"),
            offence_group: must("offence-group"),
            rate: must("rate"),
            is_self: get("is-self"),
            ..PeerFile::default()
        }),
        "community-priorities" => SubjectGuess::CommunityPriorities(CommunityPriorityFile {
            area: must("area"),
            set: must("set"),
            text: must("text"),
            category: get("category"),
            status: get("status"),
            ..CommunityPriorityFile::default()
        }),
        "survey" => SubjectGuess::Survey(SurveyFile {
            ward: must("ward"),
            question: must("question"),
            percent: must("percent"),
            base: get("base"),
            lower: get("lower"),
            upper: get("upper"),
            wave_column: get("wave"),
            ..SurveyFile::default()
        }),
        "interventions" => SubjectGuess::Interventions(InterventionFile {
            name: must("name"),
            start: must("start"),
            end: get("end"),
            ward: get("ward"),
            crs: get("x").and_then(|x| {
                let code = if header_key(&x) == "easting" { "EPSG:27700" } else { "EPSG:4326" };
                code.parse().ok()
            }),
            x: get("x"),
            y: get("y"),
            radius: get("radius"),
            cost: get("cost"),
            funder: get("funder"),
            owner: get("owner"),
            ..InterventionFile::default()
        }),
        _ => {
            let code = must("code");
            let known = code_column(&code);
            let any = columns.iter().find_map(|name| code_column(name));
            let of = known.or(any);
            SubjectGuess::Indicators(IndicatorFile {
                kind: of.as_ref().map_or("ward", |column| column.kind).to_owned(),
                edition: of.map(|column| column.edition).unwrap_or_default(),
                code,
                name_column: get("name"),
                period_column: get("period"),
                value: get("value"),
                numerator: get("numerator"),
                denominator: get("denominator"),
                lower: get("lower"),
                upper: get("upper"),
                ..IndicatorFile::default()
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(name: &str, text: &str) -> SubjectGuess {
        guess_subject(&LoadedFile::from_bytes(name, text), Layouts::known()).unwrap()
    }

    #[test]
    fn lookups_are_every_pair_of_codes_that_nest_or_follow() {
        let text = "lsoa11_name,lsoa11_code,change_code,lsoa21_code,ltla22_code\nA,E1,U,E2,E06\n";

        let SubjectGuess::Lookups(found) = guess("l.csv", text) else { panic!("no lookup") };

        let pairs: Vec<_> = found.iter().map(|l| (l.from.as_str(), l.to.as_str())).collect();
        assert_eq!(
            pairs,
            [
                ("lsoa11_code", "lsoa21_code"),
                ("lsoa11_code", "ltla22_code"),
                ("lsoa21_code", "ltla22_code")
            ]
        );
    }

    #[test]
    fn old_and_new_codes_are_a_lookup_of_what_the_codes_are() {
        for (text, from_kind, weight) in [
            ("Old ward code,New ward code\nE05001500,E05014858\n", "ward", None),
            ("From,To\nE01000001,E05014858\n", "lsoa", None),
            ("Old code,New code\nDocks,E05014858\n", "ward", None),
            ("WD13CD,WD24CD,Weight\nE05001500,E05014858,812\n", "ward", Some("Weight")),
            ("Old code,New code,Households\nE05001500,E05014858,812\n", "ward", Some("Households")),
        ] {
            let SubjectGuess::Lookups(found) = guess("l.csv", text) else { panic!("{text}") };

            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(
                (found[0].from_kind.as_str(), found[0].to_kind.as_str()),
                (from_kind, "ward")
            );
            assert_eq!(found[0].weight.as_deref(), weight, "{text}");
        }
    }

    #[test]
    fn wide_figures_beside_one_code_are_indicators() {
        let text = "lsoa21_code,IMD_decile,IMD_score\nE01000001,8,8.742\n";

        let SubjectGuess::Indicators(found) = guess("imd2025_lsoa21.csv", text) else {
            panic!("no indicators")
        };

        assert_eq!((found.kind.as_str(), found.edition.as_str()), ("lsoa", "2021"));
        assert_eq!(found.values, ["IMD_decile", "IMD_score"]);
        assert_eq!(found.period.as_deref(), Some("2025"));
    }

    #[test]
    fn the_others_are_told_apart_by_their_headers() {
        for (text, wanted) in [
            ("force,crime_type,cchi_days\nKent,Robbery,1\n", "Harm"),
            ("area_code,period,offence_group,rate,is_self\nE2,Q1,Burglary,1,1\n", "Peers"),
            ("Area,Date set,Priority,Status\nA,2025-01-01,Bikes,Open\n", "CommunityPriorities"),
            ("Ward,Question,Percent,Base\nA,Safe,50,100\n", "Survey"),
            ("Scheme,Ward,Start date,End date,Cost\nGates,A,2025-01-01,,5\n", "Interventions"),
            ("Indicator,Area Code,Value,Lower CI,Upper CI\nX,E05000001,1,0,2\n", "Indicators"),
        ] {
            let found = format!("{:?}", guess("f.csv", text));

            assert!(found.starts_with(wanted), "{found}");
        }
    }
}
