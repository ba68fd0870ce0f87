//! Scan window: how rare so many incidents in any run of days or weeks are.

use crate::aggregate::{poisson_at_most, poisson_exactly};

/// Chance that some window holds `count` incidents or more, wherever it starts.
///
/// Six burglaries in a week that nobody chose beforehand are less rare than six in the week that was
/// chosen. With ψ incidents expected in one window and L windows end to end:
///
/// ```text
/// P ≈ 1 - Q2 (Q3/Q2)^(L - 2),   L = periods / window, ψ = mean * window
/// Q2 = F(k-1)² - (k-1) p(k) p(k-2) - (k - 1 - ψ) p(k) F(k-3)
/// Q3 = F(k-1)³ - A1 + A2 + A3 - A4
/// ```
///
/// p and F the Poisson chance of, and up to, a count. Incidents that come in series make windows
/// like it more common than this says.
///
/// # Shapes and units
///
/// - `periods`: length of the series; `window`: length of the window, both in the same unit, and at
///   least two windows in the series; `mean`: incidents per unit; `count`: in the window.
/// - returns: 0 to 1; `None` if an argument is out of range.
///
/// # Source
///
/// Naus (1982), *JASA* 77(377), 177-183, <https://doi.org/10.1080/01621459.1982.10477783>; A1 to A4
/// as in Glaz, Naus and Wallenstein (2001), *Scan Statistics*, Springer, chapter 9.
#[doc(alias = "scanw")]
pub fn scan_window_p(periods: f64, window: f64, mean: f64, count: u64) -> Option<f64> {
    let usable = |x: f64| x.is_finite() && x > 0.0;
    if !usable(periods) || !usable(window) || !usable(mean) || periods < 2.0 * window {
        return None;
    }
    if count == 0 {
        return Some(1.0);
    }
    let (psi, k) = (mean * window, count as i64);
    if count == 1 {
        return Some(-(-mean * periods).exp_m1());
    }
    let p = |x: i64| if x < 0 { 0.0 } else { poisson_exactly(x as u64, psi) };
    let f = |x: i64| if x < 0 { 0.0 } else { poisson_at_most(x as u64, psi) };
    let kf = k as f64;
    let below = f(k - 1);
    let q2 = below * below - (kf - 1.0) * p(k) * p(k - 2) - (kf - 1.0 - psi) * p(k) * f(k - 3);
    let a1 = 2.0 * p(k) * below * ((kf - 1.0) * f(k - 2) - psi * f(k - 3));
    let a2 = 0.5
        * p(k)
        * p(k)
        * ((kf - 1.0) * (kf - 2.0) * f(k - 3) - 2.0 * (kf - 2.0) * psi * f(k - 4)
            + psi * psi * f(k - 5));
    let a3: f64 = (1..k).map(|r| p(2 * k - r) * f(r - 1) * f(r - 1)).sum();
    let a4: f64 =
        (2..k).map(|r| p(2 * k - r) * p(r) * ((r - 1) as f64 * f(r - 2) - psi * f(r - 3))).sum();
    let q3 = below.powi(3) - a1 + a2 + a3 - a4;
    if q2.is_nan() || q2 <= 0.0 || q3.is_nan() || q3 <= 0.0 {
        // Windows like this are all but certain.
        return Some(1.0);
    }
    // In logarithms, so that a small chance keeps its digits.
    let log = q2.ln() + (q3 / q2).ln() * (periods / window - 2.0);
    Some((-log.exp_m1()).clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use crate::stats::random::{poisson, stream};

    use super::*;

    /// Weeks of a Poisson process, drawn 4,000 times.
    #[test]
    fn the_chance_is_that_of_a_simulated_process() {
        for (periods, window, mean, count) in
            [(260.0, 1.0, 1.0, 6), (52.0, 2.0, 0.8, 6), (104.0, 4.0, 1.5, 15)]
        {
            let runs = 4_000;
            let reached = (0..runs)
                .filter(|&run| {
                    let mut rng = stream(13, run);
                    let n = poisson(&mut rng, periods * mean) as usize;
                    let mut times: Vec<f64> =
                        (0..n).map(|_| rng.random::<f64>() * periods).collect();
                    times.sort_by(f64::total_cmp);
                    times.windows(count).any(|t| t[count - 1] - t[0] <= window)
                })
                .count();
            let simulated = reached as f64 / runs as f64;

            let ours = scan_window_p(periods, window, mean, count as u64).unwrap();

            assert!((ours - simulated).abs() < 0.03, "{ours} and {simulated}");
        }
    }

    #[test]
    fn certain_and_impossible_arguments_are_told_apart() {
        assert_eq!(scan_window_p(100.0, 1.0, 1.0, 0), Some(1.0));
        assert!(scan_window_p(100.0, 1.0, 50.0, 2).unwrap() > 0.999);
        assert!(scan_window_p(100.0, 1.0, 0.01, 9).unwrap() < 1e-12);
        assert_eq!(scan_window_p(1.0, 1.0, 1.0, 3), None);
        assert_eq!(scan_window_p(10.0, 0.0, 1.0, 3), None);
        assert_eq!(scan_window_p(10.0, 1.0, f64::NAN, 3), None);
    }
}
