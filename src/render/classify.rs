//! Classes: which of a few steps an amount belongs to.

/// The class of `value` for rising lower `edges`: the last whose edge it reaches.
///
/// `None` below the first edge, for what is not a number, and for nothing at all (0 or less).
pub fn class_of(value: f64, edges: &[f64]) -> Option<usize> {
    if value > 0.0 { edges.iter().rposition(|&edge| value >= edge) } else { None }
}

/// The classes of a density or of a difference of two, by their edges.
#[derive(Debug, Clone, PartialEq)]
pub enum Scale {
    /// Rising lower edges, at most six; less than the first is not drawn.
    Amount(Vec<f64>),
    /// Rising edges above zero, at most three, that hold for more and for less alike; what differs
    /// by less than the first is not drawn.
    Difference(Vec<f64>),
}

impl Scale {
    /// The edges.
    pub fn edges(&self) -> &[f64] {
        match self {
            Self::Amount(edges) | Self::Difference(edges) => edges,
        }
    }
}

/// Most classes a choropleth has.
pub const CHOROPLETH_CLASSES: usize = 6;

/// Share of the values that should lie below the open class at the top.
const BELOW_THE_TOP: f64 = 0.9;

/// Lower edges of the classes of a choropleth: equal steps of a round size from zero, the last
/// class open.
///
/// Equal steps from zero let a reader compare two classes without the legend. About a tenth of the
/// values may lie in the open class at the top, so that one extreme ward does not push all others
/// into one colour. Values that are not above zero are left out; where none is left there is one
/// class from zero.
pub fn round_edges(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> =
        values.into_iter().filter(|value| value.is_finite() && *value > 0.0).collect();
    values.sort_by(f64::total_cmp);
    if values.is_empty() {
        return vec![0.0];
    }
    let position = ((values.len() - 1) as f64 * BELOW_THE_TOP).round() as usize;
    let step = round_step(values[position] / (CHOROPLETH_CLASSES - 1) as f64);
    let top = values[values.len() - 1];
    (0..CHOROPLETH_CLASSES)
        .map(|i| step.times(i))
        .take_while(|&edge| edge == 0.0 || edge <= top)
        .collect()
}

/// A round number as digits and a power of ten, so that its multiples print as they are meant.
#[derive(Debug, Clone, Copy)]
struct Round {
    digits: u32,
    power: i32,
}

impl Round {
    fn times(self, n: usize) -> f64 {
        let digits = f64::from(self.digits) * n as f64;
        // Dividing by a whole power of ten is exact to the last place; multiplying by 0.1 is not.
        if self.power < 0 {
            digits / 10f64.powi(-self.power)
        } else {
            digits * 10f64.powi(self.power)
        }
    }
}

/// The round number nearest to `size` in ratio: 1, 2, 3, 4, 5, 6 or 8 times a power of ten, or 2.5
/// times one.
fn round_step(size: f64) -> Round {
    let power = size.log10().floor() as i32 - 1;
    [10, 20, 25, 30, 40, 50, 60, 80, 100]
        .into_iter()
        .map(|digits| Round { digits, power })
        .min_by(|a, b| {
            let off = |round: &Round| (round.times(1) / size).ln().abs();
            off(a).total_cmp(&off(b))
        })
        .unwrap_or(Round { digits: 10, power })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_belongs_to_the_class_above_it() {
        let edges = [20.0, 40.0, 60.0];

        assert_eq!(class_of(19.999, &edges), None);
        assert_eq!(class_of(20.0, &edges), Some(0));
        assert_eq!(class_of(59.9, &edges), Some(1));
        assert_eq!(class_of(1e9, &edges), Some(2));
    }

    #[test]
    fn nothing_is_in_no_class() {
        assert_eq!(class_of(0.0, &[0.0, 0.0]), None);
        assert_eq!(class_of(f64::NAN, &[1.0]), None);
        assert_eq!(class_of(5.0, &[]), None);
    }

    #[test]
    fn edges_are_round_and_equal_steps_from_zero() {
        let rates = (1..=27).map(|i| f64::from(i) * 3.7);

        assert_eq!(round_edges(rates), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0][..5].to_vec());
    }

    #[test]
    fn one_extreme_value_leaves_the_others_apart() {
        let mut rates: Vec<f64> = (1..=20).map(|i| 5.0 + f64::from(i)).collect();
        rates.push(400.0);

        let edges = round_edges(rates);

        assert_eq!(edges, [0.0, 5.0, 10.0, 15.0, 20.0, 25.0]);
    }

    #[test]
    fn small_rates_have_edges_that_print_short() {
        let edges = round_edges([0.11, 0.23, 0.31, 0.42, 0.55]);

        let printed: Vec<String> = edges.iter().map(ToString::to_string).collect();
        assert!(printed.iter().all(|edge| edge.len() <= 5), "{printed:?}");
        assert!(edges.len() >= 4);
    }

    #[test]
    fn no_values_make_one_class() {
        assert_eq!(round_edges([]), [0.0]);
        assert_eq!(round_edges([0.0, f64::NAN]), [0.0]);
    }
}
