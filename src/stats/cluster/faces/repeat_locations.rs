//! `repeat-locations`: the positions with most incidents.

use serde::{Deserialize, Serialize};

use crate::crs::Bng;

use super::super::{RepeatLocation, repeat_locations};
use crate::stats::{
    FoundPlace, Outcome, PlaceScores, ScoreColumn, Scores, StatError, StatInput, Statistic,
};

/// The positions with most incidents.
pub struct RepeatLocations;

/// Options of `repeat-locations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct RepeatLocationOptions {
    /// Incidents that a position needs.
    pub least: usize,
    /// Positions listed at most; how many more there are is said.
    pub most: usize,
}

impl Default for RepeatLocationOptions {
    fn default() -> Self {
        Self { least: 2, most: 100 }
    }
}

impl Statistic for RepeatLocations {
    type Options = RepeatLocationOptions;
    const ID: &'static str = "repeat-locations";
    const LABEL: &'static str = "Repeat locations";
    const ABOUT: &'static str =
        "Positions with most incidents, such as addresses or snap points, and the share they hold.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] =
        &[("CrimeStat", "Mode"), ("ArcGIS", "80-20 Analysis, Collect Events")];

    fn score(
        &self,
        input: &StatInput<'_>,
        options: &RepeatLocationOptions,
    ) -> Result<Outcome, StatError> {
        if options.least == 0 || options.most == 0 {
            let option = if options.least == 0 { "least" } else { "most" };
            let (statistic, wanted) = (Self::ID, "1 or more");
            return Err(StatError::OutOfRange { statistic, option, value: 0.0, wanted });
        }
        let mut found = repeat_locations(input.points, input.point_weights, options.least);
        let mut outcome = Outcome::default();
        if found.len() > options.most {
            outcome.notes.push(format!(
                "{} of {} positions with {} incidents or more are listed.",
                options.most,
                found.len(),
                options.least
            ));
            found.truncate(options.most);
        }
        if found.is_empty() {
            outcome.notes.push(format!("No position has {} incidents or more.", options.least));
        }
        if input.anonymised {
            outcome.notes.push(
                "Many incidents share a position: of snap points, as police.uk publishes them, one \
                 stands for a stretch of street and not for an address."
                    .to_owned(),
            );
        }
        let column = |id, label, unit, of: &dyn Fn(&RepeatLocation) -> f64| {
            ScoreColumn::numbers(id, label, unit, found.iter().map(|l| Some(of(l))).collect())
        };
        let mut columns = vec![column("count", "Incidents", "", &|l| l.points.len() as f64)];
        if input.point_weights.is_some() {
            columns.push(column("weight", "Weight", "", &|l| l.count));
        }
        columns.extend([
            column("share", "Share", "0 to 1", &|l| l.share),
            column("cumulative_share", "Share with those above", "0 to 1", &|l| l.cumulative_share),
            column("easting", "Easting", "m", &|l| Bng::easting(l.at)),
            column("northing", "Northing", "m", &|l| Bng::northing(l.at)),
        ]);
        outcome.scores.push(Scores::Places(PlaceScores {
            id: Self::ID,
            title: Self::LABEL.to_owned(),
            places: found.iter().map(|location| FoundPlace::Point(location.at)).collect(),
            columns,
        }));
        Ok(outcome)
    }
}
