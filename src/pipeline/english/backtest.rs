//! How well maps of some months told later ones.

pub const METHODS: &str = "Methods on months held out";
pub const STABILITY: &str = "Stability of the top places";

pub const AS_FORECASTS: &str = "Counts and densities are also judged as forecasts: the log-likelihood of what came (Poisson), how \
     much more that is than of an even spread, and the Brier score of a cell having any. A map of \
     z-scores says no number to expect and has none of these.";
pub const BEST_IS_FLATTERED: &str = "The best of many is flattered by having been picked: methods whose hit rate is behind by less \
     than about two standard errors of the difference are as good.";

/// Heading of the hit rate on this share of the land.
pub fn hit_rate_at(share: f64) -> String {
    format!("Hit rate at {}%", share * 100.0)
}

/// Title of the best methods on this share of the land.
pub fn best_at(share: f64) -> String {
    format!("Best at {}% of the land", share * 100.0)
}

pub fn no_cut(types: &str, history: usize, ahead: usize) -> String {
    format!("{types}: no {history} whole months before a cut and {ahead} after it.")
}

pub fn too_few(types: &str, judged: usize, wanted: usize) -> String {
    format!("{types}: {judged} incidents in the months judged are too few ({wanted} wanted).")
}

/// Types whose longer histories were left out, so that there are enough cuts.
pub fn shortened(longest: usize, cuts: usize, types: &[&str]) -> String {
    format!(
        "Histories of more than {longest} months are left out, the data being too short or broken \
         for {cuts} cuts: {}.",
        types.join(", ")
    )
}
