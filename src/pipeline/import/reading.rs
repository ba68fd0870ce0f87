//! The files of one source as a stream of pieces: one thread reads them in order, all others clean.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use rayon::ThreadPoolBuilder;
use rayon::iter::{ParallelBridge as _, ParallelIterator as _};

use crate::clean::{CleanRows, FileReport, Ground, Rules, SettledSource, SourceRows, Spill};
use crate::read::{Block, LoadedFile, Profile, ReadError};
use crate::workspace::Source;

use super::file::OpenFile;
use super::source::Listed;
use super::watch::{Watch, go_on};
use super::{set_aside, unread};

/// Text of a block: enough rows for locating to be worth a batch, few enough for any number of
/// threads.
const BLOCK: usize = 4 << 20;

/// One source, read and settled.
pub(super) struct ReadSource<'a> {
    pub(super) profile: &'static Profile,
    /// Last day on which a record can have happened.
    pub(super) latest: Option<Date>,
    pub(super) settled: SettledSource<'a>,
    pub(super) reports: Vec<FileReport>,
    /// The header of the rejected rows of each file.
    pub(super) headers: Vec<Vec<u8>>,
}

/// What all readers of a source share.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) source: &'a Source,
    pub(super) rules: &'a Rules<'static>,
    pub(super) ground: &'a Ground,
    pub(super) watch: &'a dyn Watch,
}

/// One piece of a file, in the order of the source.
struct Piece<'a> {
    number: u32,
    file: u32,
    open: Arc<OpenFile<'a>>,
    rows: Rowed,
    /// Bytes on disk that it stands for.
    bytes: u64,
}

enum Rowed {
    Block(Box<dyn Block>),
    Cleaned(Box<CleanRows>),
}

/// The first error by the number of its piece.
#[derive(Default)]
struct First(Mutex<Option<(u32, anyhow::Error)>>);

impl First {
    fn put(&self, number: u32, error: anyhow::Error) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.as_ref().is_none_or(|(first, _)| number < *first) {
            *held = Some((number, error));
        }
    }

    fn is_before(&self, number: u32) -> bool {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().is_some_and(|(first, _)| *first < number)
    }
}

/// Reads the files of a source, cleans them and settles what only the whole shows.
pub(super) fn read_source<'s>(
    reading: Reading<'_>,
    paths: &[Listed],
    spill: &'s Spill,
) -> anyhow::Result<ReadSource<'s>> {
    let rows = SourceRows::new(spill, reading.rules.profile.anonymised);
    let first = First::default();
    let threads = rayon::current_num_threads();
    // A pool of its own: a reader that waited for threads which wait for it would wait for ever.
    let alone = ThreadPoolBuilder::new().num_threads(1).build()?;
    let files = std::thread::scope(|scope| {
        let (send, receive) = sync_channel(2 * threads);
        let first = &first;
        let reader = scope.spawn(move || {
            alone.install(|| Reader { reading, send, number: 0, first }.read_all(paths))
        });
        receive.into_iter().par_bridge().for_each(|piece: Piece<'_>| {
            let number = piece.number;
            if first.is_before(number) {
                return;
            }
            if let Err(error) = clean(piece, &rows, reading.watch) {
                first.put(number, error);
            }
        });
        reader.join()
    });
    let files = files.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    if let Some((_, error)) = first.0.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    go_on(reading.watch)?;
    let settled = rows.settle().map_err(set_aside)?;
    let (reports, headers): (Vec<FileReport>, Vec<_>) = files.into_iter().unzip();
    for (file, report) in settled.files.iter().zip(&reports) {
        if file.account.ledger.rows() == 0 {
            return Err(unread(ReadError::NoRows(report.file.clone())));
        }
    }
    let Rules { profile, latest, .. } = *reading.rules;
    Ok(ReadSource { profile, latest, settled, reports, headers })
}

fn clean(piece: Piece<'_>, rows: &SourceRows<'_>, watch: &dyn Watch) -> anyhow::Result<()> {
    go_on(watch)?;
    let Piece { number, file, open, rows: rowed, bytes } = piece;
    let clean = match rowed {
        Rowed::Block(block) => open.cleaner.clean_block(&*block).map_err(unread)?,
        Rowed::Cleaned(rows) => *rows,
    };
    if let Some(held) = &clean.held {
        return Err(open.hold(held));
    }
    let n_rows = clean.ledger.rows();
    rows.put(file, number, clean).map_err(set_aside)?;
    watch.advance(bytes, n_rows);
    Ok(())
}

/// Sends the pieces of all files in order.
struct Reader<'a, 'f> {
    reading: Reading<'a>,
    send: SyncSender<Piece<'a>>,
    number: u32,
    first: &'f First,
}

impl<'a> Reader<'a, '_> {
    /// What is to be said of each file, with the header of its rejected rows.
    fn read_all(mut self, paths: &[Listed]) -> Vec<(FileReport, Vec<u8>)> {
        let mut files = Vec::with_capacity(paths.len());
        for (file, listed) in (0..).zip(paths) {
            match self.read(file, listed) {
                Ok(Some(read)) => files.push(read),
                // Nobody wants more.
                Ok(None) => break,
                Err(error) => {
                    self.first.put(self.number, error);
                    break;
                }
            }
        }
        files
    }

    fn read(
        &mut self,
        file: u32,
        listed: &Listed,
    ) -> anyhow::Result<Option<(FileReport, Vec<u8>)>> {
        go_on(self.reading.watch)?;
        let loaded = LoadedFile::open(&listed.path).map_err(unread)?;
        let Reading { source, rules, ground, .. } = self.reading;
        let (open, table, mut report) = OpenFile::new(&loaded, source, rules, ground)?;
        let open = Arc::new(open);
        // A packed file gives more text than it has bytes: those left are counted at its end.
        let mut left = listed.bytes;
        let mut take = |n: usize| {
            let bytes = left.min(n as u64);
            left -= bytes;
            bytes
        };
        if let Some(blocks) = table.rows.blocks(BLOCK).map_err(unread)? {
            for block in blocks {
                let block = block.map_err(unread)?;
                let bytes = take(block.bytes());
                if !self.send(file, &open, Rowed::Block(block), bytes) {
                    return Ok(None);
                }
            }
        } else {
            let mut wanted = true;
            let each = |rows| {
                wanted = self.send(file, &open, Rowed::Cleaned(Box::new(rows)), 0);
                wanted
            };
            open.cleaner.clean_all(&table, each).map_err(unread)?;
            if !wanted {
                return Ok(None);
            }
        }
        self.reading.watch.advance(left, 0);
        report.sha256 = loaded.sha256().map_err(unread)?;
        Ok(Some((report, open.cleaner.reject_columns().header(&table.columns))))
    }

    /// Sends one piece; whether more is wanted.
    fn send(&mut self, file: u32, open: &Arc<OpenFile<'a>>, rows: Rowed, bytes: u64) -> bool {
        let number = self.number;
        self.number += 1;
        let piece = Piece { number, file, open: Arc::clone(open), rows, bytes };
        !self.first.is_before(number) && self.send.send(piece).is_ok()
    }
}
