//! Places by name: wards, streets and postcodes, so that people find their own on the map.

use std::collections::BTreeMap;

use crate::crs::Bng;
use crate::geometry::Bounds;
use crate::store::Dataset;

use super::names;

/// Most places that one search gives.
pub const MOST_FOUND: usize = 12;
/// Streets of one name further apart than this are different streets.
const APART: f64 = 1_500.0;

/// What a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlaceKind {
    /// A ward.
    Ward,
    /// A street, or as much of it as is near together.
    Street,
    /// A postcode, or the district of one.
    Postcode,
}

impl PlaceKind {
    /// In words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Ward => "ward",
            Self::Street => "street",
            Self::Postcode => "postcode",
        }
    }
}

/// A place that has a name.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedPlace {
    /// What it is.
    pub kind: PlaceKind,
    /// Its name.
    pub name: String,
    /// Codes of the wards it lies in, sorted; of a postcode those it is known of.
    pub wards: Vec<String>,
    /// Where it lies; `None` where only its wards are known.
    pub bounds: Option<Bounds>,
}

/// Every name there is to find.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PlaceNames(Vec<(String, NamedPlace)>);

impl PlaceNames {
    /// Names of wards, of streets (of the street layer, and as published with records), and of
    /// postcodes (of halls, and of lookups from postcodes to wards).
    pub fn of(data: &Dataset) -> Self {
        let mut all: Vec<NamedPlace> = Vec::new();
        let wards = data.layers.iter().find(|layer| layer.kind == "ward");
        let wards = wards.map_or(&[][..], |layer| &layer.areas);
        for ward in wards {
            all.push(NamedPlace {
                kind: PlaceKind::Ward,
                name: ward.name.clone(),
                wards: vec![ward.code.clone()],
                bounds: ward.shape.bounds(),
            });
        }
        let ward_at = |at: Bng| {
            let found = wards.iter().find(|ward| {
                ward.shape.bounds().is_some_and(|bounds| bounds.contains(at))
                    && ward.shape.covers(at)
            });
            found.map(|ward| ward.code.clone())
        };
        let mut streets: Vec<NamedPlace> = streets(data);
        for street in &mut streets {
            street.wards.extend(street.bounds.and_then(|bounds| ward_at(middle(bounds))));
        }
        all.extend(streets);
        all.extend(postcodes(data));
        let key = |place: NamedPlace| (folded(&place.name), place);
        let mut all: Vec<(String, NamedPlace)> = all.into_iter().map(key).collect();
        all.sort_by(|a, b| (a.1.kind, &a.0, &a.1.wards).cmp(&(b.1.kind, &b.0, &b.1.wards)));
        Self(all)
    }

    /// Places whose name holds `text` at the start of a word, those that start with it first; at most
    /// [`MOST_FOUND`], and how many there are in all.
    pub fn find(&self, text: &str) -> (Vec<&NamedPlace>, usize) {
        let wanted = folded(text);
        if wanted.is_empty() {
            return (Vec::new(), 0);
        }
        let starts = |(name, _): &&(String, NamedPlace)| name.starts_with(&wanted);
        let within = |(name, _): &&(String, NamedPlace)| {
            !name.starts_with(&wanted) && name.contains(&format!(" {wanted}"))
        };
        let found: Vec<&NamedPlace> = self
            .0
            .iter()
            .filter(starts)
            .chain(self.0.iter().filter(within))
            .map(|(_, place)| place)
            .collect();
        let n = found.len();
        (found.into_iter().take(MOST_FOUND).collect(), n)
    }

    /// Codes of the wards that `text` may mean: by name, by street, or by postcode.
    pub fn wards(&self, text: &str) -> Vec<&str> {
        let wanted = folded(text);
        let mut codes: Vec<&str> = self
            .0
            .iter()
            .filter(|(name, _)| {
                !wanted.is_empty()
                    && (name.starts_with(&wanted) || name.contains(&format!(" {wanted}")))
            })
            .flat_map(|(_, place)| place.wards.iter().map(String::as_str))
            .collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }
}

fn middle(bounds: Bounds) -> Bng {
    Bng::new(
        f64::midpoint(bounds.min.easting(), bounds.max.easting()),
        f64::midpoint(bounds.min.northing(), bounds.max.northing()),
    )
}

/// Lower case, one space between words, no points or apostrophes: as people type.
fn folded(text: &str) -> String {
    let letters = text.to_lowercase();
    let kept: String = letters
        .chars()
        .filter(|c| !['\'', '’', '.'].contains(c))
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Streets by name, parts of one name that are far apart told from each other.
fn streets(data: &Dataset) -> Vec<NamedPlace> {
    let mut parts: BTreeMap<&str, Vec<Bounds>> = BTreeMap::new();
    let of = |positions: &[Bng]| {
        let boxes = positions.iter().map(|&at| Bounds { min: at, max: at });
        boxes.reduce(Bounds::union)
    };
    for street in &data.streets {
        if let (Some(name), Some(bounds)) = (street.name.as_deref(), of(&street.line)) {
            parts.entry(name).or_default().push(bounds);
        }
    }
    let incidents = &data.incidents;
    let mut seen: BTreeMap<(&str, [u64; 2]), Bng> = BTreeMap::new();
    for i in 0..incidents.len() {
        if let Some(name) = incidents.street(i).and_then(names::street_name)
            && let Some(at) = incidents.position(i)
        {
            seen.insert((name, [at.easting().to_bits(), at.northing().to_bits()]), at);
        }
    }
    for ((name, _), at) in seen {
        parts.entry(name).or_default().push(Bounds { min: at, max: at });
    }
    let mut all = Vec::new();
    for (name, boxes) in parts {
        for bounds in together(boxes) {
            all.push(NamedPlace {
                kind: PlaceKind::Street,
                name: name.to_owned(),
                wards: Vec::new(),
                bounds: Some(bounds),
            });
        }
    }
    all
}

/// Boxes that are near each other made one.
fn together(mut boxes: Vec<Bounds>) -> Vec<Bounds> {
    let mut groups: Vec<Bounds> = Vec::new();
    while let Some(mut group) = boxes.pop() {
        loop {
            let near = |one: &Bounds| {
                let grown = group.grown(APART);
                one.min.easting() <= grown.max.easting()
                    && one.max.easting() >= grown.min.easting()
                    && one.min.northing() <= grown.max.northing()
                    && one.max.northing() >= grown.min.northing()
            };
            let (joined, rest): (Vec<Bounds>, Vec<Bounds>) = boxes.iter().copied().partition(near);
            boxes = rest;
            if joined.is_empty() {
                break;
            }
            group = joined.into_iter().fold(group, Bounds::union);
        }
        groups.push(group);
    }
    groups.sort_by(|a, b| {
        a.min
            .easting()
            .total_cmp(&b.min.easting())
            .then(a.min.northing().total_cmp(&b.min.northing()))
    });
    groups
}

/// Postcodes of halls, and the districts of all postcodes known.
fn postcodes(data: &Dataset) -> Vec<NamedPlace> {
    let mut all: BTreeMap<String, (Vec<String>, Option<Bounds>)> = BTreeMap::new();
    let mut add = |name: String, ward: Option<&str>, at: Option<Bng>| {
        let (wards, bounds) = all.entry(name).or_default();
        wards.extend(ward.map(str::to_owned));
        let point = at.map(|at| Bounds { min: at, max: at });
        *bounds = match (*bounds, point) {
            (Some(a), Some(b)) => Some(a.union(b)),
            (a, b) => a.or(b),
        };
    };
    for venue in &data.venues {
        if let Some(postcode) = venue.facts.postcode.as_deref().map(str::trim)
            && let Some(district) = postcode.split_whitespace().next()
        {
            add(postcode.to_uppercase(), venue.ward.as_deref(), Some(venue.place));
            add(district.to_uppercase(), venue.ward.as_deref(), Some(venue.place));
        }
    }
    for lookup in &data.context.lookups {
        let of_postcodes = lookup.from.kind.to_lowercase().contains("postcode");
        if of_postcodes && lookup.to.kind == "ward" {
            for (from, to) in lookup.pairs() {
                add(from.to_uppercase(), Some(to), None);
                if let Some(district) = from.split_whitespace().next() {
                    add(district.to_uppercase(), Some(to), None);
                }
            }
        }
    }
    all.into_iter()
        .map(|(name, (mut wards, bounds))| {
            wards.sort_unstable();
            wards.dedup();
            NamedPlace { kind: PlaceKind::Postcode, name, wards, bounds }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(kind: PlaceKind, name: &str, ward: &str) -> (String, NamedPlace) {
        let place =
            NamedPlace { kind, name: name.to_owned(), wards: vec![ward.to_owned()], bounds: None };
        (folded(name), place)
    }

    fn names() -> PlaceNames {
        PlaceNames(vec![
            place(PlaceKind::Ward, "Norton Central", "E1"),
            place(PlaceKind::Ward, "Stockton Town Centre", "E2"),
            place(PlaceKind::Street, "Norton Road", "E2"),
            place(PlaceKind::Street, "St John's Close", "E3"),
            place(PlaceKind::Postcode, "TS20", "E1"),
        ])
    }

    #[test]
    fn names_are_found_by_the_start_of_any_word() {
        let names = names();
        let found = |text: &str| -> Vec<&str> {
            names.find(text).0.into_iter().map(|place| place.name.as_str()).collect()
        };

        assert_eq!(found("nort"), ["Norton Central", "Norton Road"]);
        assert_eq!(found("cent"), ["Norton Central", "Stockton Town Centre"]);
        assert_eq!(found("st johns"), ["St John's Close"]);
        assert_eq!(found("TS20"), ["TS20"]);
        assert!(found("orton").is_empty() && found(" ' ").is_empty());
    }

    #[test]
    fn wards_are_found_by_their_streets_and_postcodes_too() {
        let names = names();

        assert_eq!(names.wards("norton"), ["E1", "E2"]);
        assert_eq!(names.wards("ts20"), ["E1"]);
        assert!(names.wards("").is_empty());
    }

    #[test]
    fn streets_of_one_name_far_apart_are_two() {
        let at = |x: f64| Bounds { min: Bng::new(x, 0.0), max: Bng::new(x + 100.0, 10.0) };

        let groups = together(vec![at(0.0), at(10_000.0), at(1_000.0), at(2_400.0)]);

        assert_eq!(groups.len(), 2);
        assert!((groups[0].width() - 2_500.0).abs() < 1e-9, "chained");
    }
}
