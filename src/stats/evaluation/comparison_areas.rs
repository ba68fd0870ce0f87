//! Comparison areas: which untreated areas went the way the treated area did, before.

use rayon::prelude::*;

/// Months of both series, at least.
pub const FEWEST_MONTHS: usize = 6;

/// How like the treated area a candidate was before the intervention.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// Number of the candidate in the list given.
    pub unit: usize,
    /// Correlation of the months, -1 to 1; `None` where one series does not vary.
    pub correlation: Option<f64>,
    /// Its total over that of the treated area.
    pub level: f64,
    /// How far it is from being alike, 0 for the same months.
    pub distance: f64,
}

/// Candidates by likeness of their months before the intervention, the most alike first.
///
/// ```text
/// distance = √((1 - r)² + ln(level)²),   r = 0 where it is not defined
/// ```
///
/// So that a candidate of half or twice the level is as far off as one with a correlation of 0.3.
/// Candidates without incidents are left out. Whoever calls sees to it that candidates lie far enough
/// from the treated area and its buffer to be untouched by what was done.
///
/// A proposal: an area that is to be like it for reasons, not months alone, is a better choice.
///
/// # Shapes and units
///
/// - `treated`: `[n_months]`; `candidates`: `[n_candidates][n_months]`.
/// - returns: empty with fewer than [`FEWEST_MONTHS`], an empty treated series, or lengths that
///   differ.
pub fn comparison_areas(treated: &[u64], candidates: &[Vec<u64>]) -> Vec<Candidate> {
    let total: u64 = treated.iter().sum();
    if treated.len() < FEWEST_MONTHS || total == 0 {
        return Vec::new();
    }
    let mut alike: Vec<Candidate> = candidates
        .par_iter()
        .enumerate()
        .filter(|(_, months)| months.len() == treated.len() && months.iter().any(|&n| n > 0))
        .map(|(unit, months)| {
            let correlation = correlation(treated, months);
            let level = months.iter().sum::<u64>() as f64 / total as f64;
            let distance = (1.0 - correlation.unwrap_or(0.0)).hypot(level.ln());
            Candidate { unit, correlation, level, distance }
        })
        .collect();
    alike.sort_by(|a, b| a.distance.total_cmp(&b.distance).then(a.unit.cmp(&b.unit)));
    alike
}

/// Pearson's correlation; `None` where one series does not vary.
fn correlation(a: &[u64], b: &[u64]) -> Option<f64> {
    let n = a.len() as f64;
    let mean = |x: &[u64]| x.iter().sum::<u64>() as f64 / n;
    let (ma, mb) = (mean(a), mean(b));
    let (mut both, mut va, mut vb) = (0.0, 0.0, 0.0);
    for (&x, &y) in a.iter().zip(b) {
        let (dx, dy) = (x as f64 - ma, y as f64 - mb);
        both += dx * dy;
        va += dx * dx;
        vb += dy * dy;
    }
    (va > 0.0 && vb > 0.0).then(|| (both / (va * vb).sqrt()).clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_course_at_the_same_level_comes_first() {
        let treated = [10, 14, 9, 20, 16, 8];
        let candidates = vec![
            vec![20, 16, 21, 10, 14, 22],
            vec![100, 140, 90, 200, 160, 80],
            vec![11, 14, 9, 19, 17, 8],
            vec![0; 6],
            vec![12; 6],
            vec![1, 2],
        ];

        let order = comparison_areas(&treated, &candidates);

        assert_eq!(order[0].unit, 2);
        assert!(order[0].correlation.unwrap() > 0.95);
        assert!(order.iter().all(|c| c.unit != 3 && c.unit != 5));
        let flat = order.iter().find(|c| c.unit == 4).unwrap();
        assert_eq!(flat.correlation, None);
        assert!((flat.distance - 1.0).abs() < 0.1);
    }

    #[test]
    fn too_short_or_empty_a_series_proposes_nothing() {
        assert_eq!(comparison_areas(&[1, 2, 3], &[vec![1, 2, 3]]), []);
        assert_eq!(comparison_areas(&[0; 6], &[vec![1; 6]]), []);
    }
}
