//! Data made for an audience: what it may not know is taken out, not hidden.
//!
//! The finest groups that any request can tell apart are the records of one ward, crime type, source
//! and period; a cell is told of as a part of such a group. [`mask`] decides once how many records of
//! each part are told; the others keep their ward and lose their position. So every count, density,
//! test and difference made from what is left is made from cells told in steps of enough.

use std::collections::HashMap;

use anyhow::Context as _;

use crate::audience::{Audience, Disclosure, Records, Rule};
use crate::context::Context;
use crate::crs::Bng;
use crate::hint::Hint;
use crate::incident::{CrimeTypeIdx, Flags, Group, Incident, Incidents, Place};
use crate::layer::disclosure::{Part, mask};
use crate::provenance::Provenance;
use crate::quantity::Metres;
use crate::store::Dataset;
use crate::time::{Month, Window};

/// Column and row of a cell, counted in sides from the origin of the plane.
type Cell = (i32, i32);

/// Records that every request takes or leaves together: ward, source, crime type, period.
type Whole = (u32, u32, CrimeTypeIdx, i32);

/// How finely a record's place may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Cell(Cell),
    /// Its kind, source or cell forbids more.
    WardByRule,
    /// It has no position fine enough.
    WardWithoutPosition,
    /// In its ward if that holds enough of the kind, else for the whole area.
    WardIfEnough,
    WholeArea,
}

/// A record on its way.
#[derive(Debug, Clone, Copy)]
struct Draft {
    row: usize,
    ward: u32,
    source: u32,
    crime_type: CrimeTypeIdx,
    month: Month,
    period: i32,
    level: Level,
    /// The cell it is told in.
    cell: Option<Cell>,
}

impl Draft {
    fn whole(&self) -> Whole {
        (self.ward, self.source, self.crime_type, self.period)
    }
}

/// `data` as the audience of `rule` may have them; `data` that were made for an audience already
/// can only be made for one that sees less.
///
/// - Positions become the middle of their cell; records lose their reference, street and flags, and
///   all but the partnership's lose LSOA and times.
/// - Health and hate records are counted for the whole area. Domestic records and those stored by
///   ward under a location rule are counted in their ward where it holds enough of them, for the
///   whole area else, and for the partnership always.
/// - Fires, and sources that are `ward-only`, are never told by cell to the public.
/// - Where a period is longer than a month, months are dealt out anew within each ward, crime type,
///   source and period: ward counts by month stay, and a cell's records say nothing of their month.
///   How they are dealt depends on nothing but what is told anyway.
/// - Health records of a type, source and period that holds too few are left out.
/// - Interventions, surveys, indicators and what communities asked for are left out.
///
/// # Errors
///
/// If the rule cannot be followed, the data hold no whole period, or are made for a narrower
/// audience already.
pub fn disclose(data: &Dataset, rule: &Rule) -> anyhow::Result<Dataset> {
    if let Some(fault) = rule.fault() {
        anyhow::bail!("a store for the {} cannot have this; wanted {fault}", rule.audience);
    }
    if let Some(earlier) = &data.provenance.disclosure
        && earlier.rule.audience <= rule.audience
    {
        return Err(anyhow::anyhow!(
            "these data were made for the {} already",
            earlier.rule.audience
        )
        .context(Hint("make it from the workspace that the records were imported into".into())));
    }
    let held = data
        .incidents
        .months()
        .context(Hint("read the workspace's sources first: wardheat import".into()))
        .context("the store holds no incident")?;
    let whole = rule.whole_within(held).ok_or_else(|| {
        anyhow::anyhow!(
            "the data run {held}, which holds no whole period of {} months",
            rule.period
        )
    })?;

    let (mut drafts, mut records) = drafts(data, rule, whole);
    // So that which of them are told does not depend on the order they came in.
    drafts.sort_unstable_by_key(|draft| (draft.whole(), draft.month, draft.row));
    drafts = with_enough_health_records(drafts, rule.least, &mut records);
    keep_wards_that_hold_enough(&mut drafts, rule.least);
    keep_cells_that_hold_enough(&mut drafts, rule.least, &mut records);
    if rule.period > 1 {
        deal_months(&mut drafts);
    }
    Ok(Dataset {
        name: data.name.clone(),
        layers: data.layers.clone(),
        study_area: data.study_area.clone(),
        incidents: told(&data.incidents, drafts, rule),
        streets: data.streets.clone(),
        snap_points: middles(data, rule),
        priorities: data.priorities.clone(),
        night: data.night.clone(),
        context: Context {
            lookups: data.context.lookups.clone(),
            peers: data.context.peers.clone(),
            harm: data.context.harm.clone(),
            ..Context::default()
        },
        venues: data.venues.clone(),
        meetings: data.meetings.clone(),
        fictional: data.fictional,
        provenance: Provenance {
            disclosure: Some(Disclosure {
                rule: rule.clone(),
                made_from: data.version.clone(),
                records,
            }),
            ..data.provenance.clone()
        },
        version: format!("{}-{}", data.version, rule.audience),
    })
}

/// `data` as `audience` may have them by its own rule; `None` where that is what they are.
///
/// # Errors
///
/// As [`disclose`], and if they were made for an audience that may see more.
pub fn disclosed(data: &Dataset, audience: Audience) -> anyhow::Result<Option<Dataset>> {
    match (&data.provenance.disclosure, Rule::of(audience)) {
        (Some(held), _) => {
            if held.rule.audience > audience {
                anyhow::bail!(
                    "this store was made for the {}, who may see more than the {audience}",
                    held.rule.audience
                );
            }
            Ok(None)
        }
        (None, Some(rule)) => {
            disclose(data, &rule).context("making the data fit for their audience").map(Some)
        }
        (None, None) => Ok(None),
    }
}

/// Each text as a number, in the order of the texts.
fn numbered<'a>(texts: impl Iterator<Item = &'a str>) -> HashMap<&'a str, u32> {
    let mut sorted: Vec<&str> =
        texts.collect::<std::collections::HashSet<_>>().into_iter().collect();
    sorted.sort_unstable();
    sorted.into_iter().zip(0..).collect()
}

fn drafts(data: &Dataset, rule: &Rule, whole: Window) -> (Vec<Draft>, Records) {
    let incidents = &data.incidents;
    let rows = 0..incidents.len();
    let wards = numbered(rows.clone().filter_map(|i| incidents.ward(i)));
    let sources = numbered(rows.clone().map(|i| incidents.source(i)));
    let addresses = addresses(data, rule);
    let mut records = Records { read: incidents.len() as u64, ..Records::default() };
    let mut drafts = Vec::with_capacity(incidents.len());
    for row in rows {
        let month = incidents.month(row);
        if !whole.contains(month) {
            records.outside_periods += 1;
            continue;
        }
        drafts.push(Draft {
            row,
            ward: incidents.ward(row).map_or(u32::MAX, |ward| wards[ward]),
            source: sources[incidents.source(row)],
            crime_type: incidents.crime_type(row),
            month,
            period: rule.period_of(month),
            level: level(incidents, row, rule, &addresses),
            cell: None,
        });
    }
    (drafts, records)
}

fn level(incidents: &Incidents, i: usize, rule: &Rule, addresses: &Addresses) -> Level {
    let (flags, group) = (incidents.flags(i), incidents.crime_type(i).get().group);
    let by_rule = incidents.area(i).is_some() || flags.has(Flags::DOMESTIC);
    let small = rule.least > 1;
    if group == Group::Health || flags.has(Flags::HATE) || incidents.ward(i).is_none() {
        return Level::WholeArea;
    }
    if by_rule {
        return if small { Level::WardIfEnough } else { Level::WholeArea };
    }
    let fine = incidents.precision(i).is_none_or(|precision| precision <= rule.cell);
    let Some(position) = incidents.position(i).filter(|_| fine && !flags.has(Flags::DEFAULT_PLACE))
    else {
        return Level::WardWithoutPosition;
    };
    let ward_only = rule.ward_only.iter().any(|source| source == incidents.source(i));
    let cell = cell_of(position, rule.cell);
    if ward_only || (small && group == Group::Fire) || !addresses.enough(cell) {
        return Level::WardByRule;
    }
    Level::Cell(cell)
}

fn cell_of(position: Bng, side: Metres) -> Cell {
    let whole = |metres: f64| (metres / side.get()).floor() as i32;
    (whole(position.easting()), whole(position.northing()))
}

fn middle(cell: Cell, side: Metres) -> Bng {
    let at = |n: i32| (f64::from(n) + 0.5) * side.get();
    Bng::new(at(cell.0), at(cell.1))
}

/// Entries of the layer of addresses or snap points by cell; nothing is asked where there is none.
struct Addresses(Option<(HashMap<Cell, u64>, u64)>);

impl Addresses {
    fn enough(&self, cell: Cell) -> bool {
        let held = |counts: &HashMap<Cell, u64>| counts.get(&cell).copied().unwrap_or_default();
        self.0.as_ref().is_none_or(|(counts, least)| held(counts) >= *least)
    }
}

fn addresses(data: &Dataset, rule: &Rule) -> Addresses {
    if data.snap_points.is_empty() || rule.addresses == 0 {
        return Addresses(None);
    }
    let mut counts = HashMap::new();
    for point in &data.snap_points {
        *counts.entry(cell_of(*point, rule.cell)).or_default() += 1;
    }
    Addresses(Some((counts, rule.addresses)))
}

/// Middles of the cells that hold an address or snap point, without repeats.
fn middles(data: &Dataset, rule: &Rule) -> Vec<Bng> {
    let mut cells: Vec<Cell> =
        data.snap_points.iter().map(|point| cell_of(*point, rule.cell)).collect();
    cells.sort_unstable_by_key(|&(column, row)| (row, column));
    cells.dedup();
    cells.into_iter().map(|cell| middle(cell, rule.cell)).collect()
}

/// Counts by group in the order of the groups.
fn counted<K: Ord + Copy>(keys: impl Iterator<Item = K>) -> Vec<(K, u64)> {
    let mut sorted: Vec<K> = keys.collect();
    sorted.sort_unstable();
    let mut counts: Vec<(K, u64)> = Vec::new();
    for key in sorted {
        match counts.last_mut() {
            Some((last, count)) if *last == key => *count += 1,
            _ => counts.push((key, 1)),
        }
    }
    counts
}

/// How many records of each part are told, and a way to take them one by one.
struct Shares<W, P>(Vec<((W, P), u64)>);

impl<W: Ord + Copy, P: Ord + Copy> Shares<W, P> {
    fn new(
        parts: impl Iterator<Item = (W, P)>,
        wholes: impl Iterator<Item = W>,
        least: u64,
    ) -> Self {
        let (wholes, counts) = (counted(wholes), counted(parts));
        let position = |whole: W| {
            let found = wholes.binary_search_by_key(&whole, |&(held, _)| held);
            found.expect("the wholes are those of the parts and more")
        };
        let parts: Vec<Part> = counts
            .iter()
            .map(|&((whole, _), count)| Part { whole: position(whole), count })
            .collect();
        let totals: Vec<u64> = wholes.iter().map(|&(_, count)| count).collect();
        let told = mask(&parts, &totals, least);
        Self(counts.into_iter().zip(told).map(|((key, _), told)| (key, told)).collect())
    }

    /// Whether one more record of this part is told.
    fn take(&mut self, whole: W, part: P) -> bool {
        let Ok(at) = self.0.binary_search_by_key(&(whole, part), |&(key, _)| key) else {
            return false;
        };
        let left = &mut self.0[at].1;
        let some = *left > 0;
        *left -= u64::from(some);
        some
    }
}

/// The drafts without health records of a type, source and period that holds fewer than `least`:
/// they are told of nowhere.
fn with_enough_health_records(drafts: Vec<Draft>, least: u64, records: &mut Records) -> Vec<Draft> {
    let whole = |draft: &Draft| (draft.source, draft.crime_type, draft.period);
    let is_health = |draft: &&Draft| draft.crime_type.get().group == Group::Health;
    let held = counted(drafts.iter().filter(is_health).map(whole));
    let few = |draft: &Draft| {
        held.binary_search_by_key(&whole(draft), |&(key, _)| key)
            .is_ok_and(|at| is_health(&draft) && held[at].1 < least)
    };
    let before = drafts.len();
    let kept: Vec<Draft> = drafts.into_iter().filter(|draft| !few(draft)).collect();
    records.left_out = (before - kept.len()) as u64;
    kept
}

/// Settles records of restricted kinds: in their ward where it holds enough, else the whole area.
fn keep_wards_that_hold_enough(drafts: &mut [Draft], least: u64) {
    let restricted = || drafts.iter().filter(|draft| draft.level == Level::WardIfEnough);
    let whole = |draft: &Draft| (draft.source, draft.crime_type, draft.period);
    let mut shares =
        Shares::new(restricted().map(|d| (whole(d), d.ward)), restricted().map(whole), least);
    for draft in drafts.iter_mut().filter(|draft| draft.level == Level::WardIfEnough) {
        let enough = shares.take(whole(draft), draft.ward);
        draft.level = if enough { Level::WardByRule } else { Level::WholeArea };
    }
}

/// Settles the rest: in their cell where that holds enough and leaves enough, else in their ward.
fn keep_cells_that_hold_enough(drafts: &mut [Draft], least: u64, records: &mut Records) {
    let in_wards = drafts.iter().filter(|draft| draft.level != Level::WholeArea);
    let in_cells = drafts.iter().filter_map(|draft| match draft.level {
        Level::Cell(cell) => Some((draft.whole(), cell)),
        _ => None,
    });
    let mut shares = Shares::new(in_cells, in_wards.map(Draft::whole), least);
    for draft in drafts {
        let count = match draft.level {
            Level::Cell(cell) if shares.take(draft.whole(), cell) => {
                draft.cell = Some(cell);
                &mut records.in_cells
            }
            Level::Cell(_) => &mut records.too_few,
            Level::WardWithoutPosition => &mut records.no_position,
            Level::WardByRule => &mut records.by_rule,
            Level::WardIfEnough | Level::WholeArea => &mut records.whole_area,
        };
        *count += 1;
    }
}

/// Deals the months of each ward, crime type, source and period out anew, by the order of its cells.
fn deal_months(drafts: &mut [Draft]) {
    let key = |draft: &Draft| {
        let ward = if draft.level == Level::WholeArea { u32::MAX } else { draft.ward };
        (ward, draft.source, draft.crime_type, draft.period)
    };
    drafts.sort_unstable_by_key(|draft| (key(draft), draft.cell, draft.month));
    for group in drafts.chunk_by_mut(|a, b| key(a) == key(b)) {
        let mut months: Vec<Month> = group.iter().map(|draft| draft.month).collect();
        months.sort_unstable();
        let n = months.len();
        // A step near the golden section of n spreads each cell's records over the months.
        let golden = (n as f64 * 0.618).round() as usize;
        let step = (golden.max(1)..=n).find(|&step| gcd(step, n) == 1).unwrap_or(1);
        for (i, draft) in group.iter_mut().enumerate() {
            draft.month = months[i * step % n];
        }
    }
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The records as they are told, in an order that says nothing of the one they came in.
fn told(incidents: &Incidents, mut drafts: Vec<Draft>, rule: &Rule) -> Incidents {
    drafts.sort_unstable_by_key(|d| {
        (d.source, d.month, d.crime_type, d.level == Level::WholeArea, d.ward, d.cell, d.row)
    });
    let exact = rule.period == 1;
    let mut all = Incidents::default();
    for draft in drafts {
        let was = incidents.get(draft.row);
        let place = draft.cell.map_or(Place::Nowhere, |cell| Place::Point {
            position: middle(cell, rule.cell),
            precision: rule.cell,
        });
        let by_cell = exact && draft.cell.is_some();
        all.push(&Incident {
            reference: None,
            month: draft.month,
            from: was.from.filter(|_| exact),
            to: was.to.filter(|_| exact),
            place,
            ward: was.ward.filter(|_| draft.level != Level::WholeArea),
            lsoa: was.lsoa.filter(|_| by_cell),
            street: None,
            flags: Flags::default(),
            source: was.source,
            crime_type: was.crime_type,
        });
    }
    all
}
