//! Time and memory that reading a thought-out file may take, and how it is refused.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use wardheat::read::{LoadedFile, ReadError, format};

use super::{LONGEST, TIMES};

/// Bytes that reading may take whatever the size of the file: a feature of 32 MiB is held whole.
const CONSTANT: u64 = 256 << 20;

/// What reading every cell of a file gives, once it is sure that it ended soon and took little.
pub fn read(file: &LoadedFile, size: u64) -> Result<usize, ReadError> {
    within(&file.name, size, || {
        let table = format::open(file)?;
        let mut cells = 0;
        table.rows.each(&mut |row| cells += row.len() + usize::from(row.geometry.is_some()))?;
        Ok(cells)
    })
}

pub fn within<T>(name: &str, size: u64, work: impl FnOnce() -> T) -> T {
    let started = busy();
    let mut done = None;
    let memory = allocation_counter::measure(|| done = Some(work())).bytes_max;
    let took = busy().saturating_sub(started);
    println!("{name}: {size} bytes, {} kB of memory, {took:.2?}", memory / 1024);
    assert!(took < LONGEST, "{name} took {took:?}");
    assert!(memory <= TIMES * size + CONSTANT, "{name} of {size} bytes took {memory} of memory");
    done.unwrap()
}

/// Time that this thread has worked, whatever else the machine does; a clock where the system does
/// not say.
pub fn busy() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let worked = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let worked = worked.and_then(|text| text.split(' ').next()?.parse().ok());
    worked.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

pub fn in_memory(name: &str, bytes: Vec<u8>) -> Result<usize, ReadError> {
    let size = bytes.len() as u64;
    read(&LoadedFile::from_bytes(name, bytes), size)
}

/// A file is refused by its name, for this reason, with something to do.
pub fn refused<T>(done: Result<T, ReadError>, name: &str, why: &str) {
    let Err(error) = done else { panic!("{name} was read") };
    let said = error.to_string();
    assert!(said.starts_with(name) && said.contains(why) && said.len() < 2000, "{said}");
    assert!(error.hint().is_some(), "{said}");
}

pub fn written(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    path
}

/// So many bytes alike, packed.
pub fn packed(times: usize, piece: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..times {
        packed.write_all(piece).unwrap();
    }
    packed.finish().unwrap()
}

pub fn read_on_disk(path: &Path) -> Result<usize, ReadError> {
    let size = fs::metadata(path).unwrap().len();
    LoadedFile::open(path).and_then(|file| read(&file, size))
}
