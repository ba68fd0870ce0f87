//! What to do with a file that is not read.

pub const CHECK_THE_EXPORT: &str =
    "check the export: the file should have a header and at least one row";
pub const AS_UTF8: &str = "save it again as CSV in UTF-8";
pub const AS_CSV: &str = "save the sheet as CSV (UTF-8) and use that";
pub const CUT_SHORT: &str = "a Shapefile keeps ten letters of a name: export it as GeoPackage or \
    CSV, or rename the column first (`Date From`)";
pub const UNKNOWN_LAYOUT: &str = "write a [[source]] for it in wardheat.toml with the profile that \
    is closest, and name each column under [source.columns]";
pub const LAYOUT: &str = "correct it; the layouts in data/mapping/ of wardheat's source are \
    examples, and `wardheat list` prints every crime type";
pub const UNKNOWN_CRS: &str =
    "export it in EPSG:4326 (longitude, latitude) or EPSG:27700 (British National Grid)";
pub const SELF_CROSSING: &str = "repair the boundary first (QGIS: Processing, Fix geometries), or \
    use the publisher's generalised (BGC) boundaries";
pub const BY_MONTH: &str = "split the file by month";
pub const COPIED_WHOLE: &str = "check that the file was copied whole";
pub const THERE_TO_READ: &str = "check that the file is there and that you may read it";
pub const CORRECT_FEATURE: &str = "correct that feature in a GIS, or use the publisher's own file";

pub const CATEGORY_OF_WEIGHTS: &str =
    "check `category` of [[harm-weights]]; `wardheat list` prints every crime type";
pub const OWN_AREA: &str = "name the column that says so (`is-self`) or the area's code (`own`) \
    under [[peers]] in wardheat.toml";
pub const QUESTION_COLUMN: &str = "name the column of the question under [[survey]] in \
    wardheat.toml; free text of a survey is never kept";

// Positions.
pub const NOT_METRES: &str =
    "take `crs = \"EPSG:27700\"` away in wardheat.toml, or correct the file's crs";
pub const NOT_DEGREES: &str = "if they are eastings and northings, give `--crs EPSG:27700` to \
    `wardheat init`, or `crs = \"EPSG:27700\"` in wardheat.toml";
pub const SWAP: &str = "swap the coordinates (QGIS: Processing, Swap X and Y coordinates)";
pub const IN_DEGREES_OR_METRES: &str = "export the file again in EPSG:4326 or EPSG:27700";
pub const RIGHT_FILE: &str =
    "check that this is the right file, and that a minus sign was not lost";
pub const CHECK_COORDINATES: &str = "check the coordinates, and the file's coordinate system";
pub const OFF_PLANE: &str = "check that this is the right file; `crs` at the top of wardheat.toml \
    is the system that the workspace is measured in";

// Archives.
pub const UNPACK_NESTED: &str = "unpack it: a zip file in a zip file is not opened";
pub const FORMATS_READ: &str = "`wardheat list` prints the formats that are read";
pub const UNPACK_WITH_PASSWORD: &str = "unpack it with the password, and use the files in it";
pub const NAME_THE_MEMBER: &str =
    "name the one that is meant after the archive: `data.zip#wards.csv`";

// Tables and workbooks.
pub const NAME_THE_SHEET: &str = "name the sheet after the file: `book.xlsx#Sheet1`";
pub const UNHIDE: &str =
    "unhide it to see what it holds, delete it if it should not be sent, and save again";
pub const WITHOUT_PIVOT: &str =
    "copy the values of the sheet to a new workbook, or save the sheet as CSV (UTF-8)";
pub const UNMERGE: &str = "unmerge the header, so that each column has one name, and save it again";

// Maps and other formats.
pub const UNPACK_GEOPACKAGE: &str = "unpack it first: a GeoPackage is read in place";
pub const CLOSE_THE_PROGRAM: &str = "close the program that edits it, and try again";
pub const NAME_THE_LAYER: &str = "name the layer after the file: `wards.gpkg#wards_2024`";
pub const LAYER_AS_TABLE: &str = "export the layer as a table (QGIS: Export, Save Features As)";
pub const OTHER_COMPRESSION: &str = "write it again with zstd, snappy or gzip";
pub const AS_WKB: &str = "write it again with its geometry as WKB";
pub const BESIDE_THE_SHP: &str =
    "put the .dbf (and .prj) of the same name beside the .shp, or zip them together";
pub const IN_UTF8: &str = "export it again in UTF-8";
pub const FOOTPRINTS: &str = "make footprints of them first (ArcGIS: Multipatch Footprint; QGIS: \
    Force 2D and Dissolve), and save those as polygons";

/// A column that is not there: which option or key of the description names it.
pub fn name_the_column(key: &str) -> String {
    if key.starts_with("--") {
        format!("name one of these with {key}")
    } else {
        format!("say in wardheat.toml which column holds it: {key}")
    }
}
