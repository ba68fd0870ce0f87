//! Reading: police.uk street files to cleaned incidents, located in wards.

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jiff::civil::{Date, date};
use wardheat::pipeline::{InitRequest, Nowhere, Unwatched, describe, import};
use wardheat::workspace::Workspace;

/// A day after every record.
const TODAY: Date = date(2026, 6, 1);

/// Months of one police.uk file each.
const MONTHS: usize = 12;

const WARDS: &str = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"WD24CD":"E05000001","WD24NM":"West"},"geometry":{"type":"Polygon","coordinates":[[[-1.35,54.50],[-1.30,54.50],[-1.30,54.60],[-1.35,54.60],[-1.35,54.50]]]}},{"type":"Feature","properties":{"WD24CD":"E05000002","WD24NM":"East"},"geometry":{"type":"Polygon","coordinates":[[[-1.30,54.50],[-1.25,54.50],[-1.25,54.60],[-1.30,54.60],[-1.30,54.50]]]}}]}"#;

/// One month of `rows` made-up records in the columns of data.police.uk.
fn street_file(month: usize, rows: usize) -> String {
    let mut text = String::from(
        "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,\
         Crime type,Last outcome category,Context\n",
    );
    let types = ["Burglary", "Drugs", "Vehicle crime", "Shoplifting", "Public order"];
    for row in 0..rows {
        let step = (row * 7919 + month * 104_729) % 900;
        let (lon, lat) =
            (-1.349 + (step % 30) as f64 * 0.0033, 54.501 + (step / 30) as f64 * 0.0033);
        let _ = writeln!(
            text,
            "{month:02x}{row:062x},2025-{month:02},Made-up Police,Made-up Police,{lon:.6},{lat:.6},\
             On or near Street {step},E01000001,Made-up 001A,{},Under investigation,",
            types[row % types.len()],
        );
    }
    text
}

fn read(c: &mut Criterion) {
    let mut group = c.benchmark_group("read");
    group.sample_size(10);
    for rows in [25_000, 500_000] {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let write = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text)
                .expect("the temporary folder takes files");
        };
        write("wards.geojson", WARDS);
        let mut bytes = 0;
        for month in 1..=MONTHS {
            let text = street_file(month, rows / MONTHS);
            bytes += text.len();
            write(&format!("2025-{month:02}-street.csv"), &text);
        }
        let path = |name: &str| folder.path().join(name).display().to_string();
        let described = describe(&InitRequest {
            dir: folder.path().to_owned(),
            areas: vec![path("wards.geojson")],
            incidents: vec![path("2025-*-street.csv")],
            fictional: true,
            ..InitRequest::default()
        })
        .expect("the made-up files are recognised");
        write("wardheat.toml", &described.text);
        write("wardheat.key", &format!("{}\n", "00".repeat(32)));
        let workspace = Workspace::load(folder.path()).expect("the description just made is read");

        group.throughput(Throughput::Elements((rows / MONTHS * MONTHS) as u64));
        let name = format!("{rows} police.uk rows, {} MB, in {MONTHS} files", bytes / 1_000_000);
        group.bench_function(name, |b| {
            b.iter(|| {
                let scratch = folder.path().join("scratch");
                let workspace = black_box(&workspace);
                let imported = import(workspace, &scratch, &Nowhere, &Unwatched, TODAY);
                black_box(imported.expect("the made-up files import"))
            });
        });
    }
    group.finish();
}

criterion_group!(benches, read);
criterion_main!(benches);
