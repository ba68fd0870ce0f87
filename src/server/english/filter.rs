//! What is wrong with a filter, a box or a time that features are chosen by.

use std::fmt::Display;

pub const BREAKS_OFF: &str = "the filter breaks off";
pub const AFTER_NOT: &str = "after NOT comes IN, BETWEEN or LIKE";
pub const BETWEEN_NUMBERS: &str = "BETWEEN takes numbers";
pub const LIKE_TEXT: &str = "LIKE takes a text in single quotes";
pub const PROPERTY_ON_THE_LEFT: &str = "a property is wanted on the left";
const THE_END: &str = "the end";

pub const FOUR_NUMBERS: &str = "wanted four numbers (or six with heights), least corner first";
pub const BEYOND_THE_SECOND: &str = "the first corner lies beyond the second";
pub const NORTH_OF_THE_SECOND: &str = "the first corner lies north of the second";
pub const CORNERS_OUTSIDE: &str = "its corners lie outside the system";
pub const ONE_END: &str = "an interval needs one end at least";

// What is compared.
pub const A_NUMBER: &str = "a number";
pub const TEXT: &str = "text";
pub const A_FLAG: &str = "yes or no";

pub fn wanted(kind: &str) -> String {
    format!("wanted {kind}")
}

pub fn not_compared(left: &str, right: &str) -> String {
    format!("{left} cannot be compared with {right}")
}

pub fn too_long(bytes: usize) -> String {
    format!("longer than {bytes} bytes")
}

pub fn too_many(comparisons: usize) -> String {
    format!("more than {comparisons} comparisons")
}

pub fn too_deep(levels: usize) -> String {
    format!("nested deeper than {levels}")
}

pub fn one_too_many(word: &str) -> String {
    format!("`{word}` is one word too many")
}

/// A quote that is not closed, by the place of its letter from 1.
pub fn open_quote(letter: usize) -> String {
    format!("a quote at letter {letter} is not closed")
}

pub fn no_meaning(letter: char) -> String {
    format!("`{letter}` has no meaning in a filter")
}

pub fn other_word(wanted: &str, found: Option<&str>) -> String {
    let found = found.map_or(THE_END.to_owned(), |token| format!("`{token}`"));
    format!("`{wanted}` wanted, {found} found")
}

pub fn no_geometry(property: &str) -> String {
    format!("`{property}` is no geometry; the geometry is called `geometry`")
}

pub fn no_coordinate(number: &str) -> String {
    format!("`{number}` is no coordinate")
}

pub fn unknown_shape(kind: &str, numbers: usize) -> String {
    format!(
        "`{kind}` with {numbers} numbers is not read; BBOX(w,s,e,n), POINT(x y) and \
         POLYGON((x y, ...)) are"
    )
}

pub fn no_property(name: &str, known: &[&str]) -> String {
    format!("there is no property `{name}` (there are: {})", known.join(", "))
}

pub fn value_wanted(property: &str) -> String {
    format!("a value wanted, the property `{property}` found")
}

pub fn no_comparison(sign: &str) -> String {
    format!("`{sign}` is no comparison")
}

pub fn no_system(known: &[&str]) -> String {
    format!("not offered (there are: {})", known.join(", "))
}

pub fn no_time(text: &str) -> String {
    format!("`{text}` is neither a time nor an interval such as 2025-01-01T00:00:00Z/..")
}

pub fn ends_early(text: &str) -> String {
    format!("`{text}` ends before it starts")
}

// Months that heat is set against.

pub const WITHOUT_AGAINST: &str = "wanted without `against`: a difference has classes of its own";
pub const SAME_MONTHS: &str = "the same months as the window itself";

pub fn or_year_earlier(error: impl Display) -> String {
    format!("{error}, or year-earlier")
}

pub fn outside_the_data(window: impl Display, data: impl Display) -> String {
    format!("{window} lies outside the data, which run {data}")
}
