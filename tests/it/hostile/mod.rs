//! Hostile files: whatever a file holds, reading it ends soon, in little memory, with the table or
//! with one error that names the file.
//!
//! `no_changed_file_does_harm` changes small files at random, by a seed, and reads them; `cases`,
//! `geodata` and `books` hold files that were thought out. `WARDHEAT_SOAK=20` reads twenty times as many.

mod books;
mod bounds;
mod cases;
mod geodata;
mod mutate;
mod readers;
mod samples;
mod targets;

use std::fs;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use mutate::Mutator;
use targets::{TARGETS, Target};

/// Inputs of a usual run.
const INPUTS: usize = 100_000;

/// Longest that one input may take.
const LONGEST: Duration = Duration::from_secs(10);

/// Times the size of a file that reading it may take in memory, beside the reader's constant.
const TIMES: u64 = 4;

/// Most letters of a refusal: forty names of columns, eighty letters of each, and the words around.
const MOST_SAID: usize = 4_000;

/// Says what a process of its own is to do: `<its number>/<how many there are>/<inputs>`, or
/// `<reader>:<input>` for one input alone.
const TASK: &str = "WARDHEAT_HOSTILE";

fn soak() -> usize {
    std::env::var("WARDHEAT_SOAK").ok().and_then(|times| times.parse().ok()).unwrap_or(1)
}

/// Reads changed files of every kind, in processes of their own: one that never ends, or takes the
/// process down, is told by its number, and the reader by its name.
#[test]
fn no_changed_file_does_harm() {
    let folder = tempfile::tempdir().unwrap();
    let inputs = INPUTS * soak();
    let n = std::thread::available_parallelism().map_or(1, usize::from);
    let started = Instant::now();
    let mut running: Vec<Running> =
        (0..n).map(|i| Running::start(folder.path(), &format!("{i}/{n}/{inputs}"), i)).collect();
    while running.iter_mut().any(Running::is_running) {
        std::thread::sleep(Duration::from_millis(100));
    }
    let failed: Vec<&String> = running.iter().filter_map(|one| one.failed.as_ref()).collect();
    assert!(failed.is_empty(), "{failed:?}");
    let mut totals = vec![Total::default(); TARGETS.len()];
    for process in &running {
        let text = fs::read_to_string(&process.summary).unwrap();
        for (total, line) in totals.iter_mut().zip(text.lines()) {
            total.add(line);
        }
    }
    println!("reader          inputs   read  slowest ms  memory kB  over the file");
    for (total, target) in totals.iter().zip(TARGETS) {
        println!(
            "{:14}  {:6}  {:5}  {:10}  {:9}  {:13}",
            target.name,
            total.0[0],
            total.0[1],
            total.0[2],
            total.0[3] / 1024,
            total.0[4] / 1024
        );
    }
    let read: u64 = totals.iter().map(|total| total.0[0]).sum();
    println!("{read} inputs in {:.1} s", started.elapsed().as_secs_f64());
    assert!(read >= inputs as u64);
}

struct Running {
    child: Child,
    progress: std::path::PathBuf,
    summary: std::path::PathBuf,
    last: (String, Instant),
    ended: bool,
    failed: Option<String>,
}

impl Running {
    fn start(folder: &Path, task: &str, number: usize) -> Self {
        let progress = folder.join(format!("progress-{number}"));
        let summary = folder.join(format!("summary-{number}"));
        let work = folder.join(format!("work-{number}"));
        fs::create_dir(&work).unwrap();
        fs::write(&progress, "").unwrap();
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["hostile::one_process", "--exact", "--ignored", "--nocapture"])
            .env(TASK, task)
            .env("WARDHEAT_HOSTILE_WORK", &work)
            .env("WARDHEAT_HOSTILE_PROGRESS", &progress)
            .env("WARDHEAT_HOSTILE_SUMMARY", &summary)
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let last = (String::new(), Instant::now());
        Self { child, progress, summary, last, ended: false, failed: None }
    }

    fn is_running(&mut self) -> bool {
        if self.ended {
            return false;
        }
        let now = fs::read_to_string(&self.progress).unwrap();
        if now != self.last.0 {
            self.last = (now, Instant::now());
        }
        if let Some(status) = self.child.try_wait().unwrap() {
            self.ended = true;
            if !status.success() {
                self.failed = Some(format!("{} ended the process: {status}", self.last.0.trim()));
            }
        } else if self.last.1.elapsed() > LONGEST + Duration::from_secs(5) {
            self.child.kill().unwrap();
            panic!("reading {} took over {LONGEST:?}", self.last.0.trim());
        }
        !self.ended
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.ended {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// Inputs, those read to the end, slowest in ms, most memory, most memory beyond that allowed for
/// the size of the file.
#[derive(Debug, Default, Clone)]
struct Total([u64; 5]);

impl Total {
    fn add(&mut self, line: &str) {
        for (i, number) in line.split(' ').map(|word| word.parse::<u64>().unwrap()).enumerate() {
            self.0[i] = if i < 2 { self.0[i] + number } else { self.0[i].max(number) };
        }
    }
}

#[test]
#[ignore = "a part of no_changed_file_does_harm, in a process of its own"]
fn one_process() {
    let Ok(task) = std::env::var(TASK) else { return };
    // The memory of a reader is that of its thread.
    rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global().unwrap();
    // Readers leave files behind, and the folder is emptied after each: it must be nobody else's.
    let own = tempfile::tempdir().unwrap();
    let given = std::env::var("WARDHEAT_HOSTILE_WORK").map(PathBuf::from);
    let folder = given.unwrap_or_else(|_| own.path().to_owned());
    if let Some((name, input)) = task.split_once(':') {
        let target = TARGETS.iter().find(|target| target.name == name).unwrap();
        let samples = (target.samples)();
        warm(target, &samples, &folder);
        let done = read_one(target, &samples, &folder, input.parse().unwrap());
        eprintln!("{done:?}");
        return;
    }
    let numbers: Vec<usize> = task.split('/').map(|word| word.parse().unwrap()).collect();
    let [number, of, inputs] = numbers[..] else { panic!("{task}") };
    let mut progress = fs::File::options()
        .write(true)
        .open(std::env::var("WARDHEAT_HOSTILE_PROGRESS").unwrap())
        .unwrap();
    let weights: usize = TARGETS.iter().map(|target| target.weight).sum();
    let (mut lines, mut wrong) = (String::new(), Vec::new());
    for target in TARGETS {
        let samples = (target.samples)();
        warm(target, &samples, &folder);
        let mut total = Total::default();
        for input in (number..(inputs * target.weight).div_ceil(weights)).step_by(of) {
            progress.seek(SeekFrom::Start(0)).unwrap();
            write!(progress, "{:60}", format!("{}:{input}", target.name)).unwrap();
            match read_one(target, &samples, &folder, input) {
                Ok(numbers) => total.add(&numbers.map(|n| n.to_string()).join(" ")),
                Err(what) => wrong.push(format!("{}:{input}: {what}", target.name)),
            }
        }
        lines.push_str(&total.0.map(|n| n.to_string()).join(" "));
        lines.push('\n');
    }
    fs::write(std::env::var("WARDHEAT_HOSTILE_SUMMARY").unwrap(), lines).unwrap();
    for what in wrong.iter().take(60) {
        eprintln!("{what}");
    }
    assert!(wrong.is_empty(), "{} inputs did harm", wrong.len());
}

/// Loads what is loaded once: the shift grid, which is no reader's memory.
fn warm_up() {
    let place = wardheat::crs::LonLat::new(-1.3, 54.5).unwrap();
    let place = wardheat::crs::lonlat_to_bng(place).unwrap();
    std::hint::black_box(wardheat::crs::bng_to_lonlat(place)).unwrap();
}

/// Reads files as they should be, so that what is loaded once for all (layouts, categories, the shift
/// grid) is no changed file's memory.
fn warm(target: &Target, samples: &[Vec<u8>], folder: &Path) {
    warm_up();
    for (way, sample) in (0..8).zip(samples.iter().cycle()) {
        let _ = (target.read)(folder, sample, way);
        clear(folder);
    }
}

fn clear(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    }
}

/// Reads one changed file; what it took, or what is wrong.
fn read_one(
    target: &Target,
    samples: &[Vec<u8>],
    folder: &Path,
    input: usize,
) -> Result<[u64; 5], String> {
    let seed = target.name.bytes().fold(input as u64, |seed, byte| {
        seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ u64::from(byte)
    });
    let mut mutator = Mutator::new(seed);
    let bytes = (target.change)(&mut mutator, samples);
    let way = mutator.below(1 << 20);
    let size = bytes.len() as u64;
    let started = Instant::now();
    let mut done = None;
    let memory = allocation_counter::measure(|| {
        done = Some(catch_unwind(AssertUnwindSafe(|| (target.read)(folder, &bytes, way))));
    });
    let took = started.elapsed();
    clear(folder);
    let refusal = match done {
        Some(Ok(done)) => done.err(),
        _ => return Err("a panic".to_owned()),
    };
    if let Some(refusal) = &refusal {
        let said = &refusal.message;
        if !said.contains(target.named) || said.chars().count() > MOST_SAID {
            return Err(format!("does not name the file: {said}"));
        }
        if !target.named.is_empty() && refusal.hint.is_none() {
            return Err(format!("does not say what to do: {said}"));
        }
    }
    if took > LONGEST {
        return Err(format!("took {took:?}"));
    }
    let over = memory.bytes_max.saturating_sub(TIMES * size);
    if over > target.constant {
        return Err(format!("took {} bytes for a file of {size}", memory.bytes_max));
    }
    Ok([1, u64::from(refusal.is_none()), took.as_millis() as u64, memory.bytes_max, over])
}
