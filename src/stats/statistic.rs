//! What makes a statistic selectable by name: one small type beside its function.

use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

use super::option::{StatOption, options_of};
use super::{AssociationError, Cancelled, HotspotError, KdeError, Outcome, RankError, StatInput};

/// Why a statistic gives no scores.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StatError {
    /// Options it does not have, or values they cannot take.
    #[error("{which} of `{statistic}`: {source}")]
    Options {
        /// Name of the statistic.
        statistic: &'static str,
        /// The option, where it is one alone; else `options`.
        which: String,
        /// What is wrong, by name.
        source: serde_json::Error,
    },
    /// An option out of its range.
    #[error("`{option}` of `{statistic}` is {value}, which is not {wanted}")]
    OutOfRange {
        /// Name of the statistic.
        statistic: &'static str,
        /// Name of the option.
        option: &'static str,
        /// Value given.
        value: f64,
        /// What it may be.
        wanted: &'static str,
    },
    /// Association cannot be measured.
    #[error(transparent)]
    Association(AssociationError),
    /// Who is near whom cannot be told.
    #[error(transparent)]
    Weights(#[from] crate::weights::WeightsError),
    /// The density cannot be computed.
    #[error(transparent)]
    Kde(#[from] KdeError),
    /// Hotspots cannot be made.
    #[error(transparent)]
    Hotspots(#[from] HotspotError),
    /// Ranks cannot be made.
    #[error(transparent)]
    Ranks(#[from] RankError),
    /// The data lack something, such as dates.
    #[error("`{statistic}` needs {wanted}; {found}")]
    Lacks {
        /// Name of the statistic.
        statistic: &'static str,
        /// What it needs.
        wanted: &'static str,
        /// What there is instead, such as `these incidents have months only`.
        found: String,
    },
    /// The statistic refuses for a reason of its own.
    #[error("`{statistic}` cannot be computed: {source}")]
    Refused {
        /// Name of the statistic.
        statistic: &'static str,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It was stopped from outside.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl From<AssociationError> for StatError {
    /// A test that was stopped is no fault of the values.
    fn from(error: AssociationError) -> Self {
        match error {
            AssociationError::Cancelled(cancelled) => Self::Cancelled(cancelled),
            error => Self::Association(error),
        }
    }
}

impl StatError {
    /// A statistic's own reason to refuse.
    pub fn refused(
        statistic: &'static str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Refused { statistic, source: source.into() }
    }
}

/// A statistic with options of its own type.
pub trait Statistic: Sync {
    /// Options as a user sets them; the default is what the guide recommends.
    type Options: DeserializeOwned + Serialize + Default + schemars::JsonSchema;
    /// Name in URLs and on the command line.
    const ID: &'static str;
    /// Name on screen.
    const LABEL: &'static str;
    /// What it tells, in a sentence or two for the method section of a report.
    const ABOUT: &'static str;
    /// Names of the same in other tools: (tool, function).
    const EQUIVALENTS: &'static [(&'static str, &'static str)] = &[];
    /// Units that it counts a workspace's incidents in where none are asked for: a kind, for cells
    /// with the side in metres.
    const UNITS: &'static str = "square:250";

    /// Scores of one choice of incidents.
    ///
    /// # Errors
    ///
    /// [`StatError`] if an option is out of range or the data lack what is needed.
    fn score(&self, input: &StatInput<'_>, options: &Self::Options) -> Result<Outcome, StatError>;
}

/// Object-safe face of [`Statistic`], implemented for all of them.
pub trait AnyStatistic: Sync {
    /// Name in URLs and on the command line.
    fn id(&self) -> &'static str;
    /// Name on screen.
    fn label(&self) -> &'static str;
    /// What it tells.
    fn about(&self) -> &'static str;
    /// Names of the same in other tools: (tool, function).
    fn equivalents(&self) -> &'static [(&'static str, &'static str)];
    /// Units it counts in where none are asked for.
    fn units(&self) -> &'static str;
    /// Every option with its default.
    fn default_options(&self) -> serde_json::Value;
    /// Every option with its meaning, in the order of [`default_options`](Self::default_options).
    fn options(&self) -> Vec<StatOption>;

    /// `options` with the default of each that is left out.
    ///
    /// # Errors
    ///
    /// [`StatError::Options`] if a name is no option or a value is not of its kind; ranges are checked
    /// when it is run.
    fn whole_options(&self, options: serde_json::Value) -> Result<serde_json::Value, StatError>;

    /// [`Statistic::score`] with options as JSON; what is left out has its default, and a name that
    /// is no option is refused.
    ///
    /// # Errors
    ///
    /// [`StatError`].
    fn score_json(
        &self,
        input: &StatInput<'_>,
        options: serde_json::Value,
    ) -> Result<Outcome, StatError>;
}

impl<S: Statistic> AnyStatistic for S {
    fn id(&self) -> &'static str {
        S::ID
    }

    fn label(&self) -> &'static str {
        S::LABEL
    }

    fn about(&self) -> &'static str {
        S::ABOUT
    }

    fn equivalents(&self) -> &'static [(&'static str, &'static str)] {
        S::EQUIVALENTS
    }

    fn units(&self) -> &'static str {
        S::UNITS
    }

    fn options(&self) -> Vec<StatOption> {
        options_of::<S::Options>()
    }

    fn default_options(&self) -> serde_json::Value {
        serde_json::to_value(S::Options::default()).expect("options are plain numbers and names")
    }

    fn whole_options(&self, options: serde_json::Value) -> Result<serde_json::Value, StatError> {
        let options: S::Options = read(S::ID, &options)?;
        serde_json::to_value(options).map_err(|source| {
            let which = "options".to_owned();
            StatError::Options { statistic: S::ID, which, source }
        })
    }

    fn score_json(
        &self,
        input: &StatInput<'_>,
        options: serde_json::Value,
    ) -> Result<Outcome, StatError> {
        self.score(input, &read(S::ID, &options)?)
    }
}

fn read<O: DeserializeOwned>(
    statistic: &'static str,
    options: &serde_json::Value,
) -> Result<O, StatError> {
    O::deserialize(options).map_err(|source| {
        // The error says what was wanted, not of which option: the one that cannot stand alone.
        let alone = |(name, value): &(&String, &serde_json::Value)| {
            let one = serde_json::Map::from_iter([((*name).clone(), (*value).clone())]);
            O::deserialize(serde_json::Value::from(one)).is_err()
        };
        let found = options.as_object().and_then(|options| options.iter().find(alone));
        let which = found.map_or("options".to_owned(), |(name, _)| format!("the option `{name}`"));
        StatError::Options { statistic, which, source }
    })
}

/// `value` if it lies strictly between 0 and 1.
pub(super) fn between_none_and_all(
    statistic: &'static str,
    option: &'static str,
    value: f64,
) -> Result<f64, StatError> {
    if value > 0.0 && value < 1.0 {
        Ok(value)
    } else {
        Err(StatError::OutOfRange { statistic, option, value, wanted: "between 0 and 1" })
    }
}
