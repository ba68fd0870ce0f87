//! The drawn map as a sheet for a report: title above, source, method and attribution below.

use std::fmt::Write as _;

use crate::layer::Findings;
use crate::store::Dataset;

use super::english as say;
use super::picture::{Beside, Picture, legend_shown, svg_of};
use super::svg::{FONT, broken, round, text};

/// Room at the edges, in pixels.
const EDGE: f64 = 20.0;
/// Lines of the head and of the foot, in pixels.
const TITLE: f64 = 26.0;
const LINE: f64 = 15.0;
/// Width of a letter of the foot, about: no face is measured here, so lines break early.
const LETTER: f64 = 6.4;

/// The map of these findings under its title, over what it was made from and how.
pub fn sheet(
    findings: &Findings,
    dataset: &Dataset,
    picture: &Picture,
    beside: Beside<'_>,
) -> String {
    let map = svg_of(findings, dataset, picture, beside);
    let (width, height) = size(&map).unwrap_or((f64::from(picture.width), 0.0));
    let made = &findings.how_made;
    let title = format!("{}, {}", made.crime_types_label, made.area);
    let legend = legend_shown(findings, picture, beside);
    let mut below = say::shown(&legend.title, &made.window_label, made.n_incidents, made.n_mapped);
    if beside.within.is_some() {
        below = format!("{below} {}", say::PART);
    }
    let foot = foot(findings, beside.methods, width);
    let below = broken(&below, ((width - 2.0 * EDGE) / LETTER).max(20.0) as usize);
    let head = EDGE + TITLE + LINE * below.len() as f64 + 10.0;
    let whole = head + height + foot.len() as f64 * LINE + EDGE + 6.0;
    let (colours, letters) = (picture.scheme.map(), picture.letters);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {whole}\" width=\"{width}\" \
         height=\"{whole}\" font-family=\"{FONT}\"><rect width=\"{width}\" height=\"{whole}\" \
         fill=\"{}\"/>",
        colours.surface,
        width = round(width),
        whole = round(whole),
    );
    let y = EDGE + 16.0;
    text(&mut out, letters, &title, EDGE, y, 20.0, 650, "start", colours.ink, None);
    for (i, line) in below.iter().enumerate() {
        let y = y + TITLE - 4.0 + i as f64 * LINE;
        text(&mut out, letters, line, EDGE, y, 12.0, 400, "start", colours.ink_2, None);
    }
    let _ = write!(out, "<g transform=\"translate(0 {})\">{map}</g>", round(head));
    for (i, line) in foot.iter().enumerate() {
        let y = head + height + (i + 1) as f64 * LINE + 4.0;
        text(&mut out, letters, line, EDGE, y, 11.0, 400, "start", colours.ink_2, None);
    }
    out.push_str("</svg>");
    out
}

/// Width and height that a drawing states.
fn size(svg: &str) -> Option<(f64, f64)> {
    let box_of = svg.split("viewBox=\"").nth(1)?.split('"').next()?;
    let mut numbers = box_of.split(' ').skip(2).map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// Source, method, limits and attribution, broken into lines.
fn foot(findings: &Findings, more: &[(String, String)], width: f64) -> Vec<String> {
    let made = &findings.how_made;
    let mut parts: Vec<String> = Vec::new();
    let mut sources: Vec<&str> =
        made.provenance.files.iter().map(|file| file.source.as_str()).collect();
    sources.sort_unstable();
    sources.dedup();
    parts.push(say::source(&sources.join(", ")));
    for (what, how) in more.iter().chain(&made.methods) {
        let part = format!("{what}: {}.", how.trim_end_matches('.'));
        // Each layer of the map says what is so of the data.
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts.push(say::NATIONAL_GRID.to_owned());
    if made.fictional {
        parts.push(say::FICTIONAL.to_owned());
    }
    parts.extend(made.provenance.attribution.iter().cloned());
    let dataset = made.dataset.get(..12).unwrap_or(&made.dataset);
    parts.push(say::made_with(&made.wardheat, dataset));
    let most = ((width - 2.0 * EDGE) / LETTER).max(20.0) as usize;
    parts.iter().flat_map(|part| broken(part, most)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_attribution_is_at_the_foot_however_long() {
        let mut findings = crate::render::testing::findings();
        let long: Vec<String> =
            (0..20).map(|i| format!("Holder {i} owns this and asks to be named")).collect();
        findings.how_made.provenance.attribution = long.clone();

        let foot = foot(&findings, &[], 300.0).join(" ");

        assert!(long.iter().all(|holder| foot.contains(holder)), "{foot}");
        assert!(foot.contains("wardheat "), "{foot}");
    }

    #[test]
    fn a_drawing_states_its_size() {
        assert_eq!(size("<svg viewBox=\"0 0 640 480\">"), Some((640.0, 480.0)));
        assert_eq!(size("<svg>"), None);
    }
}
