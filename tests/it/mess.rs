//! The table of mess: what is found in partners' files, each row with a fixture in
//! `tests/data/mess/`, put through the program as a user would.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::Workspace;

/// One case of a row of the table: files of one or several sources, and what must be said of them.
struct Case {
    /// Row of the table.
    row: &'static str,
    /// Profile and files of each source.
    sources: &'static [(&'static str, &'static [&'static str])],
    /// More lines of `wardheat.toml`, below the last source.
    more: &'static str,
    /// Kept, excluded and rejected over all sources.
    rows: (u64, u64, u64),
    /// How often each reason is counted.
    counted: &'static [(&'static str, u64)],
    /// What the report says in words.
    says: &'static [&'static str],
}

/// A file that is refused, and what is said of it.
struct Refusal {
    row: &'static str,
    profile: &'static str,
    file: &'static str,
    says: &'static [&'static str],
    never_says: &'static [&'static str],
}

/// Every row of the table, in its order.
const ROWS: &[&str] = &[
    "missing coordinates",
    "0/0 or origin",
    "default coordinates",
    "mixed precision",
    "rounded heaping",
    "swapped easting and northing",
    "degrees in grid columns, or no minus on the longitude",
    "outside the area",
    "boundary records",
    "given ward disagrees with coordinates",
    "old ward names or codes",
    "dates",
    "two-digit years, 1900, 9999",
    "time",
    "from after to; window over 24 hours",
    "clock change",
    "encoding",
    "delimiters",
    "preamble and footer",
    "repeated headers and blank rows",
    "Excel damage",
    "duplicate references",
    "cross-source double",
    "cancelled and no-crime",
    "recorded against committed date",
    "partial last month",
    "month missing",
    "category drift",
    "personal text in a legitimate column",
    "night-time band",
];

const CRIME: &str = "police-crime";

const CASES: &[Case] = &[
    Case {
        row: "missing coordinates",
        sources: &[(CRIME, &["missing_coordinates.csv"])],
        more: "",
        rows: (7, 0, 0),
        counted: &[("no-position", 6)],
        says: &[],
    },
    Case {
        row: "0/0 or origin",
        sources: &[(CRIME, &["origin.csv"])],
        more: "",
        rows: (3, 0, 0),
        counted: &[("no-position", 2)],
        says: &[],
    },
    Case {
        row: "default coordinates",
        sources: &[(CRIME, &["default_coordinates.csv"])],
        more: "",
        rows: (265, 0, 0),
        // Five are domestic: they keep no position, and the place is still known for a default.
        counted: &[("default-place", 65), ("ward-only", 5), ("ward-disagrees", 25)],
        says: &["60 records share the position 446001, 519001"],
    },
    Case {
        row: "mixed precision",
        sources: &[(CRIME, &["mixed_precision.csv"])],
        more: "",
        rows: (6, 0, 0),
        counted: &[("short-position", 3)],
        says: &[],
    },
    Case {
        row: "rounded heaping",
        sources: &[(CRIME, &["rounded_heaping.csv"])],
        more: "",
        rows: (100, 0, 0),
        counted: &[("short-position", 30)],
        says: &["many positions end in 00"],
    },
    Case {
        row: "swapped easting and northing",
        sources: &[(CRIME, &["swapped.csv"])],
        more: "",
        rows: (2, 0, 0),
        counted: &[("swapped-position", 1)],
        says: &[],
    },
    Case {
        row: "degrees in grid columns, or no minus on the longitude",
        sources: &[(CRIME, &["degrees_in_grid_columns.csv"])],
        more: "",
        rows: (3, 0, 0),
        counted: &[("other-system", 2)],
        says: &[],
    },
    Case {
        row: "degrees in grid columns, or no minus on the longitude",
        sources: &[("police-uk", &["no_minus.csv"])],
        more: "",
        rows: (2, 0, 0),
        counted: &[("lost-sign", 1)],
        says: &[],
    },
    Case {
        row: "outside the area",
        sources: &[(CRIME, &["outside_area.csv"])],
        more: "",
        rows: (2, 2, 0),
        counted: &[("outside-area", 2), ("nearest-ward", 1)],
        says: &["near 460 km E, 519 km N"],
    },
    Case {
        row: "boundary records",
        sources: &[(CRIME, &["boundary.csv"])],
        more: "",
        rows: (3, 0, 0),
        counted: &[],
        says: &[],
    },
    Case {
        row: "given ward disagrees with coordinates",
        sources: &[(CRIME, &["ward_disagrees.csv"])],
        more: "",
        rows: (4, 0, 0),
        counted: &[("ward-disagrees", 2)],
        says: &["disagrees with the position for 2 of 4 records that have both (50%)"],
    },
    Case {
        row: "old ward names or codes",
        sources: &[(CRIME, &["old_wards.csv"])],
        more: "",
        rows: (4, 0, 0),
        counted: &[("unknown-ward", 3)],
        says: &["`Docks` (1)", "`E05009001` (1)", "`Riverside (old)` (1)"],
    },
    Case {
        row: "old ward names or codes",
        sources: &[(CRIME, &["old_wards.csv"])],
        more: "[[lookup]]\nfile = \"{mess}/old_wards_lookup.csv\"\nfrom = \"WD13CD\"\nfrom-kind = \"ward\"\nfrom-edition = \"2013\"\nto = \"WD24CD\"\nto-kind = \"ward\"\nto-edition = \"2024\"\n",
        rows: (4, 0, 0),
        counted: &[("old-ward", 2), ("unknown-ward", 1)],
        says: &["`Riverside (old)` (1)"],
    },
    Case {
        row: "dates",
        sources: &[(CRIME, &["dates_day_first.csv"])],
        more: "",
        rows: (4, 0, 1),
        counted: &[("date-not-understood", 1)],
        says: &["dates dd/mm/yyyy", "line 6: 45750"],
    },
    Case {
        row: "dates",
        sources: &[(CRIME, &["dates_excel.csv"])],
        more: "",
        rows: (2, 0, 0),
        counted: &[("time-unknown", 1)],
        says: &["dates excel-serial"],
    },
    Case {
        row: "two-digit years, 1900, 9999",
        sources: &[(CRIME, &["years.csv"])],
        more: "",
        rows: (4, 0, 1),
        counted: &[("recorded-date-used", 2), ("no-date", 1), ("recorded-late", 1)],
        says: &[],
    },
    Case {
        row: "time",
        sources: &[("council-asb", &["times.csv"])],
        more: "",
        rows: (6, 0, 0),
        counted: &[("time-unknown", 1)],
        says: &[],
    },
    Case {
        row: "time",
        sources: &[(CRIME, &["midnight.csv"])],
        more: "",
        rows: (100, 0, 0),
        counted: &[("time-unknown", 40)],
        says: &["00:00 is read as hour not known", "12:00 is read as hour not known"],
    },
    Case {
        row: "from after to; window over 24 hours",
        sources: &[(CRIME, &["spans.csv"])],
        more: "",
        rows: (4, 0, 0),
        counted: &[("end-before-start", 1), ("span-swapped", 1), ("long-span", 1)],
        says: &[],
    },
    Case {
        row: "clock change",
        sources: &[(CRIME, &["clock_change.csv"])],
        more: "",
        rows: (3, 0, 0),
        counted: &[("clock-change", 2)],
        says: &["local clock time"],
    },
    Case {
        row: "encoding",
        sources: &[(CRIME, &["encoding_windows_1252.csv"])],
        more: "",
        rows: (2, 0, 0),
        counted: &[],
        says: &["Windows-1252"],
    },
    Case {
        row: "encoding",
        sources: &[(CRIME, &["encoding_utf8_bom.csv"])],
        more: "",
        rows: (2, 0, 0),
        counted: &[],
        says: &["UTF-8 with BOM"],
    },
    Case {
        row: "encoding",
        sources: &[(CRIME, &["encoding_utf16.csv"])],
        more: "",
        rows: (2, 0, 0),
        counted: &[],
        says: &["UTF-16 LE"],
    },
    Case {
        row: "encoding",
        sources: &[(CRIME, &["encoding_mojibake.csv"])],
        more: "",
        rows: (2, 0, 0),
        counted: &[],
        says: &["decoded wrongly"],
    },
    Case {
        row: "delimiters",
        sources: &[(CRIME, &["delimiter_comma.csv"])],
        more: "",
        rows: (3, 0, 0),
        counted: &[],
        says: &["`,` between cells"],
    },
    Case {
        row: "delimiters",
        sources: &[(CRIME, &["delimiter_tab.csv"])],
        more: "",
        rows: (2, 0, 0),
        counted: &[],
        says: &["tab between cells"],
    },
    Case {
        row: "delimiters",
        sources: &[(CRIME, &["delimiter_semicolon.csv"])],
        more: "",
        rows: (2, 0, 1),
        counted: &[("wrong-number-of-cells", 1)],
        says: &["`;` between cells"],
    },
    Case {
        row: "preamble and footer",
        sources: &[(CRIME, &["preamble_footer.csv"])],
        more: "",
        rows: (2, 1, 0),
        counted: &[("footer-row", 1)],
        says: &["OFFICIAL-SENSITIVE", "not shown: a person's title and name"],
    },
    Case {
        row: "repeated headers and blank rows",
        sources: &[(CRIME, &["repeated_headers.csv"])],
        more: "",
        rows: (3, 3, 0),
        counted: &[("repeated-header", 2), ("blank-row", 1)],
        says: &[],
    },
    Case {
        row: "Excel damage",
        sources: &[(CRIME, &["excel_damage.csv"])],
        more: "",
        rows: (6, 0, 0),
        counted: &[("spreadsheet-damage", 4), ("no-reference", 1), ("no-position", 1)],
        says: &[],
    },
    Case {
        row: "duplicate references",
        sources: &[(CRIME, &["duplicates_2025-04.csv", "duplicates_2025-05.csv"])],
        more: "",
        rows: (5, 4, 0),
        counted: &[("same-row-twice", 1), ("older-version", 2), ("cancelled", 1)],
        says: &[],
    },
    Case {
        row: "cross-source double",
        sources: &[
            (CRIME, &["double_police.csv"]),
            ("council-asb", &["double_council.csv"]),
            ("fire-irs", &["double_fire.csv"]),
        ],
        more: "",
        rows: (6, 0, 0),
        counted: &[],
        says: &[
            "1 records of s0 have one of s1 within 2 hours and 50 m",
            "1 records of s0 have one of s2",
            "1 records of s1 have one of s2",
            "none was merged",
        ],
    },
    Case {
        row: "cancelled and no-crime",
        sources: &[(CRIME, &["cancelled.csv"])],
        more: "",
        rows: (1, 5, 0),
        counted: &[("cancelled", 5)],
        says: &[],
    },
    Case {
        row: "recorded against committed date",
        sources: &[(CRIME, &["recorded_late.csv"])],
        more: "",
        rows: (3, 0, 0),
        counted: &[("recorded-late", 1), ("recorded-date-used", 1)],
        says: &["counted by when it happened"],
    },
    Case {
        row: "recorded against committed date",
        sources: &[(CRIME, &["recorded_late.csv"])],
        more: "count-by = \"recorded\"\n",
        rows: (3, 0, 0),
        counted: &[("recorded-late", 1), ("recorded-date-used", 1)],
        says: &["counted by when it was recorded"],
    },
    Case {
        row: "partial last month",
        sources: &[(CRIME, &["partial_last_month.csv"])],
        more: "",
        rows: (42, 0, 0),
        counted: &[],
        says: &["the last month, 2025-04, ends on day 12"],
    },
    Case {
        row: "month missing",
        sources: &[(CRIME, &["month_missing.csv"])],
        more: "",
        rows: (2, 0, 0),
        counted: &[],
        says: &["no records at all in 2025-02, 2025-03"],
    },
    Case {
        row: "category drift",
        sources: &[("police-incidents", &["category_drift_log.csv"])],
        more: "",
        rows: (4, 0, 1),
        counted: &[("other-edition", 1), ("unmapped-category", 1)],
        says: &["thirteen types in place of fifteen", "`Loitering` (1)"],
    },
    Case {
        row: "category drift",
        sources: &[(CRIME, &["category_drift_crime.csv"])],
        more: "",
        rows: (3, 0, 3),
        counted: &[("retired-code", 2), ("unmapped-category", 3)],
        says: &["`909/01` (2)", "`909/02` (1)"],
    },
    Case {
        row: "personal text in a legitimate column",
        sources: &[(CRIME, &["personal_text.csv"])],
        more: "[source.allow-text]\nward = [\"title\"]\n",
        rows: (3, 0, 0),
        counted: &[("text-allowed", 2), ("unknown-ward", 2)],
        says: &["not shown: a person's title and name"],
    },
    Case {
        row: "personal text in a legitimate column",
        sources: &[(CRIME, &["personal_text.csv"])],
        more: "drop-columns = [\"Ward Code\"]\n",
        rows: (3, 0, 0),
        counted: &[],
        says: &["columns dropped unread: Ward Code"],
    },
    Case {
        row: "night-time band",
        sources: &[(CRIME, &["night_band.csv"])],
        more: "",
        rows: (5, 0, 0),
        counted: &[("night-time", 3)],
        says: &["night of 2025-04-11"],
    },
    Case {
        row: "night-time band",
        sources: &[(CRIME, &["night_band.csv"])],
        more: "[night]\nnights = [\"sun\"]\nfrom = \"22:00\"\nto = \"02:00\"\n",
        rows: (5, 0, 0),
        counted: &[("night-time", 1)],
        says: &["night of 2025-04-13"],
    },
];

const REFUSALS: &[Refusal] = &[
    Refusal {
        row: "dates",
        profile: CRIME,
        file: "dates_ambiguous.csv",
        says: &["day first or month first", "`03/04/2025`", "date = \"dd/mm/yyyy\""],
        never_says: &[],
    },
    Refusal {
        row: "dates",
        profile: CRIME,
        file: "dates_mixed.csv",
        says: &["some dates are day first", "25/04/2025", "04/25/2025"],
        never_says: &[],
    },
    Refusal {
        row: "personal text in a legitimate column",
        profile: CRIME,
        file: "personal_text.csv",
        says: &[
            "is held: column `Ward Code` (line 3) shows a person's title and name",
            "[source.allow-text] ward = [\"title\"]",
            "drop-columns = [\"Ward Code\"]",
        ],
        never_says: &["Example"],
    },
];

fn mess() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/mess")
}

const WARDS: &str = r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:27700"}},"features":[
{"type":"Feature","properties":{"WD24CD":"E05000001","WD24NM":"West End"},"geometry":{"type":"Polygon","coordinates":[[[440000,515000],[445000,515000],[445000,525000],[440000,525000],[440000,515000]]]}},
{"type":"Feature","properties":{"WD24CD":"E05000002","WD24NM":"St. Ann's"},"geometry":{"type":"Polygon","coordinates":[[[445000,515000],[450000,515000],[450000,525000],[445000,525000],[445000,515000]]]}}]}"#;

/// A workspace of two wards, 10 km by 10 km together, with these sources.
pub fn workspace(sources: &[(&str, &[&str])], more: &str) -> Workspace {
    let workspace = Workspace::new();
    let write = |name: &str, text: &str| std::fs::write(workspace.path().join(name), text).unwrap();
    let folder = mess().display().to_string().replace('\\', "/");
    write("wards.geojson", WARDS);
    write("wardheat.key", &"ab".repeat(32));
    let mut toml = "name = \"Ends\"\n[[areas]]\nkind = \"ward\"\nfile = \"wards.geojson\"\ncode = \"WD24CD\"\nname = \"WD24NM\"\nedition = \"2024\"\n".to_owned();
    for (i, (profile, files)) in sources.iter().enumerate() {
        let files: Vec<String> = files.iter().map(|f| format!("\"{folder}/{f}\"")).collect();
        let files = files.join(", ");
        let lines = [
            "[[source]]",
            &format!("id = \"s{i}\""),
            &format!("profile = \"{profile}\""),
            &format!("files = [{files}]"),
            "",
        ];
        toml += &lines.join("\n");
    }
    write("wardheat.toml", &(toml + &more.replace("{mess}", &folder)));
    workspace
}

/// Counts of the report over all its sources: rows by outcome, and each reason.
fn counts(report: &Value) -> ((u64, u64, u64), BTreeMap<String, u64>) {
    let mut rows = (0, 0, 0);
    let mut reasons = BTreeMap::new();
    for source in report["sources"].as_array().unwrap() {
        let total = &source["total"];
        rows.0 += total["kept"].as_u64().unwrap();
        rows.1 += total["excluded"].as_u64().unwrap();
        rows.2 += total["rejected"].as_u64().unwrap();
        assert_eq!(
            total["rows_in"].as_u64().unwrap(),
            ["kept", "excluded", "rejected"]
                .iter()
                .map(|k| total[k].as_u64().unwrap())
                .sum::<u64>()
        );
        for reason in total["reasons"].as_array().unwrap() {
            let id = reason["reason"].as_str().unwrap().to_owned();
            *reasons.entry(id).or_default() += reason["count"].as_u64().unwrap();
        }
    }
    (rows, reasons)
}

#[test]
fn every_row_of_the_table_has_a_case_and_every_fixture_is_used() {
    let cases = CASES.iter().map(|case| case.row);
    let covered: BTreeSet<&str> = cases.chain(REFUSALS.iter().map(|case| case.row)).collect();
    let used = CASES.iter().flat_map(|c| c.sources).flat_map(|(_, files)| *files).copied();
    let mut used: BTreeSet<String> =
        used.chain(REFUSALS.iter().map(|r| r.file)).map(str::to_owned).collect();
    used.insert("old_wards_lookup.csv".to_owned());
    let there: BTreeSet<String> = std::fs::read_dir(mess())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();

    assert_eq!(covered, ROWS.iter().copied().collect());
    assert_eq!(ROWS.len(), 30);
    assert_eq!(used, there);
}

#[test]
fn every_row_of_the_table_is_detected_handled_and_counted() {
    let mut wrong = Vec::new();
    for (i, case) in CASES.iter().enumerate() {
        let workspace = workspace(case.sources, case.more);
        let text = workspace.ok(&["check"]);
        let report: Value = serde_json::from_str(&workspace.ok(&["check", "--json"])).unwrap();
        let (rows, reasons) = counts(&report);
        let mut complain = |what: String| {
            wrong.push(format!("case {i}, {} {:?}: {what}", case.row, case.sources));
        };
        if rows != case.rows {
            complain(format!("rows {rows:?}, wanted {:?}\n{text}", case.rows));
        }
        for (reason, wanted) in case.counted {
            let found = reasons.get(*reason).copied().unwrap_or(0);
            if found != *wanted {
                complain(format!("{reason} {found}, wanted {wanted}\n{text}"));
            }
        }
        for said in case.says {
            if !text.contains(said) {
                complain(format!("does not say `{said}`\n{text}"));
            }
        }
        if text.contains("Example") {
            complain(format!("a name is shown\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn files_that_cannot_be_read_for_sure_are_refused() {
    for refusal in REFUSALS {
        let said = workspace(&[(refusal.profile, &[refusal.file])], "").fails(&["check"]);

        for wanted in refusal.says {
            assert!(said.contains(wanted), "{}: no `{wanted}` in\n{said}", refusal.file);
        }
        for secret in refusal.never_says {
            assert!(!said.contains(secret), "{}: `{secret}` in\n{said}", refusal.file);
        }
    }
}
