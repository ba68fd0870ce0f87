//! The mess in the files: which kinds, how much of each, and how each looks.
//!
//! Whatever is planted is counted, by kind and file, so that a cleaning report can be held against
//! it.

use std::collections::BTreeMap;

use super::geography::Borough;
use super::incidents::Event;
use super::land::{ORIGIN, SIDE};
use super::plane::{Point, at};
use super::random::{Stream, Weighted};
use crate::crs::bng_to_lonlat;

/// How many records of each kind of mess were planted, by kind and by file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct MessLog(pub BTreeMap<&'static str, BTreeMap<String, usize>>);

impl MessLog {
    pub(super) fn note(&mut self, kind: &'static str, file: &str) {
        self.add(kind, file, 1);
    }

    pub(super) fn add(&mut self, kind: &'static str, file: &str, n: usize) {
        if n > 0 {
            let files = self.0.entry(kind).or_default();
            if let Some(count) = files.get_mut(file) {
                *count += n;
            } else {
                files.insert(file.to_owned(), n);
            }
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (kind, files) in other.0 {
            for (file, n) in files {
                self.add(kind, &file, n);
            }
        }
    }
}

/// How a position is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    Exactly,
    /// Nothing, or a word for nothing.
    Missing,
    /// `0` and `0`.
    Zero,
    /// The place where it was reported.
    Default,
    /// In hundreds of metres: `5412`, `4340`.
    Short,
    /// With hundredths: `541234.37`.
    Decimal,
    /// With a comma: `541,234`.
    Thousands,
    /// To the nearest hundred metres.
    Rounded,
    /// Northing first.
    Swapped,
    /// Latitude and longitude.
    Degrees,
    /// `TA 412 340` in one column.
    GridReference,
    /// In another borough.
    Outside,
    /// On the line between wards.
    Edge,
}

impl Written {
    /// Name in the list of planted mess; `None` if there is nothing wrong.
    pub(super) fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::Exactly => return None,
            Self::Missing => "coordinates-missing",
            Self::Zero => "coordinates-zero",
            Self::Default => "coordinates-default",
            Self::Short => "coordinates-short",
            Self::Decimal => "coordinates-decimal",
            Self::Thousands => "coordinates-thousands-comma",
            Self::Rounded => "coordinates-rounded-100-m",
            Self::Swapped => "coordinates-swapped",
            Self::Degrees => "coordinates-lat-lon",
            Self::GridReference => "coordinates-grid-reference",
            Self::Outside => "outside-area",
            Self::Edge => "on-ward-edge",
        })
    }
}

/// Shares of 10,000 records whose position is written in each way.
pub(super) type Shares = &'static [(Written, u16)];

/// Draws how positions are written.
pub(super) struct PlaceMess<'a> {
    borough: &'a Borough,
    shares: Shares,
    draw: Weighted,
    default: Point,
    /// What stands where nothing is known.
    nothing: &'static [&'static str],
}

impl<'a> PlaceMess<'a> {
    pub(super) fn new(
        borough: &'a Borough,
        shares: Shares,
        default: Point,
        nothing: &'static [&'static str],
    ) -> Self {
        let planted: u16 = shares.iter().map(|&(_, n)| n).sum();
        let weights = shares.iter().map(|&(_, n)| f64::from(n));
        let draw = Weighted::new(weights.chain([f64::from(10_000 - planted)]));
        Self { borough, shares, draw, default, nothing }
    }

    /// How the position of `event` is written; one on the line between wards is moved there.
    pub(super) fn draw(&self, event: &mut Event, stream: &mut Stream) -> Written {
        let how = self.shares.get(self.draw.draw(stream)).map_or(Written::Exactly, |&(how, _)| how);
        if how == Written::Edge {
            let (place, lsoa) = self.edge(stream);
            event.place = place;
            event.lsoa = lsoa as u16;
        }
        how
    }

    /// Easting and northing as text.
    pub(super) fn write(
        &self,
        how: Written,
        place: Point,
        stream: &mut Stream,
    ) -> (String, String) {
        let plain = |p: Point| (format!("{:.0}", p.x), format!("{:.0}", p.y));
        match how {
            Written::Exactly | Written::Edge => plain(place),
            Written::Missing => {
                let word = *stream.pick(self.nothing);
                (word.to_owned(), word.to_owned())
            }
            Written::Zero => ("0".to_owned(), "0".to_owned()),
            Written::Default => plain(self.default),
            Written::Short => (
                format!("{:.0}", (place.x / 100.0).floor()),
                format!("{:.0}", (place.y / 100.0).floor()),
            ),
            Written::Decimal => {
                let cents = |stream: &mut Stream| stream.below(99) + 1;
                let (east, north) = (cents(stream), cents(stream));
                (format!("{:.0}.{east:02}", place.x), format!("{:.0}.{north:02}", place.y))
            }
            Written::Thousands => (thousands(place.x), thousands(place.y)),
            Written::Rounded => {
                let hundred = |v: f64| (v / 100.0).round() * 100.0;
                plain(at(hundred(place.x), hundred(place.y)))
            }
            Written::Swapped => plain(at(place.y, place.x)),
            Written::Degrees => match bng_to_lonlat(place.bng()) {
                Ok(found) => (format!("{:.5}", found.lat()), format!("{:.5}", found.lon())),
                Err(_) => plain(place),
            },
            Written::GridReference => (grid_reference(place), String::new()),
            Written::Outside => plain(self.outside(stream)),
        }
    }

    /// A place in the next borough: inland, and not in this one.
    fn outside(&self, stream: &mut Stream) -> Point {
        loop {
            let x = ORIGIN.x + stream.between(-1_500.0, SIDE * 0.45);
            let y = ORIGIN.y + stream.between(-1_500.0, SIDE + 1_500.0);
            let p = at(x.round(), y.round());
            let round = [(0.0, 0.0), (400.0, 0.0), (-400.0, 0.0), (0.0, 400.0), (0.0, -400.0)];
            if round.iter().all(|&(dx, dy)| self.borough.ward_at(at(p.x + dx, p.y + dy)).is_none())
            {
                return p;
            }
        }
    }

    /// A corner of a ward's outline, to the metre, and the LSOA it falls in.
    fn edge(&self, stream: &mut Stream) -> (Point, usize) {
        loop {
            let ring = &stream.pick(&self.borough.wards).rings[0];
            let p = stream.pick(ring);
            let p = at(p.x.round(), p.y.round());
            if let Some(lsoa) = self.borough.lsoa_at(p) {
                return (p, lsoa);
            }
        }
    }
}

fn thousands(v: f64) -> String {
    let v = v as u32;
    format!("{},{:03}", v / 1000, v % 1000)
}

/// A six-figure reference; the borough lies in square TA, whose corner is 500 km east, 400 km north.
fn grid_reference(place: Point) -> String {
    let hundreds = |v: f64, corner: f64| ((v - corner) / 100.0).floor();
    format!("TA {:03.0} {:03.0}", hundreds(place.x, 500_000.0), hundreds(place.y, 400_000.0))
}
