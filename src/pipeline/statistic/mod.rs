//! One statistic on its own: on what a workspace holds, or on any file of places.

mod harm;
mod on_file;
mod on_workspace;
mod request;
mod tables;

pub(super) use on_file::outlines;
pub use on_file::{PlacesFile, score_file};
pub use on_workspace::score_workspace;
pub use request::{MOST_REPEATS, ScoreRequest, is_file_option};

use anyhow::{Context as _, anyhow};
use serde::{Deserialize, Serialize};

use crate::hint::Hint;
use crate::quantity::Metres;
use crate::stats::{AnyStatistic, Outcome, STATISTICS, StatOption, statistic};
use crate::units::{Units, h3_size, unit_kind};
use crate::weights::{WeightsChoice, WeightsFile};

use super::english::statistic as say;

/// Statistic that counts with harm weights.
const HARM: &str = "harm";

/// A kind of unit, with its size where it has one: `ward`, `lsoa`, `square:250`, `hexagon:250`,
/// `h3:r9`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnitChoice {
    /// Id of the kind.
    pub kind: String,
    /// Side of a cell.
    pub size: Metres,
}

impl Default for UnitChoice {
    fn default() -> Self {
        Self { kind: "square".to_owned(), size: Metres::new(250.0) }
    }
}

impl std::fmt::Display for UnitChoice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Areas have the size they have.
        match self.kind.as_str() {
            kind @ ("ward" | "lsoa") => f.write_str(kind),
            kind => write!(f, "{kind}:{}", self.size.get()),
        }
    }
}

impl std::str::FromStr for UnitChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, size) = text.split_once(':').unwrap_or((text, "250"));
        let wanted = say::UNITS_WANTED;
        if unit_kind(kind).is_none() {
            return Err(format!("there is no kind of unit `{kind}`; {wanted}"));
        }
        let resolution = size.strip_prefix('r').filter(|_| kind == "h3");
        let size = match resolution.map(|text| text.parse().ok().and_then(h3_size)) {
            Some(Some(side)) => side.get().to_string(),
            Some(None) => {
                return Err(format!("`{size}` is no resolution of H3, which are r0 to r15"));
            }
            None => size.to_owned(),
        };
        match size.parse::<f64>() {
            Ok(side) if (25.0..=100_000.0).contains(&side) => {
                Ok(Self { kind: kind.to_owned(), size: Metres::new(side) })
            }
            _ => Err(format!("`{size}` is no side of a cell from 25 to 100,000 m; {wanted}")),
        }
    }
}

/// The statistic with this id, or an error that lists them.
///
/// # Errors
///
/// If there is none.
pub fn find_statistic(id: &str) -> anyhow::Result<&'static dyn AnyStatistic> {
    statistic(id).ok_or_else(|| {
        let known: Vec<&str> = STATISTICS.iter().map(|s| s.id()).collect();
        anyhow!("there is no statistic `{id}`")
            .context(Hint(format!("choose one of: {}", known.join(", "))))
    })
}

/// The file of weights that the options of a statistic name, read; `None` where they name none.
///
/// # Errors
///
/// If it cannot be read or is not as its format has it.
pub fn read_weights(options: &serde_json::Value) -> anyhow::Result<Option<WeightsFile>> {
    let choice: Option<WeightsChoice> =
        options.get("weights").and_then(|text| text.as_str()?.parse().ok());
    // Words that are no choice are refused by the statistic, which knows what it takes.
    let Some((path, format)) = choice.as_ref().and_then(WeightsChoice::file) else {
        return Ok(None);
    };
    let text =
        std::fs::read_to_string(path).with_context(|| format!("reading the weights {path}"))?;
    let name = std::path::Path::new(path).file_name().unwrap_or_default().to_string_lossy();
    Ok(Some(WeightsFile::parse(&name, format, &text)?))
}

/// The value of an option as it is read; nothing for one that is not set.
fn in_words(value: &serde_json::Value) -> Option<String> {
    use serde_json::Value;
    Some(match value {
        Value::Null => return None,
        Value::Bool(yes) => say::yes_or_no(*yes).to_owned(),
        Value::String(word) => word.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(all) => all.iter().filter_map(in_words).collect::<Vec<_>>().join(", "),
        Value::Object(parts) => parts
            .iter()
            .filter_map(|(name, value)| Some(format!("{name} {}", in_words(value)?)))
            .collect::<Vec<_>>()
            .join(", "),
    })
}

/// What was done, in words: the statistic, and every option it ran with.
fn method(
    chosen: &dyn AnyStatistic,
    options: &serde_json::Value,
    units: &Units,
    outcome: &Outcome,
) -> (String, String) {
    let of = |StatOption { name, default, .. }: StatOption| {
        let value = in_words(options.get(&name).unwrap_or(&default))?;
        Some((name, value))
    };
    let ran_with: Vec<(String, String)> = chosen.options().into_iter().filter_map(of).collect();
    let how = say::method(chosen.about(), (units.len(), units.kind), &ran_with, &outcome.chosen);
    (chosen.label().to_owned(), how)
}
