//! What requests for heat have made of the rows, kept for the next tile within bounds.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use foldhash::HashMap;
use moka::policy::EvictionPolicy;
use moka::sync::Cache;

use crate::stats::{Block, Patch, QuadId, Square};

/// Bytes of hills kept.
const MOST_HILLS: u64 = 128 << 20;
/// Bytes of a hill.
const HILL: usize = 12;
/// Bytes of surfaces kept.
const MOST_SURFACES: u64 = 96 << 20;
/// Bytes that an entry takes beside what it holds.
const ENTRY: usize = 160;

/// Number of a choice of rows: no two have the same.
pub(super) type ChoiceId = u64;

/// What hills add up to at the places of quads, of one choice of rows: what was worked out before it
/// was looked at.
#[derive(Debug, Default)]
pub(super) struct Far(RwLock<HashMap<QuadId, Arc<[f32]>>>);

impl Far {
    pub fn get(&self, quad: QuadId) -> Option<Arc<[f32]>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&quad).cloned()
    }

    pub fn insert(&self, quad: QuadId, sums: &[f32]) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(quad, sums.into());
    }
}

/// Hills and surfaces of the choices of rows that were drawn last.
#[derive(Debug)]
pub(super) struct Kept {
    next: AtomicU64,
    blocks: Cache<(ChoiceId, Square), Arc<Block>>,
    patches: Cache<(ChoiceId, Square), Arc<Patch>>,
}

impl Default for Kept {
    fn default() -> Self {
        let weight = |bytes: usize| u32::try_from(bytes + ENTRY).unwrap_or(u32::MAX);
        Self {
            next: AtomicU64::new(0),
            blocks: Cache::builder()
                .max_capacity(MOST_HILLS)
                .eviction_policy(EvictionPolicy::lru())
                .weigher(move |_, block: &Arc<Block>| weight(block.bytes()))
                .build(),
            patches: Cache::builder()
                .max_capacity(MOST_SURFACES)
                .eviction_policy(EvictionPolicy::lru())
                .weigher(move |_, patch: &Arc<Patch>| weight(patch.bytes()))
                .build(),
        }
    }
}

impl Kept {
    /// A number for another choice of rows.
    pub fn number(&self) -> ChoiceId {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// Whether so many hills can be kept at once.
    pub fn holds_hills(n: usize) -> bool {
        (n * HILL) as u64 <= MOST_HILLS
    }

    /// The hills of a block; made once, whoever asks meanwhile waits.
    pub fn block(
        &self,
        choice: ChoiceId,
        block: Square,
        make: impl FnOnce() -> Block,
    ) -> Arc<Block> {
        self.blocks.get_with((choice, block), || Arc::new(make()))
    }

    /// A part of a surface; made once, whoever asks meanwhile waits.
    pub fn patch(
        &self,
        choice: ChoiceId,
        patch: Square,
        make: impl FnOnce() -> Patch,
    ) -> Arc<Patch> {
        self.patches.get_with((choice, patch), || Arc::new(make()))
    }
}
