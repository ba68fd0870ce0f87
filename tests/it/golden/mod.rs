//! Golden results: what other tools found, read from `../shared/golden` and from the folder that
//! `WARDHEAT_GOLDEN_DIR` names, and compared at the tolerance that each file states.
//!
//! A file names its `method`. Methods listed by one of the [`THEMES`] are run; the others are counted
//! as skipped. To add one is one function and one line in its theme's `METHODS`.
//!
//! A number agrees if it is within the absolute or the relative tolerance of the file, whichever is
//! wider for it; `null` agrees with `None` alone.

mod autocorrelation;
mod change;
mod density;
mod plan;
mod points;
mod rates;
mod scan;
mod space_time;
mod validation;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;
use wardheat::crs::Bng;

use crate::support::shared;

/// Compares one file with what wardheat finds.
type Check = fn(&Value) -> Result<(), String>;

/// Every method that is implemented, and how its files are checked.
const THEMES: &[&[(&str, Check)]] = &[
    autocorrelation::METHODS,
    change::METHODS,
    density::METHODS,
    plan::METHODS,
    points::METHODS,
    rates::METHODS,
    scan::METHODS,
    space_time::METHODS,
    validation::METHODS,
];

#[test]
fn every_golden_result_of_an_implemented_method_is_met() {
    let mut folders: Vec<PathBuf> =
        shared("golden results").map(|folder| folder.join("golden")).into_iter().collect();
    folders.extend(std::env::var_os("WARDHEAT_GOLDEN_DIR").map(PathBuf::from));
    let mut ran: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut skipped: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();

    for folder in folders {
        let entries = std::fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for file in files.iter().filter(|file| file.extension().is_some_and(|e| e == "json")) {
            let golden: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap())
                .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            let method = golden["method"].as_str().unwrap_or("no method").to_owned();
            let Some((_, check)) = THEMES.iter().copied().flatten().find(|(id, _)| *id == method)
            else {
                *skipped.entry(method).or_default() += 1;
                continue;
            };
            let (run, passed) = ran.entry(method).or_default();
            *run += 1;
            match check(&golden) {
                Ok(()) => *passed += 1,
                Err(reason) => wrong.push(format!("{}: {reason}", file.display())),
            }
        }
    }

    let total: (usize, usize) = ran.values().fold((0, 0), |sum, n| (sum.0 + n.0, sum.1 + n.1));
    println!(
        "golden results: {} ran, {} passed, {} skipped",
        total.0,
        total.1,
        skipped.values().sum::<usize>()
    );
    for (method, (run, passed)) in &ran {
        println!("  {method}: {run} ran, {passed} passed");
    }
    for (method, files) in &skipped {
        println!("  {method}: {files} skipped");
    }
    assert!(wrong.is_empty(), "golden results not met:\n{}", wrong.join("\n"));
}

/// Compares with one file's `expected`, at its tolerance.
struct Expected<'a> {
    values: &'a Value,
    abs: f64,
    rel: f64,
}

impl<'a> Expected<'a> {
    fn of(golden: &'a Value) -> Result<Self, String> {
        let tolerance = |kind: &str| golden["tolerance"][kind].as_f64();
        if tolerance("abs").or(tolerance("rel")).is_none() {
            return Err("the file states no tolerance".into());
        }
        let (abs, rel) = (tolerance("abs").unwrap_or(0.0), tolerance("rel").unwrap_or(0.0));
        Ok(Self { values: &golden["expected"], abs, rel })
    }

    fn within(&self, values: &'a Value) -> Self {
        Self { values, abs: self.abs, rel: self.rel }
    }

    fn number(&self, what: &str, ours: Option<f64>, theirs: &Value) -> Result<(), String> {
        let agrees = match (ours, theirs.as_f64()) {
            (None, None) => theirs.is_null(),
            (Some(ours), Some(theirs)) => {
                (ours - theirs).abs() <= self.abs.max(self.rel * theirs.abs())
            }
            _ => false,
        };
        if agrees { Ok(()) } else { Err(format!("{what}: ours {ours:?}, theirs {theirs}")) }
    }

    /// A number under a key that the file may leave out.
    fn one(&self, key: &str, ours: Option<f64>) -> Result<(), String> {
        self.values.get(key).map_or(Ok(()), |theirs| self.number(key, ours, theirs))
    }

    /// A list under a key that the file may leave out.
    fn list(&self, key: &str, ours: &[Option<f64>]) -> Result<(), String> {
        let Some(theirs) = self.values.get(key) else { return Ok(()) };
        let theirs = theirs.as_array().ok_or_else(|| format!("{key} is no list"))?;
        if ours.len() != theirs.len() {
            return Err(format!("{key}: ours has {}, theirs {}", ours.len(), theirs.len()));
        }
        ours.iter()
            .zip(theirs)
            .enumerate()
            .try_for_each(|(i, (ours, theirs))| self.number(&format!("{key}[{i}]"), *ours, theirs))
    }
}

fn numbers(value: &Value) -> Result<Vec<f64>, String> {
    let list = value.as_array().ok_or("a list of numbers was expected")?;
    list.iter().map(|x| x.as_f64().ok_or_else(|| format!("{x} is no number"))).collect()
}

/// Numbers of which some may be unknown.
fn optional(value: &Value) -> Result<Vec<Option<f64>>, String> {
    let list = value.as_array().ok_or("a list of numbers was expected")?;
    list.iter()
        .map(|x| match x.as_f64() {
            None if !x.is_null() => Err(format!("{x} is no number")),
            number => Ok(number),
        })
        .collect()
}

fn counts(value: &Value) -> Result<Vec<u64>, String> {
    let count = |x: f64| {
        if x >= 0.0 && x.fract() == 0.0 { Ok(x as u64) } else { Err(format!("{x} is no count")) }
    };
    numbers(value)?.into_iter().map(count).collect()
}

/// Keys of an object that are `before`, a number and `after`, with that number.
fn numbered<'a>(
    object: &'a Value,
    before: &'a str,
    after: &'a str,
) -> impl Iterator<Item = (&'a str, f64)> {
    object.as_object().into_iter().flatten().filter_map(move |(key, _)| {
        let number = key.strip_prefix(before)?.strip_suffix(after)?;
        Some((key.as_str(), number.parse().ok()?))
    })
}

fn some(values: Vec<f64>) -> Vec<Option<f64>> {
    values.into_iter().map(Some).collect()
}

fn positions(inputs: &Value) -> Result<Vec<Bng>, String> {
    let (x, y) = (numbers(&inputs["x"])?, numbers(&inputs["y"])?);
    Ok(x.into_iter().zip(y).map(|(x, y)| Bng::new(x, y)).collect())
}
