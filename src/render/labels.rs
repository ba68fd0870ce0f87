//! Names on a map: two lines at most, and dropped rather than laid over anything.

/// A name and the place it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Label {
    pub(super) name: String,
    pub(super) x: f64,
    pub(super) y: f64,
}

/// Width of a letter at the size of labels, in pixels; on the wide side, since fonts differ.
const LETTER: f64 = 6.6;

/// From one baseline to the next, in pixels.
const LINE: f64 = 13.0;

/// Names longer than this are parted, where they have a space.
const LONG: usize = 11;

/// Where a name may move when its own place is taken, in pixels.
const OFFSETS: [(f64, f64); 11] = [
    (0.0, 0.0),
    (0.0, 16.0),
    (0.0, -16.0),
    (22.0, 0.0),
    (-22.0, 0.0),
    (0.0, 30.0),
    (0.0, -30.0),
    (22.0, 20.0),
    (-22.0, 20.0),
    (22.0, -20.0),
    (-22.0, -20.0),
];

/// The labels that fit, each by its number with its text, a line feed between lines, and the middle
/// of the first baseline. Earlier ones are kept first; `taken` are boxes (left, top, right, bottom) to keep
/// clear of.
pub(super) fn place_labels(
    labels: Vec<Label>,
    taken: &[[f64; 4]],
    (width, height): (f64, f64),
) -> Vec<(usize, String, f64, f64)> {
    let mut taken = taken.to_vec();
    let mut placed = Vec::new();
    for (number, label) in labels.into_iter().enumerate() {
        let lines = part(&label.name);
        let longest = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0) as f64;
        let (half, n_lines) = (longest * LETTER / 2.0, lines.len() as f64);
        for (dx, dy) in OFFSETS {
            let (x, middle) = (label.x + dx, label.y + dy);
            let top = middle - n_lines * LINE / 2.0;
            let area = [x - half, top, x + half, top + n_lines * LINE];
            let inside = area[0] >= 2.0
                && area[1] >= 2.0
                && area[2] <= width - 2.0
                && area[3] <= height - 2.0;
            if inside && !taken.iter().any(|other| overlap(&area, other)) {
                taken.push(area);
                placed.push((number, lines.join("\n"), x, top + 10.0));
                break;
            }
        }
    }
    placed
}

fn overlap(a: &[f64; 4], b: &[f64; 4]) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

/// A name in one line, or in two of lengths as equal as its spaces allow.
fn part(name: &str) -> Vec<&str> {
    if name.chars().count() <= LONG {
        return vec![name];
    }
    let uneven = |at: usize| (2 * at).abs_diff(name.len());
    match name.match_indices(' ').map(|(at, _)| at).min_by_key(|&at| uneven(at)) {
        // "Hardwick &" keeps its sign on the first line, "and" goes to the second.
        Some(at) => vec![&name[..at], &name[at + 1..]],
        None => vec![name],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(name: &str, x: f64, y: f64) -> Label {
        Label { name: name.into(), x, y }
    }

    #[test]
    fn long_names_are_parted_near_their_middle() {
        assert_eq!(part("Newtown"), ["Newtown"]);
        assert_eq!(part("Stockton Town Centre"), ["Stockton", "Town Centre"]);
        assert_eq!(part("Bishopsgarth & Elm Tree"), ["Bishopsgarth", "& Elm Tree"]);
        assert_eq!(part("Grangetownships"), ["Grangetownships"]);
    }

    #[test]
    fn a_name_without_room_moves_or_is_dropped() {
        let three = vec![label("First", 50.0, 50.0), label("Second", 52.0, 50.0)];
        let wall = [[0.0, 30.0, 100.0, 200.0]];

        assert_eq!(place_labels(three.clone(), &[], (200.0, 200.0)).len(), 2);
        assert_eq!(place_labels(three, &wall, (100.0, 80.0)).len(), 1);
    }

    #[test]
    fn names_stay_in_the_picture() {
        assert!(place_labels(vec![label("Edge", 1.0, 50.0)], &[], (30.0, 90.0)).is_empty());
    }
}
