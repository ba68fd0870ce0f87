//! What an analysis answered, whichever kind it was: the files that can be made of it, and what it
//! weighs in memory.

use std::mem::size_of;
use std::sync::Arc;

use geo::CoordsIter as _;

use crate::layer::{Feature, Findings, HowMade, Layer, Scored};
use crate::stats::{Surface, SurfaceScores};
use crate::table::{Table, Value};

use super::english::problem as say;
use super::job::{Job, Outcome, took_too_long};

/// Everything that can be fetched of one analysis.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answer<'a> {
    pub(crate) layers: &'a [Layer],
    pub(crate) surfaces: &'a [SurfaceScores],
    pub(crate) tables: &'a [Table],
    pub(crate) how_made: &'a HowMade,
    pub(crate) notes: &'a [String],
}

/// What an analysis finds.
pub(crate) trait Answering: Send + Sync + 'static {
    fn answer(&self) -> Answer<'_>;

    /// Bytes held.
    fn bytes(&self) -> usize {
        self.answer().bytes()
    }
}

impl Answer<'_> {
    fn bytes(&self) -> usize {
        let features = self.layers.iter().flat_map(|layer| &layer.features).map(feature_bytes);
        let rows = self.tables.iter().flat_map(|table| &table.rows).map(|row| row_bytes(row));
        let surfaces = self.surfaces.iter().map(|found| surface_bytes(&found.surface));
        features.chain(rows).chain(surfaces).sum()
    }
}

fn surface_bytes(surface: &Surface) -> usize {
    size_of_val(surface.values.as_slice())
}

fn feature_bytes(feature: &Feature) -> usize {
    let shape = feature.shape.polygons().coords_count() * size_of::<geo::Coord>();
    size_of::<Feature>() + feature.id.len() + shape + row_bytes(&feature.values)
}

fn row_bytes(values: &[Value]) -> usize {
    let text = |value: &Value| if let Value::Text(text) = value { text.len() } else { 0 };
    values.iter().map(|value| size_of::<Value>() + text(value)).sum()
}

impl Answering for Findings {
    fn answer(&self) -> Answer<'_> {
        Answer {
            layers: &self.layers,
            surfaces: &[],
            tables: &self.tables,
            how_made: &self.how_made,
            notes: &self.notes,
        }
    }

    fn bytes(&self) -> usize {
        self.answer().bytes() + surface_bytes(&self.density)
    }
}

impl Answering for Scored {
    fn answer(&self) -> Answer<'_> {
        Answer {
            layers: &self.layers,
            surfaces: &self.surfaces,
            tables: &self.tables,
            how_made: &self.how_made,
            notes: &self.notes,
        }
    }
}

/// How an analysis ended, as its document says.
#[derive(Debug)]
pub(crate) enum Ended<'a> {
    Successful(Answer<'a>),
    Failed(String),
    Dismissed,
}

/// Face of a [`Job`] that is the same whatever it finds.
pub(crate) trait Underway: Send + Sync {
    /// How it ended, if it has.
    fn ended(&self) -> Option<Ended<'_>>;
    /// Steps done, and steps there are.
    fn progress(&self) -> (u64, u64);
    /// As [`Job::is_given_up`].
    fn is_given_up(&self) -> bool;
    /// As [`Job::keep_going`].
    fn keep_going(&self);
    /// As [`Job::let_go`].
    fn let_go(&self);
}

impl<T: Answering> Underway for Job<T> {
    fn ended(&self) -> Option<Ended<'_>> {
        Some(match self.outcome()? {
            Outcome::Found(found) => Ended::Successful(found.answer()),
            Outcome::Unanswerable(why) => Ended::Failed(why.clone()),
            Outcome::TookTooLong(longest) => Ended::Failed(took_too_long(*longest)),
            Outcome::Stopped => Ended::Dismissed,
            Outcome::Busy => Ended::Failed(say::WAS_WAITING.to_owned()),
            Outcome::Panicked => Ended::Failed(say::IN_THE_LOG.to_owned()),
        })
    }

    fn progress(&self) -> (u64, u64) {
        self.progress()
    }

    fn is_given_up(&self) -> bool {
        self.is_given_up()
    }

    fn keep_going(&self) {
        self.keep_going();
    }

    fn let_go(&self) {
        self.let_go();
    }
}

/// KiB that a job weighs in a cache of `most` KiB, its answer included once it is there. One that is
/// larger than all the room there is takes all of it: it is kept until the next comes.
pub(crate) fn weight<T: Answering>(job: &Arc<Job<T>>, most: u64) -> u32 {
    let bytes = match job.outcome() {
        Some(Outcome::Found(found)) => found.bytes(),
        _ => 0,
    };
    let kib = (bytes as u64 / 1_024 + 1).min(most.max(1));
    u32::try_from(kib).unwrap_or(u32::MAX)
}
