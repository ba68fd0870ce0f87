//! The report on data quality: every row in it, on the page and in the JSON.

use sha2::{Digest as _, Sha256};
use wardheat::audience::Audience;
use wardheat::report::QualityReport;
use wardheat::workspace::ServerRule;

use crate::door::Door;
use crate::serve::{fetched, start};
use crate::support::Workspace;

const WARDS: &str = r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:27700"}},"features":[
{"type":"Feature","properties":{"WD24CD":"E05000001","WD24NM":"North & Mill"},"geometry":{"type":"Polygon","coordinates":[[[445000,520000],[447000,520000],[447000,522000],[445000,522000],[445000,520000]]]}},
{"type":"Feature","properties":{"WD24CD":"E05000002","WD24NM":"South"},"geometry":{"type":"Polygon","coordinates":[[[445000,518000],[447000,518000],[447000,520000],[445000,520000],[445000,518000]]]}}]}"#;

/// Ten records with a place in January and March, two without, one far away and one of a kind that
/// no crime type has.
fn police() -> String {
    let header = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,\
                  LSOA name,Crime type,Last outcome category,Context\n";
    let row = |id: &str, month: &str, place: &str, kind: &str| {
        format!("{id},{month},F,F,{place},On or near X,,,{kind},,\n")
    };
    let mut text = header.to_owned();
    for i in 0..10 {
        let month = if i < 5 { "2025-01" } else { "2025-03" };
        let place = format!("-1.28{i},54.58");
        text += &row(&format!("a{i}"), month, &place, "Burglary");
    }
    text += &row("b1", "2025-03", ",", "Burglary");
    text += &row("b2", "2025-03", ",", "Shoplifting");
    text += &row("c", "2025-03", "0.5,51.5", "Burglary");
    text + &row("d", "2025-03", "-1.281,54.58", "Barratry")
}

fn imported() -> Workspace {
    let workspace = Workspace::new();
    std::fs::write(workspace.path().join("wards.geojson"), WARDS).unwrap();
    std::fs::write(workspace.path().join("2025-street.csv"), police()).unwrap();
    workspace.ok(&["init", "--areas", "wards.geojson", "--incidents", "2025-street.csv"]);
    let path = workspace.path().join("wardheat.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let stated = "\n[[source]]\nowner = \"Police & Co\"\nreceived = 2025-04-02\n";
    std::fs::write(&path, text.replacen("\n[[source]]\n", stated, 1)).unwrap();
    workspace
}

fn report(workspace: &Workspace) -> (QualityReport, String) {
    let read = |name: &str| std::fs::read_to_string(workspace.path().join("report").join(name));
    (serde_json::from_str(&read("quality.json").unwrap()).unwrap(), read("quality.html").unwrap())
}

#[test]
fn every_row_is_in_the_report() {
    let workspace = imported();
    let said = workspace.ok(&["import"]);
    let (report, page) = report(&workspace);

    let rows = report.rows;
    assert_eq!((rows.rows_in, rows.kept, rows.excluded, rows.rejected), (14, 12, 1, 1));
    assert!(said.contains("14 rows in = 12 kept + 1 excluded + 1 rejected"), "{said}");
    let source = &report.sources[0];
    assert_eq!(source.rows, rows);
    for (_, rows) in &source.files {
        assert_eq!(rows.rows_in, rows.kept + rows.excluded + rows.rejected);
    }
    for effect in ["excluded", "rejected"] {
        let counts = source.reasons.iter().filter(|line| line.effect == effect);
        assert_eq!(counts.map(|line| line.count).sum::<u64>(), 1, "{effect}");
    }
    let unmapped = source.reasons.iter().find(|line| line.reason == "unmapped-category").unwrap();
    assert_eq!((unmapped.examples[0].line, unmapped.examples[0].value.as_str()), (15, "Barratry"));
    assert!(page.contains("Barratry") && page.contains("North &amp; Mill"));
}

#[test]
fn what_a_map_can_show_is_told_by_kind_ward_and_month() {
    let workspace = imported();
    workspace.ok(&["import"]);
    let (report, page) = report(&workspace);
    let source = &report.sources[0];

    assert_eq!((source.hit.records, source.hit.placed), (12, 10));
    assert!(report.hit.is_low());
    let shoplifting = source.types.iter().find(|hit| hit.id == "shoplifting").unwrap();
    assert_eq!((shoplifting.records, shoplifting.placed), (1, 0));
    for hits in [&source.types, &source.wards] {
        assert_eq!(hits.iter().map(|hit| hit.records).sum::<u64>(), 12);
    }
    let states: Vec<_> = source.months.iter().map(|m| (m.records, m.state.as_str())).collect();
    assert_eq!(states, [(5, "whole"), (0, "missing"), (7, "whole")]);
    assert!(report.police_only && page.contains("Police data alone."));
    assert!(page.contains("Police &amp; Co") && page.contains("2025-04-02"));
}

#[test]
fn the_page_is_whole_in_itself_and_the_same_each_time() {
    let workspace = imported();
    workspace.ok(&["import"]);
    let (_, first) = report(&workspace);
    let said = workspace.ok(&["check", "--html", "q.html"]);

    assert_eq!(std::fs::read_to_string(workspace.path().join("q.html")).unwrap(), first);
    assert!(said.contains("Data quality:"));
    assert!(!first.contains("<script") && !first.contains("http://") && !first.contains("src="));
    assert!(!first.contains("style=\""));
}

#[test]
fn the_served_page_tells_of_the_last_import_its_files_and_licences() {
    let workspace = imported();
    let path = workspace.path().join("wardheat.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("attribution = [\"Boundaries of the town\"]\n{text}")).unwrap();
    workspace.ok(&["import"]);
    let (_running, address) = start(workspace.path());

    let page = String::from_utf8(fetched(&address, "/data", "")).unwrap();

    let digest = Sha256::digest(WARDS);
    let wards = digest.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let today = jiff::Zoned::now().date();
    let year = today.year().to_string();
    for said in ["Last import</dt><dd>", &year, &wards, "Boundaries of the town", "data.police.uk"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
}

#[tokio::test]
async fn the_public_is_told_that_the_data_were_made_safe_and_whose_they_are() {
    let door = Door::open(Some(Audience::Public), ServerRule::default());

    let reply = door.get("/data", &[("accept", "text/html")]).await;

    let page = reply.text();
    assert!(page.contains("made safe to show"), "{page}");
    assert!(page.contains("Licences and credit"), "{page}");
    assert!(!page.contains("wardheat import</code>") && !page.contains("SHA-256"), "{page}");
}
