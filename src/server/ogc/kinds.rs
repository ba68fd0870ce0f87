//! What the columns of a layer hold, for queryables and filters.

use crate::layer::Layer;
use crate::server::english::filter as say;
use crate::table::Value;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Whole numbers.
    Whole,
    /// Numbers.
    Number,
    /// Words.
    Text,
    /// Yes or no.
    Flag,
}

impl Kind {
    /// Name in JSON Schema.
    pub(crate) const fn schema(self) -> &'static str {
        match self {
            Self::Whole => "integer",
            Self::Number => "number",
            Self::Text => "string",
            Self::Flag => "boolean",
        }
    }

    /// The kind that comparisons see: a whole number is a number.
    pub(super) const fn plain(self) -> Self {
        match self {
            Self::Whole => Self::Number,
            other => other,
        }
    }

    /// In words, for errors.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Whole | Self::Number => say::A_NUMBER,
            Self::Text => say::TEXT,
            Self::Flag => say::A_FLAG,
        }
    }
}

/// `[n_columns]`: what each column of the layer holds; text where it holds nothing at all.
pub(crate) fn kinds(layer: &Layer) -> Vec<Kind> {
    let kind = |column: usize| {
        let mut found = None;
        for feature in &layer.features {
            let this = match feature.values.get(column) {
                None | Some(Value::None) => continue,
                Some(Value::Count(_)) => Kind::Whole,
                Some(Value::Number(_)) => Kind::Number,
                Some(Value::Text(_)) => Kind::Text,
                Some(Value::Flag(_)) => Kind::Flag,
            };
            match found {
                None | Some(Kind::Whole) => found = Some(this),
                Some(Kind::Number) if this == Kind::Whole => {}
                Some(before) if before == this => {}
                Some(_) => return Kind::Text,
            }
        }
        found.unwrap_or(Kind::Text)
    };
    (0..layer.columns.len()).map(kind).collect()
}
