//! Classes as picture files: indexed PNG or lossless WebP, the same pixels in both.

use std::str::FromStr;
use std::sync::OnceLock;

use image_webp::{ColorType, EncodingError as WebpError, WebPEncoder};
use thiserror::Error;

use crate::crs::TileId;
use crate::stats::Surface;

use super::classify::Scale;
use super::field::Field;
use super::palette::{HEAT_CLASSES, HEAT_OPACITY, Rgb, Scheme, diverging, heat};
use super::raster_tile::{ClassImage, PixelRect, TILE, classes, field_classes};

/// Why a picture cannot be written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ImageError {
    /// Not as PNG.
    #[error("the picture cannot be written as PNG")]
    Png(#[from] png::EncodingError),
    /// Not as WebP.
    #[error("the picture cannot be written as WebP")]
    Webp(#[from] WebpError),
}

/// A kind of picture file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Format {
    /// PNG with a palette.
    #[default]
    Png,
    /// Lossless WebP.
    Webp,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Png, Self::Webp];

    /// Ending of its files.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Webp => "webp",
        }
    }

    /// Media type for HTTP.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|format| format.id() == name);
        found.ok_or_else(|| format!("there is no picture format `{name}` (there are: png, webp)"))
    }
}

/// How classes are painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Paint {
    /// Light or dark ground.
    pub scheme: Scheme,
    /// Kind of file.
    pub format: Format,
    /// Whether the classes are those of a difference.
    pub difference: bool,
}

impl Paint {
    /// PNG in the colours of heat.
    pub const fn heat(scheme: Scheme) -> Self {
        Self { scheme, format: Format::Png, difference: false }
    }

    /// `[n_classes]`: colours before opacity.
    fn colours(self) -> [Rgb; HEAT_CLASSES] {
        if self.difference { difference(self.scheme) } else { heat(self.scheme) }
    }
}

/// The six colours of a difference, from most below to most above: [`diverging`] without its middle,
/// which is not drawn.
pub fn difference(scheme: Scheme) -> [Rgb; HEAT_CLASSES] {
    let [a, b, c, _middle, d, e, f] = diverging(scheme);
    [a, b, c, d, e, f]
}

/// A surface as a PNG: `rect` of the pixel plane in the colours of `scheme`.
///
/// # Errors
///
/// If the picture cannot be encoded.
pub fn render(
    rect: PixelRect,
    surface: &Surface,
    breaks: &[f64],
    scheme: Scheme,
) -> Result<Vec<u8>, ImageError> {
    encode(&classes(rect, surface, breaks), Paint::heat(scheme))
}

/// `rect` of the pixel plane, by the values of `field`.
///
/// # Errors
///
/// If the picture cannot be encoded.
pub fn render_field(
    rect: PixelRect,
    field: &dyn Field,
    scale: &Scale,
    scheme: Scheme,
    format: Format,
) -> Result<Vec<u8>, ImageError> {
    let difference = matches!(scale, Scale::Difference(_));
    encode(&field_classes(rect, field, scale), Paint { scheme, format, difference })
}

/// One tile, 256 pixels a side or 512 where `double`; `None` where nothing is drawn.
///
/// # Errors
///
/// If the picture cannot be encoded.
pub fn tile(
    tile: TileId,
    double: bool,
    field: &dyn Field,
    scale: &Scale,
    scheme: Scheme,
    format: Format,
) -> Result<Option<Vec<u8>>, ImageError> {
    let image = field_classes(PixelRect::of_tile(tile, double), field, scale);
    let difference = matches!(scale, Scale::Difference(_));
    let paint = Paint { scheme, format, difference };
    (!image.is_empty()).then(|| encode(&image, paint)).transpose()
}

/// The transparent tile that every empty address of a format and size shares.
pub fn empty(double: bool, format: Format) -> &'static [u8] {
    static EMPTY: [OnceLock<Vec<u8>>; 4] =
        [OnceLock::new(), OnceLock::new(), OnceLock::new(), OnceLock::new()];
    EMPTY[2 * format as usize + usize::from(double)].get_or_init(|| {
        let side = if double { 2 * TILE } else { TILE };
        match format {
            Format::Png => {
                let pixels = vec![0; (side / 8 * side) as usize];
                let (small, one_bit) = (png::Compression::High, png::BitDepth::One);
                write_png(side, side, one_bit, vec![0; 3], vec![0], small, &pixels)
                    .map_err(ImageError::Png)
            }
            Format::Webp => write_webp(side, side, &vec![0; (4 * side * side) as usize]),
        }
        .expect("a constant picture encodes")
    })
}

/// Classes in their colours.
///
/// # Errors
///
/// If the picture cannot be encoded.
pub fn encode(image: &ClassImage, paint: Paint) -> Result<Vec<u8>, ImageError> {
    let opacity = (HEAT_OPACITY * 255.0).round() as u8;
    let colours = paint.colours();
    let top = HEAT_CLASSES as u8;
    let pixels = image.classes.iter().map(|&class| class.min(top));
    match paint.format {
        Format::Png => {
            let mut palette = vec![0; 3];
            palette.extend(colours.iter().flat_map(|colour| colour.0));
            let mut transparency = vec![0];
            transparency.extend([opacity; HEAT_CLASSES]);
            let pixels: Vec<u8> = pixels.collect();
            let (fast, byte) = (png::Compression::Fast, png::BitDepth::Eight);
            let (width, height) = (image.width, image.height);
            Ok(write_png(width, height, byte, palette, transparency, fast, &pixels)?)
        }
        Format::Webp => {
            let mut rgba = [[0; 4]; HEAT_CLASSES + 1];
            for (rgba, colour) in rgba[1..].iter_mut().zip(colours) {
                let [red, green, blue] = colour.0;
                *rgba = [red, green, blue, opacity];
            }
            let pixels: Vec<u8> = pixels.flat_map(|class| rgba[usize::from(class)]).collect();
            write_webp(image.width, image.height, &pixels)
        }
    }
}

fn write_webp(width: u32, height: u32, rgba: &[u8]) -> Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::with_capacity(4096);
    WebPEncoder::new(&mut bytes).encode(rgba, width, height, ColorType::Rgba8)?;
    Ok(bytes)
}

fn write_png(
    width: u32,
    height: u32,
    depth: png::BitDepth,
    palette: Vec<u8>,
    transparency: Vec<u8>,
    compression: png::Compression,
    pixels: &[u8],
) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::with_capacity(4096);
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(depth);
    encoder.set_palette(palette);
    encoder.set_trns(transparency);
    encoder.set_compression(compression);
    encoder.set_filter(png::Filter::Up);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image() -> ClassImage {
        let classes = (0..256 * 256).map(|i| ((i / 37 + i / 900) % 7) as u8).collect();
        ClassImage { width: 256, height: 256, classes }
    }

    /// Pixels of a file of either kind, with opacity.
    fn pixels(bytes: &[u8], format: Format) -> Vec<[u8; 4]> {
        let flat = match format {
            Format::Png => image::load_from_memory(bytes).unwrap().to_rgba8().into_raw(),
            Format::Webp => {
                let mut decoder =
                    image_webp::WebPDecoder::new(std::io::Cursor::new(bytes)).unwrap();
                let mut flat = vec![0; decoder.output_buffer_size().unwrap()];
                decoder.read_image(&mut flat).unwrap();
                assert!(decoder.has_alpha() && !decoder.is_lossy());
                flat
            }
        };
        flat.as_chunks().0.to_vec()
    }

    #[test]
    fn both_formats_hold_the_same_pixels_in_the_colours_of_the_scheme() {
        for scheme in Scheme::ALL {
            for difference in [false, true] {
                for format in Format::ALL {
                    let paint = Paint { scheme, format, difference };
                    let shown = pixels(&encode(&image(), paint).unwrap(), format);
                    for (pixel, class) in shown.iter().zip(&image().classes) {
                        let wanted = match usize::from(*class) {
                            0 => [0; 4],
                            class => {
                                let [r, g, b] = paint.colours()[class - 1].0;
                                [r, g, b, 209]
                            }
                        };
                        assert_eq!(*pixel, wanted, "{paint:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn empty_tiles_are_small_and_clear() {
        for format in Format::ALL {
            for (double, side) in [(false, 256), (true, 512)] {
                let bytes = empty(double, format);
                let shown = pixels(bytes, format);

                assert!(bytes.len() < 400, "{} bytes", bytes.len());
                assert_eq!(shown.len(), side * side);
                assert!(shown.iter().all(|pixel| pixel[3] == 0));
            }
        }
    }
}
