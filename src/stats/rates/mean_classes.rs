//! `mean-classes`: thematic classes by multiples of the mean.

use serde::{Deserialize, Serialize};

use crate::stats::english::class as say;
use crate::stats::{Outcome, ScoreColumn, Scores, StatError, StatInput, Statistic};
use crate::table::{Column, Table, Value};

/// Class of a value by how many means it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MeanClass {
    /// Nothing.
    Zero,
    /// Above zero, up to the mean.
    ToOne,
    /// Above the mean, up to 2 means.
    ToTwo,
    /// Above 2 means, up to 3.
    ToThree,
    /// Above 3 means, up to 4: a hotspot from here on.
    ToFour,
    /// Above 4 means, up to 5.
    ToFive,
    /// Above 5 means.
    AboveFive,
}

/// Every class, lowest first.
pub const MEAN_CLASSES: [MeanClass; 7] = [
    MeanClass::Zero,
    MeanClass::ToOne,
    MeanClass::ToTwo,
    MeanClass::ToThree,
    MeanClass::ToFour,
    MeanClass::ToFive,
    MeanClass::AboveFive,
];

impl MeanClass {
    /// The class of `value` where the mean is `mean`, above zero. A value on the edge between two
    /// belongs to the lower.
    pub fn of(value: f64, mean: f64) -> Self {
        let means = value / mean;
        match () {
            () if value <= 0.0 => Self::Zero,
            () if means <= 1.0 => Self::ToOne,
            () if means <= 2.0 => Self::ToTwo,
            () if means <= 3.0 => Self::ToThree,
            () if means <= 4.0 => Self::ToFour,
            () if means <= 5.0 => Self::ToFive,
            () => Self::AboveFive,
        }
    }

    /// Name on screen and in files.
    pub const fn label(self) -> &'static str {
        say::means(self)
    }

    /// Whether the rule calls it a hotspot: more than 3 means.
    pub fn is_hotspot(self) -> bool {
        self >= Self::ToFour
    }
}

/// The mean and the class of each unit.
#[derive(Debug, Clone, PartialEq)]
pub struct MeanClasses {
    /// Mean of the values above zero; `None` where there is none.
    pub mean: Option<f64>,
    /// `[n_units]`; `None` for units left out, and for all without a mean.
    pub classes: Vec<Option<MeanClass>>,
}

/// Classes by multiples of the mean of the units that have anything: the incremental-mean rule of the
/// Home Office.
///
/// The rule is practical (the same words on every map and every scale) and no test: some unit is
/// above 3 means on most maps, those of pure chance among them.
///
/// # Shapes and units
///
/// - `values`: `[n_units]`, amounts; `within`: `[n_units]`, whether each lies inside the study area.
/// - a value that is below zero or not finite counts as nothing.
///
/// # Source
///
/// Home Office toolkit *Focus areas and hotspots* (2001); Chainey, Reid and Stuart (2002), in
/// *Socio-Economic Applications of GIS*, Taylor and Francis, chapter 2,
/// <https://doi.org/10.1201/b12606-10>. Neither says to which class an edge belongs: the lower, here.
pub fn mean_classes(values: &[f64], within: &[bool]) -> MeanClasses {
    let amount = |value: f64| if value.is_finite() { value.max(0.0) } else { 0.0 };
    let some: Vec<f64> = values
        .iter()
        .zip(within)
        .map(|(&value, &within)| if within { amount(value) } else { 0.0 })
        .filter(|&value| value > 0.0)
        .collect();
    let mean = (!some.is_empty()).then(|| some.iter().sum::<f64>() / some.len() as f64);
    let class = |(&value, &within): (&f64, &bool)| {
        mean.filter(|_| within).map(|mean| MeanClass::of(amount(value), mean))
    };
    MeanClasses { mean, classes: values.iter().zip(within).map(class).collect() }
}

/// Incremental-mean classes.
pub(in crate::stats) struct MeanClassesFace;

/// Options of `mean-classes`: none.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct MeanClassesOptions {}

impl Statistic for MeanClassesFace {
    type Options = MeanClassesOptions;
    const ID: &'static str = "mean-classes";
    const LABEL: &'static str = "Incremental-mean classes";
    const ABOUT: &'static str = "Units by how many times the mean of those with any incident they have; more than 3 times is a hotspot by the Home Office's rule of thumb, which is no test.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] = &[
        ("Home Office toolkit", "Focus areas and hotspots"),
        ("QGIS", "Graduated classes by hand"),
    ];

    fn score(&self, input: &StatInput<'_>, _: &MeanClassesOptions) -> Result<Outcome, StatError> {
        let values = input.values();
        let found = mean_classes(&values, &input.tested());
        let total: f64 = values.iter().filter(|v| v.is_finite()).sum();
        let all_ground: f64 = input.units.areas.iter().map(|area| area.km2()).sum();
        let rows = MEAN_CLASSES
            .iter()
            .map(|&class| {
                let of: Vec<usize> =
                    (0..values.len()).filter(|&i| found.classes[i] == Some(class)).collect();
                let sum = |f: &dyn Fn(usize) -> f64| of.iter().map(|&i| f(i)).sum::<f64>();
                let share = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole);
                vec![
                    Value::from(class.label()),
                    Value::Count(of.len() as i64),
                    Value::number(share(sum(&|i| values[i]), total)),
                    Value::number(share(sum(&|i| input.units.areas[i].km2()), all_ground)),
                ]
            })
            .collect();
        let labels = found.classes.iter().map(|class| class.map(MeanClass::label)).collect();
        let means = found
            .classes
            .iter()
            .zip(&values)
            .map(|(class, value)| found.mean.filter(|_| class.is_some()).map(|mean| value / mean))
            .collect();
        let table = Table {
            id: "classes".to_owned(),
            title: "Classes".to_owned(),
            columns: vec![
                Column::new("class", "Class", "", 0),
                Column::new("units", "Units", "", 0),
                Column::new("share", "Share of incidents", "0 to 1", 3),
                Column::new("share_area", "Share of the ground", "0 to 1", 3),
            ],
            rows,
        };
        let mut outcome = Outcome::of([
            Scores::PerUnit(vec![
                ScoreColumn::numbers(
                    "value",
                    "Value",
                    "",
                    values.iter().map(|&v| Some(v).filter(|v| v.is_finite())).collect(),
                ),
                ScoreColumn::numbers("means", "Times the mean", "", means),
                ScoreColumn::labels("class", "Class", labels),
            ]),
            Scores::Table(table),
        ]);
        if let Some(mean) = found.mean {
            outcome = outcome.chose("mean", format!("{mean:.2}, of the units that have any"));
        }
        Ok(outcome.note(
            "Multiples of the mean are a rule of thumb and no test: on a map of pure chance some \
             units are above 3 means too. Gi* says which stand out.",
        ))
    }
}
