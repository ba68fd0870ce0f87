//! Numbers, ranges and findings as words: plain, careful, the same on every page.

use super::english::words as say;
use super::rows::{Hotspot, Ranged};
pub(super) use crate::layer::words::{counted, lower_first, ordinal, thousands};

/// A rate: one decimal, thousands parted.
pub(super) fn one_decimal(x: f64) -> String {
    let tenths = (x * 10.0).round() as i64;
    format!("{}.{}", thousands(tenths / 10), tenths.abs() % 10)
}

/// `46 to 82`, or one number where both ends print alike.
pub(super) fn range(low: &str, high: &str) -> String {
    if low == high { low.to_owned() } else { say::to(low, high) }
}

/// The interval of a rate.
pub(super) fn rate_range(rate: Ranged) -> String {
    range(&one_decimal(rate.low), &one_decimal(rate.high))
}

/// A place in a ranking: `3rd`.
pub(super) fn rank_place(place: f64) -> String {
    ordinal(place.round() as i64)
}

/// The interval of a rank: `3rd to 7th`.
pub(super) fn rank_range(rank: Ranged) -> String {
    range(&rank_place(rank.low), &rank_place(rank.high))
}

/// A share as a percentage; under one per cent with a decimal, so that little is not nothing.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 0.05 {
        say::UNDER_A_TENTH.to_owned()
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

/// Change of a count as a rate ratio: `1.3 times the year before (1.1 to 1.6)`.
pub(super) fn ratio(change: Ranged) -> String {
    say::times(change.value, change.low, change.high.is_finite().then_some(change.high))
}

/// What the hotspots hold together, in a sentence; `all` where every record has a place.
pub(super) fn hotspots_sentence(hotspots: &[Hotspot], all: bool, land_km2: f64) -> String {
    if hotspots.is_empty() {
        return say::NO_HOTSPOTS.to_owned();
    }
    let share: f64 = hotspots.iter().map(|h| h.share).sum();
    let area: f64 = hotspots.iter().map(|h| h.area_km2).sum();
    let land = (land_km2 > 0.0).then(|| percent(area / land_km2));
    say::hotspots(hotspots.len(), &percent(share), all, land.as_deref())
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
