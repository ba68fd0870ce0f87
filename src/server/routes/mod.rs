//! Routes, one file each; a new one is a file and a line in [`ROUTES`].

mod analyses;
mod area;
mod assets;
mod contours;
mod export;
mod forms;
mod health;
mod info;
mod layers;
mod legend;
mod meetings;
mod ogc;
mod ogc_items;
mod ogc_tiles;
mod page;
mod picture;
mod statistics;
mod streets;
mod tables;
mod tiles;
mod tilesets;
mod ward;

use axum::Router;

pub use assets::site_files;
pub(super) use forms::{by_accept, reads_pages};
pub(super) use page::{in_words, site};

use super::error::ApiError;
use super::state::AppState;

/// A group of routes.
#[derive(Debug)]
pub struct Route {
    /// Name of the group: that of its file.
    pub name: &'static str,
    /// What it answers.
    pub router: fn() -> Router<AppState>,
}

/// Every group of routes.
pub static ROUTES: &[Route] = &[
    Route { name: "meetings", router: meetings::router },
    Route { name: "ogc", router: ogc::router },
    Route { name: "ogc_items", router: ogc_items::router },
    Route { name: "page", router: page::router },
    Route { name: "analyses", router: analyses::router },
    Route { name: "area", router: area::router },
    Route { name: "assets", router: assets::router },
    Route { name: "health", router: health::router },
    Route { name: "info", router: info::router },
    Route { name: "layers", router: layers::router },
    Route { name: "legend", router: legend::router },
    Route { name: "picture", router: picture::router },
    Route { name: "statistics", router: statistics::router },
    Route { name: "streets", router: streets::router },
    Route { name: "tables", router: tables::router },
    Route { name: "tiles", router: tiles::router },
    Route { name: "tilesets", router: tilesets::router },
    Route { name: "contours", router: contours::router },
    Route { name: "export", router: export::router },
    Route { name: "ogc_tiles", router: ogc_tiles::router },
    Route { name: "ward", router: ward::router },
];

/// Name, form and media type of a file such as `heat.json`.
fn split_file<'a>(
    file: &'a str,
    forms: &[(&'static str, &'static str)],
) -> Result<(&'a str, &'static str, &'static str), ApiError> {
    let (name, form) = file.rsplit_once('.').unwrap_or((file, ""));
    let known = forms.iter().find(|(known, _)| *known == form);
    let &(form, media_type) = known
        .ok_or_else(|| ApiError::unknown("form", form, forms.iter().map(|&(form, _)| form)))?;
    Ok((name, form, media_type))
}
