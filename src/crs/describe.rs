//! Coordinate systems as files describe them.

use proj::Proj;
use proj::wkt::WktVersion;

/// A system as PROJJSON, which GeoParquet wants; `None` if PROJ does not know it.
pub fn projjson(definition: &str) -> Option<String> {
    Proj::new(definition).ok()?.to_projjson(Some(false), None, None).ok()
}

/// A system as WKT of the first kind, which `GeoPackage` and `.prj` files want; the second kind for
/// what the first cannot say. `None` if PROJ does not know it.
pub fn wkt(definition: &str) -> Option<String> {
    let crs = Proj::new(definition).ok()?;
    let in_form = |form| crs.as_wkt(Some(form), None).ok();
    in_form(WktVersion::Wkt1_Gdal).or_else(|| in_form(WktVersion::Wkt2_2019))
}

/// Name of a system, as its WKT gives it.
pub fn name(definition: &str) -> Option<String> {
    wkt(definition)?.split('"').nth(1).map(str::to_owned)
}

/// Number of an EPSG code.
pub fn epsg(definition: &str) -> Option<i32> {
    let (authority, code) = definition.split_once(':')?;
    code.parse().ok().filter(|_| authority.eq_ignore_ascii_case("EPSG"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_described_as_files_want_them() {
        let json = projjson("EPSG:32615").unwrap();
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();

        assert_eq!(json["id"]["code"], 32615);
        assert!(wkt("EPSG:3857").unwrap().starts_with("PROJCS[\"WGS 84 / Pseudo-Mercator\""));
        assert_eq!(name("EPSG:4326").as_deref(), Some("WGS 84"));
        assert_eq!((epsg("EPSG:3857"), epsg("+proj=laea")), (Some(3857), None));
        assert_eq!(wkt("nonsense"), None);
    }
}
