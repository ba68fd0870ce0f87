//! What a file is that is not read, after its name and "is".

pub const ZIP_OF_SOMETHING: &str = "a zip file of something else than a workbook";
pub const OLD_EXCEL: &str = "an old Excel workbook";
pub const PDF: &str = "a PDF";

pub const ZIP_WITHOUT_FILES: &str = "a zip file without any file that is read";
pub const ZIP_WITH_PASSWORD: &str = "a zip file with a password";

pub const WORKBOOK_WITH_PASSWORD: &str = "a workbook with a password";
pub const WORKBOOK_WITHOUT_SHEET: &str = "a workbook without a sheet";
pub const WORKBOOK_OF_TOO_MANY: &str = "a workbook of over 1,000 sheets";
pub const WITHOUT_WORKBOOK: &str = "a zip file of office parts without a workbook";
pub const PIVOT_CACHE: &str =
    "a workbook with a pivot cache, which holds records that no sheet shows";

pub const PACKED_GEOPACKAGE: &str = "a packed GeoPackage";
pub const UNWRITTEN_CHANGES: &str =
    "a GeoPackage with changes that are not yet written into it (a -wal file)";
pub const SHAPES_ALONE: &str = "a shapefile without its table";

pub const NO_WEIGHTS: &str = "a table of weights of which none is for a crime type";
pub const NO_OWN_AREA: &str = "a table of peers in which no row is of the partnership's own area";

// Why a layer of a GeoPackage is not read.
pub const VIEW: &str = "it is a view";
pub const VIRTUAL_TABLE: &str = "it is a virtual table";
pub const SORTS: &str = "it sorts, groups or repeats";

/// Of the coordinates of a file, after "which".
pub mod position {
    pub const DEGREES: &str = "are degrees, not metres on the British National Grid";
    pub const OFF_THE_GRID: &str = "lie outside the British National Grid";
    pub const LATITUDE_FIRST: &str = "are latitude first: GeoJSON has longitude first";
    pub const NOT_DEGREES: &str =
        "are not degrees, though the file does not say that it is in another system";
    pub const OUTSIDE_GREAT_BRITAIN: &str = "lie outside Great Britain";
    pub const OFF_PLANE: &str = "lie outside the area of the workspace's `crs`";
}

pub fn several_files(names: &str) -> String {
    format!("a zip file of several files ({names})")
}

pub fn no_such_sheet(sheet: &str, has: &str) -> String {
    format!("a workbook without a sheet `{sheet}` (it has: {has})")
}

pub fn several_sheets(names: &str) -> String {
    format!("a workbook of several sheets ({names})")
}

pub fn hidden_sheet(sheet: &str) -> String {
    format!("a workbook with a hidden sheet (`{sheet}`)")
}

/// A sheet that has too much by a row, from 1.
pub fn large_sheet(row: u32, what: &str) -> String {
    format!("a sheet that is too large (row {row}: {what})")
}

pub fn merged_header(row: u64) -> String {
    format!("a sheet with merged cells in its header (row {row})")
}

pub fn several_layers(names: &str) -> String {
    format!("a GeoPackage of several layers ({names})")
}

pub fn computed_layer(layer: &str, why: &str) -> String {
    format!("a GeoPackage whose `{layer}` is computed and not read ({why})")
}

pub fn compressed(codec: &str) -> String {
    format!("a Parquet file compressed with {codec}, which is not read")
}

pub fn encoded_geometry(encoding: &str) -> String {
    format!("a GeoParquet file whose geometry is encoded as `{encoding}`")
}

pub fn encoding_of_shapes(encoding: &str) -> String {
    format!("a shapefile whose .cpg names the encoding `{encoding}`")
}

pub fn solids(shape: u64) -> String {
    format!("a shapefile of solids (MultiPatch, shape {shape}), which have no outline")
}

/// A survey, where a column holds what people wrote.
pub fn free_text(column: &str) -> String {
    format!("held: column `{column}` looks like what people wrote, not like questions")
}

pub fn no_such_layer(layer: &str, has: &str) -> String {
    format!("a GeoPackage without a layer `{layer}` (it has: {has})")
}
