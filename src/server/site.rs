//! One version of the data, as each audience sees it.

use std::sync::Arc;

use axum::Router;
use jiff::civil::DateTime;
use tokio::sync::OnceCell;

use crate::audience::{Audience, Rule};
use crate::pipeline::{WalkFile, disclose};
use crate::report::QualityReport;
use crate::store::Dataset;
use crate::workspace::{NeedRule, PlanningRule};

use super::basemap::Basemap;
use super::error::ApiError;
use super::router;
use super::state::{AppState, Compute, LastImport};

/// The data of a server, and what each audience is shown of them.
///
/// An audience that may see less than the store holds is served from data made for it, on first
/// use, in memory: nothing finer is behind its routes.
pub struct Site {
    dataset: Arc<Dataset>,
    quality: Option<LastImport>,
    rules: Option<(NeedRule, PlanningRule, Option<Arc<WalkFile>>)>,
    basemap: Option<Basemap>,
    compute: Compute,
    views: [OnceCell<View>; Audience::ALL.len()],
}

/// The routes over the data of one audience.
pub(crate) struct View {
    pub(crate) state: AppState,
    pub(crate) router: Router,
}

impl Site {
    /// A site over these data.
    pub fn new(dataset: Dataset, compute: Compute) -> Self {
        let dataset = Arc::new(dataset);
        let views = Default::default();
        Self { dataset, quality: None, rules: None, basemap: None, compute, views }
    }

    /// With what the import said of the data, and when it ended; analysts alone are shown it.
    #[must_use]
    pub fn with_quality(self, report: QualityReport, ended: Option<DateTime>) -> Self {
        Self { quality: Some(LastImport { report, ended }), ..self }
    }

    /// With what the workspace says of need and meetings, and its walking distances.
    #[must_use]
    pub fn with_rules(
        self,
        need: NeedRule,
        planning: PlanningRule,
        walks: Option<WalkFile>,
    ) -> Self {
        Self { rules: Some((need, planning, walks.map(Arc::new))), ..self }
    }

    /// With the workspace's own basemap.
    #[must_use]
    pub fn with_basemap(self, basemap: Basemap) -> Self {
        Self { basemap: Some(basemap), ..self }
    }

    /// For whom the store itself was made.
    pub fn audience(&self) -> Audience {
        let disclosure = self.dataset.provenance.disclosure.as_ref();
        disclosure.map_or(Audience::Analyst, |disclosure| disclosure.rule.audience)
    }

    /// Version of the store.
    pub fn version(&self) -> &str {
        &self.dataset.version
    }

    /// What this audience is shown.
    ///
    /// # Errors
    ///
    /// [`ApiError::Unanswerable`] if the data cannot be made for it.
    pub(crate) async fn view(&self, audience: Audience) -> Result<&View, ApiError> {
        let audience = audience.min(self.audience());
        self.views[audience as usize].get_or_try_init(|| self.make(audience)).await
    }

    async fn make(&self, audience: Audience) -> Result<View, ApiError> {
        let held = Arc::clone(&self.dataset);
        let dataset = match Rule::of(audience) {
            Some(rule) if audience < self.audience() => {
                let made = tokio::task::spawn_blocking(move || disclose(&held, &rule));
                let made = made.await.map_err(anyhow::Error::from)?;
                Arc::new(made.map_err(|error| ApiError::Unanswerable(format!("{error:#}")))?)
            }
            _ => held,
        };
        let state = AppState::on(dataset, &self.compute);
        if let Some(basemap) = &self.basemap {
            state.know_basemap(basemap.clone());
        }
        if let Some((need, planning, walks)) = self.rules.clone() {
            state.know_rules(need, planning, walks);
        }
        if let Some(import) = &self.quality
            && audience == Audience::Analyst
        {
            state.know_import(import.clone());
        }
        Ok(View { router: router(state.clone()), state })
    }
}
