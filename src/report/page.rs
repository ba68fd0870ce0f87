//! The data-quality report as a page: the answer first, then every figure behind it.

use std::ops::Range;

use maud::{Markup, html};

use super::chart::suspects_map;
use super::document::document;
use super::quality::{Hit, QualityReport, ReasonLine, RowCounts, SourceQuality, Suspect, WANTED};
use crate::layer::words::{counted, per_cent, thousands};
use crate::time::Month;
use crate::units::AreaLayer;

/// Style sheets that the page carries with it.
const STYLES: [&str; 4] = [
    include_str!("../../web/styles/tokens.css"),
    include_str!("../../web/styles/base.css"),
    include_str!("../../web/styles/tables.css"),
    include_str!("../../web/styles/quality.css"),
];

/// Counts below this are not told apart in tables of wards.
const FEW: u64 = 5;

/// Default positions that are drawn and listed.
const MOST_SUSPECTS: usize = 30;

/// The whole page, whole in itself. `wards` are drawn under the default positions.
pub fn page(report: &QualityReport, wards: Option<&AreaLayer>) -> String {
    let about = ("Data quality", report.name.as_str());
    document(about, report.fictional, &STYLES, &body(report, wards))
}

/// What stands between the bar and the foot of the page.
pub fn body(report: &QualityReport, wards: Option<&AreaLayer>) -> Markup {
    html! {
        main class="list quality" data-title="Data quality" {
            p class="kicker" { "Data quality" }
            h1 id="answer" tabindex="-1" { (headline(report)) }
            p class="note" { (limits(report)) }
            @if report.police_only {
                p class="q-flag" role="note" {
                    strong { "Police data alone." }
                    " An assessment that rests on these figures sees only what was reported to the \
                      police and recorded by them. Add council, fire, ambulance or health data \
                      before it is used to set priorities."
                }
            }
            (figures(report))
            (coverage(report))
            (rows_table(report))
            @for source in &report.sources { (source_section(source)) }
            (suspects(report, wards))
            (crowding(report))
            (used(report))
        }
    }
}

fn n(count: u64) -> String {
    thousands(i64::try_from(count).unwrap_or(i64::MAX))
}

fn share(hit: &Hit) -> String {
    hit.rate().map_or_else(|| "–".to_owned(), per_cent)
}

fn headline(report: &QualityReport) -> String {
    let kept = n(report.rows.kept);
    let sources = report.sources.iter().filter(|source| source.rows.kept > 0).count();
    let of = if sources == 1 { "1 source".to_owned() } else { format!("{sources} sources") };
    match report.hit.rate() {
        None => "No record is held.".to_owned(),
        Some(rate) if rate < WANTED => format!(
            "{kept} records of {of} are held, and only {} have a usable position: maps mislead.",
            per_cent(rate)
        ),
        Some(rate) => {
            format!("{kept} records of {of} are held; {} have a usable position.", per_cent(rate))
        }
    }
}

fn limits(report: &QualityReport) -> String {
    let gaps: usize = report
        .sources
        .iter()
        .map(|source| source.months.iter().filter(|month| month.state != "whole").count())
        .sum();
    let months = match gaps {
        0 => "No month is missing.".to_owned(),
        1 => "One month of a source is missing or partial.".to_owned(),
        _ => format!("{gaps} months of sources are missing or partial."),
    };
    format!(
        "{months} A position is usable if the record has one of its own that is no default such as \
         a police station. Under 85% with a usable position a map misleads (Ratcliffe 2004)."
    )
}

fn figures(report: &QualityReport) -> Markup {
    let RowCounts { rows_in, kept, excluded, rejected } = report.rows;
    let suspects: u64 =
        report.sources.iter().flat_map(|s| &s.suspects).map(|suspect| suspect.records).sum();
    html! {
        dl class="q-big" {
            @for (label, value) in [
                ("Rows in", n(rows_in)),
                ("Kept", n(kept)),
                ("Excluded", n(excluded)),
                ("Rejected", n(rejected)),
                ("Usable position", share(&report.hit)),
                ("On default positions", n(suspects)),
            ] {
                div { dt { (label) } dd { (value) } }
            }
        }
    }
}

fn month_label(month: &str) -> String {
    month.parse::<Month>().map_or_else(|_| month.to_owned(), Month::label)
}

/// The year of a month such as `2025-01`.
fn year(month: &str) -> &str {
    month.split_once('-').map_or(month, |(year, _)| year)
}

/// The short name of a month, without its year.
fn month_name(month: &str) -> String {
    month_label(month).split(' ').next().unwrap_or_default().to_owned()
}

/// A sentence from a remark as reports write it: without a capital and a full stop.
fn sentence(remark: &str) -> String {
    let mut letters = remark.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    let end = if remark.ends_with(['.', '!', '?']) { "" } else { "." };
    first.chain(letters).chain(end.chars()).collect()
}

/// What is behind a line that says what it comes to, closed unless `open`; printed whole.
fn folded(line: &str, open: bool, inner: &Markup) -> Markup {
    html! { details class="q-fold" open[open] { summary { (line) } (inner) } }
}

/// A table that may be wider than the screen.
fn wide(label: &str, table: &Markup) -> Markup {
    html! { div class="card tw" role="region" aria-label=(label) tabindex="0" { (table) } }
}

fn coverage(report: &QualityReport) -> Markup {
    let months: Vec<&str> = report
        .sources
        .first()
        .map(|source| source.months.iter().map(|month| month.month.as_str()).collect())
        .unwrap_or_default();
    // A table for each year: a year fits a sheet of paper.
    let years: Vec<(&str, Range<usize>)> = months
        .chunk_by(|a, b| year(a) == year(b))
        .scan(0, |start, months| {
            let all = *start..*start + months.len();
            *start = all.end;
            Some((year(months[0]), all))
        })
        .collect();
    let table = |range: &Range<usize>| {
        html! {
            table class="q-strip q-stack" {
                thead { tr {
                    th scope="col" { "Source" }
                    @for month in &months[range.clone()] {
                        th scope="col" class="num" { (month_name(month)) }
                    }
                } }
                tbody { @for source in &report.sources { tr {
                    th scope="row" { (source.id) }
                    @for month in source.months.iter().take(range.end).skip(range.start) {
                        @let name = month_name(&month.month);
                        @match month.state.as_str() {
                            "missing" => {
                                td class="q-none" data-th=(name) { span { "–" } "none" }
                            }
                            "partial" => {
                                td class="q-part" data-th=(name) {
                                    span { "◐" } (n(month.records)) " partial"
                                }
                            }
                            _ => {
                                td data-th=(name) { span class="q-ok" { "●" } (n(month.records)) }
                            }
                        }
                    }
                } } }
            }
        }
    };
    html! {
        @let of_sources = if report.sources.len() > 1 { " of single sources" } else { "" };
        h2 class="h2" id="coverage" { "What has come in" }
        p class="note" {
            "Records by month: ● as many as usual, ◐ cut off, broken by days without a record, or far \
             fewer than usual, – none."
        }
        @for (i, (year, range)) in years.iter().rev().enumerate() {
            @let table = wide(&format!("Records by source and month, {year}"), &table(range));
            @let states = report.sources.iter().flat_map(|s| &s.months[range.clone()]);
            @let gaps = states.filter(|month| month.state != "whole").count();
            @let line = match gaps {
                0 => format!("{year}: every month whole"),
                1 => format!("{year}: one month{of_sources} missing or partial"),
                _ => format!("{year}: {gaps} months{of_sources} missing or partial"),
            };
            (folded(&line, i == 0, &table))
        }
    }
}

fn rows_table(report: &QualityReport) -> Markup {
    const COLUMNS: [&str; 4] = ["Rows in", "Kept", "Excluded", "Rejected"];
    let cells = |rows: RowCounts| {
        let counts = [rows.rows_in, rows.kept, rows.excluded, rows.rejected];
        html! {
            @for (name, count) in COLUMNS.into_iter().zip(counts) {
                td class="num" data-th=(name) { (n(count)) }
            }
        }
    };
    let table = |first: &str, rows: &Markup| {
        html! {
            table class="q-stack" {
                thead { tr {
                    th scope="col" { (first) }
                    @for name in COLUMNS {
                        th scope="col" class="num" { (name) }
                    }
                } }
                tbody { (rows) }
            }
        }
    };
    let sums = html! {
        @for source in &report.sources {
            tr { th scope="row" { (source.id) } (cells(source.rows)) }
        }
        tr class="q-sum" { th scope="row" { "All sources" } (cells(report.rows)) }
    };
    let files = |source: &SourceQuality| {
        html! {
            @for (file, rows) in &source.files {
                tr { th scope="row" class="q-file" { (file) } (cells(*rows)) }
            }
        }
    };
    html! {
        h2 class="h2" id="rows" { "Every row is accounted for" }
        p class="note" { "Rows in = kept + excluded + rejected, in every line." }
        (wide("Rows of every source", &table("Source", &sums)))
        @for source in &report.sources {
            @let label = format!("Rows of every file, {}", source.id);
            @let line = match source.files.len() {
                1 => format!("{}: 1 file", source.id),
                files => format!("{}: {} files", source.id, n(files as u64)),
            };
            (folded(&line, false, &wide(&label, &table("File", &files(source)))))
        }
    }
}

fn source_section(source: &SourceQuality) -> Markup {
    let id = format!("source-{}", source.id);
    html! {
        section aria-labelledby=(id) {
            h2 class="h2" id=(id) { (source.id) ": " (source.layout) }
            @for warning in &source.warnings { p class="note q-remark" { (sentence(warning)) } }
            (reasons(source))
            h3 class="h3" { "Which positions are usable" }
            (hits("By kind of record", source, &source.types, false))
            (hits("By ward", source, &source.wards, true))
            (hits_by_month(source))
        }
    }
}

fn reasons(source: &SourceQuality) -> Markup {
    let example = |line: &ReasonLine| {
        let texts = line.examples.iter().map(|example| match example.value.as_str() {
            "" => format!("{} line {}", example.file, example.line),
            value => format!("{} line {}: {value}", example.file, example.line),
        });
        texts.collect::<Vec<_>>()
    };
    let table = html! {
        table class="q-stack" {
            thead { tr {
                th scope="col" { "What was found" } th scope="col" { "Outcome" }
                th scope="col" class="num" { "Rows" } th scope="col" { "For example" }
            } }
            tbody {
                @for line in &source.reasons { tr {
                    th scope="row" { (line.words) }
                    td data-th="Outcome" {
                        (if line.effect == "noted" { "kept, noted" } else { line.effect.as_str() })
                    }
                    td class="num" data-th="Rows" { (n(line.count)) }
                    td class="note q-example" data-th="For example" {
                        @for text in example(line) { span { (text) } }
                    }
                } }
            }
        }
    };
    html! {
        @match source.reasons.len() {
            0 => p class="note" { "Every row was kept, with nothing to note." },
            n => {
                @let line = format!("What was found in its rows: {}", counted(n as i64, "finding", "findings"));
                (folded(&line, false, &wide(&format!("Reasons, {}", source.id), &table)))
            }
        }
    }
}

fn hits(title: &str, source: &SourceQuality, all: &[Hit], hide_few: bool) -> Markup {
    let low = all.iter().filter(|hit| hit.is_low() && !(hide_few && hit.records < FEW)).count();
    let table = html! {
        table {
            thead { tr {
                th scope="col" { (title) }
                th scope="col" class="num" { "Records" }
                th scope="col" class="num" { "Usable position" }
            } }
            tbody { @for hit in all { tr {
                th scope="row" { (hit.label) }
                @if hide_few && hit.records < FEW {
                    td class="num quiet" { "under 5" } td class="num quiet" { "–" }
                } @else {
                    td class="num" { (n(hit.records)) }
                    td class="num" { @if hit.is_low() { span class="up" { "▼ under 85% " } } (share(hit)) }
                }
            } } }
        }
    };
    let under = match low {
        0 => "none under 85%".to_owned(),
        _ => format!("{low} of {} under 85%", all.len()),
    };
    let line = format!("Usable position {}: {under}", title.to_lowercase());
    folded(&line, false, &wide(&format!("{title}, {}", source.id), &table))
}

fn hits_by_month(source: &SourceQuality) -> Markup {
    let hit = |month: &super::quality::MonthLine| Hit {
        id: month.month.clone(),
        label: month_label(&month.month),
        records: month.records,
        placed: month.placed,
    };
    let all: Vec<Hit> = source.months.iter().map(hit).collect();
    hits("By month", source, &all, false)
}

fn suspects(report: &QualityReport, wards: Option<&AreaLayer>) -> Markup {
    let mut all: Vec<(&str, &Suspect)> = report
        .sources
        .iter()
        .flat_map(|source| source.suspects.iter().map(|suspect| (source.id.as_str(), suspect)))
        .collect();
    all.sort_by_key(|(_, suspect)| std::cmp::Reverse(suspect.records));
    let hidden = all.len().saturating_sub(MOST_SUSPECTS);
    all.truncate(MOST_SUSPECTS);
    // Several sources may have the same: it has one number.
    let place = |suspect: &Suspect| (suspect.easting, suspect.northing);
    let mut places: Vec<(i64, i64)> = Vec::new();
    for (_, suspect) in &all {
        if !places.contains(&place(suspect)) {
            places.push(place(suspect));
        }
    }
    let number = |suspect: &Suspect| {
        places.iter().position(|known| *known == place(suspect)).map_or(0, |at| at + 1)
    };
    all.sort_by_key(|(_, suspect)| number(suspect));
    let table = html! {
        table {
            thead { tr {
                th scope="col" class="num" { "No." } th scope="col" { "Position (National Grid)" }
                th scope="col" { "Source" } th scope="col" class="num" { "Records" }
            } }
            tbody { @for (source, suspect) in &all { tr {
                td class="num" { (number(suspect)) }
                th scope="row" { "E " (suspect.easting) ", N " (suspect.northing) }
                td { (source) } td class="num" { (n(suspect.records)) }
            } } }
        }
    };
    html! {
        h2 class="h2" id="defaults" { "Default positions" }
        @if all.is_empty() {
            p class="note" { "No position stands for \"place not known\", as far as can be told." }
        } @else {
            p class="note" {
                "Positions such as a police station or town hall, on which records pile up whose \
                 place is not known. They count in their ward and are in no density or hotspot."
                @if hidden > 0 { " " (hidden) " more are not listed." }
            }
            div class="q-two" {
                @if let Some(map) = wards.and_then(|wards| suspects_map(wards, &places)) {
                    figure class="card q-figure" { (map) }
                }
                (wide("Default positions", &table))
            }
        }
    }
}

fn crowding(report: &QualityReport) -> Markup {
    const COLUMNS: [&str; 5] = [
        "Positions",
        "Records to one",
        "Most on one",
        "Share on the fullest tenth",
        "Other ward given",
    ];
    let table = html! {
        table class="q-stack" {
            thead { tr {
                th scope="col" { "Source" }
                @for name in COLUMNS { th scope="col" class="num" { (name) } }
            } }
            tbody { @for source in &report.sources { tr {
                th scope="row" { (source.id) }
                @if let Some(crowding) = &source.crowding {
                    td class="num" data-th=(COLUMNS[0]) {
                        @if crowding.one_in > 1 { "about " }
                        (n(crowding.positions))
                    }
                    td class="num" data-th=(COLUMNS[1]) { (format!("{:.1}", crowding.each)) }
                    td class="num" data-th=(COLUMNS[2]) { (crowding.fullest.map_or("not known".to_owned(), n)) }
                    td class="num" data-th=(COLUMNS[3]) { (per_cent(crowding.top_tenth)) }
                } @else {
                    td class="num quiet" colspan="4" { "no positions" }
                }
                td class="num" data-th=(COLUMNS[4]) { (n(source.ward_disagrees)) }
            } } }
        }
    };
    html! {
        h2 class="h2" id="crowding" { "Snap points, and wards that disagree" }
        p class="note" {
            "Published positions are shared points: many records on few of them is how they are \
             made. \"Other ward given\" counts rows whose ward is not that of their position; the \
             position wins."
        }
        (wide("Records to a position", &table))
        @for source in &report.sources {
            @if let Some(one_in) = source.crowding.as_ref().map(|c| c.one_in).filter(|n| *n > 1) {
                p class="note" {
                    (source.id) " has more positions than are held in memory: one in " (one_in)
                    " was counted, so its figures are estimates."
                }
            }
        }
    }
}

fn used(report: &QualityReport) -> Markup {
    let table = html! {
        table class="q-stack" {
            thead { tr {
                @for name in ["Source", "Layout", "Period", "Owner", "Received"] {
                    th scope="col" { (name) }
                }
            } }
            tbody { @for source in &report.sources { tr {
                th scope="row" { (source.id) } td data-th="Layout" { (source.layout) }
                td data-th="Period" {
                    @match &source.period {
                        Some((first, last)) => { (month_label(first)) " to " (month_label(last)) }
                        None => { "no records" }
                    }
                }
                td data-th="Owner" { (source.owner.as_deref().unwrap_or("not stated")) }
                td data-th="Received" { (source.received.as_deref().unwrap_or("not stated")) }
            } } }
        }
    };
    html! {
        h2 class="h2" id="used" { "Sources used" }
        p class="note" { "Owner and day of receipt are as wardheat.toml states them." }
        (wide("Sources used", &table))
        @for warning in &report.warnings { p class="note q-remark" { (sentence(warning)) } }
    }
}
