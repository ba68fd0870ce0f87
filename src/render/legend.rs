//! Legends as data: what every colour of a layer means, in numbers and in words.
//!
//! The page, the tiles, the drawn map and the picture of the legend are all made from the same
//! [`Legend`], so none can say something else.

use serde::Serialize;

use crate::layer::english::METHOD_HOTSPOT;
use crate::layer::words::{capital, thousands};
use crate::layer::{Findings, Layer};
use crate::table::Value;

use super::classify::{Scale, class_of, round_edges};
use super::english as say;
use super::palette::{HEAT_CLASSES, HEAT_OPACITY, Rgb, Scheme, heat, sequential};
use super::tile_image::difference;

/// Layers that have a legend.
pub const LEGENDS: &[&str] = &["heat", "wards", "hotspots"];

/// Opacity of ward colours, so that streets show through.
pub const WARD_OPACITY: f64 = 0.82;

/// What the colours of one layer mean.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Legend {
    /// Layer it explains.
    pub layer: &'static str,
    /// What is shown, with its unit.
    pub title: String,
    /// Unit of the edges.
    pub unit: String,
    /// Opacity that the colours are drawn with.
    pub opacity: f64,
    /// Classes, from least to most.
    pub classes: Vec<Class>,
    /// What the multiples of the classes are multiples of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multiples_of: Option<&'static str>,
    /// What has no colour, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_drawn: Option<String>,
    /// Marks that are no class.
    pub keys: Vec<Key>,
    /// All of it as sentences.
    pub text: String,
    /// What the figures are of.
    pub caption: Caption,
}

/// One class of a legend.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Class {
    /// Lowest value of the class; `null` for the open class at the bottom of a difference.
    pub lower: f64,
    /// Lowest value of the next class; `None` for the open class at the top.
    pub upper: Option<f64>,
    /// Edges in words, such as `99 to 159`.
    pub label: String,
    /// Edges as multiples, such as `5 to 8×`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multiple: Option<String>,
    /// How many units of the layer are in the class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n_units: Option<usize>,
    /// Colour before opacity.
    pub colour: Colours,
    /// Colour as it shows over land.
    pub on_land: Colours,
}

/// A colour in both schemes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Colours {
    /// On a light ground.
    pub light: Rgb,
    /// On a dark ground.
    pub dark: Rgb,
}

impl Colours {
    /// The colour in this scheme.
    pub const fn of(self, scheme: Scheme) -> Rgb {
        match scheme {
            Scheme::Light => self.light,
            Scheme::Dark => self.dark,
        }
    }

    pub(super) fn each(colour: impl Fn(Scheme) -> Rgb) -> Self {
        Self { light: colour(Scheme::Light), dark: colour(Scheme::Dark) }
    }
}

/// A mark on the map that is no class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Key {
    /// How it is drawn: `outline`, `dashes`, `dot` or `blank`.
    pub symbol: &'static str,
    /// What it means.
    pub label: String,
}

/// What the figures are of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Caption {
    /// Name of the study area.
    pub area: String,
    /// Which incidents.
    pub crime_types: String,
    /// Which months.
    pub window: String,
    /// Whether the data are invented.
    pub fictional: bool,
}

/// The legend of this layer; `None` if it has none.
pub fn legend(layer: &str, findings: &Findings) -> Option<Legend> {
    match layer {
        "heat" => Some(heat_legend(findings)),
        "wards" => Some(ward_legend(findings)),
        "lsoas" => Some(lsoa_legend(findings)),
        "hotspots" => Some(hotspot_legend(findings)),
        _ => None,
    }
}

fn caption(findings: &Findings) -> Caption {
    let made = &findings.how_made;
    Caption {
        area: made.area.clone(),
        crime_types: made.crime_types_label.clone(),
        window: made.window_label.clone(),
        fictional: made.fictional,
    }
}

/// What a legend of heat says besides its classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeatWords {
    /// Unit of the edges, such as `records per km² a year`.
    pub unit: String,
    /// Months taken away, as on screen, where it is a difference.
    pub against: Option<String>,
    /// What the reader must know, in sentences.
    pub notes: Vec<String>,
}

/// Density of incidents, as tiles and drawn maps show it.
pub fn heat_legend(findings: &Findings) -> Legend {
    let words =
        HeatWords { unit: say::RECORDS_PER_KM2.to_owned(), against: None, notes: Vec::new() };
    let edges = findings.density_breaks.iter().copied().filter(|&edge| edge > 0.0);
    let scale = Scale::Amount(edges.take(HEAT_CLASSES).collect());
    heat_legend_of(&scale, &words, &caption(findings))
}

/// The legend of any heat, by its classes and words.
pub fn heat_legend_of(scale: &Scale, words: &HeatWords, caption: &Caption) -> Legend {
    match scale {
        Scale::Amount(edges) => amount_legend(edges, words, caption),
        Scale::Difference(edges) => difference_legend(edges, words, caption),
    }
}

fn amount_legend(edges: &[f64], words: &HeatWords, caption: &Caption) -> Legend {
    let unit = &words.unit;
    let mut classes = classes(edges, HEAT_OPACITY, |i, scheme| heat(scheme)[i]);
    for (i, class) in classes.iter_mut().enumerate() {
        let times = |edge: f64| short(edge / edges[0]);
        let upper = edges.get(i + 1).map(|&upper| times(upper));
        class.multiple = Some(say::multiple(&times(edges[i]), upper.as_deref()));
    }
    let (not_drawn, text) = match classes.first() {
        Some(least) => (
            say::less_not_drawn(&edge_text(least.lower, edges)),
            say::heat(unit, classes.len(), &labels(&classes)),
        ),
        None => (say::NOTHING_DRAWN.to_owned(), say::NO_HEAT.to_owned()),
    };
    Legend {
        layer: "heat",
        title: capital(unit),
        unit: unit.clone(),
        opacity: HEAT_OPACITY,
        classes,
        multiples_of: Some(say::THE_MEAN),
        not_drawn: Some(not_drawn),
        keys: Vec::new(),
        text: with_notes(text, words),
        caption: caption.clone(),
    }
}

fn difference_legend(edges: &[f64], words: &HeatWords, caption: &Caption) -> Legend {
    let HeatWords { unit, against, .. } = words;
    let against = against.as_deref().unwrap_or_default();
    let said = |edge: f64| edge_text(edge, edges);
    let less = |edge: f64| format!("−{}", said(edge));
    let more = |edge: f64| format!("+{}", said(edge));
    let mut classes: Vec<Class> = Vec::with_capacity(2 * edges.len());
    for (i, &edge) in edges.iter().enumerate().rev() {
        let (lower, label) = match edges.get(i + 1) {
            Some(&next) => (-next, say::to(&less(next), &less(edge))),
            None => (f64::NEG_INFINITY, say::or_less(&less(edge))),
        };
        classes.push(one_class(lower, Some(-edge), label));
    }
    for (i, &edge) in edges.iter().enumerate() {
        let (upper, label) = match edges.get(i + 1) {
            Some(&next) => (Some(next), say::to(&more(edge), &more(next))),
            None => (None, say::or_more(&more(edge))),
        };
        classes.push(one_class(edge, upper, label));
    }
    for (i, class) in classes.iter_mut().enumerate() {
        class.colour = Colours::each(|scheme| difference(scheme)[i]);
        class.on_land =
            Colours::each(|scheme| difference(scheme)[i].over(scheme.map().land, HEAT_OPACITY));
    }
    let (not_drawn, text) = match edges.first() {
        Some(&least) => (
            say::less_difference_not_drawn(&said(least)),
            say::difference(unit, &caption.window, against, classes.len(), &labels(&classes)),
        ),
        None => (say::NOTHING_DRAWN.to_owned(), say::NO_DIFFERENCE.to_owned()),
    };
    Legend {
        layer: "heat",
        title: say::difference_title(unit, &caption.window, against),
        unit: unit.clone(),
        opacity: HEAT_OPACITY,
        classes,
        multiples_of: None,
        not_drawn: Some(not_drawn),
        keys: Vec::new(),
        text: with_notes(text, words),
        caption: caption.clone(),
    }
}

fn with_notes(text: String, words: &HeatWords) -> String {
    words.notes.iter().fold(text, |text, note| text + " " + note)
}

/// A class without its colours.
fn one_class(lower: f64, upper: Option<f64>, label: String) -> Class {
    let none = Colours::each(|scheme| scheme.map().land);
    Class { lower, upper, label, multiple: None, n_units: None, colour: none, on_land: none }
}

/// Rates of the wards, in round classes.
pub fn ward_legend(findings: &Findings) -> Legend {
    let layer = findings.layer("wards");
    let rates = layer.map(|layer| numbers(layer, "rate")).unwrap_or_default();
    let base = layer.and_then(|layer| first_text(layer, "base")).unwrap_or("residents");
    let edges = round_edges(rates.iter().copied().flatten());
    let mut classes = classes(&edges, WARD_OPACITY, |i, scheme| sequential(scheme)[i]);
    for rate in rates.iter().flatten() {
        let class = &mut classes[rate_class(*rate, &edges)];
        class.n_units = Some(class.n_units.unwrap_or(0) + 1);
    }
    for class in &mut classes {
        class.n_units.get_or_insert(0);
    }
    let without = rates.iter().filter(|rate| rate.is_none()).count();
    let not_drawn = (without > 0).then(|| say::without_rate(without, rates.len(), base));
    let keys = not_drawn.iter().map(|_| Key { symbol: "blank", label: say::NO_RATE.to_owned() });
    let unit = say::records_per_1000(base);
    let window = &findings.how_made.window_label;
    let text = say::wards(&unit, window, classes.len(), &labels(&classes));
    Legend {
        layer: "wards",
        title: say::rate_title(base),
        unit,
        opacity: WARD_OPACITY,
        keys: keys.collect(),
        classes,
        multiples_of: None,
        not_drawn,
        text,
        caption: caption(findings),
    }
}

/// The legend of LSOAs by rate: the classes are those of wards, so that a colour means the same rate
/// on both; how many LSOAs are in each is in their table.
fn lsoa_legend(findings: &Findings) -> Legend {
    let mut legend = ward_legend(findings);
    for class in &mut legend.classes {
        class.n_units = None;
    }
    let (unit, window) = (&legend.unit, &findings.how_made.window_label);
    let text = say::lsoas(unit, window, legend.classes.len(), &labels(&legend.classes));
    Legend { layer: "lsoas", not_drawn: None, keys: Vec::new(), text, ..legend }
}

/// The class of a ward's rate: every rate has one, zero the first.
pub fn rate_class(rate: f64, edges: &[f64]) -> usize {
    class_of(rate, edges).unwrap_or(0)
}

/// The outline round hotspots.
pub fn hotspot_legend(findings: &Findings) -> Legend {
    let any = findings.layer("hotspots").is_some_and(|layer| !layer.features.is_empty());
    let method =
        findings.how_made.methods.iter().find(|(what, _)| what.starts_with(METHOD_HOTSPOT));
    let text = say::hotspots(any, method.map(|(_, how)| how.as_str()));
    let label = if any { say::HOTSPOT } else { say::NO_HOTSPOT }.to_owned();
    Legend {
        layer: "hotspots",
        title: say::HOTSPOTS.to_owned(),
        unit: String::new(),
        opacity: 1.0,
        classes: Vec::new(),
        multiples_of: None,
        not_drawn: None,
        keys: vec![Key { symbol: "outline", label }],
        text,
        caption: caption(findings),
    }
}

fn classes(edges: &[f64], opacity: f64, colour: impl Fn(usize, Scheme) -> Rgb) -> Vec<Class> {
    (0..edges.len())
        .map(|i| {
            let (lower, upper) = (edges[i], edges.get(i + 1).copied());
            let low = edge_text(lower, edges);
            Class {
                lower,
                upper,
                label: match upper {
                    Some(upper) => say::to(&low, &edge_text(upper, edges)),
                    None => say::or_more(&low),
                },
                multiple: None,
                n_units: None,
                colour: Colours::each(|scheme| colour(i, scheme)),
                on_land: Colours::each(|scheme| colour(i, scheme).over(scheme.map().land, opacity)),
            }
        })
        .collect()
}

fn labels(classes: &[Class]) -> String {
    classes.iter().map(|class| class.label.as_str()).collect::<Vec<_>>().join(", ")
}

/// An edge with as many decimals as keep all `edges` apart.
fn edge_text(edge: f64, edges: &[f64]) -> String {
    let gap = edges.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
    let gap = if gap.is_finite() { gap } else { edge };
    // Rounding may move an edge by a tenth of the least gap, no more.
    let decimals = (0..3)
        .find(|&decimals| {
            let scale = 10f64.powi(decimals);
            edges.iter().all(|edge| ((edge * scale).round() / scale - edge).abs() <= gap / 10.0)
        })
        .unwrap_or(3);
    if decimals == 0 {
        thousands(edge.round() as i64)
    } else {
        format!("{edge:.*}", decimals as usize)
    }
}

/// A multiple without needless decimals.
fn short(multiple: f64) -> String {
    let rounded = (multiple * 10.0).round() / 10.0;
    rounded.to_string()
}

/// A column of numbers, row by row; `None` where there is none.
pub(super) fn numbers(layer: &Layer, column: &str) -> Vec<Option<f64>> {
    let Some(column) = layer.column(column) else { return vec![None; layer.features.len()] };
    let number = |value: &Value| match *value {
        Value::Number(number) => Some(number),
        Value::Count(count) => Some(count as f64),
        _ => None,
    };
    layer.features.iter().map(|feature| number(&feature.values[column])).collect()
}

fn first_text<'a>(layer: &'a Layer, column: &str) -> Option<&'a str> {
    let column = layer.column(column)?;
    match layer.features.first()?.values.get(column)? {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
#[path = "legend_tests.rs"]
mod tests;
