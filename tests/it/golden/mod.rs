//! Golden results: what other tools found, read from `../shared/golden` and from the folder that
//! `WARDHEAT_GOLDEN_DIR` names, and compared at the tolerance that each file states.
//!
//! A file names its `method`. Methods listed by one of the [`THEMES`] are run; the others are counted
//! as skipped. To add one is one function and one line in its theme's `METHODS`.
//!
//! A number agrees if it is within the absolute or the relative tolerance of the file, whichever is
//! wider for it; `null` agrees with `None` alone.
//!
//! What a file gives and no check looks at is a failure that names it: a result under a key that is
//! not known, an option or an input that nobody asked for. What need not be met is in
//! [`INFORMATIVE`].

mod autocorrelation;
mod change;
mod density;
mod plan;
mod points;
mod rates;
mod scan;
mod space_time;
mod validation;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::PathBuf;

use serde_json::Value;
use wardheat::crs::Bng;

use crate::support::shared;

/// Compares one file with what wardheat finds.
type Check = fn(&Golden) -> Result<(), String>;

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

/// Results that are not asked for, by method and path, and why.
const INFORMATIVE: &[(&str, &str, &str)] = &[
    ("conditional-permutation", "two_sided", "a formula in words, where it is no list"),
    ("ehsa-classify", "rows.sfdep_category", "older rules of another tool"),
    ("e-test", "rows.statsmodels_etest", "of equal rates: statsmodels counts both zero as extreme"),
    ("hdbscan", "ari_between_peers", "what the peers have of each other"),
    ("hdbscan", "labels_hdbscan_pkg", "either peer may be met, and labels are compared as wholes"),
    ("hdbscan", "labels_sklearn", "either peer may be met, and labels are compared as wholes"),
    ("kde", "bandwidth_sfhotspot_1_0_0_actual", "the rule for one axis: a peer's bug"),
    ("kulldorff", "*.type", "the name of the model, which is its key"),
    ("mclp-pmedian", "pmedian_set", "other sets may be as good: the objective is compared"),
    ("nni", "p_two_sided_spatstat_donnelly", "of simulations under another null"),
    ("sfhotspot-gistar-kde", "auto_bandwidth_actual", "the rule for one axis: a peer's bug"),
    ("wdd", "rows.wdq", "not defined where nothing went down"),
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
            let golden = Golden::new(
                serde_json::from_str(&std::fs::read_to_string(file).unwrap())
                    .unwrap_or_else(|error| panic!("{}: {error}", file.display())),
            );
            let method = golden.file["method"].as_str().unwrap_or("no method").to_owned();
            let Some((_, check)) = THEMES.iter().copied().flatten().find(|(id, _)| *id == method)
            else {
                *skipped.entry(method).or_default() += 1;
                continue;
            };
            let (run, passed) = ran.entry(method.clone()).or_default();
            *run += 1;
            match check(&golden).and_then(|()| golden.all_looked_at(&method)) {
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

/// One file, and what of it has been looked at.
struct Golden {
    file: Value,
    compared: RefCell<HashSet<*const Value>>,
    asked: RefCell<BTreeSet<(&'static str, String)>>,
}

impl Golden {
    fn new(file: Value) -> Self {
        Self { file, compared: RefCell::default(), asked: RefCell::default() }
    }

    fn ask(&self, part: &'static str, key: &str) -> &Value {
        self.asked.borrow_mut().insert((part, key.to_owned()));
        &self.file[part][key]
    }

    /// An option, null where the file has none of this name.
    fn param(&self, key: &str) -> &Value {
        self.ask("params", key)
    }

    /// An input, null where the file has none of this name.
    fn input(&self, key: &str) -> &Value {
        self.ask("inputs", key)
    }

    /// An option in words, of which those in `known` are followed and others are not.
    fn words(&self, key: &str, known: &[&str]) -> Result<(), String> {
        match self.param(key) {
            Value::Null => Ok(()),
            words if words.as_str().is_some_and(|words| known.contains(&words)) => Ok(()),
            other => Err(format!("{key} {other} is not followed")),
        }
    }

    /// A result, null where the file has none of this name.
    fn result(&self, key: &str) -> &Value {
        &self.file["expected"][key]
    }

    /// A tolerance of its own for some result.
    fn tolerance(&self, key: &str) -> Option<f64> {
        self.file["tolerance"][key].as_f64()
    }

    /// Notes that a result, with all that is in it, has been compared.
    fn met(&self, result: &Value) {
        self.compared.borrow_mut().insert(std::ptr::from_ref(result));
        match result {
            Value::Array(list) => list.iter().for_each(|inner| self.met(inner)),
            Value::Object(object) => object.values().for_each(|inner| self.met(inner)),
            _ => {}
        }
    }

    /// Names what was not looked at.
    fn all_looked_at(&self, method: &str) -> Result<(), String> {
        let mut left = BTreeSet::new();
        for part in ["params", "inputs"] {
            for key in self.file[part].as_object().into_iter().flatten().map(|(key, _)| key) {
                if !self.asked.borrow().contains(&(part, key.clone())) {
                    left.insert(format!("{part}.{key}"));
                }
            }
        }
        self.leaves(&self.file["expected"], "", &mut |path| {
            let informative = INFORMATIVE.iter().any(|(of, known, _)| {
                let known = known.strip_prefix("*.").map_or(*known == path, |end| {
                    path.split_once('.').is_some_and(|(_, rest)| rest == end)
                });
                *of == method && known
            });
            if !informative {
                left.insert(format!("expected.{path}"));
            }
        });
        if left.is_empty() { Ok(()) } else { Err(format!("not looked at: {left:?}")) }
    }

    /// Calls `left` with the path of each number, word or null that was not compared.
    fn leaves(&self, value: &Value, path: &str, left: &mut dyn FnMut(&str)) {
        if self.compared.borrow().contains(&std::ptr::from_ref(value)) {
            return;
        }
        match value {
            Value::Array(list) => list.iter().for_each(|inner| self.leaves(inner, path, left)),
            Value::Object(object) => {
                for (key, inner) in object {
                    let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                    self.leaves(inner, &path, left);
                }
            }
            _ => left(path),
        }
    }
}

/// Compares with one file's `expected`, at its tolerance.
struct Expected<'a> {
    golden: &'a Golden,
    values: &'a Value,
    abs: f64,
    rel: f64,
}

impl<'a> Expected<'a> {
    fn of(golden: &'a Golden) -> Result<Self, String> {
        if golden.tolerance("abs").or(golden.tolerance("rel")).is_none() {
            return Err("the file states no tolerance".into());
        }
        Ok(Self::at(
            golden,
            golden.tolerance("abs").unwrap_or(0.0),
            golden.tolerance("rel").unwrap_or(0.0),
        ))
    }

    /// At another tolerance than that of the whole file.
    fn at(golden: &'a Golden, abs: f64, rel: f64) -> Self {
        Self { golden, values: &golden.file["expected"], abs, rel }
    }

    fn within(&self, values: &'a Value) -> Self {
        Self { values, ..*self }
    }

    fn number(&self, what: &str, ours: Option<f64>, theirs: &Value) -> Result<(), String> {
        let agrees = match (ours, theirs.as_f64()) {
            (None, None) => theirs.is_null(),
            (Some(ours), Some(theirs)) => {
                (ours - theirs).abs() <= self.abs.max(self.rel * theirs.abs())
            }
            _ => false,
        };
        self.golden.met(theirs);
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

fn positions(golden: &Golden) -> Result<Vec<Bng>, String> {
    let (x, y) = (numbers(golden.input("x"))?, numbers(golden.input("y"))?);
    Ok(x.into_iter().zip(y).map(|(x, y)| Bng::new(x, y)).collect())
}

/// A result, an option or an input that a check does not look at is named.
#[test]
fn what_a_golden_file_gives_and_nobody_looks_at_is_named() {
    let golden = Golden::new(serde_json::json!({
        "params": {"alpha": 0.05, "yonder": 1},
        "inputs": {"c1": [8, 12], "c2": [12, 22], "weights": [1, 2]},
        "tolerance": {"abs": 1e-9},
        "expected": {"p": [null, null], "rows": [{"z": 1.0, "odd": "x"}]},
    }));
    let expected = Expected::of(&golden).unwrap();
    golden.param("alpha");
    golden.input("c1");
    golden.input("c2");

    expected.list("p", &[None, None]).unwrap();
    expected.within(&golden.result("rows")[0]).one("z", Some(1.0)).unwrap();

    let left = golden.all_looked_at("sppt-proportion-change").unwrap_err();
    for named in ["params.yonder", "inputs.weights", "expected.rows.odd"] {
        assert!(left.contains(named), "{left}");
    }
    assert!(!left.contains("expected.p") && !left.contains("rows.z"), "{left}");
}
