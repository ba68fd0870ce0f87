//! One ward for the people who work in it: what is high, is it more than usual, where, when, what was
//! asked for, and when to meet.

mod community;
mod kinds;
mod months;
mod places;
mod tables;

use jiff::civil::Date;

use crate::incident::CrimeTypes;
use crate::quantity::Population;
use crate::stats::Repeats;
use crate::store::Dataset;
use crate::table::Table;
use crate::time::{HoursOfWeek, Month, Window};
use crate::units::UnitIdx;

use super::ground::Ground;
use super::rows::Rows;
use super::{AnalysisRequest, Hours, Prepared};

pub use community::{Asked, Gathering, Heard, Meetings};
pub use kinds::{KindFigures, Verdict};
pub(super) use months::source_marks;
pub use months::{Mark, MonthFigures, Trend};
pub use places::TopPlace;

/// Everything known of one ward in one window.
#[derive(Debug, Clone, PartialEq)]
pub struct WardProfile {
    /// GSS code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Edition of the boundaries; empty where it is not known.
    pub edition: String,
    /// Residents.
    pub residents: Option<Population>,
    /// Households.
    pub households: Option<Population>,
    /// Incidents that places, times and months are of.
    pub types: CrimeTypes,
    /// Months counted.
    pub window: Window,
    /// The same months a year earlier, where the data hold both whole.
    pub earlier: Option<Window>,
    /// Wards ranked.
    pub of: usize,
    /// Every kind of record held, those of several kinds first, then by count.
    pub kinds: Vec<KindFigures>,
    /// Where most of the chosen records are, most first.
    pub places: Vec<TopPlace>,
    /// When those of any hour happened; `None` where only months are known.
    pub hours: Option<Hours>,
    /// Hours that every other figure is of.
    pub chosen_hours: HoursOfWeek,
    /// What a reader of figures of some hours must know; none where they are of all.
    pub hours_note: Option<String>,
    /// The last three years by month.
    pub trend: Trend,
    /// What the community asked for, newest first.
    pub asked: Vec<Asked>,
    /// What a survey heard here, most first.
    pub heard: Vec<Heard>,
    /// Last and next meetings.
    pub meetings: Meetings,
    /// What the figures rest on.
    pub held: Held,
}

impl WardProfile {
    /// Single kinds of this verdict, the furthest from what was expected first.
    pub fn of_verdict(&self, verdict: Verdict) -> Vec<&KindFigures> {
        kinds::of_verdict(&self.kinds, verdict)
    }

    /// How many single kinds are held against an expected range.
    pub fn n_judged(&self) -> usize {
        let is_one = |kind: &&KindFigures| matches!(kind.types, CrimeTypes::One(_));
        self.kinds.iter().filter(is_one).filter(|kind| kind.verdict.is_some()).count()
    }

    /// Figures of the chosen kind of record.
    pub fn chosen(&self) -> Option<&KindFigures> {
        self.kinds.iter().find(|kind| kind.types == self.types)
    }

    /// The same figures as tables, for files: kinds, places, months and hours.
    pub fn tables(&self) -> Vec<Table> {
        tables::all(self)
    }
}

/// What the figures of a ward rest on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Chosen records of the ward in the window.
    pub records: u64,
    /// Of them, those with a position of their own.
    pub placed: u64,
    /// Whether positions are shared points near by instead of where it happened.
    pub approximate: bool,
    /// Sources, and the months of the window that each lacks.
    pub missing: Vec<(String, Vec<Month>)>,
    /// Sources, and the months of the window or of the year before that each may hold only in part.
    pub in_part: Vec<(String, Vec<Month>)>,
}

/// What is known of the ward `code`; `None` if there is no such ward.
///
/// `request` gives types, window and source; `today` is the day from which meetings are the next. The
/// same arguments give the same profile at any number of threads.
///
/// # Errors
///
/// If the window holds no data.
pub fn ward_profile(
    code: &str,
    request: &AnalysisRequest,
    today: Date,
    data: &Dataset,
    prepared: &Prepared,
) -> anyhow::Result<Option<WardProfile>> {
    request.check()?;
    let request = &request.resolved(data)?;
    let (window, held) = super::window(request, data)?;
    let ground = prepared.ground(data, request.cell())?;
    let Some(ward) = ground.wards.ids.iter().position(|id| id == code).map(UnitIdx::new) else {
        return Ok(None);
    };
    let taken = Rows::of(request, &data.incidents, window)?;
    let scene = Scene { data, ground: &ground, request, taken, window, held, ward };
    let rows = scene.rows(request.crime_types, window);
    let by_month = months::ByMonth::of(&scene);
    let kinds = kinds::figures(&scene, &by_month)?;
    let name = ground.wards.names[ward.index()].clone();
    let edition = data.layers.iter().find(|layer| layer.kind == "ward");
    Ok(Some(WardProfile {
        code: code.to_owned(),
        residents: ground.wards.residents[ward.index()],
        households: ground.wards.households[ward.index()],
        edition: edition.map(|layer| layer.edition.clone()).unwrap_or_default(),
        types: request.crime_types,
        window,
        earlier: by_month.earlier(request.crime_types, window),
        of: ground.wards.len(),
        places: places::top(&scene, &rows),
        hours: Hours::of(
            &data.incidents,
            scene.taken.at_any_hour(request.crime_types, window).filter(|&i| scene.is_here(i)),
        ),
        chosen_hours: request.hours,
        hours_note: scene.taken.note(request.crime_types, window),
        trend: months::trend(&scene, &by_month),
        asked: community::asked(&scene, &name, &by_month),
        heard: community::heard(&scene),
        meetings: community::meetings(code, today, held, &data.meetings),
        held: scene.held(&rows, &by_month),
        kinds,
        name,
    }))
}

/// What every part of a profile looks at.
struct Scene<'a> {
    data: &'a Dataset,
    ground: &'a Ground,
    request: &'a AnalysisRequest,
    taken: Rows<'a>,
    window: Window,
    held: Window,
    ward: UnitIdx,
}

impl Scene<'_> {
    /// Rows of the ward, of these types in this window, in order.
    fn rows(&self, types: CrimeTypes, window: Window) -> Vec<usize> {
        self.taken.within(types, window).into_iter().filter(|&i| self.is_here(i)).collect()
    }

    /// Whether row `i` is of the ward.
    fn is_here(&self, i: usize) -> bool {
        self.ground.ward_of[i] == Some(self.ward)
    }

    fn held(&self, rows: &[usize], by_month: &months::ByMonth<'_>) -> Held {
        let incidents = &self.data.incidents;
        let placed: Vec<_> = rows
            .iter()
            .filter_map(|&i| super::ground::mappable(incidents, i, self.request.cell()))
            .collect();
        let types = self.request.crime_types;
        Held {
            records: rows.len() as u64,
            placed: placed.len() as u64,
            approximate: Repeats::of(&placed).is_many(),
            missing: by_month.gaps(types, self.window),
            in_part: by_month.doubted(types, self.window),
        }
    }
}

#[cfg(test)]
mod tests;
