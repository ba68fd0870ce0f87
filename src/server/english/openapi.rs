//! The description of the service: what each path, parameter and reply is.

pub const BAD_PARAMETER: &str = "A parameter cannot be used";
pub const NO_FORM: &str = "No form of the answer is accepted";
pub const ADDRESS_TOO_LONG: &str = "The address is too long";
pub const UNANSWERABLE: &str = "The data cannot answer this";
pub const TOO_MANY: &str = "One client asks too much";
pub const ASK_AGAIN: &str = "Too much is waiting, or the work takes long: ask again";
pub const NO_SUCH_ID: &str = "Nothing has this id";
pub const LANDING: &str = "Landing page";
pub const THIS_DESCRIPTION: &str = "This description";
pub const STATISTIC: &str = "One statistic, with every option";
pub const CRS: &str = "System of the coordinates";
pub const ABOUT: &str = "Recorded incidents by ward, cell and hotspot, with their uncertainty. Records are what was \
     reported and recorded; nothing here predicts.";
pub const FORM_OF_ANSWER: &str = "Form of the answer; it goes before Accept";
pub const VERSION: &str =
    "Version of the data an address was made for: how long the answer may be kept";
pub const TYPE: &str = "Which incidents: a crime type, all, all-crime, fire";
pub const FROM: &str = "First month; with `to`";
pub const TO: &str = "Last month; with `from`";
pub const WINDOW: &str = "Months: 2025-01..2025-12, oct-sep, jan-dec, apr-mar, latest or all";
pub const SOURCE: &str = "Only this source";
pub const DAY: &str = "Days: mon to sun in a list or range, weekday or weekend";
pub const HOUR: &str = "Band of the clock, such as 18-24, or 21-5 past midnight";
pub const LIMIT: &str = "Features of a page; more than the most are clamped to it";
pub const OFFSET: &str = "Features to skip";
pub const BBOX: &str = "Features that meet this box, least corner first";
pub const DATETIME: &str =
    "Features whose months meet this instant or interval (RFC 3339, `..` for an open end)";
pub const CRS_GIVEN: &str = "System of the coordinates given";
pub const BBOX_CRS: &str = "System of `bbox`";
pub const FILTER: &str = "CQL2 text over the queryables";
pub const FILTER_LANGUAGE: &str = "Language of `filter`";
pub const FILTER_CRS: &str = "System of positions in `filter`";
pub const MUCH_IS_WAITING: &str = "Too much is waiting: ask again";
pub const RUN: &str =
    "Run an analysis or, where one is named, a statistic: the same request as `wardheat analyse`";
pub const NOT_ALLOWED: &str = "Whoever asks may not have single statistics";
pub const DONE: &str = "It is done: `Location` says where";
pub const BEGUN: &str = "It is under way: `Location` says where to ask how far";
pub const BODY_TOO_LARGE: &str = "The body is too large";
pub const POLL: &str = "How far it is; once it is done, what can be fetched";
pub const ENDED: &str = "It has ended";
pub const UNDER_WAY: &str = "It is under way";
pub const CANCEL: &str = "Stop it, unless others wait for the same, and forget it";
pub const FORGOTTEN: &str = "It is forgotten";
pub const FILE: &str = "A layer or table and its form, such as wards.geojson or by-month.csv";
pub const FETCH: &str = "A layer in the format of any writer, or a table";
pub const THE_FILE: &str = "The file";
pub const STILL_UNDER_WAY: &str = "It is under way still";
pub const ALONE: &str = "Run this alone; `/statistics` has its options";
pub const UNITS: &str = "What a statistic counts in: ward, lsoa, square:250, hexagon:250, h3:250";
pub const OPTIONS: &str = "Options of the statistic";
pub const A_TILING_SCHEME: &str = "A tiling scheme";
pub const HEAT_TILE_SETS: &str = "Heat: its tile sets";
pub const HEAT_TILE_SET: &str = "Heat: a tile set";
pub const COLOURS: &str = "Colours";
pub const FORM: &str = "Form";
pub const HEAT_TILE: &str = "Heat: a tile";
pub const BAD_ADDRESS: &str = "A parameter or part of the address cannot be used";
pub const NOTHING_HERE: &str = "Nothing is here";
pub const EMPTY_TILE: &str = "Nothing is in this tile";
pub const CLASSES_OF: &str = "Months whose classes the heat is drawn in, to compare two windows";
pub const AGAINST: &str = "Months to take away, or year-earlier: the tiles show the difference";
pub const WEIGHT: &str = "What an incident weighs";
pub const PER: &str = "What a density is divided by, beside the area";
pub const BANDWIDTH: &str = "Metres at which the kernel ends";

pub fn collection(title: &str) -> String {
    format!("{title}: what they are")
}

pub fn one(title: &str) -> String {
    format!("{title}: one of them")
}

pub fn tile_sets(title: &str) -> String {
    format!("{title}: their tile sets")
}

pub fn tile_set(title: &str) -> String {
    format!("{title}: a tile set")
}

pub fn vector_tile(title: &str) -> String {
    format!("{title}: a vector tile")
}
