//! `scan`: the places, or places and months, where incidents cluster most.

use serde::{Deserialize, Serialize};

use crate::geometry::Shape;
use crate::stats::scan::{Model, ScanCluster, ScanInput, ScanOptions, Ties, Window, scan};
use crate::stats::{
    FoundPlace, Outcome, PlaceScores, ScoreColumn, Scores, StatError, StatInput, Statistic,
};
use crate::time::Month;

use super::{centres, days_of, monthly, tested};

/// Kulldorff's scan.
pub(in crate::stats) struct ScanFace;

/// Options of `scan`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ScanFaceOptions {
    /// What incidents are compared with.
    pub model: Model,
    /// Whether clusters have months too; permutation always has.
    pub over_time: bool,
    /// Whether only clusters that last to the last month are looked for.
    pub prospective: bool,
    /// Shapes of the zones that are looked at.
    pub window: Window,
    /// What happens to units at one distance.
    pub ties: Ties,
    /// Share of the population (for permutation, of incidents) that a cluster may hold.
    pub largest: f64,
    /// Share of the months that a cluster may last.
    pub longest: f64,
    /// Clusters at most, the strongest first.
    pub clusters: usize,
    /// p-value up to which a cluster is reported.
    pub alpha: f64,
    /// How often chance is run.
    pub permutations: usize,
    /// Seed of chance.
    pub seed: u64,
}

impl Default for ScanFaceOptions {
    fn default() -> Self {
        let of = ScanOptions::default();
        Self {
            model: of.model,
            over_time: false,
            prospective: of.prospective,
            window: of.window,
            ties: of.ties,
            largest: of.largest,
            longest: of.longest,
            clusters: of.clusters,
            alpha: 0.05,
            permutations: of.permutations,
            seed: of.seed,
        }
    }
}

impl Statistic for ScanFace {
    type Options = ScanFaceOptions;
    const ID: &'static str = "scan";
    const LABEL: &'static str = "Scan clusters (Kulldorff)";
    const ABOUT: &'static str = "The circles (or ellipses), or circles over consecutive months, whose incidents exceed what is expected most, none sharing a unit with a stronger one, each with the chance that a map without clusters would hold one as strong.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] = &[
        ("SaTScan", "Poisson, Bernoulli, space-time permutation"),
        ("SpatialEpi", "kulldorff (ties = one-by-one)"),
        ("scanstatistics", "scan_pb_poisson, scan_permutation"),
    ];

    fn score(
        &self,
        input: &StatInput<'_>,
        options: &ScanFaceOptions,
    ) -> Result<Outcome, StatError> {
        super::share(Self::ID, "alpha", options.alpha)?;
        let over_time =
            options.over_time || options.prospective || options.model == Model::Permutation;
        let units: Vec<usize> = tested(input)
            .into_iter()
            .filter(|&unit| {
                options.model == Model::Permutation || base(input, unit).is_some_and(|b| b > 0.0)
            })
            .collect();
        let mut notes = Vec::new();
        let (cases, months): (Vec<f64>, Vec<Month>) = if over_time {
            let series = monthly(Self::ID, input, 2)?;
            let n = series.months.len();
            notes.extend(series.notes);
            let of = |&unit: &usize| {
                series.counts[unit * n..(unit + 1) * n].iter().map(|&count| f64::from(count))
            };
            (units.iter().flat_map(of).collect(), series.months)
        } else {
            let counts = input.counts.by_unit();
            (units.iter().map(|&unit| counts[unit] as f64).collect(), Vec::new())
        };
        let all = centres(input.units);
        let centres: Vec<_> = units.iter().map(|&unit| all[unit]).collect();
        let population: Vec<f64> =
            units.iter().map(|&unit| base(input, unit).unwrap_or(0.0)).collect();
        let lengths: Vec<f64> = if over_time {
            months.iter().map(|&month| days_of(month)).collect()
        } else {
            vec![1.0]
        };
        let of = ScanOptions {
            model: options.model,
            window: options.window,
            ties: options.ties,
            largest: options.largest,
            longest: options.longest,
            prospective: options.prospective,
            clusters: options.clusters,
            permutations: options.permutations,
            seed: options.seed,
            ..ScanOptions::default()
        };
        let given = ScanInput {
            centres: &centres,
            cases: &cases,
            population: &population,
            lengths: &lengths,
        };
        let mut clusters =
            scan(given, &of, input.watch).map_err(|wrong| StatError::refused(Self::ID, wrong))?;
        let looked_at = clusters.len();
        clusters.retain(|cluster| cluster.p <= options.alpha);
        let left_out = input.counts.n_units() - units.len();
        let mut outcome = Outcome::of([
            Scores::Places(places(input, &units, &clusters, &months)),
            Scores::PerUnit(vec![numbers_of_units(input, &units, &clusters)]),
        ])
        .note(format!(
            "{} of {looked_at} clusters looked at have a p-value of {} or less; {left_out} of {} \
             units are not scanned, being without a population or out of the family.",
            clusters.len(),
            options.alpha,
            input.counts.n_units()
        ))
        .note(base_note(input, options.model));
        outcome.notes.extend(notes);
        Ok(outcome)
    }
}

/// What incidents of a unit are compared with: people at risk, or failing them land.
fn base(input: &StatInput<'_>, unit: usize) -> Option<f64> {
    match input.bases {
        Some(bases) => bases[unit].map(crate::quantity::Population::get),
        None => Some(input.units.areas[unit].get()),
    }
}

fn base_note(input: &StatInput<'_>, model: Model) -> &'static str {
    match (model, input.bases) {
        (Model::Permutation, _) => {
            "Compared with when and where incidents are altogether: a place always high, or a month \
             high everywhere, is no cluster."
        }
        (_, Some(_)) => {
            "Compared with the population of each unit: a town centre with few residents is a \
             cluster by that alone."
        }
        (_, None) => {
            "Compared with land, there being no population: built-up ground is a cluster by that \
             alone."
        }
    }
}

fn places(
    input: &StatInput<'_>,
    units: &[usize],
    clusters: &[ScanCluster],
    months: &[Month],
) -> PlaceScores {
    let shape = |cluster: &ScanCluster| {
        Shape::union_of(cluster.units.iter().map(|&i| &input.units.shapes[units[i]]))
    };
    let number = |id, label, unit, of: &dyn Fn(&ScanCluster) -> Option<f64>| {
        ScoreColumn::numbers(id, label, unit, clusters.iter().map(of).collect())
    };
    let mut columns = Vec::new();
    if !months.is_empty() {
        let month = |of: &dyn Fn(&ScanCluster) -> usize| {
            clusters.iter().map(|cluster| Some(months[of(cluster)].label())).collect()
        };
        columns.push(ScoreColumn::texts("from", "From", month(&|c| c.start)));
        columns.push(ScoreColumn::texts("to", "To", month(&|c| c.end)));
    }
    columns.extend([
        number("n_units", "Units", "", &|c| Some(c.units.len() as f64)),
        number("radius", "Radius", "m", &|c| Some(c.radius)),
        number("count", "Incidents", "", &|c| Some(c.cases)),
        number("expected", "Expected", "", &|c| Some(c.expected)),
        number("ratio", "Times as many", "", &|c| c.ratio),
        number("relative_risk", "Relative risk", "", &|c| c.relative_risk),
        number("score", "Log-likelihood ratio", "", &|c| Some(c.score)),
        number("p", "p-value", "", &|c| Some(c.p)),
        number("stretch", "Length over width", "", &|c| Some(c.stretch)),
    ]);
    PlaceScores {
        id: "clusters",
        title: "Scan clusters".to_owned(),
        places: clusters.iter().map(|cluster| FoundPlace::Area(shape(cluster))).collect(),
        columns,
    }
}

/// Number of the cluster that each unit is in.
fn numbers_of_units(
    input: &StatInput<'_>,
    units: &[usize],
    clusters: &[ScanCluster],
) -> ScoreColumn {
    let mut values = vec![None; input.counts.n_units()];
    for (number, cluster) in clusters.iter().enumerate() {
        for &i in &cluster.units {
            values[units[i]] = Some(number as f64 + 1.0);
        }
    }
    ScoreColumn::numbers("cluster", "Cluster", "", values)
}
