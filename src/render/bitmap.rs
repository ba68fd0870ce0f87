//! Drawings as PNG, for documents and programs that do not read SVG.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};
use thiserror::Error;

/// Why a drawing cannot be made into pixels.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BitmapError {
    /// Not a drawing that can be read; ours always can.
    #[error("the drawing cannot be read")]
    Drawing(#[from] resvg::usvg::Error),
    /// No room for the pixels.
    #[error("a picture of {width} by {height} pixels cannot be made")]
    Size {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// The PNG cannot be written.
    #[error("the picture cannot be written")]
    Png(#[from] png::EncodingError),
}

/// The font of pictures, in the program itself: the same letters on every machine. Signs that it lacks
/// (triangles) are of the second.
static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(epaint_default_fonts::UBUNTU_LIGHT.to_vec());
    fonts.load_font_data(epaint_default_fonts::HACK_REGULAR.to_vec());
    let family = fonts.faces().next().and_then(|face| face.families.first().cloned());
    if let Some((family, _language)) = family {
        fonts.set_sans_serif_family(family);
    }
    Arc::new(fonts)
});

/// A drawing as it is read, its letters from the one font.
pub(super) fn tree(svg: &str) -> Result<Tree, BitmapError> {
    let options = Options { fontdb: Arc::clone(&FONTS), ..Options::default() };
    Ok(Tree::from_str(svg, &options)?)
}

/// An SVG drawing as a PNG, `scale` pixels to each of its own. Its letters should be
/// [`Letters::Outlined`](super::Letters::Outlined): there is one font, and it is light.
///
/// # Errors
///
/// [`BitmapError`] if it cannot be read or is too large.
pub fn png(svg: &str, scale: u32) -> Result<Vec<u8>, BitmapError> {
    let tree = tree(svg)?;
    let pixels = |length: f32| (f64::from(length) * f64::from(scale)).ceil() as u32;
    let (width, height) = (pixels(tree.size().width()), pixels(tree.size().height()));
    let mut pixmap = Pixmap::new(width, height).ok_or(BitmapError::Size { width, height })?;
    let transform = Transform::from_scale(scale as f32, scale as f32);
    resvg::render(&tree, transform, &mut pixmap.as_mut());

    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixmap.take_demultiplied())?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::legend::heat_legend;
    use crate::render::palette::Scheme;
    use crate::render::testing::findings;
    use crate::render::unit_classes::{UNIT_LAYERS, unit_classes};
    use crate::render::{Letters, legend_picture};

    #[test]
    fn every_sign_of_a_class_is_drawn_as_itself() {
        let drawn = |text: &str| {
            let svg = format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 60 30\" width=\"60\" \
                 height=\"30\"><text x=\"5\" y=\"22\" font-size=\"20\" \
                 font-family=\"sans-serif\">{text}</text></svg>"
            );
            png(&svg, 1).unwrap()
        };
        let unknown = drawn("\u{10fffd}");
        let signs = UNIT_LAYERS.iter().filter_map(|layer| unit_classes(layer)).flatten();
        for sign in signs.map(|class| class.sign).chain(["×", "²", "≤", "−", "ŵ"]) {
            assert_ne!(drawn(sign), unknown, "{sign}");
        }
        assert_ne!(drawn("▲"), drawn("▼"));
    }

    #[test]
    fn the_picture_of_a_legend_holds_its_colours_and_letters() {
        let legend = heat_legend(&findings());
        let bytes =
            png(&legend_picture::svg(&legend, Scheme::Light, Letters::Outlined), 2).unwrap();

        let picture = image::load_from_memory(&bytes).unwrap().to_rgb8();

        for class in &legend.classes {
            let wanted = class.on_land.light.0;
            let held = picture.pixels().filter(|pixel| pixel.0 == wanted).count();
            assert!(held > 800, "{}: {held} pixels", class.label);
        }
        let dark = picture.pixels().filter(|pixel| pixel.0.iter().all(|&c| c < 0x40)).count();
        assert!(dark > 500, "{dark} pixels of letters");
    }

    #[test]
    fn what_is_no_drawing_is_an_error() {
        assert!(png("not a drawing", 1).is_err());
    }
}
