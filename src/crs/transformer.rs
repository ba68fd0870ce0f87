//! Any coordinate system that PROJ knows, to the National Grid.

use std::cell::RefCell;

use proj::Proj;
use rayon::prelude::*;

use super::transform::{Accuracy, CrsError, OSTN15, lonlat_to_bng};
use super::{Bng, LonLat};

/// Pairs of numbers that one task converts.
const PER_TASK: usize = 4096;

/// PROJ objects that a thread keeps: making one takes some 20 ms.
const KEPT: usize = 8;

const DEGREES: &str = "EPSG:4326";
const NATIONAL_GRID: &str = "EPSG:27700";

/// Ways to write systems that need no PROJ, in capitals: degrees, which may be ETRS89.
const DEGREES_NAMES: &[&str] = &[
    "EPSG:4326",
    "EPSG:4258",
    "CRS84",
    "OGC:CRS84",
    "URN:OGC:DEF:CRS:OGC:1.3:CRS84",
    "URN:OGC:DEF:CRS:OGC::CRS84",
    "URN:OGC:DEF:CRS:EPSG::4326",
    "URN:OGC:DEF:CRS:EPSG::4258",
];

/// Ways to write the National Grid, in capitals.
const NATIONAL_GRID_NAMES: &[&str] = &["EPSG:27700", "URN:OGC:DEF:CRS:EPSG::27700"];

#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    /// Already on the National Grid.
    Same,
    /// Degrees, by OSTN15.
    Degrees,
    /// On the grid's own datum: PROJ goes straight to it, without loss.
    SameDatum,
    /// On another datum: PROJ goes to degrees, OSTN15 from there.
    ByDegrees {
        /// What PROJ says of its own step; `None` where it does not know.
        metres: Option<f64>,
    },
}

/// From one coordinate system to the National Grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Transformer {
    definition: String,
    way: Way,
}

impl Transformer {
    /// From the system with this definition: a code such as `EPSG:3857` (or the bare number), an
    /// OGC URN, WKT as in a `.prj` file, or a PROJ string.
    ///
    /// # Errors
    ///
    /// [`CrsError::UnknownDefinition`] if PROJ does not know it, or no way from it to the grid.
    pub fn to_bng(definition: &str) -> Result<Self, CrsError> {
        let given = definition.trim();
        let bare = !given.is_empty() && given.bytes().all(|b| b.is_ascii_digit());
        let definition = if bare { format!("EPSG:{given}") } else { given.to_owned() };
        let name = definition.to_ascii_uppercase();
        let way = if NATIONAL_GRID_NAMES.contains(&name.as_str()) {
            Way::Same
        } else if DEGREES_NAMES.contains(&name.as_str()) {
            Way::Degrees
        } else {
            by_proj(&definition)
                .ok_or_else(|| CrsError::UnknownDefinition { definition: given.to_owned() })?
        };
        Ok(Self { definition, way })
    }

    /// The definition, with `EPSG:` before a bare number.
    pub fn definition(&self) -> &str {
        &self.definition
    }

    /// How [`convert_all`](Self::convert_all) does it, and how exactly.
    pub fn accuracy(&self) -> Accuracy {
        match self.way {
            Way::Same => Accuracy { method: "none: the data are on EPSG:27700", metres: Some(0.0) },
            Way::Degrees => OSTN15,
            Way::SameDatum => {
                Accuracy { method: "PROJ, on the same datum (OSGB36)", metres: Some(0.0) }
            }
            Way::ByDegrees { metres } => Accuracy {
                method: "PROJ to EPSG:4326, then OSTN15 (Ordnance Survey, 2015)",
                metres: metres.map(|metres| metres.max(0.1)),
            },
        }
    }

    /// Grid positions of pairs of numbers, in order, in parallel: x before y, so longitude before
    /// latitude and easting before northing, whatever the axes of the definition say.
    ///
    /// A pair that has no position on the grid is an error of its own.
    pub fn convert_all(&self, pairs: &[(f64, f64)]) -> Vec<Result<Bng, CrsError>> {
        let parts = pairs.par_chunks(PER_TASK).map(|part| self.convert_part(part));
        parts.collect::<Vec<_>>().into_iter().flatten().collect()
    }

    fn convert_part(&self, pairs: &[(f64, f64)]) -> Vec<Result<Bng, CrsError>> {
        let wrong = |(x, y)| CrsError::NotConvertible { definition: self.definition.clone(), x, y };
        let each = |convert: &dyn Fn((f64, f64)) -> Option<Bng>| {
            let one = |&pair: &(f64, f64)| convert(pair).ok_or_else(|| wrong(pair));
            pairs.iter().map(one).collect()
        };
        let by_ostn15 = |(lon, lat)| LonLat::new(lon, lat).map(lonlat_to_bng);
        match self.way {
            Way::Same => each(&|(x, y)| finite(x, y)),
            Way::Degrees => pairs
                .iter()
                .map(|&pair| by_ostn15(pair).unwrap_or_else(|| Err(wrong(pair))))
                .collect(),
            Way::SameDatum => with_proj(&self.definition, NATIONAL_GRID, |proj| {
                each(&|pair| proj?.convert(pair).ok().and_then(|(x, y)| finite(x, y)))
            }),
            Way::ByDegrees { .. } => with_proj(&self.definition, DEGREES, |proj| {
                each(&|pair| proj?.convert(pair).ok().and_then(by_ostn15)?.ok())
            }),
        }
    }
}

fn finite(x: f64, y: f64) -> Option<Bng> {
    (x.is_finite() && y.is_finite()).then(|| Bng::new(x, y))
}

/// How PROJ gets from this system to the grid; `None` if it does not know the system.
fn by_proj(definition: &str) -> Option<Way> {
    // PROJ chooses its steps when it sees a position; this one is in the middle of the grid.
    let (lon, lat) = (-1.3, 54.5);
    let here = Proj::new_known_crs(DEGREES, definition, None).ok()?.convert((lon, lat)).ok()?;
    let steps = |target| {
        let proj = Proj::new_known_crs(definition, target, None).ok()?;
        proj.convert(here).ok()?;
        let info = proj.proj_info();
        let metres = (info.accuracy >= 0.0).then_some(info.accuracy);
        Some((metres, info.definition.unwrap_or_default()))
    };
    let (to_grid, _) = steps(NATIONAL_GRID)?;
    let (to_degrees, how) = steps(DEGREES)?;
    // A definition that names no datum is on the grid's own if it has the grid's own ellipsoid.
    let unnamed_airy = to_grid.is_none() && to_degrees.is_none() && how.contains("ellps=airy");
    Some(if to_grid == Some(0.0) || unnamed_airy {
        Way::SameDatum
    } else {
        Way::ByDegrees { metres: to_degrees }
    })
}

/// Runs `work` with this thread's PROJ object for the pair of systems.
fn with_proj<T>(
    definition: &str,
    target: &'static str,
    work: impl FnOnce(Option<&Proj>) -> T,
) -> T {
    type Kept = Vec<(String, &'static str, Option<Proj>)>;
    thread_local! {
        /// PROJ objects belong to the thread that made them.
        static OBJECTS: RefCell<Kept> = const { RefCell::new(Vec::new()) };
    }
    OBJECTS.with_borrow_mut(|objects| {
        let found = objects.iter().position(|(from, to, _)| from == definition && *to == target);
        let index = found.unwrap_or_else(|| {
            if objects.len() >= KEPT {
                objects.remove(0);
            }
            let proj = Proj::new_known_crs(definition, target, None).ok();
            objects.push((definition.to_owned(), target, proj));
            objects.len() - 1
        });
        work(objects[index].2.as_ref())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ESRI's way to write the National Grid, as in the `.prj` files of councils.
    const ESRI_GRID: &str = r#"PROJCS["British_National_Grid",GEOGCS["GCS_OSGB_1936",DATUM["D_OSGB_1936",SPHEROID["Airy_1830",6377563.396,299.3249646]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",400000.0],PARAMETER["False_Northing",-100000.0],PARAMETER["Central_Meridian",-2.0],PARAMETER["Scale_Factor",0.9996012717],PARAMETER["Latitude_Of_Origin",49.0],UNIT["Meter",1.0]]"#;

    fn converted(definition: &str, pair: (f64, f64)) -> Bng {
        Transformer::to_bng(definition).unwrap().convert_all(&[pair]).remove(0).unwrap()
    }

    /// TP09 of the published OSTN15 points.
    fn london() -> ((f64, f64), Bng) {
        ((-0.119_925_571_80, 51.489_365_649_50), Bng::new(530_624.974, 178_388.464))
    }

    #[test]
    fn every_name_of_degrees_takes_the_ostn15_way() {
        let (place, wanted) = london();
        for name in ["EPSG:4326", " epsg:4258", "4326", "urn:ogc:def:crs:OGC:1.3:CRS84"] {
            assert!(converted(name, place).distance(wanted) < 0.002, "{name}");
            assert_eq!(Transformer::to_bng(name).unwrap().accuracy(), OSTN15);
        }
    }

    #[test]
    fn the_national_grid_stays_as_it_is_however_it_is_written() {
        let unnamed =
            ESRI_GRID.replace("D_OSGB_1936", "unknown").replace("GCS_OSGB_1936", "unknown");
        for definition in ["EPSG:27700", "27700", "EPSG:7405", ESRI_GRID, &unnamed] {
            let same = converted(definition, (445_000.25, 520_100.5));

            assert!(same.distance(Bng::new(445_000.25, 520_100.5)) < 1e-6, "{definition}");
        }
    }

    /// Web Mercator by its closed form, UTM 30N by PROJ's own projection of the same place.
    #[test]
    fn other_datums_go_through_ostn15() {
        let ((lon, lat), wanted) = london();
        let drawn = crate::crs::WebMercator::from_lonlat(LonLat::new(lon, lat).unwrap());
        let utm = Proj::new("+proj=utm +zone=30 +ellps=WGS84").unwrap();
        let utm = utm.project((lon.to_radians(), lat.to_radians()), false).unwrap();

        assert!(converted("EPSG:3857", (drawn.x(), drawn.y())).distance(wanted) < 0.002);
        assert!(converted("EPSG:32630", utm).distance(wanted) < 0.002);
    }

    #[test]
    fn old_degrees_on_the_grids_own_datum_are_not_shifted_twice() {
        let proj = Proj::new_known_crs("EPSG:27700", "EPSG:4277", None).unwrap();
        let old = proj.convert((445_000.0, 520_000.0)).unwrap();

        assert!(converted("EPSG:4277", old).distance(Bng::new(445_000.0, 520_000.0)) < 1e-3);
    }

    #[test]
    fn an_unknown_definition_is_named() {
        for definition in ["EPSG:99999", "nonsense", "", "EPSG:27700\0"] {
            let refused = Transformer::to_bng(definition);

            let definition = definition.to_owned();
            assert_eq!(refused, Err(CrsError::UnknownDefinition { definition }));
        }
    }

    #[test]
    fn a_pair_off_the_grid_is_an_error_of_its_own() {
        let web = Transformer::to_bng("EPSG:3857").unwrap();
        let pairs: Vec<_> =
            (0..9_000).map(|i| (-145_000.0, if i == 5_000 { 0.0 } else { 7_265_000.0 })).collect();

        let all = web.convert_all(&pairs);

        assert_eq!(all.len(), pairs.len());
        for (i, position) in all.iter().enumerate() {
            assert_eq!(position.is_err(), i == 5_000, "{i}: {position:?}");
        }
    }
}
