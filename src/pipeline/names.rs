//! Names for hotspots, by a rule that is printed beside them.

use std::collections::BTreeMap;

use crate::crs::Bng;
use crate::geometry::Shape;
use crate::store::Street;

use super::english::matched;

/// The street part of a published location: `On or near Quebec Grove` gives `Quebec Grove`; `None`
/// for a kind of place such as `On or near Parking Area`.
pub(super) fn street_name(published: &str) -> Option<&str> {
    let name = published.trim();
    let name = name.strip_prefix(matched::NEAR).unwrap_or(name).trim();
    let generic = matched::NOT_STREETS.iter().any(|kind| name.eq_ignore_ascii_case(kind));
    (!name.is_empty() && !generic).then_some(name)
}

/// The kind of place that is published in place of a street, such as `Supermarket`; `None` for a
/// street.
pub(super) fn kind_of_place(published: &str) -> Option<&str> {
    let name = published.trim();
    let name = name.strip_prefix(matched::NEAR).unwrap_or(name).trim();
    let generic = matched::NOT_STREETS.iter().any(|kind| name.eq_ignore_ascii_case(kind));
    (generic && !name.eq_ignore_ascii_case(matched::NO_LOCATION)).then_some(name)
}

/// Names by how often each is said, most first; equals in the order of the alphabet.
pub(super) fn most_said<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut said: BTreeMap<&str, usize> = BTreeMap::new();
    for name in names {
        *said.entry(name).or_default() += 1;
    }
    let mut said: Vec<(&str, usize)> = said.into_iter().collect();
    said.sort_by_key(|&(_, times)| std::cmp::Reverse(times));
    said.into_iter().map(|(name, _)| name).collect()
}

/// Named streets by their length inside `shape`, longest first, by the middles of their stretches.
pub(super) fn longest_inside<'a>(streets: &'a [Street], shape: &Shape) -> Vec<&'a str> {
    let Some(bounds) = shape.bounds() else { return Vec::new() };
    let mut inside: BTreeMap<&str, f64> = BTreeMap::new();
    for street in streets {
        let Some(name) = street.name.as_deref() else { continue };
        for stretch in street.line.windows(2) {
            let middle = Bng::new(
                f64::midpoint(stretch[0].easting(), stretch[1].easting()),
                f64::midpoint(stretch[0].northing(), stretch[1].northing()),
            );
            if bounds.contains(middle) && shape.covers(middle) {
                *inside.entry(name).or_default() += stretch[0].distance(stretch[1]);
            }
        }
    }
    let mut inside: Vec<(&str, f64)> = inside.into_iter().collect();
    inside.sort_by(|a, b| b.1.total_cmp(&a.1));
    inside.into_iter().map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use geo::{MultiPolygon, Rect, coord};

    use super::*;

    #[test]
    fn kinds_of_place_are_no_streets() {
        assert_eq!(street_name("On or near Quebec Grove"), Some("Quebec Grove"));
        assert_eq!(street_name("On or near Parking Area"), None);
        assert_eq!(street_name("No Location"), None);
        assert_eq!(street_name(" "), None);
    }

    #[test]
    fn a_tie_goes_to_the_first_in_the_alphabet() {
        assert_eq!(most_said(["B St", "A St", "B St", "A St"].into_iter()), ["A St", "B St"]);
        assert_eq!(most_said(["B St", "A St", "B St"].into_iter()), ["B St", "A St"]);
        assert!(most_said([].into_iter()).is_empty());
    }

    #[test]
    fn the_street_with_most_length_inside_gives_the_name() {
        let street = |name: &str, y: f64, to: f64| Street {
            name: Some(name.into()),
            line: vec![Bng::new(0.0, y), Bng::new(to, y)],
        };
        let square = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: 100.0, y: 100.0 });
        let shape = Shape::new(MultiPolygon::new(vec![square.to_polygon()]));

        let streets =
            [street("Short", 50.0, 20.0), street("Long", 60.0, 80.0), street("Away", 500.0, 90.0)];

        assert_eq!(longest_inside(&streets, &shape), ["Long", "Short"]);
    }
}
