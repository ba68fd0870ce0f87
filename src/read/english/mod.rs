//! Every English word of what is read: formats, why a row or a file is left out, and what to do.

pub(super) mod fault;
pub(super) mod hint;
pub(super) mod name;
pub(super) mod reason;
pub(super) mod sheet;
pub(super) mod unread;
