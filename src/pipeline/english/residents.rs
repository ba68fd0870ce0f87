//! Residents of wards, added up from those of smaller areas.

use crate::layer::words::thousands;

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
