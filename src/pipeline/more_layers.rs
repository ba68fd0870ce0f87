//! Layers that are worked out only when somebody looks at them: one statistic each, on units of a
//! kind, and the halls.

use serde_json::{Value as Json, json};

use crate::geometry::Shape;
use crate::layer::{Feature, HowMade, Layer, Scored};
use crate::stats::Watch;
use crate::store::Dataset;
use crate::table::{Column, Value};

use super::{AnalysisRequest, UnitChoice, find_statistic, score_workspace};

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
}

/// Every such layer.
pub static MORE_LAYERS: &[MoreLayer] = &[
    MoreLayer {
        id: "lsoas",
        title: "LSOAs",
        statistic: Some("rate"),
        units: &["lsoa"],
        shows: "rate",
    },
    MoreLayer {
        id: "emerging",
        title: "Emerging hotspots",
        statistic: Some("emerging"),
        units: &["square:250"],
        shows: "emerging",
    },
    MoreLayer {
        id: "moran",
        title: "Local Moran's I",
        statistic: Some("local-moran"),
        units: &["lsoa", "ward"],
        shows: "local-moran",
    },
    MoreLayer {
        id: "clusters",
        title: "Scan clusters",
        statistic: Some("scan"),
        units: &["lsoa", "ward"],
        shows: "clusters",
    },
    MoreLayer {
        id: "venues",
        title: "Meeting halls",
        statistic: None,
        units: &[],
        shows: "venues",
    },
];

/// The layer with this id.
pub fn more_layer(id: &str) -> Option<&'static MoreLayer> {
    MORE_LAYERS.iter().find(|layer| layer.id == id)
}

impl MoreLayer {
    /// Whether these data have what the layer is made of.
    pub fn is_in(&self, data: &Dataset) -> bool {
        match self.statistic {
            None => !data.venues.is_empty(),
            Some(_) => self.unit_kind(data).is_some(),
        }
    }

    fn unit_kind(&self, data: &Dataset) -> Option<&'static str> {
        let has =
            |kind: &&&str| kind.contains(':') || data.layers.iter().any(|l| l.kind == ***kind);
        self.units.iter().find(has).copied()
    }

    /// Works the layer out; its one layer is named after it.
    ///
    /// # Errors
    ///
    /// If the data lack the units, or the statistic refuses them.
    pub fn work_out(&self, request: &AnalysisRequest, data: &Dataset) -> anyhow::Result<Scored> {
        let Some(statistic) = self.statistic else { return Ok(venues(request, data)) };
        let kind = self.unit_kind(data).ok_or_else(|| {
            anyhow::anyhow!("there are no {} boundaries in these data", self.units.join(" or "))
        })?;
        let units: UnitChoice = kind.parse().map_err(anyhow::Error::msg)?;
        let (chosen, options): (_, Json) = (find_statistic(statistic)?, json!({}));
        let watch = Watch::default();
        let mut scored = score_workspace(chosen, &options, &units, request, data, None, &watch)?;
        scored.layers.retain(|layer| layer.id == self.shows);
        for layer in &mut scored.layers {
            layer.id = self.id;
            self.title.clone_into(&mut layer.title);
        }
        anyhow::ensure!(!scored.layers.is_empty(), "{} gave no layer", self.title);
        Ok(scored)
    }
}

/// Halls as points, with what their list says.
fn venues(request: &AnalysisRequest, data: &Dataset) -> Scored {
    let columns = vec![
        Column::new("id", "Hall", "", 0),
        Column::new("name", "Name", "", 0),
        Column::new("ward", "Ward", "", 0),
        Column::new("kind", "Kind", "", 0),
        Column::new("postcode", "Postcode", "", 0),
        Column::new("capacity", "Capacity", "people", 0),
        Column::new("step_free", "Step-free", "", 0),
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
    let title = "Meeting halls".to_owned();
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
            n_incidents: 0,
            n_mapped: 0,
            methods: vec![("Halls".to_owned(), "as listed; of no months".to_owned())],
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
    use crate::stats::statistic;

    #[test]
    fn every_layer_names_a_statistic_and_units_that_there_are() {
        for layer in MORE_LAYERS {
            if let Some(id) = layer.statistic {
                assert!(statistic(id).is_some(), "{id}");
            }
            for kind in layer.units {
                assert!(kind.parse::<UnitChoice>().is_ok(), "{kind}");
            }
        }
    }
}
