//! Every English word that commands print; what their flags mean stands with the flags.

use std::fmt::Display;

use crate::audience::Audience;
use crate::layer::words::per_cent;
use crate::quantity::thousands;

pub const YES: &str = "yes";
pub const NO: &str = "no";

pub const HOTSPOTS: &str = "Hotspots";
pub const NO_HOTSPOTS: &str = "None: no place stands out more than chance would leave.";
pub const WARDS_BY_RATE: &str = "Wards by rate";
pub const WARDS_BY_COUNT: &str = "Wards by count";
pub const KNOW_BEFORE: &str = "Know before you use it";
pub const HOW_MADE: &str = "How it was made";

pub const A_BACK_TEST: &str = "a back-test";
pub const BACK_TEST: &str = "back-test";
pub const AN_EVALUATION: &str = "an evaluation";

pub const NEED_OF_LSOAS: &str = "Need of every LSOA";
pub const NO_LSOAS: &str = "The store holds no LSOAs: name a file under [[areas]].";

/// What of the records is told, and where.
pub mod told {
    pub const READ: &str = "records read";
    pub const IN_CELLS: &str = "told in their cell";
    pub const TOO_FEW: &str = "told in their ward: too few in their cell, or over a step";
    pub const BY_RULE: &str = "told in their ward: by kind, source or addresses";
    pub const NO_POSITION: &str = "told in their ward: no position fine enough";
    pub const WHOLE_AREA: &str = "told for the whole area: of a restricted kind, or no ward";
    pub const OUTSIDE_PERIODS: &str = "left out: of a period that is not held whole";
    pub const LEFT_OUT: &str = "left out: too few health records";
    pub const HINT: &str = "hint: fewer are told in their cell than not; a larger --cell or a longer \
                            --period tells more";
}

pub const FIRST_RECORDS: &str = "first records as they would be kept:";

/// Headings of lists.
pub mod list {
    pub const TYPES: &str = "crime types (--type)";
    pub const STATISTICS: &str = "statistics (wardheat analyse NAME)";
    pub const UNITS: &str = "units (--units)";
    pub const FORMATS: &str = "formats read";
    pub const LAYOUTS: &str = "layouts of incident files (profile in wardheat.toml)";
    pub const OTHER_LAYOUTS: &str = "layouts of other files";
    pub const WRITERS: &str = "formats written";
}

pub const OPTIONS_OF_STATISTIC: &str = "Options of the statistic";
pub const NOT_SET: &str = "not set unless given";
pub const NAME_A_STATISTIC: &str = "name a statistic";

pub const NO_LIVE_MAP: &str =
    "without the live map: this wardheat was built without web/ (make web)";

pub const ALL_IS_WELL: &str = "settings, store, tokens and port are well; nothing is served";
/// In place of the name of the area.
pub const THE_MAP: &str = "the map";
pub const NOT_FOR_AN_AUDIENCE: &str = "was not made for an audience";

pub const MISSING: &str = "  MISSING OR CUT";
pub const COMES_BACK: &str =
    "the next import brings them back while wardheat.toml lists their files";

/// How far a command is, as a bar on a terminal shows it.
pub mod bar {
    pub const OF_BYTES: &str =
        "{msg} {wide_bar} {percent}% {bytes}/{total_bytes} at {bytes_per_sec}, {eta} left";
    pub const OF_RECORDS: &str =
        "{msg} {wide_bar} {percent}% {human_pos}/{human_len} at {per_sec}, {eta} left";
    pub const OF_STEPS: &str = "{msg} {wide_bar} {percent}%, {eta} left";
}

pub fn error(what: &str) -> String {
    format!("error: {what}")
}

/// A line below the error.
pub fn caused_by(cause: &str) -> String {
    format!("  caused by: {cause}")
}

fn number(n: u64) -> String {
    thousands(n as i64)
}

pub fn wrote(file: impl Display) -> String {
    format!("wrote {file}")
}

pub fn wrote_files(n: usize, folder: impl Display) -> String {
    format!("wrote {n} files to {folder}")
}

pub fn wrote_incidents(n: usize, file: impl Display) -> String {
    format!(
        "wrote {} incidents to {file}: record-level data, not for publication",
        number(n as u64)
    )
}

pub fn wrote_tiles(n: u64, title: &str, (least, most): (u8, u8), file: impl Display) -> String {
    format!("wrote {} tiles of {title}, zoom {least} to {most}, to {file}", thousands(n as i64))
}

/// Rows of a table that are not printed.
pub fn more(rows: usize) -> String {
    format!("... and {rows} more")
}

/// How something was made, as one line says it.
pub fn method(what: &str, how: &str) -> String {
    format!("{what}: {how}")
}

pub fn recorded(all: u64, mapped: u64) -> String {
    let share = per_cent(mapped as f64 / all.max(1) as f64);
    format!("{} recorded, {} of them on the map ({share})", number(all), number(mapped))
}

/// What a statistic is about and how many incidents that is.
pub fn counted(about: &str, all: u64, mapped: u64) -> String {
    format!("{about}: {}, {} of them on the map", number(all), number(mapped))
}

pub fn dataset(version: &str, program: &str) -> String {
    format!("Dataset {version}, wardheat {program}")
}

/// After the title of a table, what its rows are sorted by.
pub fn by(columns: &[&str]) -> String {
    if columns.is_empty() { String::new() } else { format!(", by {}", columns.join(" and ")) }
}

pub fn unscored(n: usize) -> String {
    format!("{} without a score are left out", number(n as u64))
}

pub fn surface(
    id: &str,
    (columns, rows): (usize, usize),
    cell: impl Display,
    (highest, unit): (f64, &str),
) -> String {
    format!(
        "{id}: a surface of {columns} by {rows} cells of {cell}, highest {highest:.1} {unit}; write \
         it with -o"
    )
}

pub fn nothing_stored(seconds: f64) -> String {
    format!("nothing was stored; read in {seconds:.1} s")
}

pub fn no_incidents(file: &str) -> String {
    format!("{file} holds no incidents that a layout knows")
}

pub fn fennmouth(files: usize, folder: impl Display) -> String {
    format!("Fennmouth, a borough that does not exist: {files} files in {folder}")
}

pub fn rows(n: impl Display) -> String {
    format!("{n} rows")
}

/// A month of which other numbers were told before.
pub fn corrected(month: impl Display, then: u64, now: u64) -> String {
    format!("{month} ({} records then, {} now)", thousands(then as i64), thousands(now as i64))
}

pub fn disclosed(name: &str, audience: Audience, version: &str) -> String {
    format!("{name}, for the {audience}, version {version}")
}

pub fn serve_it(folder: impl Display, audience: Audience) -> String {
    format!("serve it with: wardheat --workspace {folder} serve --audience {audience}")
}

pub fn rejected(rows: u64, folder: &str) -> String {
    format!("{rows} rows could not be used: see {folder}/about.txt")
}

pub fn stored(incidents: u64, version: &str, seconds: f64) -> String {
    format!("{incidents} incidents stored as version {version} in {seconds:.1} s")
}

pub fn described(name: &str, sources: usize, file: impl Display) -> String {
    let noun = if sources == 1 { "source" } else { "sources" };
    format!("{name}: {sources} {noun} described in {file}")
}

pub fn note(warning: impl Display) -> String {
    format!("note: {warning}")
}

pub fn no_sample(error: impl Display) -> String {
    format!("no sample could be read: {error}")
}

pub fn look_through(file: impl Display) -> String {
    format!("look through {file}, then run `wardheat import`")
}

/// What a statistic is called in another tool.
pub fn in_tool(tool: &str, name: &str) -> String {
    format!("in {tool}: {name}")
}

pub fn default(value: impl Display) -> String {
    format!("default: {value}")
}

/// What an option does and its value where it is not given.
pub fn option(about: &str, default: &str) -> String {
    format!("{about} [{default}]")
}

/// The units of a statistic unless others are asked for.
pub fn default_units(of_workspace: &str, of_files: impl Display) -> String {
    format!("{of_workspace}; for a file of points {of_files}")
}

/// How far an import is: its stage, the share that is done, rows, rows a second and the seconds that
/// are left, where they are known.
pub fn progress(stage: &str, per_cent: u64, rows: u64, rate: i64, left: Option<f64>) -> String {
    let (rows, rate) = (thousands(rows as i64), thousands(rate));
    let left = left.map_or_else(String::new, |s| format!(", about {s:.0} s left"));
    format!("{stage}: {per_cent}%, {rows} rows, {rate} rows/s{left}")
}

pub fn kilobytes(bytes: u64) -> String {
    format!("{} kB", thousands(bytes.div_ceil(1000) as i64))
}

/// Rows and size of a file, in columns.
pub fn size(rows: u64, bytes: u64) -> String {
    let (rows, kilobytes) = (thousands(rows as i64), thousands(bytes.div_ceil(1000) as i64));
    format!("{rows:>12} rows {kilobytes:>12} kB")
}

pub fn incidents(n: u64) -> String {
    format!("{} incidents", thousands(n as i64))
}

pub fn seconds(what: &str, seconds: f64) -> String {
    format!("{what}: {seconds:.0} s")
}

pub fn steps(what: &str, done: u64, all: u64, left: f64) -> String {
    let (done, all) = (thousands(done as i64), thousands(all as i64));
    format!("{what}: {done} of {all} steps, about {left:.0} s left")
}

pub fn published(files: usize, bytes: usize, audience: Audience, folder: impl Display) -> String {
    let megabytes = bytes as f64 / 1e6;
    format!("published {files} files, {megabytes:.1} MB, for the {audience} to {folder}")
}

pub fn metrics_at(bound: impl Display) -> String {
    format!("metrics are at http://{bound}/metrics")
}

pub fn served_at(name: &str, bound: impl Display) -> String {
    format!("{name} is at http://{bound} until Ctrl-C")
}

pub fn made_for(audience: Audience) -> String {
    format!("was made for the {audience}")
}

pub fn port_in_use(port: u16) -> String {
    format!("port {port} is in use")
}

pub fn port_refused(port: u16) -> String {
    format!("port {port} may not be used by this account")
}

pub fn cannot_listen(address: impl Display) -> String {
    format!("cannot listen on {address}")
}

/// A store and its version.
pub fn held(name: &str, version: &str) -> String {
    format!("{name}, version {version}")
}

pub fn left_over(files: u64, bytes: u64) -> String {
    let size = kilobytes(bytes);
    format!("{files} files of {size} belong to no current import: wardheat store compact")
}

pub fn all_whole(files: usize) -> String {
    format!("all {files} files are as they were written")
}

pub fn removed(incidents: u64, files: usize) -> String {
    format!("removed {} incidents in {files} files", thousands(incidents as i64))
}

pub fn compacted(files: u64, bytes: u64) -> String {
    format!("removed {files} files, {}", kilobytes(bytes))
}

/// What a plan of meetings is of.
pub fn plan(area: &str, window: &str, from: impl Display) -> String {
    format!("{area}, {window}, from {from}")
}

pub fn chosen_in(seconds: f64) -> String {
    format!("chosen in {seconds:.3} s")
}

/// To whom tokens were given, and until when they may be used.
pub mod token {
    use std::fmt::Display;

    pub const NO_END: &str = "no end";

    pub fn give(name: &str) -> String {
        format!("give it to {name}; only its hash is kept, so it cannot be shown again")
    }

    pub fn revoked(name: &str) -> String {
        format!("the token of {name} has ended")
    }

    pub fn until(day: impl Display) -> String {
        format!("until {day}")
    }

    pub fn ended(day: impl Display) -> String {
        format!("ended {day}")
    }

    pub fn since(created: &str, end: &str) -> String {
        format!("since {created}, {end}")
    }
}
