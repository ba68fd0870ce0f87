//! Drawings as PDF: one page of A4, lines and letters as they are drawn, to be printed or bound in.

use krilla::Document;
use krilla::geom::{Size, Transform};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::tagging::{ContentTag, Tag, TagGroup, TagTree};
use krilla_svg::{SurfaceExt as _, SvgSettings};
use thiserror::Error;

use super::bitmap::{BitmapError, tree};

/// Why a drawing cannot be made into a page.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PdfError {
    /// Not a drawing that can be read; ours always can.
    #[error(transparent)]
    Drawing(#[from] BitmapError),
    /// The page cannot be written.
    #[error("the page cannot be written: {0}")]
    Page(String),
}

/// A4 in points: the shorter side and the longer.
const A4: (f32, f32) = (595.28, 841.89);
/// Room at the edges of the page, in points: 11 mm.
const MARGIN: f32 = 31.2;

/// What a drawing says of itself, for those who do not see it.
fn described(svg: &str) -> String {
    let said = svg.split_once("<desc>").and_then(|(_, rest)| rest.split_once("</desc>"));
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    entities.iter().fold(said.map_or("", |(said, _)| said).to_owned(), |text, (entity, letter)| {
        text.replace(entity, letter)
    })
}

/// An SVG drawing as a PDF of one page: A4, upright or on its side as suits the drawing, which fills
/// it within its margins. Its words can be selected, and it is tagged as one figure, whose text is what
/// the drawing says of itself. The same drawing gives the same bytes: the file carries no date.
///
/// # Errors
///
/// [`PdfError`] if the drawing cannot be read.
pub fn pdf(svg: &str, title: &str) -> Result<Vec<u8>, PdfError> {
    let tree = tree(svg)?;
    let (width, height) = (tree.size().width(), tree.size().height());
    let (across, up) = if width > height { (A4.1, A4.0) } else { A4 };
    let scale = ((across - 2.0 * MARGIN) / width).min((up - 2.0 * MARGIN) / height);
    let wrong = |what: &str| PdfError::Page(what.to_owned());
    let settings = PageSettings::from_wh(across, up).ok_or_else(|| wrong("it has no size"))?;
    let size = Size::from_wh(width * scale, height * scale).ok_or_else(|| wrong("it is empty"))?;
    let mut document = Document::new();
    document.set_metadata(
        Metadata::new()
            .title(title.to_owned())
            .creator("wardheat".to_owned())
            .language("en-GB".to_owned()),
    );
    let mut page = document.start_page_with(settings);
    let mut surface = page.surface();
    surface.push_transform(&Transform::from_translate((across - width * scale) / 2.0, MARGIN));
    let drawn = surface.start_tagged(ContentTag::Other);
    surface
        .draw_svg(&tree, size, SvgSettings::default())
        .ok_or_else(|| wrong("the drawing cannot be drawn"))?;
    surface.end_tagged();
    surface.pop();
    surface.finish();
    page.finish();
    let mut figure = TagGroup::new(Tag::Figure(Some(format!("{title}. {}", described(svg)))));
    figure.push(drawn);
    let mut tags = TagTree::new();
    tags.push(figure);
    document.set_tag_tree(tags);
    document.finish().map_err(|error| PdfError::Page(format!("{error:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWING: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"400\" height=\"200\" \
        viewBox=\"0 0 400 200\"><rect width=\"400\" height=\"200\" fill=\"#f6ebc8\"/>\
        <text x=\"20\" y=\"40\" font-size=\"20\">Roseworth</text></svg>";

    #[test]
    fn a_wide_drawing_lies_on_one_page_of_a4_on_its_side() {
        let bytes = pdf(DRAWING, "Roseworth").unwrap();
        let text = String::from_utf8_lossy(&bytes);

        assert!(bytes.starts_with(b"%PDF-"));
        assert_eq!(text.matches("/Type/Page/").count() + text.matches("/Type /Page\n").count(), 1);
        assert!(text.contains("[0 0 841.89 595.28]"), "{text}");
        assert_eq!(bytes, pdf(DRAWING, "Roseworth").unwrap());
    }

    #[test]
    fn what_is_no_drawing_is_an_error() {
        assert!(pdf("not a drawing", "").is_err());
    }
}
