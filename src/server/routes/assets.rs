//! `/assets/{name}`: style sheets, and the live map where it was built, from inside the binary.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::server::error::ApiError;
use crate::server::query::{Parameters, VERSION};
use crate::server::reply::{Keep, Rendered, hex};
use crate::server::state::AppState;

/// What the build of `web/` made; nothing where it was not built.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/web/dist"]
#[allow_missing = true]
struct Built;

/// Style sheets as they are written.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/web/styles"]
struct Styles;

const ICON: &[u8] = include_bytes!("../../../web/icon.svg");

/// Every file with its media type, ready to be sent.
static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let built = Built::iter().filter_map(|name| Some((Built::get(&name)?.data, name)));
    let styles = Styles::iter().filter_map(|name| Some((Styles::get(&name)?.data, name)));
    let mut assets: Vec<Asset> = built
        .chain(styles)
        .map(|(data, name)| Asset::new(&name, data.into_owned()))
        .chain([Asset::new("icon.svg", ICON.to_vec())])
        .filter(|asset| !asset.name.starts_with('.'))
        .collect();
    assets.sort_by(|a, b| a.name.cmp(&b.name));
    assets
});

/// Version of all assets together: other bytes have another.
static ASSETS_VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut all = Sha256::new();
    for asset in ASSETS.iter() {
        all.update(asset.name.as_bytes());
        all.update(asset.checksum);
    }
    hex(&all.finalize()[..8])
});

struct Asset {
    name: String,
    media_type: &'static str,
    checksum: [u8; 32],
    rendered: Rendered,
}

impl Asset {
    fn new(name: &str, bytes: Vec<u8>) -> Self {
        Self {
            name: name.to_owned(),
            media_type: media_type(name),
            checksum: Sha256::digest(&bytes).into(),
            rendered: Rendered::new(bytes),
        }
    }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    }
}

/// Version of scripts and styles, for addresses that may be kept.
pub(super) fn version() -> &'static str {
    &ASSETS_VERSION
}

/// Whether the live map is built into this binary.
pub(super) fn has_live_map() -> bool {
    ASSETS.iter().any(|asset| asset.name == "main.js")
}

/// `GET /assets/{name}`: one file; kept for good under its version, else asked for again.
async fn asset(
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let parameters = Parameters::parse(query.as_deref(), &[])?;
    let asset = ASSETS.iter().find(|asset| asset.name == name).ok_or_else(|| {
        ApiError::unknown("asset", name, ASSETS.iter().map(|asset| asset.name.as_str()))
    })?;
    let current = parameters.get(VERSION) == Some(version());
    let keep = if current { Keep::Forever } else { Keep::Check };
    Ok(asset.rendered.reply(&headers, asset.media_type, keep))
}

/// Files of the live map of a published site, by name; none where `web/` was not built.
pub fn site_files() -> Vec<(String, Vec<u8>)> {
    const FILES: [&str; 5] = [
        "site.js",
        "maplibre-gl-worker.mjs",
        "site-map.css",
        "maplibre-gl-LICENSE.txt",
        "pmtiles-LICENSE.txt",
    ];
    let files: Option<Vec<_>> = FILES
        .iter()
        .map(|&name| Some((name.to_owned(), Built::get(name)?.data.into_owned())))
        .collect();
    files.unwrap_or_default()
}

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/assets/{name}", get(asset))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::html::STYLES;

    #[test]
    fn every_style_sheet_of_a_page_is_there_with_or_without_the_live_map() {
        for name in STYLES.into_iter().chain(["icon.svg"]) {
            assert!(ASSETS.iter().any(|asset| asset.name == name), "{name}");
        }
    }

    #[test]
    fn scripts_and_styles_have_the_types_that_browsers_insist_on() {
        assert_eq!(media_type("main.js"), "text/javascript; charset=utf-8");
        assert_eq!(media_type("maplibre-gl-worker.mjs"), "text/javascript; charset=utf-8");
        assert_eq!(media_type("base.css"), "text/css; charset=utf-8");
    }

    #[test]
    fn no_style_sheet_names_an_outside_address() {
        for asset in ASSETS.iter().filter(|asset| STYLES.contains(&asset.name.as_str())) {
            let text = Styles::get(&asset.name).unwrap().data;

            assert!(!String::from_utf8_lossy(&text).contains("http"), "{}", asset.name);
        }
    }
}
