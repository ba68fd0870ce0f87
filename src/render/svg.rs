//! Pieces of SVG that drawings share.

use std::fmt::Write as _;

use super::palette::Rgb;

/// Fonts of every drawing: those of the reader's system, none fetched.
pub(super) const FONT: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif";

/// How letters are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Letters {
    /// By the reader's own program, in weights of type.
    #[default]
    Weights,
    /// From one light font: heavier letters get an outline of their own colour.
    Outlined,
}

/// Text made safe for SVG.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A text in lines of at most `most` letters, broken between words.
pub(super) fn broken(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
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

/// A pixel coordinate with one decimal at most.
pub(super) fn round(pixels: f64) -> f64 {
    let rounded = (pixels * 10.0).round() / 10.0;
    // Not "-0".
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// One or two lines of text; a line feed parts them, and `y` is the baseline of the first.
#[expect(clippy::too_many_arguments, reason = "each is one attribute of the element")]
pub(super) fn text(
    out: &mut String,
    letters: Letters,
    content: &str,
    x: f64,
    y: f64,
    size: f64,
    weight: u32,
    anchor: &str,
    fill: Rgb,
    halo: Option<Rgb>,
) {
    let lines = |out: &mut String, attributes: &str| {
        let _ = write!(
            out,
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" text-anchor=\"{anchor}\"{attributes}>",
            x = round(x),
            y = round(y),
        );
        let mut rows = content.split('\n');
        out.push_str(&escape(rows.next().unwrap_or_default()));
        for row in rows {
            let (x, down) = (round(x), round(size * 1.13));
            let _ = write!(out, "<tspan x=\"{x}\" dy=\"{down}\">{}</tspan>", escape(row));
        }
        out.push_str("</text>");
    };
    let stroke = |colour: Rgb, width: f64| {
        format!(
            " fill=\"{colour}\" stroke=\"{colour}\" stroke-width=\"{width}\" stroke-linejoin=\"round\""
        )
    };
    match letters {
        Letters::Weights => {
            let halo = halo.map_or(String::new(), |halo| {
                format!(
                    " stroke=\"{halo}\" stroke-width=\"3.2\" stroke-linejoin=\"round\" \
                     paint-order=\"stroke\""
                )
            });
            lines(out, &format!(" font-weight=\"{weight}\" fill=\"{fill}\"{halo}"));
        }
        Letters::Outlined => {
            if let Some(halo) = halo {
                lines(out, &stroke(halo, 3.6));
            }
            let heavier = f64::from(weight.saturating_sub(300)) / 400.0 * size / 16.0;
            lines(out, &stroke(fill, round(heavier.max(0.1))));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words() {
        assert_eq!(broken("one two three", 7), ["one two", "three"]);
        assert_eq!(broken("", 7), Vec::<String>::new());
    }

    #[test]
    fn names_cannot_break_out_of_their_element() {
        let mut out = String::new();
        let (ink, name) = (Rgb([0; 3]), "Hardwick & <Salters>\nLane");

        text(&mut out, Letters::Weights, name, 1.04, -0.01, 12.0, 500, "middle", ink, None);

        assert_eq!(
            out,
            "<text x=\"1\" y=\"0\" font-size=\"12\" text-anchor=\"middle\" font-weight=\"500\" \
             fill=\"#000000\">Hardwick &amp; &lt;Salters&gt;<tspan x=\"1\" dy=\"13.6\">Lane</tspan></text>"
        );
    }
}
