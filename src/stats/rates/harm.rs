//! `harm`: counts in which each incident weighs as much as its harm.

use serde::{Deserialize, Serialize};

use crate::stats::{Outcome, ScoreColumn, Scores, StatError, StatInput, Statistic};
use crate::table::{Column, Table, Value};

/// Categories without a weight named in a note at most; a table has all.
const NAMED: usize = 20;

/// Harm-weighted counts.
pub(in crate::stats) struct HarmFace;

/// Options of `harm`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct HarmOptions {
    /// Table of weights by crime type, or by offence code for a file's `--category`; the
    /// `[[harm-weights]]` of the workspace where absent.
    pub weights: Option<String>,
    /// Edition of that table; the year in its name where absent.
    pub edition: Option<String>,
    /// Which of its groups, such as the force, where it has several.
    pub group: Option<String>,
}

impl Statistic for HarmFace {
    type Options = HarmOptions;
    const ID: &'static str = "harm";
    const LABEL: &'static str = "Harm-weighted counts";
    const ABOUT: &'static str = "Incidents of each unit, each counted with the harm weight of its crime type, such as days of imprisonment in the Cambridge Crime Harm Index.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] =
        &[("Cambridge CCHI", "harm score"), ("ONS", "Crime Severity Score, before its rate")];

    fn score(&self, input: &StatInput<'_>, _: &HarmOptions) -> Result<Outcome, StatError> {
        let found = input.harm.ok_or_else(|| StatError::Lacks {
            statistic: Self::ID,
            wanted: "the category of each incident and harm weights for them",
            found:
                "there are none (name a table with --weights, or list it as [[harm-weights]]; of a \
                    file, name the column of its codes with --category)"
                    .to_owned(),
        })?;
        let all: f64 = found.harm.iter().flatten().sum();
        let whole = |counts: &[u64]| counts.iter().map(|&c| Some(c as f64)).collect();
        let ratio = |over: &dyn Fn(usize) -> f64, of: &dyn Fn(usize) -> Option<f64>| {
            let value = |i| of(i).filter(|_| over(i) > 0.0).map(|part| part / over(i));
            (0..found.harm.len()).map(value).collect::<Vec<Option<f64>>>()
        };
        let weighted = |i: usize| found.weighted[i] as f64;
        let number = |id, label, unit, values| ScoreColumn::numbers(id, label, unit, values);
        let columns = vec![
            number("count", "Incidents", "", whole(&found.counts)),
            number("weighted", "Incidents with a weight", "", whole(&found.weighted)),
            number(
                "share_weighted",
                "Share of incidents with a weight",
                "0 to 1",
                ratio(&|i| found.counts[i] as f64, &|i| Some(weighted(i))),
            ),
            number("harm", "Harm", "unit of the weights", found.harm.clone()),
            number("harm_share", "Share of harm", "0 to 1", ratio(&|_| all, &|i| found.harm[i])),
            number(
                "harm_mean",
                "Harm of an incident with a weight",
                "unit of the weights",
                ratio(&weighted, &|i| found.harm[i]),
            ),
        ];
        let table = format!("{}, in {}", found.table, found.unit);
        let mut outcome =
            Outcome::from(Scores::PerUnit(columns)).chose("weights", table.clone()).note(format!(
                "Weights: {table}. {} of {} incidents ({:.1}%) have one.",
                found.n_weighted,
                found.n_incidents,
                100.0 * found.n_weighted as f64 / found.n_incidents.max(1) as f64
            ));
        if !found.without.is_empty() {
            let shown = found.without.iter().take(NAMED);
            let mut names: Vec<String> =
                shown.map(|(category, count)| format!("{category} ({count})")).collect();
            if found.without.len() > NAMED {
                names.push(format!("{} more, listed in a table", found.without.len() - NAMED));
            }
            outcome.notes.push(format!(
                "No weight for {}: their harm is not known. They are left out of it, not counted as \
                 zero, and a unit where no incident has a weight has no figure.",
                names.join(", ")
            ));
        }
        if found.without.len() > NAMED {
            let row = |(category, count): &(String, u64)| {
                vec![Value::from(category.clone()), Value::Count(*count as i64)]
            };
            outcome.scores.push(Scores::Table(Table {
                id: "without_weight".to_owned(),
                title: "Categories without a weight".to_owned(),
                columns: vec![
                    Column::new("category", "Category", "", 0),
                    Column::new("count", "Incidents", "", 0),
                ],
                rows: found.without.iter().map(row).collect(),
            }));
        }
        Ok(outcome.note(
            "Police.uk categories are a proxy: a weight is a mean over the offences of a category, so \
             the gravest and the slightest of them weigh the same here. Weights of the offences themselves, \
             where records have them, tell more.",
        ))
    }
}
