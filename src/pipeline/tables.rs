//! Tables that have no map of their own: by type and by month.

use std::collections::{BTreeMap, BTreeSet};

use crate::audience::Disclosure;
use crate::incident::{CRIME_TYPES, CrimeTypeIdx, CrimeTypes, Group, Incidents};
use crate::layer::english::{head, unit};
use crate::store::Dataset;
use crate::table::{Column, Table, Value};
use crate::time::{HoursOfWeek, Month, Window};

use super::coverage::Coverage;
use super::english::records as say;
use super::rows::Rows;

/// Counts of every type in `window`, and in `earlier` where there is one; types without any record
/// in either are left out.
pub(super) fn by_type(
    rows: &Rows<'_>,
    data: &Dataset,
    hours: HoursOfWeek,
    window: Window,
    earlier: Option<Window>,
) -> Table {
    let incidents = &data.incidents;
    let mut now = [0i64; CRIME_TYPES.len()];
    let mut before = [0i64; CRIME_TYPES.len()];
    for i in (0..incidents.len()).filter(|&i| rows.takes(i)) {
        let (kind, month) = (incidents.crime_type(i).index(), incidents.month(i));
        now[kind] += i64::from(window.contains(month));
        before[kind] += i64::from(earlier.is_some_and(|earlier| earlier.contains(month)));
    }
    let sum = |counts: &[i64], choice: CrimeTypes| -> i64 {
        CrimeTypeIdx::all().filter(|&t| choice.contains(t)).map(|t| counts[t.index()]).sum()
    };
    let priorities = data.priorities.iter().map(|priority| CrimeTypes::Priority(priority));
    let rows = CrimeTypes::choices()
        .chain(priorities)
        .map(|choice| (choice, sum(&now, choice), earlier.map(|_| sum(&before, choice))))
        .filter(|(_, now, before)| *now > 0 || before.is_some_and(|n| n > 0))
        .map(|(choice, now, before)| {
            vec![
                Value::Text(choice.to_string()),
                choice.label().into(),
                say::family(choice).into(),
                Value::Count(now),
                Value::count(before),
            ]
        })
        .collect();
    Table {
        id: "by-type".to_owned(),
        title: say::by_type(&hours.of_window(&window.label())),
        columns: vec![
            Column::new("type", head::TYPE, "", 0),
            Column::new("label", head::NAME, "", 0),
            Column::new("group", head::FAMILY, "", 0),
            Column::new("count", head::COUNT, unit::INCIDENTS, 0),
            Column::new("earlier", head::YEAR_EARLIER, unit::INCIDENTS, 0),
        ],
        rows,
    }
}

/// Months whose count would tell of too few health records: every month of a period, where one of them
/// holds 1 to fewer than the rule's `least` of a type and source. One month alone could be had from the
/// count of the period less the others.
pub(super) fn untold_months(
    rows: &Rows<'_>,
    data: &Dataset,
    types: CrimeTypes,
    held: Window,
) -> BTreeSet<Month> {
    let Some(Disclosure { rule, .. }) = &data.provenance.disclosure else { return BTreeSet::new() };
    let incidents = &data.incidents;
    let mut counts: BTreeMap<(i32, Month, CrimeTypeIdx, &str), u64> = BTreeMap::new();
    for i in rows.within(types, held) {
        let (month, kind) = (incidents.month(i), incidents.crime_type(i));
        if kind.get().group == Group::Health {
            let part = (rule.period_of(month), month, kind, incidents.source(i));
            *counts.entry(part).or_default() += 1;
        }
    }
    let few: BTreeSet<i32> =
        counts.iter().filter(|(_, n)| **n < rule.least).map(|(part, _)| part.0).collect();
    held.months().filter(|month| few.contains(&rule.period_of(*month))).collect()
}

/// Counts of `types` in each month of the data; none for a month that a source lacks, or that is
/// `untold`.
pub(super) fn by_month(
    rows: &Rows<'_>,
    incidents: &Incidents,
    types: CrimeTypes,
    data: Window,
    coverage: &Coverage<'_>,
    untold: &BTreeSet<Month>,
) -> Table {
    let mut counts = vec![0; data.n_months()];
    for i in rows.within(types, data) {
        counts[incidents.month(i).since(data.first()) as usize] += 1;
    }
    let gaps: BTreeSet<Month> =
        coverage.gaps(data).into_iter().flat_map(|(_, missing)| missing).collect();
    Table {
        id: "by-month".to_owned(),
        title: say::by_month(types.label()),
        columns: vec![
            Column::new("month", head::MONTH, "", 0),
            Column::new("count", head::COUNT, unit::INCIDENTS, 0),
        ],
        rows: data
            .months()
            .zip(counts)
            .map(|(month, count)| {
                let held = !gaps.contains(&month) && !untold.contains(&month);
                vec![Value::Text(month.to_string()), Value::count(held.then_some(count))]
            })
            .collect(),
    }
}
