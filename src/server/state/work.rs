//! What is worked out of the data: from memory, from the same work under way, or now.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use jiff::civil::Date;
use moka::sync::Cache;
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use super::{AppState, Asked, Once};
use crate::audience::Rule;
use crate::hint::Hint;
use crate::layer::{Findings, Scored};
use crate::pipeline::{
    AnalysisRequest, MoreLayer, ScoreRequest, WardProfile, score_workspace, ward_profile,
};
use crate::server::answer::{Answer, Answering, Ended, Underway};
use crate::server::english::problem as say;
use crate::server::error::ApiError;
use crate::server::job::Job;
use crate::server::reply::{Rendered, hex};
use crate::stats::Watch;
use crate::store::Dataset;

/// An analysis in its one form.
#[derive(Debug, Clone)]
pub(crate) enum AskedOne {
    /// The maps and tables of a place.
    Maps(Asked),
    /// One statistic, and what the same scores share as their name.
    Statistic(Arc<ScoreRequest>, Arc<str>),
}

impl AskedOne {
    pub(crate) fn key(&self) -> &Arc<str> {
        match self {
            Self::Maps(asked) => &asked.key,
            Self::Statistic(_, key) => key,
        }
    }

    /// The request, its window in months.
    pub(crate) fn request(&self) -> Json {
        let request = match self {
            Self::Maps(asked) => serde_json::to_value(&asked.request),
            Self::Statistic(request, _) => serde_json::to_value(&**request),
        };
        request.unwrap_or_default()
    }
}

/// An analysis that a client started.
pub(crate) struct Started {
    pub(crate) asked: AskedOne,
    caller: String,
    /// Its work as long as anything keeps that: memory for what was found is bounded.
    job: Mutex<Option<Weak<dyn Underway>>>,
}

impl Started {
    fn held(&self) -> Option<Arc<dyn Underway>> {
        let job = self.job.lock().unwrap_or_else(PoisonError::into_inner);
        job.as_ref().and_then(Weak::upgrade).filter(|job| !job.is_given_up())
    }
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
    fn job(&self, asked: &Asked) -> Arc<Job<Findings>> {
        let (inner, request) = (Arc::clone(&self.0), asked.request.clone());
        self.work_on(&self.0.findings, &asked.key, move |watch| {
            (inner.analyse)(&request, &inner.dataset, watch)
        })
    }

    /// The work on this statistic: under way, done, or begun now.
    fn score_job(&self, request: &Arc<ScoreRequest>, key: &Arc<str>) -> Arc<Job<Scored>> {
        let (inner, request) = (Arc::clone(&self.0), Arc::clone(request));
        self.work_on(&self.0.scores, key, move |watch| {
            score_workspace(&request, &inner.dataset, None, watch)
        })
    }

    fn work_on<T: Answering>(
        &self,
        kept: &Cache<Arc<str>, Arc<Job<T>>>,
        key: &Arc<str>,
        work: impl FnOnce(&Watch) -> anyhow::Result<T> + Send + 'static,
    ) -> Arc<Job<T>> {
        // One that was given up on is begun anew.
        if let Some(held) = kept.get(key)
            && held.is_given_up()
        {
            kept.invalidate(key);
        }
        kept.get_with_by_ref(key, || {
            let work = move |watch: &Watch| {
                work(watch).map_err(|error| {
                    tracing::warn!("an analysis failed: {error:#}");
                    reason(&error)
                })
            };
            let (again, key) = (kept.clone(), Arc::clone(key));
            // Put in again once it has ended, so that it weighs what was found.
            let weigh = move |job: &Arc<Job<T>>| {
                if !job.is_given_up() {
                    again.insert(key, Arc::clone(job));
                }
            };
            Job::begin(&self.0.analyses, self.0.longest, work, weigh)
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

    /// The rule by which counts are told in steps, where they are.
    fn steps(&self) -> Option<&Rule> {
        let made = self.0.dataset.provenance.disclosure.as_ref();
        made.map(|made| &made.rule).filter(|rule| rule.least > 1)
    }

    /// Whether single statistics are offered of these data.
    pub(crate) fn offers_statistics(&self) -> bool {
        self.steps().is_none()
    }

    /// Why they are not.
    pub(crate) fn not_offered(&self) -> ApiError {
        let (audience, least) =
            self.steps().map_or_else(Default::default, |rule| (rule.audience, rule.least));
        ApiError::Forbidden(say::not_offered(audience, least))
    }

    /// What the statistic finds, once it is found.
    ///
    /// # Errors
    ///
    /// [`ApiError::TooSlow`] where the time to answer is over before: the work then goes on.
    pub(crate) async fn scored(&self, asked: &AskedOne) -> Result<Arc<Scored>, ApiError> {
        match asked {
            AskedOne::Maps(_) => Err(ApiError::NoRoute),
            AskedOne::Statistic(request, key) => self.score_job(request, key).wait().await,
        }
    }

    /// The analysis that `asked` asks for, in its one form.
    ///
    /// # Errors
    ///
    /// [`ApiError::InvalidParameters`] if the data hold nothing of the window or source,
    /// [`ApiError::Forbidden`] for an audience whose data are too coarse for single statistics.
    pub(crate) fn ask_statistic(&self, mut asked: ScoreRequest) -> Result<AskedOne, ApiError> {
        if !self.offers_statistics() {
            return Err(self.not_offered());
        }
        asked.on = self.ask(&asked.on)?.request;
        let key = serde_json::to_string(&asked).map_err(anyhow::Error::from)?.into();
        Ok(AskedOne::Statistic(Arc::new(asked), key))
    }

    /// Starts an analysis for `caller`, or finds it started; gives its id. It goes on until it is let
    /// go. `Err` with the number of theirs under way if that is `most` already.
    pub(crate) fn start(
        &self,
        asked: AskedOne,
        caller: &str,
        most: usize,
    ) -> Result<(String, Arc<Started>), usize> {
        let mut name = Sha256::new();
        name.update(self.version());
        name.update(asked.key().as_bytes());
        let id = hex(&name.finalize()[..12]);
        if let Some(started) = self.started(&id)
            && started.held().is_some()
        {
            return Ok((id, started));
        }
        let under_way = |one: &Started| one.held().is_some_and(|job| job.ended().is_none());
        let theirs = self.0.started.iter().filter(|(_, one)| one.caller == caller);
        let theirs = theirs.filter(|(_, one)| under_way(one)).count();
        if theirs >= most {
            return Err(theirs);
        }
        let started = Arc::new(Started { asked, caller: caller.to_owned(), job: Mutex::default() });
        self.work_of(&started);
        self.0.started.insert(id.clone(), Arc::clone(&started));
        Ok((id, started))
    }

    /// The work on what was started. What was found may have had to make room since: it is then
    /// worked out again, and is the same.
    pub(crate) fn work_of(&self, started: &Started) -> Arc<dyn Underway> {
        let mut held = started.job.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(job) = held.as_ref().and_then(Weak::upgrade)
            && !job.is_given_up()
        {
            return job;
        }
        let job: Arc<dyn Underway> = match &started.asked {
            AskedOne::Maps(asked) => self.job(asked),
            AskedOne::Statistic(request, key) => self.score_job(request, key),
        };
        job.keep_going();
        *held = Some(Arc::downgrade(&job));
        job
    }

    /// The analysis with this id, if it is remembered.
    pub(crate) fn started(&self, id: &str) -> Option<Arc<Started>> {
        self.0.started.get(id)
    }

    /// Forgets an analysis that was started, and stops it unless others wait for it.
    pub(crate) fn let_go(&self, id: &str) {
        if let Some(job) = self.0.started.remove(id).and_then(|started| started.held()) {
            job.let_go();
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

    /// Bytes made from what was started, once it has ended well: from memory, or by `draw` on the
    /// compute pool.
    ///
    /// # Errors
    ///
    /// [`ApiError::Unready`] if it is under way, [`ApiError::Unanswerable`] if it failed, and those of
    /// `draw`.
    pub(crate) async fn fetched<D>(
        &self,
        started: &Started,
        what: String,
        draw: D,
    ) -> Result<Rendered, ApiError>
    where
        D: FnOnce(&Answer<'_>) -> Result<Rendered, ApiError> + Send + 'static,
    {
        let key = (Arc::clone(started.asked.key()), what);
        if let Some(rendered) = self.0.rendered.get(&key) {
            return Ok(rendered);
        }
        let job = self.work_of(started);
        let draw = move || match job.ended() {
            Some(Ended::Successful(answer)) => draw(&answer),
            Some(Ended::Failed(why)) => Err(ApiError::Unanswerable(why)),
            Some(Ended::Dismissed) | None => Err(ApiError::Unready),
        };
        let rendered = self.0.worker.run(draw).await??;
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

/// Longest hint that an answer repeats: some list every hall there is.
const HINT: usize = 200;

/// The same with the hint, where that is short.
pub(in crate::server) fn reasons_and_hint(error: &anyhow::Error) -> String {
    let why = reasons(error);
    match error.downcast_ref::<Hint>() {
        Some(Hint(hint)) if hint.len() <= HINT => format!("{why}: {hint}"),
        _ => why,
    }
}

fn causes(error: &anyhow::Error) -> Vec<String> {
    let hint = error.downcast_ref::<Hint>().map(ToString::to_string);
    error.chain().map(ToString::to_string).filter(|cause| Some(cause) != hint.as_ref()).collect()
}
