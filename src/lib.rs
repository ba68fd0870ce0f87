//! wardheat: from geocoded incident files to ward and cell hotspot maps whose every number says how
//! sure it is and how it was made.
//!
//! Data flows one way:
//!
//! ```text
//! read -> clean -> store -> locate -> aggregate -> score -> layer -> present
//!                          (units)               (stats)           (render, export)
//! ```
//!
//! Each step takes plain values and gives plain values; it knows those before it by their types and
//! none after it. Imports go to a lower rank only, which `tests/it/architecture.rs` holds as data.
//!
//! # The rooms
//!
//! | rank | rooms | hold |
//! |---|---|---|
//! | 0 | [`quantity`] [`time`] [`crs`] [`geometry`] [`table`] [`audience`] [`provenance`] [`hint`] `columnar` | measures, months, coordinate systems, shapes, tables, audiences, where the columns of a Parquet file lie: no file, no clock |
//! | 1 | [`incident`] [`index`] [`units`] [`weights`] [`context`] [`meeting`] | what happened; positions arranged to be found; the wards, LSOAs and cells it is counted in; which of those are near; what else is known of them; halls and the diary of meetings |
//! | 2 | [`workspace`] [`read`] [`clean`] [`store`] | `wardheat.toml`, files to rows, rows to incidents under their location rules, incidents on disk |
//! | 3 | [`aggregate`] | counts and rates with their intervals |
//! | 4 | [`stats`] | pure functions from numbers and positions to scores |
//! | 5 | [`layer`] [`plan`] | findings: layers, tables, how they were made; where and when to meet the public |
//! | 6 | [`render`] [`export`] [`report`] | findings to pictures, tiles, files and reports |
//! | 7 | [`pipeline`] [`demo`] | steps in order; a fictional borough as ordinary input files |
//! | 8 | [`server`] [`cli`] | sockets and arguments; no analysis |
//!
//! Start with [`pipeline::analyse`] to see an analysis whole, and with [`pipeline::import`] to see
//! how records come in.
//!
//! # Words
//!
//! What readers read is written in the `english` of its room: `time`, `layer` (headings of columns are
//! there for every table), `clean`, `render`, `report`, `pipeline`, `server`, `server/html`, and for the
//! live map `web/src/strings.ts`. Another language is another such file or folder beside it. Rooms that hold
//! all of it are listed in `tests/it/words.rs`; the text of a statistic stands with the statistic, and
//! an error where it is raised.
//!
//! # Where to add what
//!
//! | to add | new file | one line in |
//! |---|---|---|
//! | a statistic | `stats/<name>.rs` | [`stats::STATISTICS`] |
//! | a subject of input | `read/<subject>.rs` | `pipeline/import/context.rs` |
//! | an input format | `read/format/<name>.rs` | [`read::format::FORMATS`] |
//! | a column layout | `data/mapping/<name>.toml` | nothing |
//! | a table of categories | `data/categories/<name>.toml` | `tables` of the layouts that use it |
//! | a kind of unit | `units/<name>.rs` | [`units::UNIT_KINDS`] |
//! | a writer | `export/<name>.rs` | [`export::WRITERS`] |
//! | a route | `server/routes/<name>.rs` | `ROUTES` in `server/routes/mod.rs` |
//! | a command | `cli/<name>.rs` | `Command` in `cli/mod.rs` |
//!
//! Every entry of a list is held to its trait by `tests/it/contracts.rs`.
#![warn(missing_docs)]

pub mod aggregate;
pub mod audience;
pub mod clean;
pub mod cli;
mod columnar;
pub mod context;
pub mod crs;
pub mod demo;
pub mod export;
pub mod geometry;
pub mod hint;
pub mod incident;
pub mod index;
pub mod layer;
pub mod meeting;
pub mod pipeline;
pub mod plan;
pub mod provenance;
pub mod quantity;
pub mod read;
pub mod render;
pub mod report;
pub mod server;
pub mod stats;
pub mod store;
pub mod table;
pub mod time;
pub mod units;
pub mod weights;
pub mod workspace;
