//! A legend as a drawing: swatches from most to least, edges in numbers, and what is not drawn.

use std::fmt::Write as _;

use super::english as say;
use super::legend::{Class, Key, Legend};
use super::palette::{Rgb, Scheme};
use super::svg::{FONT, Letters, broken, escape, round, text};

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

/// A title longer than this is broken, in pixels: a card as wide as a sentence would hide the map.
const LONGEST_TITLE: f64 = 210.0;
/// How much wider bold letters of a title are.
const BOLD: f64 = 1.06;

/// Width of a letter at 12 px, on the wide side.
const LETTER: f64 = 6.9;

/// One card with these legends, under what the figures are of.
pub(super) fn card(legends: &[&Legend], scheme: Scheme, letters: Letters) -> Card {
    let width = width_of(legends);
    let mut pen = Pen { out: String::new(), y: PADDING, width, scheme, letters };
    if let Some(legend) = legends.first() {
        pen.small_lines(&caption_lines(legend, width));
        pen.y += 5.0;
    }
    for legend in legends {
        pen.classes(legend);
        pen.notes(legend);
        for key in &legend.keys {
            pen.key(key);
        }
    }
    let height = (pen.y + PADDING - 2.0).round();
    let colours = scheme.map();
    let svg = format!(
        "<rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{}\" stroke=\"{}\"/>{}",
        colours.surface, colours.line, pen.out
    );
    Card { width, height, svg }
}

/// Draws a card from its top downwards.
struct Pen {
    out: String,
    /// Where the next row starts.
    y: f64,
    width: f64,
    scheme: Scheme,
    letters: Letters,
}

impl Pen {
    /// Left edge of the words beside a swatch.
    const WORDS: f64 = PADDING + SWATCH.0 + 8.0;

    #[expect(clippy::too_many_arguments, reason = "each is one attribute of the element")]
    fn text(
        &mut self,
        words: &str,
        x: f64,
        y: f64,
        size: f64,
        weight: u32,
        anchor: &str,
        fill: Rgb,
    ) {
        text(&mut self.out, self.letters, words, x, y, size, weight, anchor, fill, None);
    }

    fn small_lines(&mut self, lines: &[String]) {
        for line in lines {
            self.y += 15.0;
            let ink = self.scheme.map().ink_2;
            self.text(line, PADDING, self.y - 3.0, 12.0, 400, "start", ink);
        }
    }

    fn classes(&mut self, legend: &Legend) {
        let colours = self.scheme.map();
        if legend.classes.is_empty() {
            return;
        }
        for line in wrap(&legend.title, self.width / BOLD) {
            self.y += 16.0;
            self.text(&line, PADDING, self.y - 3.0, 12.5, 650, "start", colours.ink);
        }
        self.y += 5.0;
        let (swatch_width, swatch_height) = SWATCH;
        for class in legend.classes.iter().rev() {
            let _ = write!(
                self.out,
                "<rect x=\"{PADDING}\" y=\"{}\" width=\"{swatch_width}\" \
                 height=\"{swatch_height}\" rx=\"2\" fill=\"{}\" stroke=\"{}\" \
                 stroke-width=\"0.5\"/>",
                round(self.y + 2.0),
                class.on_land.of(self.scheme),
                colours.line
            );
            let base = self.y + 13.0;
            self.text(&class.label, Self::WORDS, base, 12.0, 400, "start", colours.ink);
            if let Some(right) = right_words(class) {
                self.text(&right, self.width - PADDING, base, 12.0, 400, "end", colours.ink_2);
            }
            self.y += ROW;
        }
    }

    fn notes(&mut self, legend: &Legend) {
        let multiples = legend.multiples_of.filter(|_| !legend.classes.is_empty());
        let multiples = multiples.map(|of| format!("× {of}"));
        let wards = legend.classes.iter().any(|class| class.n_units.is_some());
        let notes = multiples
            .into_iter()
            .chain(wards.then(|| say::WARDS_AT_RIGHT.to_owned()))
            .chain(legend.not_drawn.clone());
        self.y += 3.0;
        self.small_lines(&wrap(&notes.collect::<Vec<_>>().join("; "), self.width));
    }

    fn key(&mut self, key: &Key) {
        let colours = self.scheme.map();
        self.y += 4.0;
        let (x, top) = (PADDING + 2.0, round(self.y + 3.0));
        if key.symbol == "dot" {
            let _ = write!(
                self.out,
                "<circle cx=\"{}\" cy=\"{}\" r=\"4.5\" fill=\"{}\"/>",
                x + 9.0,
                top + 5.0,
                colours.accent
            );
        }
        let dashes = if key.symbol == "dashes" { " stroke-dasharray=\"4 3\"" } else { "" };
        let (fill, lines) = match key.symbol {
            "dot" => (String::new(), Vec::new()),
            "dashes" => ("none".to_owned(), vec![(colours.hot, 2.0)]),
            "outline" => ("none".to_owned(), vec![(colours.hot_case, 5.0), (colours.hot, 2.2)]),
            _ => (colours.land.to_string(), vec![(colours.line, 1.0)]),
        };
        for (stroke, width) in lines {
            let _ = write!(
                self.out,
                "<rect x=\"{x}\" y=\"{top}\" width=\"18\" height=\"10\" fill=\"{fill}\" \
                 stroke=\"{stroke}\" stroke-width=\"{width}\" stroke-linejoin=\"round\"{dashes}/>"
            );
        }
        self.text(&key.label, Self::WORDS, self.y + 12.5, 12.0, 400, "start", colours.ink);
        self.y += ROW;
    }
}

/// What stands at the right of a class: its multiples, or how many units it holds.
fn right_words(class: &Class) -> Option<String> {
    class.multiple.clone().or(class.n_units.map(|n| n.to_string()))
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
        rows.chain(keys).chain([(letters(&legend.title) * BOLD).min(LONGEST_TITLE)])
    });
    (widest.fold(150.0, f64::max) + 2.0 * PADDING).round()
}

fn caption_lines(legend: &Legend, width: f64) -> Vec<String> {
    let caption = &legend.caption;
    let mut lines = wrap(&caption.crime_types, width);
    lines.extend(wrap(&format!("{}, {}", caption.area, caption.window), width));
    if caption.fictional {
        lines.push(say::INVENTED.to_owned());
    }
    lines
}

/// Words in lines that fit a card of this width.
fn wrap(words: &str, width: f64) -> Vec<String> {
    let most = ((width - 2.0 * PADDING) / (LETTER - 0.5)) as usize;
    broken(words, most)
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
    fn a_long_title_is_broken_and_the_card_stays_narrow() {
        let mut legend = legend("wards", &findings()).unwrap();
        legend.title =
            "Difference in records per km² a year, Jan 2025 to Dec 2025 less Jan 2024 to Dec 2024"
                .into();

        let card = card(&[&legend], Scheme::Light, Letters::Weights);

        assert!(card.width < 260.0, "{}", card.width);
        for word in legend.title.split(' ') {
            assert!(card.svg.contains(&escape(word)), "{word}");
        }
    }

    #[test]
    fn lines_are_wrapped_between_words() {
        let lines = wrap("All crime and anti-social behaviour in these months", 150.0);

        assert!(lines.len() > 1);
        assert_eq!(lines.join(" "), "All crime and anti-social behaviour in these months");
    }
}
