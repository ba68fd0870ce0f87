//! `nearest-neighbour`: the nearest neighbour index of the incidents.

use serde::{Deserialize, Serialize};

use crate::quantity::SquareMetres;
use crate::table::Value;

use super::super::{StudyWindow, nearest_neighbour};
use super::{inside, measures};
use crate::stats::{Outcome, Scores, StatError, StatInput, Statistic};

/// The nearest neighbour index of the incidents.
pub struct NearestNeighbourScores;

/// Options of `nearest-neighbour`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct NearestNeighbourOptions {
    /// Area that chance spreads incidents over, m²; that of the study area where not given.
    pub area: Option<SquareMetres>,
}

impl Statistic for NearestNeighbourScores {
    type Options = NearestNeighbourOptions;
    const ID: &'static str = "nearest-neighbour";
    const LABEL: &'static str = "Nearest neighbour index";
    const ABOUT: &'static str = "Mean distance from an incident to the nearest other, over what \
                                 chance would leave in the study area: below 1 clustered, above \
                                 1 dispersed.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] = &[
        ("spatstat", "clarkevans.test"),
        ("CrimeStat", "Nearest neighbor analysis"),
        ("ArcGIS", "Average Nearest Neighbor"),
        ("QGIS", "Nearest neighbour analysis"),
    ];

    fn score(
        &self,
        input: &StatInput<'_>,
        options: &NearestNeighbourOptions,
    ) -> Result<Outcome, StatError> {
        let refused = |error| StatError::refused(Self::ID, error);
        let mut outcome = Outcome::default();
        let points = inside(input, &mut outcome);
        let window = StudyWindow::new(input.study_area).map_err(refused)?;
        let area = options.area.unwrap_or(window.area());
        // A perimeter belongs to the study area alone.
        let perimeter = options.area.is_none().then(|| window.perimeter());
        let found = nearest_neighbour(&points, area, perimeter).map_err(refused)?;
        if options.area.is_none() {
            outcome.chosen.push(("area", format!("{:.3} km², the study area's", area.km2())));
        }
        let number = |x: f64| Value::number(Some(x));
        let mut rows = vec![
            ("Incidents", Value::Count(found.n as i64), ""),
            ("Area", number(area.km2()), "km²"),
            ("Incidents at shared positions", Value::Count(found.repeats.n_sharing as i64), ""),
            ("Mean distance to the nearest", number(found.mean.get()), "m"),
            ("Expected by chance", number(found.plain.expected.get()), "m"),
            ("Nearest neighbour index", number(found.plain.index), ""),
            ("Standard error", number(found.standard_error.get()), "m"),
            ("z-score", number(found.plain.z), ""),
            ("p-value", number(found.plain.p), "two-sided"),
            ("p-value, clustered", number(found.plain.p_clustered), "one-sided"),
        ];
        if let Some(edge) = found.donnelly {
            rows.extend([
                ("Expected by chance, edge corrected", number(edge.expected.get()), "m (Donnelly)"),
                ("Index, edge corrected", number(edge.index), "Donnelly"),
                ("z-score, edge corrected", number(edge.z), "Donnelly"),
                ("p-value, edge corrected", number(edge.p), "two-sided, Donnelly"),
            ]);
        }
        outcome.scores.push(Scores::Table(measures(Self::ID, Self::LABEL, rows)));
        Ok(outcome)
    }
}
