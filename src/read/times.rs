//! Times of day as people write them.

/// Minutes after midnight, 0 to 1440 (24:00); `None` if it is no time of day.
///
/// Reads `14:30`, `14:30:59`, `14.30`, `1430`, `930`, `2400`, `2:30 PM` and a spreadsheet's
/// fraction of a day, `0.604167`.
pub(crate) fn minutes(text: &str) -> Option<u16> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let (digits, afternoon) = if let Some(rest) = lower.strip_suffix("pm") {
        (rest.trim_end(), Some(true))
    } else if let Some(rest) = lower.strip_suffix("am") {
        (rest.trim_end(), Some(false))
    } else {
        (lower.trim_end_matches('z').trim_end_matches("hrs").trim_end(), None)
    };
    if digits.starts_with("0.") && digits.len() > 4 {
        let fraction: f64 = digits.parse().ok()?;
        return Some((fraction * 1440.0).round() as u16);
    }
    let (hour, minute) = if let Some((hour, rest)) = digits.split_once([':', '.']) {
        let minute = rest.split([':', '.']).next().unwrap_or_default();
        (number(hour)?, number(minute)?)
    } else {
        match digits.len() {
            1 | 2 if afternoon.is_some() => (number(digits)?, 0),
            // Leading zeros lost: 30 is half past midnight, 930 is 09:30.
            1..=4 => {
                let all = number(digits)?;
                (all / 100, all % 100)
            }
            6 => (number(&digits[..2])?, number(&digits[2..4])?),
            _ => return None,
        }
    };
    let hour = match afternoon {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(true) if hour < 12 => hour + 12,
        Some(false) if hour == 12 => 0,
        _ => hour,
    };
    let all = hour * 60 + minute;
    (minute < 60 && all <= 1440).then_some(all)
}

fn number(digits: &str) -> Option<u16> {
    (!digits.is_empty() && digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit()))
        .then(|| digits.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_written_form_of_a_time_is_read() {
        for (text, hour, minute) in [
            ("14:30", 14, 30),
            ("14:30:59", 14, 30),
            ("14.30", 14, 30),
            ("1430", 14, 30),
            ("930", 9, 30),
            ("2:30 PM", 14, 30),
            ("12:05 am", 0, 5),
            ("0.604166667", 14, 30),
            ("00:00", 0, 0),
            ("2400", 24, 0),
            ("0000", 0, 0),
        ] {
            assert_eq!(minutes(text), Some(hour * 60 + minute), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "25:00", "14:60", "2401", "13:00 PM", "noon", "14:5x", "é1:30"] {
            assert_eq!(minutes(text), None, "{text}");
        }
    }
}
