use std::io::Write as _;

use super::*;

/// SHA-256 of `abc`, as FIPS 180-4 gives it.
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

#[test]
fn the_checksum_is_that_of_the_bytes_on_disk_streamed_or_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt");
    std::fs::write(&path, "abc").unwrap();

    let (streamed, asked) = (LoadedFile::open(&path).unwrap(), LoadedFile::open(&path).unwrap());
    io::copy(&mut streamed.reader().unwrap(), &mut io::sink()).unwrap();

    assert_eq!(streamed.sha256.get().map(String::as_str), Some(ABC));
    assert_eq!(asked.sha256().unwrap(), ABC);
}

#[test]
fn gzip_is_unpacked_and_read_again_from_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv.gz");
    std::fs::write(&path, [gzip(b"Ref,"), gzip(b"Date\n")].concat()).unwrap();
    let file = LoadedFile::open(&path).unwrap();

    for _ in 0..2 {
        let mut text = String::new();
        file.reader().unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "Ref,Date\n");
    }
    assert_eq!(file.head(), b"Ref,Date\n");
}

#[test]
fn a_gzip_stream_cut_short_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv.gz");
    let whole = gzip(&[b'x'; 5000]);
    std::fs::write(&path, &whole[..whole.len() - 9]).unwrap();

    let refused = LoadedFile::open(&path).unwrap_err();

    assert!(refused.to_string().contains("damaged or cut short"), "{refused}");
}

#[test]
fn a_gzip_bomb_is_refused_before_it_unpacks() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv.gz");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..1100 {
        packed.write_all(&vec![b'\n'; 1 << 20]).unwrap();
    }
    std::fs::write(&path, packed.finish().unwrap()).unwrap();
    let file = LoadedFile::open(&path).unwrap();

    let refused = io::copy(&mut file.reader().unwrap(), &mut io::sink()).unwrap_err();

    assert!(file.error(refused).to_string().contains("200 times its size"));
}

#[test]
fn a_member_of_an_archive_is_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.zip");
    let mut archive = zip::ZipWriter::new(File::create(&path).unwrap());
    for (name, method) in
        [("2025-01/a.csv", CompressionMethod::Deflated), ("b", CompressionMethod::Stored)]
    {
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        archive.start_file(name, options).unwrap();
        archive.write_all(b"abc").unwrap();
    }
    archive.finish().unwrap();

    for member in ["2025-01/a.csv", "b"] {
        let input = Input { path: path.clone(), member: Some(member.to_owned()) };
        let file = LoadedFile::open_input(&input).unwrap();
        assert_eq!(file.name, format!("archive.zip/{member}"));
        assert_eq!(file.bytes().unwrap().as_ref(), b"abc");
        assert_eq!(file.sha256().unwrap(), ABC);
    }
    let missing = Input { path, member: Some("c".to_owned()) };
    assert!(LoadedFile::open_input(&missing).is_err());
}

#[test]
fn blank_files_are_empty() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    std::fs::write(&path, " \n\r\n").unwrap();

    assert!(matches!(LoadedFile::open(&path), Err(ReadError::Empty(_))));
}
