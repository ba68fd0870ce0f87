//! The catalogue that other programs show: titles of its documents and links.

pub const ABOUT: &str = "Recorded incidents by ward, cell and hotspot, with their uncertainty.";

pub const THIS_DOCUMENT: &str = "This document";
pub const THIS_AS_A_PAGE: &str = "This document as a page";
pub const THE_MAP_PAGE: &str = "The map page";
pub const SERVICE: &str = "Description of the service";
pub const SERVICE_AS_A_PAGE: &str = "The description as a page";
pub const CONFORMANCE: &str = "Conformance classes";
pub const COLLECTIONS: &str = "Collections";
pub const STATISTICS: &str = "Statistics";
pub const QUERYABLES: &str = "What can be filtered by";

pub const THIS_PAGE: &str = "This page";
pub const ANOTHER_FORM: &str = "The same in another form";
pub const NEXT_PAGE: &str = "Next page";
pub const PAGE_BEFORE: &str = "Page before";
pub const THIS_FEATURE: &str = "This feature";
pub const THIS_FEATURE_AS_A_PAGE: &str = "This feature as a page";

pub const HEAT_TILES: &str = "Heat as map tiles";
pub const VECTOR_TILES: &str = "Vector tiles";
pub const TILES: &str = "Tiles";
pub const TILE_SETS: &str = "Tile sets";
pub const TILING_SCHEMES: &str = "Tiling schemes";
pub const TILING_SCHEME: &str = "Tiling scheme";
pub const THE_TILING_SCHEME: &str = "The tiling scheme";

/// Title of the service of an area.
pub fn title(area: &str) -> String {
    format!("wardheat: {area}")
}

/// What a collection holds, and how another choice is asked for.
pub fn collection(title: &str, window: &str) -> String {
    format!(
        "{title} of {window}, with the figures of the default analysis; `type`, `from`, `to`, \
         `window`, `source`, `day` and `hour` ask for another."
    )
}

pub fn queryables(title: &str) -> String {
    format!("{title}: what can be filtered by")
}

/// Title of a property that has a unit.
pub fn property(label: &str, unit: &str) -> String {
    if unit.is_empty() { label.to_owned() } else { format!("{label} ({unit})") }
}

/// Title of the features of a window.
pub fn items(title: &str, window: &str) -> String {
    format!("{title}, {window}")
}

/// Title of one feature.
pub fn item(title: &str, id: &str) -> String {
    format!("{title}: {id}")
}
