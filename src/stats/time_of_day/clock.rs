//! The data clock: hour by weekday, and the hours that hold most of it.

use super::aoristic::HOURS;
use crate::stats::english::hours as say;

/// The fewest hours of the week that hold a share of all weight.
#[derive(Debug, Clone, PartialEq)]
pub struct Peak {
    /// Hours of the week, 0 for Monday 00:00, in order of time.
    pub hours: Vec<usize>,
    /// Share of all weight that they hold.
    pub share: f64,
}

impl Peak {
    /// Stretches of hours, such as `Fri 22:00-24:00, Sat 00:00-03:00`.
    pub fn in_words(&self) -> String {
        let mut stretches: Vec<(usize, usize)> = Vec::new();
        for &hour in &self.hours {
            match stretches.last_mut() {
                // A new day begins a new stretch: each is read with its day.
                Some((_, end)) if *end == hour && hour % 24 != 0 => *end = hour + 1,
                _ => stretches.push((hour, hour + 1)),
            }
        }
        let word = |&(start, end): &(usize, usize)| {
            say::stretch(start / 24, start % 24, (end - 1) % 24 + 1)
        };
        stretches.iter().map(word).collect::<Vec<_>>().join(", ")
    }
}

/// The fewest hours that hold `share` of all weight; of hours alike the earlier in the week.
///
/// Few incidents make a peak of chance: with 20 incidents spread evenly over the week, 10 hours hold
/// half of them.
///
/// # Shapes and units
///
/// - `weights`: `[168]`. `None` where there is no weight, or another number of hours.
pub fn peak(weights: &[f64], share: f64) -> Option<Peak> {
    let total: f64 = weights.iter().sum();
    if weights.len() != HOURS || total <= 0.0 || !(share > 0.0 && share <= 1.0) {
        return None;
    }
    let mut order: Vec<usize> = (0..HOURS).collect();
    order.sort_by(|&a, &b| weights[b].total_cmp(&weights[a]).then(a.cmp(&b)));
    let mut held = 0.0;
    let mut hours = Vec::new();
    for hour in order {
        if held >= share * total * (1.0 - 1e-12) || weights[hour] <= 0.0 {
            break;
        }
        held += weights[hour];
        hours.push(hour);
    }
    hours.sort_unstable();
    Some(Peak { hours, share: held / total })
}

/// Weight of each weekday, Monday first, and of each hour of the day.
pub fn by_day_and_hour(weights: &[f64]) -> ([f64; 7], [f64; 24]) {
    let (mut days, mut hours) = ([0.0; 7], [0.0; 24]);
    for (hour, weight) in weights.iter().enumerate().take(HOURS) {
        days[hour / 24] += weight;
        hours[hour % 24] += weight;
    }
    (days, hours)
}

/// Whole hours on whole days, next to each other, that stand out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Block {
    /// First day, Monday being 0.
    pub day: usize,
    /// Days, running on into the next week where they must.
    pub days: usize,
    /// First hour.
    pub hour: usize,
    /// Hours, running on past midnight where they must.
    pub hours: usize,
    /// Share of all weight that lies in it.
    pub share: f64,
}

impl Block {
    /// `Fri and Sat, 16:00 to 20:00`.
    pub fn in_words(&self) -> String {
        say::block(self)
    }
}

/// Times the mean hour that the hours of a [`Block`] must exceed to add to it.
const STANDS_OUT: f64 = 1.5;

/// The one block of days and hours that stands out most: the rectangle of the clock, wrapping round
/// its edges, with the greatest sum of weight over one and a half times the mean of all 168 hours.
///
/// It names when, in few words, where [`peak`] says it exactly. `None` where there is no weight or
/// nothing exceeds that.
///
/// # Shapes and units
///
/// `weights`: `[168]`, Monday 00:00 first, incidents.
pub fn busiest_block(weights: &[f64]) -> Option<Block> {
    let total: f64 = weights.iter().sum();
    if weights.len() != HOURS || total <= 0.0 {
        return None;
    }
    let bar = STANDS_OUT * total / HOURS as f64;
    let mut best: Option<(f64, Block)> = None;
    for day in 0..7 {
        let mut column = [0.0; 24];
        // All seven days are the same whichever comes first.
        for days in 1..=(if day == 0 { 7 } else { 6 }) {
            let row = (day + days - 1) % 7;
            for (hour, sum) in column.iter_mut().enumerate() {
                *sum += weights[row * 24 + hour];
            }
            for hour in 0..24 {
                let mut sum = 0.0;
                for hours in 1..=(if hour == 0 { 24 } else { 23 }) {
                    sum += column[(hour + hours - 1) % 24];
                    let over = sum - bar * (days * hours) as f64;
                    if over > best.map_or(1e-9, |(most, _)| most + 1e-9) {
                        let share = sum / total;
                        best = Some((over, Block { day, days, hour, hours, share }));
                    }
                }
            }
        }
    }
    best.map(|(_, block)| block)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_the_fewest_hours_that_hold_half() {
        let mut weights = vec![0.1; HOURS];
        for hour in [4 * 24 + 22, 4 * 24 + 23, 5 * 24, 5 * 24 + 1] {
            weights[hour] = 10.0;
        }

        let peak = peak(&weights, 0.5).unwrap();

        assert_eq!(peak.hours, [118, 119, 120]);
        assert_eq!(peak.in_words(), "Fri 22:00-24:00, Sat 00:00-01:00");
        assert!(peak.share >= 0.5);
    }

    #[test]
    fn an_even_week_needs_half_of_its_hours() {
        assert_eq!(peak(&vec![1.0; HOURS], 0.5).unwrap().hours.len(), 84);
    }

    #[test]
    fn no_weight_has_no_peak() {
        assert_eq!(peak(&vec![0.0; HOURS], 0.5), None);
        assert_eq!(peak(&[1.0], 0.5), None);
        assert_eq!(peak(&vec![1.0; HOURS], 0.0), None);
    }

    #[test]
    fn days_and_hours_add_up_the_same() {
        let weights: Vec<f64> = (0..HOURS).map(|hour| hour as f64).collect();

        let (days, hours) = by_day_and_hour(&weights);

        assert!((days.iter().sum::<f64>() - hours.iter().sum::<f64>()).abs() < 1e-9);
        assert!((days[0] - f64::from((0..24).sum::<i32>())).abs() < 1e-9);
    }

    fn week(busy: &[(usize, usize, f64)]) -> Vec<f64> {
        let mut weights = vec![0.1; HOURS];
        for &(day, hour, weight) in busy {
            weights[day * 24 + hour] = weight;
        }
        weights
    }

    #[test]
    fn the_busiest_block_is_named_by_days_and_hours() {
        let busy: Vec<_> =
            [4, 5].into_iter().flat_map(|day| (16..20).map(move |h| (day, h, 9.0))).collect();

        let block = busiest_block(&week(&busy)).unwrap();

        assert_eq!(block.in_words(), "Fri and Sat, 16:00 to 20:00");
        assert!((block.share - 72.0 / (72.0 + 16.0)).abs() < 1e-9);
    }

    #[test]
    fn a_block_runs_on_past_midnight_and_sunday() {
        let busy: Vec<_> =
            [6, 0].into_iter().flat_map(|d| [22, 23, 0, 1].map(move |h| (d, h, 5.0))).collect();

        assert_eq!(busiest_block(&week(&busy)).unwrap().in_words(), "Sun and Mon, 22:00 to 02:00");
    }

    #[test]
    fn an_even_week_has_no_busiest_block() {
        assert_eq!(busiest_block(&vec![1.0; HOURS]), None);
        assert_eq!(busiest_block(&vec![0.0; HOURS]), None);
        assert_eq!(busiest_block(&[]), None);
    }
}
