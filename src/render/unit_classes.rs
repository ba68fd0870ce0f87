//! Classes of cells and areas: the word in the data, the sign on the map, the words and the colour.
//!
//! The page's legend, its map and the drawn map read the same list.

use crate::layer::Findings;

use super::english as say;
use super::legend::{Caption, Class, Colours, Key, Legend, WARD_OPACITY, ward_legend};
use super::palette::{Rgb, Scheme, diverging, sequential};

/// Where a class has its colour from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tone {
    /// Of the diverging colours, 1 to 7.
    Diverging(usize),
    /// Of the sequential colours, 1 to 7.
    Sequential(usize),
}

/// One class of a layer of classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnitClass {
    /// Its word in the data.
    pub word: &'static str,
    /// Its sign on the map: never colour alone.
    pub sign: &'static str,
    /// What it means.
    pub label: &'static str,
    tone: Tone,
}

impl UnitClass {
    /// Its colour.
    pub fn colour(&self, scheme: Scheme) -> Rgb {
        match self.tone {
            Tone::Diverging(n) => diverging(scheme)[n - 1],
            Tone::Sequential(n) => sequential(scheme)[n - 1],
        }
    }

    /// Its colour as the style sheet names it: `div-7`.
    pub fn token(&self) -> String {
        match self.tone {
            Tone::Diverging(n) => format!("div-{n}"),
            Tone::Sequential(n) => format!("seq-{n}"),
        }
    }
}

const fn class(
    word: &'static str,
    sign: &'static str,
    label: &'static str,
    tone: Tone,
) -> UnitClass {
    UnitClass { word, sign, label, tone }
}

use Tone::{Diverging as Div, Sequential as Seq};

const TESTED: &[UnitClass] = &[
    class("hotspot", "▲", say::TESTED_HOT, Div(7)),
    class("coldspot", "▼", say::TESTED_COLD, Div(1)),
];

const EMERGING: &[UnitClass] = &[
    class("new hotspot", "N", say::NEW, Seq(4)),
    class("consecutive hotspot", "C", say::CONSECUTIVE, Seq(5)),
    class("intensifying hotspot", "I", say::INTENSIFYING, Seq(6)),
    class("persistent hotspot", "P", say::PERSISTENT, Seq(7)),
    class("diminishing hotspot", "D", say::DIMINISHING, Div(3)),
    class("sporadic hotspot", "S", say::SPORADIC, Seq(3)),
    class("oscillating hotspot", "O", say::OSCILLATING, Seq(2)),
    class("historical hotspot", "H", say::HISTORICAL, Div(2)),
];

const MORAN: &[UnitClass] = &[
    class("high-high", "HH", say::HIGH_HIGH, Div(7)),
    class("high-low", "HL", say::HIGH_LOW, Div(5)),
    class("low-high", "LH", say::LOW_HIGH, Div(3)),
    class("low-low", "LL", say::LOW_LOW, Div(1)),
];

/// Layers of units that the map can show, beside the wards.
pub static UNIT_LAYERS: &[&str] = &["lsoas", "cells", "hexagons", "h3", "emerging", "moran"];

/// Classes of a layer of [`UNIT_LAYERS`]; none where it shows rates.
pub fn unit_classes(layer: &str) -> Option<&'static [UnitClass]> {
    match layer {
        "cells" | "hexagons" | "h3" => Some(TESTED),
        "emerging" => Some(EMERGING),
        "moran" => Some(MORAN),
        _ => None,
    }
}

/// Heading of the legend of a layer of classes.
pub fn class_title(layer: &str) -> &'static str {
    match layer {
        "hexagons" => say::HEXAGONS_TESTED,
        "h3" => say::H3_TESTED,
        "emerging" => say::MONTH_BY_MONTH,
        "moran" => say::AMONG_NEIGHBOURS,
        _ => say::CELLS_TESTED,
    }
}

/// What a layer of classes leaves without colour.
pub fn without_class(layer: &str) -> &'static str {
    match layer {
        "emerging" => say::OF_EMERGING,
        _ => say::NOT_SIGNIFICANT,
    }
}

/// The legend of a layer of [`UNIT_LAYERS`], as it is drawn.
pub(super) fn class_legend(layer: &'static str, findings: &Findings) -> Legend {
    let Some(classes) = unit_classes(layer) else { return ward_legend(findings) };
    let wards = ward_legend(findings);
    let of = |(i, one): (usize, &UnitClass)| {
        let colour = Colours::each(|scheme| one.colour(scheme));
        let on_land = |scheme: Scheme| one.colour(scheme).over(scheme.map().land, WARD_OPACITY);
        Class {
            lower: i as f64,
            upper: None,
            label: format!("{} {}", one.sign, one.label),
            multiple: None,
            n_units: None,
            colour,
            on_land: Colours::each(on_land),
        }
    };
    // Legends read from the last class to the first.
    let classes: Vec<Class> = classes.iter().enumerate().map(of).rev().collect();
    let words: Vec<&str> = classes.iter().rev().map(|class| class.label.as_str()).collect();
    Legend {
        layer,
        title: class_title(layer).to_owned(),
        unit: String::new(),
        opacity: WARD_OPACITY,
        text: format!("{}: {}.", class_title(layer), words.join("; ")),
        classes,
        multiples_of: None,
        not_drawn: Some(without_class(layer).to_owned()),
        keys: Vec::new(),
        caption: wards.caption,
    }
}

/// Keys of marks that are on the map: scan clusters and halls.
pub(super) fn key_legend(findings: &Findings, clusters: bool, venues: bool) -> Legend {
    let key = |on: bool, symbol: &'static str, label: &str| {
        on.then(|| Key { symbol, label: label.to_owned() })
    };
    let keys = [key(clusters, "dashes", say::SCAN_CLUSTER), key(venues, "dot", say::MEETING_HALL)];
    let made = &findings.how_made;
    Legend {
        layer: "marks",
        title: String::new(),
        unit: String::new(),
        opacity: 1.0,
        classes: Vec::new(),
        multiples_of: None,
        not_drawn: None,
        keys: keys.into_iter().flatten().collect(),
        text: String::new(),
        caption: Caption {
            area: made.area.clone(),
            crime_types: made.crime_types_label.clone(),
            window: made.window_label.clone(),
            fictional: made.fictional,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_classes_of_a_layer_share_a_word_a_sign_or_a_colour() {
        for layer in UNIT_LAYERS {
            let Some(classes) = unit_classes(layer) else { continue };
            for of in [
                |class: &UnitClass| class.word.to_owned(),
                |class: &UnitClass| class.sign.to_owned(),
                |class: &UnitClass| class.token(),
            ] {
                let distinct: BTreeSet<String> = classes.iter().map(of).collect();
                assert_eq!(distinct.len(), classes.len(), "{layer}");
            }
        }
    }
}
