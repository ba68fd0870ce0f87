//! Incidents as they happened, before anyone writes them down badly.

use rayon::prelude::*;

use super::calendar::{Clock, DAY, Day, Minute, N_DAYS, days};
use super::geography::{Borough, Zone};
use super::hotspots::Hotspot;
use super::kinds::KINDS;
use super::patterns::{FIRST_HOUR, Kind, Known, Source};
use super::plane::{Point, at};
use super::random::{Stream, Weighted, hash01};
use super::roads::Class;
use super::streets::Streets;

/// One incident.
#[derive(Debug, Clone, Copy)]
pub(super) struct Event {
    /// Position in the list of kinds.
    pub kind: u16,
    /// Position in the kind's details.
    pub detail: u16,
    pub from: Minute,
    /// End of the time in which it happened, where that is not known exactly.
    pub to: Option<Minute>,
    pub recorded: Minute,
    /// To the metre.
    pub place: Point,
    pub segment: u32,
    pub lsoa: u16,
    pub domestic: bool,
    pub alcohol: bool,
    /// The hotspot it belongs to.
    pub hotspot: Option<u16>,
}

impl Event {
    pub(super) fn kind(&self) -> &'static Kind {
        &KINDS[usize::from(self.kind)]
    }

    /// Code or service, and title or type.
    pub(super) fn detail(&self) -> (&'static str, &'static str) {
        let (code, title, _) = self.kind().details[usize::from(self.detail)];
        (code, title)
    }
}

/// Where incidents happen and what their clock says.
pub(super) struct Scene<'a> {
    pub seed: u64,
    pub borough: &'a Borough,
    pub streets: &'a Streets,
    pub days: Vec<Day>,
    pub clock: Clock,
}

impl<'a> Scene<'a> {
    pub(super) fn new(seed: u64, borough: &'a Borough, streets: &'a Streets) -> Self {
        Self { seed, borough, streets, days: days(), clock: Clock::new() }
    }

    /// Every incident of the borough, in the order of their kinds.
    pub(super) fn events(&self, hotspots: &[Hotspot]) -> Vec<Event> {
        let general = (0..KINDS.len()).into_par_iter().map(|k| self.of_kind(k));
        let planted = hotspots.par_iter().enumerate().map(|(h, spot)| self.of_hotspot(h, spot));
        let lists: Vec<Vec<Event>> = general.chain(planted).collect();
        lists.into_iter().flatten().collect()
    }

    fn of_kind(&self, k: usize) -> Vec<Event> {
        let kind = &KINDS[k];
        let mut stream = Stream::new(self.seed, &format!("kind {k}"));
        let places = Weighted::new((0..self.streets.segments.len()).map(|s| self.pull(kind, k, s)));
        let mut maker = Maker::new(self, kind, k, None, &mut stream);
        for day in 0..N_DAYS {
            for _ in 0..maker.stream.poisson(kind.on(&self.days[day])) {
                let segment = places.draw(maker.stream);
                maker.add(day, segment);
            }
        }
        maker.events
    }

    fn of_hotspot(&self, h: usize, spot: &Hotspot) -> Vec<Event> {
        let mut stream = Stream::new(self.seed, &format!("hotspot {h}"));
        let mut maker = Maker::new(self, &spot.kind, spot.kind_number, Some(h), &mut stream);
        for day in 0..N_DAYS {
            let of_day = &self.days[day];
            let mean = spot.kind.on(of_day) * spot.strength(of_day.month);
            for _ in 0..maker.stream.poisson(mean) {
                let segment = spot.segments[spot.draw.draw(maker.stream)];
                maker.add(day, segment);
            }
        }
        maker.events
    }

    /// How strongly a segment draws incidents of a kind.
    fn pull(&self, kind: &Kind, k: usize, s: usize) -> f64 {
        let segment = &self.streets.segments[s];
        let lsoa = &self.borough.lsoas[segment.lsoa];
        let depth = 0.25 + 1.5 * lsoa.deprivation;
        let deprivation = (0..kind.draw.deprivation).fold(1.0, |product, _| product * depth);
        let on_main = if segment.class == Class::Main { 2.6 } else { 1.0 };
        let per_metre = match lsoa.zone {
            Zone::Centre => 0.30,
            Zone::Resort => 0.07,
            Zone::Terraces => 0.05,
            Zone::Town => 0.045,
            Zone::Suburb => 0.02,
            Zone::Village => 0.012,
            Zone::Rural => 0.002,
        };
        let footfall = segment.length * per_metre * on_main;
        // A few places have most of the trouble, and much the same ones for kinds alike.
        let r = hash01(self.seed ^ (k as u64 % 4), s as i64, 77);
        let risk = 0.35 + 0.11 / (r + 0.025);
        let homes = f64::from(segment.addresses) * kind.draw.homes;
        (homes + footfall * kind.draw.footfall) * deprivation * risk
    }
}

struct Maker<'a, 'b> {
    scene: &'a Scene<'a>,
    kind: &'a Kind,
    number: usize,
    hotspot: Option<usize>,
    stream: &'b mut Stream,
    hours: Weighted,
    details: Weighted,
    events: Vec<Event>,
}

impl<'a, 'b> Maker<'a, 'b> {
    fn new(
        scene: &'a Scene<'a>,
        kind: &'a Kind,
        number: usize,
        hotspot: Option<usize>,
        stream: &'b mut Stream,
    ) -> Self {
        let hours = Weighted::new(kind.hours.iter().map(|&h| f64::from(h)));
        let details = Weighted::new(kind.details.iter().map(|d| f64::from(d.2)));
        Self { scene, kind, number, hotspot, stream, hours, details, events: Vec::new() }
    }

    fn add(&mut self, day: usize, segment: usize) {
        let hour = FIRST_HOUR + self.hours.draw(self.stream) as i32;
        let minute = self.told_minute();
        let start = day as i32 * DAY + hour * 60 + minute;
        let (from, to) = self.window(start);
        // Midnight sharp is how an unknown time is written, so nothing happens at midnight sharp.
        let off_midnight = |m: Minute| if m.rem_euclid(DAY) == 0 { m + 1 } else { m };
        let (from, to) = (off_midnight(from), to.map(off_midnight));
        if to.unwrap_or(from) >= N_DAYS as i32 * DAY || from < 0 {
            return;
        }
        let (place, lsoa) = self.place(segment);
        let recorded = self.recorded(to.unwrap_or(from));
        let domestic = self.stream.below(100) < usize::from(self.kind.domestic);
        let of_day = (from.rem_euclid(DAY)) / 60;
        let late = !(5..20).contains(&of_day);
        let alcohol = self.stream.chance(if late { 0.34 } else { 0.05 });
        self.events.push(Event {
            kind: self.number as u16,
            detail: self.details.draw(self.stream) as u16,
            from,
            to,
            recorded,
            place,
            segment: segment as u32,
            lsoa: lsoa as u16,
            domestic,
            alcohol,
            hotspot: self.hotspot.map(|h| h as u16),
        });
    }

    /// People say half past and a quarter to.
    fn told_minute(&mut self) -> i32 {
        let minute = self.stream.below(60) as i32;
        match self.stream.below(10) {
            0..=2 => minute,
            3..=5 => minute / 5 * 5,
            6 | 7 => minute / 15 * 15,
            _ => minute / 30 * 30,
        }
    }

    fn window(&mut self, start: Minute) -> (Minute, Option<Minute>) {
        let span = match self.kind.known {
            Known::Exactly => return (start, None),
            Known::Hours if self.stream.chance(0.45) => return (start, None),
            Known::Hours => 30 + self.stream.below(9 * 60) as i32,
            Known::Absence => match self.stream.below(100) {
                0..14 => return (start, None),
                14..60 => 6 * 60 + self.stream.below(9 * 60) as i32,
                60..88 => 3 * 60 + self.stream.below(7 * 60) as i32,
                // A weekend or a holiday away.
                _ => DAY * (2 + self.stream.below(12) as i32) + self.stream.below(600) as i32,
            },
        };
        let before = (f64::from(span) * self.stream.between(0.1, 0.9)) as i32;
        (start - before, Some(start - before + span))
    }

    fn recorded(&mut self, known: Minute) -> Minute {
        let delay = match self.stream.below(100) {
            0..72 => 5 + self.stream.below(300) as i32,
            72..92 => self.stream.below(3 * DAY as usize) as i32,
            92..99 => self.stream.below(25 * DAY as usize) as i32,
            _ => (30 + self.stream.below(330) as i32) * DAY,
        };
        (known + delay).min(N_DAYS as i32 * DAY + 20 * DAY)
    }

    /// A house on the segment: some houses far more often than others.
    fn place(&mut self, segment: usize) -> (Point, usize) {
        let streets = self.scene.streets;
        let of = &streets.segments[segment];
        let houses = ((of.length / 8.5) as usize).max(1);
        let trouble = mixed(self.scene.seed, segment, self.number) % houses;
        let house = if self.stream.chance(0.22) { trouble } else { self.stream.below(houses) };
        let share = (house as f64 + 0.5) / houses as f64;
        let off = if house % 2 == 0 { 9.0 } else { -9.0 };
        let exact = streets.point(segment, share, off);
        // Never on a round hundred: that is how rounded positions are told.
        let metre = |v: f64| if v.round() % 100.0 == 0.0 { v.round() + 1.0 } else { v.round() };
        let place = at(metre(exact.x), metre(exact.y));
        if let Some(lsoa) = self.scene.borough.lsoa_at(place) {
            return (place, lsoa);
        }
        let middle = streets.middle(segment);
        (at(metre(middle.x), metre(middle.y)), of.lsoa)
    }
}

fn mixed(seed: u64, segment: usize, kind: usize) -> usize {
    (hash01(seed, segment as i64, kind as i64) * 1e6) as usize
}

/// The events of one source, in the order they were recorded.
pub(super) fn of_source(events: &[Event], source: Source) -> Vec<Event> {
    let mut own: Vec<Event> =
        events.iter().filter(|event| event.kind().source == source).copied().collect();
    own.sort_by_key(|event| (event.recorded, event.from));
    own
}
