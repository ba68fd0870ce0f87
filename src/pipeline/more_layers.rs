//! Layers that are worked out only when somebody looks at them: one statistic each, on units of a
//! kind, and the halls.

use serde_json::{Value as Json, json};

use crate::geometry::Shape;
use crate::layer::english::{head, unit};
use crate::layer::{Feature, HowMade, Layer, Scored, disclosure};
use crate::stats::{AnyStatistic, Watch, statistic};
use crate::store::Dataset;
use crate::table::{Column, Value};

use super::english::layers as say;
use super::{AnalysisRequest, ScoreRequest, UnitChoice, find_statistic, score_workspace};

/// A layer by its statistic.
#[derive(Debug)]
pub struct MoreLayer {
    /// Name in addresses.
    pub id: &'static str,
    /// Name on screen.
    pub title: &'static str,
    /// Statistic; none for a layer that is no score.
    statistic: Option<&'static str>,
    /// Kinds of unit, the first that the workspace has.
    units: &'static [&'static str],
    /// Layer of the statistic's that is shown.
    shows: &'static str,
    /// Options of the statistic's that may be chosen for it.
    options: &'static [&'static LayerOption],
}

/// An option that may be chosen for a layer: a few values, none of which costs too much.
#[derive(Debug)]
pub struct LayerOption {
    /// Name of the parameter of an address.
    pub id: &'static str,
    /// The statistic's option that it sets.
    sets: &'static str,
    /// Name on screen.
    pub label: &'static str,
    /// Values with their names on screen, the default first.
    pub values: &'static [(&'static str, &'static str)],
    /// Another option and the value of it without which this one says nothing.
    pub only_with: Option<(&'static str, &'static str)>,
}

static WEIGHTS: LayerOption = LayerOption {
    id: "weights",
    sets: "weights",
    label: say::NEIGHBOURS,
    values: &[
        ("queen", say::EDGE_OR_CORNER),
        ("rook", say::EDGE_ONLY),
        ("nearest:6", say::NEAREST_6),
        ("nearest:12", say::NEAREST_12),
    ],
    only_with: None,
};

static PERMUTATIONS: LayerOption = LayerOption {
    id: "permutations",
    sets: "permutations",
    label: say::PERMUTATIONS,
    values: &[("9999", say::N_9999), ("999", "999"), ("0", say::NORMAL_CURVE)],
    only_with: None,
};

static REPLICATIONS: LayerOption = LayerOption {
    id: "maps",
    sets: "permutations",
    label: say::MAPS_OF_CHANCE,
    values: &[("999", "999"), ("9999", say::N_9999)],
    only_with: None,
};

static TESTS: LayerOption = LayerOption {
    id: "permutations",
    sets: "permutations",
    label: say::PERMUTATIONS,
    values: &[("0", say::NORMAL_CURVE), ("999", "999"), ("9999", say::N_9999)],
    only_with: None,
};

static ADJUSTMENT: LayerOption = LayerOption {
    id: "adjustment",
    sets: "adjustment",
    label: say::MANY_TESTS,
    values: &[
        ("benjamini-hochberg", say::FALSE_DISCOVERY_RATE),
        ("holm", say::HOLM),
        ("none", say::EACH_ALONE),
    ],
    only_with: None,
};

static LARGEST: LayerOption = LayerOption {
    id: "largest",
    sets: "largest",
    label: say::LARGEST_CLUSTER,
    values: &[("0.5", say::HALF), ("0.25", say::QUARTER), ("0.1", say::TENTH)],
    only_with: None,
};

static OVER_TIME: LayerOption = LayerOption {
    id: "over-time",
    sets: "over-time",
    label: say::SCAN_OVER,
    values: &[("false", say::PLACES), ("true", say::PLACES_AND_MONTHS)],
    only_with: None,
};

static LONGEST: LayerOption = LayerOption {
    id: "longest",
    sets: "longest",
    label: say::LONGEST_IN_TIME,
    values: &[("0.5", say::HALF_OF_THE_MONTHS), ("0.25", say::QUARTER), ("0.1", say::TENTH)],
    only_with: Some(("over-time", "true")),
};

static SHAPES: LayerOption = LayerOption {
    id: "shapes",
    sets: "window",
    label: say::SHAPES,
    values: &[("circles", say::CIRCLES), ("ellipses", say::CIRCLES_AND_ELLIPSES)],
    only_with: None,
};

static SHARE: LayerOption = LayerOption {
    id: "share",
    sets: "share",
    label: say::NEARLY_ALWAYS,
    values: &[("0.9", say::NINE_IN_TEN), ("0.75", say::THREE_IN_FOUR), ("0.5", say::HALF)],
    only_with: None,
};

static TREND: LayerOption = LayerOption {
    id: "trend-alpha",
    sets: "trend-alpha",
    label: say::RISING_OR_FALLING,
    values: &[("0.05", say::P_05), ("0.01", say::P_01), ("0.1", say::P_10)],
    only_with: None,
};

static LAGS: LayerOption = LayerOption {
    id: "lags",
    sets: "lags",
    label: say::MONTHS_BEFORE,
    values: &[("1", say::MONTHS_1), ("0", say::NONE), ("2", say::MONTHS_2), ("3", say::MONTHS_3)],
    only_with: None,
};

static REFERENCE: LayerOption = LayerOption {
    id: "reference",
    sets: "reference",
    label: say::COMPARED_WITH,
    values: &[
        ("cube", say::ALL_MONTHS),
        ("neighbourhood-periods", say::ITS_MONTHS),
        ("period", say::OWN_MONTH),
    ],
    only_with: None,
};

/// Least share of the records whose cell is told that rates of small areas may rest on.
const LEAST_TOLD: f64 = 0.9;

/// Names of every option that a layer has.
pub const LAYER_OPTIONS: &[&str] = &[
    "weights",
    "permutations",
    "adjustment",
    "maps",
    "largest",
    "over-time",
    "longest",
    "shapes",
    "share",
    "trend-alpha",
    "lags",
    "reference",
];

/// Every such layer.
pub static MORE_LAYERS: &[MoreLayer] = &[
    MoreLayer {
        id: "lsoas",
        title: say::LSOAS,
        statistic: Some("rate"),
        units: &["lsoa"],
        shows: "rate",
        options: &[],
    },
    MoreLayer {
        id: "hexagons",
        title: say::HEXAGONS,
        statistic: Some("gi-star"),
        units: &["hexagon"],
        shows: "gi-star",
        options: &[&WEIGHTS, &TESTS, &ADJUSTMENT],
    },
    MoreLayer {
        id: "h3",
        title: say::H3,
        statistic: Some("gi-star"),
        units: &["h3"],
        shows: "gi-star",
        options: &[&WEIGHTS, &TESTS, &ADJUSTMENT],
    },
    MoreLayer {
        id: "emerging",
        title: say::EMERGING,
        statistic: Some("emerging"),
        units: &["square"],
        shows: "emerging",
        options: &[&SHARE, &TREND, &LAGS, &REFERENCE, &ADJUSTMENT],
    },
    MoreLayer {
        id: "moran",
        title: say::MORAN,
        statistic: Some("local-moran"),
        units: &["lsoa", "ward"],
        shows: "local-moran",
        options: &[&WEIGHTS, &PERMUTATIONS, &ADJUSTMENT],
    },
    MoreLayer {
        id: "clusters",
        title: say::SCAN,
        statistic: Some("scan"),
        units: &["lsoa", "ward"],
        shows: "clusters",
        options: &[&OVER_TIME, &LONGEST, &SHAPES, &LARGEST, &REPLICATIONS],
    },
    MoreLayer {
        id: "venues",
        title: say::HALLS,
        statistic: None,
        units: &[],
        shows: "venues",
        options: &[],
    },
];

/// The layer with this id.
pub fn more_layer(id: &str) -> Option<&'static MoreLayer> {
    MORE_LAYERS.iter().find(|layer| layer.id == id)
}

/// Whether these data tell of nearly every record where it lies: of the few that an audience is told
/// the cell of, a rate by residents would be far too low.
fn is_told(data: &Dataset) -> bool {
    data.provenance.disclosure.as_ref().is_none_or(|disclosure| {
        let records = &disclosure.records;
        records.in_cells as f64 >= records.kept() as f64 * LEAST_TOLD
    })
}

impl MoreLayer {
    /// Whether these data have what the layer is made of.
    pub fn is_in(&self, data: &Dataset) -> bool {
        match self.statistic {
            None => !data.venues.is_empty(),
            Some("rate") if !is_told(data) => false,
            Some(_) => self.unit_kind(data).is_some(),
        }
    }

    fn unit_kind(&self, data: &Dataset) -> Option<&'static str> {
        let has = |kind: &&&str| {
            let named = matches!(**kind, "ward" | "lsoa");
            !named || data.layers.iter().any(|layer| layer.kind == ***kind)
        };
        self.units.iter().find(has).copied()
    }

    /// What its statistic tells, in a sentence or two; nothing for a layer that is no score.
    pub fn about(&self) -> Option<&'static str> {
        self.statistic.and_then(statistic).map(AnyStatistic::about)
    }

    /// What an option of it means, as its statistic says.
    pub fn option_about(&self, option: &LayerOption) -> String {
        let options = self.statistic.and_then(statistic).map(AnyStatistic::options);
        let found = options.into_iter().flatten().find(|known| known.name == option.sets);
        found.map(|known| known.about).unwrap_or_default()
    }

    /// Options that may be chosen for it.
    pub fn options(&self) -> &'static [&'static LayerOption] {
        self.options
    }

    /// The options among `chosen` (names with values) that it has, as its statistic reads them.
    ///
    /// # Errors
    ///
    /// The first name whose value is not among those offered, and what is.
    pub fn settings(&self, chosen: &[(&str, &str)]) -> Result<Json, (&'static str, String)> {
        let mut settings = serde_json::Map::new();
        for option in self.options {
            let Some(&(_, text)) = chosen.iter().find(|(name, _)| *name == option.id) else {
                continue;
            };
            if option.values.iter().all(|(known, _)| *known != text) {
                let known: Vec<&str> = option.values.iter().map(|(known, _)| *known).collect();
                let wanted = format!("`{text}` is none of {}", known.join(", "));
                return Err((option.id, wanted));
            }
            let plain = |value: &Json| value.is_number() || value.is_boolean();
            let plain = serde_json::from_str(text).ok().filter(plain);
            settings.insert(option.sets.to_owned(), plain.unwrap_or_else(|| json!(text)));
        }
        Ok(Json::Object(settings))
    }

    /// Works the layer out; its one layer is named after it.
    ///
    /// # Errors
    ///
    /// If the data lack the units, or the statistic refuses them or its settings.
    pub fn work_out(
        &self,
        request: &AnalysisRequest,
        settings: &Json,
        data: &Dataset,
    ) -> anyhow::Result<Scored> {
        let Some(id) = self.statistic else { return Ok(venues(request, data)) };
        let kind = self.unit_kind(data).ok_or_else(|| {
            anyhow::anyhow!("there are no {} boundaries in these data", self.units.join(" or "))
        })?;
        let units = UnitChoice { kind: kind.to_owned(), size: request.cell() };
        let (chosen, mut options) = (find_statistic(id)?, settings.clone());
        if let Some(options) = options.as_object_mut()
            && chosen.default_options().get("alpha").is_some()
        {
            options.insert("alpha".to_owned(), json!(request.alpha));
        }
        let asked = ScoreRequest::new(chosen, options, Some(units), request.clone())?;
        let mut scored = score_workspace(&asked, data, None, &Watch::default())?;
        scored.layers.retain(|layer| layer.id == self.shows);
        for layer in &mut scored.layers {
            layer.id = self.id;
            self.title.clone_into(&mut layer.title);
        }
        if let Some(made) = &data.provenance.disclosure {
            disclosure::show(&mut scored.layers, made);
        }
        if scored.layers.is_empty() {
            anyhow::bail!("{} gave no layer", self.title);
        }
        Ok(scored)
    }
}

/// Halls as points, with what their list says.
fn venues(request: &AnalysisRequest, data: &Dataset) -> Scored {
    let columns = vec![
        Column::new("id", head::HALL, "", 0),
        Column::new("name", head::NAME, "", 0),
        Column::new("ward", head::WARD, "", 0),
        Column::new("kind", head::KIND, "", 0),
        Column::new("postcode", head::POSTCODE, "", 0),
        Column::new("capacity", head::CAPACITY, unit::PEOPLE, 0),
        Column::new("step_free", head::STEP_FREE, "", 0),
    ];
    let text = |text: &Option<String>| text.clone().map_or(Value::None, Value::Text);
    let features = data
        .venues
        .iter()
        .map(|venue| Feature {
            id: venue.id.clone(),
            shape: Shape::default(),
            at: Some(venue.place),
            values: vec![
                venue.id.clone().into(),
                venue.name.clone().into(),
                text(&venue.ward),
                text(&venue.facts.kind),
                text(&venue.facts.postcode),
                Value::count(venue.facts.capacity.map(i64::from)),
                venue.facts.step_free.map_or(Value::None, Value::Flag),
            ],
        })
        .collect();
    let title = say::HALLS.to_owned();
    Scored {
        layers: vec![Layer { id: "venues", title: title.clone(), features, columns }],
        surfaces: Vec::new(),
        tables: Vec::new(),
        how_made: HowMade {
            wardheat: env!("CARGO_PKG_VERSION").to_owned(),
            area: data.name.clone(),
            fictional: data.fictional,
            dataset: data.version.clone(),
            crime_types: request.crime_types.to_string(),
            crime_types_label: title,
            window: String::new(),
            window_label: String::new(),
            compared_with: None,
            gaps: Vec::new(),
            in_part: Vec::new(),
            n_incidents: 0,
            n_mapped: 0,
            methods: vec![(say::LISTED.0.to_owned(), say::LISTED.1.to_owned())],
            seed: request.seed,
            request: json!({"layer": "venues"}),
            provenance: data.provenance.clone(),
        },
        notes: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::unit_kind;

    #[test]
    fn every_option_is_one_of_the_statistics_and_its_first_value_is_the_default() {
        for layer in MORE_LAYERS {
            for option in layer.options {
                assert!(LAYER_OPTIONS.contains(&option.id), "{}", option.id);
                let defaults = statistic(layer.statistic.unwrap()).unwrap().default_options();
                let first = option.values[0].0;
                let settings = layer.settings(&[(option.id, first)]).unwrap();
                let sets = option.sets;
                assert_eq!(settings[sets], defaults[sets], "{} {}", layer.id, option.id);
                assert!(layer.option_about(option).len() > 20, "{} {}", layer.id, option.id);
                for (value, _) in option.values {
                    layer.settings(&[(option.id, value)]).unwrap();
                }
                let (name, said) = layer.settings(&[(option.id, "nonsense")]).unwrap_err();
                assert_eq!(name, option.id);
                assert!(said.contains(first), "{said}");
            }
        }
    }

    #[test]
    fn every_layer_names_a_statistic_and_units_that_there_are() {
        for layer in MORE_LAYERS {
            if let Some(id) = layer.statistic {
                assert!(statistic(id).is_some(), "{id}");
            }
            for kind in layer.units {
                assert!(unit_kind(kind).is_some(), "{kind}");
            }
        }
    }
}
