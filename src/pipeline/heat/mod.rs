//! Heat, answered live from the stored incidents: any types, months, hours and source, weighed or
//! not, or the difference of two windows.
//!
//! [`HeatIndex`] holds the incidents by place, once for each dataset. [`Heat`] is one request over
//! it: its classes are fixed when it is made, and its densities are computed where a tile, a contour
//! or a single place needs them ([`Hills`]).

mod breaks;
mod index;
mod kept;
mod request;
mod when;

pub(super) use breaks::{breaks, densities, sample};
pub use index::HeatIndex;
pub use request::{BANDWIDTHS, Bandwidth, HeatPer, HeatRequest, HeatWeight, UnknownChoice};

use std::sync::Arc;

use thiserror::Error;

use crate::audience::NotWhole;
use crate::crs::Bng;
use crate::geometry::Bounds;
use crate::incident::{CrimeTypeIdx, HarmWeights};
use crate::layer::words::{names as in_words, thousands};
use crate::quantity::Metres;
use crate::render::classify::Scale;
use crate::render::field::Field;
use crate::render::legend::{Caption, HeatWords};
use crate::stats::{Block, Hills, Patch, Spots, Square, Surface};
use crate::store::Dataset;
use crate::time::Window;

use kept::ChoiceId;
use when::shares;

/// Why a request for heat has no answer.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeatError {
    /// Harm is asked for and no table of weights, or more than one, is there.
    #[error("the workspace holds {0} tables of harm weights; harm-weighted heat needs one")]
    HarmWeights(usize),
    /// Residents are asked for and not known.
    #[error("the residents of the study area are not known")]
    Residents,
    /// A window that the audience of the data is not told of.
    #[error(transparent)]
    NotWhole(#[from] NotWhole),
}

/// One request for heat, ready to be drawn.
#[derive(Debug)]
pub struct Heat {
    index: Arc<HeatIndex>,
    now: Chosen,
    before: Option<Chosen>,
    bandwidth: Metres,
    scale: Scale,
    words: HeatWords,
    caption: Caption,
}

/// Which rows of the index a density is made of, and how much each weighs.
#[derive(Debug)]
struct Chosen {
    /// `[n_keys]`: 0 where a key is not chosen.
    weights: Vec<f64>,
    first: i32,
    last: i32,
    /// `[n_times]`: how much of each time counts; all of it where absent.
    shares: Option<Vec<f32>>,
    /// Weight per m² to the unit of the layer.
    factor: f64,
    /// What its hills are kept by.
    id: ChoiceId,
}

/// The rows of the index that are chosen.
#[derive(Debug, Clone, Copy)]
struct View<'a> {
    index: &'a HeatIndex,
    chosen: &'a Chosen,
}

impl Spots for View<'_> {
    fn bucket(&self, column: i32, row: i32, mut each: impl FnMut(u16, u16, f64)) {
        let Chosen { weights, first, last, shares, .. } = self.chosen;
        for row in self.index.bucket(column, row) {
            let mut weight = weights[usize::from(row.key)];
            if weight == 0.0 || !(*first..=*last).contains(&i32::from(row.month)) {
                continue;
            }
            if let Some(shares) = shares {
                weight *= f64::from(shares[row.when.code()]);
                if weight == 0.0 {
                    continue;
                }
            }
            each(row.x, row.y, weight * f64::from(row.n));
        }
    }

    fn bounds(&self) -> Option<Bounds> {
        self.index.bounds()
    }

    fn block(&self, block: Square, make: impl FnOnce() -> Block) -> Arc<Block> {
        self.index.kept.block(self.chosen.id, block, make)
    }

    fn patch(&self, patch: Square, make: impl FnOnce() -> Patch) -> Arc<Patch> {
        self.index.kept.patch(self.chosen.id, patch, make)
    }
}

/// Positions alone, each of weight 1.
pub(super) struct Points(HeatIndex);

impl Points {
    pub fn new(points: &[Bng]) -> Self {
        Self(HeatIndex::of_points(points))
    }
}

impl Spots for Points {
    fn bucket(&self, column: i32, row: i32, mut each: impl FnMut(u16, u16, f64)) {
        for row in self.0.bucket(column, row) {
            each(row.x, row.y, f64::from(row.n));
        }
    }

    fn bounds(&self) -> Option<Bounds> {
        self.0.bounds()
    }
}

impl Heat {
    /// The heat that `request` asks for, its classes fixed.
    ///
    /// # Errors
    ///
    /// [`HeatError`] if the dataset lacks what the request needs.
    pub fn new(
        request: &HeatRequest,
        index: &Arc<HeatIndex>,
        data: &Dataset,
    ) -> Result<Self, HeatError> {
        if let Some(disclosure) = &data.provenance.disclosure {
            disclosure.allows(request.window)?;
            request.against.map_or(Ok(()), |window| disclosure.allows(window))?;
        }
        let harm = match request.weight {
            HeatWeight::Count => None,
            HeatWeight::Harm => match data.context.harm.as_slice() {
                [one] => Some(one),
                others => return Err(HeatError::HarmWeights(others.len())),
            },
        };
        let residents = match request.per {
            HeatPer::Residents => Some(residents(data).ok_or(HeatError::Residents)?),
            HeatPer::Year | HeatPer::Window => None,
        };
        let chosen = |window: Window| {
            let weight =
                |kind: CrimeTypeIdx| harm.map_or(1.0, |harm| harm.get(kind).unwrap_or_default());
            let source = request.source.as_deref();
            let years = match request.per {
                HeatPer::Window => 1.0,
                HeatPer::Year | HeatPer::Residents => {
                    super::year_floor(index.coverage(request.crime_types, source).years(window))
                }
            };
            Chosen {
                weights: index.weights(request.crime_types, source, weight),
                first: index.month_number(window.first()),
                last: index.month_number(window.last()),
                shares: shares(request.hours),
                id: index.kept.number(),
                factor: 1e6 / years / residents.map_or(1.0, |residents| residents / 1000.0),
            }
        };
        let mut heat = Self {
            index: Arc::clone(index),
            now: chosen(request.window),
            before: request.against.map(chosen),
            bandwidth: request.bandwidth.metres(),
            scale: Scale::Amount(Vec::new()),
            words: words(request, harm),
            caption: caption(request, data),
        };
        heat.scale = heat.fixed_scale();
        Ok(heat)
    }

    /// Classes from the whole layer.
    fn fixed_scale(&self) -> Scale {
        let places = &self.index.sample;
        let of = |chosen: &Chosen| {
            let view = View { index: &self.index, chosen };
            let all = densities(Hills::new(view, self.bandwidth), places);
            all.into_iter().map(|density| density * chosen.factor).collect::<Vec<_>>()
        };
        let now = of(&self.now);
        match &self.before {
            None => Scale::Amount(breaks(now)),
            Some(before) => {
                let means = now.into_iter().zip(of(before)).map(|(a, b)| f64::midpoint(a, b));
                Scale::Difference(breaks::difference_breaks(means))
            }
        }
    }

    /// Lower edges of its classes.
    pub fn scale(&self) -> &Scale {
        &self.scale
    }

    /// What its legend says.
    pub fn words(&self) -> (&HeatWords, &Caption) {
        (&self.words, &self.caption)
    }

    /// Value at one place, in the unit of the layer.
    pub fn at(&self, place: Bng) -> f64 {
        let within = Bounds { min: place, max: place };
        self.reader(within)(place)
    }

    fn views(&self) -> (View<'_>, Option<View<'_>>) {
        let view = |chosen| View { index: &self.index, chosen };
        (view(&self.now), self.before.as_ref().map(view))
    }

    /// Values of the layer from what reads the densities of its windows.
    fn less_before<'a, R: FnMut(Bng) -> f64 + 'a>(
        &'a self,
        read: impl Fn(View<'a>) -> R,
    ) -> Box<dyn FnMut(Bng) -> f64 + 'a> {
        let (now, before) = self.views();
        let (mut now, factor) = (read(now), self.now.factor);
        let Some(before) = before else {
            return Box::new(move |place| now(place) * factor);
        };
        let (mut earlier, less) = (read(before), before.chosen.factor);
        Box::new(move |place| now(place) * factor - earlier(place) * less)
    }
}

impl Field for Heat {
    fn bounds(&self) -> Option<Bounds> {
        Some(self.index.bounds()?.grown(self.bandwidth.get()))
    }

    fn spacing(&self) -> Metres {
        Hills::new(self.views().0, self.bandwidth).cell()
    }

    fn surface(&self, within: Bounds) -> Surface {
        let (now, before) = self.views();
        let mut surface = Hills::new(now, self.bandwidth).surface(within);
        let factor = self.now.factor;
        surface.values.iter_mut().for_each(|value| *value *= factor);
        if let (Some(view), Some(chosen)) = (before, &self.before) {
            let earlier = Hills::new(view, self.bandwidth).surface(within);
            for (value, earlier) in surface.values.iter_mut().zip(earlier.values) {
                *value -= earlier * chosen.factor;
            }
        }
        surface
    }

    fn lattice(&self, within: Bounds) -> Box<dyn FnMut(Bng) -> f64 + '_> {
        self.less_before(|view| {
            let mut lattice = Hills::new(view, self.bandwidth).lattice(within);
            move |place| lattice.at(place)
        })
    }

    fn reader(&self, within: Bounds) -> Box<dyn FnMut(Bng) -> f64 + '_> {
        self.less_before(|view| {
            let mut reader = Hills::new(view, self.bandwidth).reader(within);
            move |place| reader.at(place)
        })
    }
}

/// Residents of all wards; `None` unless every one is known.
fn residents(data: &Dataset) -> Option<f64> {
    let wards = data.layers.iter().find(|layer| layer.kind == "ward")?;
    let known: Option<Vec<f64>> = wards
        .areas
        .iter()
        .map(|area| area.residents.map(crate::quantity::Population::get))
        .collect();
    known.map(|all| all.iter().sum::<f64>()).filter(|sum| *sum > 0.0)
}

fn words(request: &HeatRequest, harm: Option<&HarmWeights>) -> HeatWords {
    let noun = harm.map_or("records", |harm| harm.unit.as_str());
    let base = match request.per {
        HeatPer::Year => " a year",
        HeatPer::Window => "",
        HeatPer::Residents => " a year and 1,000 residents",
    };
    let unit = format!("{noun} per km²{base}");
    let mut notes = Vec::new();
    if let Some(harm) = harm {
        let missing: Vec<&str> = harm
            .missing()
            .filter(|kind| request.crime_types.contains(*kind))
            .map(|kind| kind.get().label)
            .collect();
        notes.push(format!("Weights: {}, {}.", harm.name, harm.edition));
        if !missing.is_empty() {
            notes.push(format!("Without a weight, and left out: {}.", in_words(&missing)));
        }
    }
    if !request.hours.is_all() {
        notes.push(format!(
            "{}; a record of which only a span is known counts by the part of it in these hours, \
             one without a time not at all.",
            request.hours
        ));
    }
    notes.push(format!(
        "Quartic kernel, bandwidth {} m.",
        thousands(request.bandwidth.metres().get() as i64)
    ));
    HeatWords { unit, against: request.against.map(Window::label), notes }
}

fn caption(request: &HeatRequest, data: &Dataset) -> Caption {
    Caption {
        area: data.name.clone(),
        crime_types: request.crime_types.label().to_owned(),
        window: request.window.label(),
        fictional: data.fictional,
    }
}
