//! Plans of meetings that were asked for: each worked out once.

use std::sync::Arc;

use moka::sync::Cache;

use crate::pipeline::{
    MeetingsGround, MeetingsPlan, MeetingsRequest, Prepared, WalkFile, meetings_ground,
    plan_meetings_on,
};
use crate::store::Dataset;
use crate::workspace::{NeedRule, PlanningRule};

use super::error::ApiError;
use super::state::{AppState, reasons_and_hint};

/// Grounds kept: one for each choice of months.
const GROUNDS: u64 = 4;
/// Plans kept: one for each choice of months, meetings, walk and halls.
const PLANS: u64 = 64;

/// The workspace's rules, and what was worked out under them.
#[derive(Debug)]
pub(crate) struct Plans {
    need: NeedRule,
    planning: PlanningRule,
    walks: Option<Arc<WalkFile>>,
    prepared: Prepared,
    grounds: Cache<String, Arc<MeetingsGround>>,
    made: Cache<String, Arc<MeetingsPlan>>,
}

impl Plans {
    pub(crate) fn new(
        need: NeedRule,
        planning: PlanningRule,
        walks: Option<Arc<WalkFile>>,
    ) -> Self {
        Self {
            need,
            planning,
            walks,
            prepared: Prepared::default(),
            grounds: Cache::new(GROUNDS),
            made: Cache::new(PLANS),
        }
    }

    /// The plan, if it is kept.
    pub(crate) fn kept(
        &self,
        request: &MeetingsRequest,
    ) -> anyhow::Result<Option<Arc<MeetingsPlan>>> {
        Ok(self.made.get(&serde_json::to_string(request)?))
    }

    /// The plan, from memory or worked out now.
    pub(crate) fn plan(
        &self,
        request: &MeetingsRequest,
        data: &Dataset,
    ) -> anyhow::Result<Arc<MeetingsPlan>> {
        if let Some(plan) = self.kept(request)? {
            return Ok(plan);
        }
        let ground = self.ground(request, data)?;
        let plan = plan_meetings_on(&ground, request, &self.need, &self.planning, data)?;
        let plan = Arc::new(plan);
        self.made.insert(serde_json::to_string(request)?, Arc::clone(&plan));
        Ok(plan)
    }

    fn ground(
        &self,
        request: &MeetingsRequest,
        data: &Dataset,
    ) -> anyhow::Result<Arc<MeetingsGround>> {
        let key = format!("{} {}", request.window, request.seed);
        if let Some(ground) = self.grounds.get(&key) {
            return Ok(ground);
        }
        let (need, planning) = (&self.need, &self.planning);
        let mut ground = meetings_ground(request, need, planning, data, &self.prepared)?;
        if let Some(walks) = &self.walks {
            ground.walk_by(walks, data)?;
        }
        let ground = Arc::new(ground);
        self.grounds.insert(key, Arc::clone(&ground));
        Ok(ground)
    }
}

impl AppState {
    /// Tells the server the workspace's rules for need and meetings, and its walking distances; the
    /// first time counts, and without it they are the defaults.
    pub fn know_rules(&self, need: NeedRule, planning: PlanningRule, walks: Option<Arc<WalkFile>>) {
        self.0.plans.get_or_init(|| Plans::new(need, planning, walks));
    }

    /// A plan of meetings: from memory, or worked out now on the compute pool.
    ///
    /// # Errors
    ///
    /// [`ApiError::Busy`] if too much waits; [`ApiError::Unanswerable`] if the data or the choices
    /// allow no plan.
    pub(crate) async fn meetings(
        &self,
        request: MeetingsRequest,
    ) -> Result<Arc<MeetingsPlan>, ApiError> {
        let default = || Plans::new(NeedRule::default(), PlanningRule::default(), None);
        if let Some(plan) = self.0.plans.get_or_init(default).kept(&request)? {
            return Ok(plan);
        }
        let inner = Arc::clone(&self.0);
        let work = move || inner.plans.get_or_init(default).plan(&request, &inner.dataset);
        self.0.worker.run(work).await?.map_err(|error| {
            tracing::warn!("a plan of meetings failed: {error:#}");
            ApiError::Unanswerable(reasons_and_hint(&error))
        })
    }
}
