//! Small numbers: what may be told, and how what is not is shown.
//!
//! [`mask`] decides once, over the finest groups that any request can tell apart; sums and
//! differences of what it lets through are sums and differences of groups that are empty or large
//! enough. [`show`] then says "not shown" where a reader would take a held-back count for none.

use crate::audience::Disclosure;
use crate::table::Value;

use super::{Feature, Layer, english};

/// A rate over fewer records than this is not shown to the public: its interval spans everything.
const FEWEST_FOR_A_RATE: i64 = 10;

/// Whether a rate over this many records is shown to those whom the data were made for.
pub fn shows_rate(disclosure: Option<&Disclosure>, count: u64) -> bool {
    disclosure.is_none_or(|made| made.rule.least < 2) || count >= FEWEST_FOR_A_RATE as u64
}

/// A part of a whole, with what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Position of its whole.
    pub whole: usize,
    /// Records in it.
    pub count: u64,
}

/// How many records of each part are told, when the totals of the wholes are.
///
/// Parts are told in steps of `least`, rounded down, so that one of 1 to `least - 1` is told as none
/// (primary suppression), and no two counts told differ by 1 to `least - 1` either. The rest of a
/// whole, its total less what is told of its parts, is a part too: where it would be 1 to
/// `least - 1`, one step is taken off the largest part (secondary suppression). So every count told,
/// every rest, and every sum of such is 0 or at least `least`.
///
/// # Shapes and units
///
/// - `parts`: `[n_parts]`, in an order of their own that decides between equals.
/// - `totals`: `[n_wholes]`, records of each whole, in a part or not.
/// - returns: `[n_parts]`, records told.
///
/// # Source
///
/// Hundepool et al. (2012), *Statistical Disclosure Control*, chapter 5 (frequency tables:
/// rounding; primary and secondary suppression), <https://doi.org/10.1002/9781118348239>.
pub fn mask(parts: &[Part], totals: &[u64], least: u64) -> Vec<u64> {
    let step = least.max(1);
    let mut told: Vec<u64> = parts.iter().map(|part| part.count - part.count % step).collect();
    let mut rests = totals.to_vec();
    // By whole: the largest part, the first of equals.
    let mut largest: Vec<Option<usize>> = vec![None; totals.len()];
    for (i, part) in parts.iter().enumerate() {
        rests[part.whole] -= told[i];
        let before = &mut largest[part.whole];
        if told[i] > 0 && before.is_none_or(|before| told[before] < told[i]) {
            *before = Some(i);
        }
    }
    for (rest, largest) in rests.into_iter().zip(largest) {
        if let Some(part) = largest
            && (1..step).contains(&rest)
        {
            told[part] -= step;
        }
    }
    told
}

/// Makes what was held back look held back: no count where the audience is not told of a cell, no
/// rate over few records.
pub fn show(layers: &mut [Layer], disclosure: &Disclosure) {
    if disclosure.rule.least < 2 {
        return;
    }
    for layer in layers {
        match layer.id {
            "cells" => hide_cells(layer),
            "wards" | "lsoas" => hide_rates(layer),
            _ => {}
        }
    }
}

/// No record told of may be none, or too few to tell.
fn hide_cells(layer: &mut Layer) {
    let column = |id: &str| layer.column(id);
    let (Some(count), Some(class)) = (column("count"), column("class")) else { return };
    let figures: Vec<usize> =
        ["count", "density", "z", "p", "q"].into_iter().filter_map(column).collect();
    for Feature { values, .. } in &mut layer.features {
        if values[count] == Value::Count(0) {
            for &i in &figures {
                values[i] = Value::None;
            }
            values[class] = english::NOT_SHOWN.into();
        }
    }
}

fn hide_rates(layer: &mut Layer) {
    const RATES: [&str; 6] =
        ["rate", "rate_low", "rate_high", "rate_day", "rate_day_low", "rate_day_high"];
    let Some(count) = layer.column("count") else { return };
    let rates: Vec<usize> = RATES.into_iter().filter_map(|id| layer.column(id)).collect();
    for Feature { values, .. } in &mut layer.features {
        if matches!(values[count], Value::Count(n) if n < FEWEST_FOR_A_RATE) {
            for &i in &rates {
                values[i] = Value::None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn part(whole: usize, count: u64) -> Part {
        Part { whole, count }
    }

    #[test]
    fn counts_are_told_in_steps_and_too_few_not_at_all() {
        assert_eq!(
            mask(&[part(0, 4), part(0, 5), part(0, 0), part(0, 13)], &[30], 5),
            [0, 5, 0, 10]
        );
    }

    #[test]
    fn a_step_is_taken_off_the_largest_where_the_rest_would_be_told() {
        // 3 would be left over once 10 and 5 are told of 18.
        assert_eq!(mask(&[part(0, 10), part(0, 3), part(0, 5)], &[18], 5), [5, 0, 5]);
        assert_eq!(mask(&[part(0, 10), part(0, 5)], &[15], 5), [10, 5]);
    }

    #[test]
    fn one_whole_does_not_touch_another_and_one_tells_everything() {
        assert_eq!(mask(&[part(0, 10), part(1, 10)], &[10, 11], 5), [10, 5]);
        assert_eq!(mask(&[part(0, 1), part(0, 7)], &[9], 1), [1, 7]);
    }

    proptest! {
        #[test]
        fn what_is_told_and_what_is_left_is_nothing_or_enough(
            parts in prop::collection::vec((0..4usize, 0..20u64), 0..60),
            outside in prop::collection::vec(0..9u64, 4),
        ) {
            let parts: Vec<Part> =
                parts.into_iter().map(|(whole, count)| Part { whole, count }).collect();
            let mut totals = outside;
            for part in &parts {
                totals[part.whole] += part.count;
            }

            let told = mask(&parts, &totals, 5);

            for (whole, total) in totals.iter().enumerate() {
                let of_whole = parts.iter().zip(&told).filter(|(part, _)| part.whole == whole);
                let kept: u64 = of_whole.clone().map(|(_, told)| told).sum();
                prop_assert!(of_whole.clone().all(|(part, told)| *told <= part.count));
                prop_assert!(of_whole.clone().all(|(_, told)| told.is_multiple_of(5)));
                let rest = total - kept;
                prop_assert!(kept == 0 || rest == 0 || rest >= 5, "{rest} left of {total}");
            }
        }
    }
}
