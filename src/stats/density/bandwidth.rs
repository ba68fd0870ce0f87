//! Bandwidth by rule: a start, to be looked at and rounded.

use crate::crs::Bng;

/// One bandwidth per axis, in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bandwidths {
    /// East to west.
    pub easting: f64,
    /// South to north.
    pub northing: f64,
}

impl Bandwidths {
    /// The mean of both axes: what one round kernel can use.
    pub fn mean(self) -> f64 {
        f64::midpoint(self.easting, self.northing)
    }
}

/// The normal reference rule, per axis.
///
/// ```text
/// h = 4 · 1.06 · min(sd, IQR / 1.34) · n^(-1/5)
/// ```
///
/// Four times the usual value, because the kernel it is meant for is four standard deviations wide.
/// `None` for fewer than two points, or where an axis has no spread.
///
/// # Source
///
/// Venables and Ripley (2002), *Modern Applied Statistics with S*, Springer: `bandwidth.nrd`.
/// Quantiles are R's type 7.
#[doc(alias = "bandwidth.nrd")]
pub fn normal_reference(points: &[Bng]) -> Option<Bandwidths> {
    let rule = |mut values: Vec<f64>| {
        let n = values.len() as f64;
        let sd = deviation(&values)?;
        values.sort_by(f64::total_cmp);
        let range = (quantile(&values, 0.75) - quantile(&values, 0.25)) / 1.34;
        let h = 4.0 * 1.06 * sd.min(range) * n.powf(-0.2);
        (h > 0.0).then_some(h)
    };
    per_axis(points, rule)
}

/// Scott's rule, per axis: the standard deviation of a Gaussian kernel.
///
/// ```text
/// h = sd · n^(-1/6)
/// ```
///
/// `None` for fewer than two points, or where an axis has no spread.
///
/// # Source
///
/// Scott (1992), *Multivariate Density Estimation*, Wiley, section 6.3.
#[doc(alias = "bw.scott")]
pub fn scott(points: &[Bng]) -> Option<Bandwidths> {
    let rule = |values: Vec<f64>| {
        let h = deviation(&values)? * (values.len() as f64).powf(-1.0 / 6.0);
        (h > 0.0).then_some(h)
    };
    per_axis(points, rule)
}

fn per_axis(points: &[Bng], rule: impl Fn(Vec<f64>) -> Option<f64>) -> Option<Bandwidths> {
    Some(Bandwidths {
        easting: rule(points.iter().map(|p| p.easting()).collect())?,
        northing: rule(points.iter().map(|p| p.northing()).collect())?,
    })
}

/// Standard deviation with n - 1; `None` for fewer than two values.
fn deviation(values: &[f64]) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    Some((values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt())
}

/// Quantile of sorted values, linear between the two around it (R's type 7).
pub(super) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() as f64 - 1.0);
    let (low, high) = (at.floor() as usize, at.ceil() as usize);
    sorted[low] + (at - at.floor()) * (sorted[high] - sorted[low])
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    fn points(n: u32) -> Vec<Bng> {
        (0..n).map(|i| Bng::new(f64::from(i), f64::from(i) * 2.0)).collect()
    }

    #[test]
    fn the_wider_axis_has_the_wider_bandwidth() {
        for rule in [normal_reference, scott] {
            let both = rule(&points(20)).unwrap();
            assert_relative_eq!(both.northing, 2.0 * both.easting);
            assert_relative_eq!(both.mean(), 1.5 * both.easting);
        }
    }

    #[test]
    fn quantiles_lie_between_their_neighbours() {
        assert_relative_eq!(quantile(&[1.0, 2.0, 3.0, 4.0], 0.25), 1.75);
        assert_relative_eq!(quantile(&[7.0], 0.9), 7.0);
    }

    #[test]
    fn no_spread_has_no_bandwidth() {
        assert_eq!(scott(&[]), None);
        assert_eq!(normal_reference(&points(1)), None);
        assert_eq!(scott(&[Bng::new(5.0, 5.0); 9]), None);
    }
}
