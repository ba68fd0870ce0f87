//! Every English word that more than one statistic says; what one alone says stands in the file
//! that makes it selectable.

pub(super) mod class;
pub(super) mod head;
pub(super) mod hours;
pub(super) mod method;
pub(super) mod note;
