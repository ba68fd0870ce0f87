//! What the community asked for beside what was recorded, and when it can be met.

use jiff::civil::{Date, Time};

use crate::incident::{CrimeTypeIdx, CrimeTypes, Group};
use crate::meeting::{Kind, Meeting};
use crate::pipeline::english::matched;
use crate::stats::series::{SeasonalOptions, expected_total};
use crate::time::Window;

use super::Scene;
use super::kinds::Verdict;
use super::months::ByMonth;

/// Priorities and answers shown.
const MOST: usize = 4;
/// How far ahead the diary is read.
const AHEAD: i32 = 1;

/// A priority that the community set.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// In the words of the minutes.
    pub text: String,
    /// Day it was set.
    pub set: Date,
    /// Status, as given.
    pub status: Option<String>,
    /// The kind of record it is about, where that can be told.
    pub about: Option<CrimeTypes>,
    /// Records of that kind in the window.
    pub count: u64,
    /// Against what was expected of them.
    pub verdict: Option<Verdict>,
}

/// An answer of a survey.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// Question, with the answer that is counted.
    pub question: String,
    /// Round of the survey.
    pub wave: String,
    /// Per cent who gave it.
    pub percent: f64,
    /// How many were asked.
    pub base: Option<f64>,
}

/// One meeting on one day.
#[derive(Debug, Clone, PartialEq)]
pub struct Gathering {
    /// What it is called.
    pub title: String,
    /// Day.
    pub day: Date,
    /// When it starts.
    pub start: Option<Time>,
    /// Name of the place, as written.
    pub venue: Option<String>,
    /// People who came, where that is known of this day.
    pub attended: Option<u32>,
}

/// The diary of the ward.
#[derive(Debug, Clone, PartialEq)]
pub struct Meetings {
    /// Whether there is a diary at all.
    pub kept: bool,
    /// Day from which the next is looked for.
    pub from: Date,
    /// The last one before that day.
    pub last: Option<Gathering>,
    /// The next one that anybody may come to, from that day on.
    pub next: Option<Gathering>,
}

/// Priorities of the ward, newest first.
pub(super) fn asked(scene: &Scene<'_>, name: &str, by_month: &ByMonth<'_>) -> Vec<Asked> {
    let code = &scene.ground.wards.ids[scene.ward.index()];
    let mut own: Vec<_> = scene
        .data
        .context
        .priorities
        .iter()
        .filter(|one| match &one.ward {
            Some(ward) => ward == code,
            None => one.area.eq_ignore_ascii_case(name),
        })
        .collect();
    own.sort_by(|a, b| b.set.cmp(&a.set).then_with(|| a.text.cmp(&b.text)));
    own.truncate(MOST);
    own.into_iter()
        .map(|one| {
            let about = about(one.category.as_deref()).or_else(|| about(Some(&one.text)));
            let ward = scene.ward.index();
            let count = about.map_or(0, |types| by_month.by_ward(types, scene.window)[ward]);
            let verdict = about.and_then(|types| {
                let series = by_month.series(types);
                let months = scene.window.n_months();
                expected_total(&series, months, &SeasonalOptions::default())
                    .map(|expected| Verdict::of(count, &expected))
            });
            Asked {
                text: one.text.clone(),
                set: one.set,
                status: one.status.clone(),
                about,
                count,
                verdict,
            }
        })
        .collect()
}

/// The kind of record that words are about: by its label, its name, or what minutes call it.
fn about(words: Option<&str>) -> Option<CrimeTypes> {
    let words = words?.trim().to_lowercase();
    if words.is_empty() {
        return None;
    }
    if matched::CRIME.contains(&words.as_str()) {
        return Some(CrimeTypes::Family(Group::Crime));
    }
    CrimeTypeIdx::all()
        .find(|one| {
            let kind = one.get();
            words.contains(&kind.label.to_lowercase()) || words.contains(kind.id)
        })
        .or_else(|| {
            let known = matched::KINDS.iter().find(|(word, _)| words.contains(word));
            known.and_then(|(_, id)| CrimeTypeIdx::from_id(id))
        })
        .map(CrimeTypes::One)
}

/// Answers of the newest survey, those most often given first.
pub(super) fn heard(scene: &Scene<'_>) -> Vec<Heard> {
    let code = &scene.ground.wards.ids[scene.ward.index()];
    let own = || scene.data.context.surveys.iter().filter(|one| one.ward == *code);
    let Some(newest) = own().map(|one| one.wave.as_str()).max() else { return Vec::new() };
    let mut heard: Vec<Heard> = own()
        .filter(|one| one.wave == newest)
        .filter_map(|one| {
            Some(Heard {
                question: one.question.clone(),
                wave: one.wave.clone(),
                percent: one.percent?,
                base: one.base,
            })
        })
        .collect();
    heard.sort_by(|a, b| b.percent.total_cmp(&a.percent).then_with(|| a.question.cmp(&b.question)));
    heard.truncate(MOST);
    heard
}

/// Last and next meeting of the ward.
///
/// "Next" is from `today` where the diary reaches that far, else from the day after the newest month
/// of the data: an old dataset then still shows the diary as it stood.
pub(super) fn meetings(code: &str, today: Date, held: Window, diary: &[Meeting]) -> Meetings {
    let after = after(held).unwrap_or(today);
    let until = |day: Date| day.saturating_add(jiff::Span::new().years(AHEAD));
    let reaches = diary.iter().any(|meeting| !meeting.days(today, until(today)).is_empty());
    let from = if reaches { today } else { after };
    let own = || diary.iter().filter(|meeting| meeting.ward.as_deref() == Some(code));
    let on = |meeting: &Meeting, day: Date| Gathering {
        title: meeting.title.clone(),
        day,
        start: meeting.start,
        venue: meeting.venue.clone(),
        attended: meeting.attended.filter(|_| day == meeting.first),
    };
    let order =
        |a: &Gathering, b: &Gathering| (a.day, a.start, &a.title).cmp(&(b.day, b.start, &b.title));
    let open = |meeting: &&Meeting| meeting.open != Some(false);
    let next = own()
        .filter(open)
        .filter_map(|meeting| Some(on(meeting, *meeting.days(from, until(from)).first()?)))
        .min_by(order);
    // A meeting of the partnership itself is the one that counts; else any that was open.
    let last = |kind: Option<Kind>| {
        own()
            .filter(open)
            .filter(|meeting| kind.is_none_or(|kind| meeting.kind == kind))
            .filter_map(|meeting| Some(on(meeting, meeting.last_before(from)?)))
            .max_by(order)
    };
    Meetings {
        kept: !diary.is_empty(),
        from,
        last: last(Some(Kind::Partnership)).or_else(|| last(None)),
        next,
    }
}

fn after(held: Window) -> Option<Date> {
    let month = held.last().plus(1);
    Date::new(i16::try_from(month.year()).ok()?, i8::try_from(month.number()).ok()?, 1).ok()
}
