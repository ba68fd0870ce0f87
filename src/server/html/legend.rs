//! What the colours mean, in numbers: the one legend, written as HTML.

use maud::{Markup, html};

use super::chart::{hotspot_key, swatch};
use super::choice::Choice;
use super::english::legend as say;
use super::frame::Site;
use super::map::Shown;
use super::show::Show;
use crate::layer::Findings;
use crate::pipeline::AnalysisRequest;
use crate::render::legend::{Class, Legend, heat_legend, ward_legend};
use crate::render::unit_classes::{class_title, unit_classes, without_class};
use crate::time::Window;

/// The legend of the map for this choice.
pub(super) fn legend(site: &Site<'_>, choice: &Choice, shown: &Shown<'_>) -> Markup {
    // Layers of the same classes share a part.
    let kinds = |shows: &[Show]| {
        let (ids, id) = (shows.iter().map(|show| show.id()), shows[0].id());
        let ids = ids.collect::<Vec<_>>().join(" ");
        html! {
            div data-of=(ids) hidden[!shows.contains(&choice.show)] {
                p class="h3" { (class_title(id)) }
                ul {
                    @for class in unit_classes(id).unwrap_or_default() {
                        li data-class=(class.word) data-sign=(class.sign) {
                            (swatch(&format!("k-{}", class.word.replace(' ', "-"))))
                            span { b { (class.sign) } " " (class.label) }
                        }
                    }
                }
                p class="note" { (without_class(id)) }
            }
        }
    };
    html! {
        div class="legend" data-part="legend" {
            (heat(choice, shown))
            (rates(shown.findings, !matches!(choice.show, Show::Rate | Show::Lsoas)))
            (kinds(&[Show::Cells, Show::Hexagons, Show::H3]))
            (kinds(&[Show::Emerging]))
            (kinds(&[Show::Moran]))
            p class="legend__hot" data-of="hotspots" hidden[!choice.hotspots] {
                (hotspot_key()) span { (say::HOTSPOT) }
            }
            @if site.more.contains(&"clusters") {
                p class="legend__hot" data-of="clusters" hidden[!choice.clusters] {
                    svg width="22" height="14" viewBox="0 0 22 14" aria-hidden="true" {
                        rect class="m-cluster" x="2" y="2" width="18" height="10" rx="3" {}
                    }
                    @let over_time = choice.options.iter().any(|(name, value)| *name == "over-time" && value == "true");
                    span { (say::cluster(over_time, &alpha(choice))) }
                }
            }
            @if site.more.contains(&"venues") {
                p class="legend__hot" data-of="venues" hidden[!choice.venues] {
                    svg width="22" height="14" viewBox="0 0 22 14" aria-hidden="true" {
                        circle class="m-venue" cx="11" cy="7" r="5" {}
                    }
                    span { (say::HALL) }
                }
            }
        }
    }
}

/// Level of the tests, as the address has it.
fn alpha(choice: &Choice) -> String {
    let given = choice.method.iter().find(|(name, _)| *name == "alpha");
    given.map_or_else(|| AnalysisRequest::default().alpha.to_string(), |(_, alpha)| alpha.clone())
}

fn heat(choice: &Choice, shown: &Shown<'_>) -> Markup {
    let own;
    let legend: &Legend = if let Some(legend) = shown.heat {
        legend
    } else {
        own = heat_legend(shown.findings);
        &own
    };
    let difference = choice.against.is_some() && !choice.swipe;
    html! {
        div data-of="heat" hidden[choice.show != Show::Heat] {
            p class="h3" { (legend.title) }
            @if legend.classes.is_empty() {
                p class="note" { (say::NOTHING_DRAWN) }
            } @else {
                (classes(if difference { "dc" } else { "hc" }, &legend.classes))
                p class="note" {
                    @if difference { (say::DIFFERENCE) }
                    @else { (say::AMOUNT) }
                }
            }
            @if choice.swipe && choice.against.is_some() {
                p class="note" {
                    (say::BESIDE)
                }
            }
        }
    }
}

/// Rates by ward; their edges travel as data, so that the live map has the same classes.
fn rates(findings: &Findings, hidden: bool) -> Markup {
    let legend = ward_legend(findings);
    let edges: Vec<String> = legend.classes.iter().map(|class| class.lower.to_string()).collect();
    html! {
        div data-of="rate lsoas" hidden[hidden] data-breaks=(edges.join(",")) {
            p class="h3" { (legend.title) }
            (classes("sc", &legend.classes))
            p class="note" {
                @if let Some(not_drawn) = &legend.not_drawn { (not_drawn) ". " }
                @let window = findings.how_made.window.parse::<Window>();
                (if window.is_ok_and(|window| window.n_months() == 12) { say::IN_A_YEAR } else { say::NOT_A_YEAR })
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
                        span class="quiet" { (multiple.replace(say::OR_MORE, say::AND_MORE)) }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{choice, findings, site};
    use super::*;
    use crate::render::palette::{Scheme, diverging, heat as heat_colours, sequential};
    use crate::render::unit_classes::UNIT_LAYERS;

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
            for (i, colour) in diverging(scheme).into_iter().enumerate() {
                assert_eq!(token(&format!("div-{}", i + 1), scheme), colour.to_string());
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
    fn the_style_sheet_gives_each_class_of_a_layer_its_colour() {
        let styles = include_str!("../../../web/styles/map.css");
        for class in UNIT_LAYERS.iter().filter_map(|layer| unit_classes(layer)).flatten() {
            let name = format!(".k-{}", class.word.replace(' ', "-"));
            let start = styles.find(&format!("{name} ")).or(styles.find(&format!("{name},")));
            let rule = &styles[start.unwrap_or_else(|| panic!("{name}"))..];
            let fill = rule.split("fill: var(--").nth(1).unwrap().split(')').next().unwrap();
            assert_eq!(fill, class.token(), "{name}");
        }
    }

    #[test]
    fn classes_stand_from_most_to_least_with_their_multiples() {
        let findings = findings(false);
        let shown = Shown { findings: &findings, heat: None, found: None, own: None };
        let page = legend(&site(), &choice(), &shown).into_string();

        let most = page.find("160 or more").unwrap();
        let least = page.find("20 to 40").unwrap();
        assert!(most < least);
        assert!(page.contains("8+×"));
    }
}
