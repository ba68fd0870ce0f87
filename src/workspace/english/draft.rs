//! The comments of a first `wardheat.toml`.

pub const HEAD: &str = "\
# A wardheat workspace. Everything here may be corrected by hand; `wardheat check` then says what
# would be read, and `wardheat import` reads it. Paths are as seen from this folder, with `/`.
";
pub const NAME: &str = "Name of the study area, as printed on everything.";
pub const INVENTED: &str = "The data are invented: this is printed on everything.";
pub const PLANE: &str = "\
# Projected system, in metres, that everything is measured in: the place is not in Great
# Britain.
";
pub const ATTRIBUTION: &str = "
# Lines to print wherever the data are shown, as the licences of boundaries, population and streets
# ask. Those of incidents stand in their [[source]].
# attribution = [
#   \"Source: Office for National Statistics licensed under the Open Government Licence v3.0\",
#   \"Contains OS data © Crown copyright and database right 2025\",
# ]
";
pub const BOUNDARIES: &str = "Boundaries: `code` and `name` are columns of the file.";
pub const IF_IN_METRES: &str = "if the file is in metres and does not say so";
pub const POPULATION: &str =
    "Residents, households and who is there on a working day, joined to the areas by code.";
pub const NO_COLUMN: &str = "no column looked like it";
pub const STREETS: &str = "Street centre lines, for the map and for naming hotspots.";
pub const SNAP_POINTS: &str = "Snap points or addresses: where an incident can be recorded at all.";
pub const VENUES: &str = "Candidate venues for meetings.";
pub const MEETINGS: &str = "The diary of meetings.";
pub const CONTEXT: &str = "What else is known: each key names a column; others are never read.";
pub const COLUMNS_DIFFER: &str =
    "The files differ in their columns: the profile finds them in each.";
pub const NO_CATEGORY: &str = "`*` is every record that has no category.";

pub const SOURCES: &str = "\
# One [[source]] for each supplier. `files` may use * and ?; new months that fit are picked up.
#   location   how finely places may be kept: point, ward, outward-postcode or none. Records of
#              sensitive kinds (domestic, sexual, hate) are kept by ward whatever is said here.
#   date       how dates are written: dd/mm/yyyy, mm/dd/yyyy, yyyy-mm-dd, d-mmm-yyyy, yyyy-mm or
#              excel-serial. Without it, it is worked out from each file.
#   default-places   positions that stand for \"place not known\", such as a police station:
#              [[444500, 519000], [445120, 519860]]
#   count-by   committed or recorded: which date puts a record in its month. By when it happened for
#              patterns, by when it was recorded for performance.
#   drop-columns   columns that must not be read though the layout knows them.
#   [source.allow-text]   fields whose text you have looked at and found to name nobody:
#              ward = [\"title\"]. Signs: title, email, telephone, nhs-number, registration, birth-date.
#   [source.columns]      which column holds which field; columns not named are never read.
#   [source.categories]   categories of your own: \"text or code\" = \"crime type\", or \"exclude\".
";

/// What follows on why the form of dates is left open.
pub fn which_date(why: &str) -> String {
    format!("{why}; say which it is:")
}

pub fn dropped(columns: &[String]) -> String {
    format!("Dropped unread: {}", columns.join(", "))
}
