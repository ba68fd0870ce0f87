//! Heat by request: the index of the dataset, the requests made ready, and what was drawn of them.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use tokio::sync::OnceCell;

use crate::pipeline::{Bandwidth, Heat, HeatIndex, HeatPer, HeatRequest, HeatWeight};
use crate::render::vector_tile::VectorLayer;
use crate::time::{Window, WindowSpec};

use super::english::filter as say;
use super::error::{ApiError, InvalidParameter};
use super::query::{Parameters, VERSION};
use super::reply::Rendered;
use super::state::{AppState, Asked};

/// Parameters of heat, beside those that choose an analysis.
pub(crate) const HEAT: &[&str] = &["against", "classes-of", "weight", "per", "bandwidth"];

/// Requests made ready that are kept; one with hours weighs a quarter of a megabyte.
const MOST_READY: u64 = 256;

/// Drawings under way that later requests for the same wait for.
const MOST_UNDER_WAY: u64 = 4_096;

/// Files of tiles kept; one has 5,000 tiles at most.
const MOST_ARCHIVES: u64 = 8;

/// Layers of findings kept on the plane of tiles.
const MOST_PROJECTED: u64 = 24;

/// How long work that nobody waits for lets others pass, when too much waits.
const PATIENCE: Duration = Duration::from_millis(200);

type Once<T> = Arc<OnceCell<T>>;

/// What is kept between requests for heat.
pub(crate) struct HeatStore {
    index: Once<Arc<HeatIndex>>,
    ready: Cache<String, Once<Arc<Heat>>>,
    under_way: Cache<(Arc<str>, String), Once<Rendered>>,
    projected: Cache<(Arc<str>, &'static str), Once<Arc<VectorLayer>>>,
    archives: Cache<String, Once<Rendered>>,
}

impl Default for HeatStore {
    fn default() -> Self {
        Self {
            index: Once::default(),
            ready: Cache::new(MOST_READY),
            under_way: Cache::new(MOST_UNDER_WAY),
            projected: Cache::new(MOST_PROJECTED),
            archives: Cache::new(MOST_ARCHIVES),
        }
    }
}

/// A request for heat in its one form, and the name it is kept by.
#[derive(Debug, Clone)]
pub(crate) struct AskedHeat {
    pub(crate) request: HeatRequest,
    key: Arc<str>,
}

impl AppState {
    /// The heat that the parameters ask for.
    ///
    /// # Errors
    ///
    /// [`ApiError::InvalidParameters`] naming every parameter that cannot be used.
    pub(crate) fn ask_heat(&self, parameters: &Parameters) -> Result<AskedHeat, ApiError> {
        let asked = self.ask(&parameters.analysis()?)?;
        let analysis = asked.request();
        let WindowSpec::Months(window) = analysis.window else {
            return Err(anyhow::anyhow!("a window was left open").into());
        };
        let mut invalid = Vec::new();
        let mut request = HeatRequest::new(analysis.crime_types, window);
        request.source.clone_from(&analysis.source);
        request.hours = analysis.hours;
        let mut refuse = |error| match error {
            ApiError::InvalidParameters(more) => invalid.extend(more),
            other => invalid.push(InvalidParameter::new("", format!("{other:?}"))),
        };
        match parameters.get("against").map(|text| self.against(text, window)).transpose() {
            Ok(against) => request.against = against,
            Err(error) => refuse(error),
        }
        let has_against = parameters.get("against").is_some();
        let classes_of = parameters.get("classes-of");
        match classes_of.map(|text| self.classes_of(text, has_against)).transpose() {
            Ok(classes_of) => request.classes_of = classes_of.filter(|of| *of != window),
            Err(error) => refuse(error),
        }
        match parameters.read::<HeatWeight>("weight") {
            Ok(weight) => request.weight = weight,
            Err(error) => refuse(error),
        }
        match parameters.read::<HeatPer>("per") {
            Ok(per) => request.per = per,
            Err(error) => refuse(error),
        }
        match parameters.read::<Bandwidth>("bandwidth") {
            Ok(bandwidth) => request.bandwidth = bandwidth,
            Err(error) => refuse(error),
        }
        if !invalid.is_empty() {
            return Err(ApiError::InvalidParameters(invalid));
        }
        let key = format!("heat {request}").into();
        Ok(AskedHeat { request, key })
    }

    /// The window to take away: months, a preset, or `year-earlier`.
    fn against(&self, text: &str, window: Window) -> Result<Window, ApiError> {
        let against = match text {
            "year-earlier" => self.held("against", window.year_earlier())?,
            _ => self.months_of("against", text, say::or_year_earlier)?,
        };
        if against == window {
            return Err(ApiError::parameter("against", say::SAME_MONTHS));
        }
        Ok(against)
    }

    /// The months whose classes are taken: a difference has its own.
    fn classes_of(&self, text: &str, has_against: bool) -> Result<Window, ApiError> {
        if has_against {
            return Err(ApiError::parameter("classes-of", say::WITHOUT_AGAINST));
        }
        self.months_of("classes-of", text, |words| words)
    }

    /// The months that a parameter names, or a preset; `wording` completes what is wrong with it.
    fn months_of(
        &self,
        name: &str,
        text: &str,
        wording: fn(String) -> String,
    ) -> Result<Window, ApiError> {
        let data = self.months().ok_or(ApiError::NoRoute)?;
        let wrong = |words: String| ApiError::parameter(name, words);
        let spec: WindowSpec = text.parse().map_err(|error| wrong(wording(format!("{error}"))))?;
        self.held(name, spec.resolve(data).map_err(|error| wrong(error.to_string()))?)
    }

    /// A window, where the data reach into it and may be told of it.
    fn held(&self, name: &str, window: Window) -> Result<Window, ApiError> {
        let data = self.months().ok_or(ApiError::NoRoute)?;
        if window.last() < data.first() || data.last() < window.first() {
            return Err(ApiError::parameter(name, say::outside_the_data(window, data)));
        }
        self.allow(name, window)?;
        Ok(window)
    }

    /// Query that asks for this heat of this version of the data: the one address that equal
    /// requests share.
    pub(crate) fn heat_query(&self, asked: &AskedHeat) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(asked.request.pairs());
        query.append_pair(VERSION, self.version()).finish()
    }

    /// The heat, its classes fixed: from memory, or made ready now, once for all who wait.
    ///
    /// # Errors
    ///
    /// [`ApiError::Busy`] if too much waits, [`ApiError::Unanswerable`] if the data lack what the
    /// request needs.
    pub(crate) async fn heat(&self, asked: &AskedHeat) -> Result<Arc<Heat>, ApiError> {
        let cell = self.0.heat.ready.get_with_by_ref(&*asked.key, Once::default);
        if let Some(heat) = cell.get() {
            return Ok(Arc::clone(heat));
        }
        // A task of its own, so that a client that gives up does not undo work others wait for.
        let (state, request) = (self.clone(), asked.request.clone());
        let task = tokio::spawn(async move {
            cell.get_or_try_init(|| state.make_ready(request)).await.map(Arc::clone)
        });
        task.await.map_err(anyhow::Error::from)?
    }

    /// Begins to make the heat that is asked for first, so that nobody waits for it. Nobody waits for
    /// this either: it is done by bands, between which others have their turn.
    pub(crate) fn begin_heat(&self) {
        let state = self.clone();
        tokio::spawn(async move {
            let asked = state.ask_heat(&Parameters::default())?;
            let heat = state.heat(&asked).await?;
            for band in heat.bands() {
                loop {
                    let heat = Arc::clone(&heat);
                    match state.0.worker.run(move || heat.warm(band)).await {
                        Err(ApiError::Busy) => tokio::time::sleep(PATIENCE).await,
                        done => break done?,
                    }
                }
            }
            Ok::<(), ApiError>(())
        });
    }

    async fn make_ready(&self, request: HeatRequest) -> Result<Arc<Heat>, ApiError> {
        let index = self.heat_index().await?;
        let dataset = Arc::clone(&self.0.dataset);
        let made = self.0.worker.run(move || Heat::new(&request, &index, &dataset)).await?;
        made.map(Arc::new).map_err(|error| ApiError::Unanswerable(error.to_string()))
    }

    /// The incidents by place, arranged once.
    async fn heat_index(&self) -> Result<Arc<HeatIndex>, ApiError> {
        let index = Arc::clone(&self.0.heat.index);
        let arrange = || async {
            let dataset = Arc::clone(&self.0.dataset);
            let made = self.0.worker.run(move || HeatIndex::new(&dataset)).await?;
            made.map(Arc::new).map_err(|error| ApiError::Unanswerable(format!("{error:#}")))
        };
        index.get_or_try_init(arrange).await.map(Arc::clone)
    }

    /// Bytes made from the heat: from memory, from the same drawing already under way, or by `draw`
    /// on the compute pool. `what` names them among all that is drawn of the same heat.
    ///
    /// # Errors
    ///
    /// Those of [`Self::heat`] and of `draw`.
    pub(crate) async fn drawn<D>(
        &self,
        asked: &AskedHeat,
        what: String,
        draw: D,
    ) -> Result<Rendered, ApiError>
    where
        D: FnOnce(&Heat) -> Result<Rendered, ApiError> + Send + 'static,
    {
        let key = (Arc::clone(&asked.key), what);
        if let Some(rendered) = self.0.rendered.get(&key) {
            return Ok(rendered);
        }
        let under_way = self.0.heat.under_way.get_with_by_ref(&key, Once::default);
        let make = || async {
            let heat = self.heat(asked).await?;
            self.0.worker.run(move || draw(&heat)).await?
        };
        let drawn = under_way.get_or_try_init(make).await.cloned();
        if let Ok(rendered) = &drawn {
            self.0.rendered.insert(key.clone(), rendered.clone());
        }
        self.0.heat.under_way.invalidate(&key);
        drawn
    }

    /// A file of tiles: from memory, or by `make` on the compute pool, once for all who wait.
    ///
    /// # Errors
    ///
    /// [`ApiError::Busy`] if too much waits, and those of `make`.
    pub(crate) async fn archived<M>(&self, name: String, make: M) -> Result<Rendered, ApiError>
    where
        M: FnOnce() -> Result<Rendered, ApiError> + Send + 'static,
    {
        let cell = self.0.heat.archives.get_with(name, Once::default);
        if let Some(archive) = cell.get() {
            return Ok(archive.clone());
        }
        // A task of its own: a file outlasts the patience of the first who asks.
        let state = self.clone();
        let task = tokio::spawn(async move {
            let run = || async { state.0.worker.run(make).await? };
            cell.get_or_try_init(run).await.cloned()
        });
        task.await.map_err(anyhow::Error::from)?
    }

    /// A layer of the findings of `asked` on the plane of tiles: from memory, or by `make` on the
    /// compute pool, once for all who wait.
    ///
    /// # Errors
    ///
    /// [`ApiError::Busy`] if too much waits, and those of `make`.
    pub(crate) async fn projected<M>(
        &self,
        asked: &Asked,
        layer: &'static str,
        make: M,
    ) -> Result<Arc<VectorLayer>, ApiError>
    where
        M: FnOnce() -> Result<Arc<VectorLayer>, ApiError> + Send + 'static,
    {
        let key = (Arc::clone(asked.key()), layer);
        let cell = self.0.heat.projected.get_with_by_ref(&key, Once::default);
        let run = || async { self.0.worker.run(make).await? };
        cell.get_or_try_init(run).await.map(Arc::clone)
    }
}
