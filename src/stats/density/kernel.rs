//! Kernels: the shape of the hill that each incident adds.
#![expect(
    clippy::inline_always,
    reason = "only inlined code uses the processor's widest registers"
)]

use serde::{Deserialize, Serialize};

use crate::quantity::Metres;

/// Shape of the hill that each incident adds. Its volume is 1.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Kernel {
    /// `3/(π h²) (1 - u²)²`, u = distance over bandwidth: what hotspot maps use.
    #[default]
    Quartic,
    /// `4/(π h²) (1 - u²)³`.
    Triweight,
    /// `2/(π h²) (1 - u²)`.
    Epanechnikov,
    /// `3/(π h²) (1 - u)`: a cone.
    Triangular,
    /// `1/(π h²)` nearer than the bandwidth.
    Uniform,
    /// `1/(2 π h²) exp(-u²/2)`: the bandwidth is the standard deviation. Left out beyond 8.5 of
    /// them, where less than 1e-15 of the hill is left.
    Gaussian,
}

/// Share of the squared reach within which a place is on the edge of a uniform hill, and so outside:
/// rounding must not decide.
const ON_THE_EDGE: f64 = 1e-11;

/// Standard deviations at which the Gaussian kernel ends.
pub(super) const GAUSSIAN_REACH: f64 = 8.5;

impl Kernel {
    /// Every kernel, the recommended first.
    pub const ALL: [Self; 6] = [
        Self::Quartic,
        Self::Triweight,
        Self::Epanechnikov,
        Self::Triangular,
        Self::Uniform,
        Self::Gaussian,
    ];

    /// Name in requests and texts.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Quartic => "quartic",
            Self::Triweight => "triweight",
            Self::Epanechnikov => "epanechnikov",
            Self::Triangular => "triangular",
            Self::Uniform => "uniform",
            Self::Gaussian => "gaussian",
        }
    }

    /// Height of the hill at its top, in 1/m²: what makes its volume 1.
    pub fn peak(self, bandwidth: Metres) -> f64 {
        let circle = std::f64::consts::PI * bandwidth.get().powi(2);
        match self {
            Self::Quartic | Self::Triangular => 3.0 / circle,
            Self::Triweight => 4.0 / circle,
            Self::Epanechnikov => 2.0 / circle,
            Self::Uniform => 1.0 / circle,
            Self::Gaussian => 0.5 / circle,
        }
    }

    /// Standard deviation of the hill along one axis, in bandwidths: what makes bandwidths of two
    /// kernels smooth alike.
    pub fn spread(self) -> f64 {
        match self {
            Self::Quartic => (1.0_f64 / 8.0).sqrt(),
            Self::Triweight => (1.0_f64 / 10.0).sqrt(),
            Self::Epanechnikov => (1.0_f64 / 6.0).sqrt(),
            Self::Triangular => (3.0_f64 / 20.0).sqrt(),
            Self::Uniform => 0.5,
            Self::Gaussian => 1.0,
        }
    }

    /// Distance at which the hill ends, in the unit of the bandwidth.
    pub(super) fn reach(self, bandwidth: f64) -> f64 {
        if self == Self::Gaussian { GAUSSIAN_REACH * bandwidth } else { bandwidth }
    }

    /// Height over the peak, from the squared distance in reaches; zero from the reach on.
    #[inline]
    pub(super) fn height(self, u2: f64) -> f64 {
        match self {
            Self::Quartic => quartic(u2),
            Self::Triweight => triweight(u2),
            Self::Epanechnikov => epanechnikov(u2),
            Self::Triangular => triangular(u2),
            Self::Uniform => uniform(u2),
            Self::Gaussian => gaussian(u2),
        }
    }
}

#[inline(always)]
pub(super) fn quartic(u2: f64) -> f64 {
    let inside = (1.0 - u2).max(0.0);
    inside * inside
}

#[inline(always)]
pub(super) fn triweight(u2: f64) -> f64 {
    let inside = (1.0 - u2).max(0.0);
    inside * inside * inside
}

#[inline(always)]
pub(super) fn epanechnikov(u2: f64) -> f64 {
    (1.0 - u2).max(0.0)
}

#[inline(always)]
pub(super) fn triangular(u2: f64) -> f64 {
    (1.0 - u2.sqrt()).max(0.0)
}

#[inline(always)]
pub(super) fn uniform(u2: f64) -> f64 {
    f64::from(u8::from(u2 < 1.0 - ON_THE_EDGE))
}

#[inline(always)]
pub(super) fn gaussian(u2: f64) -> f64 {
    const STEEP: f64 = -0.5 * GAUSSIAN_REACH * GAUSSIAN_REACH;
    if u2 < 1.0 { (STEEP * u2).exp() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    /// The second moment of the hill, by adding up thin rings.
    #[test]
    fn the_spread_is_the_standard_deviation_along_an_axis() {
        for kernel in Kernel::ALL {
            let (reach, peak) = (kernel.reach(1.0), kernel.peak(Metres::new(1.0)));
            let n = 200_000;
            let width = reach / f64::from(n);
            let (mut volume, mut second) = (0.0, 0.0);
            for ring in 0..n {
                let r = (f64::from(ring) + 0.5) * width;
                let mass = kernel.height((r / reach).powi(2)) * std::f64::consts::TAU * r * width;
                volume += peak * mass;
                second += peak * mass * r * r / 2.0;
            }
            assert_relative_eq!(volume, 1.0, max_relative = 1e-6);
            assert_relative_eq!(second.sqrt(), kernel.spread(), max_relative = 1e-6);
        }
    }
}
