//! One statistic as it is asked for: the same on the command line and over HTTP.

use std::fmt;

use serde::Serialize;
use serde::ser::SerializeMap as _;
use serde_json::{Map, Value as Json};

use crate::pipeline::AnalysisRequest;
use crate::stats::AnyStatistic;

use super::tables::named_paths;
use super::{HARM, UnitChoice, find_statistic};

/// Options that a whole computation is repeated by.
const REPEATS: [&str; 3] = ["permutations", "replications", "simulations"];

/// Most repeats that one who asks from elsewhere may have: what tables of a report ask for.
pub const MOST_REPEATS: u64 = 9_999;

/// One statistic, its options and what it is run on.
///
/// As JSON it is the object of an [`AnalysisRequest`] with `statistic`, `units` and `options` beside
/// the rest.
#[derive(Clone)]
pub struct ScoreRequest {
    /// Which.
    pub statistic: &'static dyn AnyStatistic,
    /// Every option with its value.
    pub options: Json,
    /// What incidents are counted in.
    pub units: UnitChoice,
    /// Which incidents.
    pub on: AnalysisRequest,
}

impl fmt::Debug for ScoreRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScoreRequest")
            .field("statistic", &self.statistic.id())
            .field("options", &self.options)
            .field("units", &self.units)
            .field("on", &self.on)
            .finish()
    }
}

impl Serialize for ScoreRequest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let on = serde_json::to_value(&self.on).map_err(serde::ser::Error::custom)?;
        let on = on.as_object().into_iter().flatten();
        let mut all = serializer.serialize_map(None)?;
        all.serialize_entry("statistic", self.statistic.id())?;
        all.serialize_entry("units", &self.units.to_string())?;
        all.serialize_entry("options", &self.options)?;
        // The side of a cell is that of the units.
        on.filter(|(name, _)| *name != "cell").try_for_each(|(k, v)| all.serialize_entry(k, v))?;
        all.end()
    }
}

impl ScoreRequest {
    /// `options` of a statistic run on `on`, counted in its own units unless others are named.
    ///
    /// # Errors
    ///
    /// If an option is not one of the statistic's, or not of its kind.
    pub fn new(
        statistic: &'static dyn AnyStatistic,
        options: Json,
        units: Option<UnitChoice>,
        on: AnalysisRequest,
    ) -> anyhow::Result<Self> {
        let units = match units {
            Some(units) => units,
            None => statistic.units().parse().map_err(anyhow::Error::msg)?,
        };
        let options = statistic.whole_options(options)?;
        Ok(Self { statistic, options, units, on })
    }

    /// The request that this object asks for, if it names a statistic.
    ///
    /// # Errors
    ///
    /// If a part of it cannot be used.
    pub fn of_json(mut asked: Map<String, Json>) -> anyhow::Result<Self> {
        let mut word = |name: &str| match asked.remove(name) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::String(word)) => Ok(Some(word)),
            Some(other) => Err(anyhow::anyhow!("`{name}` is {other}; wanted a word")),
        };
        let statistic = find_statistic(&word("statistic")?.unwrap_or_default())?;
        let units = word("units")?.map(|text| text.parse()).transpose();
        let units = units.map_err(anyhow::Error::msg)?;
        let options = asked.remove("options").unwrap_or_else(|| Json::Object(Map::new()));
        anyhow::ensure!(options.is_object(), "`options` is {options}; wanted names with values");
        anyhow::ensure!(
            !asked.contains_key("cell"),
            "`cell` goes with the units of a statistic: \"units\": \"square:250\""
        );
        let on = serde_json::from_value(asked.into())?;
        Self::new(statistic, options, units, on)
    }

    /// Refuses what may not be asked from elsewhere: to read a file of this machine, or to repeat a
    /// computation without end.
    ///
    /// # Errors
    ///
    /// Names the option, what it is and what it may be.
    pub fn check_served(&self) -> anyhow::Result<()> {
        if let Some((option, _)) = named_paths(&self.options).next() {
            anyhow::bail!(
                "the option `{option}` names a file, which is read on the command line alone"
            );
        }
        for option in REPEATS {
            if let Some(n) = self.options.get(option).and_then(Json::as_u64)
                && n > MOST_REPEATS
            {
                anyhow::bail!("the option `{option}` is {n}; wanted {MOST_REPEATS} or fewer");
            }
        }
        self.on.check()?;
        Ok(())
    }
}

/// Whether an option of a statistic is the path of a table and nothing else.
pub fn is_file_option(statistic: &dyn AnyStatistic, option: &str) -> bool {
    matches!((statistic.id(), option), (_, "strata" | "rates") | (HARM, "weights"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn asked(json: &Json) -> anyhow::Result<ScoreRequest> {
        ScoreRequest::of_json(json.as_object().unwrap().clone())
    }

    #[test]
    fn however_it_is_written_the_same_request_is_the_same() {
        let short = asked(&json!({"statistic": "gi-star", "type": "burglary"})).unwrap();
        let long = serde_json::to_value(&short).unwrap();

        assert_eq!(long["units"], "square:250");
        let options = short.statistic.options();
        let written = long["options"].as_object().unwrap();
        assert!(options.iter().all(|option| written.contains_key(&option.name)), "{long}");
        let again = asked(&long).unwrap();
        assert_eq!(serde_json::to_value(&again).unwrap(), long);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (wrong, word) in [
            (json!({"statistic": "gi"}), "gi"),
            (json!({"statistic": 7}), "statistic"),
            (json!({"statistic": "gi-star", "units": "ward:x"}), "`x` is no side"),
            (json!({"statistic": "gi-star", "units": ["ward"]}), "units"),
            (json!({"statistic": "gi-star", "options": {"aplha": 0.1}}), "aplha"),
            (json!({"statistic": "gi-star", "options": {"alpha": "x"}}), "alpha"),
            (json!({"statistic": "gi-star", "options": 7}), "options"),
            (json!({"statistic": "gi-star", "cell": 100}), "units"),
            (json!({"statistic": "gi-star", "bandwith": 100}), "bandwith"),
        ] {
            let said = format!("{:#}", asked(&wrong).unwrap_err());
            assert!(said.contains(word), "{wrong}: {said}");
        }
    }

    #[test]
    fn no_option_reaches_a_file_from_elsewhere() {
        for (statistic, option) in [
            ("gi-star", "weights"),
            ("local-moran", "weights"),
            ("harm", "weights"),
            ("standardised-ratio", "strata"),
            ("standardised-ratio", "rates"),
        ] {
            let request =
                asked(&json!({"statistic": statistic, "options": {option: "/tmp/secret.gal"}}));
            // Where it is no way to write the option it is refused earlier.
            let said = request.and_then(|request| request.check_served()).unwrap_err();
            let said = format!("{said:#}");
            assert!(said.contains(option), "{statistic}: {said}");
        }
        asked(&json!({"statistic": "gi-star", "options": {"weights": "queen"}}))
            .unwrap()
            .check_served()
            .unwrap();
    }

    #[test]
    fn repeats_are_bounded() {
        let of = |n: u64| {
            let request = json!({"statistic": "local-moran", "options": {"permutations": n}});
            asked(&request).and_then(|request| request.check_served())
        };

        assert!(of(9_999).is_ok());
        assert!(of(10_000).unwrap_err().to_string().contains("9999 or fewer"));
    }
}
