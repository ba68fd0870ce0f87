//! Which halls may be chosen, which wards each serves, and what speaks for each.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::anyhow;
use jiff::civil::Date;

use crate::hint::Hint;
use crate::meeting::{Kind, Venue};
use crate::pipeline::english::halls as say;
use crate::pipeline::ground::Ground;
use crate::plan::ToSchedule;
use crate::quantity::Metres;
use crate::store::Dataset;
use crate::workspace::PlanningRule;

use super::peaks::PeakHours;
use super::{MeetingsRequest, WardNeeds};

/// Halls that may be chosen: a site is a place in this list.
pub(super) struct Gate {
    /// Of the dataset's halls.
    pub eligible: Vec<usize>,
    /// Sites that must be used.
    pub locked: Vec<usize>,
    /// Halls that are not considered: by reason, their names.
    pub left_out: BTreeMap<&'static str, Vec<String>>,
}

/// Why a hall is not considered, and whether a lock overrides it.
fn refusal(venue: &Venue, from: Date, rule: &PlanningRule) -> Option<(&'static str, bool)> {
    let facts = &venue.facts;
    // A hall that closes in the year that is planned cannot be promised.
    let closed = facts.closed.is_some_and(|year| year <= i32::from(from.year()));
    let small = facts.capacity.is_some_and(|seats| seats < rule.expected);
    [
        (closed, say::CLOSED, false),
        (venue.is_mobile(), say::MOBILE, false),
        (venue.is_unfit(), say::UNFIT, false),
        (facts.step_free == Some(false), say::NOT_STEP_FREE, false),
        (rule.step_free_known && facts.step_free.is_none(), say::STEP_FREE_NOT_KNOWN, false),
        (venue.is_police(), say::POLICE, true),
        (small, say::TOO_SMALL, true),
        (rule.budget.is_some() && facts.cost.is_none(), say::COST_NOT_KNOWN, true),
    ]
    .into_iter()
    .find(|(applies, ..)| *applies)
    .map(|(_, why, may_lock)| (why, may_lock))
}

/// Lets halls through, or keeps the first reason against each.
pub(super) fn gate(
    request: &MeetingsRequest,
    rule: &PlanningRule,
    from: Date,
    data: &Dataset,
) -> anyhow::Result<Gate> {
    let (lock, exclude) = (named(&request.lock, data)?, named(&request.exclude, data)?);
    if let Some(&both) = lock.intersection(&exclude).next() {
        return Err(anyhow!("{} is both locked and excluded", data.venues[both].name));
    }
    let mut gate = Gate { eligible: vec![], locked: vec![], left_out: BTreeMap::new() };
    for (i, venue) in data.venues.iter().enumerate() {
        let locked = lock.contains(&i);
        let refused = refusal(venue, from, rule);
        let why = match refused {
            _ if exclude.contains(&i) => Some(say::EXCLUDED),
            Some((_, true)) if locked => None,
            Some((why, _)) if locked => {
                return Err(anyhow!("{} cannot be locked: {why}", venue.name).context(Hint(
                    "correct the list of venues if that is wrong, and import again".to_owned(),
                )));
            }
            refused => refused.map(|(why, _)| why),
        };
        if let Some(why) = why {
            gate.left_out.entry(why).or_default().push(venue.name.clone());
            continue;
        }
        if locked {
            gate.locked.push(gate.eligible.len());
        }
        gate.eligible.push(i);
    }
    let (locked, k) = (gate.locked.len(), rule.meetings);
    if locked > k {
        return Err(anyhow!(say::too_many_locked(locked, k))
            .context(Hint("plan more meetings, or lock fewer halls".to_owned())));
    }
    if gate.eligible.is_empty() {
        let why: Vec<String> =
            gate.left_out.iter().map(|(why, names)| format!("{} {why}", names.len())).collect();
        return Err(anyhow!("no hall of {} may be chosen: {}", data.venues.len(), why.join(", ")));
    }
    Ok(gate)
}

/// Halls by id or name.
fn named(wanted: &[String], data: &Dataset) -> anyhow::Result<BTreeSet<usize>> {
    let find = |wanted: &String| {
        let is = |venue: &Venue| {
            venue.id.eq_ignore_ascii_case(wanted) || venue.name.eq_ignore_ascii_case(wanted)
        };
        let found: Vec<usize> = (0..data.venues.len()).filter(|&i| is(&data.venues[i])).collect();
        match found[..] {
            [one] => Ok(one),
            ref found => {
                let ids: Vec<&str> = if found.is_empty() {
                    data.venues.iter().map(|venue| venue.id.as_str()).collect()
                } else {
                    found.iter().map(|&i| data.venues[i].id.as_str()).collect()
                };
                let what = format!("`{wanted}` is the name of {} halls; wanted one", found.len());
                Err(anyhow!(what).context(Hint(format!("the ids are {}", ids.join(", ")))))
            }
        }
    };
    wanted.iter().map(find).collect()
}

/// The last day before `before` on which the partnership met the public in each ward.
pub(super) fn visits(data: &Dataset, needs: &WardNeeds, before: Date) -> Vec<Option<Date>> {
    let own = |code: &str| {
        data.meetings
            .iter()
            .filter(|m| m.kind == Kind::Partnership && m.ward.as_deref() == Some(code))
            .filter_map(|meeting| meeting.last_before(before))
            .max()
    };
    needs.wards.iter().map(|ward| own(&ward.code)).collect()
}

/// Sites that serve each ward of higher need, the highest need first: those in it, or, where it has
/// none, those within `near` of its hotspots. A ward without either has an empty list.
pub(super) fn serving(
    needs: &WardNeeds,
    gate: &Gate,
    data: &Dataset,
    ground: &Ground,
    near: Metres,
) -> Vec<(usize, Vec<usize>)> {
    let venue = |site: usize| &data.venues[gate.eligible[site]];
    let sites = || 0..gate.eligible.len();
    needs
        .higher()
        .into_iter()
        .map(|ward| {
            let code = needs.wards[ward].code.as_str();
            let inside: Vec<usize> =
                sites().filter(|&site| venue(site).ward.as_deref() == Some(code)).collect();
            if !inside.is_empty() {
                return (ward, inside);
            }
            let hot: Vec<_> = (0..needs.hot.len())
                .filter(|&cell| needs.hot[cell])
                .filter_map(|cell| ground.cells.shapes[cell].label_point())
                .filter(|&at| ground.wards.locate(at).is_some_and(|w| w.index() == ward))
                .collect();
            let is_near = |site: &usize| {
                hot.iter().any(|cell| cell.distance(venue(*site).place) <= near.get())
            };
            (ward, sites().filter(is_near).collect())
        })
        .collect()
}

/// Wards that a site serves: those of higher need, else the one it lies in.
pub(super) fn wards_of(
    site: usize,
    serving: &[(usize, Vec<usize>)],
    needs: &WardNeeds,
    gate: &Gate,
    data: &Dataset,
) -> Vec<usize> {
    let served: Vec<usize> =
        serving.iter().filter(|(_, sites)| sites.contains(&site)).map(|(ward, _)| *ward).collect();
    if !served.is_empty() {
        return served;
    }
    let own = data.venues[gate.eligible[site]].ward.as_deref();
    (0..needs.wards.len()).filter(|&i| Some(needs.wards[i].code.as_str()) == own).collect()
}

/// What hiring each site costs, pounds. Only locked halls can be of unknown cost where there is a
/// budget; a note says that they are not counted.
pub(super) fn costs(data: &Dataset, gate: &Gate, hours: f64) -> Vec<f64> {
    gate.eligible.iter().map(|&i| data.venues[i].facts.cost.unwrap_or(0.0) * hours).collect()
}

/// Points of each site in the unit of demand: all points of `k` sites together are worth the rule's
/// share of all demand at most.
pub(super) fn points(
    data: &Dataset,
    gate: &Gate,
    needs: &WardNeeds,
    visits: &[Option<Date>],
    peaks: &PeakHours,
    (from, k, demand): (Date, usize, f64),
    rule: &PlanningRule,
) -> Vec<f64> {
    let most: f64 = rule.points().iter().sum();
    let unit = if most > 0.0 { rule.points_share * demand / (most * k as f64) } else { 0.0 };
    let to = from.saturating_add(jiff::Span::new().years(1));
    let joinable: BTreeSet<&str> = data
        .meetings
        .iter()
        .filter(|meeting| meeting.open != Some(false) && !meeting.days(from, to).is_empty())
        .filter_map(|meeting| meeting.ward.as_deref())
        .collect();
    gate.eligible
        .iter()
        .map(|&i| {
            let venue = &data.venues[i];
            let code = venue.ward.as_deref();
            let ward = needs.wards.iter().position(|w| Some(w.code.as_str()) == code);
            let unvisited =
                ward.is_some_and(|w| months_since(visits[w], from) >= Some(rule.revisit_months));
            let never = ward.is_some_and(|w| visits[w].is_none());
            let sum = [
                (code.is_some_and(|code| joinable.contains(code)), rule.points_join),
                (unvisited || never, rule.points_unvisited),
                (venue.facts.transport == Some(true), rule.points_transport),
                (!used_lately(venue, data, from, rule.reuse_months), rule.points_unused),
                (peaks.is_quiet(i, rule) == Some(true), rule.points_quiet),
            ];
            unit * sum.iter().filter(|(has, _)| *has).map(|(_, points)| points).sum::<f64>()
        })
        .collect()
}

/// Whether the partnership met the public in a hall within so many months before `from`.
fn used_lately(venue: &Venue, data: &Dataset, from: Date, months: u32) -> bool {
    let here = data.meetings.iter().filter(|meeting| {
        let named = meeting.venue.as_ref().is_some_and(|at| at.eq_ignore_ascii_case(&venue.name));
        meeting.kind == Kind::Partnership && named
    });
    here.filter_map(|meeting| months_since(meeting.last_before(from), from))
        .any(|since| since < months)
}

/// A chosen site with the wards it serves and the longest that one of them waited. Halls that are
/// chosen for reach alone wait for those of the wards of higher need.
pub(super) fn to_schedule(
    hall: &str,
    wards: &[usize],
    needs: &WardNeeds,
    visits: &[Option<Date>],
    from: Date,
) -> ToSchedule {
    if !wards.iter().any(|&ward| needs.wards[ward].higher) {
        let wards = wards.iter().map(|&ward| needs.wards[ward].code.clone()).collect();
        return ToSchedule { hall: hall.to_owned(), wards, waited: Some(0) };
    }
    let never = wards.iter().any(|&ward| visits[ward].is_none());
    let waited = wards.iter().filter_map(|&ward| months_since(visits[ward], from)).max();
    ToSchedule {
        hall: hall.to_owned(),
        wards: wards.iter().map(|&ward| needs.wards[ward].code.clone()).collect(),
        waited: if never { None } else { waited },
    }
}

/// Whole months from a visit to `to`.
pub(super) fn months_since(visit: Option<Date>, to: Date) -> Option<u32> {
    let span = visit?.until((jiff::Unit::Month, to)).ok()?;
    u32::try_from(span.get_months()).ok()
}
