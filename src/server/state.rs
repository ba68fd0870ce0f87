//! What the routes share: the data, what was computed from them, and the threads that compute.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jiff::civil::Date;
use moka::sync::Cache;
use sha2::{Digest, Sha256};
use tokio::sync::{OnceCell, Semaphore};

use crate::hint::Hint;
use crate::incident::{CRIME_TYPES, CrimeTypeIdx, CrimeTypes, Incidents, PrioritySet};
use crate::layer::{Findings, Scored};
use crate::pipeline::{
    self, AnalysisRequest, MORE_LAYERS, MoreLayer, PlaceNames, Prepared, WardProfile, ward_profile,
};
use crate::report::QualityReport;
use crate::stats::Watch;
use crate::store::Dataset;
use crate::time::{TimeError, Window, WindowSpec};

use super::areas::Areas;
use super::basemap::Basemap;
use super::error::ApiError;
use super::heat::HeatStore;
use super::html::method_fields;
use super::job::Job;
use super::plans::Plans;
use super::query::{Parameters, VERSION};
use super::reply::{Keep, Rendered, hex};
use super::worker::Worker;

/// Caps on what clients can make the server hold or do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Compute threads; all cores where `None`.
    pub threads: Option<NonZeroUsize>,
    /// Pieces of work that wait or run at once; more are answered 503.
    pub queue: usize,
    /// Requests in flight at once; more are answered 503.
    pub in_flight: usize,
    /// Analyses kept in memory.
    pub findings: u64,
    /// Profiles of wards kept in memory.
    pub profiles: u64,
    /// Bytes of drawn tiles, layers and pictures kept in memory.
    pub rendered_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            threads: None,
            queue: 128,
            in_flight: 512,
            findings: 32,
            profiles: 256,
            rendered_bytes: 64 * 1024 * 1024,
        }
    }
}

/// How an analysis is run: [`pipeline::analyse`], except in tests of the server alone. It stops
/// where the watch says so.
pub type Analyse =
    dyn Fn(&AnalysisRequest, &Dataset, &Watch) -> anyhow::Result<Findings> + Send + Sync;

/// What computes: shared by every version of the data and every audience.
#[derive(Debug, Clone)]
pub struct Compute {
    worker: Arc<Worker>,
    in_flight: Arc<Semaphore>,
    limits: Limits,
}

impl Compute {
    /// Threads and queues within these limits.
    ///
    /// # Errors
    ///
    /// If the compute threads cannot be started.
    pub fn new(limits: Limits) -> anyhow::Result<Self> {
        Ok(Self {
            worker: Arc::new(Worker::new(limits.threads, limits.queue)?),
            in_flight: Arc::new(Semaphore::new(limits.in_flight)),
            limits,
        })
    }
}

/// Analyses that are remembered by their id.
const MOST_STARTED: u64 = 1_024;

/// How long an analysis that nobody asks about is remembered.
const KEPT: Duration = Duration::from_secs(60 * 60);

/// An analysis that a client started.
#[derive(Debug)]
pub(crate) struct Started {
    pub(crate) asked: Asked,
    pub(crate) job: Arc<Job>,
    caller: String,
}

type Once<T> = Arc<OnceCell<T>>;

/// Analysis, layer and settings of a layer that is worked out on demand.
type MoreKey = (Arc<str>, &'static str, String);

/// Layers worked out on demand that are kept.
const MOST_MORE: u64 = 48;

/// Shared state of the server; a clone is another handle to the same.
#[derive(Clone)]
pub struct AppState(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) dataset: Arc<Dataset>,
    months: Option<Window>,
    sources: Vec<String>,
    type_counts: Vec<(CrimeTypes, usize)>,
    lonlat_bounds: Option<[f64; 4]>,
    version: String,
    analyse: Box<Analyse>,
    pub(super) worker: Arc<Worker>,
    in_flight: Arc<Semaphore>,
    prepared: Arc<Prepared>,
    findings: Cache<Arc<str>, Arc<Job>>,
    profiles: Cache<(Arc<str>, String, Date), Arc<WardProfile>>,
    pub(super) rendered: Cache<(Arc<str>, String), Rendered>,
    pub(super) heat: HeatStore,
    started: Cache<String, Arc<Started>>,
    quality: OnceLock<QualityReport>,
    basemap: OnceLock<Basemap>,
    names: OnceLock<PlaceNames>,
    pub(super) plans: OnceLock<Plans>,
    more_ids: Vec<&'static str>,
    more: Cache<MoreKey, Once<Arc<Scored>>>,
    pub(super) areas: Areas,
}

/// An analysis with its window in months: what the same findings share as their name.
#[derive(Debug, Clone)]
pub struct Asked {
    request: AnalysisRequest,
    pub(super) key: Arc<str>,
}

impl Asked {
    /// The request, its window resolved.
    pub fn request(&self) -> &AnalysisRequest {
        &self.request
    }

    /// What the same findings share as their name.
    pub(super) fn key(&self) -> &Arc<str> {
        &self.key
    }
}

impl AppState {
    /// State over one version of the data.
    ///
    /// # Errors
    ///
    /// If the compute threads cannot be started.
    pub fn new(dataset: Dataset, limits: Limits) -> anyhow::Result<Self> {
        Ok(Self::on(Arc::new(dataset), &Compute::new(limits)?))
    }

    /// State over one version of the data, computed on threads that others compute on too.
    pub fn on(dataset: Arc<Dataset>, compute: &Compute) -> Self {
        let prepared = Arc::new(Prepared::default());
        let shared = Arc::clone(&prepared);
        let analyse = move |request: &AnalysisRequest, dataset: &Dataset, watch: &Watch| {
            pipeline::analyse_watched(request, dataset, &shared, watch)
        };
        Self::with_prepared(dataset, compute, Box::new(analyse), prepared)
    }

    /// As [`Self::on`], with another way to run an analysis.
    pub fn with_analyse(dataset: Arc<Dataset>, compute: &Compute, analyse: Box<Analyse>) -> Self {
        Self::with_prepared(dataset, compute, analyse, Arc::default())
    }

    fn with_prepared(
        dataset: Arc<Dataset>,
        compute: &Compute,
        analyse: Box<Analyse>,
        prepared: Arc<Prepared>,
    ) -> Self {
        let limits = &compute.limits;
        let incidents = &dataset.incidents;
        let sources: BTreeSet<&str> = (0..incidents.len()).map(|i| incidents.source(i)).collect();
        let more = MORE_LAYERS.iter().filter(|layer| layer.is_in(&dataset));
        let more = more.map(|layer| layer.id).collect();
        let mut checksum = Sha256::new();
        checksum.update(dataset.version.as_bytes());
        checksum.update(env!("CARGO_PKG_VERSION").as_bytes());
        Self(Arc::new(Inner {
            months: incidents.months(),
            sources: sources.into_iter().map(str::to_owned).collect(),
            type_counts: type_counts(incidents, &dataset.priorities),
            lonlat_bounds: pipeline::lonlat_bounds(&dataset),
            version: hex(&checksum.finalize()[..8]),
            analyse,
            worker: Arc::clone(&compute.worker),
            in_flight: Arc::clone(&compute.in_flight),
            prepared,
            findings: Cache::new(limits.findings),
            profiles: Cache::new(limits.profiles),
            rendered: Cache::builder()
                .max_capacity(limits.rendered_bytes)
                .weigher(|(_, what): &(Arc<str>, String), rendered: &Rendered| {
                    // The entry itself weighs something too, or empty tiles would be free.
                    u32::try_from(rendered.len() + what.len() + 256).unwrap_or(u32::MAX)
                })
                .build(),
            heat: HeatStore::default(),
            started: Cache::builder().max_capacity(MOST_STARTED).time_to_idle(KEPT).build(),
            dataset,
            quality: OnceLock::new(),
            basemap: OnceLock::new(),
            names: OnceLock::new(),
            plans: OnceLock::new(),
            more_ids: more,
            more: Cache::new(MOST_MORE),
            areas: Areas::default(),
        }))
    }

    /// Tells the server what the import said of the quality of the data; the first time counts.
    pub fn know_quality(&self, report: QualityReport) {
        self.0.quality.get_or_init(|| report);
    }

    /// Tells the server of the workspace's own basemap; the first time counts.
    pub fn know_basemap(&self, basemap: Basemap) {
        self.0.basemap.get_or_init(|| basemap);
    }

    /// The workspace's own basemap, where it names one.
    pub fn basemap(&self) -> Option<&Basemap> {
        self.0.basemap.get()
    }

    /// What the import said of the quality of the data, where that is known.
    pub fn quality(&self) -> Option<&QualityReport> {
        self.0.quality.get()
    }

    /// Ids of the layers worked out on demand that these data have.
    pub fn more_ids(&self) -> &[&'static str] {
        &self.0.more_ids
    }

    /// Every place that has a name; gathered when first asked for.
    pub fn names(&self) -> &PlaceNames {
        self.0.names.get_or_init(|| PlaceNames::of(&self.0.dataset))
    }

    /// The data.
    pub fn dataset(&self) -> &Arc<Dataset> {
        &self.0.dataset
    }

    /// First to last month of the data; `None` if there are no incidents.
    pub fn months(&self) -> Option<Window> {
        self.0.months
    }

    /// Names of the sources of incidents, sorted.
    pub fn sources(&self) -> &[String] {
        &self.0.sources
    }

    /// Choices of crime type that have incidents, families first, with how many.
    pub fn type_counts(&self) -> &[(CrimeTypes, usize)] {
        &self.0.type_counts
    }

    /// West, south, east and north of the study area in degrees.
    pub fn lonlat_bounds(&self) -> Option<[f64; 4]> {
        self.0.lonlat_bounds
    }

    /// Version of everything shown: other data or another wardheat have another. Addresses that
    /// carry it as `v` may be kept for good.
    pub fn version(&self) -> &str {
        &self.0.version
    }

    /// How long the reply to a request with these parameters may be kept.
    pub fn keep(&self, parameters: &Parameters) -> Keep {
        if parameters.get(VERSION) == Some(self.version()) { Keep::Forever } else { Keep::Shortly }
    }

    /// Requests that may be in flight, for the layer that bounds them.
    pub(crate) fn in_flight(&self) -> &Arc<Semaphore> {
        &self.0.in_flight
    }

    /// The request in its one form, so that `latest` and the months it stands for share findings.
    ///
    /// # Errors
    ///
    /// [`ApiError::InvalidParameters`] if the data hold nothing of the window or source.
    pub fn ask(&self, request: &AnalysisRequest) -> Result<Asked, ApiError> {
        let data = self.0.months.ok_or_else(|| {
            ApiError::Unanswerable("the store holds no incidents; import some first".to_owned())
        })?;
        let name = if matches!(request.window, WindowSpec::Months(_)) { "from" } else { "window" };
        let window = request
            .window
            .resolve(data)
            .map_err(|error: TimeError| ApiError::parameter(name, error))?;
        if window.last() < data.first() || data.last() < window.first() {
            return Err(ApiError::parameter(
                name,
                format!("{window} lies outside the data, which run {data}"),
            ));
        }
        self.allow(name, window)?;
        if let Some(source) = &request.source
            && !self.0.sources.contains(source)
        {
            let known = self.0.sources.join(", ");
            let reason = format!("there is no source `{source}` (there are: {known})");
            return Err(ApiError::parameter("source", reason));
        }
        let crime_types = request
            .crime_types
            .resolve(&self.0.dataset.priorities)
            .map_err(|unknown| ApiError::parameter("type", unknown))?;
        let window = WindowSpec::Months(window);
        let request = AnalysisRequest { crime_types, window, ..request.clone() };
        let key = serde_json::to_string(&request).map_err(anyhow::Error::from)?.into();
        Ok(Asked { request, key })
    }

    /// Refuses a window that the audience of the data is not told of.
    ///
    /// # Errors
    ///
    /// [`ApiError::InvalidParameters`] naming the parameter `name` and a window that may be asked
    /// for.
    pub fn allow(&self, name: &str, window: Window) -> Result<(), ApiError> {
        let disclosure = self.0.dataset.provenance.disclosure.as_ref();
        let allowed = disclosure.map_or(Ok(()), |disclosure| disclosure.allows(window));
        allowed.map_err(|cut| ApiError::parameter(name, cut))
    }

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

    /// Query that asks for this analysis of this version of the data, for links.
    pub fn query(&self, asked: &Asked) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("type", &asked.request.crime_types.to_string());
        if let WindowSpec::Months(window) = asked.request.window {
            query.append_pair("from", &window.first().to_string());
            query.append_pair("to", &window.last().to_string());
        }
        if let Some(source) = &asked.request.source {
            query.append_pair("source", source);
        }
        query.extend_pairs(method_fields(&asked.request));
        query.append_pair(VERSION, self.version()).finish()
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
pub(super) fn reasons(error: &anyhow::Error) -> String {
    causes(error).join(": ")
}

fn causes(error: &anyhow::Error) -> Vec<String> {
    let hint = error.downcast_ref::<Hint>().map(ToString::to_string);
    error.chain().map(ToString::to_string).filter(|cause| Some(cause) != hint.as_ref()).collect()
}

fn type_counts(
    incidents: &Incidents,
    priorities: &[&'static PrioritySet],
) -> Vec<(CrimeTypes, usize)> {
    let mut counts = vec![0; CRIME_TYPES.len()];
    for i in 0..incidents.len() {
        counts[incidents.crime_type(i).index()] += 1;
    }
    let count_of = |choice: CrimeTypes| -> usize {
        CrimeTypeIdx::all().filter(|&one| choice.contains(one)).map(|one| counts[one.index()]).sum()
    };
    CrimeTypes::choices()
        .chain(priorities.iter().map(|priority| CrimeTypes::Priority(priority)))
        .map(|choice| (choice, count_of(choice)))
        .filter(|&(_, count)| count > 0)
        .collect()
}
