//! Every English word of statistics that more than one of them says; what one alone says stands with
//! it, in the file that makes it selectable.

pub(super) mod class;
pub(super) mod head;
pub(super) mod hours;
pub(super) mod method;
pub(super) mod note;
