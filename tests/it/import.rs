//! `wardheat import` as its user sees it: the same store at any number of threads, progress, a stop
//! by Ctrl-C, and rejected rows that can be mended.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;
use wardheat::store;

use crate::support::{Workspace, add_file, crimes, four_wards, run};

#[test]
fn the_store_is_the_same_to_the_byte_at_any_number_of_threads() {
    let workspace = four_wards();
    // Several blocks of text, and a second extract that takes rows out of the first.
    crimes(workspace.path(), 150_000);
    let later = "Crime Ref,HO Class,Committed From,Easting,Northing,Ward\n\
                 R2,30,03/03/2025 12:15,445000,521000,\nR3,nonsense,03/03/2025 12:15,445000,521000,\n";
    fs::write(workspace.path().join("later.csv"), later).unwrap();
    add_file(workspace.path(), "crimes.csv", "later.csv");
    let with = |threads: &str| {
        fs::remove_dir_all(workspace.path().join("store")).unwrap();
        workspace.ok(&["--threads", threads, "import"]);
        (workspace.files_under("store"), workspace.files_under("rejects"))
    };

    let (one, many) = (with("1"), with("5"));

    assert!(one.0.len() > 8 && one.1.len() == 2, "{:?}", one.1.keys());
    assert_eq!(one.0.keys().collect::<Vec<_>>(), many.0.keys().collect::<Vec<_>>());
    assert!(one == many, "the same names hold other bytes");
}

#[test]
fn without_a_terminal_progress_is_plain_lines() {
    let workspace = four_wards();

    let out = run(workspace.path(), &["import"]);

    let said = String::from_utf8_lossy(&out.stderr);
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines[0].starts_with("reading and cleaning ") && lines[0].ends_with(" kB"), "{said}");
    assert_eq!(lines[1], "storing 3,000 incidents");
    assert!(lines[2].starts_with("3000 incidents stored as version "), "{said}");
    assert!(!said.contains('\u{1b}') && !said.contains('\r'), "{said:?}");
}

#[test]
fn for_machines_progress_is_lines_of_json_and_the_report_one_document() {
    let workspace = four_wards();

    let out = run(workspace.path(), &["import", "--json"]);

    let said = String::from_utf8_lossy(&out.stderr);
    let lines: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut stages: Vec<&str> = lines.iter().map(|line| line["stage"].as_str().unwrap()).collect();
    // A slow machine says several times how far it is.
    stages.dedup();
    let last = lines.last().unwrap();
    assert_eq!(stages, ["read", "store", "done"], "{said}");
    assert!(lines[0]["total"].as_u64().unwrap() > 100_000 && lines[0]["unit"] == "bytes", "{said}");
    assert_eq!(last["incidents"], 3000);
    let version = store::inventory(&workspace.path().join("store")).unwrap().version;
    assert_eq!(last["version"], version.as_str());
    let report: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(report["sources"][0]["total"]["rows_in"], 3000);
}

/// On Windows the same handler hears the console's Ctrl-C event, which no test can send to one
/// process of a console alone.
#[cfg(unix)]
#[test]
fn ctrl_c_leaves_the_store_as_it_was_and_says_so() {
    let workspace = four_wards();
    let folder = workspace.path();
    let before = workspace.files_under("store");
    crimes(folder, 400_000);
    let mut import = Command::new(env!("CARGO_BIN_EXE_wardheat"))
        .args(["import", "--json"])
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(import.stderr.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    assert!(line.contains("\"read\""), "{line}");

    let sent = Command::new("kill").args(["-INT", &import.id().to_string()]).status().unwrap();
    let rest: Vec<String> = said.lines().map(Result::unwrap).collect();
    let ended = import.wait().unwrap();

    assert!(sent.success());
    assert_eq!(ended.code(), Some(130), "{rest:?}");
    let last = rest.iter().find(|line| line.starts_with("error: ")).unwrap();
    assert_eq!(last, "error: the import was stopped; the store is as it was");
    assert!(workspace.files_under("store") == before, "the store has changed");
}

/// One row that is sound, one of each reason for rejecting, with what must never be written.
const MIXED: &str = "Crime Ref,HO Class,Crime Group,Committed From,Easting,Northing,Ward,Domestic,Victim\n\
    R/100,30,Burglary,13/03/2025 12:15,445123,521123,,N,Ann Other\n\
    R/101,999,Barratry,13/03/2025 12:15,445456,521456,E05000000,N,Ben Other\n\
    R/102,30,Burglary,32/13/2025,445789,521789,,N,Cat Other\n\
    R/103,8N,Violence,no day,445987,521987,E05000000,Y,Dan Other\n\
    R/104,30,Burglary,13/03/2025 12:15,445222,521222,,N,Eve Other,7\n";

/// A workspace of four wards with the mixed rows alone.
fn mixed() -> Workspace {
    let workspace = four_wards();
    let folder = workspace.path();
    for old in ["wardheat.toml", "crimes.csv"] {
        fs::remove_file(folder.join(old)).unwrap();
    }
    fs::remove_dir_all(folder.join("store")).unwrap();
    fs::write(folder.join("mixed.csv"), MIXED).unwrap();
    workspace.ok(&["init", "--areas", "wards.geojson", "--incidents", "mixed.csv"]);
    workspace.ok(&["import"]);
    workspace
}

#[test]
fn rejected_rows_are_kept_as_coarsely_as_they_may_be() {
    let workspace = mixed();

    let rejects = workspace.files_under("rejects");
    assert_eq!(rejects.keys().collect::<Vec<_>>(), ["about.txt", "police/mixed.csv"]);
    let version = store::inventory(&workspace.path().join("store")).unwrap().version;
    assert!(String::from_utf8_lossy(&rejects["about.txt"]).contains(&version));
    let text = String::from_utf8(rejects["police/mixed.csv"].clone()).unwrap();
    let mut lines = text.lines();
    let header = "Rejected because,Line of the file,Crime Ref,HO Class,Crime Group,Committed From,\
                  Easting,Northing,Ward,Domestic";
    assert_eq!(lines.next(), Some(header));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let found: Vec<(&str, &[&str])> = rows.iter().map(|row| (row[1], &row[3..])).collect();
    // No coordinates where the category is not known, none of a domestic crime, no cell at all
    // where a cell too many has moved the others.
    let wanted = [
        ("3", &["999", "Barratry", "13/03/2025 12:15", "", "", "E05000000", "N"][..]),
        ("4", &["30", "Burglary", "32/13/2025", "445789", "521789", "", "N"][..]),
        ("5", &["8N", "Violence", "no day", "", "", "E05000000", "Y"][..]),
        ("6", &["", "", "", "", "", "", ""][..]),
    ];
    assert_eq!(found, wanted);
    for (name, bytes) in workspace.files_under("store").iter().chain(&rejects) {
        let shown = String::from_utf8_lossy(bytes);
        for hidden in ["Other", "R/10", "445456", "521456", "445987", "521987", "445222"] {
            assert!(!shown.contains(hidden), "{hidden} was written to {name}");
        }
    }
}

#[test]
fn rejected_rows_can_be_mended_and_imported_again() {
    let workspace = mixed();
    let folder = workspace.path();
    let stored = || store::open(&folder.join("store")).unwrap().incidents;
    assert_eq!(stored().len(), 1);
    let text = fs::read_to_string(folder.join("rejects/police/mixed.csv")).unwrap();
    let whole = text.split_inclusive('\n').filter(|line| !line.starts_with("more or fewer cells"));
    let mended = whole
        .collect::<String>()
        .replace("999,Barratry", "30,Burglary")
        .replace("32/13/2025", "13/03/2025 10:00")
        .replace("no day", "14/03/2025 10:00");
    fs::write(folder.join("mended.csv"), mended).unwrap();

    add_file(folder, "mixed.csv", "mended.csv");
    workspace.ok(&["import"]);

    let all = stored();
    assert_eq!(all.len(), 4);
    assert_eq!((0..4).filter(|i| all.position(*i).is_some()).count(), 2);
    // The mended record, and a later extract that has it under its own reference, are one.
    let later = "Crime Ref,HO Class,Crime Group,Committed From,Easting,Northing,Ward,Domestic\n\
                 R/102,30,Burglary,13/03/2025 10:00,445790,521790,,N\n";
    fs::write(folder.join("later.csv"), later).unwrap();
    add_file(folder, "mended.csv", "later.csv");
    workspace.ok(&["import"]);
    assert_eq!(stored().len(), 4);

    // What is no longer rejected is no longer kept as such.
    let sound = "Crime Ref,HO Class,Crime Group,Committed From,Easting,Northing,Ward,Domestic\n\
                 R/100,30,Burglary,13/03/2025 12:15,445123,521123,,N\n";
    fs::write(folder.join("mixed.csv"), sound).unwrap();
    workspace.ok(&["import"]);
    assert!(!folder.join("rejects").exists());
}

#[test]
fn a_source_in_the_folder_of_rejected_rows_is_refused() {
    let workspace = mixed();
    add_file(workspace.path(), "mixed.csv", "rejects/police/mixed.csv");

    let said = workspace.fails(&["import"]);

    assert!(said.contains("lies in rejects/") && said.contains("copy it to another"), "{said}");
    assert!(workspace.path().join("rejects/police/mixed.csv").is_file());
}
