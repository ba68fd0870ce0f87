//! What the routes share: the data, what was computed from them, and the threads that compute.

mod compute;
mod work;

pub use compute::{Analyse, Compute, Limits};
pub(in crate::server) use work::{AskedOne, Started, reasons, reasons_and_hint};

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jiff::civil::{Date, DateTime};
use moka::sync::Cache;
use sha2::{Digest, Sha256};
use tokio::sync::{OnceCell, Semaphore};

use crate::incident::{CRIME_TYPES, CrimeTypeIdx, CrimeTypes, Incidents, PrioritySet, TextColumn};
use crate::layer::{Findings, Scored};
use crate::pipeline::{
    self, AnalysisRequest, CellSizes, MORE_LAYERS, PlaceNames, Prepared, WardProfile,
};
use crate::report::QualityReport;
use crate::stats::Watch;
use crate::store::Dataset;
use crate::time::{TimeError, Window, WindowSpec};

use crate::server::answer::{Answering, weight};
use crate::server::areas::Areas;
use crate::server::basemap::Basemap;
use crate::server::error::ApiError;
use crate::server::heat::HeatStore;
use crate::server::html::method_fields;
use crate::server::job::Job;
use crate::server::ogc::Collections;
use crate::server::plans::Plans;
use crate::server::query::{Parameters, VERSION};
use crate::server::reply::{Keep, Rendered, hex};
use crate::server::worker::Worker;

/// Analyses that are remembered by their id.
const MOST_STARTED: u64 = 1_024;

/// How long an analysis that nobody asks about is remembered.
const KEPT: Duration = Duration::from_secs(60 * 60);

type Once<T> = Arc<OnceCell<T>>;

/// Analysis, layer and settings of a layer that is worked out on demand.
type MoreKey = (Arc<str>, &'static str, String);

/// Layers worked out on demand that are kept.
const MOST_MORE: u64 = 48;

/// The last import: what it said of the quality of the data, and when it ended by the clock here.
#[derive(Debug, Clone)]
pub(in crate::server) struct LastImport {
    pub report: QualityReport,
    pub ended: Option<DateTime>,
}

/// Shared state of the server; a clone is another handle to the same.
#[derive(Clone)]
pub struct AppState(pub(in crate::server) Arc<Inner>);

pub(in crate::server) struct Inner {
    pub(in crate::server) dataset: Arc<Dataset>,
    months: Option<Window>,
    sources: Vec<String>,
    type_counts: Vec<(CrimeTypes, usize)>,
    has_times: bool,
    lonlat_bounds: Option<[f64; 4]>,
    cells: CellSizes,
    version: String,
    analyse: Box<Analyse>,
    pub(in crate::server) worker: Arc<Worker>,
    analyses: Arc<Worker>,
    longest: Duration,
    in_flight: Arc<Semaphore>,
    prepared: Arc<Prepared>,
    findings: Cache<Arc<str>, Arc<Job<Findings>>>,
    scores: Cache<Arc<str>, Arc<Job<Scored>>>,
    profiles: Cache<(Arc<str>, String, Date), Arc<WardProfile>>,
    pub(in crate::server) rendered: Cache<(Arc<str>, String), Rendered>,
    pub(in crate::server) heat: HeatStore,
    pub(in crate::server) collections: Collections,
    started: Cache<String, Arc<Started>>,
    import: OnceLock<LastImport>,
    basemap: OnceLock<Basemap>,
    names: OnceLock<PlaceNames>,
    pub(in crate::server) plans: OnceLock<Plans>,
    more_ids: Vec<&'static str>,
    more: Cache<MoreKey, Once<Arc<Scored>>>,
    pub(in crate::server) areas: Areas,
}

/// An analysis with its window in months: what the same findings share as their name.
#[derive(Debug, Clone)]
pub struct Asked {
    request: AnalysisRequest,
    cells: CellSizes,
    pub(in crate::server) key: Arc<str>,
}

impl Asked {
    /// The request, its window resolved.
    pub fn request(&self) -> &AnalysisRequest {
        &self.request
    }

    /// Settings that are not as they are at first, as an address has them.
    pub(in crate::server) fn method(&self) -> Vec<(&'static str, String)> {
        method_fields(&self.request, self.cells)
    }

    /// What the same findings share as their name.
    pub(in crate::server) fn key(&self) -> &Arc<str> {
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
        let ((months, sources), (type_counts, has_times)) = rayon::join(
            || (incidents.months(), sources(incidents)),
            || (type_counts(incidents, &dataset.priorities), pipeline::has_times(incidents)),
        );
        let more = MORE_LAYERS.iter().filter(|layer| layer.is_in(&dataset));
        let more = more.map(|layer| layer.id).collect();
        let mut checksum = Sha256::new();
        checksum.update(dataset.version.as_bytes());
        checksum.update(env!("CARGO_PKG_VERSION").as_bytes());
        Self(Arc::new(Inner {
            months,
            sources,
            type_counts,
            has_times,
            lonlat_bounds: pipeline::lonlat_bounds(&dataset),
            cells: CellSizes::of(&dataset),
            version: hex(&checksum.finalize()[..8]),
            analyse,
            worker: Arc::clone(&compute.worker),
            analyses: Arc::clone(&compute.analyses),
            longest: limits.longest,
            in_flight: Arc::clone(&compute.in_flight),
            prepared,
            findings: jobs(limits.findings_bytes),
            scores: jobs(limits.findings_bytes),
            profiles: Cache::new(limits.profiles),
            rendered: Cache::builder()
                .max_capacity(limits.rendered_bytes)
                .weigher(|(_, what): &(Arc<str>, String), rendered: &Rendered| {
                    // The entry itself weighs something too, or empty tiles would be free.
                    u32::try_from(rendered.len() + what.len() + 256).unwrap_or(u32::MAX)
                })
                .build(),
            heat: HeatStore::default(),
            collections: Collections::default(),
            started: Cache::builder().max_capacity(MOST_STARTED).time_to_idle(KEPT).build(),
            dataset,
            import: OnceLock::new(),
            basemap: OnceLock::new(),
            names: OnceLock::new(),
            plans: OnceLock::new(),
            more_ids: more,
            more: Cache::new(MOST_MORE),
            areas: Areas::default(),
        }))
    }

    /// Whether any record has a day or an hour.
    pub fn has_times(&self) -> bool {
        self.0.has_times
    }

    /// Tells the server of the last import; the first time counts.
    pub(in crate::server) fn know_import(&self, import: LastImport) {
        self.0.import.get_or_init(|| import);
    }

    /// Tells the server of the workspace's own basemap; the first time counts.
    pub fn know_basemap(&self, basemap: Basemap) {
        self.0.basemap.get_or_init(|| basemap);
    }

    /// The workspace's own basemap, where it names one.
    pub fn basemap(&self) -> Option<&Basemap> {
        self.0.basemap.get()
    }

    /// The last import, where it is known and may be told.
    pub(in crate::server) fn last_import(&self) -> Option<&LastImport> {
        self.0.import.get()
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

    /// Sides of cells that suit the data.
    pub fn cells(&self) -> CellSizes {
        self.0.cells
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
        let cell = Some(request.cell.unwrap_or(self.0.cells.usual));
        let request = AnalysisRequest { crime_types, window, cell, ..request.clone() };
        let key = serde_json::to_string(&request).map_err(anyhow::Error::from)?.into();
        Ok(Asked { request, cells: self.0.cells, key })
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
        query.extend_pairs(asked.request.hours.pairs());
        query.extend_pairs(asked.method());
        query.append_pair(VERSION, self.version()).finish()
    }
}

/// What keeps analyses, within so many bytes.
fn jobs<T: Answering>(most_bytes: u64) -> Cache<Arc<str>, Arc<Job<T>>> {
    let most = most_bytes / 1_024;
    Cache::builder()
        .max_capacity(most)
        .weigher(move |_: &Arc<str>, job: &Arc<Job<T>>| weight(job, most))
        .build()
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

/// Names of the sources that hold any incident, sorted.
fn sources(incidents: &Incidents) -> Vec<String> {
    let mut held = vec![false; incidents.n_words()];
    for i in 0..incidents.len() {
        if let Some(word) = incidents.word_of(TextColumn::Source, i).number() {
            held[word] = true;
        }
    }
    let words = incidents.words().zip(held).filter(|(_, held)| *held);
    let mut names: Vec<String> =
        words.filter_map(|(word, _)| incidents.text(word)).map(str::to_owned).collect();
    names.sort();
    names
}
