//! Layers as GeoJSON (RFC 7946).

use std::io::{self, Write};

use geo_types::{LineString, MultiPolygon};
use serde::{Serialize, Serializer};
use serde_json::{Value as Json, json};

use super::place::Target;
use super::{About, ExportError, Writer};
use crate::crs::{Bng, CrsError, epsg};
use crate::layer::{Feature, Layer};
use crate::table::Value;
use crate::workspace::Crs;

/// Steps of a degree that coordinates are rounded to: 7 decimals, 11 mm on the ground.
const DEGREE_STEPS: f64 = 1e7;

/// Steps of a metre that coordinates are rounded to: millimetres.
const METRE_STEPS: f64 = 1e3;

/// A position, rounded.
type Pair = [f64; 2];

/// Where coordinates go, and how they are rounded.
struct Written {
    target: Target,
    steps: f64,
}

impl Written {
    fn new(crs: Option<Crs>) -> Result<Self, CrsError> {
        let target = Target::plane_or(Some(crs.unwrap_or(Crs::LonLat)))?;
        let steps = if target.is_degrees() { DEGREE_STEPS } else { METRE_STEPS };
        Ok(Self { target, steps })
    }

    /// The positions in this system, rounded.
    fn positions(&self, positions: &[Bng]) -> Result<Vec<Pair>, CrsError> {
        let round = |number: f64| (number * self.steps).round() / self.steps;
        let pairs = self.target.pairs(positions)?;
        Ok(pairs.into_iter().map(|(x, y)| [round(x), round(y)]).collect())
    }

    /// The `crs` member, for systems that the standard does not have.
    fn member(&self) -> String {
        let definition = self.target.definition();
        if definition == "EPSG:4326" {
            return String::new();
        }
        let name = match epsg(definition) {
            Some(code) => format!("urn:ogc:def:crs:EPSG::{code}"),
            None => definition.to_owned(),
        };
        format!("\"crs\":{},", json!({ "type": "name", "properties": { "name": name } }))
    }
}

/// A layer as a `FeatureCollection`.
///
/// Coordinates are longitude and latitude (WGS 84) with seven decimals at most, as the standard has
/// it; in another system, if one is asked for, they have millimetres and the collection names the
/// system in the `crs` member that the specification of 2008 had. Outer rings run
/// counter-clockwise, holes clockwise, and every ring is closed. A feature has its code as `id` and
/// the layer's columns, by their ids, as properties; an undefined figure is `null`, never `NaN`.
/// The collection has three members of its own: `title`, `how_made` and `notes`.
#[derive(Debug)]
pub struct GeoJson;

impl Writer for GeoJson {
    fn id(&self) -> &'static str {
        "geojson"
    }

    fn media_type(&self) -> &'static str {
        "application/geo+json"
    }

    fn write(
        &self,
        layer: &Layer,
        about: About<'_>,
        out: &mut dyn Write,
    ) -> Result<(), ExportError> {
        let refused = |source| ExportError::Io { what: layer.id.to_owned(), source };
        let written = Written::new(about.crs)
            .map_err(|source| ExportError::Crs { what: layer.id.to_owned(), source })?;
        let head = || -> io::Result<String> {
            Ok(format!(
                "{{\"type\":\"FeatureCollection\",{}\"title\":{},\"how_made\":{},\"notes\":{},\"features\":[",
                written.member(),
                serde_json::to_string(&layer.title)?,
                serde_json::to_string(about.how_made)?,
                serde_json::to_string(about.notes)?,
            ))
        };
        out.write_all(head().map_err(refused)?.as_bytes()).map_err(refused)?;
        for (row, feature) in layer.features.iter().enumerate() {
            let (found, wanted) = (feature.values.len(), layer.columns.len());
            if found != wanted {
                let what = layer.id.to_owned();
                return Err(ExportError::Ragged { what, row: row + 1, found, wanted });
            }
            let line = FeatureJson::of(layer, feature, &written)?.text()?;
            let start: &[u8] = if row == 0 { b"\n" } else { b",\n" };
            out.write_all(start).and_then(|()| out.write_all(&line)).map_err(refused)?;
        }
        out.write_all(b"\n]}\n").and_then(|()| out.flush()).map_err(refused)
    }
}

/// Features one by one, for documents that are more than one collection.
pub struct GeoJsonFeatures {
    written: Written,
    latitude_first: bool,
}

impl GeoJsonFeatures {
    /// Features whose coordinates are in `crs`; longitude and latitude where absent.
    ///
    /// # Errors
    ///
    /// [`CrsError`] if nothing is known of the system.
    pub fn new(crs: Option<Crs>) -> Result<Self, CrsError> {
        Ok(Self { written: Written::new(crs)?, latitude_first: false })
    }

    /// With the second coordinate before the first: the order of EPSG:4326.
    #[must_use]
    pub fn latitude_first(self) -> Self {
        Self { latitude_first: true, ..self }
    }

    fn one<'a>(
        &self,
        layer: &'a Layer,
        feature: &'a Feature,
    ) -> Result<FeatureJson<'a>, ExportError> {
        let mut one = FeatureJson::of(layer, feature, &self.written)?;
        if self.latitude_first {
            swap(&mut one.geometry["coordinates"]);
        }
        Ok(one)
    }

    /// One feature of `layer`, as [`GeoJson`] writes it.
    ///
    /// # Errors
    ///
    /// [`ExportError::Position`] if its outline leaves the map.
    pub fn feature(&self, layer: &Layer, feature: &Feature) -> Result<Json, ExportError> {
        let one = self.one(layer, feature)?;
        serde_json::to_value(&one).map_err(|error| refused(layer, error))
    }

    /// Adds one feature of `layer` to `text`, as [`GeoJson`] writes it.
    ///
    /// # Errors
    ///
    /// As [`Self::feature`].
    pub fn write(
        &self,
        layer: &Layer,
        feature: &Feature,
        text: &mut Vec<u8>,
    ) -> Result<(), ExportError> {
        let one = self.one(layer, feature)?;
        serde_json::to_writer(text, &one).map_err(|error| refused(layer, error))
    }
}

fn refused(layer: &Layer, error: serde_json::Error) -> ExportError {
    ExportError::Io { what: layer.id.to_owned(), source: error.into() }
}

fn swap(coordinates: &mut Json) {
    if let Some(parts) = coordinates.as_array_mut() {
        if parts.len() == 2 && parts.iter().all(Json::is_number) {
            parts.swap(0, 1);
        } else {
            parts.iter_mut().for_each(swap);
        }
    }
}

/// A feature as it is written.
#[derive(Serialize)]
struct FeatureJson<'a> {
    r#type: &'static str,
    id: &'a str,
    geometry: Json,
    properties: Properties<'a>,
}

/// The cells of a feature by the ids of their columns.
struct Properties<'a>(&'a Layer, &'a Feature);

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let cells = self.0.columns.iter().zip(&self.1.values);
        serializer.collect_map(cells.map(|(column, value)| (column.id, Cell(value))))
    }
}

struct Cell<'a>(&'a Value);

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::None => serializer.serialize_unit(),
            Value::Count(count) => serializer.serialize_i64(*count),
            // `null` where the number is not finite.
            Value::Number(number) => serializer.serialize_f64(*number),
            Value::Text(text) => serializer.serialize_str(text),
            Value::Flag(flag) => serializer.serialize_bool(*flag),
        }
    }
}

impl<'a> FeatureJson<'a> {
    fn of(layer: &'a Layer, feature: &'a Feature, written: &Written) -> Result<Self, ExportError> {
        let geometry = match feature.at {
            Some(at) => written
                .positions(&[at])
                .map(|at| json!({ "type": "Point", "coordinates": at.first() })),
            None => geometry(feature.shape.polygons(), written),
        };
        let geometry = geometry.map_err(|source| ExportError::Position {
            layer: layer.id,
            feature: feature.id.clone(),
            source,
        })?;
        Ok(Self {
            r#type: "Feature",
            id: &feature.id,
            geometry,
            properties: Properties(layer, feature),
        })
    }

    fn text(&self) -> Result<Vec<u8>, ExportError> {
        serde_json::to_vec(self).map_err(|error| refused(self.properties.0, error))
    }
}

/// One polygon, several, or `null` for an empty shape.
fn geometry(shape: &MultiPolygon<f64>, written: &Written) -> Result<Json, CrsError> {
    let mut polygons: Vec<Vec<Vec<Pair>>> = Vec::with_capacity(shape.0.len());
    for polygon in shape {
        let Some(outer) = ring(polygon.exterior(), true, written)? else { continue };
        let mut rings = vec![outer];
        for hole in polygon.interiors() {
            rings.extend(ring(hole, false, written)?);
        }
        polygons.push(rings);
    }
    Ok(match polygons.as_slice() {
        [] => Json::Null,
        [one] => json!({ "type": "Polygon", "coordinates": one }),
        several => json!({ "type": "MultiPolygon", "coordinates": several }),
    })
}

/// A closed ring that runs the right way round; `None` if rounding leaves nothing of it.
fn ring(
    line: &LineString<f64>,
    counter_clockwise: bool,
    written: &Written,
) -> Result<Option<Vec<Pair>>, CrsError> {
    let positions: Vec<Bng> = line.0.iter().map(|at| Bng::new(at.x, at.y)).collect();
    let mut corners = written.positions(&positions)?;
    corners.dedup();
    if corners.first() != corners.last() {
        corners.extend(corners.first().copied());
    }
    let area = twice_area(&corners);
    if corners.len() < 4 || area == 0.0 {
        return Ok(None);
    }
    if (area > 0.0) != counter_clockwise {
        corners.reverse();
    }
    Ok(Some(corners))
}

/// Twice the area inside, above zero if the ring runs counter-clockwise; from the first corner, so
/// that a small ring far from 0, 0 keeps its digits.
fn twice_area(ring: &[Pair]) -> f64 {
    let [x0, y0] = ring.first().copied().unwrap_or_default();
    ring.windows(2)
        .map(|pair| {
            let [[ax, ay], [bx, by]] = [pair[0], pair[1]];
            (ax - x0) * (by - y0) - (bx - x0) * (ay - y0)
        })
        .sum()
}
