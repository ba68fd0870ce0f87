//! Documents in two forms, JSON and a page, and which of them a client wants.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use serde_json::Value as Json;

use super::page::site;
use crate::layer::Findings;
use crate::server::error::ApiError;
use crate::server::html::document_page;
use crate::server::ogc::Base;
use crate::server::query::Parameters;
use crate::server::reply::{Keep, Rendered};
use crate::server::state::AppState;
use crate::time::{Window, WindowSpec};

/// Media type of documents.
pub(super) const JSON: &str = "application/json";
/// Media type of pages.
pub(super) const HTML: &str = "text/html; charset=utf-8";

/// Which form of a document is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// JSON of one kind or another.
    Json,
    /// A page.
    Html,
}

/// The form asked for: `f` before `Accept`, and a page only for those who say so.
pub(super) fn form(parameters: &Parameters, headers: &HeaderMap) -> Result<Form, ApiError> {
    match parameters.get("f") {
        Some("json") => Ok(Form::Json),
        Some("html") => Ok(Form::Html),
        Some(_) => Err(ApiError::parameter("f", "wanted json or html")),
        None if takes_pages_first(headers) => Ok(Form::Html),
        None => Ok(Form::Json),
    }
}

/// Whether `Accept` names pages, and before JSON.
fn takes_pages_first(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let position = |name: &str| accept.and_then(|accept| accept.find(name));
    position("text/html").is_some_and(|html| position("json").is_none_or(|json| html < json))
}

/// Whether one who is refused is told so by a page: by `f`, or by `Accept`.
pub(in crate::server) fn reads_pages(query: Option<&str>, headers: &HeaderMap) -> bool {
    match named_form(query).as_deref() {
        Some(form) => form == "html",
        None => takes_pages_first(headers),
    }
}

/// The form that the address names.
fn named_form(query: Option<&str>) -> Option<String> {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .find(|(name, value)| name == "f" && !value.is_empty())
        .map(|(_, value)| value.into_owned())
}

/// Who asked, and for which form.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) state: &'a AppState,
    pub(super) headers: &'a HeaderMap,
    pub(super) form: Form,
}

/// `document` in the form asked for.
pub(super) fn answer(
    asked: &Asked<'_>,
    title: &str,
    document: &Json,
    media_type: &'static str,
    keep: Keep,
) -> Result<Response, ApiError> {
    let Asked { state, headers, form } = *asked;
    let (bytes, media_type) = match form {
        Form::Json => (serde_json::to_vec(document).map_err(anyhow::Error::from)?, media_type),
        Form::Html => (document_page(&site(state), title, document).into_string().into(), HTML),
    };
    Ok(by_accept(Rendered::new(bytes).reply(headers, media_type, keep)))
}

/// Whether `/` is asked for as a document: by `f`, or by a program that takes JSON or anything.
/// Who does not say gets the page.
pub(super) fn wants_document(query: Option<&str>, headers: &HeaderMap) -> bool {
    match named_form(query).as_deref() {
        Some("html") => false,
        Some(_) => true,
        None => headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(
            |accept| !accept.contains("text/html") && (accept.contains("json") || accept == "*/*"),
        ),
    }
}

/// A request for a document: who asked, for what, and in which form.
pub(super) struct Opened<'a> {
    pub(super) asked: Asked<'a>,
    pub(super) parameters: Parameters,
    pub(super) base: Base,
}

impl<'a> Opened<'a> {
    /// Reads a request that may have these parameters, and `f`.
    pub(super) fn new(
        state: &'a AppState,
        query: Option<&str>,
        headers: &'a HeaderMap,
        known: &[&[&str]],
    ) -> Result<Self, ApiError> {
        let known: Vec<&[&str]> = known.iter().copied().chain([&["f"][..]]).collect();
        let parameters = Parameters::parse(query, &known)?;
        let form = form(&parameters, headers)?;
        let asked = Asked { state, headers, form };
        Ok(Self { asked, parameters, base: Base::of(headers) })
    }

    /// The analysis that the parameters choose.
    pub(super) async fn layers(&self) -> Result<(Arc<Findings>, Window), ApiError> {
        layers(self.asked.state, &self.parameters).await
    }

    /// `document` in the form asked for, always to be asked after again.
    pub(super) fn answer(
        &self,
        title: &str,
        document: &Json,
        media_type: &'static str,
    ) -> Result<Response, ApiError> {
        answer(&self.asked, title, document, media_type, Keep::Check)
    }
}

/// A reply whose form depends on what the client takes.
pub(in crate::server) fn by_accept(mut reply: Response) -> Response {
    reply.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept, Accept-Encoding"));
    reply
}

/// Layers of the analysis that the parameters choose, with their window.
pub(super) async fn layers(
    state: &AppState,
    parameters: &Parameters,
) -> Result<(Arc<Findings>, Window), ApiError> {
    let asked = state.ask(&parameters.analysis()?)?;
    let WindowSpec::Months(window) = asked.request().window else {
        return Err(anyhow::anyhow!("a window was left open").into());
    };
    Ok((state.findings_of(&asked).await?, window))
}
