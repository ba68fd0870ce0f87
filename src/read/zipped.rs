//! Zip files opened in bounded memory: the library makes room for as many members as a directory
//! says it has, before it reads one.

use std::io::{self, Read, Seek, SeekFrom};

use memchr::memmem;
use zip::ZipArchive;
use zip::result::{ZipError, ZipResult};

use super::file::read_full;

/// Length of the end of a directory with the longest comment there can be.
const TAIL: u64 = 22 + 65_535;
/// Bytes of the shortest entry of a directory.
const ENTRY: u64 = 46;

/// Opens an archive, once it is sure that it is long enough for the members that it says it has.
pub(super) fn open<R: Read + Seek>(mut archive: R) -> ZipResult<ZipArchive<R>> {
    let length = archive.seek(SeekFrom::End(0))?;
    let tail = tail(&mut archive, length)?;
    if said(&tail).any(|members| members.saturating_mul(ENTRY) > length) {
        return Err(ZipError::InvalidArchive(
            "its directory names more members than it has room for".into(),
        ));
    }
    archive.seek(SeekFrom::Start(0))?;
    ZipArchive::new(archive)
}

fn tail<R: Read + Seek>(archive: &mut R, length: u64) -> io::Result<Vec<u8>> {
    archive.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
    let mut tail = vec![0; length.min(TAIL) as usize];
    let n = read_full(archive, &mut tail)?;
    tail.truncate(n);
    Ok(tail)
}

/// Every number of members that something which looks like the end of a directory says, in the short
/// form and in that of large archives.
fn said(tail: &[u8]) -> impl Iterator<Item = u64> {
    const SHORT: &[u8] = b"PK\x05\x06";
    const LONG: &[u8] = b"PK\x06\x06";
    let is_long = memmem::find(tail, LONG).is_some();
    let short = memmem::find_iter(tail, SHORT).filter_map(move |at| {
        let number = u16::from_le_bytes(*tail.get(at + 10..)?.first_chunk()?);
        // All bits set: the long form says it.
        (number != u16::MAX || !is_long).then_some(u64::from(number))
    });
    let long = memmem::find_iter(tail, LONG)
        .filter_map(|at| Some(u64::from_le_bytes(*tail.get(at + 32..)?.first_chunk()?)));
    short.chain(long)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use zip::write::SimpleFileOptions;

    use super::*;

    fn archive(members: usize) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for i in 0..members {
            writer.start_file(format!("{i}.txt"), SimpleFileOptions::default()).unwrap();
            writer.write_all(b"a").unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn what_a_directory_says_is_held_against_the_length_of_the_file() {
        let mut bytes = archive(3);
        assert_eq!(open(Cursor::new(&bytes)).unwrap().len(), 3);

        for count in [60_000_u16, u16::MAX] {
            let at = bytes.len() - 22;
            bytes[at + 8..at + 10].copy_from_slice(&count.to_le_bytes());
            bytes[at + 10..at + 12].copy_from_slice(&count.to_le_bytes());

            let refused = open(Cursor::new(&bytes)).unwrap_err().to_string();

            assert!(refused.contains("more members than it has room for"), "{refused}");
        }
    }

    #[test]
    fn archives_of_many_members_are_opened() {
        let bytes = archive(66_000);

        assert_eq!(open(Cursor::new(&bytes)).unwrap().len(), 66_000);
    }

    #[test]
    fn what_is_no_archive_is_refused_as_before() {
        assert!(open(Cursor::new(b"PK\x03\x04 and no more".to_vec())).is_err());
        assert!(open(Cursor::new(Vec::new())).is_err());
    }
}
