//! The columns of findings, read back as rows that pages are written from.

use crate::incident::CrimeTypeIdx;
use crate::layer::{Feature, Findings, Layer};
use crate::stats::ChangeClass;
use crate::table::{Table, Value};
use crate::time::Month;

/// A number with the ends of its 95% interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ranged {
    /// The number.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end; infinite where there is none.
    pub high: f64,
}

/// Class of a change by its word in tables.
fn change_class(word: &str) -> Option<ChangeClass> {
    use ChangeClass::{AsUsual, Higher, Lower, TooFewToSay};
    [Higher, Lower, AsUsual, TooFewToSay].into_iter().find(|class| class.label() == word)
}

/// Sign of a change: never colour alone.
pub(super) const fn sign(class: ChangeClass) -> &'static str {
    match class {
        ChangeClass::Higher => "▲",
        ChangeClass::Lower => "▼",
        ChangeClass::AsUsual => "●",
        ChangeClass::TooFewToSay => "○",
    }
}

/// Class of a change in the style sheet.
pub(super) const fn style(class: ChangeClass) -> &'static str {
    match class {
        ChangeClass::Higher => "up",
        ChangeClass::Lower => "down",
        ChangeClass::AsUsual | ChangeClass::TooFewToSay => "even",
    }
}

/// One ward of the layer `wards`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ward {
    pub code: String,
    pub name: String,
    pub residents: Option<f64>,
    pub households: Option<f64>,
    pub count: i64,
    pub rate: Option<Ranged>,
    /// Over those who are there on a working day.
    pub rate_day: Option<Ranged>,
    /// Noun of the base of the rate.
    pub base: String,
    pub share: f64,
    /// Rank by rate, with its interval.
    pub rank: Option<Ranged>,
    /// Rank by count, with its interval.
    pub rank_count: Option<Ranged>,
    pub earlier: Option<i64>,
    /// Rate now over rate a year earlier.
    pub change: Option<Ranged>,
    pub class: Option<ChangeClass>,
}

/// One hotspot of the layer `hotspots`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Hotspot {
    pub number: i64,
    pub name: String,
    pub wards: String,
    pub count: i64,
    pub share: f64,
    pub area_km2: f64,
    pub z_max: Option<f64>,
    pub words: String,
}

/// One row of the table `by-type`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct OfType {
    pub crime_type: CrimeTypeIdx,
    pub count: i64,
    pub earlier: Option<i64>,
}

/// One row of the table `by-month`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct OfMonth {
    pub month: Month,
    /// None where a source lacks the month.
    pub count: Option<i64>,
}

/// Cells of one row, found by the name of their column.
struct Cells<'a> {
    ids: Vec<&'static str>,
    values: &'a [Value],
}

impl<'a> Cells<'a> {
    fn of_feature(layer: &Layer, feature: &'a Feature) -> Self {
        Self { ids: layer.columns.iter().map(|c| c.id).collect(), values: &feature.values }
    }

    fn of_row(table: &Table, values: &'a [Value]) -> Self {
        Self { ids: table.columns.iter().map(|c| c.id).collect(), values }
    }

    fn value(&self, id: &str) -> &'a Value {
        let at = self.ids.iter().position(|column| *column == id);
        at.and_then(|i| self.values.get(i)).unwrap_or(&Value::None)
    }

    fn number(&self, id: &str) -> Option<f64> {
        match *self.value(id) {
            Value::Count(n) => Some(n as f64),
            Value::Number(x) => Some(x),
            _ => None,
        }
    }

    fn count(&self, id: &str) -> Option<i64> {
        self.number(id).map(|x| x.round() as i64)
    }

    fn text(&self, id: &str) -> String {
        match self.value(id) {
            Value::Text(text) => text.clone(),
            _ => String::new(),
        }
    }

    fn ranged(&self, value: &str, low: &str, high: &str) -> Option<Ranged> {
        Some(Ranged {
            value: self.number(value)?,
            low: self.number(low)?,
            high: self.number(high).unwrap_or(f64::INFINITY),
        })
    }
}

/// Every ward, in the order of the layer.
pub(super) fn wards(findings: &Findings) -> Vec<Ward> {
    let Some(layer) = findings.layer("wards") else { return Vec::new() };
    let row = |feature| {
        let cells = Cells::of_feature(layer, feature);
        Ward {
            code: cells.text("code"),
            name: cells.text("name"),
            residents: cells.number("residents"),
            households: cells.number("households"),
            count: cells.count("count").unwrap_or(0),
            rate: cells.ranged("rate", "rate_low", "rate_high"),
            rate_day: cells.ranged("rate_day", "rate_day_low", "rate_day_high"),
            base: cells.text("base"),
            share: cells.number("share").unwrap_or(0.0),
            rank: cells.ranged("rank", "rank_low", "rank_high"),
            rank_count: cells.ranged("rank_count", "rank_count_low", "rank_count_high"),
            earlier: cells.count("earlier"),
            change: cells.ranged("change", "change_low", "change_high"),
            class: change_class(&cells.text("change_class")),
        }
    };
    layer.features.iter().map(row).collect()
}

/// Every hotspot, by number.
pub(super) fn hotspots(findings: &Findings) -> Vec<Hotspot> {
    let Some(layer) = findings.layer("hotspots") else { return Vec::new() };
    let row = |feature| {
        let cells = Cells::of_feature(layer, feature);
        Hotspot {
            number: cells.count("number").unwrap_or(0),
            name: cells.text("name"),
            wards: cells.text("wards"),
            count: cells.count("count").unwrap_or(0),
            share: cells.number("share").unwrap_or(0.0),
            area_km2: cells.number("area_km2").unwrap_or(0.0),
            z_max: cells.number("z_max"),
            words: cells.text("words"),
        }
    };
    let mut rows: Vec<_> = layer.features.iter().map(row).collect();
    rows.sort_by_key(|hotspot| hotspot.number);
    rows
}

/// Counts of the window by crime type, where there are any.
pub(super) fn by_type(findings: &Findings) -> Vec<OfType> {
    let Some(table) = findings.table("by-type") else { return Vec::new() };
    let row = |values: &Vec<Value>| {
        let cells = Cells::of_row(table, values);
        Some(OfType {
            crime_type: CrimeTypeIdx::from_id(&cells.text("type"))?,
            count: cells.count("count")?,
            earlier: cells.count("earlier"),
        })
    };
    table.rows.iter().filter_map(row).collect()
}

/// Counts of the chosen types by month, over all months of the data.
pub(super) fn by_month(findings: &Findings) -> Vec<OfMonth> {
    let Some(table) = findings.table("by-month") else { return Vec::new() };
    let row = |values: &Vec<Value>| {
        let cells = Cells::of_row(table, values);
        Some(OfMonth { month: cells.text("month").parse().ok()?, count: cells.count("count") })
    };
    table.rows.iter().filter_map(row).collect()
}

/// Number of cells that Gi* tested.
pub(super) fn cells_tested(findings: &Findings) -> Option<usize> {
    let layer = findings.layer("cells")?;
    let tested = |feature: &&Feature| {
        *Cells::of_feature(layer, feature).value("tested") == Value::Flag(true)
    };
    Some(layer.features.iter().filter(tested).count())
}

/// Land inside the study area, in square kilometres.
pub(super) fn land_km2(findings: &Findings) -> f64 {
    let Some(layer) = findings.layer("wards") else { return 0.0 };
    layer.features.iter().map(|feature| feature.shape.area().km2()).sum()
}
