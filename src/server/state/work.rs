//! What is worked out of the data: from memory, from the same work under way, or now.

use std::sync::Arc;

use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

use super::{AppState, Asked, Once};
use crate::hint::Hint;
use crate::layer::{Findings, Scored};
use crate::pipeline::{AnalysisRequest, MoreLayer, WardProfile, ward_profile};
use crate::server::error::ApiError;
use crate::server::job::Job;
use crate::server::reply::{Rendered, hex};
use crate::store::Dataset;

/// An analysis that a client started.
#[derive(Debug)]
pub(crate) struct Started {
    pub(crate) asked: Asked,
    pub(crate) job: Arc<Job>,
    caller: String,
}

impl AppState {
    /// What the analysis finds: from memory, from the same analysis already under way, or computed
    /// now.
    ///
    /// # Errors
    ///
    /// Those of [`Self::ask`]; [`ApiError::Busy`] if too much waits; [`ApiError::Unanswerable`] if
    /// the analysis cannot work on these data.
    pub async fn findings(&self, request: &AnalysisRequest) -> Result<Arc<Findings>, ApiError> {
        self.findings_of(&self.ask(request)?).await
    }

    /// As [`Self::findings`], for a request in its one form.
    ///
    /// # Errors
    ///
    /// As [`Self::findings`].
    pub async fn findings_of(&self, asked: &Asked) -> Result<Arc<Findings>, ApiError> {
        self.job(asked).wait().await
    }

    /// The work on this analysis: under way, done, or begun now.
    pub(crate) fn job(&self, asked: &Asked) -> Arc<Job> {
        // One that was given up on is begun anew.
        if let Some(held) = self.0.findings.get(&asked.key)
            && held.is_given_up()
        {
            self.0.findings.invalidate(&asked.key);
        }
        self.0.findings.get_with_by_ref(&asked.key, || {
            let (inner, request) = (Arc::clone(&self.0), asked.request.clone());
            Job::begin(&self.0.worker, move |watch| {
                (inner.analyse)(&request, &inner.dataset, watch).map_err(|error| {
                    tracing::warn!("an analysis failed: {error:#}");
                    reason(&error)
                })
            })
        })
    }

    /// What is known of one ward, from memory or worked out now; `None` if there is no such ward.
    ///
    /// # Errors
    ///
    /// [`ApiError::Busy`] if too much waits; [`ApiError::Unanswerable`] if the window holds no data.
    pub(crate) async fn ward_profile(
        &self,
        asked: &Asked,
        code: &str,
        today: Date,
    ) -> Result<Option<Arc<WardProfile>>, ApiError> {
        let key = (Arc::clone(&asked.key), code.to_owned(), today);
        if let Some(profile) = self.0.profiles.get(&key) {
            return Ok(Some(profile));
        }
        let (inner, request, code) = (Arc::clone(&self.0), asked.request.clone(), code.to_owned());
        let work = move || ward_profile(&code, &request, today, &inner.dataset, &inner.prepared);
        let found = self.0.worker.run(work).await?.map_err(|error| {
            tracing::warn!("a ward's profile failed: {error:#}");
            ApiError::Unanswerable(reason(&error))
        })?;
        let profile = found.map(Arc::new);
        if let Some(profile) = &profile {
            self.0.profiles.insert(key, Arc::clone(profile));
        }
        Ok(profile)
    }

    /// Starts an analysis for `caller`, or finds it started; gives its id. It goes on until it is let
    /// go. `Err` with the number of theirs under way if that is `most` already.
    pub(crate) fn start(
        &self,
        asked: Asked,
        caller: &str,
        most: usize,
    ) -> Result<(String, Arc<Started>), usize> {
        let mut name = Sha256::new();
        name.update(self.version());
        name.update(asked.key.as_bytes());
        let id = hex(&name.finalize()[..12]);
        if let Some(held) = self.started(&id)
            && !held.job.is_given_up()
        {
            return Ok((id, held));
        }
        let all = self.0.started.iter();
        let theirs = all.filter(|(_, one)| one.caller == caller && one.job.outcome().is_none());
        let theirs = theirs.count();
        if theirs >= most {
            return Err(theirs);
        }
        let job = self.job(&asked);
        job.keep_going();
        let started = Arc::new(Started { asked, job, caller: caller.to_owned() });
        self.0.started.insert(id.clone(), Arc::clone(&started));
        Ok((id, started))
    }

    /// The analysis with this id, if it is remembered.
    pub(crate) fn started(&self, id: &str) -> Option<Arc<Started>> {
        self.0.started.get(id)
    }

    /// Forgets an analysis that was started, and stops it unless others wait for it.
    pub(crate) fn let_go(&self, id: &str) {
        if let Some(started) = self.0.started.remove(id) {
            started.job.let_go();
        }
    }

    /// A layer that is worked out when somebody looks at it: from memory, from the same work already
    /// under way, or now.
    ///
    /// # Errors
    ///
    /// [`ApiError::Busy`] if too much waits, [`ApiError::Unanswerable`] if the data cannot give it.
    pub(crate) async fn more(
        &self,
        asked: &Asked,
        layer: &'static MoreLayer,
        settings: &serde_json::Value,
    ) -> Result<Arc<Scored>, ApiError> {
        let key = (Arc::clone(&asked.key), layer.id, settings.to_string());
        let cell = self.0.more.get_with(key, Once::default);
        if let Some(scored) = cell.get() {
            return Ok(Arc::clone(scored));
        }
        // A task of its own, so that a client that gives up does not undo work others wait for.
        let (inner, request) = (Arc::clone(&self.0), asked.request.clone());
        let settings = settings.clone();
        let task = tokio::spawn(async move {
            let make = || async {
                let shared = Arc::clone(&inner);
                let work = move || layer.work_out(&request, &settings, &shared.dataset);
                let made = inner.worker.run(work).await?;
                made.map(Arc::new).map_err(|error| {
                    tracing::warn!("the layer {} failed: {error:#}", layer.id);
                    ApiError::Unanswerable(reason(&error))
                })
            };
            cell.get_or_try_init(make).await.map(Arc::clone)
        });
        task.await.map_err(anyhow::Error::from)?
    }

    /// Bytes made from the data alone: from memory, or by `draw` on the compute pool.
    ///
    /// # Errors
    ///
    /// [`ApiError::Busy`] if too much waits, and those of `draw`.
    pub(crate) async fn rendered_data<D>(&self, what: &str, draw: D) -> Result<Rendered, ApiError>
    where
        D: FnOnce(&Dataset) -> Result<Rendered, ApiError> + Send + 'static,
    {
        let key = (Arc::from(""), what.to_owned());
        if let Some(rendered) = self.0.rendered.get(&key) {
            return Ok(rendered);
        }
        let dataset = Arc::clone(&self.0.dataset);
        let rendered = self.0.worker.run(move || draw(&dataset)).await??;
        self.0.rendered.insert(key, rendered.clone());
        Ok(rendered)
    }

    /// Bytes made from the findings: from memory, or by `draw` on the compute pool.
    ///
    /// `what` names them among all that is made from the same findings.
    ///
    /// # Errors
    ///
    /// Those of [`Self::findings`] and of `draw`.
    pub(crate) async fn rendered<D>(
        &self,
        asked: &Asked,
        what: String,
        draw: D,
    ) -> Result<Rendered, ApiError>
    where
        D: FnOnce(&Findings, &Dataset) -> Result<Rendered, ApiError> + Send + 'static,
    {
        let key = (Arc::clone(&asked.key), what);
        if let Some(rendered) = self.0.rendered.get(&key) {
            return Ok(rendered);
        }
        let findings = self.findings_of(asked).await?;
        let dataset = Arc::clone(&self.0.dataset);
        let rendered = self.0.worker.run(move || draw(&findings, &dataset)).await??;
        self.0.rendered.insert(key, rendered.clone());
        Ok(rendered)
    }
}

/// What went wrong, without the hint: that is for the command line.
fn reason(error: &anyhow::Error) -> String {
    causes(error).into_iter().next().unwrap_or_default()
}

/// What went wrong and why, without the hint.
pub(in crate::server) fn reasons(error: &anyhow::Error) -> String {
    causes(error).join(": ")
}

fn causes(error: &anyhow::Error) -> Vec<String> {
    let hint = error.downcast_ref::<Hint>().map(ToString::to_string);
    error.chain().map(ToString::to_string).filter(|cause| Some(cause) != hint.as_ref()).collect()
}
