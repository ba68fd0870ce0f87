//! The data-quality report as a page: the answer first, then every figure behind it.

use std::ops::Range;

use maud::{Markup, html};

use super::chart::suspects_map;
use super::document::document;
use super::english::quality as say;
use super::quality::{Hit, QualityReport, ReasonLine, RowCounts, SourceQuality, Suspect, WANTED};
use crate::layer::words::{per_cent, thousands};
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

/// Tables of more rows stand in columns on paper.
const FEW_ROWS: usize = 6;

/// Default positions that are drawn and listed.
const MOST_SUSPECTS: usize = 30;

/// The whole page, whole in itself. `wards` are drawn under the default positions.
pub fn page(report: &QualityReport, wards: Option<&AreaLayer>) -> String {
    let about = (say::TITLE, report.name.as_str());
    let main = html! {
        main class="list quality" data-title=(say::TITLE) { (sections(report, wards)) }
    };
    document(about, report.fictional, &STYLES, &main)
}

/// What the page says, from its headline on.
pub fn sections(report: &QualityReport, wards: Option<&AreaLayer>) -> Markup {
    html! {
        p class="kicker" { (say::TITLE) }
        h1 id="answer" tabindex="-1" { (headline(report)) }
        p class="note" { (limits(report)) }
        @if report.police_only {
            p class="q-flag" role="note" {
                strong { (say::POLICE_ALONE) }
                (say::SEES_ONLY)
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

fn n(count: u64) -> String {
    thousands(i64::try_from(count).unwrap_or(i64::MAX))
}

fn share(hit: &Hit) -> String {
    hit.rate().map_or_else(|| "–".to_owned(), per_cent)
}

fn headline(report: &QualityReport) -> String {
    let kept = n(report.rows.kept);
    let sources = report.sources.iter().filter(|source| source.rows.kept > 0).count();
    match report.hit.rate() {
        None => say::NOTHING_HELD.to_owned(),
        Some(rate) => say::held(&kept, sources, &per_cent(rate), rate < WANTED),
    }
}

fn limits(report: &QualityReport) -> String {
    let gaps: usize = report
        .sources
        .iter()
        .map(|source| source.months.iter().filter(|month| month.state != "whole").count())
        .sum();
    say::limits(gaps)
}

fn figures(report: &QualityReport) -> Markup {
    let RowCounts { rows_in, kept, excluded, rejected } = report.rows;
    let suspects: u64 =
        report.sources.iter().flat_map(|s| &s.suspects).map(|suspect| suspect.records).sum();
    html! {
        dl class="q-big" {
            @for (label, value) in [
                (say::ROWS_IN, n(rows_in)),
                (say::KEPT, n(kept)),
                (say::EXCLUDED, n(excluded)),
                (say::REJECTED, n(rejected)),
                (say::USABLE, share(&report.hit)),
                (say::ON_DEFAULTS, n(suspects)),
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
            table class="q-strip stack" {
                thead { tr {
                    th scope="col" { (say::SOURCE) }
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
                                td class="q-none" data-th=(name) { span { "–" } (say::NONE) }
                            }
                            "partial" => {
                                td class="q-part" data-th=(name) {
                                    span { "◐" } (n(month.records)) (say::PARTIAL)
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
    let states = |range: &Range<usize>| {
        let range = range.clone();
        report.sources.iter().flat_map(move |source| &source.months[range.clone()])
    };
    let year_of = |(year, range): &(&str, Range<usize>), open: bool| {
        let table = wide(&say::records_of(year), &table(range));
        let gaps = states(range).filter(|month| month.state != "whole").count();
        folded(&say::months_of(year, gaps, report.sources.len() > 1), open, &table)
    };
    let is_empty = |year: &(&str, Range<usize>)| states(&year.1).all(|month| month.records == 0);
    let latest = years.last().map(|year| year.0);
    html! {
        h2 class="h2" id="coverage" { (say::COME_IN) }
        p class="note" {
            (say::SIGNS)
        }
        @for years in years.chunk_by(|a, b| is_empty(a) && is_empty(b)).rev() {
            @if let [first, .., last] = years {
                p class="note" { (say::years_without(first.0, last.0)) }
            } @else {
                @for year in years { (year_of(year, Some(year.0) == latest)) }
            }
        }
    }
}

fn rows_table(report: &QualityReport) -> Markup {
    const COLUMNS: [&str; 4] = [say::ROWS_IN, say::KEPT, say::EXCLUDED, say::REJECTED];
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
            table class="stack" {
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
        tr class="q-sum" { th scope="row" { (say::ALL_SOURCES) } (cells(report.rows)) }
    };
    let files = |source: &SourceQuality| {
        html! {
            @for (file, rows) in &source.files {
                tr { th scope="row" class="q-file" { (file) } (cells(*rows)) }
            }
        }
    };
    html! {
        h2 class="h2" id="rows" { (say::ACCOUNTED) }
        p class="note" { (say::SUM) }
        (wide(say::ROWS_OF_SOURCES, &table(say::SOURCE, &sums)))
        @for source in &report.sources {
            @let label = say::rows_of_files(&source.id);
            @let line = say::files(&source.id, source.files.len());
            (folded(&line, false, &wide(&label, &table(say::FILE, &files(source)))))
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
            h3 class="h3" { (say::WHICH_USABLE) }
            (hits(say::BY_KIND, source, &source.types, false))
            (hits(say::BY_WARD, source, &source.wards, true))
            (hits_by_month(source))
        }
    }
}

fn reasons(source: &SourceQuality) -> Markup {
    let example = |line: &ReasonLine| {
        let texts = line.examples.iter();
        texts.map(|one| say::line(&one.file, one.line, &one.value)).collect::<Vec<_>>()
    };
    let table = html! {
        table class="stack" {
            thead { tr {
                th scope="col" { (say::FOUND) } th scope="col" { (say::OUTCOME) }
                th scope="col" class="num" { (say::ROWS) } th scope="col" { (say::EXAMPLE) }
            } }
            tbody {
                @for line in &source.reasons { tr {
                    th scope="row" { (line.words) }
                    td data-th=(say::OUTCOME) {
                        (if line.effect == "noted" { say::NOTED } else { line.effect.as_str() })
                    }
                    td class="num" data-th=(say::ROWS) { (n(line.count)) }
                    td class="note q-example" data-th=(say::EXAMPLE) {
                        @for text in example(line) { span { (text) } }
                    }
                } }
            }
        }
    };
    html! {
        @match source.reasons.len() {
            0 => p class="note" { (say::ALL_KEPT) },
            n => {
                @let line = say::findings(n);
                (folded(&line, false, &wide(&say::reasons(&source.id), &table)))
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
                th scope="col" class="num" { (say::RECORDS) }
                th scope="col" class="num" { (say::USABLE) }
            } }
            tbody { @for hit in all { tr {
                th scope="row" { (hit.label) }
                @if hide_few && hit.records < FEW {
                    td class="num quiet" { (say::UNDER_5) } td class="num quiet" { "–" }
                } @else {
                    td class="num" { (n(hit.records)) }
                    td class="num" { @if hit.is_low() { span class="up" { (say::LOW) } } (share(hit)) }
                }
            } } }
        }
    };
    let under = match low {
        0 => say::NONE_LOW.to_owned(),
        _ => say::low(low, all.len()),
    };
    let line = say::usable(title, &under);
    let label = format!("{title}, {}", source.id);
    folded(
        &line,
        false,
        &html! { div class=[(all.len() > FEW_ROWS).then_some("q-hits")] { (wide(&label, &table)) } },
    )
}

fn hits_by_month(source: &SourceQuality) -> Markup {
    let hit = |month: &super::quality::MonthLine| Hit {
        id: month.month.clone(),
        label: month_label(&month.month),
        records: month.records,
        placed: month.placed,
    };
    let all: Vec<Hit> = source.months.iter().map(hit).collect();
    hits(say::BY_MONTH, source, &all, false)
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
                th scope="col" class="num" { (say::NUMBER) } th scope="col" { (say::POSITION) }
                th scope="col" { (say::SOURCE) } th scope="col" class="num" { (say::RECORDS) }
            } }
            tbody { @for (source, suspect) in &all { tr {
                td class="num" { (number(suspect)) }
                th scope="row" { "E " (suspect.easting) ", N " (suspect.northing) }
                td { (source) } td class="num" { (n(suspect.records)) }
            } } }
        }
    };
    html! {
        h2 class="h2" id="defaults" { (say::DEFAULTS) }
        @if all.is_empty() {
            p class="note" { (say::NO_DEFAULTS) }
        } @else {
            p class="note" {
                (say::WHAT_DEFAULTS_ARE)
                @if hidden > 0 { " " (say::more(hidden)) }
            }
            div class="q-two" {
                @if let Some(map) = wards.and_then(|wards| suspects_map(wards, &places)) {
                    figure class="card q-figure" { (map) }
                }
                (wide(say::DEFAULTS, &table))
            }
        }
    }
}

fn crowding(report: &QualityReport) -> Markup {
    const COLUMNS: [&str; 5] = [
        say::POSITIONS,
        say::RECORDS_TO_ONE,
        say::MOST_ON_ONE,
        say::FULLEST_TENTH,
        say::OTHER_WARD,
    ];
    let table = html! {
        table class="stack" {
            thead { tr {
                th scope="col" { (say::SOURCE) }
                @for name in COLUMNS { th scope="col" class="num" { (name) } }
            } }
            tbody { @for source in &report.sources { tr {
                th scope="row" { (source.id) }
                @if let Some(crowding) = &source.crowding {
                    td class="num" data-th=(COLUMNS[0]) {
                        @if crowding.one_in > 1 { (say::ABOUT) }
                        (n(crowding.positions))
                    }
                    td class="num" data-th=(COLUMNS[1]) { (format!("{:.1}", crowding.each)) }
                    td class="num" data-th=(COLUMNS[2]) { (crowding.fullest.map_or(say::NOT_KNOWN.to_owned(), n)) }
                    td class="num" data-th=(COLUMNS[3]) { (per_cent(crowding.top_tenth)) }
                } @else {
                    td class="num quiet" colspan="4" { (say::NO_POSITIONS) }
                }
                td class="num" data-th=(COLUMNS[4]) { (n(source.ward_disagrees)) }
            } } }
        }
    };
    html! {
        h2 class="h2" id="crowding" { (say::SNAP_POINTS) }
        p class="note" {
            (say::WHAT_SNAP_POINTS_ARE)
        }
        (wide(say::RECORDS_TO_A_POSITION, &table))
        @for source in &report.sources {
            @if let Some(one_in) = source.crowding.as_ref().map(|c| c.one_in).filter(|n| *n > 1) {
                p class="note" {
                    (say::estimates(&source.id, one_in))
                }
            }
        }
    }
}

fn used(report: &QualityReport) -> Markup {
    let table = html! {
        table class="stack" {
            thead { tr {
                @for name in [say::SOURCE, say::LAYOUT, say::PERIOD, say::OWNER, say::RECEIVED] {
                    th scope="col" { (name) }
                }
            } }
            tbody { @for source in &report.sources { tr {
                th scope="row" { (source.id) } td data-th=(say::LAYOUT) { (source.layout) }
                td data-th=(say::PERIOD) {
                    @match &source.period {
                        Some((first, last)) => { (say::to(&month_label(first), &month_label(last))) }
                        None => { (say::NO_RECORDS) }
                    }
                }
                td data-th=(say::OWNER) { (source.owner.as_deref().unwrap_or(say::NOT_STATED)) }
                td data-th=(say::RECEIVED) { (source.received.as_deref().unwrap_or(say::NOT_STATED)) }
            } } }
        }
    };
    html! {
        h2 class="h2" id="used" { (say::USED) }
        p class="note" { (say::AS_STATED) }
        (wide(say::USED, &table))
        @for warning in &report.warnings { p class="note q-remark" { (sentence(warning)) } }
    }
}
