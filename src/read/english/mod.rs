//! Every English word of what is read: formats, reasons to leave a row or a file out, and what to do.

pub(super) mod reason;
