//! How something was tested, smoothed or compared, and what an option takes.

use crate::stats::comparison::ChangeOptions;
use crate::stats::scan::Model;
use crate::stats::{Adjustment, Alternative, BandwidthRule, OptionKind, Permutations};

pub const FROM_THE_NORMAL: &str = "from the normal distribution";

pub const fn alternative(alternative: Alternative) -> &'static str {
    match alternative {
        Alternative::TwoSided => "two-sided",
        Alternative::Greater => "one-sided, greater",
        Alternative::Less => "one-sided, less",
    }
}

pub const fn adjustment(adjustment: Adjustment) -> &'static str {
    match adjustment {
        Adjustment::BenjaminiHochberg => "false discovery rate (Benjamini-Hochberg)",
        Adjustment::BenjaminiYekutieli => "false discovery rate (Benjamini-Yekutieli)",
        Adjustment::Holm => "Holm",
        Adjustment::Bonferroni => "Bonferroni",
        Adjustment::None => "not adjusted for many tests",
    }
}

pub const fn bandwidth(rule: BandwidthRule) -> &'static str {
    match rule {
        BandwidthRule::NormalReference => "normal reference rule, mean of both axes",
        BandwidthRule::Silverman => "Silverman's rule on distances from the mean centre",
        BandwidthRule::Scott => "Scott's rule, mean of both axes",
        BandwidthRule::MeanNearest => "mean distance to the √n-th nearest incident",
    }
}

pub const fn scan(model: Model) -> &'static str {
    match model {
        Model::Poisson => "Poisson",
        Model::Bernoulli => "Bernoulli",
        Model::Permutation => "space-time permutation",
    }
}

/// What is written for an option.
pub const fn option(kind: OptionKind) -> &'static str {
    match kind {
        OptionKind::Boolean => "true or false",
        OptionKind::Integer => "whole number",
        OptionKind::Number => "number",
        OptionKind::String => "word",
        OptionKind::Array => "list, as a,b,c",
        OptionKind::Object => "JSON object",
    }
}

/// What a change is tested against.
pub fn change(options: &ChangeOptions) -> String {
    match (options.changes_nothing(), options.null_difference) {
        (false, _) => format!("{} times as many as a year earlier", options.null_ratio),
        (true, 0.0) => "no change".to_owned(),
        (true, more) if more > 0.0 => format!("{more} more than a year earlier"),
        (true, fewer) => format!("{} fewer than a year earlier", -fewer),
    }
}

pub fn permuted(permutations: Permutations) -> String {
    let Permutations { count, seed } = permutations;
    format!("pseudo p-values from {count} conditional permutations, seed {seed}")
}
