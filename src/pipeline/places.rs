//! Scores by place, handed to the layers: wards, cells, hotspots.

use std::collections::{BTreeMap, BTreeSet};

use crate::aggregate::{Confidence, rate_per_1000};
use crate::geometry::Shape;
use crate::incident::Base;
use crate::layer::{
    self, CellFigures, CellTest, HotspotContext, HotspotFigures, Layer, WardFigures,
};
use crate::quantity::{Population, SquareMetres};
use crate::stats::{self, AssociationError, RANK_DRAWS, change, gi_star_in_family, ranks};
use crate::store::Dataset;
use crate::time::Window;
use crate::units::UnitIdx;

use super::english::records::UNNAMED_PLACE;
use super::ground::Ground;
use super::{AnalysisRequest, Family, names};

fn counts(rows: &[usize], unit_of: &[Option<UnitIdx>], n_units: usize) -> Vec<u64> {
    let mut counts = vec![0; n_units];
    for unit in rows.iter().filter_map(|&i| unit_of[i]) {
        counts[unit.index()] += 1;
    }
    counts
}

fn base_of(base: Base, ground: &Ground, i: usize) -> Option<Population> {
    match base {
        Base::Residents => ground.wards.residents[i],
        Base::Households => ground.wards.households[i],
    }
}

/// The layer of wards: counts, rates, ranks and change, each with its range.
pub(super) fn wards(
    now: &[usize],
    before: Option<&[usize]>,
    ground: &Ground,
    request: &AnalysisRequest,
) -> anyhow::Result<Layer> {
    let n_wards = ground.wards.len();
    let base = request.crime_types.base();
    let count = counts(now, &ground.ward_of, n_wards);
    let earlier = before.map(|rows| counts(rows, &ground.ward_of, n_wards));
    let bases: Vec<Option<Population>> = (0..n_wards).map(|i| base_of(base, ground, i)).collect();
    let ranks_over = |bases| ranks(&count, bases, RANK_DRAWS, request.seed, Confidence::P95);
    let (by_rate, by_count) = (ranks_over(Some(&bases))?, ranks_over(None)?);
    let figures: Vec<WardFigures> = (0..n_wards)
        .map(|i| WardFigures {
            count: count[i],
            rate: rate_per_1000(count[i], bases[i], Confidence::P95),
            rate_day: rate_per_1000(count[i], ground.wards.workday[i], Confidence::P95),
            rank: by_rate[i],
            rank_count: by_count[i],
            earlier: earlier.as_ref().map(|earlier| earlier[i]),
            change: earlier.as_ref().map(|earlier| change(count[i], earlier[i], Confidence::P95)),
        })
        .collect();
    Ok(layer::wards(&ground.wards, base, &figures))
}

/// The layer of cells, and its figures.
pub(super) fn cells(
    now: &[usize],
    years: f64,
    ground: &Ground,
    request: &AnalysisRequest,
) -> anyhow::Result<(Layer, Vec<CellFigures>)> {
    let count = counts(now, &ground.cell_of, ground.cells.len());
    let family: Vec<bool> = match request.family {
        Family::AtRisk => ground.at_risk.clone(),
        Family::All => vec![true; count.len()],
    };
    let values: Vec<f64> = count.iter().map(|&n| n as f64).collect();
    let scores = match gi_star_in_family(&values, &ground.near, &family) {
        Ok(scores) => scores,
        // Nothing stands out where all cells are alike: a finding, not a failure.
        Err(AssociationError::NoVariation(_) | AssociationError::TooFew { .. }) => {
            vec![None; count.len()]
        }
        Err(wrong) => return Err(wrong.into()),
    };
    let figures: Vec<CellFigures> = (0..count.len())
        .map(|i| CellFigures {
            count: count[i],
            density: (years > 0.0 && ground.cells.areas[i].get() > 0.0)
                .then(|| count[i] as f64 / ground.cells.areas[i].km2() / years),
            test: family[i].then(|| CellTest {
                z: scores[i].map(|score| score.z),
                p: scores[i].map(|score| score.p),
                q: scores[i].map(|score| score.q),
                significant: scores[i].is_some_and(|score| score.q <= request.alpha),
            }),
        })
        .collect();
    Ok((layer::cells(&ground.cells, &figures), figures))
}

/// What the layer of hotspots is made from, beside the cells.
pub(super) struct Setting<'a> {
    pub data: &'a Dataset,
    pub ground: &'a Ground,
    pub request: &'a AnalysisRequest,
    pub window: Window,
    pub years: f64,
    pub n_mapped: u64,
}

/// The layer of hotspots: significant cells merged, each place with what it holds.
///
/// A significant cell owes its z to its neighbours too: a group of cells without any incident of
/// its own is no place to send anybody, and stays in the layer of cells alone.
pub(super) fn hotspots(
    now: &[usize],
    cells: &[CellFigures],
    setting: &Setting<'_>,
) -> anyhow::Result<Layer> {
    let Setting { data, ground, request, .. } = setting;
    let hot: Vec<bool> = cells.iter().map(CellFigures::is_hot).collect();
    // Counts rather than Gi* or heat: both sum over neighbours, which levels the saddles.
    let height: Vec<f64> = cells.iter().map(|cell| cell.count as f64).collect();
    let z = |cell: &UnitIdx| cells[cell.index()].test.and_then(|test| test.z).unwrap_or(0.0);
    let whole: Vec<SquareMetres> = ground.cells.shapes.iter().map(Shape::area).collect();
    let groups = stats::hotspots(&hot, &height, &whole, &ground.sides, request.largest_hotspot)?;

    let mut hotspot_of = vec![None; cells.len()];
    for (number, group) in groups.iter().enumerate() {
        for cell in &group.cells {
            hotspot_of[cell.index()] = Some(number);
        }
    }
    let mut rows_of: Vec<Vec<usize>> = vec![Vec::new(); groups.len()];
    for &i in now {
        if let Some(number) = ground.cell_of[i].and_then(|cell| hotspot_of[cell.index()]) {
            rows_of[number].push(i);
        }
    }
    let mut order: Vec<usize> = (0..groups.len()).filter(|&g| !rows_of[g].is_empty()).collect();
    order.sort_by_key(|&g| std::cmp::Reverse(rows_of[g].len()));
    let mut taken = BTreeSet::new();
    let figures = order
        .into_iter()
        .map(|g| {
            let (group, rows) = (&groups[g], &rows_of[g]);
            let shape =
                Shape::union_of(group.cells.iter().map(|cell| &ground.cells.shapes[cell.index()]));
            let wards = wards_of(rows, ground);
            HotspotFigures {
                name: name(rows, &shape, &wards, data, &mut taken),
                wards,
                count: rows.len() as u64,
                n_cells: group.cells.len(),
                z_max: group.cells.iter().map(z).fold(0.0, f64::max),
                shape,
                oversize: group.cannot_be_split,
            }
        })
        .collect();
    let context = HotspotContext {
        n_mapped: setting.n_mapped,
        years: setting.years,
        window: &setting.window.label(),
        alpha: request.alpha,
        n_tested: cells.iter().filter(|cell| cell.test.is_some()).count(),
    };
    Ok(layer::hotspots(figures, &context))
}

/// Names of the wards that hold these incidents, the one with most first.
fn wards_of(rows: &[usize], ground: &Ground) -> Vec<String> {
    let mut held: BTreeMap<UnitIdx, usize> = BTreeMap::new();
    for ward in rows.iter().filter_map(|&i| ground.ward_of[i]) {
        *held.entry(ward).or_default() += 1;
    }
    let mut wards: Vec<(UnitIdx, usize)> = held.into_iter().collect();
    wards.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    wards.into_iter().map(|(ward, _)| ground.wards.names[ward.index()].clone()).collect()
}

/// The first name by the rule that no earlier hotspot has.
fn name(
    rows: &[usize],
    shape: &Shape,
    wards: &[String],
    data: &Dataset,
    taken: &mut BTreeSet<String>,
) -> String {
    let published = rows.iter().filter_map(|&i| data.incidents.street(i));
    let streets = names::most_said(published.filter_map(names::street_name));
    let name = streets
        .into_iter()
        .chain(names::longest_inside(&data.streets, shape))
        .chain(wards.iter().map(String::as_str))
        .find(|name| !taken.contains(*name))
        .unwrap_or(UNNAMED_PLACE)
        .to_owned();
    taken.insert(name.clone());
    name
}
