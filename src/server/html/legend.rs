//! What the colours mean, in numbers: the one legend, written as HTML.

use maud::{Markup, html};

use super::chart::{hotspot_key, swatch};
use super::choice::{Choice, Show};
use crate::layer::Findings;
use crate::render::legend::{Class, heat_legend, ward_legend};

/// The legend of the map for this choice.
pub(super) fn legend(choice: &Choice, findings: &Findings) -> Markup {
    html! {
        div class="legend" data-part="legend" {
            (heat(findings, choice.show != Show::Heat))
            (rates(findings, choice.show != Show::Rate))
            p class="legend__hot" data-of="hotspots" hidden[!choice.hotspots] {
                (hotspot_key()) span { "Hotspot" }
            }
        }
    }
}

fn heat(findings: &Findings, hidden: bool) -> Markup {
    let legend = heat_legend(findings);
    html! {
        div data-of="heat" hidden[hidden] {
            p class="h3" { (legend.title) }
            @if legend.classes.is_empty() {
                p class="note" { "No record has a place: nothing is drawn." }
            } @else {
                (classes("hc", &legend.classes))
                p class="note" { "× the mean; less is not drawn" }
            }
        }
    }
}

/// Rates by ward; their edges travel as data, so that the live map has the same classes.
fn rates(findings: &Findings, hidden: bool) -> Markup {
    let legend = ward_legend(findings);
    let edges: Vec<String> = legend.classes.iter().map(|class| class.lower.to_string()).collect();
    html! {
        div data-of="rate" hidden[hidden] data-breaks=(edges.join(",")) {
            p class="h3" { (legend.title) }
            (classes("sc", &legend.classes))
            p class="note" {
                @if let Some(not_drawn) = &legend.not_drawn { (not_drawn) ". " }
                "In these months, not a year"
            }
        }
    }
}

/// Swatches from most to least, each with its edges and, where it has them, its multiples.
fn classes(class_name: &str, classes: &[Class]) -> Markup {
    html! {
        ul {
            @for (i, class) in classes.iter().enumerate().rev() {
                li {
                    (swatch(&format!("{class_name}-{}", i + 1)))
                    span { (class.label) }
                    @if let Some(multiple) = &class.multiple {
                        span class="quiet" { (multiple.replace("× or more", "+×")) }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{choice, findings};
    use super::*;
    use crate::render::palette::{Scheme, heat as heat_colours, sequential};

    const TOKENS: &str = include_str!("../../../web/styles/tokens.css");

    /// Value of a custom property in the light or the dark half of the style sheet.
    fn token(name: &str, scheme: Scheme) -> &'static str {
        let dark = TOKENS.find("prefers-color-scheme: dark").unwrap();
        let half = match scheme {
            Scheme::Light => &TOKENS[..dark],
            Scheme::Dark => &TOKENS[dark..],
        };
        let start = half.find(&format!("--{name}: ")).unwrap() + name.len() + 4;
        half[start..].split(';').next().unwrap()
    }

    #[test]
    fn the_style_sheet_has_the_colours_of_tiles_and_drawn_maps() {
        for scheme in Scheme::ALL {
            for (i, colour) in heat_colours(scheme).into_iter().enumerate() {
                assert_eq!(token(&format!("heat-{}", i + 1), scheme), colour.to_string());
            }
            for (i, colour) in sequential(scheme).into_iter().enumerate() {
                assert_eq!(token(&format!("seq-{}", i + 1), scheme), colour.to_string());
            }
            let map = scheme.map();
            for (name, colour) in [
                ("map", map.ground),
                ("land", map.land),
                ("street", map.street),
                ("ward", map.ward),
                ("halo", map.halo),
                ("hot", map.hot),
                ("hot-case", map.hot_case),
            ] {
                let written = token(name, scheme);
                assert_eq!(written, colour.to_string(), "{name} {scheme:?}");
            }
        }
    }

    #[test]
    fn classes_stand_from_most_to_least_with_their_multiples() {
        let page = legend(&choice(), &findings(false)).into_string();

        let most = page.find("160 or more").unwrap();
        let least = page.find("20 to 40").unwrap();
        assert!(most < least);
        assert!(page.contains("8+×"));
    }
}
