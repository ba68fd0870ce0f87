use approx::assert_relative_eq;
use proptest::prelude::*;

use super::*;
use crate::quantity::Metres;
use crate::units::Grid;
use crate::weights::{Contiguity, cell_contiguity};

/// Columns and lines of its cells, whether it is a part, and whether it cannot be split.
type Found = (Vec<(usize, usize)>, bool, bool);

/// Cells of one hectare drawn as text, southernmost line last: a digit is the height of a hot cell,
/// a dot is not hot.
fn split(map: &[&str], largest_ha: f64) -> Vec<Found> {
    let (n_columns, n_rows) = (map[0].len(), map.len());
    let height = |i: usize| {
        let c = map[n_rows - 1 - i / n_columns].as_bytes()[i % n_columns];
        c.is_ascii_digit().then(|| f64::from(c - b'0'))
    };
    let grid = Grid::rectangle(Metres::new(100.0), (0, 0), (n_columns, n_rows)).unwrap();
    let heights: Vec<_> = (0..grid.len()).map(|i| height(i).unwrap_or(f64::NAN)).collect();
    let hot: Vec<_> = (0..grid.len()).map(|i| height(i).is_some()).collect();
    let areas = vec![SquareMetres::new(1e4); grid.len()];
    let rook = cell_contiguity(&grid, Contiguity::Rook);

    let found =
        hotspots(&hot, &heights, &areas, &rook, SquareMetres::new(largest_ha * 1e4)).unwrap();

    let place = |cell: &UnitIdx| {
        let (column, row) = grid.column_row(*cell);
        (column, n_rows - 1 - row)
    };
    found
        .iter()
        .map(|h| {
            assert_relative_eq!(h.area.get(), h.cells.len() as f64 * 1e4);
            let mut places: Vec<_> = h.cells.iter().map(place).collect();
            places.sort_unstable();
            (places, h.is_part, h.cannot_be_split)
        })
        .collect()
}

/// Sizes of the hotspots of a one-line map, from west to east.
fn sizes(map: &str, largest: f64) -> Vec<usize> {
    split(&[map], largest).iter().map(|h| h.0.len()).collect()
}

#[test]
fn no_hot_cell_is_no_hotspot() {
    assert!(split(&["...", "..."], 10.0).is_empty());
}

#[test]
fn one_cell_is_a_hotspot() {
    assert_eq!(split(&["...", ".7.", "..."], 0.5), [(vec![(1, 1)], false, true)]);
}

#[test]
fn cells_that_touch_at_a_corner_only_are_two_hotspots() {
    assert_eq!(split(&["5.", ".5"], 10.0).len(), 2);
    assert_eq!(split(&["55", ".5"], 10.0).len(), 1);
}

#[test]
fn two_peaks_are_cut_at_the_saddle_between_them() {
    // The 2 between them is as near to either; the first takes it.
    assert_eq!(sizes("357424863", 5.0), [5, 4]);
    assert!(split(&["357424863"], 5.0).iter().all(|h| h.1 && !h.2));
}

#[test]
fn what_is_small_enough_is_left_whole() {
    assert_eq!(split(&["357424863"], 9.0), [((0..9).map(|x| (x, 0)).collect(), false, false)]);
}

#[test]
fn the_lowest_saddle_is_cut_first() {
    // Three peaks; the saddle of 2 goes, the one of 5 stays.
    assert_eq!(sizes("6956872486", 7.0), [7, 3]);
    // Both go if the part left is still too large.
    assert_eq!(sizes("6956872486", 4.0), [3, 4, 3]);
}

#[test]
fn one_peak_is_cut_no_further_and_says_so() {
    assert_eq!(split(&["123454321"], 3.0), [((0..9).map(|x| (x, 0)).collect(), false, true)]);
}

#[test]
fn a_level_stretch_has_one_peak() {
    assert_eq!(sizes("55555555", 3.0), [8]);
    assert_eq!(split(&["999", "9.9", "999"], 2.0).len(), 1);
    // Level from both ends of a U, which the flood reaches apart.
    assert_eq!(split(&["5.5", "5.5", "555"], 2.0).len(), 1);
}

#[test]
fn a_ring_with_two_peaks_is_cut_in_two_pieces() {
    let parts = split(&["678", "3.3", "698"], 5.0);

    assert_eq!(parts.len(), 2);
    assert_eq!(parts.iter().map(|p| p.0.len()).sum::<usize>(), 8);
    assert!(parts.iter().all(|p| p.0.len() >= 3), "{parts:?}");
}

#[test]
fn a_peak_of_one_cell_stays_with_its_neighbour() {
    // The 5 in the east is a peak, but its basin is one cell.
    assert_eq!(sizes("37635", 4.0), [5]);
    assert_eq!(sizes("376354", 4.0), [4, 2]);
}

#[test]
fn shapes_that_differ_and_heights_that_are_none_are_refused() {
    let near = Neighbours::from_lists::<Vec<usize>>(&[vec![], vec![]]).unwrap();
    let area = SquareMetres::new(1.0);

    assert!(matches!(
        hotspots(&[true], &[1.0, 2.0], &[area; 2], &near, area),
        Err(HotspotError::Shape { .. })
    ));
    assert_eq!(
        hotspots(&[false, true], &[f64::NAN; 2], &[area; 2], &near, area),
        Err(HotspotError::NotFinite(1))
    );
}

proptest! {
    /// Every hot cell in one hotspot, each in one piece, none too large unless it says so, and the
    /// same again.
    #[test]
    fn any_map_is_cut_into_whole_pieces(
        cells in prop::collection::vec(0_u8..7, 80),
        largest in 1_usize..20,
    ) {
        let grid = Grid::rectangle(Metres::new(100.0), (0, 0), (10, 8)).unwrap();
        let hot: Vec<_> = cells.iter().map(|&c| c > 1).collect();
        let heights: Vec<_> = cells.iter().map(|&c| f64::from(c)).collect();
        let areas = vec![SquareMetres::new(1.0); 80];
        let rook = cell_contiguity(&grid, Contiguity::Rook);
        let limit = SquareMetres::new(largest as f64);

        let found = hotspots(&hot, &heights, &areas, &rook, limit).unwrap();

        let mut all: Vec<_> = found.iter().flat_map(|h| h.cells.iter().map(|c| c.index())).collect();
        all.sort_unstable();
        prop_assert_eq!(all, (0..80).filter(|&i| hot[i]).collect::<Vec<_>>());
        for hotspot in &found {
            prop_assert_eq!(hotspot.area.get() > limit.get(), hotspot.cannot_be_split);
            let inside: Vec<_> = (0..80).map(|i| hotspot.cells.contains(&UnitIdx::new(i))).collect();
            let ground = Ground { hot: &inside, heights: &heights, areas: &areas, near: &rook };
            prop_assert_eq!(ground.pieces().len(), 1);
        }
        prop_assert_eq!(&found, &hotspots(&hot, &heights, &areas, &rook, limit).unwrap());
    }
}
