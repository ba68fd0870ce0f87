//! Bandwidth by rule: a start, to be looked at and rounded.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::crs::Bng;
use crate::geometry::Bounds;
use crate::index::PointIndex;
use crate::quantity::Metres;
use crate::stats::english::method as say;

use super::Kernel;

/// A rule that a bandwidth follows from the positions alone.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum BandwidthRule {
    /// [`normal_reference`], the mean of both axes: what sfhotspot documents.
    #[default]
    NormalReference,
    /// [`silverman`]: the search radius of `ArcGIS`.
    Silverman,
    /// [`scott`], the mean of both axes, widened to what smooths alike with the kernel.
    Scott,
    /// [`mean_nearest`] with the square root of the number of incidents.
    MeanNearest,
}

impl BandwidthRule {
    /// The rule in words.
    pub const fn label(self) -> &'static str {
        say::bandwidth(self)
    }
}

/// The bandwidth that `rule` gives for `points` with this kernel; `None` where they have no spread.
pub fn bandwidth_by(rule: BandwidthRule, points: &[Bng], kernel: Kernel) -> Option<Metres> {
    match rule {
        BandwidthRule::NormalReference => normal_reference(points).map(Bandwidths::mean),
        BandwidthRule::Silverman => silverman(points).map(Metres::get),
        BandwidthRule::Scott => scott(points).map(|both| both.mean() / kernel.spread()),
        BandwidthRule::MeanNearest => {
            let k = (points.len() as f64).sqrt().round() as usize;
            mean_nearest(points, k).map(Metres::get)
        }
    }
    .map(Metres::new)
}

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

/// Silverman's rule of thumb on distances from the mean centre.
///
/// ```text
/// h = 0.9 · min(SD, √(1 / ln 2) · D) · n^(-1/5)
/// ```
///
/// SD is the standard distance and D the median distance from the mean centre. The radius of a
/// quartic kernel, as `ArcGIS` uses it. `None` for fewer than two points, or without spread.
///
/// # Source
///
/// Silverman (1986), *Density Estimation for Statistics and Data Analysis*, Chapman and Hall,
/// equation 3.31, in two dimensions as the reference of `ArcGIS` Kernel Density states it.
pub fn silverman(points: &[Bng]) -> Option<Metres> {
    if points.len() < 2 {
        return None;
    }
    let n = points.len() as f64;
    let mean = |of: fn(Bng) -> f64| points.iter().map(|&p| of(p)).sum::<f64>() / n;
    let centre = Bng::new(mean(Bng::easting), mean(Bng::northing));
    let mut distances: Vec<f64> = points.iter().map(|p| p.distance(centre)).collect();
    let standard = (distances.iter().map(|d| d * d).sum::<f64>() / n).sqrt();
    distances.sort_by(f64::total_cmp);
    let median = quantile(&distances, 0.5) / std::f64::consts::LN_2.sqrt();
    let h = 0.9 * standard.min(median) * n.powf(-0.2);
    (h > 0.0).then(|| Metres::new(h))
}

/// Mean distance from an incident to its `k`-th nearest other, the farthest where there are fewer.
///
/// `None` for fewer than two points, or where it is zero, as it may be with snap points.
///
/// # Source
///
/// Williamson, `McLafferty`, Goldsmith, `McGuire` and Mollenkopf (1998), "Smoothing crime incident
/// data: new methods for determining the bandwidth in kernel estimation", *ESRI User Conference*.
pub fn mean_nearest(points: &[Bng], k: usize) -> Option<Metres> {
    if points.len() < 2 || k == 0 {
        return None;
    }
    let index = PointIndex::new(points);
    let far = |found: &mut Vec<(f64, u32)>, (i, point): (usize, &Bng)| {
        index.nearest_into(*point, k, Some(i), found);
        found.last().map_or(0.0, |last| last.0.sqrt())
    };
    let all: Vec<f64> = points.par_iter().enumerate().map_init(Vec::new, far).collect();
    let mean = all.iter().sum::<f64>() / points.len() as f64;
    (mean > 0.0).then(|| Metres::new(mean))
}

/// Side of a cell as sfhotspot chooses it: the shorter side of the box round the points over 50,
/// cut to whole hundreds of metres where it has any.
///
/// `None` where the points have no extent.
pub fn sfhotspot_cell(points: &[Bng]) -> Option<Metres> {
    let at = |p: &Bng| Bounds { min: *p, max: *p };
    let bounds = points.iter().map(at).reduce(Bounds::union)?;
    let side = bounds.width().min(bounds.height()) / 50.0;
    let hundreds = (side / 100.0).floor() * 100.0;
    let side = if hundreds > 0.0 { hundreds } else { side };
    (side > 0.0).then(|| Metres::new(side))
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
fn quantile(sorted: &[f64], share: f64) -> f64 {
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

    /// Two points 2 m apart: standard distance and median distance are both 1 m.
    #[test]
    fn silverman_takes_the_smaller_spread() {
        let two = [Bng::new(0.0, 0.0), Bng::new(2.0, 0.0)];

        assert_relative_eq!(silverman(&two).unwrap().get(), 0.9 * 2_f64.powf(-0.2));
    }

    #[test]
    fn the_mean_is_over_the_kth_nearest() {
        let line = [0.0, 10.0, 30.0].map(|x| Bng::new(x, 0.0));

        assert_relative_eq!(mean_nearest(&line, 1).unwrap().get(), 40.0 / 3.0);
        assert_relative_eq!(mean_nearest(&line, 7).unwrap().get(), 80.0 / 3.0);
        assert_eq!(mean_nearest(&line, 0), None);
        assert_eq!(mean_nearest(&[line[0]; 4], 2), None);
    }

    #[test]
    fn a_wide_area_has_cells_of_whole_hundreds() {
        let cell = |width, height| {
            sfhotspot_cell(&[Bng::new(0.0, 0.0), Bng::new(width, height)]).map(Metres::get)
        };

        assert_eq!(cell(20_000.0, 12_900.0), Some(200.0));
        assert_eq!(cell(2_000.0, 4_000.0), Some(40.0));
        assert_eq!(cell(0.0, 4_000.0), None);
        assert_eq!(sfhotspot_cell(&[]), None);
    }

    #[test]
    fn every_rule_grows_with_the_area() {
        let near: Vec<_> = (0..50).map(|i| Bng::new(f64::from(i * 7 % 50), f64::from(i))).collect();
        let far: Vec<_> =
            near.iter().map(|p| Bng::new(3.0 * p.easting(), 3.0 * p.northing())).collect();
        for rule in [
            BandwidthRule::NormalReference,
            BandwidthRule::Silverman,
            BandwidthRule::Scott,
            BandwidthRule::MeanNearest,
        ] {
            let by = |points: &[Bng]| bandwidth_by(rule, points, Kernel::Quartic).unwrap().get();
            assert_relative_eq!(by(&far), 3.0 * by(&near), max_relative = 1e-12);
            assert_eq!(bandwidth_by(rule, &[], Kernel::Quartic), None);
        }
    }

    #[test]
    fn no_spread_has_no_bandwidth() {
        assert_eq!(scott(&[]), None);
        assert_eq!(normal_reference(&points(1)), None);
        assert_eq!(scott(&[Bng::new(5.0, 5.0); 9]), None);
    }
}
