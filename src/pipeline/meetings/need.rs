//! Need of every ward, from the incidents of a window.

use jiff::civil::Date;

use crate::aggregate::{Confidence, Rate, rate_per_1000};
use crate::incident::{CrimeTypeIdx, CrimeTypes, Group};
use crate::layer::english::{head, unit};
use crate::pipeline::coverage::Coverage;
use crate::pipeline::ground::Ground;
use crate::plan::{NEED_DRAWS, Need, Part, Recorded, Swing, Weights, need, tornado};
use crate::quantity::Population;
use crate::stats::{AssociationError, gi_star_in_family};
use crate::store::Dataset;
use crate::table::{Column, Table, Value};
use crate::time::Window;
use crate::units::UnitIdx;
use crate::workspace::NeedRule;

use super::known::{Counted, Known, known};

/// Gi* is called significant at this false discovery rate.
const ALPHA: f64 = 0.05;
/// A ward with this many times the area's rate of shoplifting and theft from the person is a town
/// centre: its visitors are not among its residents.
const CENTRE_TIMES: f64 = 3.0;
/// Kinds whose rate shows a town centre.
const CENTRE_KINDS: [&str; 2] = ["shoplifting", "theft-from-the-person"];
/// Share of those kinds that the cells of the town centre hold.
const CENTRE_SHARE: f64 = 0.5;

/// What every table of need begins with.
const NEED: [Column; 17] = [
    Column::new("name", head::NAME, "", 0),
    Column::new("code", head::CODE, "", 0),
    Column::new("residents", head::RESIDENTS, "", 0),
    Column::new("crime", head::CRIME, "", 0),
    Column::new("crime_rate", head::RATE, unit::PER_1000_RESIDENTS, 1),
    Column::new("crime_rank", head::RANK, "", 0),
    Column::new("crime_low", head::LOW_END, "", 0),
    Column::new("crime_high", head::HIGH_END, "", 0),
    Column::new("asb", head::ASB, "", 0),
    Column::new("asb_rate", head::RATE, unit::PER_1000_RESIDENTS, 1),
    Column::new("asb_rank", head::RANK, "", 0),
    Column::new("asb_low", head::LOW_END, "", 0),
    Column::new("asb_high", head::HIGH_END, "", 0),
    Column::new("higher", head::HIGHER_NEED, "", 0),
    Column::new("town_centre", head::TOWN_CENTRE, "", 0),
    Column::new("crime_rank_without_centre", head::CRIME_RANK_WITHOUT_CENTRE, "", 0),
    Column::new("asb_rank_without_centre", head::ASB_RANK_WITHOUT_CENTRE, "", 0),
];

/// What follows where anybody knows who is there on a working day.
const BY_DAY: [Column; 3] = [
    Column::new("workday", head::THERE_ON_A_WORKING_DAY, "", 0),
    Column::new("crime_rate_day", head::CRIME_RATE_BY_DAY, unit::PER_1000_ON_A_WORKING_DAY, 1),
    Column::new("asb_rate_day", head::ASB_RATE_BY_DAY, unit::PER_1000_ON_A_WORKING_DAY, 1),
];

/// One ward.
#[derive(Debug, Clone, PartialEq)]
pub struct WardNeed {
    /// GSS code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Residents.
    pub residents: Option<Population>,
    /// People there on a working day.
    pub workday: Option<Population>,
    /// Need by crime.
    pub crime: Need,
    /// Need by anti-social behaviour.
    pub asb: Need,
    /// Rates of both with their intervals, in that order.
    pub rates: [Option<Rate>; 2],
    /// The same per 1,000 people there on a working day, where they are known.
    pub day_rates: [Option<Rate>; 2],
    /// Whether both are in the top share: a ward of higher need.
    pub higher: bool,
    /// Whether residents are the wrong base here: a town centre.
    pub centre: bool,
    /// Ranks of both with the cells of the town centre taken out, in the same order.
    pub without_centre: [u32; 2],
}

/// Every ward, and what the ranking depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct WardNeeds {
    /// Wards, sorted by code.
    pub wards: Vec<WardNeed>,
    /// Places in the top share.
    pub top: usize,
    /// Weights.
    pub weights: Weights,
    /// What each weight would change in the first five, for crime and for ASB.
    pub tornado: [Vec<Swing>; 2],
    /// The last day of a meeting of the partnership in each ward.
    pub visited: Vec<Option<Date>>,
    /// `[n_cells]`: whether the cell is in a significant hotspot of crime or of ASB.
    pub hot: Vec<bool>,
    /// How what is known apart from incidents came to be, and of harm.
    pub how_known: Vec<String>,
}

impl WardNeeds {
    /// Parts that are measured anywhere, or have a weight, by their place in [`Part::ALL`].
    pub fn parts(&self) -> Vec<(usize, Part)> {
        let measured = |p: usize| {
            self.wards.iter().any(|w| w.crime.parts[p].is_some() || w.asb.parts[p].is_some())
        };
        let all = Part::ALL.into_iter().enumerate();
        all.filter(|(p, _)| measured(*p) || self.weights.parts[*p] > 0.0).collect()
    }

    /// Weights of those parts, as set.
    pub fn weights_words(&self) -> String {
        let words = self
            .parts()
            .into_iter()
            .map(|(p, part)| format!("{} {}", part.id(), self.weights.parts[p]));
        words.collect::<Vec<_>>().join(", ")
    }

    /// Every place by need, those of higher need first, each with what is known of it apart from
    /// incidents.
    pub fn table(&self, id: &str, title: &str) -> Table {
        let known: Vec<(usize, Part)> =
            self.parts().into_iter().filter(|(_, part)| part.is_known_apart()).collect();
        let by_day = self.wards.iter().any(|ward| ward.workday.is_some());
        let mut columns = NEED.to_vec();
        columns.extend(by_day.then_some(BY_DAY).into_iter().flatten());
        columns.extend(known.iter().map(|(_, part)| Column::new(part.id(), part.label(), "", 1)));
        let rank = |rank: u32| Value::Count(i64::from(rank));
        let people = |n: Option<Population>| Value::count(n.map(|n| n.get().round() as i64));
        let rate = |rate: Option<Rate>| Value::number(rate.map(|rate| rate.value.get()));
        let row = |i: usize| {
            let place = &self.wards[i];
            let mut row =
                vec![place.name.clone().into(), place.code.clone().into(), people(place.residents)];
            for (need, of) in [&place.crime, &place.asb].into_iter().zip(place.rates) {
                row.extend([Value::Count(need.count as i64), rate(of)]);
                row.extend([need.rank, need.low, need.high].map(rank));
            }
            row.extend([Value::Flag(place.higher), Value::Flag(place.centre)]);
            row.extend(place.without_centre.map(rank));
            if by_day {
                row.push(people(place.workday));
                row.extend(place.day_rates.map(rate));
            }
            row.extend(known.iter().map(|(p, _)| Value::number(place.crime.parts[*p])));
            row
        };
        Table {
            id: id.to_owned(),
            title: title.to_owned(),
            columns,
            rows: self.in_order().into_iter().map(row).collect(),
        }
    }

    /// Wards of higher need, the one with the smaller sum of its two ranks first.
    pub fn higher(&self) -> Vec<usize> {
        self.in_order().into_iter().filter(|&i| self.wards[i].higher).collect()
    }

    /// All wards, those of higher need first, each group by the sum of its two ranks.
    pub fn in_order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.wards.len()).collect();
        let rank = |ward: &WardNeed| (ward.crime.rank + ward.asb.rank, ward.crime.rank);
        order.sort_by_key(|&i| (!self.wards[i].higher, rank(&self.wards[i]), i));
        order
    }
}

/// One kind of record, located.
struct Kind<'a> {
    counted: Counted<'a>,
    ground: &'a Ground,
    group: Group,
    rule: &'a NeedRule,
    known: &'a Known,
}

impl Kind<'_> {
    fn counts(&self, crime_type: CrimeTypeIdx) -> bool {
        crime_type.get().group == self.group
            && !self.rule.leave_out.iter().any(|out| out.contains(crime_type))
    }

    fn rows(&self, window: Window) -> impl Iterator<Item = usize> + '_ {
        let incidents = &self.counted.data.incidents;
        let rows = incidents.rows(CrimeTypes::Family(self.group), window);
        rows.filter(|&i| self.counts(incidents.crime_type(i)))
    }

    /// Cells in significant hotspots.
    fn hot(&self) -> anyhow::Result<Vec<bool>> {
        let mut counts = vec![0.0; self.ground.cells.len()];
        for cell in self.rows(self.counted.window).filter_map(|i| self.ground.cell_of[i]) {
            counts[cell.index()] += 1.0;
        }
        match gi_star_in_family(&counts, &self.ground.near, &self.ground.at_risk) {
            Ok(scores) => Ok(scores
                .into_iter()
                .zip(&counts)
                .map(|(s, n)| *n > 0.0 && s.is_some_and(|s| s.z > 0.0 && s.q <= ALPHA))
                .collect()),
            Err(AssociationError::NoVariation(_) | AssociationError::TooFew { .. }) => {
                Ok(vec![false; counts.len()])
            }
            Err(wrong) => Err(wrong.into()),
        }
    }

    fn recorded(&self, hot: &[bool], without: &[bool]) -> Recorded {
        let Counted { data, units, unit_of, window } = self.counted;
        let mut monthly = vec![vec![(0, 0); window.n_months()]; units.len()];
        for i in self.rows(window) {
            let Some(ward) = unit_of[i] else { continue };
            let cell = self.ground.cell_of[i].map(UnitIdx::index);
            if cell.is_some_and(|cell| without.get(cell) == Some(&true)) {
                continue;
            }
            let month = data.incidents.month(i).since(window.first()) as usize;
            let slot: &mut (u64, u64) = &mut monthly[ward.index()][month];
            if cell.is_some_and(|cell| hot[cell]) {
                slot.0 += 1;
            } else {
                slot.1 += 1;
            }
        }
        let types = CrimeTypes::Family(self.group);
        let before = window.year_earlier();
        let coverage = Coverage::of(&data.incidents, types, None);
        let whole = coverage.is_whole(before) && coverage.is_whole(window);
        let earlier = whole.then(|| {
            let mut counts = vec![0; units.len()];
            for ward in self.rows(before).filter_map(|i| unit_of[i]) {
                counts[ward.index()] += 1;
            }
            counts
        });
        // Tables of harm weigh offences; anti-social behaviour is none.
        let harm = if self.group == Group::Crime { self.known.harm.clone() } else { Vec::new() };
        Recorded { monthly, earlier, harm, known: self.known.parts.clone() }
    }
}

/// The fewest cells that hold half of the kinds that town centres attract.
fn centre_cells(data: &Dataset, ground: &Ground, window: Window) -> Vec<bool> {
    let mut counts = vec![0_u64; ground.cells.len()];
    for i in centre_rows(data, window) {
        if let Some(cell) = ground.cell_of[i] {
            counts[cell.index()] += 1;
        }
    }
    let mut order: Vec<usize> = (0..counts.len()).filter(|&cell| counts[cell] > 0).collect();
    order.sort_by(|&a, &b| counts[b].cmp(&counts[a]).then(a.cmp(&b)));
    let wanted = counts.iter().sum::<u64>() as f64 * CENTRE_SHARE;
    let mut is_centre = vec![false; counts.len()];
    let mut held = 0.0;
    for cell in order {
        if held >= wanted {
            break;
        }
        held += counts[cell] as f64;
        is_centre[cell] = true;
    }
    is_centre
}

fn centre_rows(data: &Dataset, window: Window) -> impl Iterator<Item = usize> + '_ {
    let kinds: Vec<CrimeTypeIdx> =
        CENTRE_KINDS.iter().filter_map(|id| CrimeTypeIdx::from_id(id)).collect();
    let rows = data.incidents.rows(CrimeTypes::Family(Group::Crime), window);
    rows.filter(move |&i| kinds.contains(&data.incidents.crime_type(i)))
}

/// Places whose rate of those kinds is far above the area's.
fn centres(counted: &Counted<'_>) -> Vec<bool> {
    let Counted { data, units: wards, unit_of, window } = *counted;
    let mut counts = vec![0.0; wards.len()];
    for ward in centre_rows(data, window).filter_map(|i| unit_of[i]) {
        counts[ward.index()] += 1.0;
    }
    let known = || (0..wards.len()).filter_map(|i| Some((counts[i], wards.residents[i]?.get())));
    let (all, people) = known().fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    (0..wards.len())
        .map(|i| {
            wards.residents[i].is_some_and(|own| {
                all > 0.0 && counts[i] / own.get() >= CENTRE_TIMES * all / people
            })
        })
        .collect()
}

/// Need of every ward by crime and by anti-social behaviour.
pub(super) fn wards(
    data: &Dataset,
    ground: &Ground,
    window: Window,
    rule: &NeedRule,
    seed: u64,
) -> anyhow::Result<WardNeeds> {
    let unit_of = &ground.ward_of;
    of(Counted { data, units: &ground.wards, unit_of, window }, ground, rule, seed)
}

/// Need of every place of any kind of area.
pub(super) fn of(
    counted: Counted<'_>,
    ground: &Ground,
    rule: &NeedRule,
    seed: u64,
) -> anyhow::Result<WardNeeds> {
    let Counted { data, units: wards, window, .. } = counted;
    let weights =
        Weights { parts: rule.weights(), top_share: rule.top_share, factor: rule.weight_factor };
    let known = known(&counted, rule)?;
    let centre_cells = centre_cells(data, ground, window);
    let is_centre = centres(&counted);
    let mut hot_any = vec![false; ground.cells.len()];
    let mut of_kind = Vec::new();
    for group in [Group::Crime, Group::Asb] {
        let kind = Kind { counted, ground, group, rule, known: &known };
        let hot = kind.hot()?;
        for (any, hot) in hot_any.iter_mut().zip(&hot) {
            *any |= hot;
        }
        let recorded = kind.recorded(&hot, &[]);
        let found = need(&recorded, &wards.residents, &weights, NEED_DRAWS, seed)?;
        let outside = kind.recorded(&hot, &centre_cells);
        let without = need(&outside, &wards.residents, &weights, 0, seed)?;
        let swings = tornado(&found, &weights);
        of_kind.push((found, without, swings));
    }
    let [(crime, crime_without, crime_swings), (asb, asb_without, asb_swings)] =
        <[_; 2]>::try_from(of_kind).map_err(|_| anyhow::anyhow!("two kinds were counted"))?;
    let both = |i: usize, base| {
        [crime[i].count, asb[i].count].map(|count| rate_per_1000(count, base, Confidence::P95))
    };
    let all = (0..wards.len()).map(|i| WardNeed {
        code: wards.ids[i].clone(),
        name: wards.names[i].clone(),
        residents: wards.residents[i],
        workday: wards.workday[i],
        higher: crime[i].top && asb[i].top && crime[i].count > 0 && asb[i].count > 0,
        centre: is_centre[i],
        without_centre: [crime_without[i].rank, asb_without[i].rank],
        rates: both(i, wards.residents[i]),
        day_rates: both(i, wards.workday[i]),
        crime: crime[i].clone(),
        asb: asb[i].clone(),
    });
    Ok(WardNeeds {
        wards: all.collect(),
        top: crate::plan::top_of(wards.len(), rule.top_share),
        weights,
        tornado: [crime_swings, asb_swings],
        visited: vec![None; wards.len()],
        hot: hot_any,
        how_known: known.how,
    })
}
