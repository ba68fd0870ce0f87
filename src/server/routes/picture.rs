//! `/map.svg`, `/map.png` and `/map.pdf`: the map drawn here, for pages without script and for documents.

use std::sync::Arc;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;

use crate::crs::{Bng, LonLat, lonlat_to_bng};
use crate::geometry::{Bounds, Shape};
use crate::layer::{Findings, Layer, Scored};
use crate::pipeline::{Heat, HeatRequest, LAYER_OPTIONS, OwnArea, more_layer};
use crate::render::field::Field as _;
use crate::render::ground::Ground;
use crate::render::legend::{Legend, heat_legend_of};
use crate::render::pdf::pdf;
use crate::render::picture::{self, Beside, Picture, Show};
use crate::render::{Letters, bitmap, sheet};
use crate::server::english::parameter as say;
use crate::server::error::ApiError;
use crate::server::query::{ANALYSIS, Parameters};
use crate::server::reply::Rendered;
use crate::server::state::{AppState, Asked};
use crate::stats::Surface;
use crate::store::Dataset;

use super::area::{AREA, area_of};
use super::layers::settings;

/// Parameters of a picture, beside those of its analysis.
const PICTURE: &[&str] = &[
    "scheme",
    "show",
    "width",
    "height",
    "legend",
    "ward",
    "sheet",
    "clusters",
    "venues",
    "against",
    "bbox",
    "classes-of",
];

/// Forms of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Svg,
    Png,
    Pdf,
}

/// `GET /map.svg`: the map as a drawing.
async fn svg(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    draw(&state, query.as_deref(), &headers, Form::Svg).await
}

/// `GET /map.pdf`: the same on a page of A4.
async fn pdf_page(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    draw(&state, query.as_deref(), &headers, Form::Pdf).await
}

/// `GET /map.png`: the same as pixels, two to each of the drawing's own.
async fn png(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    draw(&state, query.as_deref(), &headers, Form::Png).await
}

/// Pixels of a PNG to each of its drawing, so that letters are sharp on any screen and in print.
const DENSITY: u32 = 2;

/// A drawing as wide as this holds its own legend unless told otherwise; a smaller one stands
/// beside the legend of a page.
const ROOMY: u32 = 640;

async fn draw(
    state: &AppState,
    query: Option<&str>,
    headers: &HeaderMap,
    form: Form,
) -> Result<Response, ApiError> {
    let parameters = Parameters::parse(query, &[ANALYSIS, PICTURE, LAYER_OPTIONS, AREA])?;
    // Sizes are those of the file.
    let density = if form == Form::Png { DENSITY } else { 1 };
    let letters = if form == Form::Svg { Letters::Weights } else { Letters::Outlined };
    let size = 200 * density..=1600 * density;
    let width = parameters.whole("width", 960 * density, size.clone())? / density;
    let picture = Picture {
        width,
        height: match parameters.get("height") {
            Some(_) => Some(parameters.whole("height", 0, size)? / density),
            None => None,
        },
        scheme: parameters.read("scheme")?,
        show: parameters.read("show")?,
        legend: parameters.yes("legend", width >= ROOMY)?,
        letters,
    };
    let asked = state.ask(&parameters.analysis()?)?;
    let ward = parameters.get("ward").map(str::to_owned);
    let sheet = parameters.yes("sheet", false)?;
    let beside = Own::read(state, &asked, &picture, &parameters).await?;
    let what = format!("{form:?} {picture:?} {ward:?} {sheet} {}", beside.key);
    let draw = move |findings: &Findings, dataset: &Dataset| {
        let heat = beside.heat.as_deref().map(drawn_heat);
        let ward = ward.map(|code| shape_of(findings, code)).transpose()?;
        let methods = beside.methods();
        let beside = Beside {
            methods: &methods,
            ward,
            within: beside.within,
            units: beside.units.as_deref().and_then(first),
            clusters: beside.clusters.as_deref().and_then(first),
            venues: beside.venues.as_deref().and_then(first),
            area: beside.area.as_deref().map(|area| &area.shape),
            ground: beside.ground.as_deref(),
            heat: heat.as_ref().map(|(surface, legend)| (surface, legend)),
        };
        let drawing = if sheet {
            sheet::sheet(findings, dataset, &picture, beside)
        } else {
            picture::svg_of(findings, dataset, &picture, beside)
        };
        let made = &findings.how_made;
        let title = || format!("{}, {}, {}", made.crime_types_label, made.area, made.window_label);
        Ok(Rendered::new(match form {
            Form::Svg => drawing.into_bytes(),
            Form::Png => bitmap::png(&drawing, DENSITY).map_err(anyhow::Error::from)?,
            Form::Pdf => pdf(&drawing, &title()).map_err(anyhow::Error::from)?,
        }))
    };
    let rendered = state.rendered(&asked, what, draw).await?;
    let media_type = match form {
        Form::Svg => "image/svg+xml",
        Form::Png => "image/png",
        Form::Pdf => "application/pdf",
    };
    Ok(rendered.reply(headers, media_type, state.keep(&parameters)))
}

/// What a picture shows beside the findings, worked out before it is drawn.
#[derive(Default)]
struct Own {
    units: Option<Arc<Scored>>,
    clusters: Option<Arc<Scored>>,
    venues: Option<Arc<Scored>>,
    area: Option<Arc<OwnArea>>,
    heat: Option<Arc<Heat>>,
    ground: Option<Arc<Ground>>,
    within: Option<Bounds>,
    /// What tells it apart from other pictures of the same findings.
    key: String,
}

impl Own {
    async fn read(
        state: &AppState,
        asked: &Asked,
        picture: &Picture,
        parameters: &Parameters,
    ) -> Result<Self, ApiError> {
        let within = parameters.get("bbox").map(boxed).transpose()?;
        let mut own = Self {
            within,
            key: within.map_or_else(String::new, |within| format!("{within:?}")),
            ..Self::default()
        };
        if let Show::Units(id) = picture.show {
            own.units = own.layer(state, asked, id, parameters).await?;
        }
        if parameters.yes("clusters", false)? {
            own.clusters = own.layer(state, asked, "clusters", parameters).await?;
        }
        if parameters.yes("venues", false)? {
            own.venues = own.layer(state, asked, "venues", parameters).await?;
        }
        let asked_heat = state.ask_heat(parameters)?;
        let HeatRequest { against, classes_of, hours, .. } = &asked_heat.request;
        let is_own = against.is_some() || classes_of.is_some() || !hours.is_all();
        if picture.show == Show::Heat && is_own {
            own.heat = Some(state.heat(&asked_heat).await?);
            own.key = format!("{} against {against:?} classes {classes_of:?}", own.key);
        }
        if let Some(basemap) = state.basemap() {
            let data = state.dataset();
            let wards = data.layers.iter().find(|layer| layer.kind == "ward");
            let ward = parameters.get("ward").and_then(|code| {
                wards?.areas.iter().find(|area| area.code == code)?.shape.bounds()
            });
            let shown = picture::ground_shown(data, picture, within.or(ward));
            if let Some((bounds, metre)) = shown {
                let read = basemap.ground(bounds, metre).await;
                // The map shows everything else where the file cannot be read.
                own.ground = read.map_err(|why| tracing::warn!("no basemap: {why:#}")).ok();
            }
        }
        if let Some(area) = area_of(parameters)? {
            own.area = Some(state.own_area(asked, &area).await?);
            own.key = format!("{} area {area}", own.key);
        }
        Ok(own)
    }

    /// How its layers were made.
    fn methods(&self) -> Vec<(String, String)> {
        let layers = [&self.units, &self.clusters].into_iter().flatten();
        layers.flat_map(|layer| layer.how_made.methods.iter().cloned()).collect()
    }

    /// A layer that is worked out on demand; none for one that the findings hold.
    async fn layer(
        &mut self,
        state: &AppState,
        asked: &Asked,
        id: &str,
        parameters: &Parameters,
    ) -> Result<Option<Arc<Scored>>, ApiError> {
        let Some(layer) = more_layer(id) else { return Ok(None) };
        let settings = settings(layer, parameters)?;
        self.key = format!("{} {id} {settings}", self.key);
        state.more(asked, layer, &settings).await.map(Some)
    }
}

/// Heat that is not of the findings, worked out for a drawing.
fn drawn_heat(heat: &Heat) -> (Surface, Legend) {
    let (words, caption) = heat.words();
    let legend = heat_legend_of(heat.scale(), words, caption);
    let nowhere = Bng::new(0.0, 0.0);
    let all = heat.bounds().unwrap_or(Bounds { min: nowhere, max: nowhere });
    (heat.surface(all), legend)
}

/// A picture shows at least so many metres.
const NEAREST: f64 = 50.0;

/// The box on the grid that holds a box of longitudes and latitudes: west, south, east, north.
fn boxed(text: &str) -> Result<Bounds, ApiError> {
    let wrong = |why: &str| ApiError::parameter("bbox", why);
    let numbers: Option<Vec<f64>> = text.split(',').map(|one| one.trim().parse().ok()).collect();
    let Some([west, south, east, north]) = numbers.and_then(|all| <[f64; 4]>::try_from(all).ok())
    else {
        return Err(wrong(say::FOUR_EDGES));
    };
    let corners = [(west, south), (west, north), (east, south), (east, north)];
    let point = |(lon, lat)| {
        let at = lonlat_to_bng(LonLat::new(lon, lat)?).ok()?;
        Some(Bounds { min: at, max: at })
    };
    let points: Option<Vec<Bounds>> = corners.into_iter().map(point).collect();
    let within = points.and_then(|points| points.into_iter().reduce(Bounds::union));
    let within = within.ok_or_else(|| wrong(say::BEYOND_THE_GRID))?;
    if west >= east || south >= north || within.width().min(within.height()) < NEAREST {
        return Err(wrong(say::TOO_NEAR));
    }
    Ok(within)
}

fn first(scored: &Scored) -> Option<&Layer> {
    scored.layers.first()
}

/// Outline of the ward with this code.
fn shape_of(findings: &Findings, code: String) -> Result<&Shape, ApiError> {
    let wards = findings.layer("wards").map_or(&[][..], |wards| &wards.features);
    let found = wards.iter().find(|ward| ward.id == code);
    found.map(|ward| &ward.shape).ok_or_else(|| ApiError::unknown("ward", code, []))
}

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/map.svg", get(svg))
        .route("/map.png", get(png))
        .route("/map.pdf", get(pdf_page))
}
