//! Where to patrol or visit: the fewest places of one size that hold half the incidents, how long
//! they have done so, when, and what the same choice would have held of later months.

mod places;

use std::collections::HashMap;

use anyhow::anyhow;
use serde::{Deserialize, Serialize};

use crate::geometry::Shape;
use crate::hint::Hint;
use crate::incident::CrimeTypes;
use crate::layer::english::{head, unit};
use crate::layer::{HowMade, Scored};
use crate::plan::{Fewest, Targets};
use crate::quantity::Metres;
use crate::store::Dataset;
use crate::table::{Column, Table, Value};
use crate::time::{Window, WindowSpec};

use super::coverage::Coverage;
use super::english::{self, target as say};
use super::ground::{Ground, mappable};
use super::{AnalysisRequest, Prepared};

/// Draws of the benchmark of chance.
const DRAWS: usize = 19;
/// Incidents below which places are mostly chance.
const FEWEST: u64 = 50;

/// What is asked of targeting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct TargetRequest {
    /// Which incidents.
    pub types: CrimeTypes,
    /// Months that places are chosen from.
    pub window: WindowSpec,
    /// Only this source, or all of them.
    pub source: Option<String>,
    /// How far a place reaches across.
    pub size: Metres,
    /// Share of the incidents that the places hold together.
    pub share: f64,
    /// Months that the choice is judged on: those after the window where they are held, else the
    /// last of it, which the choice that is judged then does without.
    pub ahead: usize,
    /// Seed of the benchmark of chance and of the search.
    pub seed: u64,
}

impl Default for TargetRequest {
    fn default() -> Self {
        Self {
            types: CrimeTypes::default(),
            window: WindowSpec::default(),
            source: None,
            // Published police positions are good to 250 m: smaller places cannot be told.
            size: Metres::new(250.0),
            share: 0.5,
            ahead: 3,
            seed: 2025,
        }
    }
}

impl TargetRequest {
    fn check(&self) -> anyhow::Result<()> {
        if !(100.0..=1_000.0).contains(&self.size.get()) {
            return Err(anyhow!("places of {} across; wanted 100 m to 1,000 m", self.size)
                .context(Hint("150 m to 250 m suit a patrol or a visit".to_owned())));
        }
        if !(self.share > 0.0 && self.share <= 1.0) {
            return Err(anyhow!("a share of {}; wanted more than 0 and 1 at most", self.share));
        }
        if !(1..=12).contains(&self.ahead) {
            return Err(anyhow!("{} months to judge on; wanted 1 to 12", self.ahead));
        }
        Ok(())
    }
}

/// Everything that places are made from.
struct Source<'a> {
    request: &'a TargetRequest,
    data: &'a Dataset,
    ground: &'a Ground,
    window: Window,
    /// Round places over every position at which anything of any kind was recorded.
    targets: Targets,
    /// Which position each incident lies at.
    position_of: HashMap<usize, usize>,
}

impl Source<'_> {
    fn rows(&self, window: Window) -> impl Iterator<Item = usize> + '_ {
        let source = self.request.source.as_deref();
        let incidents = &self.data.incidents;
        let rows = incidents.rows(self.request.types, window);
        rows.filter(move |&i| source.is_none_or(|only| only == incidents.source(i)))
    }

    /// Incidents of a window at each position.
    fn counts(&self, window: Window) -> Vec<u64> {
        let mut counts = vec![0; self.targets.positions().len()];
        for at in self.rows(window).filter_map(|i| self.position_of.get(&i)) {
            counts[*at] += 1;
        }
        counts
    }

    fn fewest(&self, counts: &[u64]) -> Fewest {
        self.targets.fewest(counts, self.request.share, self.request.seed)
    }

    /// Share of the study area that these places cover, overlaps once.
    fn area_share(&self, centres: &[usize]) -> Option<f64> {
        let radius = self.request.size.get() / 2.0;
        let circles: Vec<Shape> =
            centres.iter().map(|&i| places::circle(self.targets.positions()[i], radius)).collect();
        let land = self.data.study_area.area().get();
        let covered = Shape::union_of(&circles).intersection(&self.data.study_area).area().get();
        (land > 0.0).then(|| covered / land)
    }
}

/// Finds the places.
///
/// # Errors
///
/// If a setting is out of bounds, or the window holds no incident with a position fine enough.
pub fn target(request: &TargetRequest, data: &Dataset) -> anyhow::Result<Scored> {
    request.check()?;
    let types = request.types.resolve(&data.priorities).map_err(|unknown| anyhow!("{unknown}"))?;
    let request = &TargetRequest { types, ..request.clone() };
    let analysis = AnalysisRequest {
        crime_types: types,
        window: request.window,
        source: request.source.clone(),
        cell: Some(request.size),
        ..AnalysisRequest::default()
    };
    let (window, held) = super::window(&analysis, data)?;
    let ground = Prepared::default().ground(data, request.size)?;
    let (targets, position_of) = positions(data, request.size);
    let source = Source { request, data, ground: &ground, window, targets, position_of };

    let counts = source.counts(window);
    let (all, mapped) = (source.rows(window).count() as u64, counts.iter().sum::<u64>());
    if mapped == 0 {
        return Err(anyhow!(
            "no incident of {} in {} has a position good to {}",
            types.label(),
            window.label(),
            request.size
        )
        .context(hint(&source, all)));
    }
    let fewest = source.fewest(&counts);
    let chance = source.targets.by_chance(mapped, request.share, DRAWS, request.seed);
    let layer = places::layer(&source, &fewest, &counts);
    let summary = summary(&source, &fewest, mapped, chance);
    let judged = judged(&source, &fewest, held);
    let notes = notes(&source, all, mapped, &fewest, chance, judged.as_ref());
    let how_made = HowMade {
        wardheat: env!("CARGO_PKG_VERSION").to_owned(),
        area: data.name.clone(),
        fictional: data.fictional,
        dataset: data.version.clone(),
        crime_types: types.to_string(),
        crime_types_label: types.label().to_owned(),
        window: window.to_string(),
        window_label: window.label(),
        compared_with: None,
        gaps: Vec::new(),
        in_part: Vec::new(),
        n_incidents: all,
        n_mapped: mapped,
        methods: methods(&source, &fewest),
        seed: request.seed,
        request: serde_json::to_value(request)?,
        provenance: data.provenance.clone(),
    };
    let tables = vec![summary, judged_table(judged.as_ref())];
    Ok(Scored { layers: vec![layer], surfaces: vec![], tables, how_made, notes })
}

/// What would help where no incident can be placed.
fn hint(source: &Source<'_>, all: u64) -> Hint {
    let precisions = source.rows(source.window).filter_map(|i| source.data.incidents.precision(i));
    let finest = precisions.map(Metres::get).fold(f64::INFINITY, f64::min);
    if all > 0 && finest.is_finite() {
        Hint(format!("their positions are good to {finest} m: ask for --size {finest} or more"))
    } else {
        Hint("choose other months or another type".to_owned())
    }
}

/// Every position at which an incident of any kind and month is recorded finely enough, and which of
/// them each incident lies at.
fn positions(data: &Dataset, size: Metres) -> (Targets, HashMap<usize, usize>) {
    let incidents = &data.incidents;
    let mut numbers: HashMap<[u64; 2], usize> = HashMap::new();
    let (mut places, mut position_of) = (Vec::new(), HashMap::new());
    for i in 0..incidents.len() {
        let Some(at) = mappable(incidents, i, size) else { continue };
        let key = [at.easting().to_bits(), at.northing().to_bits()];
        let number = *numbers.entry(key).or_insert_with(|| {
            places.push(at);
            places.len() - 1
        });
        position_of.insert(i, number);
    }
    (Targets::new(places, Metres::new(size.get() / 2.0)), position_of)
}

/// How a choice made from earlier months did in later ones.
struct Judged {
    /// Months the places were chosen from, and those they were judged on.
    trained: Window,
    tested: Window,
    places: usize,
    area_share: Option<f64>,
    /// Incidents judged on, and those within the places.
    incidents: u64,
    hits: u64,
    /// What as many places chosen with hindsight would have held.
    best: u64,
}

impl Judged {
    fn hit_rate(&self) -> Option<f64> {
        (self.incidents > 0).then(|| self.hits as f64 / self.incidents as f64)
    }

    fn pai(&self) -> Option<f64> {
        self.hit_rate().zip(self.area_share).filter(|(_, area)| *area > 0.0).map(|(h, a)| h / a)
    }

    fn pei(&self) -> Option<f64> {
        (self.best > 0).then(|| self.hits as f64 / self.best as f64)
    }
}

/// Judges the places on months that they were not chosen from. `None` where the data hold no such
/// months whole.
fn judged(source: &Source<'_>, fewest: &Fewest, held: Window) -> Option<Judged> {
    let Source { request, data, window, .. } = source;
    let ahead = i32::try_from(request.ahead).ok()?;
    let coverage = Coverage::of(&data.incidents, request.types, request.source.as_deref());
    let after = Window::new(window.last().plus(1), window.last().plus(ahead)).ok()?;
    let (trained, tested, centres) = if held.last() >= after.last() && coverage.is_whole(after) {
        (*window, after, fewest.centres.clone())
    } else {
        let tested = Window::new(window.last().plus(1 - ahead), window.last()).ok()?;
        let trained = Window::new(window.first(), window.last().plus(-ahead)).ok()?;
        if !coverage.is_whole(tested) {
            return None;
        }
        (trained, tested, source.fewest(&source.counts(trained)).centres)
    };
    let later = source.counts(tested);
    let hits = source.targets.held(&later, &centres);
    let (best, adds) = source.targets.greedy(&later, u64::MAX, centres.len());
    debug_assert_eq!(best.len(), adds.len());
    Some(Judged {
        trained,
        tested,
        places: centres.len(),
        area_share: source.area_share(&centres),
        incidents: later.iter().sum(),
        hits,
        best: adds.iter().sum(),
    })
}

fn judged_table(judged: Option<&Judged>) -> Table {
    let columns = [
        Column::new("chosen_from", head::CHOSEN_FROM, "", 0),
        Column::new("judged_on", head::JUDGED_ON, "", 0),
        Column::new("places", head::PLACES, "", 0),
        Column::new("area_share", head::SHARE_OF_THE_LAND, "", 5),
        Column::new("incidents", head::INCIDENTS_JUDGED_ON, "", 0),
        Column::new("hits", head::IN_THE_PLACES, "", 0),
        Column::new("hit_rate", head::HIT_RATE, "", 3),
        Column::new("pai", head::PAI, unit::HIT_RATE_OVER_SHARE_OF_LAND, 2),
        Column::new("pei", head::PEI, unit::OF_THE_BEST_WITH_HINDSIGHT, 3),
    ];
    let row = |of: &Judged| {
        vec![
            of.trained.to_string().into(),
            of.tested.to_string().into(),
            Value::Count(of.places as i64),
            Value::number(of.area_share),
            Value::Count(of.incidents as i64),
            Value::Count(of.hits as i64),
            Value::number(of.hit_rate()),
            Value::number(of.pai()),
            Value::number(of.pei()),
        ]
    };
    Table {
        id: "held-out".to_owned(),
        title: say::JUDGED.to_owned(),
        columns: columns.to_vec(),
        rows: judged.map(row).into_iter().collect(),
    }
}

fn summary(
    source: &Source<'_>,
    fewest: &Fewest,
    mapped: u64,
    chance: Option<(usize, usize)>,
) -> Table {
    let columns = [
        Column::new("places", head::PLACES, "", 0),
        Column::new("at_least", head::NO_FEWER_THAN, "", 0),
        Column::new("held", head::INCIDENTS_IN_THEM, "", 0),
        Column::new("share", head::SHARE, unit::OF_INCIDENTS_ON_THE_MAP, 3),
        Column::new("area_share", head::SHARE_OF_THE_LAND, "", 5),
        Column::new("chance_low", head::BY_CHANCE_FROM, unit::PLACES, 0),
        Column::new("chance_high", head::HIGH_END, unit::PLACES, 0),
    ];
    let by_chance =
        |pick: fn((usize, usize)) -> usize| Value::count(chance.map(|range| pick(range) as i64));
    let row = vec![
        Value::Count(fewest.centres.len() as i64),
        Value::Count(fewest.at_least as i64),
        Value::Count(fewest.held() as i64),
        Value::Number(fewest.held() as f64 / mapped as f64),
        Value::number(source.area_share(&fewest.centres)),
        by_chance(|range| range.0),
        by_chance(|range| range.1),
    ];
    Table {
        id: "summary".to_owned(),
        title: say::fewest(source.request.size, source.request.share, source.request.types.label()),
        columns: columns.to_vec(),
        rows: vec![row],
    }
}

fn methods(source: &Source<'_>, fewest: &Fewest) -> Vec<(String, String)> {
    let Source { request, .. } = source;
    let at_least = (!fewest.is_proven()).then_some(fewest.at_least);
    [
        (say::PLACES, say::how_chosen(request.size, request.share, at_least)),
        (say::PERSISTENCE, say::HOW_PERSISTENCE.to_owned()),
        (say::PEAK_HOURS, say::HOW_PEAK.to_owned()),
        (say::HELD_OUT, say::HOW_HELD_OUT.to_owned()),
        (say::CHANCE, say::how_chance(DRAWS, request.seed)),
    ]
    .map(|(what, how)| (what.to_owned(), how))
    .into()
}

fn notes(
    source: &Source<'_>,
    all: u64,
    mapped: u64,
    fewest: &Fewest,
    chance: Option<(usize, usize)>,
    judged: Option<&Judged>,
) -> Vec<String> {
    let request = source.request;
    let mut notes = Vec::new();
    if source.data.fictional {
        notes.push(english::INVENTED.to_owned());
    }
    notes.push(say::hold(
        (fewest.centres.len(), request.size),
        (fewest.held() as f64 / mapped as f64, mapped),
        source.area_share(&fewest.centres),
        chance,
    ));
    if all > mapped {
        notes.push(say::unplaced(all - mapped, all, request.size));
    }
    if mapped < FEWEST {
        notes.push(say::few(mapped));
    }
    notes.push(match judged {
        Some(of) => say::judged(
            (of.places, &of.trained.label()),
            (of.incidents, &of.tested.label()),
            of.hit_rate(),
            of.pai(),
        ),
        None => say::not_judged(request.ahead),
    });
    notes.push(say::SHARED_POINTS.to_owned());
    notes
}
