//! Any coordinate system that PROJ knows, to the working plane and back.

use std::sync::{Mutex, PoisonError};

use proj::Proj;
use rayon::prelude::*;

use super::english as say;
use super::objects::{DEGREES, with_proj};
use super::plane::{Plane, working};
use super::transform::{Accuracy, CrsError, OSTN15, from_national_grid, to_national_grid};
use super::{Bng, LonLat};

/// Pairs of numbers that one task converts.
const PER_TASK: usize = 4096;

pub(super) const NATIONAL_GRID: &str = "EPSG:27700";

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

/// A definition with `EPSG:` before a bare number.
pub(super) fn written_out(definition: &str) -> String {
    let given = definition.trim();
    let bare = !given.is_empty() && given.bytes().all(|b| b.is_ascii_digit());
    if bare { format!("EPSG:{given}") } else { given.to_owned() }
}

/// Whether this is a way to write the National Grid that needs no PROJ.
pub(super) fn is_national_grid(definition: &str) -> bool {
    NATIONAL_GRID_NAMES.contains(&definition.to_ascii_uppercase().as_str())
}

/// The definition with `EPSG:` before a bare number, if PROJ knows such a coordinate system and a way
/// from it to degrees.
pub fn recognise(definition: &str) -> Option<String> {
    let definition = written_out(definition);
    let name = definition.to_ascii_uppercase();
    let plain =
        NATIONAL_GRID_NAMES.contains(&name.as_str()) || DEGREES_NAMES.contains(&name.as_str());
    let known = plain || with_proj(&definition, DEGREES, |proj| proj.is_some());
    known.then_some(definition)
}

/// Longitudes and latitudes of pairs in the system with this definition, in order; `None` where a
/// pair has none. No plane is needed for it.
pub fn degrees_of(definition: &str, pairs: &[(f64, f64)]) -> Vec<Option<(f64, f64)>> {
    let definition = written_out(definition);
    if DEGREES_NAMES.contains(&definition.to_ascii_uppercase().as_str()) {
        return pairs.iter().copied().map(Some).collect();
    }
    with_proj(&definition, DEGREES, |proj| {
        pairs.iter().map(|&pair| finite(proj?.convert(pair).ok())).collect()
    })
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    /// Already on the plane.
    Same,
    /// Degrees to the National Grid, by OSTN15.
    Degrees,
    /// On the National Grid's own datum: PROJ goes straight to it, without loss.
    SameDatum,
    /// On another datum: PROJ goes to degrees, OSTN15 from there.
    ByDegrees {
        /// What PROJ says of its own step; `None` where it does not know.
        metres: Option<f64>,
    },
    /// The plane is not the National Grid: PROJ goes straight to it.
    Direct {
        /// What PROJ says of its own step; `None` where it does not know.
        metres: Option<f64>,
    },
}

/// Between one coordinate system and the working plane.
#[derive(Debug, Clone, PartialEq)]
pub struct Transformer {
    definition: String,
    plane: Plane,
    way: Way,
}

impl Transformer {
    /// Between the system with this definition and the plane that this process works on. A
    /// definition is a code such as `EPSG:3857` (or the bare number), an OGC URN, WKT as in a `.prj`
    /// file, or a PROJ string.
    ///
    /// # Errors
    ///
    /// [`CrsError::UnknownDefinition`] if PROJ does not know it, or no way from it to the plane.
    pub fn to_bng(definition: &str) -> Result<Self, CrsError> {
        Self::between(definition, working())
    }

    /// Between the system with this definition and `plane`.
    ///
    /// # Errors
    ///
    /// As [`to_bng`](Self::to_bng).
    pub fn between(definition: &str, plane: &Plane) -> Result<Self, CrsError> {
        let definition = written_out(definition);
        let name = definition.to_ascii_uppercase();
        let unknown = || CrsError::UnknownDefinition { definition: definition.clone() };
        let way = if definition == plane.definition()
            || plane.is_national_grid() && is_national_grid(&definition)
        {
            Way::Same
        } else if plane.is_national_grid() && DEGREES_NAMES.contains(&name.as_str()) {
            Way::Degrees
        } else {
            known_way(&definition, plane).ok_or_else(unknown)?
        };
        Ok(Self { definition, plane: plane.clone(), way })
    }

    /// The definition, with `EPSG:` before a bare number.
    pub fn definition(&self) -> &str {
        &self.definition
    }

    /// How [`convert_all`](Self::convert_all) does it, and how exactly.
    pub fn accuracy(&self) -> Accuracy {
        let by = |method: &str, metres| Accuracy { method: method.to_owned().into(), metres };
        let plane = self.plane.definition();
        match self.way {
            Way::Same => by(&say::same(plane), Some(0.0)),
            Way::Degrees => OSTN15,
            Way::SameDatum => by(say::SAME_DATUM, Some(0.0)),
            Way::ByDegrees { metres } => by(say::BY_DEGREES, metres.map(|metres| metres.max(0.1))),
            Way::Direct { metres } => by(&say::direct(plane), metres),
        }
    }

    /// Positions on the plane of pairs of numbers, in order, in parallel: x before y, so longitude
    /// before latitude and easting before northing, whatever the axes of the definition say.
    ///
    /// A pair that has no position on the plane is an error of its own.
    pub fn convert_all(&self, pairs: &[(f64, f64)]) -> Vec<Result<Bng, CrsError>> {
        let parts = pairs.par_chunks(PER_TASK).map(|part| self.convert_part(part));
        parts.collect::<Vec<_>>().into_iter().flatten().collect()
    }

    /// [`convert_all`](Self::convert_all) for one pair.
    ///
    /// # Errors
    ///
    /// [`CrsError::NotConvertible`] if it has no position on the plane.
    pub fn convert(&self, pair: (f64, f64)) -> Result<Bng, CrsError> {
        self.convert_part(&[pair]).pop().unwrap_or_else(|| Err(self.stuck(pair)))
    }

    /// Pairs of numbers of positions on the plane: [`convert_all`](Self::convert_all) the other way.
    pub fn invert_all(&self, positions: &[Bng]) -> Vec<Result<(f64, f64), CrsError>> {
        let parts = positions.par_chunks(PER_TASK).map(|part| self.invert_part(part));
        parts.collect::<Vec<_>>().into_iter().flatten().collect()
    }

    fn stuck(&self, (x, y): (f64, f64)) -> CrsError {
        let (from, to) = (self.definition.clone(), self.plane.definition().to_owned());
        CrsError::NotConvertible { from, to, x, y }
    }

    fn convert_part(&self, pairs: &[(f64, f64)]) -> Vec<Result<Bng, CrsError>> {
        let each = |convert: &dyn Fn((f64, f64)) -> Option<(f64, f64)>| {
            let one = |&pair: &(f64, f64)| {
                finite(convert(pair)).map(|(e, n)| Bng::new(e, n)).ok_or_else(|| self.stuck(pair))
            };
            pairs.iter().map(one).collect()
        };
        let by_ostn15 = |(lon, lat)| LonLat::new(lon, lat).map(to_national_grid);
        match self.way {
            Way::Same => each(&Some),
            Way::Degrees => pairs
                .iter()
                .map(|&pair| by_ostn15(pair).unwrap_or_else(|| Err(self.stuck(pair))))
                .collect(),
            Way::SameDatum | Way::Direct { .. } => {
                with_proj(&self.definition, self.plane.definition(), |proj| {
                    each(&|pair| proj?.convert(pair).ok())
                })
            }
            Way::ByDegrees { .. } => with_proj(&self.definition, DEGREES, |proj| {
                each(&|pair| {
                    let on_grid = proj?.convert(pair).ok().and_then(by_ostn15)?.ok()?;
                    Some((on_grid.easting(), on_grid.northing()))
                })
            }),
        }
    }

    fn invert_part(&self, positions: &[Bng]) -> Vec<Result<(f64, f64), CrsError>> {
        let stuck = |position: Bng| CrsError::NotConvertible {
            from: self.plane.definition().to_owned(),
            to: self.definition.clone(),
            x: position.easting(),
            y: position.northing(),
        };
        let each = |convert: &dyn Fn(Bng) -> Option<(f64, f64)>| {
            let one = |&at: &Bng| finite(convert(at)).ok_or_else(|| stuck(at));
            positions.iter().map(one).collect()
        };
        let degrees = |at: Bng| from_national_grid(at).ok().map(|place| (place.lon(), place.lat()));
        let pair = |at: Bng| (at.easting(), at.northing());
        match self.way {
            Way::Same => each(&|at| Some(pair(at))),
            Way::Degrees => each(&degrees),
            Way::SameDatum | Way::Direct { .. } => {
                with_proj(self.plane.definition(), &self.definition, |proj| {
                    each(&|at| proj?.convert(pair(at)).ok())
                })
            }
            Way::ByDegrees { .. } => with_proj(DEGREES, &self.definition, |proj| {
                each(&|at| proj?.convert(degrees(at)?).ok())
            }),
        }
    }
}

fn finite(pair: Option<(f64, f64)>) -> Option<(f64, f64)> {
    pair.filter(|(x, y)| x.is_finite() && y.is_finite())
}

/// Systems whose way is remembered.
const REMEMBERED: usize = 32;

/// [`by_proj`], asked once for each system: where one is written out PROJ takes half a second to look
/// round for its like, and a file asks for every area that it has.
fn known_way(definition: &str, plane: &Plane) -> Option<Way> {
    type Known = (String, String, Option<Way>);
    static KNOWN: Mutex<Vec<Known>> = Mutex::new(Vec::new());
    let all = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let is_it = |(from, to, _): &&Known| from == definition && to == plane.definition();
    if let Some((_, _, way)) = all().iter().find(is_it) {
        return *way;
    }
    let way = by_proj(definition, plane);
    let mut all = all();
    if all.len() >= REMEMBERED {
        all.remove(0);
    }
    all.push((definition.to_owned(), plane.definition().to_owned(), way));
    way
}

/// How PROJ gets from this system to the plane; `None` if it does not know the system.
fn by_proj(definition: &str, plane: &Plane) -> Option<Way> {
    // PROJ chooses its steps when it sees a position; this one is in the middle of the plane.
    let middle = plane.middle();
    let here = Proj::new_known_crs(DEGREES, definition, None).ok()?.convert(middle).ok()?;
    let steps = |target: &str| {
        let proj = Proj::new_known_crs(definition, target, None).ok()?;
        proj.convert(here).ok()?;
        let info = proj.proj_info();
        let metres = (info.accuracy >= 0.0).then_some(info.accuracy);
        Some((metres, info.definition.unwrap_or_default()))
    };
    let (to_plane, _) = steps(plane.definition())?;
    if !plane.is_national_grid() {
        return Some(Way::Direct { metres: to_plane });
    }
    let (to_degrees, how) = steps(DEGREES)?;
    // A definition that names no datum is on the grid's own if it has the grid's own ellipsoid.
    let unnamed_airy = to_plane.is_none() && to_degrees.is_none() && how.contains("ellps=airy");
    Some(if to_plane == Some(0.0) || unnamed_airy {
        Way::SameDatum
    } else {
        Way::ByDegrees { metres: to_degrees }
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
    fn there_and_back_is_the_same_pair_in_every_way() {
        let ((lon, lat), _) = london();
        for definition in
            ["EPSG:4326", "EPSG:27700", "EPSG:3857", "EPSG:32630", "EPSG:4277", ESRI_GRID]
        {
            let transformer = Transformer::to_bng(definition).unwrap();
            let on_grid = converted("EPSG:4326", (lon, lat));

            let pair = transformer.invert_all(&[on_grid]).remove(0).unwrap();

            let back = transformer.convert_all(&[pair]).remove(0).unwrap();
            assert!(back.distance(on_grid) < 1e-3, "{definition}: {pair:?} {back:?}");
        }
    }

    /// A file asks for each of its areas, and PROJ takes half a second where a system is written out.
    #[test]
    fn a_system_that_is_written_out_is_asked_for_once() {
        let equal_area = ESRI_GRID
            .replace("D_OSGB_1936", "D_ETRS_1989")
            .replace("Airy_1830\",6377563.396,299.3249646", "GRS_1980\",6378137.0,298.257222101")
            .replace("GCS_OSGB_1936", "GCS_ETRS_1989");
        let began = std::time::Instant::now();

        for _ in 0..500 {
            Transformer::to_bng(&equal_area).unwrap();
        }

        assert!(began.elapsed().as_secs() < 30, "{:?}", began.elapsed());
    }

    /// Washington's Union Station in the state plane of Maryland (US survey feet): PROJ 9 gives
    /// the shift from NAD83 as a null one, stated to be good to 4 m.
    #[test]
    fn other_planes_are_reached_directly_with_the_accuracy_that_proj_states() {
        let plane = Plane::new("EPSG:32618").unwrap();
        let feet = Transformer::between("EPSG:2248", &plane).unwrap();
        let degrees = Transformer::between("EPSG:4326", &plane).unwrap();
        let wanted = degrees.convert((-77.0064, 38.8977)).unwrap();

        let pair = feet.invert_all(&[wanted]).remove(0).unwrap();

        assert!((1_290_000.0..1_330_000.0).contains(&pair.0), "{pair:?}");
        assert!(feet.convert(pair).unwrap().distance(wanted) < 1e-3);
        assert_eq!(degrees.accuracy().metres, Some(0.0));
        assert!(feet.accuracy().metres.is_some_and(|metres| metres > 0.0), "{:?}", feet.accuracy());
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
