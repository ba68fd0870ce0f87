//! "Find a place": wards, streets and postcodes by name, as links that move the map.

use maud::{Markup, html};

use super::choice::{Choice, Picked};
use super::english::finder as say;
use super::words::thousands;
use crate::crs::{Bng, bng_to_lonlat};
use crate::geometry::Bounds;
use crate::pipeline::{NamedPlace, PlaceKind};

/// The form, and what it found.
pub(super) fn finder(choice: &Choice, found: Option<&(Vec<&NamedPlace>, usize)>) -> Markup {
    html! {
        form class="finder" id="finder" action="/" role="search" aria-label=(say::FIND_A_PLACE) {
            @let kept = Choice { find: None, ..choice.clone() };
            @for (name, value) in kept.map_fields() { input type="hidden" name=(name) value=(value); }
            label class="hide" for="find" { (say::LABEL) }
            input id="find" type="search" name="find" maxlength="60" autocomplete="off"
                placeholder=(say::PLACEHOLDER) value=(choice.find.as_deref().unwrap_or_default());
            button class="btn" { (say::FIND) }
        }
        div class="found" data-part="found" hidden[found.is_none()] {
            @if let Some((places, n)) = found {
                @if places.is_empty() {
                    p class="note" { (say::NOTHING) }
                } @else {
                    ul {
                        @for place in places {
                            li {
                                a href=(address(choice, place)) data-place
                                    data-at=[place.bounds.and_then(at)]
                                    data-pick=[picked(place).map(|code| format!("ward:{code}"))] {
                                    (place.name)
                                }
                                " " span class="quiet" { (place.kind.label()) }
                            }
                        }
                    }
                    @if *n > places.len() {
                        p class="note" { (say::first_of(places.len(), &thousands(*n as i64))) }
                    }
                }
            }
        }
    }
}

fn picked(place: &NamedPlace) -> Option<&str> {
    match (place.kind, place.wards.as_slice()) {
        (PlaceKind::Ward, [code]) => Some(code),
        // A postcode without a place of its own: its ward is the best that is known.
        (PlaceKind::Postcode, [code]) if place.bounds.is_none() => Some(code),
        _ => None,
    }
}

fn address(choice: &Choice, place: &NamedPlace) -> String {
    let ward = picked(place).map(|code| Picked::Ward(code.to_owned()));
    let choice = Choice { find: None, at: place.bounds.and_then(at), ..choice.clone() };
    choice.with_picked(ward).map()
}

/// Middle of a place and a zoom that holds it in 500 pixels.
fn at(bounds: Bounds) -> Option<String> {
    /// Metres to a pixel at zoom 0 about 54 degrees north.
    const AT_ZERO: f64 = 46_000.0;
    let middle = Bng::new(
        f64::midpoint(bounds.min.easting(), bounds.max.easting()),
        f64::midpoint(bounds.min.northing(), bounds.max.northing()),
    );
    let place = bng_to_lonlat(middle).ok()?;
    let across = bounds.width().max(bounds.height()).max(400.0);
    let zoom = (AT_ZERO * 500.0 / across).log2().clamp(9.0, 16.0);
    Some(format!("{:.5},{:.5},{zoom:.2}", place.lon(), place.lat()))
}
