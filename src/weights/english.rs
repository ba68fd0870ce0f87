//! Every English word of neighbours and their weights.

pub const NO_UNITS: &str = "no units";

/// How many units there are, how many neighbours they have, and how many have none.
pub fn neighbours(n: usize, (fewest, most): (usize, usize), mean: f64, islands: usize) -> String {
    let alone = match islands {
        0 => "none without".to_owned(),
        1 => "1 has none (an island)".to_owned(),
        more => format!("{more} have none (islands)"),
    };
    format!("{n} units with {fewest} to {most} neighbours, {mean:.1} on average; {alone}")
}

/// Links that a file has and that are not used.
pub fn own_links(n: usize, file: &str) -> String {
    format!("{n} links of a unit to itself in {file} are left out.")
}

/// A third column that may hold distances in place of weights.
pub fn third_column(file: &str, most: f64) -> String {
    format!(
        "The third column of {file} is taken as weights and goes up to {most}: if it holds \
         distances, as GeoDa writes them, add `:neighbours` so that each counts 1."
    )
}
