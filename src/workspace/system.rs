//! The coordinate system that a file may be in: any that PROJ knows.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::crs::recognise;

/// A coordinate system that files may be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Crs {
    /// Longitude and latitude in degrees (EPSG:4326).
    LonLat,
    /// British National Grid, metres (EPSG:27700).
    Bng,
    /// Web Mercator, stretched metres (EPSG:3857).
    WebMercator,
    /// Any other, by a definition that PROJ knows: a code, WKT or a PROJ string.
    Other(Definition),
}

/// A definition that PROJ has been asked about and knows. Definitions are few, so each is held for
/// as long as the program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Definition(&'static str);

impl Definition {
    /// The definition as written.
    pub const fn text(self) -> &'static str {
        self.0
    }

    fn held(text: &str) -> Self {
        static HELD: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
        let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = held.get(text) {
            return Self(known);
        }
        let kept: &'static str = text.to_owned().leak();
        held.insert(kept);
        Self(kept)
    }
}

/// A definition that PROJ does not know.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("PROJ knows no coordinate system `{0}` (wanted a code such as EPSG:27700, or WKT)")]
pub struct UnknownCrs(pub String);

impl Crs {
    /// The system meant by a name or definition as files write it: `EPSG:27700`,
    /// `urn:ogc:def:crs:EPSG::32630`, `urn:ogc:def:crs:OGC:1.3:CRS84`, WKT or a PROJ string. ETRS89
    /// degrees (EPSG:4258) are taken as WGS 84. `None` if PROJ does not know it.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.trim();
        let plain = !name.contains(['[', '+']);
        let code = name.rsplit([':', '/', '#']).find(|part| !part.is_empty())?;
        match code.to_ascii_uppercase().as_str() {
            "4326" | "4258" | "CRS84" if plain => return Some(Self::LonLat),
            "27700" if plain => return Some(Self::Bng),
            "3857" | "900913" | "3785" if plain => return Some(Self::WebMercator),
            _ => {}
        }
        if let Some(known) = well_known(name) {
            return Some(known);
        }
        // A URL of a code is the code.
        let definition = match name.rsplit_once("/EPSG/0/").or(name.rsplit_once("EPSG::")) {
            Some((_, code)) if code.bytes().all(|byte| byte.is_ascii_digit()) => {
                format!("EPSG:{code}")
            }
            _ => name.to_owned(),
        };
        recognise(&definition).map(|known| Self::Other(Definition::held(&known)))
    }
}

/// The systems that need no PROJ, by the names that WKT gives them.
fn well_known(wkt: &str) -> Option<Crs> {
    if !wkt.contains('[') {
        return None;
    }
    let name = wkt.split('"').nth(1)?.to_ascii_lowercase().replace([' ', '_', '/'], "");
    match name.as_str() {
        "britishnationalgrid" | "osgb36britishnationalgrid" | "osgb1936britishnationalgrid" => {
            Some(Crs::Bng)
        }
        "wgs84" | "gcswgs1984" | "wgs84(crs84)" | "etrs89" | "gcsetrs1989" => Some(Crs::LonLat),
        "wgs84pseudo-mercator" | "wgs1984webmercatorauxiliarysphere" => Some(Crs::WebMercator),
        _ => None,
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::LonLat => "EPSG:4326",
            Self::Bng => "EPSG:27700",
            Self::WebMercator => "EPSG:3857",
            Self::Other(definition) => definition.text(),
        })
    }
}

impl FromStr for Crs {
    type Err = UnknownCrs;

    fn from_str(text: &str) -> Result<Self, UnknownCrs> {
        Self::from_name(text).ok_or_else(|| UnknownCrs(text.to_owned()))
    }
}

impl Serialize for Crs {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Crs {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_every_published_spelling() {
        for name in [
            "EPSG:27700",
            "27700",
            "urn:ogc:def:crs:EPSG::27700",
            "http://www.opengis.net/def/crs/EPSG/0/27700",
            r#"PROJCS["British_National_Grid",GEOGCS["GCS_OSGB_1936",DATUM["D_OSGB_1936",SPHEROID["Airy_1830",6377563.396,299.3249646]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",400000.0],PARAMETER["False_Northing",-100000.0],PARAMETER["Central_Meridian",-2.0],PARAMETER["Scale_Factor",0.9996012717],PARAMETER["Latitude_Of_Origin",49.0],UNIT["Meter",1.0]]"#,
        ] {
            assert_eq!(Crs::from_name(name), Some(Crs::Bng), "{name}");
        }
        assert_eq!(Crs::from_name("urn:ogc:def:crs:OGC:1.3:CRS84"), Some(Crs::LonLat));
    }

    #[test]
    fn any_system_that_proj_knows_is_one() {
        for name in [
            "EPSG:32630",
            "urn:ogc:def:crs:EPSG::32630",
            "http://www.opengis.net/def/crs/EPSG/0/32630",
        ] {
            let crs = Crs::from_name(name).unwrap();

            assert_eq!(crs.to_string(), "EPSG:32630");
            assert_eq!(Some(crs), Crs::from_name("EPSG:32630"));
        }
        assert!(matches!(
            Crs::from_name("+proj=utm +zone=30 +datum=WGS84 +units=m +no_defs"),
            Some(Crs::Other(_))
        ));
    }

    #[test]
    fn a_system_that_nobody_knows_is_refused_by_name() {
        assert!("EPSG:999999".parse::<Crs>().unwrap_err().to_string().contains("`EPSG:999999`"));
        assert!("northings".parse::<Crs>().is_err());
    }
}
