//! Heat, answered live from the stored incidents: any types, months, hours and source, weighed or
//! not, or the difference of two windows.
//!
//! [`HeatIndex`] holds the incidents by place, once for each dataset. [`Heat`] is one request over
//! it: its classes are fixed when it is made, and its densities are computed where a tile, a contour
//! or a single place needs them ([`Hills`]).

mod breaks;
mod index;
mod kept;
mod people;
mod request;
mod warm;

pub(super) use breaks::{breaks, densities, sample};
pub use index::HeatIndex;
pub use request::{BANDWIDTHS, Bandwidth, HeatPer, HeatRequest, HeatWeight, UnknownChoice};

use std::sync::Arc;

use thiserror::Error;

use crate::audience::NotWhole;
use crate::crs::Bng;
use crate::geometry::Bounds;
use crate::incident::{CrimeTypeIdx, HarmWeights};
use crate::quantity::Metres;
use crate::render::classify::Scale;
use crate::render::field::{Field, QuadReader};
use crate::render::legend::{Caption, HeatWords};
use crate::stats::{Block, Hills, Patch, QuadId, Spots, Square, Surface};
use crate::store::Dataset;
use crate::time::Window;

use super::english::heat as say;
use super::when::shares;
use kept::{ChoiceId, Far};
use people::People;

/// Why a request for heat has no answer.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum HeatError {
    /// Harm is asked for and no table of weights, or more than one, is there.
    #[error("the workspace holds {0} tables of harm weights; harm-weighted heat needs one")]
    HarmWeights(usize),
    /// Residents are asked for and not known.
    #[error("the residents of the study area are not known, by LSOA or by ward")]
    Residents,
    /// Residents of an area so large are not known as finely as the bandwidth.
    #[error(
        "heat per resident of an area this large wants a bandwidth of {} m or more",
        .0.get().round()
    )]
    Bandwidth(Metres),
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
    /// What the density is divided by, place by place.
    people: Option<(Arc<People>, Chosen)>,
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
    far: Far,
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

    fn kept(&self, quad: QuadId) -> Option<Arc<[f32]>> {
        self.chosen.far.get(quad)
    }

    fn keep(&self, quad: QuadId, sums: &[f32]) {
        self.chosen.far.insert(quad, sums);
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
            for window in request.against.into_iter().chain(request.classes_of) {
                disclosure.allows(window)?;
            }
        }
        let harm = match request.weight {
            HeatWeight::Count => None,
            HeatWeight::Harm => match data.context.harm.as_slice() {
                [one] => Some(one),
                others => return Err(HeatError::HarmWeights(others.len())),
            },
        };
        let people = match request.per {
            HeatPer::Residents => Some(chosen_people(request, index, data)?),
            HeatPer::Year | HeatPer::Window => None,
        };
        // Records per km², or per 1,000 of the residents of each m².
        let unit = if people.is_some() { 1e3 } else { 1e6 };
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
                far: Far::default(),
                factor: unit / years,
            }
        };
        let classes_of = request.classes_of.map(chosen);
        let mut heat = Self {
            index: Arc::clone(index),
            now: chosen(request.window),
            before: request.against.map(chosen),
            bandwidth: request.bandwidth.metres(),
            scale: Scale::Amount(Vec::new()),
            words: words(request, harm, people.as_ref().map(|(people, _)| people.areas)),
            people,
            caption: caption(request, data),
        };
        heat.scale = heat.fixed_scale(classes_of.as_ref());
        Ok(heat)
    }

    /// Classes from the whole layer, or from that of other months.
    fn fixed_scale(&self, classes_of: Option<&Chosen>) -> Scale {
        let places = &self.index.sample;
        let of = |view: View<'_>| densities(Hills::new(view, self.bandwidth), places);
        let people = self.people_view().map(of);
        let of = |view: View<'_>| {
            let mut all = of(view);
            for (i, density) in all.iter_mut().enumerate() {
                let people = people.as_ref().map(|people| people[i]);
                *density = divided(*density * view.chosen.factor, people);
            }
            all
        };
        let (now, before) = self.views();
        let now = of(now);
        match before {
            None => {
                let other = classes_of.map(|chosen| of(View { index: &self.index, chosen }));
                Scale::Amount(breaks(other.unwrap_or(now)))
            }
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

    fn people_view(&self) -> Option<View<'_>> {
        self.people.as_ref().map(|(people, chosen)| View { index: &people.index, chosen })
    }

    /// Values of the layer from what reads the densities it is made of.
    fn combined<'a, R: FnMut(Bng) -> f64 + 'a>(
        &'a self,
        read: impl Fn(View<'a>) -> R,
    ) -> Box<dyn FnMut(Bng) -> f64 + 'a> {
        let (now, before) = self.views();
        let (mut now, factor) = (read(now), self.now.factor);
        let mut before = before.map(|view| (read(view), view.chosen.factor));
        let mut people = self.people_view().map(&read);
        if before.is_none() && people.is_none() {
            return Box::new(move |place| now(place) * factor);
        }
        Box::new(move |place| {
            let earlier = before.as_mut().map_or(0.0, |(before, factor)| before(place) * *factor);
            divided(now(place) * factor - earlier, people.as_mut().map(|people| people(place)))
        })
    }
}

/// A value for each of these people, where there are any to divide by: nothing where nobody lives.
fn divided(value: f64, people: Option<f64>) -> f64 {
    match people {
        None => value,
        Some(people) if people > 0.0 => value / people,
        Some(_) => 0.0,
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
        let of = |view| Hills::new(view, self.bandwidth).surface(within);
        let mut surface = of(now);
        let factor = self.now.factor;
        surface.values.iter_mut().for_each(|value| *value *= factor);
        if let Some(view) = before {
            let factor = view.chosen.factor;
            for (value, earlier) in surface.values.iter_mut().zip(of(view).values) {
                *value -= earlier * factor;
            }
        }
        if let Some(view) = self.people_view() {
            for (value, people) in surface.values.iter_mut().zip(of(view).values) {
                *value = divided(*value, Some(people));
            }
        }
        surface
    }

    fn quads(&self, within: Bounds, apart: Metres) -> QuadReader<'_> {
        let of = |view| Hills::new(view, self.bandwidth).quads(within, apart);
        let (now, before) = self.views();
        let (mut now, factor) = (of(now), self.now.factor);
        let mut before = before.map(|view| (of(view), view.chosen.factor));
        let mut people = self.people_view().map(of);
        let mut others = Vec::new();
        Box::new(move |quad, values| {
            now.read(quad, values);
            for value in &mut *values {
                *value *= factor;
            }
            if let Some((before, factor)) = &mut before {
                before.read(quad, &mut others);
                for (value, earlier) in values.iter_mut().zip(&others) {
                    *value -= earlier * *factor;
                }
            }
            if let Some(people) = &mut people {
                people.read(quad, &mut others);
                for (value, people) in values.iter_mut().zip(&others) {
                    *value = divided(*value, Some(*people));
                }
            }
        })
    }

    fn reader(&self, within: Bounds) -> Box<dyn FnMut(Bng) -> f64 + '_> {
        self.combined(|view| {
            let mut reader = Hills::new(view, self.bandwidth).reader(within);
            move |place| reader.at(place)
        })
    }
}

/// The residents that a request divides by, spread as finely as its bandwidth asks.
fn chosen_people(
    request: &HeatRequest,
    index: &HeatIndex,
    data: &Dataset,
) -> Result<(Arc<People>, Chosen), HeatError> {
    let people = index.people(data).ok_or(HeatError::Residents)?;
    let least = Metres::new(2.0 * people.apart.get());
    if request.bandwidth.metres() < least {
        return Err(HeatError::Bandwidth(least));
    }
    let chosen = Chosen {
        weights: people.weights.clone(),
        first: 0,
        last: 0,
        shares: None,
        factor: 1.0,
        id: people.index.kept.number(),
        far: Far::default(),
    };
    Ok((people, chosen))
}

fn words(
    request: &HeatRequest,
    harm: Option<&HarmWeights>,
    areas: Option<&'static str>,
) -> HeatWords {
    let noun = harm.map_or(say::RECORDS, |harm| harm.unit.as_str());
    let unit = match request.per {
        HeatPer::Year => say::per_km2_a_year(noun),
        HeatPer::Window => say::per_km2(noun),
        HeatPer::Residents => say::per_1000_residents(noun),
    };
    let mut notes = Vec::new();
    notes.extend(areas.map(|areas| say::over_residents(noun, areas)));
    if let Some(harm) = harm {
        let missing: Vec<&str> = harm
            .missing()
            .filter(|kind| request.crime_types.contains(*kind))
            .map(|kind| kind.get().label)
            .collect();
        notes.push(say::weights(&harm.name, &harm.edition));
        if !missing.is_empty() {
            notes.push(say::without_weight(&missing));
        }
    }
    notes.extend(request.classes_of.map(|window| say::classes_of(&window.label())));
    if !request.hours.is_all() {
        notes.push(say::in_hours(request.hours));
    }
    notes.push(say::kernel(request.bandwidth.metres().get()));
    HeatWords { unit, against: request.against.map(Window::label), notes }
}

fn caption(request: &HeatRequest, data: &Dataset) -> Caption {
    Caption {
        area: data.name.clone(),
        crime_types: request.crime_types.label().to_owned(),
        window: request.hours.of_window(&request.window.label()),
        fictional: data.fictional,
    }
}
