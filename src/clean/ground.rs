//! The study area as cleaning needs it: which ward holds a position, and which is near.

use std::collections::HashMap;

use crate::crs::Bng;
use crate::geometry::{Bounds, Shape};
use crate::quantity::Metres;
use crate::read::words_key;
use crate::units::{AreaLayer, UnitSource, Units, UnitsError, unit_kind};

/// A position at most this far outside counts in the nearest ward: boundaries are generalised.
pub const TOLERANCE: Metres = Metres::new(200.0);

/// Where a position lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whereabouts {
    /// In this ward.
    Ward(usize),
    /// Outside, but near this ward.
    Near(usize),
    /// Outside.
    Outside,
}

/// Wards and LSOAs, ready to be looked up.
#[derive(Debug)]
pub struct Ground {
    wards: Units,
    lsoas: Option<Units>,
    by_word: HashMap<String, usize>,
    bounds: Bounds,
}

impl Ground {
    /// Over the boundary layers of a workspace.
    ///
    /// # Errors
    ///
    /// [`UnitsError`] if there are no wards.
    pub fn new(layers: &[AreaLayer], study_area: &Shape) -> Result<Self, UnitsError> {
        let source = UnitSource { layers, study_area, cell_size: Metres::new(250.0) };
        let build = |kind: &str| {
            unit_kind(kind)
                .ok_or_else(|| UnitsError::NoLayer { kind: kind.to_owned(), known: String::new() })?
                .build(&source)
        };
        let wards = build("ward")?;
        let lsoas = layers.iter().any(|l| l.kind == "lsoa").then(|| build("lsoa")).transpose()?;
        let mut by_word = HashMap::new();
        for (i, name) in wards.names.iter().enumerate() {
            by_word.insert(words_key(name), i);
        }
        for (i, code) in wards.ids.iter().enumerate() {
            by_word.insert(words_key(code), i);
        }
        let nowhere = Bounds { min: Bng::new(0.0, 0.0), max: Bng::new(0.0, 0.0) };
        let all = wards.shapes.iter().filter_map(Shape::bounds).reduce(Bounds::union);
        let bounds = all.unwrap_or(nowhere).grown(TOLERANCE.get());
        Ok(Self { wards, lsoas, by_word, bounds })
    }

    /// A box round everything that counts, tolerance included.
    pub(super) fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Code of a ward.
    pub(super) fn ward_code(&self, ward: usize) -> &str {
        &self.wards.ids[ward]
    }

    /// The ward of this code or name.
    pub(super) fn ward_named(&self, text: &str) -> Option<usize> {
        self.by_word.get(&words_key(text)).copied()
    }

    /// Where each position lies.
    pub(super) fn locate_all(&self, positions: &[Bng]) -> Vec<Whereabouts> {
        let found = self.wards.locator.locate_all(positions);
        found
            .into_iter()
            .zip(positions)
            .map(|(ward, &position)| match ward {
                Some(ward) => Whereabouts::Ward(ward.index()),
                None => self.near(position),
            })
            .collect()
    }

    /// The nearest ward within the tolerance; of several at one distance, the first by code.
    fn near(&self, position: Bng) -> Whereabouts {
        if !self.bounds.contains(position) {
            return Whereabouts::Outside;
        }
        match self.wards.locator.nearest(position, TOLERANCE) {
            Some((ward, _)) => Whereabouts::Near(ward.index()),
            None => Whereabouts::Outside,
        }
    }

    /// Code of the LSOA of each position, where there is such a layer.
    pub(super) fn lsoas(&self, positions: &[Bng]) -> Vec<Option<String>> {
        match &self.lsoas {
            None => vec![None; positions.len()],
            Some(lsoas) => {
                let found = lsoas.locator.locate_all(positions);
                found.into_iter().map(|i| i.map(|i| lsoas.ids[i.index()].clone())).collect()
            }
        }
    }
}
