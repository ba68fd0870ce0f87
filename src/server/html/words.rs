//! Numbers, ranges and findings as words: plain, careful, the same on every page.

use super::rows::{Hotspot, Ranged};
use crate::layer::words::count_word;
pub(super) use crate::layer::words::{counted, lower_first, ordinal, thousands};

/// A rate: one decimal, thousands parted.
pub(super) fn one_decimal(x: f64) -> String {
    let tenths = (x * 10.0).round() as i64;
    format!("{}.{}", thousands(tenths / 10), tenths.abs() % 10)
}

/// `46 to 82`, or one number where both ends print alike.
pub(super) fn range(low: &str, high: &str) -> String {
    if low == high { low.to_owned() } else { format!("{low} to {high}") }
}

/// The interval of a rate.
pub(super) fn rate_range(rate: Ranged) -> String {
    range(&one_decimal(rate.low), &one_decimal(rate.high))
}

/// The interval of a rank: `3rd to 7th`.
pub(super) fn rank_range(rank: Ranged) -> String {
    range(&ordinal(rank.low.round() as i64), &ordinal(rank.high.round() as i64))
}

/// A share as a percentage; under one per cent with a decimal, so that little is not nothing.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 0.05 {
        "under 0.1%".to_owned()
    } else if percent > 0.0 && percent < 9.95 {
        format!("{percent:.1}%")
    } else {
        format!("{percent:.0}%")
    }
}

/// Square kilometres, two figures.
pub(super) fn km2(x: f64) -> String {
    if x < 9.95 { format!("{x:.2} km²") } else { format!("{} km²", one_decimal(x)) }
}

/// A small number as a word, at the start of a sentence.
pub(super) fn number_word(n: usize) -> String {
    let word = count_word(n);
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

/// Change of a count as a rate ratio: `1.3 times the year before (1.1 to 1.6)`.
pub(super) fn ratio(change: Ranged) -> String {
    if change.high.is_finite() {
        format!("{:.2} times ({:.2} to {:.2})", change.value, change.low, change.high)
    } else {
        format!("{:.2} times ({:.2} or more)", change.value, change.low)
    }
}

/// What the hotspots hold together, in a sentence.
pub(super) fn hotspots_sentence(hotspots: &[Hotspot], land_km2: f64) -> String {
    match hotspots {
        [] => "No group of cells stands out from the rest: no hotspots.".to_owned(),
        many => {
            let share: f64 = many.iter().map(|h| h.share).sum();
            let area: f64 = many.iter().map(|h| h.area_km2).sum();
            let land = if land_km2 > 0.0 {
                format!(" on {} of the land", percent(area / land_km2))
            } else {
                String::new()
            };
            let (noun, verb) =
                if many.len() == 1 { ("hotspot", "holds") } else { ("hotspots", "hold") };
            format!("{} {noun} {verb} {} of it{land}.", number_word(many.len()), percent(share))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_share_is_not_nothing() {
        assert_eq!(percent(0.0), "0%");
        assert_eq!(percent(0.0001), "under 0.1%");
        assert_eq!(percent(0.012), "1.2%");
        assert_eq!(percent(0.26), "26%");
        assert_eq!(percent(1.0), "100%");
    }

    #[test]
    fn decimals_round_once() {
        assert_eq!(one_decimal(30.36), "30.4");
        assert_eq!(one_decimal(9.99), "10.0");
        assert_eq!(one_decimal(1234.5), "1,234.5");
    }
}
