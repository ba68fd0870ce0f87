//! Every reader, with small files that it takes, and what is done to them.

use std::io::{Cursor, Write as _};
use std::path::Path;

use wardheat::store;
use wardheat::workspace::{DESCRIPTION, KEY_FILE};
use zip::write::SimpleFileOptions;

use super::mutate::Mutator;
use super::readers::{
    cleaned, description, from_disk, from_memory, key, mapping, shapefile, stored, wkt,
};

/// How a reader said no: in words, and with what to do.
pub struct Refusal {
    pub message: String,
    pub hint: Option<String>,
}

/// One reader.
pub struct Target {
    pub name: &'static str,
    /// Share of all inputs.
    pub weight: usize,
    /// Bytes that it may take whatever the size of the file.
    pub constant: u64,
    /// Part of the message of every refusal.
    pub named: &'static str,
    /// Files it takes.
    pub samples: fn() -> Vec<Vec<u8>>,
    /// A changed file from the samples.
    pub change: fn(&mut Mutator, &[Vec<u8>]) -> Vec<u8>,
    /// Reads it, in a folder of its own.
    pub read: fn(&Path, &[u8], usize) -> Result<(), Refusal>,
}

const MB: u64 = 1 << 20;

/// Beyond four times the file a changed file took at most, of 8,000: text 0.7 MB (buffers of a piece and
/// its letters), cleaning 1.2 MB (4,096 drafts of records, and the buffers), archives 0.6 MB (the last
/// 64 KB, where a directory ends; members it says it has are held against the file's length), workbooks
/// 0.05 MB, geodata 0.4 MB, descriptions 0.3 MB. What is loaded once for all (layouts, categories, the
/// shift grid: 10.5 MB) is loaded before. Parquet pages and a store of them may say to be up to 64 MB.
pub static TARGETS: &[Target] = &[
    table("csv", 14, 4, "hostile.csv", texts, raw, from_memory::<0>),
    table("cleaning", 12, 4, "hostile.csv", texts, raw, cleaned),
    table("csv.gz", 4, 4, "hostile.gz", gzipped, raw, from_disk::<1>),
    table("text in gz", 4, 4, "hostile.gz", texts, zipped_text, from_disk::<1>),
    table("zip", 4, 2, "hostile.zip", archives, raw, from_disk::<2>),
    table("files in zip", 4, 2, "hostile.zip", bundles, bundle, from_disk::<2>),
    table("xlsx", 3, 2, "hostile.xlsx", books, raw, from_memory::<3>),
    table("parts of xlsx", 10, 2, "hostile.xlsx", book_parts, bundle, from_memory::<3>),
    table("parts of ods", 8, 2, "hostile.ods", sheet_parts, bundle, from_memory::<4>),
    table("geojson", 14, 4, "hostile.geojson", geojson, raw, from_memory::<5>),
    table("gpkg", 8, 4, "hostile.gpkg", geopackages, raw, from_disk::<6>),
    table("shapefile", 10, 4, "hostile.shp", shapefiles, part, shapefile),
    table("flatgeobuf", 8, 4, "hostile.fgb", flatgeobufs, raw, from_memory::<7>),
    table("parquet", 12, 80, "hostile.parquet", parquets, raw, from_memory::<8>),
    table("wkt", 1, 4, "", systems, raw, wkt),
    table("wardheat.toml", 6, 4, DESCRIPTION, descriptions, raw, description),
    table("mapping", 4, 4, "hostile.toml", mappings, raw, mapping),
    table("key", 1, 4, KEY_FILE, keys, raw, key),
    table("store", 5, 80, "store", stores, part, stored),
];

pub const NAMES: [&str; 9] = [
    "hostile.csv",
    "hostile.gz",
    "hostile.zip",
    "hostile.xlsx",
    "hostile.ods",
    "hostile.geojson",
    "hostile.gpkg",
    "hostile.fgb",
    "hostile.parquet",
];

const fn table(
    name: &'static str,
    weight: usize,
    megabytes: u64,
    named: &'static str,
    samples: fn() -> Vec<Vec<u8>>,
    change: fn(&mut Mutator, &[Vec<u8>]) -> Vec<u8>,
    read: fn(&Path, &[u8], usize) -> Result<(), Refusal>,
) -> Target {
    Target { name, weight, constant: megabytes * MB, named, samples, change, read }
}

// What is done to samples.

fn raw(mutator: &mut Mutator, samples: &[Vec<u8>]) -> Vec<u8> {
    let (one, other) = (mutator.below(samples.len()), mutator.below(samples.len()));
    mutator.change(&samples[one], &samples[other])
}

fn zipped_text(mutator: &mut Mutator, samples: &[Vec<u8>]) -> Vec<u8> {
    gzip(&raw(mutator, samples))
}

/// One of several files that are one sample, changed.
fn part(mutator: &mut Mutator, samples: &[Vec<u8>]) -> Vec<u8> {
    let sample = mutator.below(samples.len());
    let mut parts = unbundle(&samples[sample]);
    let one = mutator.below(parts.len());
    let other = parts[mutator.below(parts.len())].1.clone();
    parts[one].1 = mutator.change(&parts[one].1, &other);
    bundle_of(&parts)
}

/// The same, zipped up again.
fn bundle(mutator: &mut Mutator, samples: &[Vec<u8>]) -> Vec<u8> {
    zip_of(&unbundle(&part(mutator, samples)))
}

// Files made of several, each as its name, its length and its bytes.

type Parts = Vec<(String, Vec<u8>)>;

fn bundle_of(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, part) in parts {
        bytes.extend((name.len() as u32).to_le_bytes());
        bytes.extend(name.as_bytes());
        bytes.extend((part.len() as u32).to_le_bytes());
        bytes.extend(part);
    }
    bytes
}

pub fn unbundle(mut bytes: &[u8]) -> Parts {
    let mut take = || {
        let (length, rest) = bytes.split_first_chunk()?;
        let (part, rest) = rest.split_at(u32::from_le_bytes(*length) as usize);
        bytes = rest;
        Some(part.to_vec())
    };
    let mut parts = Vec::new();
    while let (Some(name), Some(part)) = (take(), take()) {
        parts.push((String::from_utf8(name).unwrap(), part));
    }
    parts
}

pub fn zip_of(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, part) in parts {
        archive.start_file(name.as_str(), stored).unwrap();
        archive.write_all(part).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

pub fn unzip(bytes: &[u8]) -> Parts {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> =
        (0..archive.len()).map(|i| archive.name_for_index(i).unwrap().unwrap().into()).collect();
    let read = |name: String| {
        let mut part = Vec::new();
        std::io::copy(&mut archive.by_name(&name).unwrap(), &mut part).unwrap();
        (name, part)
    };
    names.into_iter().map(read).collect()
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

// Samples.

fn data(names: &[&str]) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    names.iter().map(|name| std::fs::read(folder.join(name)).unwrap()).collect()
}

fn texts() -> Vec<Vec<u8>> {
    let mut texts = data(&[
        "csv/ambulance_utf16.csv",
        "csv/council_windows_1252.csv",
        "csv/fire_utf8.csv",
        "csv/police_crime_utf8_bom.csv",
        "population/wards.csv",
    ]);
    let mut police = Vec::new();
    let packed = data(&["csv/police_uk.csv.gz"]).remove(0);
    std::io::copy(&mut flate2::read::GzDecoder::new(packed.as_slice()), &mut police).unwrap();
    texts.push(police);
    texts
}

fn gzipped() -> Vec<Vec<u8>> {
    data(&["csv/police_uk.csv.gz"])
}

fn bundles() -> Vec<Vec<u8>> {
    let texts = texts();
    let street = |month: &str| format!("{month}/{month}-cleveland-street.csv");
    let mut shapefile = unbundle(&shapefiles().remove(0));
    shapefile.push(("readme.txt".into(), b"wards".to_vec()));
    vec![
        bundle_of(&[(street("2025-01"), texts[5].clone()), (street("2025-02"), texts[5].clone())]),
        bundle_of(&shapefile),
        bundle_of(&[("wards.geojson".into(), geojson().remove(0))]),
    ]
}

fn archives() -> Vec<Vec<u8>> {
    bundles().iter().map(|bundle| zip_of(&unbundle(bundle))).collect()
}

fn books() -> Vec<Vec<u8>> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let date = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy hh:mm");
    let sheet = book.add_worksheet();
    for (column, name) in ["Ref", "Date", "Easting", "Type"].into_iter().enumerate() {
        sheet.write(0, column as u16, name).unwrap();
    }
    for row in 1..6 {
        sheet.write(row, 0, format!("A{row}")).unwrap();
        sheet.write_with_format(row, 1, 45_750.25 + f64::from(row), &date).unwrap();
        sheet.write(row, 2, 444_000.5 + f64::from(row)).unwrap();
        sheet.write(row, 3, "Noise £").unwrap();
    }
    sheet.merge_range(9, 0, 9, 2, "Total", &date).unwrap();
    vec![book.save_to_buffer().unwrap()]
}

fn book_parts() -> Vec<Vec<u8>> {
    books().iter().map(|book| bundle_of(&unzip(book))).collect()
}

fn sheet_parts() -> Vec<Vec<u8>> {
    let cell = |text: &str| {
        format!(
            r#"<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#
        )
    };
    let header = ["Ref", "Date", "Easting"].map(cell).concat();
    let row = r#"<table:table-row table:number-rows-repeated="3"><table:table-cell office:value-type="float" office:value="17"/><table:table-cell office:value-type="date" office:date-value="2025-04-03"/><table:table-cell office:value-type="string" table:number-columns-repeated="1"><text:p>Noise<text:s text:c="3"/>&amp; &#163;</text:p><office:annotation><text:p>note</text:p></office:annotation></table:table-cell><table:table-cell table:number-columns-repeated="1000"/></table:table-row>"#;
    let content = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"><office:automatic-styles><style:style style:name="ta1" style:family="table"><style:table-properties table:display="true"/></style:style></office:automatic-styles><office:body><office:spreadsheet><table:table table:name="Sheet1" table:style-name="ta1"><table:table-row>{header}</table:table-row>{row}{row}<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"#
    );
    vec![bundle_of(&[
        ("mimetype".into(), b"application/vnd.oasis.opendocument.spreadsheet".to_vec()),
        ("content.xml".into(), content.into_bytes()),
    ])]
}

fn geojson() -> Vec<Vec<u8>> {
    data(&["geojson/wards.geojson", "geojson/wards_sequence.geojsonl"])
}

fn geopackages() -> Vec<Vec<u8>> {
    data(&["geopackage/wards.gpkg"])
}

fn shapefiles() -> Vec<Vec<u8>> {
    let parts = ["shp", "dbf", "prj", "cpg"].map(|ending| {
        let name = format!("wards.{ending}");
        (name.clone(), data(&[&format!("shapefile/{name}")]).remove(0))
    });
    vec![bundle_of(&parts)]
}

fn flatgeobufs() -> Vec<Vec<u8>> {
    data(&["flatgeobuf/wards.fgb"])
}

fn parquets() -> Vec<Vec<u8>> {
    use parquet::basic::{Compression, ZstdLevel};
    let codecs = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::ZSTD(ZstdLevel::default()),
        Compression::LZ4_RAW,
    ];
    codecs.map(super::samples::parquet).to_vec()
}

fn systems() -> Vec<Vec<u8>> {
    let mut systems = data(&["shapefile/wards.prj"]);
    systems.extend(
        ["EPSG:27700", "urn:ogc:def:crs:EPSG::32630", "+proj=utm +zone=30 +ellps=WGS84"]
            .map(|name| name.as_bytes().to_vec()),
    );
    systems
}

fn descriptions() -> Vec<Vec<u8>> {
    vec![super::samples::DESCRIPTION.as_bytes().to_vec()]
}

fn mappings() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/mapping");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

pub fn keys() -> Vec<Vec<u8>> {
    vec![b"00112233445566778899aabbccddeeff\n".to_vec()]
}

/// Every file of a small store, as one sample.
fn stores() -> Vec<Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    store::write(folder.path(), &super::samples::dataset()).unwrap();
    let mut files = Vec::new();
    collect(folder.path(), folder.path(), &mut files);
    vec![bundle_of(&files)]
}

fn collect(folder: &Path, top: &Path, files: &mut Parts) {
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, top, files);
        } else {
            let name = path.strip_prefix(top).unwrap().display().to_string().replace('\\', "/");
            files.push((name, std::fs::read(&path).unwrap()));
        }
    }
}
