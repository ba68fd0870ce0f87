//! What the routes share: the data, what was computed from them, and the threads that compute.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use moka::sync::Cache;
use sha2::{Digest, Sha256};
use tokio::sync::{OnceCell, Semaphore};

use crate::crs::{Bng, bng_to_lonlat};
use crate::geometry::Bounds;
use crate::hint::Hint;
use crate::incident::{CRIME_TYPES, CrimeTypeIdx, CrimeTypes, Incidents, PrioritySet};
use crate::layer::Findings;
use crate::pipeline::{self, AnalysisRequest, PlaceNames, Prepared, WardProfile, ward_profile};
use crate::report::QualityReport;
use crate::store::Dataset;
use crate::time::{TimeError, Window, WindowSpec};

use super::error::ApiError;
use super::heat::HeatStore;
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

/// How an analysis is run: [`pipeline::analyse`], except in tests of the server alone.
pub type Analyse = dyn Fn(&AnalysisRequest, &Dataset) -> anyhow::Result<Findings> + Send + Sync;

type FindingsCell = Arc<OnceCell<Arc<Findings>>>;

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
    pub(super) worker: Worker,
    in_flight: Arc<Semaphore>,
    prepared: Arc<Prepared>,
    findings: Cache<Arc<str>, FindingsCell>,
    profiles: Cache<(Arc<str>, String, Date), Arc<WardProfile>>,
    pub(super) rendered: Cache<(Arc<str>, String), Rendered>,
    pub(super) heat: HeatStore,
    quality: OnceLock<QualityReport>,
    names: OnceLock<PlaceNames>,
    pub(super) plans: OnceLock<Plans>,
}

/// An analysis with its window in months: what the same findings share as their name.
#[derive(Debug, Clone)]
pub struct Asked {
    request: AnalysisRequest,
    key: Arc<str>,
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
        let prepared = Arc::new(Prepared::default());
        let shared = Arc::clone(&prepared);
        let analyse = move |request: &AnalysisRequest, dataset: &Dataset| {
            pipeline::analyse_prepared(request, dataset, &shared)
        };
        Self::with_prepared(dataset, limits, Box::new(analyse), prepared)
    }

    /// As [`Self::new`], with another way to run an analysis.
    ///
    /// # Errors
    ///
    /// If the compute threads cannot be started.
    pub fn with_analyse(
        dataset: Dataset,
        limits: Limits,
        analyse: Box<Analyse>,
    ) -> anyhow::Result<Self> {
        Self::with_prepared(dataset, limits, analyse, Arc::default())
    }

    fn with_prepared(
        dataset: Dataset,
        limits: Limits,
        analyse: Box<Analyse>,
        prepared: Arc<Prepared>,
    ) -> anyhow::Result<Self> {
        let incidents = &dataset.incidents;
        let sources: BTreeSet<&str> = (0..incidents.len()).map(|i| incidents.source(i)).collect();
        let mut checksum = Sha256::new();
        checksum.update(dataset.version.as_bytes());
        checksum.update(env!("CARGO_PKG_VERSION").as_bytes());
        Ok(Self(Arc::new(Inner {
            months: incidents.months(),
            sources: sources.into_iter().map(str::to_owned).collect(),
            type_counts: type_counts(incidents, &dataset.priorities),
            lonlat_bounds: dataset.study_area.bounds().and_then(lonlat_bounds),
            version: hex(&checksum.finalize()[..8]),
            analyse,
            worker: Worker::new(limits.threads, limits.queue)?,
            in_flight: Arc::new(Semaphore::new(limits.in_flight)),
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
            dataset: Arc::new(dataset),
            quality: OnceLock::new(),
            names: OnceLock::new(),
            plans: OnceLock::new(),
        })))
    }

    /// Tells the server what the import said of the quality of the data; the first time counts.
    pub fn know_quality(&self, report: QualityReport) {
        self.0.quality.get_or_init(|| report);
    }

    /// What the import said of the quality of the data, where that is known.
    pub fn quality(&self) -> Option<&QualityReport> {
        self.0.quality.get()
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
        let cell = self.0.findings.get_with(Arc::clone(&asked.key), FindingsCell::default);
        if let Some(findings) = cell.get() {
            return Ok(Arc::clone(findings));
        }
        // A task of its own, so that a client that gives up does not undo work others wait for.
        let (state, request) = (self.clone(), asked.request.clone());
        let task = tokio::spawn(async move {
            cell.get_or_try_init(|| state.analyse(request)).await.map(Arc::clone)
        });
        task.await.map_err(anyhow::Error::from)?
    }

    async fn analyse(&self, request: AnalysisRequest) -> Result<Arc<Findings>, ApiError> {
        let inner = Arc::clone(&self.0);
        let found = self.0.worker.run(move || (inner.analyse)(&request, &inner.dataset)).await?;
        found.map(Arc::new).map_err(|error| {
            tracing::warn!("an analysis failed: {error:#}");
            ApiError::Unanswerable(reason(&error))
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

/// West, south, east and north of a box in degrees; its edges bend, so their middles count too.
fn lonlat_bounds(bounds: Bounds) -> Option<[f64; 4]> {
    let (low, high) = (bounds.min, bounds.max);
    let middle = Bng::new(
        f64::midpoint(low.easting(), high.easting()),
        f64::midpoint(low.northing(), high.northing()),
    );
    let mut degrees = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    for easting in [low.easting(), middle.easting(), high.easting()] {
        for northing in [low.northing(), middle.northing(), high.northing()] {
            let place = bng_to_lonlat(Bng::new(easting, northing)).ok()?;
            degrees[0] = degrees[0].min(place.lon());
            degrees[1] = degrees[1].min(place.lat());
            degrees[2] = degrees[2].max(place.lon());
            degrees[3] = degrees[3].max(place.lat());
        }
    }
    Some(degrees)
}
