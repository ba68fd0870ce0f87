//! The study area as cleaning needs it: which ward holds a position, and which is near.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

use crate::crs::Bng;
use crate::geometry::{Bounds, Shape};
use crate::quantity::Metres;
use crate::read::words_key;
use crate::units::{AreaLayer, UnitIdx, UnitSource, Units, UnitsError, unit_kind};

/// A position at most this far outside counts in the nearest ward: boundaries are generalised.
pub const TOLERANCE: Metres = Metres::new(200.0);

/// Where a position lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whereabouts {
    /// In this ward.
    Ward(usize),
    /// Outside, but near this ward.
    Near(usize),
    /// In Great Britain, where no boundaries are known.
    Somewhere,
    /// Outside.
    Outside,
}

/// Grid positions of Great Britain, for files looked at without boundaries.
const GREAT_BRITAIN: Bounds =
    Bounds { min: Bng::new(70_000.0, 5_000.0), max: Bng::new(656_000.0, 1_220_000.0) };

/// Most words of a place's name that are looked for in a description.
const LONGEST_NAME: usize = 8;

/// Wards and LSOAs, ready to be looked up, and what else is known of the ground.
#[derive(Debug)]
pub struct Ground {
    /// `None` where a file is looked at without boundaries.
    wards: Option<Units>,
    lsoas: Option<Units>,
    by_word: HashMap<String, usize>,
    /// Wards of older editions by code or name.
    old_wards: HashMap<String, usize>,
    names: HashMap<String, String>,
    masks: Masks,
    bounds: Bounds,
    tokens: Tokens,
}

/// Tokens of positions: equal for the same metre, and of no use without the secret, which is drawn
/// anew for each ground and never leaves memory. They tell that a record kept by ward lay at a
/// default place that only the whole source shows, without its position being kept.
#[derive(Debug, Clone, Default)]
pub struct Tokens(RandomState);

impl Tokens {
    /// The token of a position.
    pub fn of(&self, position: Bng) -> u64 {
        let metre = |x: f64| x.round() as i64;
        self.0.hash_one((metre(position.easting()), metre(position.northing())))
    }
}

/// Places that must not be shown, in squares as wide as their distance.
#[derive(Debug, Default)]
struct Masks {
    metres: f64,
    squares: HashMap<(i64, i64), Vec<Bng>>,
}

impl Masks {
    fn square(&self, position: Bng) -> (i64, i64) {
        let part = |x: f64| (x / self.metres).floor() as i64;
        (part(position.easting()), part(position.northing()))
    }

    fn cover(&self, position: Bng) -> bool {
        if self.squares.is_empty() {
            return false;
        }
        let (x, y) = self.square(position);
        let near = (x - 1..=x + 1).flat_map(|x| (y - 1..=y + 1).map(move |y| (x, y)));
        near.filter_map(|square| self.squares.get(&square))
            .flatten()
            .any(|place| place.distance(position) <= self.metres)
    }
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
        Ok(Self { wards: Some(wards), lsoas, by_word, bounds, ..Self::anywhere() })
    }

    /// All of Great Britain and no boundaries: for looking at a file on its own. Positions are then
    /// in no ward, and mistakes that only a study area shows (swapped axes, another district) stay.
    pub fn anywhere() -> Self {
        Self {
            wards: None,
            lsoas: None,
            by_word: HashMap::new(),
            old_wards: HashMap::new(),
            names: HashMap::new(),
            masks: Masks::default(),
            bounds: GREAT_BRITAIN,
            tokens: Tokens::default(),
        }
    }

    /// Knows wards of older editions too: each code or name, and the code of the ward of ours that
    /// it is best fitted to. One that is fitted to several of ours says nothing, and is left out.
    #[must_use]
    pub fn with_old_wards<'a>(
        mut self,
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let mut found: HashMap<String, Option<usize>> = HashMap::new();
        for (old, new) in pairs {
            let Some(&ward) = self.by_word.get(&words_key(new)) else { continue };
            let known = found.entry(words_key(old)).or_insert(Some(ward));
            if *known != Some(ward) {
                *known = None;
            }
        }
        self.old_wards = found.into_iter().filter_map(|(old, ward)| Some((old, ward?))).collect();
        self
    }

    /// Knows places by name: venues, streets. Two places of one name are one name.
    #[must_use]
    pub fn with_names(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.names.extend(names.into_iter().map(|name| (words_key(&name), name)));
        self.names.remove("");
        self
    }

    /// Keeps no position within `distance` of these places.
    #[must_use]
    pub fn with_masks(mut self, places: &[Bng], distance: Metres) -> Self {
        self.masks = Masks { metres: distance.get().max(1.0), squares: HashMap::new() };
        for &place in places {
            let square = self.masks.square(place);
            self.masks.squares.entry(square).or_default().push(place);
        }
        self
    }

    /// A box round everything that counts, tolerance included.
    pub(super) fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Whether there are boundaries.
    pub(super) fn has_wards(&self) -> bool {
        self.wards.is_some()
    }

    /// Whether there are places that must not be shown.
    pub(super) fn has_masks(&self) -> bool {
        !self.masks.squares.is_empty()
    }

    /// How tokens of positions are made here.
    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// The token of a position.
    pub(super) fn token(&self, position: Bng) -> u64 {
        self.tokens.of(position)
    }

    /// Whether no position here may be kept.
    pub(super) fn is_masked(&self, position: Bng) -> bool {
        self.masks.cover(position)
    }

    /// Code of a ward.
    pub(super) fn ward_code(&self, ward: usize) -> &str {
        self.wards.as_ref().map_or("", |wards| &wards.ids[ward])
    }

    /// The ward of this code or name, and whether that is one of an older edition.
    pub(super) fn ward_named(&self, text: &str) -> Option<(usize, bool)> {
        let key = words_key(text);
        let current = self.by_word.get(&key).map(|ward| (*ward, false));
        current.or_else(|| self.old_wards.get(&key).map(|ward| (*ward, true)))
    }

    /// The known place that a description names: all of it, or the longest name of two words or more
    /// that stands in it.
    pub(super) fn named_place(&self, description: &str) -> Option<&str> {
        let key = words_key(description);
        if let Some(name) = self.names.get(&key) {
            return Some(name);
        }
        let words: Vec<&str> = key.split(' ').collect();
        (2..=LONGEST_NAME.min(words.len())).rev().find_map(|length| {
            let mut spans = words.windows(length).map(|span| span.join(" "));
            spans.find_map(|span| self.names.get(&span)).map(String::as_str)
        })
    }

    /// Where each position lies.
    pub(super) fn locate_all(&self, positions: &[Bng]) -> Vec<Whereabouts> {
        let Some(wards) = &self.wards else {
            let at = |position: &Bng| {
                let inside = self.bounds.contains(*position);
                if inside { Whereabouts::Somewhere } else { Whereabouts::Outside }
            };
            return positions.iter().map(at).collect();
        };
        let found = wards.locator.locate_all(positions);
        found
            .into_iter()
            .zip(positions)
            .map(|(ward, &position)| match ward {
                Some(ward) => Whereabouts::Ward(ward.index()),
                None => self.near(wards, position),
            })
            .collect()
    }

    /// The nearest ward within the tolerance; of several at one distance, the first by code.
    fn near(&self, wards: &Units, position: Bng) -> Whereabouts {
        if !self.bounds.contains(position) {
            return Whereabouts::Outside;
        }
        match wards.locator.nearest(position, TOLERANCE) {
            Some((ward, _)) => Whereabouts::Near(ward.index()),
            None => Whereabouts::Outside,
        }
    }

    /// The LSOA of each position, where there is such a layer.
    pub(super) fn lsoas(&self, positions: &[Bng]) -> Vec<Option<usize>> {
        match &self.lsoas {
            None => vec![None; positions.len()],
            Some(lsoas) => {
                let found = lsoas.locator.locate_all(positions);
                found.into_iter().map(|i| i.map(UnitIdx::index)).collect()
            }
        }
    }

    /// Code of an LSOA.
    pub(super) fn lsoa_code(&self, lsoa: usize) -> &str {
        self.lsoas.as_ref().map_or("", |lsoas| &lsoas.ids[lsoa])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_name_in_a_description_is_the_place() {
        let ground = Ground::anywhere()
            .with_names(["The Crown", "The Crown Hotel", "High Street", "Park"].map(str::to_owned));

        assert_eq!(ground.named_place("outside The Crown Hotel, Town"), Some("The Crown Hotel"));
        assert_eq!(ground.named_place("high street"), Some("High Street"));
        assert_eq!(ground.named_place("PARK"), Some("Park"));
        assert_eq!(ground.named_place("by the park gates"), None);
        assert_eq!(ground.named_place("at home"), None);
    }

    #[test]
    fn a_token_is_of_one_metre_and_of_one_ground() {
        let (ground, other) = (Ground::anywhere(), Ground::anywhere());
        let at = |e: f64| Bng::new(e, 519_000.0);

        assert_eq!(ground.token(at(444_500.2)), ground.token(at(444_499.9)));
        assert_ne!(ground.token(at(444_500.0)), ground.token(at(444_501.0)));
        assert_ne!(ground.token(at(444_500.0)), other.token(at(444_500.0)));
    }

    #[test]
    fn a_mask_reaches_to_its_distance() {
        let ground =
            Ground::anywhere().with_masks(&[Bng::new(444_500.0, 519_000.0)], Metres::new(250.0));

        assert!(ground.is_masked(Bng::new(444_750.0, 519_000.0)));
        assert!(!ground.is_masked(Bng::new(444_751.0, 519_000.0)));
        assert!(!Ground::anywhere().is_masked(Bng::new(444_500.0, 519_000.0)));
    }
}
