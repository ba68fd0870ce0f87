//! `/statistics`: what `/analyses` can be asked to run on its own, with every option; as pages, they
//! run it.

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use maud::Markup;
use serde_json::{Map, Value as Json, json};

use super::analyses;
use super::forms::{Form, JSON, Opened, by_accept};
use super::page::{choice, reply, site};
use crate::pipeline::{ScoreRequest, UnitChoice};
use crate::server::english::catalogue as say;
use crate::server::error::ApiError;
use crate::server::html::{Choice, OPTION, Ran, statistic_page, statistics_page};
use crate::server::ogc::{Base, link};
use crate::server::query::{ANALYSIS, Parameters};
use crate::server::state::{AppState, AskedOne, reasons};
use crate::stats::{AnyStatistic, STATISTICS, statistic};

/// What there is to know of a statistic before it is run.
fn document(statistic: &dyn AnyStatistic, base: &Base) -> Json {
    let elsewhere = statistic.equivalents().iter();
    let elsewhere: Vec<Json> =
        elsewhere.map(|(tool, name)| json!({ "tool": tool, "name": name })).collect();
    json!({
        "id": statistic.id(),
        "title": statistic.label(),
        "description": statistic.about(),
        "units": statistic.units(),
        "options": statistic.options(),
        "elsewhere": elsewhere,
        "links": [
            link(base, &format!("/statistics/{}", statistic.id()), "self", JSON, statistic.label()),
        ],
    })
}

/// `GET /statistics`: all of them, as a page or a document.
async fn all(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let asked = Opened::new(&state, query.as_deref(), &headers, &[ANALYSIS])?;
    if asked.asked.form == Form::Html {
        let page = || -> Result<Markup, ApiError> {
            refuse_where_not_offered(&state)?;
            let on = state.ask(&asked.parameters.analysis()?)?;
            // Settings of the maps are none of a statistic's.
            let on = Choice { method: Vec::new(), ..choice(&on)? };
            Ok(statistics_page(&site(&state), &on.data_query()))
        };
        return Ok(by_accept(reply(&state, &headers, page())));
    }
    let base = &asked.base;
    let documents: Vec<Json> = STATISTICS.iter().map(|one| document(*one, base)).collect();
    let document = json!({
        "statistics": documents,
        "links": [link(base, "/statistics", "self", JSON, say::STATISTICS)],
    });
    asked.answer(say::STATISTICS, &document, JSON)
}

/// `GET /statistics/{id}`: one of them, as a document, or as a page on which it can be run.
async fn one(
    State(state): State<AppState>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let known = || STATISTICS.iter().map(|one| one.id());
    let found = statistic(&id).ok_or_else(|| ApiError::unknown("statistic", id, known()))?;
    let options: Vec<String> =
        found.options().iter().map(|option| format!("{OPTION}{}", option.name)).collect();
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let asked = Opened::new(&state, query.as_deref(), &headers, &[RECORDS, &options])?;
    if asked.asked.form == Form::Html {
        let page = run(&state, found, &asked.parameters, &headers).await;
        return Ok(by_accept(reply(&state, &headers, page)));
    }
    asked.answer(found.label(), &document(found, &asked.base), JSON)
}

/// Parameters of a page that runs a statistic, beside its options.
const RECORDS: &[&str] = &["type", "from", "to", "window", "source", "day", "hour", "units", "run"];

fn refuse_where_not_offered(state: &AppState) -> Result<(), ApiError> {
    if state.offers_statistics() { Ok(()) } else { Err(state.not_offered()) }
}

/// What the address asks for.
fn read(
    statistic: &'static dyn AnyStatistic,
    parameters: &Parameters,
) -> Result<ScoreRequest, ApiError> {
    let mut options = Map::new();
    for option in statistic.options() {
        let name = format!("{OPTION}{}", option.name);
        if let Some(text) = parameters.get(&name) {
            let value = option.kind.read(text).ok_or_else(|| {
                ApiError::parameter(&name, format!("`{text}` is no {}", option.kind.in_words()))
            })?;
            options.insert(option.name, value);
        }
    }
    let units: Option<UnitChoice> = parameters
        .get("units")
        .map(str::parse)
        .transpose()
        .map_err(|wrong: String| ApiError::parameter("units", wrong))?;
    let wrong = |error: anyhow::Error| ApiError::parameter("options", reasons(&error));
    let on = parameters.analysis()?;
    let request = ScoreRequest::new(statistic, options.into(), units, on).map_err(wrong)?;
    request.check_served().map_err(wrong)?;
    Ok(request)
}

/// The page of a statistic, with what was found if it is asked to run.
async fn run(
    state: &AppState,
    statistic: &'static dyn AnyStatistic,
    parameters: &Parameters,
    headers: &HeaderMap,
) -> Result<Markup, ApiError> {
    let asked = state.ask_statistic(read(statistic, parameters)?)?;
    let AskedOne::Statistic(request, _) = &asked else { return Err(ApiError::NoRoute) };
    let page = |ran: &Ran<'_>| statistic_page(&site(state), state.type_counts(), request, ran);
    if !parameters.yes("run", false)? {
        return Ok(page(&Ran::Not));
    }
    let (id, started) = analyses::start(state, asked.clone(), headers)?;
    Ok(match state.scored(&asked).await {
        Ok(scored) => page(&Ran::Found(&scored, format!("/analyses/{id}"))),
        Err(ApiError::Unanswerable(why)) => page(&Ran::Failed(why)),
        Err(ApiError::TooSlow) => {
            let (done, steps) = state.work_of(&started).progress();
            let percent = (100 * done.min(steps)).checked_div(steps).unwrap_or(0);
            let again = parameters.query();
            page(&Ran::UnderWay(percent, format!("/statistics/{}?{again}", statistic.id())))
        }
        Err(error) => return Err(error),
    })
}

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/statistics", get(all)).route("/statistics/{id}", get(one))
}
