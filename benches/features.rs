//! Pages of features over HTTP, in process: of a collection of a million cells.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use geo::{MultiPolygon, Rect, coord};
use tower::ServiceExt as _;
use wardheat::geometry::Shape;
use wardheat::layer::Findings;
use wardheat::pipeline::{AnalysisRequest, analyse};
use wardheat::server::{AppState, Compute, Limits, router};

mod dataset;
#[expect(dead_code, reason = "each bench uses its own part of the city")]
mod support;

const FEATURES: usize = 1_000_000;
const PAGE: usize = 1_000;

/// The findings of a small city, its cells repeated side by side until there are a million.
fn crowded(mut findings: Findings) -> Findings {
    let cells = findings.layers.iter_mut().find(|layer| layer.id == "cells").expect("cells");
    let found = std::mem::take(&mut cells.features);
    cells.features = (0..FEATURES)
        .map(|i| {
            let mut feature = found[i % found.len()].clone();
            let (x, y) =
                (440_000.0 + (i % 1_000) as f64 * 20.0, 510_000.0 + (i / 1_000) as f64 * 20.0);
            let square = Rect::new(coord! { x: x, y: y }, coord! { x: x + 20.0, y: y + 20.0 });
            feature.id = format!("c{i}");
            feature.shape = Shape::new(MultiPolygon::new(vec![square.to_polygon()]));
            feature
        })
        .collect();
    findings
}

fn pages(criterion: &mut Criterion) {
    let data = Arc::new(dataset::city(20_000));
    let compute = Compute::new(Limits::default()).expect("threads");
    let run = |request: &AnalysisRequest, data: &_, _: &_| analyse(request, data).map(crowded);
    let state = AppState::with_analyse(data, &compute, Box::new(run));
    let app: Router = router(state);
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let get = |path: String| {
        let app = app.clone();
        runtime.block_on(async move {
            let request = Request::get(&path).header("host", "bench").body(Body::empty());
            let reply = app.oneshot(request.expect("a request")).await.expect("a reply");
            assert_eq!(reply.status(), 200, "{path}");
            to_bytes(reply.into_body(), usize::MAX).await.expect("a body").len()
        })
    };
    let items = format!("/collections/cells/items?limit={PAGE}");
    assert!(get(items.clone()) > 100_000);
    let mut group = criterion.benchmark_group("a page of 1,000 of 1,000,000 features");
    group.sample_size(10).throughput(Throughput::Elements(PAGE as u64));
    group.bench_function("asked for again", |bench| bench.iter(|| get(items.clone())));
    let mut offset = 0;
    group.bench_function("each new", |bench| {
        bench.iter(|| {
            offset = (offset + PAGE) % FEATURES;
            get(format!("{items}&offset={offset}"))
        });
    });
    let mut n = 0;
    let mut moved = |what: &str| {
        n += 1;
        format!("{items}&{}", what.replace('#', &n.to_string()))
    };
    group.bench_function("each new, within a box", |bench| {
        bench.iter(|| get(moved("bbox=-1.3,54.5,-1.2#,54.6")));
    });
    group.bench_function("each new, by a filter", |bench| {
        bench.iter(|| get(moved("filter=count%20%3E%200%20AND%20count%20%3C%201#")));
    });
    group.finish();
}

criterion_group!(benches, pages);
criterion_main!(benches);
