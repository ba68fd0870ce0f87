//! Every English word of counts weighted by harm.

/// Stands for the code of an incident that has none.
pub const NO_CODE: &str = "no code";

/// A table of weights: its name, edition and group of offences, if it has them.
pub fn table(name: &str, edition: &str, group: Option<&str>) -> String {
    let edition = if edition.is_empty() { "not stated" } else { edition };
    let group = group.map(|group| format!(", {group}")).unwrap_or_default();
    format!("{name} (edition {edition}{group})")
}
