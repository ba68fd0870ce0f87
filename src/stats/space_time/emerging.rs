//! Emerging classes: the history of a hot or cold place in one word.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::stats::english::class as say;

/// State of one place in one period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Heat {
    /// Significantly high.
    Hot,
    /// Neither.
    Neither,
    /// Significantly low.
    Cold,
}

impl Heat {
    /// By a z-score and its p-value or q-value: significant at most `alpha`. Not tested is neither.
    pub fn of(z: Option<f64>, p: Option<f64>, alpha: f64) -> Self {
        match (z, p) {
            (Some(z), Some(p)) if p <= alpha && z > 0.0 => Self::Hot,
            (Some(z), Some(p)) if p <= alpha && z < 0.0 => Self::Cold,
            _ => Self::Neither,
        }
    }

    const fn turned(self) -> Self {
        match self {
            Self::Hot => Self::Cold,
            Self::Neither => Self::Neither,
            Self::Cold => Self::Hot,
        }
    }
}

/// What a place has been over time. Of the same name for cold places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// Hot in the last period and never before.
    New,
    /// Hot in an unbroken run of two or more periods at the end, never before it, and in less than
    /// the share of all.
    Consecutive,
    /// Hot in the share of periods or more, the last among them, and significantly rising.
    Intensifying,
    /// The same and significantly falling.
    Diminishing,
    /// Hot in the share of periods or more, but not in the last.
    Historical,
    /// Hot in the share of periods or more, without a significant trend.
    Persistent,
    /// Hot in the last period, significantly cold in some earlier one, and hot in less than the
    /// share.
    Oscillating,
    /// Hot in the last period, on and off before, in less than the share, and never significantly
    /// cold.
    Sporadic,
}

/// In the order in which one place is given one class: the definitions overlap and their source
/// states no precedence.
const PATTERNS: [Pattern; 8] = [
    Pattern::New,
    Pattern::Consecutive,
    Pattern::Intensifying,
    Pattern::Diminishing,
    Pattern::Historical,
    Pattern::Persistent,
    Pattern::Oscillating,
    Pattern::Sporadic,
];

/// One of the seventeen classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Emerging {
    /// A hot pattern.
    Hot(Pattern),
    /// A cold pattern.
    Cold(Pattern),
    /// None of them.
    None,
}

impl Emerging {
    /// In words, such as `new hotspot`; `no pattern` where there is none.
    pub const fn label(self) -> &'static str {
        say::emerging(self)
    }
}

/// Share of periods from which a place counts as hot all along.
pub const ALL_ALONG: f64 = 0.9;

/// Every class whose definition a history meets, hot before cold, in order of precedence.
///
/// # Shapes and units
///
/// - `history`: `[n_periods]`, in order of time.
/// - `trend`: of the place's z-scores: up, down or, where it is not significant, equal.
/// - `share`: of periods that make *persistent* and its kin, [`ALL_ALONG`] unless chosen.
pub fn matching_classes(history: &[Heat], trend: Ordering, share: f64) -> Vec<Emerging> {
    let turned: Vec<Heat> = history.iter().map(|heat| heat.turned()).collect();
    let hot = PATTERNS
        .into_iter()
        .filter(|&pattern| meets(pattern, history, trend, share))
        .map(Emerging::Hot);
    let cold = PATTERNS
        .into_iter()
        .filter(|&pattern| meets(pattern, &turned, trend.reverse(), share))
        .map(Emerging::Cold);
    hot.chain(cold).collect()
}

/// The class of a history: the first of [`matching_classes`].
///
/// Where definitions overlap the order is new, consecutive, intensifying, diminishing, historical,
/// persistent, oscillating, sporadic; hot before cold. *Consecutive* wants two periods or more and
/// *sporadic* a hot last period, as the current text of the source has it; `sfdep` follows an older
/// text in both.
///
/// # Source
///
/// Definitions as in `ArcGIS` Pro, *How Emerging Hot Spot Analysis works*.
#[doc(alias = "classify_hotspot")]
pub fn emerging_class(history: &[Heat], trend: Ordering, share: f64) -> Emerging {
    matching_classes(history, trend, share).first().copied().unwrap_or(Emerging::None)
}

fn meets(pattern: Pattern, history: &[Heat], trend: Ordering, share: f64) -> bool {
    let Some(&last) = history.last() else { return false };
    let hot = history.iter().filter(|&&heat| heat == Heat::Hot).count();
    let ever_cold = history.contains(&Heat::Cold);
    let run = history.iter().rev().take_while(|&&heat| heat == Heat::Hot).count();
    let ends_hot = last == Heat::Hot;
    // A count that rounding alone keeps below the share has reached it.
    let all_along = hot as f64 >= share * history.len() as f64 - 1e-9;
    match pattern {
        Pattern::New => ends_hot && hot == 1,
        Pattern::Consecutive => run >= 2 && run == hot && !all_along,
        Pattern::Intensifying => all_along && ends_hot && trend == Ordering::Greater,
        Pattern::Diminishing => all_along && ends_hot && trend == Ordering::Less,
        Pattern::Historical => all_along && !ends_hot,
        Pattern::Persistent => all_along && trend == Ordering::Equal,
        Pattern::Oscillating => ends_hot && ever_cold && !all_along,
        Pattern::Sporadic => ends_hot && hot > run && !ever_cold && !all_along,
    }
}

/// Thresholds of [`recent_class`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct RecentOptions {
    /// Share of periods that makes a place hot at all.
    pub threshold: f64,
    /// Share of periods that makes it persistent.
    pub persistent: f64,
    /// Share of periods that count as recent.
    pub recent: f64,
}

impl Default for RecentOptions {
    fn default() -> Self {
        Self { threshold: 0.1, persistent: 0.8, recent: 0.2 }
    }
}

/// The shorter list of classes: persistent, emerging, former, intermittent or no pattern, hot or
/// cold.
///
/// ```text
/// persistent     hot in the persistent share of periods or more
/// emerging       hot below the threshold before the recent periods, at or above it within them
/// former         the other way round
/// intermittent   hot at or above the threshold over all
/// ```
///
/// The recent periods are the last `floor(recent * n)`, one at least. A place that meets a hot and a
/// cold rule has the hot class.
///
/// # Source
///
/// The rule that `sfhotspot::hotspot_classify` documents. Its version 1.0.0 counts one recent period
/// more than it says; we follow what it says.
#[doc(alias = "hotspot_classify")]
pub fn recent_class(history: &[Heat], options: RecentOptions) -> &'static str {
    let turned: Vec<Heat> = history.iter().map(|heat| heat.turned()).collect();
    if let Some(kind) = recent_kind(history, options) {
        say::RECENT_HOT[kind]
    } else if let Some(kind) = recent_kind(&turned, options) {
        say::RECENT_COLD[kind]
    } else {
        say::NO_PATTERN
    }
}

fn recent_kind(history: &[Heat], options: RecentOptions) -> Option<usize> {
    let n = history.len();
    let n_recent = ((options.recent * n as f64 + 1e-9) as usize).clamp(1, n.max(1)).min(n);
    let (older, recent) = history.split_at(n - n_recent);
    let reaches = |part: &[Heat], share: f64| {
        let hot = part.iter().filter(|&&heat| heat == Heat::Hot).count();
        hot > 0 && hot as f64 >= share * part.len() as f64 - 1e-9
    };
    if reaches(history, options.persistent) {
        Some(0)
    } else {
        match (reaches(older, options.threshold), reaches(recent, options.threshold)) {
            (false, true) => Some(1),
            (true, false) => Some(2),
            _ => reaches(history, options.threshold).then_some(3),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(text: &str) -> Vec<Heat> {
        text.chars()
            .map(|c| match c {
                'H' => Heat::Hot,
                'C' => Heat::Cold,
                _ => Heat::Neither,
            })
            .collect()
    }

    fn class(text: &str, trend: Ordering) -> &'static str {
        emerging_class(&history(text), trend, ALL_ALONG).label()
    }

    #[test]
    fn each_class_has_its_history() {
        use Ordering::{Equal, Greater, Less};
        for (text, trend, label) in [
            (".........H", Equal, "new hotspot"),
            ("CC.......H", Equal, "new hotspot"),
            (".......HHH", Greater, "consecutive hotspot"),
            ("HHHHHHHHHH", Greater, "intensifying hotspot"),
            ("HHHHHHHHHH", Less, "diminishing hotspot"),
            (".HHHHHHHHH", Equal, "persistent hotspot"),
            ("HHHHHHHHH.", Greater, "historical hotspot"),
            ("H.C....H.H", Equal, "oscillating hotspot"),
            ("H......H.H", Equal, "sporadic hotspot"),
            ("H.........", Equal, "no pattern"),
            ("CCCCCCCCCC", Less, "intensifying coldspot"),
            ("CCCCCCCCCC", Greater, "diminishing coldspot"),
            ("C......C.C", Equal, "sporadic coldspot"),
            ("", Equal, "no pattern"),
        ] {
            assert_eq!(class(text, trend), label, "{text}");
        }
    }

    #[test]
    fn a_mirrored_history_has_the_mirrored_class() {
        for text in [".........H", "..HH.H...H", "C...HH...H", "HHHHHHHHHH", "HHHHHHHHH."] {
            for trend in [Ordering::Less, Ordering::Equal, Ordering::Greater] {
                let hot = matching_classes(&history(text), trend, ALL_ALONG);
                let turned: Vec<Heat> = history(text).into_iter().map(Heat::turned).collect();
                let cold = matching_classes(&turned, trend.reverse(), ALL_ALONG);
                let names = |classes: &[Emerging]| {
                    let mut names: Vec<String> = classes
                        .iter()
                        .map(|c| c.label().replace("cold", "x").replace("hot", "x"))
                        .collect();
                    names.sort();
                    names
                };
                assert_eq!(names(&hot), names(&cold), "{text}");
            }
        }
    }

    #[test]
    fn the_shorter_list_follows_its_documented_thresholds() {
        let class = |text: &str| recent_class(&history(text), RecentOptions::default());

        assert_eq!(class("HHHHHHHH.."), "persistent hotspot");
        // The last two of ten are recent.
        assert_eq!(class("........H."), "emerging hotspot");
        assert_eq!(class(".......H.."), "former hotspot");
        assert_eq!(class("...H.....H"), "intermittent hotspot");
        assert_eq!(class("CCCCCCCCCC"), "persistent coldspot");
        assert_eq!(class(".........."), "no pattern");
        assert_eq!(class(""), "no pattern");
    }
}
