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
pub const BY_GROUND: &str =
    "residents of a ward are those of its LSOAs; none where its border cuts one";

/// For how many wards there is a sum.
pub fn wards(with: usize, of: usize) -> String {
    format!("residents of {with} of {of} wards added up from LSOAs: no file gives them by ward")
}

/// What is wanted for the others.
pub fn cut(names: &str) -> String {
    format!(
        "LSOAs lie across the borders of {names}: no rates for them without a [[population]] by ward, or \
         a [[lookup]] from LSOA to ward"
    )
}
