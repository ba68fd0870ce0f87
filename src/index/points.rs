//! Positions within a distance of a place, and the nearest ones: a uniform grid in compressed rows.

use crate::crs::Bng;
use crate::quantity::Metres;

/// Positions per cell that the grid aims for: fewer cost memory, more cost time.
const PER_CELL: f64 = 2.0;
/// Share of positions on either side that may lie far out before the grid ends short of them.
const FAR: f64 = 0.01;
/// How many times wider than its middle part the whole must be for the grid to end short.
const LONG: f64 = 4.0;
/// Positions that the middle part is judged by.
const SAMPLE: usize = 1_000;

/// Positions by the cell of a uniform grid that they lie in, row by row.
///
/// Positions far from all others stand in the cells at the edge of the grid, so that one stray does
/// not make every cell too large; answers are exact wherever a position lies. Positions that are not
/// finite are never found.
///
/// The order of answers depends on the positions alone, never on threads.
#[derive(Debug, Clone)]
pub struct PointIndex {
    west: f64,
    south: f64,
    side: f64,
    n_columns: usize,
    n_rows: usize,
    /// Where each cell's positions start, and behind the last cell the end.
    starts: Vec<u32>,
    /// Easting and northing in m, cell by cell.
    places: Vec<[f64; 2]>,
    /// Which of the positions given each of `places` is.
    numbers: Vec<u32>,
}

impl PointIndex {
    /// An index for any question.
    ///
    /// # Shapes and units
    ///
    /// - `points`: `[n_points]`, fewer than 2^32.
    pub fn new(points: &[Bng]) -> Self {
        Self::with_least_side(points, 0.0)
    }

    /// An index whose cells suit questions about one radius.
    ///
    /// # Shapes and units
    ///
    /// - `points`: `[n_points]`, fewer than 2^32.
    /// - `radius`: one that is not above zero makes no difference.
    pub fn for_radius(points: &[Bng], radius: Metres) -> Self {
        // Three rows of cells on either side: short runs that hold little beyond the circle.
        let third = radius.get() / 3.0;
        Self::with_least_side(points, if third.is_finite() { third.max(0.0) } else { 0.0 })
    }

    fn with_least_side(points: &[Bng], least: f64) -> Self {
        let finite = |p: &&Bng| p.easting().is_finite() && p.northing().is_finite();
        let axis = |of: fn(Bng) -> f64| middle(points.iter().filter(finite).map(|&p| of(p)));
        let ((west, width), (south, height)) = (axis(Bng::easting), axis(Bng::northing));
        let wanted = (points.len() as f64 / PER_CELL).max(1.0);
        // The second bounds the number of cells where the positions lie on a line.
        let side = (width * height / wanted).sqrt().max(width.max(height) / wanted).max(least);
        let side = if side > 0.0 { side } else { 1.0 };
        let mut index = Self {
            west,
            south,
            side,
            n_columns: (width / side) as usize + 1,
            n_rows: (height / side) as usize + 1,
            starts: Vec::new(),
            places: Vec::new(),
            numbers: Vec::new(),
        };
        index.fill(points);
        index
    }

    fn fill(&mut self, points: &[Bng]) {
        let none = u32::MAX;
        let cells: Vec<u32> = points
            .iter()
            .map(|p| {
                let finite = p.easting().is_finite() && p.northing().is_finite();
                let cell = self.row(p.northing()) * self.n_columns + self.column(p.easting());
                if finite { cell as u32 } else { none }
            })
            .collect();
        let mut starts = vec![0_u32; self.n_columns * self.n_rows + 1];
        for &cell in cells.iter().filter(|&&cell| cell != none) {
            starts[cell as usize + 1] += 1;
        }
        for cell in 1..starts.len() {
            starts[cell] += starts[cell - 1];
        }
        let n_found = starts.last().copied().unwrap_or(0) as usize;
        self.places = vec![[0.0; 2]; n_found];
        self.numbers = vec![0; n_found];
        let mut next = starts.clone();
        for (number, (&cell, point)) in cells.iter().zip(points).enumerate() {
            if cell == none {
                continue;
            }
            let slot = next[cell as usize] as usize;
            next[cell as usize] += 1;
            self.places[slot] = [point.easting(), point.northing()];
            self.numbers[slot] = number as u32;
        }
        self.starts = starts;
    }

    /// Number of positions that can be found.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether none can be found.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Numbers of all positions, those of one cell beside each other: an order in which near
    /// questions follow each other and find what they need in the cache.
    pub fn order(&self) -> &[u32] {
        &self.numbers
    }

    /// Column of the grid, that of the edge for a position beyond it.
    fn column(&self, easting: f64) -> usize {
        // A cast stops at zero, and turns what is no number into zero.
        (((easting - self.west) / self.side) as usize).min(self.n_columns - 1)
    }

    fn row(&self, northing: f64) -> usize {
        (((northing - self.south) / self.side) as usize).min(self.n_rows - 1)
    }

    /// Calls `found` with the number and the squared distance in m² of every position within
    /// `radius` metres of `place`, the circle itself included.
    #[inline]
    pub fn each_within(&self, place: Bng, radius: f64, mut found: impl FnMut(usize, f64)) {
        self.all_within(place, radius, |number, distance2| {
            found(number, distance2);
            true
        });
    }

    /// As [`Self::each_within`], until `found` says false; whether it never did.
    #[inline]
    pub fn all_within(
        &self,
        place: Bng,
        radius: f64,
        mut found: impl FnMut(usize, f64) -> bool,
    ) -> bool {
        let (x, y) = (place.easting(), place.northing());
        let radius2 = radius * radius;
        if !(radius >= 0.0 && x.is_finite() && y.is_finite()) || self.is_empty() {
            return true;
        }
        for row in self.row(y - radius)..=self.row(y + radius) {
            // How far the row lies from the place; rows at the edge hold what lies beyond, too.
            let low = self.south + row as f64 * self.side;
            let mut away = 0.0_f64;
            if row > 0 {
                away = away.max(low - y);
            }
            if row + 1 < self.n_rows {
                away = away.max(y - low - self.side);
            }
            // A little wider than the circle, as the root of a difference rounds.
            let half = (radius2 - away * away).max(0.0).sqrt() + self.side * 1e-6;
            let start = self.starts[row * self.n_columns + self.column(x - half)] as usize;
            let end = self.starts[row * self.n_columns + self.column(x + half) + 1] as usize;
            for (at, &number) in self.places[start..end].iter().zip(&self.numbers[start..end]) {
                let distance2 = (at[0] - x).powi(2) + (at[1] - y).powi(2);
                if distance2 <= radius2 && !found(number as usize, distance2) {
                    return false;
                }
            }
        }
        true
    }

    /// Numbers of all positions within `radius` of `place`, the circle itself included, sorted.
    pub fn within(&self, place: Bng, radius: Metres) -> Vec<usize> {
        let mut numbers = Vec::new();
        self.each_within(place, radius.get(), |number, _| numbers.push(number));
        numbers.sort_unstable();
        numbers
    }

    /// Number and distance of the `k` positions nearest to `place`, nearest first, of equally near
    /// ones the lower number first; all of them where there are fewer. The position with the number
    /// `except` is left out.
    pub fn nearest(&self, place: Bng, k: usize, except: Option<usize>) -> Vec<(usize, Metres)> {
        let mut found = Vec::new();
        self.nearest_into(place, k, except, &mut found);
        found.into_iter().map(|(d2, number)| (number as usize, Metres::new(d2.sqrt()))).collect()
    }

    /// As [`Self::nearest`], as squared distances in m² and numbers, into a list to be used again.
    pub fn nearest_into(
        &self,
        place: Bng,
        k: usize,
        except: Option<usize>,
        found: &mut Vec<(f64, u32)>,
    ) {
        found.clear();
        let (x, y) = (place.easting(), place.northing());
        if k == 0 || self.is_empty() || !(x.is_finite() && y.is_finite()) {
            return;
        }
        let except = except.map(|number| number as u32);
        let (column, row) = (self.column(x), self.row(y));
        for ring in 0.. {
            let (first, last) = (column.saturating_sub(ring), column + ring);
            let last_column = last.min(self.n_columns - 1);
            for at in row.saturating_sub(ring)..=(row + ring).min(self.n_rows - 1) {
                if at + ring == row || at == row + ring {
                    self.collect(at, first, last_column, place, k, except, found);
                } else {
                    if column >= ring {
                        self.collect(at, first, first, place, k, except, found);
                    }
                    if last < self.n_columns {
                        self.collect(at, last, last, place, k, except, found);
                    }
                }
            }
            // What has not been looked at lies at least this far away; nothing lies past the edge.
            let side = |more: bool, distance: f64| if more { distance } else { f64::INFINITY };
            let far = ring as f64;
            let beyond = side(column > ring, x - self.west - (column as f64 - far) * self.side)
                .min(side(
                    last + 1 < self.n_columns,
                    self.west + (column as f64 + far + 1.0) * self.side - x,
                ))
                .min(side(row > ring, y - self.south - (row as f64 - far) * self.side))
                .min(side(
                    row + ring + 1 < self.n_rows,
                    self.south + (row as f64 + far + 1.0) * self.side - y,
                ));
            if beyond == f64::INFINITY {
                return;
            }
            // Less a little, as the edges of cells are rounded.
            let sure = (beyond - self.side * 1e-6).max(0.0);
            if found.len() == k && found[k - 1].0 < sure * sure {
                return;
            }
        }
    }

    /// Puts the positions of some cells of a row into `found`, which keeps the `k` first.
    #[expect(clippy::too_many_arguments, reason = "the state of one search, passed on as it is")]
    #[inline]
    fn collect(
        &self,
        row: usize,
        first: usize,
        last: usize,
        place: Bng,
        k: usize,
        except: Option<u32>,
        found: &mut Vec<(f64, u32)>,
    ) {
        let (x, y) = (place.easting(), place.northing());
        let start = self.starts[row * self.n_columns + first] as usize;
        let end = self.starts[row * self.n_columns + last + 1] as usize;
        for (at, &number) in self.places[start..end].iter().zip(&self.numbers[start..end]) {
            let this = ((at[0] - x).powi(2) + (at[1] - y).powi(2), number);
            let full = found.len() == k;
            if Some(number) == except || (full && this >= found[k - 1]) {
                continue;
            }
            if full {
                found.pop();
            }
            let place = found.partition_point(|held| *held < this);
            found.insert(place, this);
        }
    }
}

/// Where a grid over these values starts, and how wide it is: all of them, or the middle part with
/// some room where a few lie far out.
fn middle(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let all = values.clone().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    let n = values.clone().count();
    if n == 0 {
        return (0.0, 0.0);
    }
    let mut sample: Vec<f64> = values.step_by(n.div_ceil(SAMPLE)).collect();
    sample.sort_by(f64::total_cmp);
    let out = (sample.len() as f64 * FAR) as usize;
    let (low, high) = (sample[out], sample[sample.len() - 1 - out]);
    let (width, middle) = (all.1 - all.0, high - low);
    // A sample too small to hold strays says nothing about them.
    if out == 0 || middle <= 0.0 || width <= LONG * middle {
        return (all.0, width);
    }
    let (west, east) = (all.0.max(low - middle), all.1.min(high + middle));
    (west, east - west)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Positions with repeats, on a lattice, and far out.
    fn places() -> impl Strategy<Value = Vec<Bng>> {
        let near = (0_u8..40, 0_u8..30).prop_map(|(x, y)| (f64::from(x), f64::from(y)));
        let far = (-1e6_f64..1e6, -1e6_f64..1e6);
        let one = prop_oneof![20 => near, 1 => far];
        prop::collection::vec(one.prop_map(|(x, y)| Bng::new(4e5 + x, 3e5 + y)), 0..300)
    }

    proptest! {
        #[test]
        fn a_circle_holds_what_a_full_search_finds(
            points in places(),
            x in -5.0_f64..50.0,
            y in -5.0_f64..50.0,
            radius in prop_oneof![0.0_f64..30.0, Just(5.0), Just(1e7)],
        ) {
            let from = Bng::new(4e5 + x.round(), 3e5 + y.round());
            let r2 = radius * radius;
            let d2 = |p: &Bng| {
                (p.easting() - from.easting()).powi(2) + (p.northing() - from.northing()).powi(2)
            };
            let wanted: Vec<usize> =
                (0..points.len()).filter(|&i| d2(&points[i]) <= r2).collect();
            let radius = Metres::new(radius);

            prop_assert_eq!(&PointIndex::new(&points).within(from, radius), &wanted);
            prop_assert_eq!(&PointIndex::for_radius(&points, radius).within(from, radius), &wanted);
        }

        #[test]
        fn the_nearest_are_those_of_a_full_search(
            points in places(),
            from in 0_usize..300,
            k in 0_usize..12,
            stray in any::<bool>(),
        ) {
            let place = match points.get(from) {
                Some(point) if !stray => *point,
                _ => Bng::new(4e5 - 1e5, 3e5 + 17.3),
            };
            let d2 = |i: usize| {
                let p = points[i];
                (p.easting() - place.easting()).powi(2) + (p.northing() - place.northing()).powi(2)
            };
            let mut wanted: Vec<usize> = (0..points.len()).filter(|&i| i != from).collect();
            wanted.sort_by(|&a, &b| d2(a).total_cmp(&d2(b)).then(a.cmp(&b)));
            wanted.truncate(k);

            let found = PointIndex::new(&points).nearest(place, k, Some(from));

            let numbers: Vec<usize> = found.iter().map(|found| found.0).collect();
            prop_assert_eq!(numbers, wanted);
        }
    }

    #[test]
    fn what_is_not_finite_is_never_found() {
        let points = [Bng::new(f64::NAN, 0.0), Bng::new(1.0, 2.0), Bng::new(0.0, f64::INFINITY)];

        let index = PointIndex::new(&points);

        assert_eq!(index.len(), 1);
        assert_eq!(index.within(Bng::new(0.0, 0.0), Metres::new(1e300)), [1]);
        assert_eq!(index.nearest(Bng::new(0.0, 0.0), 5, None).len(), 1);
        assert!(index.within(Bng::new(f64::NAN, 0.0), Metres::new(9.0)).is_empty());
        assert!(index.nearest(Bng::new(f64::NAN, 0.0), 5, None).is_empty());
    }

    #[test]
    fn nothing_and_one_place_are_answered() {
        let index = PointIndex::new(&[]);
        assert!(index.is_empty() && index.nearest(Bng::new(0.0, 0.0), 3, None).is_empty());

        let same = vec![Bng::new(5.0, 5.0); 9];
        let index = PointIndex::new(&same);
        assert_eq!(index.within(same[0], Metres::new(0.0)).len(), 9);
        assert_eq!(
            index.nearest(same[0], 3, Some(0)).iter().map(|n| n.0).collect::<Vec<_>>(),
            [1, 2, 3]
        );
    }

    #[test]
    fn a_stray_does_not_make_the_cells_too_large() {
        let mut points: Vec<Bng> =
            (0..10_000).map(|i| Bng::new(f64::from(i % 100), f64::from(i / 100))).collect();
        points.push(Bng::new(5e6, 5e6));

        let index = PointIndex::new(&points);

        let most = index.starts.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
        assert!(most <= 20, "{most} in one cell");
        assert_eq!(index.within(Bng::new(5e6, 5e6), Metres::new(1.0)), [10_000]);
    }
}
