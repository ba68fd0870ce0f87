//! Faults: whatever happens to an import, the store that was there stays readable and whole.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use wardheat::store;

use crate::support::{crimes, four_wards, run};

/// Kills in the ordinary run; `WARDHEAT_SOAK=N` asks for N times as many.
const KILLS: u64 = 200;

fn start(folder: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_wardheat"))
        .arg("import")
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// A small generator of even numbers below 2^32 (Lehmer, 1951), so that every run kills at the same
/// shares of an import.
fn next(state: &mut u64) -> u64 {
    *state = *state * 48_271 % 0x7fff_ffff;
    *state
}

#[test]
fn an_import_killed_at_any_moment_leaves_the_old_store_or_the_new_one() {
    let workspace = four_wards();
    let folder = workspace.path();
    let stored = folder.join("store");
    let version = || store::inventory(&stored).unwrap().version;
    let first = version();
    crimes(folder, 3100);
    let started = Instant::now();
    assert!(start(folder).wait().unwrap().success());
    let length = started.elapsed();
    let second = version();
    assert_ne!(first, second);
    let soak = std::env::var("WARDHEAT_SOAK").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let kills = KILLS * soak;
    let (mut state, mut cut, mut olds) = (20_251_123, 0, 0);

    for i in 0..kills {
        let extra = if i % 2 == 0 { 0 } else { 100 };
        let before = version();
        crimes(folder, 3000 + extra);
        let mut import = start(folder);
        // Spread over the whole import and a little beyond its end.
        let share = next(&mut state) as f64 / f64::from(0x7fff_ffff) * 1.1;
        std::thread::sleep(length.mul_f64(share));
        cut += u64::from(import.try_wait().unwrap().is_none());
        let _ = import.kill();
        import.wait().unwrap();

        let after = version();
        assert!(after == first || after == second, "kill {i}: a version that is neither");
        olds += u64::from(after == before);
        let wrong = store::verify(&stored).unwrap();
        assert!(wrong.is_empty(), "kill {i}: {}", wrong[0]);
        let rows = store::open(&stored).unwrap().incidents.len();
        assert_eq!(rows, if after == first { 3000 } else { 3100 }, "kill {i}");
    }

    println!("{kills} kills: {cut} before the end, {olds} left the old store");
    assert!(cut > kills / 4, "only {cut} of {kills} imports were cut short");
    crimes(folder, 3000);
    workspace.ok(&["import"]);
    assert_eq!(version(), first);
    workspace.ok(&["store", "compact"]);
    assert_eq!(store::inventory(&stored).unwrap().left_over, (0, 0));
}

fn data_files(folder: &Path) -> Vec<PathBuf> {
    let held = store::inventory(&folder.join("store")).unwrap();
    held.files.iter().map(|file| folder.join("store").join(&file.path)).collect()
}

#[test]
fn a_changed_or_cut_file_is_named_with_what_to_do() {
    let workspace = four_wards();
    let folder = workspace.path();

    for path in data_files(folder) {
        let whole = fs::read(&path).unwrap();
        let damages: [(&str, Vec<u8>); 6] = [
            ("the magic", flipped(&whole, 1)),
            ("a page", flipped(&whole, whole.len() / 2)),
            ("the footer", flipped(&whole, whole.len() - 20)),
            ("the end", flipped(&whole, whole.len() - 1)),
            ("cut in half", whole[..whole.len() / 2].to_vec()),
            ("nothing left", Vec::new()),
        ];
        for (what, bytes) in damages {
            fs::write(&path, bytes).unwrap();

            let said = workspace.fails(&["analyse"]);
            let verified = run(folder, &["store", "verify"]);

            let name = path.file_name().unwrap().to_string_lossy();
            assert!(said.contains(&*name), "{what}: {said}");
            assert!(said.contains("wardheat import"), "{what}: {said}");
            let listed = String::from_utf8_lossy(&verified.stdout);
            assert!(!verified.status.success() && listed.contains(&*name), "{what}: {listed}");
        }
        fs::write(&path, whole).unwrap();
    }
    workspace.ok(&["store", "verify"]);
}

fn flipped(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    changed[at] ^= 0x10;
    changed
}

#[test]
fn the_import_mends_a_damaged_store() {
    let workspace = four_wards();
    let version = || store::inventory(&workspace.path().join("store")).unwrap().version;
    let before = version();
    let path = data_files(workspace.path()).swap_remove(0);
    let whole = fs::read(&path).unwrap();
    fs::write(&path, flipped(&whole, 100)).unwrap();

    workspace.ok(&["import"]);

    assert_eq!(version(), before);
    workspace.ok(&["store", "verify"]);
}

#[test]
fn what_an_interrupted_rename_left_is_swept() {
    let workspace = four_wards();
    let stored = workspace.path().join("store");
    let version = store::inventory(&stored).unwrap().version;
    fs::write(stored.join("_manifest.json.tmp"), b"{\"half\":").unwrap();
    fs::create_dir_all(stored.join("_tmp-1")).unwrap();
    fs::write(stored.join("_tmp-1/0.parquet"), b"PAR1").unwrap();

    assert_eq!(store::open(&stored).unwrap().version, version);
    workspace.ok(&["import"]);

    assert_eq!(store::inventory(&stored).unwrap().left_over, (0, 0));
    assert!(!stored.join("_manifest.json.tmp").exists());
    assert!(!stored.join("_tmp-1").exists());
}

#[test]
fn of_two_imports_at_once_each_ends_whole_or_says_that_the_other_writes() {
    let workspace = four_wards();
    let folder = workspace.path();
    let imports: Vec<_> = (0..4)
        .map(|_| {
            Command::new(env!("CARGO_BIN_EXE_wardheat"))
                .arg("import")
                .current_dir(folder)
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();

    let ended: Vec<_> =
        imports.into_iter().map(|import| import.wait_with_output().unwrap()).collect();

    assert!(ended.iter().any(|out| out.status.success()), "none of four came through");
    for out in ended.iter().filter(|out| !out.status.success()) {
        let said = String::from_utf8_lossy(&out.stderr);
        assert!(said.contains("another import is writing"), "{said}");
    }
    workspace.ok(&["store", "verify"]);
}

#[test]
fn a_store_of_a_newer_format_is_refused_and_left_alone() {
    let workspace = four_wards();
    let path = workspace.path().join("store/_manifest.json");
    let text = fs::read_to_string(&path).unwrap();
    let newer = text.replacen("\"format_version\": ", "\"format_version\": 9", 1);
    assert_ne!(text, newer);
    fs::write(&path, &newer).unwrap();

    let said = workspace.fails(&["analyse"]);

    assert!(said.contains("newer than this wardheat reads") && said.contains("update wardheat"));
    assert_eq!(fs::read_to_string(&path).unwrap(), newer);
}

#[test]
fn the_same_import_changes_nothing_and_an_updated_extract_only_its_own_months() {
    let workspace = four_wards();
    let folder = workspace.path();
    let look = || -> Vec<(String, std::time::SystemTime)> {
        let held = store::inventory(&folder.join("store")).unwrap();
        let seen = |path: &str| fs::metadata(folder.join("store").join(path)).unwrap().modified();
        held.files.iter().map(|f| (f.path.clone(), seen(&f.path).unwrap())).collect()
    };
    let first = look();

    workspace.ok(&["import"]);
    assert_eq!(look(), first);

    // A later extract moves one record of March.
    let update = "Crime Ref,HO Class,Committed From,Easting,Northing,Ward\n\
                  R2,30,03/03/2025 12:15,445000,521000,\nR8,30,09/03/2025 18:15,445001,521001,\n";
    fs::write(folder.join("later.csv"), update).unwrap();
    let toml = fs::read_to_string(folder.join("wardheat.toml")).unwrap();
    let both = toml.replace("\"crimes.csv\"", "\"crimes.csv\", \"later.csv\"");
    assert_ne!(toml, both);
    fs::write(folder.join("wardheat.toml"), both).unwrap();
    workspace.ok(&["import"]);

    let second = look();
    let changed: Vec<&String> =
        second.iter().filter(|entry| !first.contains(entry)).map(|(path, _)| path).collect();
    assert_eq!(changed.len(), 1, "{changed:?}");
    assert!(changed[0].contains("month=2025-03"), "{changed:?}");
    assert_eq!(store::open(&folder.join("store")).unwrap().incidents.len(), 3000);
}

#[test]
fn a_removed_month_is_gone_until_the_next_import() {
    let workspace = four_wards();
    let folder = workspace.path();
    let count = || store::open(&folder.join("store")).unwrap().incidents.len();

    let said = workspace.ok(&["store", "remove", "--source", "police", "--month", "2025-02"]);

    assert!(said.contains("removed 500 incidents in 1 files"), "{said}");
    assert_eq!(count(), 2500);
    let refused = workspace.fails(&["store", "remove", "--source", "fire"]);
    assert!(refused.contains("no incidents of fire (it holds: police)"), "{refused}");
    workspace.ok(&["import"]);
    assert_eq!(count(), 3000);
}

#[test]
fn the_list_says_what_is_held_and_what_is_missing() {
    let workspace = four_wards();

    let listed = workspace.ok(&["store", "list"]);

    assert!(listed.contains("3,000 incidents") && !listed.contains("MISSING"), "{listed}");
    fs::remove_file(data_files(workspace.path()).swap_remove(0)).unwrap();
    assert!(workspace.ok(&["store", "list"]).contains("MISSING"));
}

/// A folder on a file system of its own, unmounted at the end.
#[cfg(target_os = "linux")]
struct Mounted(tempfile::TempDir);

#[cfg(target_os = "linux")]
impl Mounted {
    fn new(options: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let done = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .status();
        if done.is_ok_and(|status| status.success()) {
            return Some(Self(folder));
        }
        println!("skipped 1: no file system may be mounted here (root is needed)");
        None
    }
}

#[cfg(target_os = "linux")]
impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[cfg(target_os = "linux")]
fn copy_into(from: &Path, to: &Path) {
    let done = Command::new("cp").arg("-a").arg(from.join(".")).arg(to).status().unwrap();
    assert!(done.success());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_store() {
    let workspace = four_wards();
    let Some(disk) = Mounted::new("size=900k") else { return };
    let folder = disk.0.path();
    copy_into(workspace.path(), folder);
    let stored = folder.join("store");
    let version = store::inventory(&stored).unwrap().version;
    // What is free now is too little for a store of as many records again.
    crimes(folder, 9000);
    let free = vec![7_u8; 4096];
    let mut filler = fs::File::create(folder.join("filler")).unwrap();
    let left = 40 * 1024;
    while free_bytes(folder) > left && std::io::Write::write_all(&mut filler, &free).is_ok() {}

    let out = run(folder, &["import"]);

    let said = String::from_utf8_lossy(&out.stderr);
    assert!(!out.status.success(), "there was room after all");
    assert!(said.contains("No space left on device") && said.contains("make room"), "{said}");
    assert_eq!(store::inventory(&stored).unwrap().version, version);
    assert!(store::verify(&stored).unwrap().is_empty());
    fs::remove_file(folder.join("filler")).unwrap();
    crimes(folder, 3000);
    assert!(run(folder, &["import"]).status.success());
}

#[cfg(target_os = "linux")]
fn free_bytes(folder: &Path) -> u64 {
    let out = Command::new("df").args(["--output=avail", "-B1"]).arg(folder).output().unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    text.lines().nth(1).and_then(|line| line.trim().parse().ok()).unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn a_read_only_folder_is_named_and_its_store_stays_readable() {
    let workspace = four_wards();
    let Some(disk) = Mounted::new("size=4m") else { return };
    let folder = disk.0.path();
    copy_into(workspace.path(), folder);
    crimes(folder, 3050);
    let done = Command::new("mount").args(["-o", "remount,ro"]).arg(folder).status().unwrap();
    assert!(done.success());

    let out = run(folder, &["import"]);

    let said = String::from_utf8_lossy(&out.stderr);
    assert!(!out.status.success() && said.contains("Read-only file system"), "{said}");
    assert_eq!(store::open(&folder.join("store")).unwrap().incidents.len(), 3000);
}
