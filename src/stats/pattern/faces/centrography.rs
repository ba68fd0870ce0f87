//! `centrography`: the middle of the incidents and their spread.

use geo::{MultiPolygon, Polygon};
use serde::{Deserialize, Serialize};

use crate::crs::Bng;
use crate::geometry::Shape;
use crate::quantity::Metres;

use super::super::{Ellipse, centrography};
use crate::stats::{
    FoundPlace, Outcome, PlaceScores, ScoreColumn, Scores, StatError, StatInput, Statistic,
};

/// Corners of an outline.
const CORNERS: usize = 90;

/// The middle of the incidents and their spread.
pub struct CentrographyScores;

/// Options of `centrography`: there are none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct CentrographyOptions {}

impl Statistic for CentrographyScores {
    type Options = CentrographyOptions;
    const ID: &'static str = "centrography";
    const LABEL: &'static str = "Centre and spread";
    const ABOUT: &'static str = "Mean centre and median centre of the incidents, their standard \
                                 distance, and the ellipse that shows which way they spread.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] = &[
        ("pointpats", "mean_center, euclidean_median, std_distance, ellipse"),
        ("CrimeStat", "Mean center and standard distance"),
        ("ArcGIS", "Mean Center, Median Center, Standard Distance, Directional Distribution"),
    ];

    fn score(
        &self,
        input: &StatInput<'_>,
        _options: &CentrographyOptions,
    ) -> Result<Outcome, StatError> {
        let found = centrography(input.points, input.point_weights)
            .map_err(|error| StatError::refused(Self::ID, error))?;
        let mut outcome = Outcome::default();
        let centres = [found.mean_centre, found.median_centre];
        let column = |id, label, unit, values: Vec<f64>| {
            ScoreColumn::numbers(id, label, unit, values.into_iter().map(Some).collect())
        };
        outcome.scores.push(Scores::Places(PlaceScores {
            id: "centres",
            title: "Centres".to_owned(),
            places: centres.map(FoundPlace::Point).to_vec(),
            columns: vec![
                ScoreColumn::labels(
                    "what",
                    "What",
                    vec![Some("mean centre"), Some("median centre")],
                ),
                column("easting", "Easting", "m", centres.map(Bng::easting).to_vec()),
                column("northing", "Northing", "m", centres.map(Bng::northing).to_vec()),
            ],
        }));
        let distance = found.standard_distance;
        let circle = Ellipse { major: distance, minor: distance, bearing: 0.0 };
        let mut spread = vec![("standard distance", circle)];
        spread.extend(found.ellipse.map(|ellipse| ("standard deviational ellipse", ellipse)));
        // What has no area cannot be drawn.
        spread.retain(|(_, ellipse)| ellipse.minor.get() > 0.0);
        if spread.len() < 2 {
            outcome.notes.push(
                "These are too few incidents, or stand too much in a line or a spot, for both a \
                 circle and an ellipse."
                    .to_owned(),
            );
        }
        let outline = |ellipse: &Ellipse| {
            let corners = ellipse.outline(found.mean_centre, CORNERS);
            let corners: Vec<(f64, f64)> =
                corners.iter().map(|p| (p.easting(), p.northing())).collect();
            let polygon = Polygon::new(corners.into(), vec![]);
            FoundPlace::Area(Shape::new(MultiPolygon::new(vec![polygon])))
        };
        let numbers = |id, label, unit, of: fn(&Ellipse) -> f64| {
            column(id, label, unit, spread.iter().map(|(_, ellipse)| of(ellipse)).collect())
        };
        outcome.scores.push(Scores::Places(PlaceScores {
            id: "spread",
            title: "Spread".to_owned(),
            places: spread.iter().map(|(_, ellipse)| outline(ellipse)).collect(),
            columns: vec![
                ScoreColumn::labels("what", "What", spread.iter().map(|s| Some(s.0)).collect()),
                numbers("major_m", "Longer half-axis", "m", |e| Metres::get(e.major)),
                numbers("minor_m", "Shorter half-axis", "m", |e| Metres::get(e.minor)),
                numbers("bearing", "Longer axis", "degrees from north", |e| e.bearing),
                numbers("area_km2", "Area", "km²", |e| e.area().km2()),
            ],
        }));
        Ok(outcome)
    }
}
