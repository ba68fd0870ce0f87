//! A whole import: 1 M resampled police.uk rows read, cleaned, transformed, located in 8,000 wards
//! and stored.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jiff::civil::{Date, date};
use wardheat::pipeline::{Unwatched, import};
use wardheat::store::Writer;
use wardheat::workspace::Workspace;

mod resampled;
#[expect(dead_code, reason = "only its wards are used here")]
mod support;

/// A day after every record.
const TODAY: Date = date(2026, 6, 1);

const ROWS: usize = 1_000_000;

fn import_whole(c: &mut Criterion) {
    let Some(pool) = resampled::Pool::read() else {
        println!("skipped: there is no ../shared/data to draw from");
        return;
    };
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let bytes = resampled::workspace(&pool, folder.path(), ROWS);
    drop(pool);
    let workspace = Workspace::load(folder.path()).expect("the description just made is read");
    let store = folder.path().join("store");
    let mut group = c.benchmark_group("import");
    group.sample_size(10).throughput(Throughput::Elements(ROWS as u64));
    let name = format!("{ROWS} police.uk rows, {} MB, 8000 wards, to the store", bytes / 1_000_000);
    group.bench_function(name, |b| {
        b.iter(|| {
            // Each writes every file anew.
            let _ = std::fs::remove_dir_all(&store);
            let writer = Writer::begin(&store).expect("the store can be made");
            let imported = import(&workspace, writer.scratch(), &writer, &Unwatched, TODAY)
                .expect("the resampled files import");
            black_box(writer.finish(imported.contents()).expect("the disk has room"))
        });
    });
    group.finish();
}

criterion_group!(benches, import_whole);
criterion_main!(benches);
