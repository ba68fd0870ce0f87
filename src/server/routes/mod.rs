//! Routes, one file each; a new one is a file and a line in [`ROUTES`].

mod assets;
mod health;
mod info;
mod page;

use axum::Router;

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
    Route { name: "page", router: page::router },
    Route { name: "assets", router: assets::router },
    Route { name: "health", router: health::router },
    Route { name: "info", router: info::router },
];
