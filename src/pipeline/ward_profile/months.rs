//! Counts by ward, type and month, and the last three years of the chosen kind with what was expected.

use crate::context::{DatedNote, RECORDING_CHANGES, Treated};
use crate::incident::{CRIME_TYPES, CrimeTypeIdx, CrimeTypes};
use crate::pipeline::coverage::Coverage;
use crate::pipeline::english::ward as say;
use crate::stats::series::{ExpectedTotal, SeasonalOptions, expected_total};
use crate::time::{Month, Window};
use crate::units::UnitIdx;

use super::Scene;

/// Months shown.
const SHOWN: i32 = 36;

/// One month of the ward.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MonthFigures {
    /// Which.
    pub month: Month,
    /// Incidents; `None` where a source lacks the month.
    pub count: Option<u64>,
    /// What the months before it led to expect.
    pub expected: Option<ExpectedTotal>,
}

/// Something that the reader of a series must know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// First month of the new way.
    pub month: Month,
    /// What changed.
    pub says: String,
}

/// Up to three years of one kind of record.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// Months, in order, ending with the window.
    pub months: Vec<MonthFigures>,
    /// Where sources begin or end, and what was done in the ward.
    pub marks: Vec<Mark>,
}

/// Counts of every ward, type and month that is held.
pub(super) struct ByMonth<'a> {
    first: Month,
    n_months: usize,
    n_wards: usize,
    counts: Vec<u32>,
    scene: &'a Scene<'a>,
}

impl<'a> ByMonth<'a> {
    pub(super) fn of(scene: &'a Scene<'a>) -> Self {
        let (n_months, n_wards) = (scene.held.n_months(), scene.ground.wards.len());
        let mut all = Self {
            first: scene.held.first(),
            n_months,
            n_wards,
            counts: vec![0; n_months * n_wards * CRIME_TYPES.len()],
            scene,
        };
        let incidents = &scene.data.incidents;
        for i in (0..incidents.len()).filter(|&i| scene.taken.takes(i)) {
            if let Some(ward) = scene.ground.ward_of[i] {
                let month = incidents.month(i).since(all.first) as usize;
                let at = all.at(incidents.crime_type(i), ward, month);
                all.counts[at] += 1;
            }
        }
        all
    }

    fn at(&self, one: CrimeTypeIdx, ward: UnitIdx, month: usize) -> usize {
        (one.index() * self.n_wards + ward.index()) * self.n_months + month
    }

    /// `[n_wards]`: incidents of these types in this window.
    pub(super) fn by_ward(&self, types: CrimeTypes, window: Window) -> Vec<u64> {
        let mut sums = vec![0; self.n_wards];
        let held = |month: &Month| (0..self.n_months as i32).contains(&month.since(self.first));
        let months: Vec<usize> =
            window.months().filter(held).map(|month| month.since(self.first) as usize).collect();
        for one in CrimeTypeIdx::all().filter(|one| types.contains(*one)) {
            for (ward, sum) in sums.iter_mut().enumerate() {
                let of = |&month: &usize| {
                    u64::from(self.counts[self.at(one, UnitIdx::new(ward), month)])
                };
                *sum += months.iter().map(of).sum::<u64>();
            }
        }
        sums
    }

    /// Counts of the ward by month, from the first month held to the last of the window.
    pub(super) fn series(&self, types: CrimeTypes) -> Vec<Option<u64>> {
        let coverage = self.coverage(types);
        let last = self.scene.window.last().since(self.first);
        (0..=last)
            .map(|month| {
                let window = Window::of(self.first.plus(month));
                let whole = coverage.is_whole(window);
                whole.then(|| self.by_ward(types, window)[self.scene.ward.index()])
            })
            .collect()
    }

    fn coverage(&self, types: CrimeTypes) -> Coverage<'a> {
        let source = self.scene.request.source.as_deref();
        Coverage::of(&self.scene.data.incidents, types, source)
    }

    /// The year before, where both it and the window are held whole.
    pub(super) fn earlier(&self, types: CrimeTypes, window: Window) -> Option<Window> {
        let (coverage, earlier) = (self.coverage(types), window.year_earlier());
        (coverage.is_whole(window) && coverage.is_whole(earlier)).then_some(earlier)
    }

    /// Months of the window that sources of these types lack.
    pub(super) fn gaps(&self, types: CrimeTypes, window: Window) -> Vec<(String, Vec<Month>)> {
        self.coverage(types).lacking(window)
    }

    /// Months of the window and of the year before that sources of these types may hold only in part.
    pub(super) fn doubted(&self, types: CrimeTypes, window: Window) -> Vec<(String, Vec<Month>)> {
        let made_for = self.scene.data.provenance.disclosure.as_ref();
        self.coverage(types).doubted(window, self.earlier(types, window), made_for)
    }
}

/// The chosen kind by month.
pub(super) fn trend(scene: &Scene<'_>, by_month: &ByMonth<'_>) -> Trend {
    let counts = by_month.series(scene.request.crime_types);
    let options = SeasonalOptions::default();
    let first = scene.window.last().plus(1 - SHOWN);
    let months: Vec<MonthFigures> = counts
        .iter()
        .enumerate()
        .map(|(i, &count)| (by_month.first.plus(i as i32), i, count))
        .filter(|&(month, ..)| month >= first)
        .map(|(month, i, count)| MonthFigures {
            month,
            count,
            expected: expected_total(&counts[..=i], 1, &options),
        })
        .collect();
    let marks = marks(scene, by_month, &months);
    Trend { months, marks }
}

/// Where sources begin or end within these months, where the rules of recording changed, and what
/// the workspace notes of all wards or of these.
pub(in crate::pipeline) fn source_marks(
    coverage: &Coverage<'_>,
    types: CrimeTypes,
    months: &[MonthFigures],
    (notes, wards): (&[DatedNote], &[String]),
) -> Vec<Mark> {
    let (Some(first), Some(last)) = (months.first(), months.last()) else { return Vec::new() };
    let inside = |month: Month| first.month < month && month <= last.month;
    let mut marks = Vec::new();
    for (source, held) in coverage.spans() {
        let begin = Mark { month: held.first(), says: say::records_begin(source) };
        let end = Mark { month: held.last().plus(1), says: say::records_end(source) };
        marks.extend([begin, end].into_iter().filter(|mark| inside(mark.month)));
    }
    for rule in RECORDING_CHANGES.iter() {
        if inside(rule.month) && rule.touches(types) {
            marks.push(Mark { month: rule.month, says: say::recording(&rule.says) });
        }
    }
    for note in notes.iter().filter(|note| inside(note.month) && note.touches(types, wards)) {
        marks.push(Mark { month: note.month, says: note.says.clone() });
    }
    marks.sort_by(|a, b| (a.month, &a.says).cmp(&(b.month, &b.says)));
    marks
}

fn marks(scene: &Scene<'_>, by_month: &ByMonth<'_>, months: &[MonthFigures]) -> Vec<Mark> {
    let types = scene.request.crime_types;
    let code = &scene.ground.wards.ids[scene.ward.index()];
    let notes = (scene.data.context.notes.as_slice(), std::slice::from_ref(code));
    let mut marks = source_marks(&by_month.coverage(types), types, months, notes);
    let (Some(first), Some(last)) = (months.first(), months.last()) else { return marks };
    let shape = &scene.ground.wards.shapes[scene.ward.index()];
    for intervention in &scene.data.context.interventions {
        let here = match &intervention.place {
            Treated::Ward(ward) => ward == code,
            Treated::Circle { centre, .. } => shape.covers(*centre),
            Treated::Outline(outline) => {
                outline.label_point().is_some_and(|middle| shape.covers(middle))
            }
        };
        let month = Month::of(intervention.start);
        if here && first.month < month && month <= last.month {
            marks.push(Mark { month, says: say::begins(&intervention.name) });
        }
    }
    marks.sort_by(|a, b| (a.month, &a.says).cmp(&(b.month, &b.says)));
    marks
}
