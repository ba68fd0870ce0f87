//! What a partnership knows besides incidents and places, to and from Parquet files.

use std::path::Path;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::error::StoreError;
use super::files::{self, AREAS, DataFile};
use super::geoparquet::{self, Column, Decoded};
use super::wkb;
use crate::context::{
    CodeSet, CommunityPriority, Context, Indicator, IndicatorValue, Intervention, Lookup, PeerRate,
    SurveyResult, Treated,
};
use crate::geometry::Shape;
use crate::incident::{CrimeTypeIdx, HarmWeights};
use crate::quantity::Metres;

/// One file of the kind, as the manifest names it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ContextFile {
    /// What it holds: the name of its schema.
    pub(super) subject: String,
    /// The file.
    #[serde(flatten)]
    pub(super) file: DataFile,
}

const INDICATORS: &str = "message indicators {
    REQUIRED BYTE_ARRAY name (STRING);
    REQUIRED BYTE_ARRAY kind (STRING);
    REQUIRED BYTE_ARRAY edition (STRING);
    REQUIRED BYTE_ARRAY period (STRING);
    REQUIRED BYTE_ARRAY code (STRING);
    OPTIONAL DOUBLE numerator;
    OPTIONAL DOUBLE denominator;
    OPTIONAL DOUBLE value;
    OPTIONAL DOUBLE lower;
    OPTIONAL DOUBLE upper;
}";

const LOOKUPS: &str = "message lookups {
    REQUIRED BYTE_ARRAY from_kind (STRING);
    REQUIRED BYTE_ARRAY from_edition (STRING);
    REQUIRED BYTE_ARRAY from_code (STRING);
    REQUIRED BYTE_ARRAY to_kind (STRING);
    REQUIRED BYTE_ARRAY to_edition (STRING);
    REQUIRED BYTE_ARRAY to_code (STRING);
}";

const INTERVENTIONS: &str = "message interventions {
    REQUIRED BYTE_ARRAY name (STRING);
    REQUIRED BYTE_ARRAY start (STRING);
    OPTIONAL BYTE_ARRAY end (STRING);
    OPTIONAL DOUBLE cost;
    OPTIONAL BYTE_ARRAY funder (STRING);
    OPTIONAL BYTE_ARRAY owner (STRING);
    OPTIONAL BYTE_ARRAY ward (STRING);
    OPTIONAL DOUBLE radius_m;
    OPTIONAL BYTE_ARRAY place;
}";

const SURVEYS: &str = "message surveys {
    REQUIRED BYTE_ARRAY wave (STRING);
    REQUIRED BYTE_ARRAY ward (STRING);
    REQUIRED BYTE_ARRAY question (STRING);
    OPTIONAL DOUBLE percent;
    OPTIONAL DOUBLE base;
    OPTIONAL DOUBLE lower;
    OPTIONAL DOUBLE upper;
}";

const PRIORITIES: &str = "message community_priorities {
    REQUIRED BYTE_ARRAY area (STRING);
    OPTIONAL BYTE_ARRAY ward (STRING);
    REQUIRED BYTE_ARRAY set (STRING);
    REQUIRED BYTE_ARRAY text (STRING);
    OPTIONAL BYTE_ARRAY category (STRING);
    OPTIONAL BYTE_ARRAY status (STRING);
}";

const PEERS: &str = "message peers {
    REQUIRED BYTE_ARRAY area (STRING);
    REQUIRED BYTE_ARRAY period (STRING);
    REQUIRED BYTE_ARRAY offence_group (STRING);
    OPTIONAL DOUBLE rate;
    REQUIRED INT32 is_self;
}";

const HARM: &str = "message harm_weights {
    REQUIRED BYTE_ARRAY name (STRING);
    REQUIRED BYTE_ARRAY edition (STRING);
    REQUIRED BYTE_ARRAY unit (STRING);
    OPTIONAL BYTE_ARRAY group (STRING);
    REQUIRED BYTE_ARRAY crime_type (STRING);
    REQUIRED DOUBLE weight;
}";

/// Writes whatever there is, a file for each kind of it.
pub(super) fn write(store: &Path, context: &Context) -> Result<Vec<ContextFile>, StoreError> {
    let kinds: [(&str, &str, Vec<Column>); 7] = [
        ("indicators", INDICATORS, indicators(&context.indicators)),
        ("lookups", LOOKUPS, lookups(&context.lookups)),
        ("interventions", INTERVENTIONS, interventions(&context.interventions)),
        ("surveys", SURVEYS, surveys(&context.surveys)),
        ("community-priorities", PRIORITIES, priorities(&context.priorities)),
        ("peers", PEERS, peers(&context.peers)),
        ("harm-weights", HARM, harm(&context.harm)),
    ];
    let mut all = Vec::new();
    for (subject, schema, columns) in kinds {
        let rows = columns.first().map_or(0, Column::len);
        if rows > 0 {
            let place = format!("{AREAS}/{subject}-");
            let bytes = geoparquet::encode_plain(schema, &columns)
                .map_err(StoreError::parquet(&store.join(&place)))?;
            let file = files::put(store, &place, rows, &bytes)?;
            all.push(ContextFile { subject: subject.to_owned(), file });
        }
    }
    Ok(all)
}

/// Reads one of those files into `context`. A kind that this release does not know is left alone.
pub(super) fn read(
    path: &Path,
    entry: &ContextFile,
    context: &mut Context,
) -> Result<(), StoreError> {
    let input = Decoded::new(path, entry.file.read(path)?)?;
    match entry.subject.as_str() {
        "indicators" => context.indicators = read_indicators(&input)?,
        "lookups" => context.lookups = read_lookups(&input)?,
        "interventions" => context.interventions = read_interventions(&input)?,
        "surveys" => context.surveys = read_surveys(&input)?,
        "community-priorities" => context.priorities = read_priorities(&input)?,
        "peers" => context.peers = read_peers(&input)?,
        "harm-weights" => context.harm = read_harm(&input)?,
        _ => {}
    }
    Ok(())
}

/// A column of texts that are always there.
fn named<'a, T: 'a>(rows: impl Iterator<Item = &'a T>, text: impl Fn(&'a T) -> &'a str) -> Column {
    Column::texts(rows.map(|row| Some(text(row))))
}

/// A column of texts that may be absent.
fn may<'a, T: 'a>(
    rows: impl Iterator<Item = &'a T>,
    text: impl Fn(&'a T) -> Option<&'a str>,
) -> Column {
    Column::texts(rows.map(text))
}

/// A column of numbers.
fn real<'a, T: 'a>(
    rows: impl Iterator<Item = &'a T>,
    number: impl Fn(&T) -> Option<f64>,
) -> Column {
    Column::Real(rows.map(number).collect())
}

/// The texts of a column that may not be empty.
fn texts(input: &Decoded<'_>, column: &'static str) -> Result<Vec<String>, StoreError> {
    let cells = input.texts(column)?.into_iter().enumerate();
    cells.map(|(row, cell)| input.required(row, column, cell)).collect()
}

/// The days of a column; `None` where a cell is empty.
fn days(input: &Decoded<'_>, column: &'static str) -> Result<Vec<Option<Date>>, StoreError> {
    let cells = input.texts(column)?.into_iter().enumerate();
    cells
        .map(|(row, cell)| {
            let read = |text: String| {
                text.parse::<Date>().map_err(|error| input.wrong(row, column, error.to_string()))
            };
            cell.map(read).transpose()
        })
        .collect()
}

fn indicators(all: &[Indicator]) -> Vec<Column> {
    let rows: Vec<(&Indicator, &IndicatorValue)> =
        all.iter().flat_map(|one| one.values.iter().map(move |value| (one, value))).collect();
    vec![
        named(rows.iter(), |(one, _)| &one.name),
        named(rows.iter(), |(one, _)| &one.kind),
        named(rows.iter(), |(one, _)| &one.edition),
        named(rows.iter(), |(one, _)| &one.period),
        named(rows.iter(), |(_, value)| &value.code),
        real(rows.iter(), |(_, value)| value.numerator),
        real(rows.iter(), |(_, value)| value.denominator),
        real(rows.iter(), |(_, value)| value.value),
        real(rows.iter(), |(_, value)| value.lower),
        real(rows.iter(), |(_, value)| value.upper),
    ]
}

fn read_indicators(input: &Decoded<'_>) -> Result<Vec<Indicator>, StoreError> {
    let (names, kinds) = (texts(input, "name")?, texts(input, "kind")?);
    let (editions, periods) = (texts(input, "edition")?, texts(input, "period")?);
    let (numerators, denominators) = (input.reals("numerator")?, input.reals("denominator")?);
    let values = input.reals("value")?;
    let (lower, upper) = (input.reals("lower")?, input.reals("upper")?);
    let mut all: Vec<Indicator> = Vec::new();
    for (row, code) in texts(input, "code")?.into_iter().enumerate() {
        let head = [&names[row], &kinds[row], &editions[row], &periods[row]];
        let same = all
            .last()
            .is_some_and(|last| [&last.name, &last.kind, &last.edition, &last.period] == head);
        if !same {
            let [name, kind, edition, period] = head.map(Clone::clone);
            all.push(Indicator { name, kind, edition, period, values: Vec::new() });
        }
        if let Some(last) = all.last_mut() {
            last.values.push(IndicatorValue {
                code,
                numerator: numerators[row],
                denominator: denominators[row],
                value: values[row],
                lower: lower[row],
                upper: upper[row],
            });
        }
    }
    Ok(all)
}

fn lookups(all: &[Lookup]) -> Vec<Column> {
    let rows: Vec<(&Lookup, &(String, String))> =
        all.iter().flat_map(|one| one.pairs().iter().map(move |pair| (one, pair))).collect();
    vec![
        named(rows.iter(), |(one, _)| &one.from.kind),
        named(rows.iter(), |(one, _)| &one.from.edition),
        named(rows.iter(), |(_, pair)| &pair.0),
        named(rows.iter(), |(one, _)| &one.to.kind),
        named(rows.iter(), |(one, _)| &one.to.edition),
        named(rows.iter(), |(_, pair)| &pair.1),
    ]
}

fn read_lookups(input: &Decoded<'_>) -> Result<Vec<Lookup>, StoreError> {
    let (from_kinds, from_editions) = (texts(input, "from_kind")?, texts(input, "from_edition")?);
    let (to_kinds, to_editions) = (texts(input, "to_kind")?, texts(input, "to_edition")?);
    let to_codes = texts(input, "to_code")?;
    let mut sets: Vec<(CodeSet, CodeSet)> = Vec::new();
    let mut pairs: Vec<Vec<(String, String)>> = Vec::new();
    for (row, (from, to)) in texts(input, "from_code")?.into_iter().zip(to_codes).enumerate() {
        let set = (
            CodeSet::new(&from_kinds[row], &from_editions[row]),
            CodeSet::new(&to_kinds[row], &to_editions[row]),
        );
        if sets.last() != Some(&set) {
            sets.push(set);
            pairs.push(Vec::new());
        }
        if let Some(last) = pairs.last_mut() {
            last.push((from, to));
        }
    }
    let lookup = |((from, to), pairs)| Lookup::new(from, to, pairs);
    Ok(sets.into_iter().zip(pairs).map(lookup).collect())
}

fn interventions(all: &[Intervention]) -> Vec<Column> {
    let days: Vec<(String, Option<String>)> =
        all.iter().map(|one| (one.start.to_string(), one.end.map(|end| end.to_string()))).collect();
    let place = |one: &Intervention| match &one.place {
        Treated::Ward(_) => None,
        Treated::Circle { centre, .. } => Some(wkb::point(*centre)),
        Treated::Outline(shape) => Some(wkb::polygons(shape.polygons())),
    };
    vec![
        named(all.iter(), |one| &one.name),
        named(days.iter(), |(start, _)| start),
        may(days.iter(), |(_, end)| end.as_deref()),
        real(all.iter(), |one| one.cost),
        may(all.iter(), |one| one.funder.as_deref()),
        may(all.iter(), |one| one.owner.as_deref()),
        may(all.iter(), |one| match &one.place {
            Treated::Ward(code) => Some(code.as_str()),
            _ => None,
        }),
        real(all.iter(), |one| match one.place {
            Treated::Circle { radius, .. } => Some(radius.get()),
            _ => None,
        }),
        Column::geometries(all.iter().map(place)),
    ]
}

fn read_interventions(input: &Decoded<'_>) -> Result<Vec<Intervention>, StoreError> {
    let (starts, ends) = (days(input, "start")?, days(input, "end")?);
    let (costs, radii) = (input.reals("cost")?, input.reals("radius_m")?);
    let (funders, owners) = (input.texts("funder")?, input.texts("owner")?);
    let wards = input.texts("ward")?;
    let places = input.blobs("place")?;
    let rows = texts(input, "name")?.into_iter().enumerate();
    rows.map(|(row, name)| {
        let wrong = |problem: String| input.wrong(row, "place", problem);
        let place = match (&wards[row], radii[row], &places[row]) {
            (Some(code), ..) => Treated::Ward(code.clone()),
            (None, Some(radius), Some(blob)) => Treated::Circle {
                centre: wkb::read_point(blob).map_err(wrong)?,
                radius: Metres::new(radius),
            },
            (None, None, Some(blob)) => {
                Treated::Outline(Shape::new(wkb::read_polygons(blob).map_err(wrong)?))
            }
            _ => return Err(wrong("neither a ward nor a place".to_owned())),
        };
        Ok(Intervention {
            name,
            place,
            start: input.required(row, "start", starts[row])?,
            end: ends[row],
            cost: costs[row],
            funder: funders[row].clone(),
            owner: owners[row].clone(),
        })
    })
    .collect()
}

fn surveys(all: &[SurveyResult]) -> Vec<Column> {
    vec![
        named(all.iter(), |one| &one.wave),
        named(all.iter(), |one| &one.ward),
        named(all.iter(), |one| &one.question),
        real(all.iter(), |one| one.percent),
        real(all.iter(), |one| one.base),
        real(all.iter(), |one| one.lower),
        real(all.iter(), |one| one.upper),
    ]
}

fn read_surveys(input: &Decoded<'_>) -> Result<Vec<SurveyResult>, StoreError> {
    let (waves, wards) = (texts(input, "wave")?, texts(input, "ward")?);
    let (percents, bases) = (input.reals("percent")?, input.reals("base")?);
    let (lower, upper) = (input.reals("lower")?, input.reals("upper")?);
    let rows = texts(input, "question")?.into_iter().enumerate();
    let row = |(row, question): (usize, String)| SurveyResult {
        wave: waves[row].clone(),
        ward: wards[row].clone(),
        question,
        percent: percents[row],
        base: bases[row],
        lower: lower[row],
        upper: upper[row],
    };
    Ok(rows.map(row).collect())
}

fn priorities(all: &[CommunityPriority]) -> Vec<Column> {
    let set: Vec<String> = all.iter().map(|one| one.set.to_string()).collect();
    vec![
        named(all.iter(), |one| &one.area),
        may(all.iter(), |one| one.ward.as_deref()),
        named(set.iter(), |set| set),
        named(all.iter(), |one| &one.text),
        may(all.iter(), |one| one.category.as_deref()),
        may(all.iter(), |one| one.status.as_deref()),
    ]
}

fn read_priorities(input: &Decoded<'_>) -> Result<Vec<CommunityPriority>, StoreError> {
    let (areas, wards, set) = (texts(input, "area")?, input.texts("ward")?, days(input, "set")?);
    let (categories, status) = (input.texts("category")?, input.texts("status")?);
    let rows = texts(input, "text")?.into_iter().enumerate();
    rows.map(|(row, text)| {
        Ok(CommunityPriority {
            area: areas[row].clone(),
            ward: wards[row].clone(),
            set: input.required(row, "set", set[row])?,
            text,
            category: categories[row].clone(),
            status: status[row].clone(),
        })
    })
    .collect()
}

fn peers(all: &[PeerRate]) -> Vec<Column> {
    vec![
        named(all.iter(), |one| &one.area),
        named(all.iter(), |one| &one.period),
        named(all.iter(), |one| &one.offence_group),
        real(all.iter(), |one| one.rate),
        Column::Int(all.iter().map(|one| Some(i32::from(one.is_self))).collect()),
    ]
}

fn read_peers(input: &Decoded<'_>) -> Result<Vec<PeerRate>, StoreError> {
    let (areas, periods) = (texts(input, "area")?, texts(input, "period")?);
    let (rates, own) = (input.reals("rate")?, input.ints("is_self")?);
    let rows = texts(input, "offence_group")?.into_iter().enumerate();
    let row = |(row, offence_group): (usize, String)| PeerRate {
        area: areas[row].clone(),
        period: periods[row].clone(),
        offence_group,
        rate: rates[row],
        is_self: own[row] == Some(1),
    };
    Ok(rows.map(row).collect())
}

fn harm(all: &[HarmWeights]) -> Vec<Column> {
    let rows: Vec<(&HarmWeights, CrimeTypeIdx, f64)> = all
        .iter()
        .flat_map(|one| one.weighted().map(move |(crime_type, weight)| (one, crime_type, weight)))
        .collect();
    vec![
        named(rows.iter(), |(one, ..)| &one.name),
        named(rows.iter(), |(one, ..)| &one.edition),
        named(rows.iter(), |(one, ..)| &one.unit),
        may(rows.iter(), |(one, ..)| one.group.as_deref()),
        named(rows.iter(), |(_, crime_type, _)| crime_type.get().id),
        real(rows.iter(), |(.., weight)| Some(*weight)),
    ]
}

fn read_harm(input: &Decoded<'_>) -> Result<Vec<HarmWeights>, StoreError> {
    let (names, editions) = (texts(input, "name")?, texts(input, "edition")?);
    let (units, groups) = (texts(input, "unit")?, input.texts("group")?);
    let weights = input.reals("weight")?;
    let mut heads: Vec<[Option<String>; 4]> = Vec::new();
    let mut tables: Vec<Vec<(CrimeTypeIdx, f64)>> = Vec::new();
    for (row, id) in texts(input, "crime_type")?.into_iter().enumerate() {
        let crime_type = CrimeTypeIdx::from_id(&id).ok_or_else(|| {
            input.wrong(row, "crime_type", format!("there is no crime type `{id}`"))
        })?;
        let head = [
            Some(names[row].clone()),
            Some(editions[row].clone()),
            Some(units[row].clone()),
            groups[row].clone(),
        ];
        if heads.last() != Some(&head) {
            heads.push(head);
            tables.push(Vec::new());
        }
        let weight = input.required(row, "weight", weights[row])?;
        if let Some(table) = tables.last_mut() {
            table.push((crime_type, weight));
        }
    }
    let table = |(head, weights): ([Option<String>; 4], Vec<(CrimeTypeIdx, f64)>)| {
        let text = |i: usize| head[i].as_deref().unwrap_or_default();
        HarmWeights::new(text(0), text(1), text(2), head[3].as_deref(), weights)
    };
    Ok(heads.into_iter().zip(tables).map(table).collect())
}

#[cfg(test)]
#[path = "context_tests.rs"]
mod tests;
