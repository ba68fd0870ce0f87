//! Classes of pixels as numbers: what a picture is made of before it is painted.
#![expect(
    clippy::inline_always,
    reason = "only inlined code uses the processor's widest registers"
)]

use fearless_simd::Level;

use super::classify::Scale;
use super::palette::HEAT_CLASSES;

/// Edges of the classes as the inner loop wants them.
#[derive(Debug)]
pub(super) struct Edges {
    rising: [f64; HEAT_CLASSES],
    /// Whether less than nothing has classes too.
    difference: bool,
    /// The widest registers of this processor.
    pub level: Level,
}

impl Edges {
    pub fn new(scale: &Scale) -> Self {
        let mut rising = [f64::INFINITY; HEAT_CLASSES];
        for (edge, &stated) in rising.iter_mut().zip(scale.edges()) {
            // Nothing at all is never drawn, as in `class_of`.
            *edge = stated.max(f64::MIN_POSITIVE);
        }
        Self { rising, difference: matches!(scale, Scale::Difference(_)), level: Level::new() }
    }

    /// Whether nothing is drawn whatever the value.
    pub fn are_none(&self) -> bool {
        self.rising[0].is_infinite()
    }

    /// 0 where nothing is drawn, else one more than the class of the legend. For amounts that is
    /// [`class_of`](super::classify::class_of): how many edges the value reaches.
    pub fn code(&self, value: f64) -> u8 {
        self.codes(&[value])[0]
    }

    /// [`Self::code`] of many, counted free of branches.
    #[inline(always)]
    pub fn codes<const N: usize>(&self, values: &[f64; N]) -> [u8; N] {
        let mut sizes = *values;
        if self.difference {
            for size in &mut sizes {
                *size = size.abs();
            }
        }
        let mut reached = [0_u64; N];
        for edge in self.rising {
            for k in 0..N {
                reached[k] += u64::from(sizes[k] >= edge);
            }
        }
        let half = HEAT_CLASSES as u64 / 2;
        let mut codes = [0; N];
        for k in 0..N {
            codes[k] = match reached[k] {
                size if !self.difference => size,
                0 => 0,
                size if values[k] > 0.0 => half + size.min(half),
                size => half + 1 - size.min(half),
            } as u8;
        }
        codes
    }
}

#[cfg(test)]
mod tests {
    use super::super::classify::class_of;
    use super::*;

    #[test]
    fn codes_of_amounts_are_the_classes_of_the_legend() {
        let breaks = vec![1.0, 2.0, 5.0, 10.0, 20.0, 50.0];
        let edges = Edges::new(&Scale::Amount(breaks.clone()));
        let values = [-1.0, 0.0, 0.999, 1.0, 4.9, 5.0, 49.0, 50.0, 1e9];
        let wanted =
            values.map(|value| class_of(value, &breaks).map_or(0, |class| class as u8 + 1));

        assert_eq!(edges.codes(&values), wanted);
        assert!(Edges::new(&Scale::Amount(Vec::new())).are_none());
    }

    #[test]
    fn a_difference_has_classes_on_both_sides_of_nothing() {
        let edges = Edges::new(&Scale::Difference(vec![10.0, 20.0, 40.0]));
        let codes: Vec<u8> =
            [-50.0, -40.0, -39.0, -20.0, -10.0, -9.9, 0.0, 9.9, 10.0, 20.0, 39.0, 99.0]
                .map(|value| edges.code(value))
                .to_vec();

        assert_eq!(codes, [1, 1, 2, 2, 3, 0, 0, 0, 4, 5, 5, 6]);
    }
}
