//! Residents of wards, added up from those of smaller areas.

use crate::layer::words::{counted, thousands};

/// Beside every rate: how they were added up, where a lookup says which area is in which ward.
pub fn by_lookup(codes: usize) -> String {
    format!(
        "residents of a ward are those of its LSOAs, as the lookup has them ({} codes)",
        thousands(codes as i64)
    )
}

/// And where none does.
pub const BY_GROUND: &str = "residents of a ward are those of the LSOAs that lie in it";

/// For how many wards there is a sum.
pub fn wards(with: usize, of: usize) -> String {
    format!("residents of {with} of {of} wards added up from LSOAs: no file gives them by ward")
}

/// What is wanted where borders of wards cut LSOAs.
pub fn cut(cutting: usize, of: usize) -> String {
    format!(
        "the borders of {cutting} of {of} wards cut LSOAs, so their residents cannot be added up: no rates \
         by ward without a [[population]] by ward, or a [[lookup]] from LSOA to ward"
    )
}

/// LSOAs that a lookup gives several wards: how many, the first, and its row in which file.
pub fn in_two_wards(n: usize, first: &str, at: Option<(&str, u64)>) -> String {
    let lsoas = counted(n as i64, "LSOA", "LSOAs");
    let at = at.map_or(String::new(), |(file, line)| format!(" (second in {file} line {line})"));
    format!(
        "the lookup gives {lsoas} more than one ward, {first}{at} first, so residents of wards cannot be \
         added up: no rates by ward; take out the rows that are wrong, or name the column with each \
         ward's part as `weight` of the [[lookup]]"
    )
}

/// LSOAs that lie in one ward as far as they lie in any.
pub fn beyond(n: usize) -> String {
    let (lsoas, their) = if n == 1 { ("LSOA lies", "its") } else { ("LSOAs lie", "their") };
    format!(
        "{n} {lsoas} partly beyond all wards, in the sea or another area: all {their} residents count \
         in the ward"
    )
}
