//! Tables of `wardheat.toml` for what a partnership holds besides incidents and places.
//!
//! A key that ends in `-column`, and `code`, `ward`, `x`, `y` and the like, names a column of the
//! file; columns that no key names are never read. Other keys hold the value itself.

use serde::{Deserialize, Serialize};

use super::{Crs, DateForm};

/// `[[indicators]]`: figures by area, one in each of several columns or one in each row.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct IndicatorFile {
    /// Path from the workspace.
    pub file: String,
    /// Kind of area of the codes: `lsoa`, `ward`, ...
    pub kind: String,
    /// Edition of the codes.
    #[serde(default)]
    pub edition: String,
    /// Column of the area's code.
    pub code: String,
    /// Wide files: each of these columns is an indicator of that name.
    #[serde(default)]
    pub values: Vec<String>,
    /// Long files: column of the indicator's name.
    pub name_column: Option<String>,
    /// Name of the only indicator of a long file; what the wide columns belong to otherwise.
    pub name: Option<String>,
    /// Column of the period.
    pub period_column: Option<String>,
    /// Period of all rows.
    pub period: Option<String>,
    /// Long files: column of the figure itself.
    pub value: Option<String>,
    /// Column of the numerator.
    pub numerator: Option<String>,
    /// Column of the denominator.
    pub denominator: Option<String>,
    /// Column of the lower end of the interval.
    pub lower: Option<String>,
    /// Column of the upper end of the interval.
    pub upper: Option<String>,
}

/// `[[lookup]]`: codes of one kind and edition to those of another.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LookupFile {
    /// Path from the workspace.
    pub file: String,
    /// Column of the code that is looked up.
    pub from: String,
    /// Its kind.
    pub from_kind: String,
    /// Its edition.
    #[serde(default)]
    pub from_edition: String,
    /// Column of the code that is found.
    pub to: String,
    /// Its kind.
    pub to_kind: String,
    /// Its edition.
    #[serde(default)]
    pub to_edition: String,
    /// Column of the share or number of people that a pair holds: of a code with several
    /// counterparts only the one with more than half of it all is then kept (best fit).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<String>,
}

/// `[[interventions]]`: what was done; the place is a ward, a position with a radius, or the
/// outline of the feature.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct InterventionFile {
    /// Path from the workspace.
    pub file: String,
    /// Column of the name.
    pub name: String,
    /// Column of the first day.
    pub start: String,
    /// Column of the last day.
    pub end: Option<String>,
    /// How days are written; `yyyy-mm-dd` where absent.
    pub date: Option<DateForm>,
    /// Column of the ward's code or name.
    pub ward: Option<String>,
    /// Column of the easting or longitude.
    pub x: Option<String>,
    /// Column of the northing or latitude.
    pub y: Option<String>,
    /// Column of the radius in metres.
    pub radius: Option<String>,
    /// Coordinate system of `x` and `y`, or of a file that states none.
    pub crs: Option<Crs>,
    /// Column of the cost in pounds.
    pub cost: Option<String>,
    /// Column of who paid.
    pub funder: Option<String>,
    /// Column of the organisation that answers for it.
    pub owner: Option<String>,
}

/// `[[survey]]`: shares of answers by ward. Free text is never read: name no column that holds it.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SurveyFile {
    /// Path from the workspace.
    pub file: String,
    /// Column of the ward's code or name.
    pub ward: String,
    /// Column of the question.
    pub question: String,
    /// Column of the per cent who gave the answer.
    pub percent: String,
    /// Column of how many were asked.
    pub base: Option<String>,
    /// Column of the lower end of the interval.
    pub lower: Option<String>,
    /// Column of the upper end of the interval.
    pub upper: Option<String>,
    /// Column of the round.
    pub wave_column: Option<String>,
    /// Round of all rows.
    pub wave: Option<String>,
}

/// `[[community-priorities]]`: what communities asked for at PACT and neighbourhood meetings.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CommunityPriorityFile {
    /// Path from the workspace.
    pub file: String,
    /// Column of the area: ward, beat or neighbourhood.
    pub area: String,
    /// Column of the day it was set.
    pub set: String,
    /// How days are written; `yyyy-mm-dd` where absent.
    pub date: Option<DateForm>,
    /// Column of what was asked for.
    pub text: String,
    /// Column of the category.
    pub category: Option<String>,
    /// Column of the status.
    pub status: Option<String>,
}

/// `[[peers]]`: rates of areas like this one, as iQuanta gives them.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PeerFile {
    /// Path from the workspace.
    pub file: String,
    /// Column of the area's code.
    pub area: String,
    /// Column of the period.
    pub period: String,
    /// Column of the group of offences.
    pub offence_group: String,
    /// Column of the rate.
    pub rate: String,
    /// Column that says which area is the partnership's own: yes or no.
    pub is_self: Option<String>,
    /// Code of the partnership's own area, where no column says it.
    pub own: Option<String>,
}

/// `[[harm-weights]]`: how much one incident of each crime type weighs.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct HarmFile {
    /// Path from the workspace.
    pub file: String,
    /// What the weights are called.
    pub name: String,
    /// Edition.
    pub edition: String,
    /// What a weight is counted in.
    pub unit: String,
    /// Column of the crime type.
    pub category: String,
    /// Column of the weight.
    pub weight: String,
    /// Column of whose mix of offences it is, such as the force.
    pub group_column: Option<String>,
    /// The only group to keep; all where absent.
    pub group: Option<String>,
}
