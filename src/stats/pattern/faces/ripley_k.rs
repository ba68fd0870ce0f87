//! `ripley-k`: K and L of the incidents, with an envelope of chance.

use rand::RngExt;
use serde::{Deserialize, Serialize};

use crate::crs::Bng;
use crate::quantity::Metres;
use crate::table::{Column, Table, Value};

use super::super::{PatternError, RipleyEdge, StudyWindow, ripley_envelope, ripley_k};
use super::inside;
use crate::stats::random::stream;
use crate::stats::statistic::between_none_and_all;
use crate::stats::{Outcome, Scores, StatError, StatInput, Statistic};

/// Stream of the seed that draws the sample: no simulation has this number.
const SAMPLE: u64 = u64::MAX - 1;

/// Ripley's K and L of the incidents.
pub struct RipleyK;

/// Options of `ripley-k`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct RipleyOptions {
    /// What is done about the edge of the study area.
    pub edge: RipleyEdge,
    /// Largest distance, m; a quarter of the shorter side of the study area where not given.
    pub farthest: Option<Metres>,
    /// Distances from zero to the largest, evenly spaced.
    pub steps: usize,
    /// Simulations of the envelope; none, and no envelope, at zero.
    pub simulations: usize,
    /// Chance that a random pattern leaves the envelope anywhere.
    pub alpha: f64,
    /// Seed of the simulations.
    pub seed: u64,
    /// Incidents looked at; of more, a random sample, which has the same K.
    pub most: usize,
}

impl Default for RipleyOptions {
    fn default() -> Self {
        Self {
            edge: RipleyEdge::Isotropic,
            farthest: None,
            steps: 25,
            simulations: 99,
            alpha: 0.05,
            seed: 2025,
            most: 1_000,
        }
    }
}

impl Statistic for RipleyK {
    type Options = RipleyOptions;
    const ID: &'static str = "ripley-k";
    const LABEL: &'static str = "Ripley's K and L";
    const ABOUT: &'static str = "How many other incidents lie within each distance of one, as the \
                                 distance at which chance would leave as many (L), with the \
                                 range chance alone takes the whole curve through.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] = &[
        ("spatstat", "Kest, Lest, envelope(global = TRUE)"),
        ("pointpats", "k, l"),
        ("CrimeStat", "Ripley's K"),
        ("ArcGIS", "Multi-Distance Spatial Cluster Analysis"),
    ];

    fn score(&self, input: &StatInput<'_>, options: &RipleyOptions) -> Result<Outcome, StatError> {
        let refused = |error| match error {
            PatternError::Cancelled(cancelled) => cancelled.into(),
            other => StatError::refused(Self::ID, other),
        };
        let alpha = between_none_and_all(Self::ID, "alpha", options.alpha)?;
        let out_of_range = |option, value, wanted| {
            Err(StatError::OutOfRange { statistic: Self::ID, option, value, wanted })
        };
        if options.steps == 0 || options.steps > 1_000 {
            return out_of_range("steps", options.steps as f64, "1 to 1,000");
        }
        if options.simulations > 99_999 {
            return out_of_range("simulations", options.simulations as f64, "0 to 99,999");
        }
        let mut outcome = Outcome::default();
        let all = inside(input, &mut outcome);
        let points = sample(&all, options, &mut outcome);
        let window = StudyWindow::new(input.study_area).map_err(refused)?;
        let farthest = options.farthest.unwrap_or_else(|| {
            let quarter = Metres::new(window.shorter_side().get() / 4.0);
            let how = "a quarter of the study area's shorter side";
            outcome.chosen.push(("farthest", format!("{:.1} m: {how}", quarter.get())));
            quarter
        });
        let step = farthest.get() / options.steps as f64;
        let radii: Vec<Metres> =
            (0..=options.steps).map(|i| Metres::new(i as f64 * step)).collect();
        let k = ripley_k(&points, &window, &radii, options.edge).map_err(refused)?;
        let mut columns = vec![
            Column::new("distance_m", "Distance", "m", 1),
            Column::new("k_m2", "K", "m²", 0),
            Column::new("k_chance_m2", "K by chance", "m²", 0),
            Column::new("l_minus_r_m", "L less distance", "m", 2),
        ];
        let mut rows: Vec<Vec<Value>> = radii
            .iter()
            .zip(&k)
            .map(|(r, k)| {
                let l = k.map(|k| super::super::l_from_k(k) - r.get());
                let chance = std::f64::consts::PI * r.get().powi(2);
                let numbers = [Some(r.get()), *k, Some(chance), l];
                numbers.into_iter().map(Value::number).collect()
            })
            .collect();
        if options.simulations > 0 {
            let choice = (options.simulations, alpha, options.seed);
            let envelope =
                ripley_envelope(&points, &window, &radii, options.edge, choice, input.watch)
                    .map_err(refused)?;
            columns.push(Column::new("low_m", "Envelope, lower", "m", 2));
            columns.push(Column::new("high_m", "Envelope, upper", "m", 2));
            for (i, row) in rows.iter_mut().enumerate() {
                row.extend([envelope.low[i], envelope.high[i]].map(Value::number));
            }
            outcome.notes.push(format!(
                "Of {} random patterns and this one, {:.1}% are at least as far from chance over \
                 all distances (p = {:.3}; extreme rank length).",
                options.simulations,
                envelope.p * 100.0,
                envelope.p
            ));
        }
        let (id, title) = (Self::ID.to_owned(), Self::LABEL.to_owned());
        outcome.scores.push(Scores::Table(Table { id, title, columns, rows }));
        Ok(outcome)
    }
}

/// All incidents, or as many as are looked at, drawn from all with even chances.
fn sample(all: &[Bng], options: &RipleyOptions, outcome: &mut Outcome) -> Vec<Bng> {
    if all.len() <= options.most {
        return all.to_vec();
    }
    let mut rng = stream(options.seed, SAMPLE);
    let mut drawn = all.to_vec();
    for i in 0..options.most {
        let other = rng.random_range(i..drawn.len());
        drawn.swap(i, other);
    }
    drawn.truncate(options.most);
    outcome.notes.push(format!(
        "K is that of {} incidents drawn at random from {}: thinning a pattern leaves its K as it \
         is. Ask for more with the option `most`.",
        drawn.len(),
        all.len()
    ));
    drawn
}
