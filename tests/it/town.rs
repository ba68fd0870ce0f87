//! A small made-up town as a dataset, and the server over it, called without a socket.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use geo::{MultiPolygon, Rect, coord};
use tower::ServiceExt as _;
use wardheat::crs::Bng;
use wardheat::geometry::Shape;
use wardheat::incident::{CrimeTypeIdx, Flags, Incident, Incidents, Place, PrioritySet};
use wardheat::provenance::Provenance;
use wardheat::quantity::{Metres, Population};
use wardheat::server::{AppState, Limits, router};
use wardheat::store::{Dataset, Street};
use wardheat::time::{Month, NightBand};
use wardheat::units::{Area, AreaLayer};

/// South-west corner of the town, near Stockton-on-Tees.
pub const CORNER: (f64, f64) = (442_000.0, 517_000.0);

/// Side of a ward, in metres.
const SIDE: f64 = 1_500.0;

/// Nine wards, two years, two hot places: a town of 4.5 x 4.5 km.
pub fn dataset() -> Dataset {
    let areas: Vec<Area> = (0..9)
        .map(|i| {
            let west = CORNER.0 + SIDE * f64::from(i % 3);
            let south = CORNER.1 + SIDE * f64::from(i / 3);
            let from = coord! { x: west, y: south };
            let to = coord! { x: west + SIDE, y: south + SIDE };
            Area {
                code: format!("E0500010{i}"),
                name: format!("Ward {} & Green", i + 1),
                shape: Shape::new(MultiPolygon::new(vec![Rect::new(from, to).to_polygon()])),
                residents: Population::new(5_000.0 + 200.0 * f64::from(i)),
                households: Population::new(2_000.0),
                workday: None,
            }
        })
        .collect();
    let study_area = Shape::union_of(areas.iter().map(|area| &area.shape));
    let (incidents, snap_points) = incidents();
    Dataset {
        name: "Testborough".into(),
        layers: vec![AreaLayer { kind: "ward".into(), edition: "2024".into(), areas }],
        study_area,
        incidents,
        streets: vec![Street {
            name: Some("High Street".into()),
            line: vec![at(500.0, 2_000.0), at(4_000.0, 2_300.0)],
        }],
        snap_points,
        context: wardheat::context::Context::default(),
        venues: Vec::new(),
        meetings: Vec::new(),
        night: NightBand::default(),
        priorities: PrioritySet::held("Homes first", &["burglary".parse().unwrap()])
            .into_iter()
            .collect(),
        fictional: true,
        provenance: Provenance {
            attribution: vec!["Invented for tests".into()],
            ..Provenance::default()
        },
        version: "test-1".into(),
    }
}

fn at(east: f64, north: f64) -> Bng {
    Bng::new(CORNER.0 + east, CORNER.1 + north)
}

/// Snap points every 150 m; most records at those near two places.
fn incidents() -> (Incidents, Vec<Bng>) {
    let burglary = CrimeTypeIdx::from_id("burglary").unwrap();
    let asb = CrimeTypeIdx::from_id("anti-social-behaviour").unwrap();
    let mut all = Incidents::default();
    let mut snap_points = Vec::new();
    for i in 0..29 * 29u32 {
        let position = at(75.0 + 150.0 * f64::from(i % 29), 75.0 + 150.0 * f64::from(i / 29));
        snap_points.push(position);
        let near = |east, north| position.distance(at(east, north));
        let hot = if near(2_300.0, 2_200.0) < 330.0 {
            14
        } else if near(900.0, 3_600.0) < 260.0 {
            9
        } else {
            u32::from(i % 7 == 0)
        };
        for n in 0..hot {
            let month = Month::new(2024, 1).unwrap().plus(((i + n * 5) % 24) as i32);
            let ward = (position.easting() - CORNER.0) as u32 / 1_500
                + 3 * ((position.northing() - CORNER.1) as u32 / 1_500);
            all.push(&Incident {
                reference: None,
                source: "police".into(),
                crime_type: if n % 3 == 0 { burglary } else { asb },
                month,
                from: None,
                to: None,
                place: Place::Point { position, precision: Metres::new(1.0) },
                ward: Some(format!("E0500010{ward}")),
                lsoa: None,
                street: Some("On or near High Street".into()),
                flags: Flags::default(),
            });
        }
    }
    (all, snap_points)
}

/// The server over the town.
pub struct Server(Router);

/// A whole reply.
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    /// Pixels of a PNG, with opacity.
    pub fn picture(&self) -> image::RgbaImage {
        image::load_from_memory(&self.body).unwrap().to_rgba8()
    }
}

impl Server {
    pub fn new() -> Self {
        Self::with(Limits::default())
    }

    pub fn with(limits: Limits) -> Self {
        Self(router(AppState::new(dataset(), limits).unwrap()))
    }

    /// The server over other data.
    pub fn over(state: AppState) -> Self {
        Self(router(state))
    }

    pub async fn get(&self, address: &str) -> Reply {
        self.send(Request::get(address).body(Body::empty()).unwrap()).await
    }

    pub async fn get_with(&self, address: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request = Request::get(address);
        for &(name, value) in headers {
            request = request.header(name, value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        let reply = self.0.clone().oneshot(request).await.unwrap();
        let (parts, body) = reply.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Reply { status: parts.status, headers: parts.headers, body }
    }
}
