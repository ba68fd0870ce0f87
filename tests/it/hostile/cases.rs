//! Files that were thought out: each is refused, or read in bounds. Those of places are in
//! `geodata`, workbooks in `books`.

use std::fs;
use std::io::Write as _;

use wardheat::read::{LoadedFile, archive, format};

use super::bounds::{in_memory, packed, read, refused, within, written};
use super::targets::{gzip, zip_of};
#[test]
fn a_line_of_a_gigabyte_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (name, piece) in [("a.csv.gz", "x"), ("b.csv.gz", "x,\"")] {
        let bytes = packed(1000, piece.repeat((1 << 20) / piece.len()).as_bytes());
        let path = written(&folder, name, &bytes);
        let done = within(name, 0, || {
            let file = LoadedFile::open(&path)?;
            format::open(&file)?.rows.each(&mut |_| {})
        });
        let said = done.unwrap_err().to_string();
        assert!(said.starts_with(name), "{said}");
    }
}

#[test]
fn gzip_and_zip_bombs_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let bomb = packed(1100, &vec![b'\n'; 1 << 20]);
    let path = written(&folder, "bomb.csv.gz", &bomb);
    let file = LoadedFile::open(&path).unwrap();
    refused(read(&file, 0), "bomb.csv.gz", "200 times its size");

    let path = written(&folder, "bomb.geojson.gz", &packed(200, &vec![b' '; 1 << 20]));
    let file = LoadedFile::open(&path).unwrap();
    assert!(read(&file, 64 << 20).is_err());

    // A bomb within an archive, and an archive within one.
    let mut writer = zip::ZipWriter::new(fs::File::create(folder.path().join("bomb.zip")).unwrap());
    writer.start_file("a.csv", zip::write::SimpleFileOptions::default()).unwrap();
    for _ in 0..1100 {
        writer.write_all(&vec![b'\n'; 1 << 20]).unwrap();
    }
    writer.finish().unwrap();
    let file = LoadedFile::open(&folder.path().join("bomb.zip")).unwrap();
    refused(read(&file, 0), "bomb.zip/a.csv", "200 times its size");

    let inner = zip_of(&[("a.csv".into(), b"x,y\n1,2\n".to_vec())]);
    let path = written(&folder, "outer.zip", &zip_of(&[("inner.zip".into(), inner)]));
    refused(archive(&path), "outer.zip", "without any file that is read");
}

/// Members of an archive that are the same bytes: the directory names them many times over.
#[test]
fn members_that_overlap_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let whole = zip_of(&[("aaaa.csv".into(), vec![b'x'; 2000])]);
    let end = whole.len() - 22;
    let start = u32::from_le_bytes(whole[end + 16..end + 20].try_into().unwrap()) as usize;
    let mut hostile = whole[..start].to_vec();
    for i in 0..100_u32 {
        let mut entry = whole[start..end].to_vec();
        entry[46..50].copy_from_slice(format!("a{i:03}").as_bytes());
        hostile.extend(entry);
    }
    let mut tail = whole[end..].to_vec();
    tail[8..10].copy_from_slice(&100_u16.to_le_bytes());
    tail[10..12].copy_from_slice(&100_u16.to_le_bytes());
    let length = (hostile.len() - start) as u32;
    tail[12..16].copy_from_slice(&length.to_le_bytes());
    hostile.extend(tail);

    refused(archive(&written(&folder, "many.zip", &hostile)), "many.zip", "overlap");
}

#[test]
fn a_hundred_thousand_columns_are_refused_in_every_format() {
    let names: Vec<String> = (0..100_000).map(|i| format!("c{i}")).collect();
    let row = vec!["1"; 100_000].join(",");
    let text = format!("{}\n{row}\n{row}\n", names.join(","));
    assert!(in_memory("wide.csv", text.into_bytes()).is_err());

    let members = names.iter().map(|name| format!("\"{name}\":1")).collect::<Vec<_>>().join(",");
    let text = format!(r#"{{"type":"Feature","geometry":null,"properties":{{{members}}}}}"#);
    refused(in_memory("wide.geojson", text.into_bytes()), "wide.geojson", "more than 2000 columns");

    // Each feature has a column of its own.
    let features = names
        .iter()
        .map(|name| format!(r#"{{"type":"Feature","geometry":null,"properties":{{"{name}":1}}}}"#));
    let text = features.collect::<Vec<_>>().join("\n");
    refused(in_memory("each.geojsonl", text.into_bytes()), "each.geojsonl", "2000 columns");
}

#[test]
fn deep_json_is_refused() {
    for (name, text) in [
        ("a.geojson", format!("{{\"type\":\"FeatureCollection\",\"x\":{}", "[".repeat(1_000_000))),
        (
            "b.geojson",
            format!(
                r#"{{"type":"Feature","geometry":null,"properties":{{"x":{}{}}}}}"#,
                "[".repeat(100_000),
                "]".repeat(100_000)
            ),
        ),
        (
            "c.geojson",
            format!(
                r#"{{"type":"Feature","properties":{{}},"geometry":{}"#,
                r#"{"type":"GeometryCollection","geometries":["#.repeat(50_000)
            ),
        ),
    ] {
        let done = in_memory(name, text.into_bytes());
        let said = done.unwrap_err().to_string();
        assert!(said.starts_with(name), "{said}");
    }
}

#[test]
fn texts_beside_a_workspace_are_read_to_a_limit() {
    let folder = tempfile::tempdir().unwrap();
    let name = wardheat::workspace::DESCRIPTION;
    fs::write(folder.path().join(name), "name = \"x\"\n".repeat(1 << 20)).unwrap();
    let refused = wardheat::workspace::Workspace::load(folder.path()).unwrap_err();
    assert!(refused.to_string().contains(name), "{refused}");
    let deep = format!("name = \"x\"\nareas = {}", "[".repeat(1_000_000));
    fs::write(folder.path().join(name), deep).unwrap();
    assert!(wardheat::workspace::Workspace::load(folder.path()).is_err());
}

#[test]
fn what_a_gzip_stream_holds_is_recognised_by_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(&folder, "a.csv.gz", &gzip(b"PK\x03\x04 not a zip"));
    refused(LoadedFile::open(&path).and_then(|file| read(&file, 0)), "a.csv.gz", "zip file");
}
