//! Every mapped incident by place, small enough to stay in memory and quick to look at by part.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use rayon::prelude::*;

use crate::crs::Bng;
use crate::geometry::Bounds;
use crate::incident::{CRIME_TYPES, CrimeTypes, Incidents, TextColumn};
use crate::pipeline::coverage::Coverage;
use crate::pipeline::ground::mappable;
use crate::pipeline::request::USUAL_CELL;
use crate::quantity::Metres;
use crate::stats::{BLOCK, BUCKET, STEPS, Square};
use crate::store::Dataset;
use crate::time::Month;
use crate::units::{UnitSource, unit_kind};

use super::breaks::sample;
use super::kept::Kept;
use super::people::People;
use crate::pipeline::when::When;

/// Buckets of a block.
const PER_BLOCK: usize = (BLOCK * BLOCK) as usize;
/// A block without incidents.
const EMPTY: u32 = u32::MAX;
/// Steps of position along the side of a bucket.
const SIDE: i64 = (BUCKET * STEPS) as i64;
/// Incidents read at once.
const CHUNK: usize = 1 << 16;

/// Incidents of one spot that every filter keeps or leaves out together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    /// Bucket in its block, row by row.
    bucket: u16,
    /// From the bucket's corner, in 1/256 m.
    pub y: u16,
    pub x: u16,
    /// Source and crime type.
    pub key: u16,
    /// Months from the first of the data.
    pub month: u16,
    /// When in the week.
    pub when: When,
    /// How many.
    pub n: u16,
}

impl Row {
    /// What rows are sorted by: each field in turn, the first above all others.
    fn order(&self) -> u128 {
        let fields =
            [self.bucket, self.y, self.x, self.key, self.month, self.when.number(), self.n];
        fields.into_iter().fold(0, |order, field| order << 16 | u128::from(field))
    }
}

/// The incidents of a dataset that density may use, by place: what filtered heat is made from.
///
/// It holds 14 bytes for each incident, fewer where several share all that filters look at. A
/// position is good to 4 mm, a time to a quarter of an hour.
#[derive(Debug)]
pub struct HeatIndex {
    rows: Vec<Row>,
    /// First block and blocks from west to east and south to north.
    west: i32,
    south: i32,
    columns: i32,
    /// Which of `starts` is a block's.
    blocks: Vec<u32>,
    /// Where the rows of each bucket of a block start, and the last end.
    starts: Vec<[u32; PER_BLOCK + 1]>,
    bounds: Option<Bounds>,
    sources: Vec<String>,
    /// Months in which each source holds any incident, and its crime types as bits.
    held: Vec<Held>,
    first_month: Month,
    /// Places inside the study area that class breaks are taken from.
    pub(super) sample: Vec<Bng>,
    /// What requests have made of the rows.
    pub(super) kept: Kept,
    people: Mutex<Option<Residents>>,
}

/// Months in which a source holds any incident, and its crime types as bits.
type Held = (BTreeSet<Month>, u64);

/// Where people live; nothing where that is not known.
type Residents = Option<Arc<People>>;

/// What the columns of incidents are to the index.
struct Facts<'a> {
    incidents: &'a Incidents,
    /// `[n_words]`: number of the source of this name.
    sources: Vec<u16>,
    first_month: Month,
    finest: Metres,
}

impl HeatIndex {
    /// The incidents of `data` by place.
    ///
    /// # Errors
    ///
    /// If there are no wards, or more sources or months than fit.
    pub fn new(data: &Dataset) -> anyhow::Result<Self> {
        let incidents = &data.incidents;
        let finest = USUAL_CELL;
        let source =
            UnitSource { layers: &data.layers, study_area: &data.study_area, cell_size: finest };
        let (names, held): (Vec<&str>, Vec<Held>) = held(incidents).into_iter().unzip();
        let months = || held.iter().flat_map(|(months, _)| months.iter().copied());
        let first_month = months().min().or_else(|| Month::new(1, 1)).context("a first month")?;
        let n_months = months().max().map_or(0, |last| last.since(first_month) + 1);
        let fits = |n: usize| u16::try_from(n).is_ok();
        if !fits(names.len() * CRIME_TYPES.len()) || u16::try_from(n_months).is_err() {
            anyhow::bail!(
                "{} sources and {n_months} months are more than heat can tell apart",
                names.len()
            );
        }
        let number = |word| {
            let name = incidents.text(word).unwrap_or_default();
            names.binary_search(&name).unwrap_or_default() as u16
        };
        let sources = incidents.words().map(number).collect();
        let facts = Facts { incidents, sources, first_month, finest };
        let places = || -> anyhow::Result<Vec<Bng>> {
            let wards = unit_kind("ward").context("wards are a kind of unit")?.build(&source)?;
            Ok(sample(data.study_area.bounds(), &wards))
        };
        let arrange =
            || Self::arranged(incidents.len(), |i| facts.at(i), |i, row| facts.fill(i, row));
        let (sample, arranged) = rayon::join(places, arrange);
        let sample = sample?;
        let sources = names.into_iter().map(str::to_owned).collect();
        Ok(Self { sources, held, first_month, sample, ..arranged })
    }

    /// Positions alone, each of weight 1: as the index of a dataset that holds nothing else.
    pub(in crate::pipeline) fn of_points(points: &[Bng]) -> Self {
        Self::arranged(points.len(), |i| Some(points[i]), |_, _| {})
    }

    /// Positions with their keys.
    pub(super) fn of_keyed(placed: &[(Bng, u16)]) -> Self {
        Self::arranged(placed.len(), |i| Some(placed[i].0), |i, row| row.key = placed[i].1)
    }

    /// Where people live, as the finest areas of `data` say; worked out when first asked for.
    pub(super) fn people(&self, data: &Dataset) -> Option<Arc<People>> {
        let held = || self.people.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &*held() {
            return known.clone();
        }
        // Not under the lock: who waits for it could be what this waits for.
        let made = People::of(data, USUAL_CELL).map(Arc::new);
        held().get_or_insert(made).clone()
    }

    /// `n` positions, those that `at` gives, by block and bucket; `fill` says what else each is.
    fn arranged(
        n: usize,
        at: impl Fn(usize) -> Option<Bng> + Sync,
        fill: impl Fn(usize, &mut Row) + Sync,
    ) -> Self {
        let (west, east, south, north) = extent(n, &at);
        let columns = east - west + 1;
        let n_blocks = columns as usize * (north - south + 1) as usize;
        let number = |(column, row): Square| ((row - south) * columns + column - west) as usize;
        let mut ends = count(n, n_blocks, &|i| at(i).map(|at| number(placed(at).0)));
        for i in 0..n_blocks {
            ends[i + 1] += ends[i];
        }
        let mut rows: Vec<Row> = rayon::iter::repeat_n(NOTHING, ends[n_blocks]).collect();
        // Each thread walks over every position and puts those of its own blocks in their places, so
        // that none need be set aside.
        let shares = rayon::current_num_threads();
        let mut rest = rows.as_mut_slice();
        let mut parts = Vec::with_capacity(shares);
        let mut first = 0;
        for share in 1..=shares {
            let wanted = ends[n_blocks] * share / shares;
            let after = if share == shares {
                n_blocks
            } else {
                ends.partition_point(|&end| end < wanted).clamp(first, n_blocks)
            };
            let (part, others) = rest.split_at_mut(ends[after] - ends[first]);
            rest = others;
            parts.push((first..after, part));
            first = after;
        }
        parts.into_par_iter().for_each(|(blocks, part)| {
            let begin = ends[blocks.start];
            let mut next: Vec<usize> =
                ends[blocks.clone()].iter().map(|start| start - begin).collect();
            for i in 0..n {
                let Some(at) = at(i) else { continue };
                let (block, mut row) = placed(at);
                let block = number(block);
                if !blocks.contains(&block) {
                    continue;
                }
                fill(i, &mut row);
                let next = &mut next[block - blocks.start];
                part[*next] = row;
                *next += 1;
            }
        });
        let mut rest = rows.as_mut_slice();
        let mut parts = Vec::new();
        for block in 0..n_blocks {
            let (part, after) = rest.split_at_mut(ends[block + 1] - ends[block]);
            rest = after;
            if !part.is_empty() {
                parts.push((block, part));
            }
        }
        let merged: Vec<(usize, usize)> = parts
            .into_par_iter()
            .map(|(block, part)| {
                part.sort_unstable_by_key(Row::order);
                (block, merge(part))
            })
            .collect();
        let mut blocks = vec![EMPTY; n_blocks];
        let mut starts = Vec::with_capacity(merged.len());
        let mut end = 0;
        for (block, n) in merged {
            rows.copy_within(ends[block]..ends[block] + n, end);
            blocks[block] = starts.len() as u32;
            starts.push(starts_of(&rows[end..end + n], end));
            end += n;
        }
        rows.truncate(end);
        rows.shrink_to_fit();
        let side = BUCKET * f64::from(BLOCK);
        let corner =
            |column: i32, row: i32| Bng::new(f64::from(column) * side, f64::from(row) * side);
        let bounds = (!rows.is_empty())
            .then(|| Bounds { min: corner(west, south), max: corner(east + 1, north + 1) });
        let first_month = Month::new(1, 1).expect("January of the year 1 is a month");
        Self {
            rows,
            west,
            south,
            columns,
            blocks,
            starts,
            bounds,
            sources: Vec::new(),
            held: Vec::new(),
            first_month,
            sample: Vec::new(),
            kept: Kept::default(),
            people: Mutex::default(),
        }
    }

    /// Rows of the bucket in this column and row.
    pub(super) fn bucket(&self, column: i32, row: i32) -> &[Row] {
        let across = column.div_euclid(BLOCK) - self.west;
        let up = row.div_euclid(BLOCK) - self.south;
        if across < 0 || across >= self.columns || up < 0 {
            return &[];
        }
        let block = self.blocks.get((up * self.columns + across) as usize).copied();
        let Some(starts) = block.and_then(|block| self.starts.get(block as usize)) else {
            return &[];
        };
        let number = (row.rem_euclid(BLOCK) * BLOCK + column.rem_euclid(BLOCK)) as usize;
        &self.rows[starts[number] as usize..starts[number + 1] as usize]
    }

    /// The blocks that hold anything, whole.
    pub(super) fn bounds(&self) -> Option<Bounds> {
        self.bounds
    }

    /// Rows held: what memory and low zooms cost by.
    pub fn n_rows(&self) -> usize {
        self.rows.len()
    }

    /// Whether the hills of all rows can be kept at once.
    pub(super) fn fits_whole(&self) -> bool {
        Kept::holds_hills(self.rows.len())
    }

    /// `[n_keys]`: `weight` of the crime type of each key of this source, or of all; 0 for others.
    pub(super) fn weights(
        &self,
        types: CrimeTypes,
        only: Option<&str>,
        weight: impl Fn(crate::incident::CrimeTypeIdx) -> f64,
    ) -> Vec<f64> {
        let kinds = || crate::incident::CrimeTypeIdx::all();
        let of_source = |source: &String| only.is_none_or(|only| only == source);
        let each = |source: &String| {
            let wanted = of_source(source);
            kinds()
                .map(|kind| if wanted && types.contains(kind) { weight(kind) } else { 0.0 })
                .collect::<Vec<_>>()
        };
        self.sources.iter().flat_map(each).collect()
    }

    /// Months from the first of the data; `None` before it.
    pub(super) fn month_number(&self, month: Month) -> i32 {
        month.since(self.first_month)
    }

    /// Months in which the sources that hold any of `types`, or `only` that one, hold anything.
    pub(super) fn coverage(&self, types: CrimeTypes, only: Option<&str>) -> Coverage<'_> {
        let meant = crate::incident::CrimeTypeIdx::all()
            .filter(|kind| types.contains(*kind))
            .fold(0, |bits, kind| bits | 1_u64 << kind.index());
        let months: BTreeMap<&str, BTreeSet<Month>> = self
            .sources
            .iter()
            .zip(&self.held)
            .filter(|(source, (_, types))| {
                types & meant != 0 && only.is_none_or(|only| only == source.as_str())
            })
            .map(|(source, (months, _))| (source.as_str(), months.clone()))
            .collect();
        Coverage::held(months)
    }
}

/// An incident that is yet to be filled in.
const NOTHING: Row = Row { bucket: 0, y: 0, x: 0, key: 0, month: 0, when: When::UNKNOWN, n: 0 };

/// `x.round() as i64`, without the call that rounding is on machines it has to suit all of.
fn rounded(x: f64) -> i64 {
    let whole = x as i64;
    let rest = x - whole as f64;
    whole.saturating_add(i64::from(rest >= 0.5) - i64::from(rest <= -0.5))
}

/// The block of a position, and a row of one incident of the first key and month there.
fn placed(at: Bng) -> (Square, Row) {
    let part = |metres: f64| {
        let steps = rounded(metres * STEPS);
        (steps.div_euclid(SIDE) as i32, steps.rem_euclid(SIDE) as u16)
    };
    let ((column, x), (row, y)) = (part(at.easting()), part(at.northing()));
    let bucket = (row.rem_euclid(BLOCK) * BLOCK + column.rem_euclid(BLOCK)) as u16;
    ((column.div_euclid(BLOCK), row.div_euclid(BLOCK)), Row { bucket, y, x, n: 1, ..NOTHING })
}

/// Westernmost, easternmost, southernmost and northernmost block of the positions.
fn extent(n: usize, at: &(impl Fn(usize) -> Option<Bng> + Sync)) -> (i32, i32, i32, i32) {
    const NONE: (i32, i32, i32, i32) = (i32::MAX, i32::MIN, i32::MAX, i32::MIN);
    let both = |a: (i32, i32, i32, i32), b: (i32, i32, i32, i32)| {
        (a.0.min(b.0), a.1.max(b.1), a.2.min(b.2), a.3.max(b.3))
    };
    let chunk = |rows: std::ops::Range<usize>| {
        let squares = rows.filter_map(at).map(|at| placed(at).0);
        squares.fold(NONE, |all, (column, row)| both(all, (column, column, row, row)))
    };
    let found = chunks(n).map(chunk).reduce(|| NONE, both);
    if found == NONE { (0, 0, 0, 0) } else { found }
}

/// `[n_blocks + 1]`: how many of the rows are of the block before.
fn count(
    n: usize,
    n_blocks: usize,
    block: &(impl Fn(usize) -> Option<usize> + Sync),
) -> Vec<usize> {
    let none = || vec![0_usize; n_blocks + 1];
    chunks(n)
        .fold(none, |mut counts, rows| {
            rows.filter_map(block).for_each(|block| counts[block + 1] += 1);
            counts
        })
        .reduce(none, |mut all, more| {
            all.iter_mut().zip(more).for_each(|(all, more)| *all += more);
            all
        })
}

impl Facts<'_> {
    #[inline]
    fn at(&self, i: usize) -> Option<Bng> {
        mappable(self.incidents, i, self.finest)
    }

    #[inline]
    fn fill(&self, i: usize, row: &mut Row) {
        let source = self.incidents.word_of(TextColumn::Source, i).number();
        let source = source.and_then(|word| self.sources.get(word)).copied().unwrap_or_default();
        let kind = self.incidents.crime_type(i).index();
        row.key = source * CRIME_TYPES.len() as u16 + kind as u16;
        row.month = self.incidents.month(i).since(self.first_month) as u16;
        row.when = When::of(self.incidents.span(i), self.incidents.flags(i));
    }
}

/// Makes rows that differ in nothing one, as far as a count goes; gives how many are left.
fn merge(rows: &mut [Row]) -> usize {
    let mut kept = 0;
    for i in 1..rows.len() {
        let (before, row) = (rows[kept], rows[i]);
        let same = Row { n: before.n, ..row } == before;
        if let Some(n) = before.n.checked_add(row.n).filter(|_| same) {
            rows[kept].n = n;
        } else {
            kept += 1;
            rows[kept] = row;
        }
    }
    (kept + 1).min(rows.len())
}

/// Where the rows of each bucket start, in rows that begin at `first`.
fn starts_of(rows: &[Row], first: usize) -> [u32; PER_BLOCK + 1] {
    let mut starts = [first as u32; PER_BLOCK + 1];
    for row in rows {
        starts[usize::from(row.bucket) + 1] += 1;
    }
    let mut sum = 0;
    for start in &mut starts[1..] {
        sum += *start - first as u32;
        *start = first as u32 + sum;
    }
    starts
}

fn chunks(n: usize) -> impl ParallelIterator<Item = std::ops::Range<usize>> {
    (0..n.div_ceil(CHUNK)).into_par_iter().map(move |i| i * CHUNK..((i + 1) * CHUNK).min(n))
}

/// Months and crime types of each source, by its name.
fn held(incidents: &Incidents) -> BTreeMap<&str, Held> {
    let chunk = |rows: std::ops::Range<usize>| {
        let of = |i: usize| (incidents.word_of(TextColumn::Source, i), incidents.month(i));
        let mut held = BTreeMap::new();
        let mut rest = rows.peekable();
        while let Some(first) = rest.next() {
            let run = of(first);
            let mut types = 1 << incidents.crime_type(first).index();
            while let Some(i) = rest.next_if(|&i| of(i) == run) {
                types |= 1 << incidents.crime_type(i).index();
            }
            let (months, all): &mut Held =
                held.entry(incidents.text(run.0).unwrap_or_default()).or_default();
            months.insert(run.1);
            *all |= types;
        }
        held
    };
    chunks(incidents.len()).map(chunk).reduce(BTreeMap::new, |mut all, more| {
        for (name, (months, types)) in more {
            let held = all.entry(name).or_default();
            held.0.extend(months);
            held.1 |= types;
        }
        all
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row() -> impl Strategy<Value = Row> {
        let near = || 0..2_u16;
        let field = || prop_oneof![near(), any::<u16>()];
        let minutes = (0..2_i8, 0..24_i8).prop_map(|(day, hour)| {
            let from = jiff::civil::datetime(2025, 4, 11 + day, hour, 0, 0, 0);
            When::of((Some(from), None), crate::incident::Flags::default())
        });
        (field(), field(), field(), field(), field(), minutes, field()).prop_map(
            |(bucket, y, x, key, month, when, n)| Row { bucket, y, x, key, month, when, n },
        )
    }

    proptest! {
        #[test]
        fn rows_are_in_order_of_each_field_in_turn(a in row(), b in row()) {
            let fields = |row: Row| {
                let Row { bucket, y, x, key, month, when, n } = row;
                [bucket, y, x, key, month, when.number(), n]
            };
            prop_assert_eq!(a.order().cmp(&b.order()), fields(a).cmp(&fields(b)));
        }

        #[test]
        fn numbers_are_rounded_as_round_does(x in prop_oneof![
            any::<f64>(),
            -1e9..1e9_f64,
            (-9_i32..9, -2_i8..3).prop_map(|(halves, ulps)| {
                let half = f64::from(halves) / 2.0;
                f64::from_bits(half.to_bits().wrapping_add_signed(ulps.into()))
            }),
        ]) {
            prop_assert_eq!(rounded(x), x.round() as i64);
        }
    }
}
