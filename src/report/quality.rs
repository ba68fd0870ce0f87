//! The data-quality report as data.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::clean::{
    Account, CleaningReport, EXAMPLES, MonthState, Placed, QualitySums, SourceReport, SourceSums,
};
use crate::time::Month;
use crate::units::AreaLayer;

use super::english::quality as say;

/// Share of records with a usable position below which maps mislead: Ratcliffe (2004),
/// *International Journal of Geographical Information Science* 18(1), 61-72.
pub const WANTED: f64 = 0.85;

/// Rows of a file or source: `rows_in` is the sum of the other three.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowCounts {
    /// Read.
    pub rows_in: u64,
    /// Kept.
    pub kept: u64,
    /// Left out by a rule.
    pub excluded: u64,
    /// Not usable.
    pub rejected: u64,
}

impl RowCounts {
    fn of(account: &Account) -> Self {
        let ledger = &account.ledger;
        Self {
            rows_in: ledger.rows(),
            kept: ledger.kept(),
            excluded: ledger.excluded(),
            rejected: ledger.rejected(),
        }
    }

    fn add(&mut self, other: Self) {
        self.rows_in += other.rows_in;
        self.kept += other.kept;
        self.excluded += other.excluded;
        self.rejected += other.rejected;
    }
}

/// How many records of a kind, ward or source have a usable position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// Code or id; empty for records in no ward.
    pub id: String,
    /// In words.
    pub label: String,
    /// Records that count.
    pub records: u64,
    /// Those whose own position is usable.
    pub placed: u64,
}

impl Hit {
    fn new(id: &str, label: &str, sum: Placed) -> Self {
        Self { id: id.into(), label: label.into(), records: sum.records, placed: sum.placed }
    }

    /// Share with a usable position, 0 to 1; `None` without records.
    pub fn rate(&self) -> Option<f64> {
        (self.records > 0).then(|| self.placed as f64 / self.records as f64)
    }

    /// Whether fewer have a usable position than a map needs.
    pub fn is_low(&self) -> bool {
        self.rate().is_some_and(|rate| rate < WANTED)
    }
}

/// One month of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthLine {
    /// `YYYY-MM`.
    pub month: String,
    /// Records.
    pub records: u64,
    /// Those with a usable position.
    pub placed: u64,
    /// `whole`, `partial` or `missing`.
    pub state: String,
}

/// Rows that a reason applied to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonLine {
    /// Name in files.
    pub reason: String,
    /// `excluded`, `rejected` or `noted`.
    pub effect: String,
    /// In words.
    pub words: String,
    /// Rows.
    pub count: u64,
    /// The first of them.
    pub examples: Vec<ExampleRow>,
}

/// One row as an example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExampleRow {
    /// File.
    pub file: String,
    /// Line in it, or number of the feature.
    pub line: u64,
    /// The value in question, masked where it could name a person.
    pub value: String,
}

/// A position that may stand for "place not known".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspect {
    /// Metres east on the National Grid.
    pub easting: i64,
    /// Metres north.
    pub northing: i64,
    /// Records there.
    pub records: u64,
}

/// How records pile up on positions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Crowding {
    /// Different positions, to the metre.
    pub positions: u64,
    /// Records to one of them.
    pub each: f64,
    /// Records on the fullest; `None` where only some positions were counted.
    pub fullest: Option<u64>,
    /// Share of records on the fullest tenth of positions.
    pub top_tenth: f64,
    /// One position in this many was counted: 1 for all; the figures are then estimates.
    pub one_in: u64,
}

/// What the workspace says of a source.
#[derive(Debug, Clone, Default)]
pub struct SourceLine {
    /// Its layout.
    pub profile: String,
    /// Who answers for the data.
    pub owner: Option<String>,
    /// Day of receipt, `YYYY-MM-DD`.
    pub received: Option<String>,
}

/// One source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceQuality {
    /// Name in the workspace.
    pub id: String,
    /// Layout, in words.
    pub layout: String,
    /// Who answers for the data.
    pub owner: Option<String>,
    /// Day of receipt.
    pub received: Option<String>,
    /// Whether it is a police source.
    pub is_police: bool,
    /// First and last month with records.
    pub period: Option<(String, String)>,
    /// Its rows.
    pub rows: RowCounts,
    /// Rows of each file.
    pub files: Vec<(String, RowCounts)>,
    /// What became of rows, and why.
    pub reasons: Vec<ReasonLine>,
    /// Records with a usable position.
    pub hit: Hit,
    /// The same by kind.
    pub types: Vec<Hit>,
    /// The same by ward.
    pub wards: Vec<Hit>,
    /// The same by month, every month that any source has.
    pub months: Vec<MonthLine>,
    /// Positions that may stand for "not known".
    pub suspects: Vec<Suspect>,
    /// How records pile up; `None` where there are no positions.
    pub crowding: Option<Crowding>,
    /// Rows whose given ward is not that of their position.
    pub ward_disagrees: u64,
    /// What the reader must know.
    pub warnings: Vec<String>,
}

/// The data-quality report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QualityReport {
    /// Name of the study area.
    pub name: String,
    /// Whether the data are invented.
    pub fictional: bool,
    /// All rows.
    pub rows: RowCounts,
    /// All records with a usable position.
    pub hit: Hit,
    /// Whether nothing but police data is held.
    pub police_only: bool,
    /// Each source.
    pub sources: Vec<SourceQuality>,
    /// What the reader must know.
    pub warnings: Vec<String>,
}

impl QualityReport {
    /// What the cleaning report, the sums over what was kept and the workspace say together.
    /// `lines` has what is said of each source, by its name; `wards` the names of wards.
    pub fn new(
        cleaning: &CleaningReport,
        sums: &QualitySums,
        lines: &BTreeMap<String, SourceLine>,
        wards: Option<&AreaLayer>,
        fictional: bool,
    ) -> Self {
        let names: BTreeMap<&str, &str> = wards
            .into_iter()
            .flat_map(|layer| &layer.areas)
            .map(|area| (area.code.as_str(), area.name.as_str()))
            .collect();
        let months: BTreeSet<Month> =
            sums.sources.values().flat_map(|sums| sums.months.keys().copied()).collect();
        let months: Vec<Month> = match (months.first(), months.last()) {
            (Some(&first), Some(&last)) => (0..=last.since(first)).map(|n| first.plus(n)).collect(),
            _ => Vec::new(),
        };
        let none = SourceSums::default();
        let sources: Vec<SourceQuality> = cleaning
            .sources
            .iter()
            .map(|said| {
                let sums = sums.sources.get(&said.source).unwrap_or(&none);
                let line = lines.get(&said.source).cloned().unwrap_or_default();
                source(said, sums, line, &names, &months)
            })
            .collect();
        let mut rows = RowCounts::default();
        let mut all = Placed::default();
        for source in &sources {
            rows.add(source.rows);
            all.records += source.hit.records;
            all.placed += source.hit.placed;
        }
        let mut held = sources.iter().filter(|source| source.rows.kept > 0).peekable();
        Self {
            name: cleaning.name.clone(),
            fictional,
            rows,
            hit: Hit::new("all", say::ALL_RECORDS, all),
            police_only: held.peek().is_some() && held.all(|source| source.is_police),
            sources,
            warnings: cleaning.warnings.clone(),
        }
    }

    /// A summary for a terminal.
    pub fn text(&self) -> String {
        let RowCounts { rows_in, kept, excluded, rejected } = self.rows;
        let mut text = say::summary([rows_in, kept, excluded, rejected]);
        for source in &self.sources {
            let Some(rate) = source.hit.rate() else { continue };
            let low = source.types.iter().chain(&source.wards).filter(|hit| hit.is_low()).count();
            let gaps = source.months.iter().filter(|month| month.state != "whole").count();
            text += &say::summary_of(&source.id, rate, low, gaps);
        }
        if self.police_only {
            text += say::POLICE_ALONE_IN_SUMMARY;
        }
        text
    }
}

fn source(
    said: &SourceReport,
    sums: &SourceSums,
    line: SourceLine,
    names: &BTreeMap<&str, &str>,
    months: &[Month],
) -> SourceQuality {
    let types =
        sums.types.iter().map(|(kind, sum)| Hit::new(kind.get().id, kind.get().label, *sum));
    let in_none = Some(sums.in_no_ward).filter(|sum| sum.records > 0);
    let by_code: BTreeMap<&str, Placed> =
        sums.wards.iter().map(|(code, sum)| (code.as_str(), *sum)).collect();
    let ward = |(code, sum)| Hit::new(code, names.get(code).unwrap_or(&code), sum);
    let none = in_none.map(|sum| Hit::new("", say::IN_NO_WARD, sum));
    let wards = none.into_iter().chain(by_code.into_iter().map(ward));
    let states = sums.states();
    let month = |month: &Month| {
        let sum = sums.months.get(month).copied().unwrap_or_default();
        let state = match states.get(month) {
            Some(MonthState::Whole) => "whole",
            Some(MonthState::Partial) => "partial",
            Some(MonthState::Missing) | None => "missing",
        };
        let (records, placed) = (sum.records, sum.placed);
        MonthLine { month: month.to_string(), records, placed, state: state.to_owned() }
    };
    let ends = sums.months.keys().next().zip(sums.months.keys().next_back());
    let mut suspects: Vec<Suspect> = sums
        .defaults
        .iter()
        .map(|(&(easting, northing), &records)| Suspect { easting, northing, records })
        .collect();
    suspects.sort_by_key(|suspect| std::cmp::Reverse(suspect.records));
    let mut types: Vec<Hit> = types.collect();
    types.sort_by_key(|hit| std::cmp::Reverse(hit.records));
    SourceQuality {
        id: said.source.clone(),
        layout: said.layout.clone(),
        owner: line.owner,
        received: line.received,
        is_police: line.profile.starts_with("police"),
        period: ends.map(|(first, last)| (first.to_string(), last.to_string())),
        rows: RowCounts::of(&said.total),
        files: said.files.iter().map(|f| (f.file.clone(), RowCounts::of(&f.account))).collect(),
        reasons: reasons(said),
        hit: Hit::new(&said.source, &said.source, sums.all),
        types,
        wards: wards.collect(),
        months: months.iter().map(month).collect(),
        suspects,
        crowding: crowding(sums),
        ward_disagrees: said.total.ledger.count(crate::clean::Reason::WardDisagrees),
        warnings: said.warnings.clone(),
    }
}

fn reasons(said: &SourceReport) -> Vec<ReasonLine> {
    let line = |(reason, tally): (crate::clean::Reason, &crate::clean::Tally)| {
        let of_file = |file: &crate::clean::FileReport| {
            let tallies = file.account.ledger.tallies().filter(move |(other, _)| *other == reason);
            let name = file.file.clone();
            tallies
                .flat_map(|(_, tally)| &tally.examples)
                .map(move |example| ExampleRow {
                    file: name.clone(),
                    line: example.line,
                    value: example.value.clone(),
                })
                .collect::<Vec<_>>()
        };
        ReasonLine {
            reason: reason.id().to_owned(),
            effect: match reason.effect() {
                crate::clean::Effect::Excluded => "excluded",
                crate::clean::Effect::Rejected => "rejected",
                crate::clean::Effect::Noted => "noted",
            }
            .to_owned(),
            words: reason.label().to_owned(),
            count: tally.count,
            examples: said.files.iter().flat_map(of_file).take(EXAMPLES).collect(),
        }
    };
    said.total.ledger.tallies().map(line).collect()
}

fn crowding(sums: &SourceSums) -> Option<Crowding> {
    let one_in = sums.positions.one_in();
    let mut counts: Vec<u64> = sums.positions.records().collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let records: u64 = counts.iter().sum();
    let top: u64 = counts.iter().take(counts.len().div_ceil(10)).sum();
    let fullest = *counts.first()?;
    Some(Crowding {
        positions: counts.len() as u64 * one_in,
        each: records as f64 / counts.len() as f64,
        fullest: (one_in == 1).then_some(fullest),
        top_tenth: top as f64 / records as f64,
        one_in,
    })
}
