//! Named areas from boundary files: wards and LSOAs.

use crate::geometry::Shape;
use crate::quantity::Population;

use super::{Locator, UnitKind, UnitSource, Units, UnitsError, english as say};

/// One named area.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// GSS code, such as `E05014858`.
    pub code: String,
    /// Name as published.
    pub name: String,
    /// Outline on the National Grid.
    pub shape: Shape,
    /// Usual residents, where a population file gives them.
    pub residents: Option<Population>,
    /// Households, where a population file gives them.
    pub households: Option<Population>,
    /// People there on a working day, where a population file gives them.
    pub workday: Option<Population>,
}

/// One boundary file: areas of one kind and edition.
#[derive(Debug, Clone, PartialEq)]
pub struct AreaLayer {
    /// Id of the kind: `ward` or `lsoa`.
    pub kind: String,
    /// Edition as the codes' column states it, such as `2024`; empty where unknown.
    pub edition: String,
    /// Areas, sorted by code.
    pub areas: Vec<Area>,
}

/// Electoral wards.
pub(super) struct Ward;

/// Lower-layer super output areas.
pub(super) struct Lsoa;

impl UnitKind for Ward {
    fn id(&self) -> &'static str {
        "ward"
    }

    fn label(&self) -> &'static str {
        say::WARDS
    }

    fn build(&self, source: &UnitSource<'_>) -> Result<Units, UnitsError> {
        from_layer(self.id(), source)
    }
}

impl UnitKind for Lsoa {
    fn id(&self) -> &'static str {
        "lsoa"
    }

    fn label(&self) -> &'static str {
        say::LSOAS
    }

    fn build(&self, source: &UnitSource<'_>) -> Result<Units, UnitsError> {
        from_layer(self.id(), source)
    }
}

fn from_layer(kind: &'static str, source: &UnitSource<'_>) -> Result<Units, UnitsError> {
    let layer = source.layers.iter().find(|layer| layer.kind == kind).ok_or_else(|| {
        UnitsError::NoLayer {
            kind: kind.to_owned(),
            known: source.layers.iter().map(|l| l.kind.as_str()).collect::<Vec<_>>().join(", "),
        }
    })?;
    let mut areas: Vec<&Area> = layer.areas.iter().collect();
    areas.sort_by(|a, b| a.code.cmp(&b.code));
    let shapes: Vec<Shape> = areas.iter().map(|area| area.shape.clone()).collect();
    Ok(Units {
        kind,
        ids: areas.iter().map(|area| area.code.clone()).collect(),
        names: areas.iter().map(|area| area.name.clone()).collect(),
        areas: shapes.iter().map(Shape::area).collect(),
        residents: areas.iter().map(|area| area.residents).collect(),
        households: areas.iter().map(|area| area.households).collect(),
        workday: areas.iter().map(|area| area.workday).collect(),
        locator: Locator::polygons(&shapes),
        shapes,
    })
}
