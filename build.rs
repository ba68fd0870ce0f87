//! Builds the crate again when the files of the page, the layouts or the category tables change: they
//! are embedded in the binary.
//!
//! Nothing is built or fetched here; `make web` builds `web/dist`, and without it the pages are
//! served with tables and drawn maps.

fn main() {
    for folder in ["web/dist", "web/styles", "web/icon.svg", "data/mapping", "data/categories"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
