//! The areas of an evaluation: treated, buffer, control, and which incident is in which.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use anyhow::anyhow;
use geo::{Distance as _, Euclidean, Point};
use serde::Serialize;

use crate::crs::Bng;
use crate::geometry::{Bounds, Shape};
use crate::hint::Hint;
use crate::incident::Flags;
use crate::layer::words;
use crate::store::Dataset;
use crate::time::Window;
use crate::units::UnitIdx;

use super::super::english::evaluate as say;
use super::super::ground::Ground;
use super::super::statistic::outlines;
use super::{Counts, EvaluateRequest};

/// Where something was done.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TreatedChoice {
    /// Wards, by code or name.
    Wards(Vec<String>),
    /// The outlines of a file.
    File(PathBuf),
}

/// What the treated area is compared with.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ControlChoice {
    /// Wards whose months before were most alike.
    Auto,
    /// Wards, by code or name.
    Wards(Vec<String>),
}

/// A part of the ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zone {
    Treated,
    Buffer,
    Control,
    BufferControl,
    Elsewhere,
}

/// The areas, and the incidents of the evaluation by zone.
pub(super) struct Areas<'a> {
    request: &'a EvaluateRequest,
    data: &'a Dataset,
    ground: &'a Ground,
    /// Rows of the incidents that are evaluated.
    rows: Vec<usize>,
    /// Of each row, whether it is in the treated area or its buffer; `None` if neither.
    near: Vec<Option<Zone>>,
    /// `[n_wards]`: whether the ward lies beyond the buffer.
    free: Vec<bool>,
    /// Wards treated; none where the area is that of a file.
    treated: BTreeSet<usize>,
    control: BTreeSet<usize>,
    buffer_control: Option<usize>,
    unplaced: usize,
}

impl<'a> Areas<'a> {
    pub fn new(
        request: &'a EvaluateRequest,
        data: &'a Dataset,
        ground: &'a Ground,
    ) -> anyhow::Result<Self> {
        let (shape, codes) = match &request.treated {
            TreatedChoice::Wards(names) => {
                let wards = find_wards(names, ground)?;
                let shapes = wards.iter().map(|&ward| &ground.wards.shapes[ward]);
                (Shape::union_of(shapes), wards)
            }
            TreatedChoice::File(path) => (outlines(path, None)?, BTreeSet::new()),
        };
        if shape.bounds().is_none() {
            return Err(anyhow!("the treated area is empty"));
        }
        let control = match &request.control {
            ControlChoice::Auto => BTreeSet::new(),
            ControlChoice::Wards(names) => find_wards(names, ground)?,
        };
        if let Some(both) = control.intersection(&codes).next() {
            return Err(anyhow!("{} is both treated and control", ground.wards.names[*both]));
        }
        let buffer = request.buffer.get();
        let free = ground
            .wards
            .shapes
            .iter()
            .map(|ward| Euclidean.distance(ward.polygons(), shape.polygons()) > buffer.max(1.0))
            .collect();
        let incidents = &data.incidents;
        let source = request.source.as_deref();
        let rows: Vec<usize> = (0..incidents.len())
            .filter(|&i| request.types.contains(incidents.crime_type(i)))
            .filter(|&i| source.is_none_or(|only| only == incidents.source(i)))
            .collect();
        let place = Places { shape: &shape, buffer, codes: &codes, bounds: shape.bounds() };
        let mut known: HashMap<(u64, u64), Option<Zone>> = HashMap::new();
        let mut unplaced = 0;
        let near = rows
            .iter()
            .map(|&i| {
                let ward = ground.ward_of[i].map(UnitIdx::index);
                let at =
                    incidents.position(i).filter(|_| !incidents.flags(i).has(Flags::DEFAULT_PLACE));
                let Some(at) = at else {
                    let in_ward = ward.is_some_and(|ward| codes.contains(&ward));
                    unplaced += usize::from(!in_ward);
                    return in_ward.then_some(Zone::Treated);
                };
                if !codes.is_empty() {
                    if ward.is_some_and(|ward| codes.contains(&ward)) {
                        return Some(Zone::Treated);
                    }
                    let key = (at.easting().to_bits(), at.northing().to_bits());
                    return *known.entry(key).or_insert_with(|| place.of(at));
                }
                let key = (at.easting().to_bits(), at.northing().to_bits());
                *known.entry(key).or_insert_with(|| place.of(at))
            })
            .collect();
        Ok(Self {
            request,
            data,
            ground,
            rows,
            near,
            free,
            treated: codes,
            control,
            buffer_control: None,
            unplaced,
        })
    }

    pub fn needs_control(&self) -> bool {
        matches!(self.request.control, ControlChoice::Auto)
    }

    pub fn control_is_empty(&self) -> bool {
        self.control.is_empty()
    }

    pub fn set_control(&mut self, wards: impl IntoIterator<Item = usize>) {
        self.control = wards.into_iter().collect();
    }

    pub fn set_buffer_control(&mut self, ward: Option<usize>) {
        self.buffer_control = ward;
    }

    pub fn ward_name(&self, ward: usize) -> &str {
        &self.ground.wards.names[ward]
    }

    pub fn ward_code(&self, ward: usize) -> &str {
        &self.ground.wards.ids[ward]
    }

    /// The treated area: its wards by name, or the file of its outlines.
    pub fn treated_name(&self) -> String {
        match &self.request.treated {
            TreatedChoice::Wards(_) => {
                let names: Vec<&str> = self.treated.iter().map(|&w| self.ward_name(w)).collect();
                words::names(&names)
            }
            TreatedChoice::File(path) => {
                say::area_of(path.file_name().unwrap_or_default().display())
            }
        }
    }

    pub fn control_names(&self) -> String {
        let names: Vec<&str> = self.control.iter().map(|&ward| self.ward_name(ward)).collect();
        names.join(", ")
    }

    pub fn buffer_control_name(&self) -> Option<&str> {
        self.buffer_control.map(|ward| self.ward_name(ward))
    }

    pub fn is_control(&self, ward: usize) -> bool {
        self.control.contains(&ward)
    }

    /// Wards beyond the buffer that are no control area yet.
    pub fn free_wards(&self) -> Vec<usize> {
        (0..self.free.len()).filter(|ward| self.free[*ward] && !self.is_control(*ward)).collect()
    }

    fn zone(&self, place: usize) -> Zone {
        if let Some(near) = self.near[place] {
            return near;
        }
        match self.ground.ward_of[self.rows[place]].map(UnitIdx::index) {
            Some(ward) if self.control.contains(&ward) => Zone::Control,
            Some(ward) if self.buffer_control == Some(ward) => Zone::BufferControl,
            _ => Zone::Elsewhere,
        }
    }

    pub fn counts(&self, window: Window) -> Counts {
        let mut counts = Counts::default();
        for place in 0..self.rows.len() {
            if window.contains(self.data.incidents.month(self.rows[place])) {
                match self.zone(place) {
                    Zone::Treated => counts.treated += 1,
                    Zone::Buffer => counts.buffer += 1,
                    Zone::Control => counts.control += 1,
                    Zone::BufferControl => counts.buffer_control += 1,
                    Zone::Elsewhere => {}
                }
            }
        }
        counts
    }

    /// Incidents of a zone by month of the window; empty without one.
    pub fn monthly(&self, zone: Zone, window: Option<Window>) -> Vec<u64> {
        let Some(window) = window else { return Vec::new() };
        self.by_month(window, |place| self.zone(place) == zone)
    }

    /// Incidents of a ward by month of the window, those near the treated area left out.
    pub fn of_ward(&self, ward: usize, window: Window) -> Vec<u64> {
        self.by_month(window, |place| {
            self.near[place].is_none()
                && self.ground.ward_of[self.rows[place]].map(UnitIdx::index) == Some(ward)
        })
    }

    fn by_month(&self, window: Window, is_in: impl Fn(usize) -> bool) -> Vec<u64> {
        let mut months = vec![0; window.n_months()];
        for place in 0..self.rows.len() {
            let month = self.data.incidents.month(self.rows[place]);
            if window.contains(month) && is_in(place) {
                months[month.since(window.first()) as usize] += 1;
            }
        }
        months
    }

    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.unplaced > 0 {
            notes.push(say::unplaced(self.unplaced, self.rows.len()));
        }
        let reaching = self.control.iter().filter(|ward| !self.free[**ward]);
        notes.extend(reaching.map(|&ward| say::reaches_in(self.ward_name(ward))));
        notes
    }
}

/// Where a position lies.
struct Places<'a> {
    shape: &'a Shape,
    buffer: f64,
    codes: &'a BTreeSet<usize>,
    bounds: Option<Bounds>,
}

impl Places<'_> {
    fn of(&self, at: Bng) -> Option<Zone> {
        if !self.bounds.is_some_and(|bounds| bounds.grown(self.buffer).contains(at)) {
            return None;
        }
        // Of wards the code has decided already: a position on their edge is where it was counted.
        if self.codes.is_empty() && self.shape.covers(at) {
            return Some(Zone::Treated);
        }
        let distance =
            Euclidean.distance(&Point::new(at.easting(), at.northing()), self.shape.polygons());
        (self.buffer > 0.0 && distance <= self.buffer).then_some(Zone::Buffer)
    }
}

fn find_wards(names: &[String], ground: &Ground) -> anyhow::Result<BTreeSet<usize>> {
    let wards = &ground.wards;
    names
        .iter()
        .map(|name| {
            let named = |i: &usize| {
                wards.ids[*i].eq_ignore_ascii_case(name.trim())
                    || wards.names[*i].eq_ignore_ascii_case(name.trim())
            };
            (0..wards.len()).find(named).ok_or_else(|| {
                let known: Vec<&str> = wards.names.iter().map(String::as_str).take(8).collect();
                anyhow!("there is no ward `{name}`").context(Hint(format!(
                    "name wards by code or name, such as {} ({}); there are {}",
                    wards.ids.first().map_or("", String::as_str),
                    known.join(", "),
                    wards.len()
                )))
            })
        })
        .collect()
}
