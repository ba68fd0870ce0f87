//! Colours, with their proofs as tests: lightness, contrast, colour vision and grey print.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use thiserror::Error;

/// A colour of the screen: red, green and blue in sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rgb(pub [u8; 3]);

impl Rgb {
    const fn hex(code: u32) -> Self {
        Self([(code >> 16) as u8, (code >> 8) as u8, code as u8])
    }

    /// This colour at `opacity` (0 to 1) over `ground`.
    #[must_use]
    pub fn over(self, ground: Self, opacity: f64) -> Self {
        let mix = |i: usize| {
            let (top, bottom) = (f64::from(self.0[i]), f64::from(ground.0[i]));
            (top * opacity + bottom * (1.0 - opacity)).round() as u8
        };
        Self([mix(0), mix(1), mix(2)])
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Serialize for Rgb {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

/// Light or dark ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// Dark on light: also what is printed.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

impl Scheme {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Light, Self::Dark];

    /// Name in URLs.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Colours of everything on the map that is not data.
    pub const fn map(self) -> &'static MapColours {
        match self {
            Self::Light => &LIGHT_MAP,
            Self::Dark => &DARK_MAP,
        }
    }
}

/// A name that is no scheme.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("there is no scheme `{0}` (there are: light, dark)")]
pub struct UnknownScheme(String);

impl FromStr for Scheme {
    type Err = UnknownScheme;

    fn from_str(name: &str) -> Result<Self, UnknownScheme> {
        let scheme = Self::ALL.into_iter().find(|scheme| scheme.id() == name);
        scheme.ok_or_else(|| UnknownScheme(name.to_owned()))
    }
}

/// Colours of the map's ground and lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct MapColours {
    /// Outside the study area.
    pub ground: Rgb,
    /// Inside it.
    pub land: Rgb,
    /// Street lines.
    pub street: Rgb,
    /// Ward outlines.
    pub ward: Rgb,
    /// Round lines and letters, so that they stand out from what lies below.
    pub halo: Rgb,
    /// Hotspot outlines and badges.
    pub hot: Rgb,
    /// Casing of hotspot outlines.
    pub hot_case: Rgb,
    /// Text.
    pub ink: Rgb,
    /// Captions.
    pub ink_2: Rgb,
    /// Cards such as the legend.
    pub surface: Rgb,
    /// Quiet lines.
    pub line: Rgb,
    /// What is chosen: halls, the reader's own area.
    pub accent: Rgb,
}

const LIGHT_MAP: MapColours = MapColours {
    ground: Rgb::hex(0x00f4_f2ee),
    land: Rgb::hex(0x00fb_faf7),
    street: Rgb::hex(0x00c9_c4ba),
    ward: Rgb::hex(0x006d_777c),
    halo: Rgb::hex(0x00fb_faf7),
    hot: Rgb::hex(0x0018_2024),
    hot_case: Rgb::hex(0x00ff_ffff),
    ink: Rgb::hex(0x0018_2024),
    ink_2: Rgb::hex(0x004a_565c),
    surface: Rgb::hex(0x00ff_ffff),
    line: Rgb::hex(0x00d0_cbc1),
    accent: Rgb::hex(0x000b_5a6b),
};

const DARK_MAP: MapColours = MapColours {
    ground: Rgb::hex(0x0012_181b),
    land: Rgb::hex(0x0017_1e21),
    street: Rgb::hex(0x0033_3f45),
    ward: Rgb::hex(0x0084_929a),
    halo: Rgb::hex(0x0012_181b),
    hot: Rgb::hex(0x00ff_ffff),
    hot_case: Rgb::hex(0x000f_1416),
    ink: Rgb::hex(0x00e8_edee),
    ink_2: Rgb::hex(0x00a7_b3b8),
    surface: Rgb::hex(0x0017_1e22),
    line: Rgb::hex(0x0038_444a),
    accent: Rgb::hex(0x006e_c7d8),
};

/// Opacity of heat over the map.
pub const HEAT_OPACITY: f64 = 0.82;

/// Classes that heat can have.
pub const HEAT_CLASSES: usize = 6;

/// Colours for amounts, from least to most on a light ground; reversed on a dark one, so that more
/// is always further from the ground.
const SEQUENTIAL: [Rgb; 7] = [
    Rgb::hex(0x00f6_ebc8),
    Rgb::hex(0x00f3_cc82),
    Rgb::hex(0x00e8_9a2f),
    Rgb::hex(0x00da_694d),
    Rgb::hex(0x00b3_4e53),
    Rgb::hex(0x008d_2c64),
    Rgb::hex(0x0045_1648),
];

const DIVERGING_LIGHT: [Rgb; 7] = [
    Rgb::hex(0x0024_5a9b),
    Rgb::hex(0x004a_8cc1),
    Rgb::hex(0x0094_c2dd),
    Rgb::hex(0x00f3_f1eb),
    Rgb::hex(0x00f3_cf9e),
    Rgb::hex(0x00de_8e47),
    Rgb::hex(0x00ab_5520),
];

const DIVERGING_DARK: [Rgb; 7] = [
    Rgb::hex(0x0094_c2dd),
    Rgb::hex(0x004a_8cc1),
    Rgb::hex(0x0024_5a9b),
    Rgb::hex(0x002b_3338),
    Rgb::hex(0x00ab_5520),
    Rgb::hex(0x00de_8e47),
    Rgb::hex(0x00f3_cf9e),
];

const QUALITATIVE_LIGHT: [Rgb; 6] = [
    Rgb::hex(0x0000_4645),
    Rgb::hex(0x0086_3900),
    Rgb::hex(0x007a_5189),
    Rgb::hex(0x0027_7f57),
    Rgb::hex(0x0082_861a),
    Rgb::hex(0x0012_9ad8),
];

const QUALITATIVE_DARK: [Rgb; 6] = [
    Rgb::hex(0x005f_8ab3),
    Rgb::hex(0x00bf_8f6a),
    Rgb::hex(0x0046_bcb9),
    Rgb::hex(0x00d2_bf4c),
    Rgb::hex(0x00a8_dfb3),
    Rgb::hex(0x00e1_e4ff),
];

/// Seven colours for amounts (density, rate), from least to most.
pub fn sequential(scheme: Scheme) -> [Rgb; 7] {
    let mut colours = SEQUENTIAL;
    if scheme == Scheme::Dark {
        colours.reverse();
    }
    colours
}

/// The six colours of heat, from least to most: [`sequential`] without its faintest.
pub fn heat(scheme: Scheme) -> [Rgb; HEAT_CLASSES] {
    let [_faintest, colours @ ..] = sequential(scheme);
    colours
}

/// Seven colours for differences (change, z-scores), from most below to most above; the fourth is
/// the middle. Always shown with a sign: tone alone gives no order.
pub const fn diverging(scheme: Scheme) -> [Rgb; 7] {
    match scheme {
        Scheme::Light => DIVERGING_LIGHT,
        Scheme::Dark => DIVERGING_DARK,
    }
}

/// Six colours for kinds (sources). Always shown with a label and a second sign.
pub const fn qualitative(scheme: Scheme) -> [Rgb; 6] {
    match scheme {
        Scheme::Light => QUALITATIVE_LIGHT,
        Scheme::Dark => QUALITATIVE_DARK,
    }
}

#[cfg(test)]
#[path = "palette_tests.rs"]
mod tests;
