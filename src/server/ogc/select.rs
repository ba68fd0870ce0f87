//! Which features of a collection a client asked for.

use rayon::prelude::*;

use crate::layer::{Feature, Layer};
use crate::server::english::filter as say;
use crate::server::error::ApiError;
use crate::server::query::Parameters;
use crate::time::Window;

use super::area::{Area, Frame, System};
use super::cql2::{Filter, literal};
use super::held::Facts;
use super::kinds::Kind;
use super::period::Period;

/// Features of a page unless told otherwise.
pub(crate) const PAGE: u32 = 100;
/// Most features of a page; more are clamped, as the standard asks.
pub(crate) const LARGEST_PAGE: u32 = 10_000;

/// Parameters of `items` beside those of the analysis and the properties.
pub(crate) const ITEMS: &[&str] = &[
    "f",
    "limit",
    "offset",
    "bbox",
    "bbox-crs",
    "crs",
    "datetime",
    "filter",
    "filter-lang",
    "filter-crs",
];

/// Those that choose features.
const CHOOSING: [&str; 6] = ["bbox", "bbox-crs", "datetime", "filter", "filter-lang", "filter-crs"];

/// What was asked of a collection.
#[derive(Debug)]
pub(crate) struct Selection {
    /// System that coordinates are wanted in.
    pub(crate) system: System,
    /// Features to skip.
    pub(crate) offset: usize,
    /// Features to give.
    pub(crate) limit: usize,
    area: Option<Area>,
    period: Option<Period>,
    filter: Option<Filter>,
    equal: Vec<(usize, String)>,
}

impl Selection {
    /// Reads the parameters of a request for `layer`, whose data lie within `bounds` (degrees).
    ///
    /// # Errors
    ///
    /// [`ApiError::InvalidParameters`] naming the one that cannot be used.
    pub(crate) fn read(
        parameters: &Parameters,
        layer: &Layer,
        facts: &Facts,
        bounds: [f64; 4],
    ) -> Result<Self, ApiError> {
        let kinds = &facts.kinds;
        let system = |name: &str| match parameters.get(name) {
            None => Ok(System::Crs84),
            Some(uri) => System::from_uri(uri).map_err(|wrong| ApiError::parameter(name, wrong)),
        };
        let frame = Frame::new(system("bbox-crs")?, bounds);
        let area = match parameters.get("bbox") {
            None => None,
            Some(text) => {
                Some(boxed(text, &frame).map_err(|wrong| ApiError::parameter("bbox", wrong))?)
            }
        };
        let period = match parameters.get("datetime") {
            None => None,
            Some(text) => {
                Some(Period::parse(text).map_err(|wrong| ApiError::parameter("datetime", wrong))?)
            }
        };
        if let Some(language) = parameters.get("filter-lang")
            && language != "cql2-text"
        {
            return Err(ApiError::parameter("filter-lang", "only cql2-text is read"));
        }
        let filter_frame = Frame::new(system("filter-crs")?, bounds);
        let filter = match parameters.get("filter") {
            None => None,
            Some(text) => Some(
                Filter::parse(text, &layer.columns, kinds, &filter_frame)
                    .map_err(|wrong| ApiError::parameter("filter", wrong))?,
            ),
        };
        let mut equal = Vec::new();
        for (i, (column, kind)) in layer.columns.iter().zip(kinds).enumerate() {
            if let Some(text) = parameters.get(column.id) {
                check(text, *kind).map_err(|wrong| ApiError::parameter(column.id, wrong))?;
                equal.push((i, text.to_owned()));
            }
        }
        Ok(Self {
            system: system("crs")?,
            offset: parameters.whole("offset", 0, 0..=u32::MAX)? as usize,
            limit: parameters.whole("limit", PAGE, 1..=u32::MAX)?.min(LARGEST_PAGE) as usize,
            area,
            period,
            filter,
            equal,
        })
    }

    /// Whether every feature fits.
    pub(crate) fn is_everything(&self) -> bool {
        self.area.is_none()
            && self.period.is_none()
            && self.filter.is_none()
            && self.equal.is_empty()
    }

    /// What chooses features, as one text: requests that choose the same share it, whatever page and
    /// form they ask for.
    pub(crate) fn named(parameters: &Parameters, layer: &Layer) -> String {
        let choosing = CHOOSING.iter().copied().chain(layer.columns.iter().map(|column| column.id));
        let mut text = form_urlencoded::Serializer::new(String::new());
        for name in choosing {
            if let Some(value) = parameters.get(name) {
                text.append_pair(name, value);
            }
        }
        text.finish()
    }

    /// `[n_matched]`: positions of the features that fit, in order; all are of `window`.
    pub(crate) fn matching(&self, layer: &Layer, facts: &Facts, window: Window) -> Vec<u32> {
        if self.period.is_some_and(|period| !period.meets(window)) {
            return Vec::new();
        }
        let near = self.area.as_ref().map(Area::bounds);
        let fits = |i: usize, feature: &Feature| {
            self.equal.iter().all(|(column, text)| equals(&feature.values[*column], text))
                && near.is_none_or(|near| near.is_none_or(|near| facts.may_meet(i, &near)))
                && self.area.as_ref().is_none_or(|area| area.meets(feature))
                && self.filter.as_ref().is_none_or(|filter| {
                    filter.fits(&feature.values, &|area| area.meets(feature)) == Some(true)
                })
        };
        let features = layer.features.par_iter().enumerate();
        features.filter(|(i, feature)| fits(*i, feature)).map(|(i, _)| i as u32).collect()
    }
}

/// A box of four numbers, or of six with heights, which mean nothing here.
fn boxed(text: &str, frame: &Frame) -> Result<Area, String> {
    let numbers: Option<Vec<f64>> = text
        .split(',')
        .map(|part| part.trim().parse::<f64>().ok().filter(|number| number.is_finite()))
        .collect();
    match numbers.as_deref() {
        Some([a, b, c, d]) => frame.boxed([*a, *b, *c, *d]),
        Some([a, b, low, c, d, high]) if low <= high => frame.boxed([*a, *b, *c, *d]),
        _ => Err(say::FOUR_NUMBERS.to_owned()),
    }
}

fn check(text: &str, kind: Kind) -> Result<(), String> {
    let fits = match kind {
        Kind::Whole => text.parse::<i64>().is_ok(),
        Kind::Number => text.parse::<f64>().is_ok_and(f64::is_finite),
        Kind::Text => true,
        Kind::Flag => matches!(text, "true" | "false"),
    };
    if fits { Ok(()) } else { Err(say::wanted(kind.words())) }
}

fn equals(value: &crate::table::Value, text: &str) -> bool {
    use super::cql2::Literal;
    match literal(value) {
        None => false,
        Some(Literal::Number(number)) => text.parse() == Ok(number),
        Some(Literal::Text(held)) => held == text,
        Some(Literal::Flag(held)) => text.parse() == Ok(held),
    }
}
