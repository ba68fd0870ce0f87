//! What the map can show, and the orders of the ward tables: names, labels and what they mean.

use super::english::show as say;
use crate::pipeline::{MoreLayer, more_layer};

/// What the areas of the map are coloured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Show {
    /// Density of incidents.
    #[default]
    Heat,
    /// Rate of each ward.
    Rate,
    /// Rate of each LSOA.
    Lsoas,
    /// Square cells by the class of their Gi*.
    Cells,
    /// Hexagons by the class of their Gi*.
    Hexagons,
    /// Cells of H3 by the class of their Gi*.
    H3,
    /// Cells by what has become of them.
    Emerging,
    /// Areas by local Moran's I.
    Moran,
}

impl Show {
    /// Every choice, in the order of the form.
    pub(crate) const ALL: [Self; 8] = [
        Self::Heat,
        Self::Rate,
        Self::Lsoas,
        Self::Cells,
        Self::Hexagons,
        Self::H3,
        Self::Emerging,
        Self::Moran,
    ];

    /// Name in addresses.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Heat => "heat",
            Self::Rate => "rate",
            Self::Lsoas => "lsoas",
            Self::Cells => "cells",
            Self::Hexagons => "hexagons",
            Self::H3 => "h3",
            Self::Emerging => "emerging",
            Self::Moran => "moran",
        }
    }

    /// Layer that holds its figures.
    pub(crate) const fn layer(self) -> &'static str {
        match self {
            Self::Heat | Self::Cells => "cells",
            Self::Rate => "wards",
            other => other.id(),
        }
    }

    /// What it shows, in a sentence.
    pub(crate) fn about(self) -> &'static str {
        match self {
            Self::Heat => say::HEAT_IS,
            Self::Rate => say::RATE_IS,
            Self::Lsoas => say::LSOAS_ARE,
            Self::Cells => say::TESTED,
            Self::Hexagons => say::HEXAGONS_ARE,
            Self::H3 => say::H3_IS,
            Self::Emerging | Self::Moran => {
                more_layer(self.id()).and_then(MoreLayer::about).unwrap_or_default()
            }
        }
    }

    /// Name on screen.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Heat => say::HEAT,
            Self::Rate => say::RATE,
            Self::Lsoas => say::LSOAS,
            Self::Cells => say::SQUARES,
            Self::Hexagons => say::HEXAGONS,
            Self::H3 => say::H3,
            Self::Emerging => say::EMERGING,
            Self::Moran => say::MORAN,
        }
    }

    /// The choice with this name.
    pub(crate) fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|show| show.id() == id)
    }
}

/// Order of the ward tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Sort {
    /// Highest rate first.
    #[default]
    Rate,
    /// Highest count first.
    Count,
    /// Largest rise first; wards without a comparison last.
    Change,
    /// By name.
    Name,
}

impl Sort {
    /// Every order.
    pub(crate) const ALL: [Self; 4] = [Self::Rate, Self::Count, Self::Change, Self::Name];

    /// Name in addresses.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Rate => "rate",
            Self::Count => "count",
            Self::Change => "change",
            Self::Name => "name",
        }
    }

    /// The order with this name.
    pub(crate) fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.id() == id)
    }
}
