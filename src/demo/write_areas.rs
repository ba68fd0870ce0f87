//! Boundaries, population, streets and snap points as files.

use std::fmt::Write as _;

use rayon::prelude::*;
use serde_json::json;

use super::DemoError;
use super::geography::{BOROUGH_CODE, BOROUGH_NAME, Borough};
use super::plane::{Point, Ring};
use super::roads::Class;
use super::sheet::Sheet;
use super::streets::Streets;
use crate::crs::{CrsError, bng_to_lonlat};

/// Addresses that a snap point must stand for, so that it points at nobody.
const LEAST_ADDRESSES: u32 = 8;

/// Wards as GeoJSON.
pub(super) fn wards(borough: &Borough) -> Result<String, DemoError> {
    let features: Vec<(String, &[Ring])> = borough
        .wards
        .iter()
        .map(|ward| {
            let properties = json!({
                "WD25CD": ward.code,
                "WD25NM": ward.name,
                "LAD25CD": BOROUGH_CODE,
                "LAD25NM": BOROUGH_NAME,
            });
            (properties.to_string(), ward.rings.as_slice())
        })
        .collect();
    polygons("wards", &features)
}

/// LSOAs as GeoJSON.
pub(super) fn lsoas(borough: &Borough) -> Result<String, DemoError> {
    let features: Vec<(String, &[Ring])> = borough
        .lsoas
        .iter()
        .map(|lsoa| {
            let properties = json!({
                "LSOA21CD": lsoa.code,
                "LSOA21NM": lsoa.name,
                "WD25CD": borough.wards[lsoa.ward].code,
            });
            (properties.to_string(), lsoa.rings.as_slice())
        })
        .collect();
    polygons("lsoa", &features)
}

fn polygons(name: &str, features: &[(String, &[Ring])]) -> Result<String, DemoError> {
    let texts: Result<Vec<String>, CrsError> = features
        .par_iter()
        .map(|(properties, rings)| {
            let mut text = format!(r#"{{"type":"Feature","properties":{properties},"#);
            text.push_str(r#""geometry":{"type":"Polygon","coordinates":["#);
            for (i, ring) in rings.iter().enumerate() {
                text.push_str(if i == 0 { "[" } else { ",[" });
                for point in ring.iter().chain(ring.first()) {
                    position(&mut text, *point)?;
                }
                text.pop();
                text.push(']');
            }
            text.push_str("]}}");
            Ok(text)
        })
        .collect();
    Ok(collection(name, &texts?))
}

/// Streets as GeoJSON lines.
pub(super) fn streets(streets: &Streets) -> Result<String, DemoError> {
    let texts: Result<Vec<String>, CrsError> = streets
        .named
        .par_iter()
        .map(|street| {
            let class = match street.class {
                Class::Main => "main",
                Class::Collector => "collector",
                Class::Local => "local",
                Class::Lane => "lane",
            };
            let properties = json!({ "name": street.name, "class": class });
            let mut text = format!(r#"{{"type":"Feature","properties":{properties},"#);
            text.push_str(r#""geometry":{"type":"LineString","coordinates":["#);
            for &node in &street.nodes {
                position(&mut text, streets.nodes[node])?;
            }
            text.pop();
            text.push_str("]}}");
            Ok(text)
        })
        .collect();
    Ok(collection("streets", &texts?))
}

/// Appends a position in degrees, to about a centimetre, and a comma.
fn position(text: &mut String, point: Point) -> Result<(), CrsError> {
    let place = bng_to_lonlat(point.bng())?;
    let _ = write!(text, "[{:.7},{:.7}],", place.lon(), place.lat());
    Ok(())
}

fn collection(name: &str, features: &[String]) -> String {
    let about = format!("{BOROUGH_NAME}: an invented place");
    format!(
        "{{\"type\":\"FeatureCollection\",\"name\":\"{name}\",\"about\":\"{about}\",\
         \"features\":[\n{}\n]}}\n",
        features.join(",\n")
    )
}

/// Residents and households of wards and LSOAs.
pub(super) fn population(borough: &Borough) -> Sheet {
    let mut sheet = Sheet::new("population.csv", ',');
    sheet.line("code,name,kind,residents,households");
    let wards = borough.wards.iter().map(|w| (&w.code, &w.name, "ward", w.residents, w.households));
    let lsoas = borough.lsoas.iter().map(|l| (&l.code, &l.name, "lsoa", l.residents, l.households));
    for (code, name, kind, residents, households) in wards.chain(lsoas) {
        sheet.cells(&[code, name, kind]).number(residents).number(households);
        sheet.end();
    }
    sheet
}

/// Middles of streets, each standing for eight addresses or more.
pub(super) fn snap_points(streets: &Streets) -> Sheet {
    let mut sheet = Sheet::new("snap_points.csv", ',');
    sheet.line("id,easting,northing,street,addresses");
    for (s, segment) in streets.segments.iter().enumerate() {
        if segment.addresses >= LEAST_ADDRESSES {
            let middle = streets.middle(s);
            sheet
                .number(sheet.rows + 1)
                .cells(&[&format!("{:.0}", middle.x), &format!("{:.0}", middle.y)])
                .cell(streets.name(s))
                .number(segment.addresses);
            sheet.end();
        }
    }
    sheet
}
