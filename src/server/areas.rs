//! Areas that readers drew: each worked out once.

use std::sync::Arc;

use moka::sync::Cache;

use crate::pipeline::{AreaChoice, OwnArea, own_area};

use super::error::ApiError;
use super::state::{AppState, Asked, reasons};

/// Areas kept.
const MOST: u64 = 128;

/// What was worked out.
pub(super) struct Areas(Cache<(Arc<str>, String), Arc<OwnArea>>);

impl Default for Areas {
    fn default() -> Self {
        Self(Cache::new(MOST))
    }
}

impl AppState {
    /// What is recorded in an area of the reader's own, from memory or worked out now.
    ///
    /// # Errors
    ///
    /// [`ApiError::Busy`] if too much waits; [`ApiError::Unanswerable`] if the area is none of these
    /// data.
    pub(crate) async fn own_area(
        &self,
        asked: &Asked,
        choice: &AreaChoice,
    ) -> Result<Arc<OwnArea>, ApiError> {
        let key = (Arc::clone(asked.key()), choice.to_string());
        if let Some(area) = self.0.areas.0.get(&key) {
            return Ok(area);
        }
        let (inner, request, choice) =
            (Arc::clone(&self.0), asked.request().clone(), choice.clone());
        let work = move || own_area(&choice, &request, &inner.dataset);
        let found = self.0.worker.run(work).await?;
        let area = found.map_err(|error| ApiError::Unanswerable(reasons(&error)))?;
        let area = Arc::new(area);
        self.0.areas.0.insert(key, Arc::clone(&area));
        Ok(area)
    }
}
