//! The coordinate system that places are written in.

use geo::CoordsIter as _;
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::ExportError;
use crate::crs::{Bng, CrsError, Transformer, epsg, name, wkt, working};
use crate::layer::{Feature, Layer};
use crate::store::wkb;
use crate::workspace::Crs;

/// A coordinate system to write in, and the way to it.
pub(super) struct Target {
    definition: String,
    /// `None` where positions are written as they are.
    transformer: Option<Transformer>,
}

impl Target {
    /// `crs`, or the plane that positions are on.
    pub(super) fn plane_or(crs: Option<Crs>) -> Result<Self, CrsError> {
        let plane = working().definition();
        let definition = crs.map_or_else(|| plane.to_owned(), |crs| crs.to_string());
        let transformer =
            (definition != plane).then(|| Transformer::to_bng(&definition)).transpose()?;
        Ok(Self { definition, transformer })
    }

    /// Its code or definition.
    pub(super) fn definition(&self) -> &str {
        &self.definition
    }

    /// Whether its numbers are degrees.
    pub(super) fn is_degrees(&self) -> bool {
        const DEGREES: &str = "EPSG:4326";
        self.definition == DEGREES
            || wkt(&self.definition).is_some_and(|wkt| wkt.starts_with("GEOG"))
    }

    /// Pairs of numbers of these positions, in order.
    pub(super) fn pairs(&self, positions: &[Bng]) -> Result<Vec<(f64, f64)>, CrsError> {
        match &self.transformer {
            None => Ok(positions.iter().map(|at| (at.easting(), at.northing())).collect()),
            Some(transformer) => transformer.invert_all(positions).into_iter().collect(),
        }
    }

    /// The polygons in this system.
    pub(super) fn polygons(&self, shape: &MultiPolygon) -> Result<MultiPolygon, CrsError> {
        if self.transformer.is_none() {
            return Ok(shape.clone());
        }
        let ring = |ring: &LineString| -> Result<LineString, CrsError> {
            let corners: Vec<Bng> = ring.0.iter().map(|at| Bng::new(at.x, at.y)).collect();
            let pairs = self.pairs(&corners)?;
            Ok(pairs.into_iter().map(|(x, y)| Coord { x, y }).collect())
        };
        let polygon = |polygon: &Polygon| -> Result<Polygon, CrsError> {
            let holes = polygon.interiors().iter().map(ring).collect::<Result<_, _>>()?;
            Ok(Polygon::new(ring(polygon.exterior())?, holes))
        };
        Ok(MultiPolygon::new(shape.iter().map(polygon).collect::<Result<_, _>>()?))
    }

    /// The place of each feature in this system.
    pub(super) fn places(&self, layer: &Layer) -> Result<Vec<Written>, ExportError> {
        let place = |feature: &Feature| {
            let place = match feature.at {
                Some(at) => self.pairs(&[at]).map(|at| Written::At(at[0])),
                None => self.polygons(feature.shape.polygons()).map(Written::Shape),
            };
            place.map_err(|source| ExportError::Position {
                layer: layer.id,
                feature: feature.id.clone(),
                source,
            })
        };
        layer.features.iter().map(place).collect()
    }

    /// How a `GeoPackage` names it.
    pub(super) fn srs(&self) -> Srs {
        /// Number of a system without a code: the first that the standard leaves to the writer.
        const OWN: i32 = 100_000;
        let code = epsg(&self.definition);
        Srs {
            id: code.unwrap_or(OWN),
            organization: if code.is_some() { "EPSG" } else { "NONE" },
            name: name(&self.definition).unwrap_or_else(|| self.definition.clone()),
            definition: wkt(&self.definition).unwrap_or_else(|| "undefined".to_owned()),
        }
    }
}

/// The place of a feature in the system that is written.
pub(super) enum Written {
    At((f64, f64)),
    Shape(MultiPolygon),
}

impl Written {
    /// Its corners.
    pub(super) fn pairs(&self) -> Vec<(f64, f64)> {
        match self {
            Self::At(at) => vec![*at],
            Self::Shape(shape) => shape.coords_iter().map(|at| (at.x, at.y)).collect(),
        }
    }

    /// As well-known binary; `None` where there is nothing of it.
    pub(super) fn wkb(&self) -> Option<Vec<u8>> {
        match self {
            Self::At(at) => Some(wkb::pair(*at)),
            Self::Shape(shape) => (!shape.0.is_empty()).then(|| wkb::polygons(shape)),
        }
    }
}

/// A row of `gpkg_spatial_ref_sys`.
pub(super) struct Srs {
    pub(super) id: i32,
    pub(super) organization: &'static str,
    pub(super) name: String,
    pub(super) definition: String,
}

/// West, south, east and north of pairs of numbers; `None` of none.
pub(super) fn extent(pairs: impl Iterator<Item = (f64, f64)>) -> Option<[f64; 4]> {
    pairs
        .map(|(x, y)| [x, y, x, y])
        .reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])
}
