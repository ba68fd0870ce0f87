//! What is wrong with a workspace, and how it is put right.

use std::fmt::Display;

pub const NO_NAME: &str = "the study area has no name";
pub const SOURCE_ID: &str = "a source's id is lower-case letters, digits and hyphens";
pub const PRIORITY_NAME: &str = "the name of a priority has 1 to 48 letters and digits";
pub const NO_WARDS: &str = "there is no [[areas]] table of kind \"ward\"";

pub const NOT_A_WORKSPACE: &str =
    "make one with `wardheat init`, stand in its folder, or name it with --workspace DIR";
pub const UNREADABLE: &str = "check that the file exists and may be read";
pub const PLANE: &str = "name a projected system in metres, such as the UTM zone of the place; in \
    Great Britain leave `crs` away";

pub fn same_source(id: &str) -> String {
    format!("two sources are called `{id}`")
}

pub fn no_files(id: &str) -> String {
    format!("source `{id}` lists no files")
}

pub fn same_priority(name: impl Display) -> String {
    format!("two priorities are called `{name}`")
}

pub fn priority_of_priorities(name: &str) -> String {
    format!("priority `{name}` needs crime types under `categories`, not other priorities")
}

pub fn correct(file: &str) -> String {
    format!("correct {file} with any text editor")
}

/// The key is there and cannot be read.
pub fn key_unreadable(file: &str) -> String {
    format!(
        "{file} belongs to the workspace: put it back from your copy, or make the workspace again \
         with `wardheat init --force`"
    )
}

/// The key is no key.
pub fn key_wrong(file: &str) -> String {
    format!("put {file} back, or make it again with `wardheat init --force`")
}
