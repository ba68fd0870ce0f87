//! Query strings, read strictly: what is not understood is refused, never ignored.

use crate::incident::CrimeTypes;
use crate::pipeline::{AnalysisRequest, BANDWIDTHS, CELLS, Family};
use crate::quantity::Metres;
use crate::time::{HoursError, HoursOfWeek, Month, Window, WindowSpec};

use super::english::parameter as say;
use super::error::{ApiError, InvalidParameter};

/// Parameters that choose an analysis; every route that shows one takes them all.
pub const ANALYSIS: &[&str] = &[
    "type",
    "from",
    "to",
    "window",
    "source",
    "day",
    "hour",
    "cell",
    "bandwidth",
    "alpha",
    "family",
];

/// False discovery rates that may be asked for.
pub const ALPHAS: [f64; 3] = [0.01, 0.05, 0.1];

/// Version of the data that an address was made for; it decides only how long a reply may be kept.
pub const VERSION: &str = "v";

/// Parameters of a query string, each known and given once.
///
/// A parameter without a value, as a form sends for a field left alone, counts as not given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads `query`; `known` and [`VERSION`] may be there.
    ///
    /// # Errors
    ///
    /// [`ApiError::InvalidParameters`] naming every parameter that is unknown or given twice.
    pub fn parse(query: Option<&str>, known: &[&[&str]]) -> Result<Self, ApiError> {
        let mut given: Vec<(String, String)> = Vec::new();
        let mut invalid = Vec::new();
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            let names = || known.iter().copied().flatten().copied();
            if name != VERSION && !names().any(|known| known == name) {
                let known = names().collect::<Vec<_>>().join(", ");
                let reason = if known.is_empty() {
                    say::NOTHING_CAN_BE_ASKED.to_owned()
                } else {
                    say::unknown(&known)
                };
                invalid.push(InvalidParameter::new(name, reason));
            } else if given.iter().any(|(earlier, _)| *earlier == name) {
                invalid.push(InvalidParameter::new(name, say::GIVEN_MORE_THAN_ONCE));
            } else {
                given.push((name.into_owned(), value.into_owned()));
            }
        }
        if !invalid.is_empty() {
            return Err(ApiError::InvalidParameters(invalid));
        }
        given.retain(|(_, value)| !value.is_empty());
        Ok(Self(given))
    }

    /// The same, these names left out.
    #[must_use]
    pub fn without(&self, names: &[&str]) -> Self {
        Self(self.0.iter().filter(|(name, _)| !names.contains(&name.as_str())).cloned().collect())
    }

    /// What was given, as it stands in an address.
    pub fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    /// Value of the parameter `name`, if it is given.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// Value of `name` read by its type, or the default where it is not given.
    ///
    /// # Errors
    ///
    /// [`ApiError::InvalidParameters`] with the words of the type's own error.
    pub fn read<T>(&self, name: &str) -> Result<T, ApiError>
    where
        T: std::str::FromStr<Err: ToString> + Default,
    {
        self.get(name)
            .map_or(Ok(T::default()), str::parse)
            .map_err(|wrong: T::Err| ApiError::parameter(name, wrong.to_string()))
    }

    /// A choice of yes or no, or `default` where it is not given.
    ///
    /// # Errors
    ///
    /// [`ApiError::InvalidParameters`] if it is neither.
    pub fn yes(&self, name: &str, default: bool) -> Result<bool, ApiError> {
        match self.get(name) {
            None => Ok(default),
            Some("yes") => Ok(true),
            Some("no") => Ok(false),
            Some(_) => Err(ApiError::parameter(name, say::YES_OR_NO)),
        }
    }

    /// A whole number within `range`, or `default` where it is not given.
    ///
    /// # Errors
    ///
    /// [`ApiError::InvalidParameters`] if it is no whole number of the range.
    pub fn whole(
        &self,
        name: &str,
        default: u32,
        range: std::ops::RangeInclusive<u32>,
    ) -> Result<u32, ApiError> {
        let Some(text) = self.get(name) else { return Ok(default) };
        text.parse().ok().filter(|number| range.contains(number)).ok_or_else(|| {
            ApiError::parameter(name, say::whole_number(*range.start(), *range.end()))
        })
    }

    /// The analysis that is asked for.
    ///
    /// # Errors
    ///
    /// [`ApiError::InvalidParameters`] naming each parameter that cannot be used.
    pub fn analysis(&self) -> Result<AnalysisRequest, ApiError> {
        let mut request = AnalysisRequest::default();
        let mut invalid = Vec::new();
        if let Some(name) = self.get("type") {
            match name.parse::<CrimeTypes>() {
                Ok(types) => request.crime_types = types,
                Err(unknown) => invalid.push(InvalidParameter::new("type", unknown)),
            }
        }
        match self.window() {
            Ok(Some(window)) => request.window = window,
            Ok(None) => {}
            Err(wrong) => invalid.extend(wrong),
        }
        request.source = self.get("source").map(str::to_owned);
        match HoursOfWeek::parse(self.get("day"), self.get("hour")) {
            Ok(hours) => request.hours = hours,
            Err(wrong) => {
                let name = if matches!(wrong, HoursError::Hours(_)) { "hour" } else { "day" };
                invalid.push(InvalidParameter::new(name, wrong));
            }
        }
        let mut one_of = |name: &str, known: &[f64], into: &mut f64| {
            let Some(text) = self.get(name) else { return };
            if let Some(number) = text.parse().ok().filter(|number| known.contains(number)) {
                *into = number;
                return;
            }
            let known: Vec<String> = known.iter().map(f64::to_string).collect();
            let reason = say::one_of(&known);
            invalid.push(InvalidParameter::new(name, reason));
        };
        let (mut cell, mut bandwidth) = (f64::NAN, request.bandwidth.get());
        one_of("cell", &CELLS.map(f64::from), &mut cell);
        one_of("bandwidth", &BANDWIDTHS.map(f64::from), &mut bandwidth);
        one_of("alpha", &ALPHAS, &mut request.alpha);
        request.cell = (!cell.is_nan()).then(|| Metres::new(cell));
        request.bandwidth = Metres::new(bandwidth);
        match self.get("family") {
            None => {}
            Some(id) if id == Family::AtRisk.id() => request.family = Family::AtRisk,
            Some(id) if id == Family::All.id() => request.family = Family::All,
            Some(_) => invalid.push(InvalidParameter::new("family", say::AT_RISK_OR_ALL)),
        }
        if invalid.is_empty() { Ok(request) } else { Err(ApiError::InvalidParameters(invalid)) }
    }

    fn window(&self) -> Result<Option<WindowSpec>, Vec<InvalidParameter>> {
        let wrong = |name: &str, reason: &dyn std::fmt::Display| {
            vec![InvalidParameter::new(name, reason.to_string())]
        };
        match (self.get("window"), self.get("from"), self.get("to")) {
            (None, None, None) => Ok(None),
            (Some(window), None, None) => {
                window.parse().map(Some).map_err(|error| wrong("window", &error))
            }
            (Some(_), _, _) => Err(wrong("window", &say::EITHER_WINDOW)),
            (None, Some(_), None) => Err(wrong("from", &say::TOGETHER_WITH_TO)),
            (None, None, Some(_)) => Err(wrong("to", &say::TOGETHER_WITH_FROM)),
            (None, Some(from), Some(to)) => {
                let from: Month = from.parse().map_err(|error| wrong("from", &error))?;
                let to: Month = to.parse().map_err(|error| wrong("to", &error))?;
                let window = Window::new(from, to).map_err(|error| wrong("to", &error))?;
                Ok(Some(WindowSpec::Months(window)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn analysis(query: &str) -> Result<AnalysisRequest, ApiError> {
        Parameters::parse(Some(query), &[ANALYSIS])?.analysis()
    }

    /// Names of the parameters that `query` is refused for.
    fn refused(query: &str) -> Vec<String> {
        match analysis(query) {
            Err(ApiError::InvalidParameters(wrong)) => wrong.into_iter().map(|w| w.name).collect(),
            other => panic!("{query}: {other:?}"),
        }
    }

    #[test]
    fn nothing_asked_is_the_default_analysis() {
        assert_eq!(analysis("").unwrap(), AnalysisRequest::default());
        assert_eq!(analysis("type=&source=&v=abc").unwrap(), AnalysisRequest::default());
    }

    #[test]
    fn months_and_presets_are_read() {
        let months = analysis("type=burglary&from=2025-01&to=2025-03").unwrap();
        let range = analysis("type=burglary&window=2025-01..2025-03").unwrap();

        assert_eq!(months, range);
        assert_eq!(analysis("window=oct-sep").unwrap().window, WindowSpec::OctSep);
    }

    #[test]
    fn what_is_not_understood_is_refused_by_name() {
        assert_eq!(refused("typ=burglary"), ["typ"]);
        assert_eq!(refused("type=burglary&type=drugs"), ["type"]);
        assert_eq!(refused("type=arson&window=winter"), ["type", "window"]);
        assert_eq!(refused("from=2025-13&to=2025-01"), ["from"]);
        assert_eq!(refused("from=2025-03&to=2025-01"), ["to"]);
        assert_eq!(refused("from=2025-03"), ["from"]);
        assert_eq!(refused("window=all&from=2025-01&to=2025-03"), ["window"]);
        assert_eq!(refused("a=1&b=2"), ["a", "b"]);
        assert_eq!(refused("day=someday"), ["day"]);
        assert_eq!(refused("day=fri&hour=25"), ["hour"]);
    }

    #[test]
    fn a_number_outside_its_range_is_refused() {
        let parameters = Parameters::parse(Some("width=640"), &[&["width"]]).unwrap();

        assert_eq!(parameters.whole("width", 100, 1..=1000).unwrap(), 640);
        assert_eq!(parameters.whole("height", 100, 1..=1000).unwrap(), 100);
        assert!(parameters.whole("width", 100, 1..=600).is_err());
    }
}
