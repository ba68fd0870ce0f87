//! A legend as a drawing: swatches from most to least, edges in numbers, and what is not drawn.

use std::fmt::Write as _;

use super::legend::Legend;
use super::palette::Scheme;
use super::svg::{FONT, Letters, escape, round, text};

/// A card of legends.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Card {
    /// Width in pixels.
    pub(super) width: f64,
    /// Height in pixels.
    pub(super) height: f64,
    /// Elements, from the card's own corner.
    pub(super) svg: String,
}

const PADDING: f64 = 12.0;
const ROW: f64 = 18.0;
const SWATCH: (f64, f64) = (22.0, 14.0);

/// Width of a letter at 12 px, on the wide side.
const LETTER: f64 = 6.5;

/// One card with these legends, under what the figures are of.
pub(super) fn card(legends: &[&Legend], scheme: Scheme, letters: Letters) -> Card {
    let colours = scheme.map();
    let width = width_of(legends);
    let mut out = String::new();
    let mut y = PADDING;
    if let Some(legend) = legends.first() {
        for line in caption_lines(legend, width) {
            y += 15.0;
            text(
                &mut out,
                letters,
                &line,
                PADDING,
                y - 3.0,
                12.0,
                400,
                "start",
                colours.ink_2,
                None,
            );
        }
        y += 5.0;
    }
    for legend in legends {
        if !legend.classes.is_empty() {
            y += 16.0;
            let (title, ink) = (&legend.title, colours.ink);
            text(&mut out, letters, title, PADDING, y - 3.0, 12.5, 650, "start", ink, None);
            y += 5.0;
        }
        let (swatch_width, swatch_height) = SWATCH;
        for class in legend.classes.iter().rev() {
            let _ = write!(
                out,
                "<rect x=\"{PADDING}\" y=\"{}\" width=\"{swatch_width}\" height=\"{swatch_height}\" \
                 rx=\"2\" fill=\"{}\" stroke=\"{}\" stroke-width=\"0.5\"/>",
                round(y + 2.0),
                class.on_land.of(scheme),
                colours.line
            );
            let base = y + 13.0;
            let left = PADDING + swatch_width + 8.0;
            text(
                &mut out,
                letters,
                &class.label,
                left,
                base,
                12.0,
                400,
                "start",
                colours.ink,
                None,
            );
            let right = class.multiple.clone().or(class.n_units.map(|n| n.to_string()));
            if let Some(right) = right {
                let edge = width - PADDING;
                text(&mut out, letters, &right, edge, base, 12.0, 400, "end", colours.ink_2, None);
            }
            y += ROW;
        }
        let multiples = legend.multiples_of.filter(|_| !legend.classes.is_empty());
        let notes =
            multiples.map(|of| format!("× {of}")).into_iter().chain(legend.not_drawn.clone());
        let notes = notes.collect::<Vec<_>>().join("; ");
        for line in wrap(&notes, width) {
            y += 15.0;
            text(
                &mut out,
                letters,
                &line,
                PADDING,
                y - 3.0,
                11.5,
                400,
                "start",
                colours.ink_2,
                None,
            );
        }
        for key in &legend.keys {
            y += 4.0;
            let (x, top) = (PADDING + 2.0, round(y + 3.0));
            if key.symbol == "outline" {
                let _ = write!(
                    out,
                    "<g fill=\"none\" stroke-linejoin=\"round\"><rect x=\"{x}\" y=\"{top}\" \
                     width=\"18\" height=\"10\" stroke=\"{}\" stroke-width=\"5\"/><rect x=\"{x}\" \
                     y=\"{top}\" width=\"18\" height=\"10\" stroke=\"{}\" stroke-width=\"2.2\"/></g>",
                    colours.hot_case, colours.hot
                );
            } else {
                let _ = write!(
                    out,
                    "<rect x=\"{x}\" y=\"{top}\" width=\"18\" height=\"10\" fill=\"{}\" \
                     stroke=\"{}\"/>",
                    colours.land, colours.line
                );
            }
            let (left, base) = (PADDING + swatch_width + 8.0, y + 12.5);
            text(&mut out, letters, &key.label, left, base, 12.0, 400, "start", colours.ink, None);
            y += ROW;
        }
    }
    let height = (y + PADDING - 2.0).round();
    let svg = format!(
        "<rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{}\" stroke=\"{}\"/>{out}",
        colours.surface, colours.line
    );
    Card { width, height, svg }
}

/// A legend alone, as a whole SVG.
pub fn svg(legend: &Legend, scheme: Scheme, letters: Letters) -> String {
    let card = card(&[legend], scheme, letters);
    let (w, h) = (card.width + 2.0, card.height + 2.0);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-1 -1 {w} {h}\" width=\"{w}\" \
         height=\"{h}\" role=\"img\" font-family=\"{FONT}\"><title>{}</title><desc>{}</desc>{}</svg>",
        escape(&legend.title),
        escape(&legend.text),
        card.svg
    )
}

fn width_of(legends: &[&Legend]) -> f64 {
    let letters = |text: &str| text.chars().count() as f64 * LETTER;
    let widest = legends.iter().flat_map(|legend| {
        let rows = legend.classes.iter().map(move |class| {
            let right = class.multiple.as_deref().map_or(20.0, letters);
            letters(&class.label) + right + 16.0 + SWATCH.0 + 8.0
        });
        let keys = legend.keys.iter().map(move |key| letters(&key.label) + SWATCH.0 + 8.0);
        rows.chain(keys).chain([letters(&legend.title) * 1.06])
    });
    (widest.fold(150.0, f64::max) + 2.0 * PADDING).round()
}

fn caption_lines(legend: &Legend, width: f64) -> Vec<String> {
    let caption = &legend.caption;
    let mut lines = wrap(&caption.crime_types, width);
    lines.extend(wrap(&format!("{}, {}", caption.area, caption.window), width));
    if caption.fictional {
        lines.push("Invented data".to_owned());
    }
    lines
}

/// Words in lines that fit a card of this width.
fn wrap(words: &str, width: f64) -> Vec<String> {
    let most = ((width - 2.0 * PADDING) / (LETTER - 0.4)) as usize;
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::legend::{LEGENDS, legend};
    use crate::render::testing::findings;

    #[test]
    fn every_label_and_colour_of_the_data_is_drawn() {
        let findings = findings();
        for id in LEGENDS {
            let legend = legend(id, &findings).unwrap();
            for scheme in Scheme::ALL {
                let drawn = svg(&legend, scheme, Letters::Weights);
                for class in &legend.classes {
                    assert!(drawn.contains(&class.label), "{id}: {}", class.label);
                    assert!(drawn.contains(&class.on_land.of(scheme).to_string()), "{id}");
                }
                for key in &legend.keys {
                    assert!(drawn.contains(&key.label), "{id}: {}", key.label);
                }
                assert!(!drawn.contains("style="), "{id}");
            }
        }
    }

    #[test]
    fn lines_are_wrapped_between_words() {
        let lines = wrap("All crime and anti-social behaviour in these months", 150.0);

        assert!(lines.len() > 1);
        assert_eq!(lines.join(" "), "All crime and anti-social behaviour in these months");
    }
}
