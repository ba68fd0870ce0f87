//! What is kept of collections between requests, so that a page costs what it holds and not what the
//! collection does.

use std::sync::Arc;

use moka::sync::Cache;
use rayon::prelude::*;
use tokio::sync::OnceCell;

use crate::geometry::Bounds;
use crate::layer::{Feature, Layer};
use crate::server::error::ApiError;
use crate::server::state::{AppState, Asked};
use crate::time::Window;

use super::Selection;
use super::kinds::{Kind, kinds};

/// Collections of which facts are kept.
const MOST_COLLECTIONS: u64 = 24;

/// Bytes of positions that filters chose.
const MOST_CHOSEN: u64 = 32 << 20;

/// Facts of a collection that every request for its features needs.
#[derive(Debug)]
pub(crate) struct Facts {
    /// `[n_columns]`.
    pub(super) kinds: Vec<Kind>,
    /// `[n_features]`: west, south, east and north in metres, no less than the box of its outline;
    /// everything for one without a place.
    boxes: Vec<[f32; 4]>,
    /// `[n_features]`: positions in the order of their ids.
    by_id: Vec<u32>,
}

impl Facts {
    pub(super) fn of(layer: &Layer) -> Self {
        let mut by_id: Vec<u32> = (0..layer.features.len() as u32).collect();
        let id = |i: u32| layer.features[i as usize].id.as_str();
        by_id.par_sort_unstable_by(|&a, &b| id(a).cmp(id(b)));
        let boxes = layer.features.par_iter().map(boxed).collect();
        Self { kinds: kinds(layer), boxes, by_id }
    }

    /// The feature with this id.
    pub(crate) fn feature<'a>(&self, layer: &'a Layer, id: &str) -> Option<&'a Feature> {
        let feature = |i: u32| layer.features.get(i as usize);
        let at = |&i: &u32| feature(i).map_or("", |feature| feature.id.as_str()).cmp(id);
        self.by_id.binary_search_by(at).ok().and_then(|k| feature(self.by_id[k]))
    }

    /// Whether the feature at this position can have a point in these bounds.
    pub(super) fn may_meet(&self, position: usize, bounds: &Bounds) -> bool {
        let Some(&[west, south, east, north]) = self.boxes.get(position) else { return true };
        f64::from(west) <= bounds.max.easting()
            && f64::from(south) <= bounds.max.northing()
            && f64::from(east) >= bounds.min.easting()
            && f64::from(north) >= bounds.min.northing()
    }
}

fn boxed(feature: &Feature) -> [f32; 4] {
    let bounds = match feature.at {
        Some(at) => Some(Bounds { min: at, max: at }),
        None => feature.shape.bounds(),
    };
    let Some(Bounds { min, max }) = bounds else {
        let (low, high) = (f32::NEG_INFINITY, f32::INFINITY);
        return [low, low, high, high];
    };
    let low = |metres: f64| (metres as f32).next_down();
    let high = |metres: f64| (metres as f32).next_up();
    [low(min.easting()), low(min.northing()), high(max.easting()), high(max.northing())]
}

/// Positions of the features that fit a request, in order.
#[derive(Debug, Clone)]
pub(crate) enum Matching {
    /// All of so many.
    All(usize),
    /// These.
    Some(Arc<[u32]>),
}

impl Matching {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::All(n) => *n,
            Self::Some(positions) => positions.len(),
        }
    }

    /// Positions of one page.
    pub(crate) fn page(&self, offset: usize, limit: usize) -> Vec<u32> {
        let part = offset.min(self.len())..offset.saturating_add(limit).min(self.len());
        match self {
            Self::All(_) => (part.start as u32..part.end as u32).collect(),
            Self::Some(positions) => positions[part].to_vec(),
        }
    }
}

type Named = (Arc<str>, &'static str);

/// What is kept of the collections of one dataset.
pub(crate) struct Collections {
    facts: Cache<Named, Arc<OnceCell<Arc<Facts>>>>,
    chosen: Cache<(Named, String), Arc<[u32]>>,
}

impl Default for Collections {
    fn default() -> Self {
        Self {
            facts: Cache::new(MOST_COLLECTIONS),
            chosen: Cache::builder()
                .max_capacity(MOST_CHOSEN)
                .weigher(|(_, what): &(Named, String), chosen: &Arc<[u32]>| {
                    u32::try_from(4 * chosen.len() + what.len() + 128).unwrap_or(u32::MAX)
                })
                .build(),
        }
    }
}

fn gone() -> ApiError {
    ApiError::Internal(anyhow::anyhow!("the findings hold a layer no more"))
}

impl AppState {
    /// Facts of a collection: from memory, or gathered now, once for all who wait.
    ///
    /// # Errors
    ///
    /// [`ApiError::Busy`] if too much waits, and those of the findings.
    pub(crate) async fn facts(
        &self,
        asked: &Asked,
        id: &'static str,
    ) -> Result<Arc<Facts>, ApiError> {
        let key = (Arc::clone(asked.key()), id);
        let cell = self.0.collections.facts.get_with(key, Arc::default);
        let gather = || async {
            let findings = self.findings_of(asked).await?;
            let made = self.0.worker.run(move || findings.layer(id).map(Facts::of)).await?;
            made.map(Arc::new).ok_or_else(gone)
        };
        cell.get_or_try_init(gather).await.map(Arc::clone)
    }

    /// The features that fit `selection`, which is known by the name `chosen`.
    ///
    /// # Errors
    ///
    /// As [`Self::facts`].
    pub(crate) async fn matching(
        &self,
        asked: &Asked,
        id: &'static str,
        chosen: String,
        selection: Selection,
        window: Window,
    ) -> Result<Matching, ApiError> {
        let findings = self.findings_of(asked).await?;
        if selection.is_everything() {
            return Ok(Matching::All(findings.layer(id).ok_or_else(gone)?.features.len()));
        }
        let key = ((Arc::clone(asked.key()), id), chosen);
        if let Some(known) = self.0.collections.chosen.get(&key) {
            return Ok(Matching::Some(known));
        }
        let facts = self.facts(asked, id).await?;
        let look = move || {
            findings.layer(id).map(|layer| Arc::from(selection.matching(layer, &facts, window)))
        };
        let found: Arc<[u32]> = self.0.worker.run(look).await?.ok_or_else(gone)?;
        self.0.collections.chosen.insert(key, Arc::clone(&found));
        Ok(Matching::Some(found))
    }
}
