//! Every statistic, and one of them: its options with what they mean, and what was found with them.

use maud::{Markup, html};

use super::english::statistics as say;
use super::english::table::table_of;
use super::frame::{Page, Site, page};
use super::table::{cell, is_number, list_class};
use super::words::thousands;
use crate::export::{SURFACE_WRITERS, WRITERS};
use crate::incident::CrimeTypes;
use crate::layer::{Scored, foremost, telling_columns};
use crate::pipeline::{ScoreRequest, is_file_option};
use crate::stats::{AnyStatistic, OptionKind, STATISTICS, StatOption, SurfaceScores};
use crate::table::{Table, shown};
use crate::time::{Month, WindowSpec};

/// Rows shown of a table; the files hold all.
const MOST_ROWS: usize = 50;

/// What stands before the name of an option in an address: some are named as what records are chosen
/// by.
pub(crate) const OPTION: &str = "option-";

/// What came of running it.
#[derive(Debug)]
pub(crate) enum Ran<'a> {
    /// It was not asked to run.
    Not,
    /// It takes longer than one waits for a page: so much of it is done, and where to look again.
    UnderWay(u64, String),
    /// Why there is no answer.
    Failed(String),
    /// What was found, and the address that its files stand below.
    Found(&'a Scored, String),
}

/// `GET /statistics`: all of them, each with what it tells.
pub(crate) fn statistics_page(site: &Site<'_>, query: &str) -> Markup {
    let main = html! {
        main class="list" data-title=(say::TITLE) {
            div id="answer" tabindex="-1" {
                p class="kicker screen-only" { a href={ "/?" (query) } { (say::MAP) } }
                h1 { (say::all(STATISTICS.len())) }
                p class="note" { (say::ABOUT) }
            }
            dl class="stats" {
                @for statistic in STATISTICS {
                    dt { a href={ "/statistics/" (statistic.id()) "?" (query) } { (statistic.label()) } }
                    dd { (statistic.about()) }
                }
            }
        }
    };
    page(site, say::TITLE, Page::Statistics, None, &main)
}

/// `GET /statistics/{id}`: one of them.
pub(crate) fn statistic_page(
    site: &Site<'_>,
    types: &[(CrimeTypes, usize)],
    request: &ScoreRequest,
    ran: &Ran<'_>,
) -> Markup {
    let statistic = request.statistic;
    let title = title(request, ran);
    let main = html! {
        main class=(list_class(most_columns(ran))) data-title=(title) {
            div id="answer" tabindex="-1" {
                p class="kicker screen-only" { a href="/statistics" { (say::TITLE) } }
                h1 { (statistic.label()) }
                p class="stat__about" { (statistic.about()) }
                @if !statistic.equivalents().is_empty() {
                    p class="note" { (say::elsewhere(&elsewhere(statistic))) }
                }
            }
            (form(site, types, request))
            (outcome(request, ran))
        }
    };
    page(site, &title, Page::Statistics, None, &main)
}

/// Name of the statistic and, once it is asked to run, of what it ran on: so that pages side by side
/// can be told apart.
fn title(request: &ScoreRequest, ran: &Ran<'_>) -> String {
    let (label, on) = (request.statistic.label(), &request.on);
    match on.window {
        WindowSpec::Months(window) if !matches!(ran, Ran::Not) => {
            let when = on.hours.of_window(&window.label());
            format!("{label}, {}, {when}", on.crime_types.label())
        }
        _ => label.to_owned(),
    }
}

/// Columns of the widest table that was found.
fn most_columns(ran: &Ran<'_>) -> usize {
    let Ran::Found(scored, _) = ran else { return 0 };
    let layers = scored.layers.iter().map(|layer| telling_columns(&layer.table()).len());
    let tables = scored.tables.iter().map(|table| telling_columns(table).len());
    layers.chain(tables).max().unwrap_or(0)
}

fn elsewhere(statistic: &dyn AnyStatistic) -> String {
    let names = statistic.equivalents().iter().map(|(tool, name)| format!("{tool} {name}"));
    names.collect::<Vec<_>>().join(", ")
}

fn form(site: &Site<'_>, types: &[(CrimeTypes, usize)], request: &ScoreRequest) -> Markup {
    let on = &request.on;
    let options = request.statistic.options();
    let served: Vec<&StatOption> =
        options.iter().filter(|option| !is_file_option(request.statistic, &option.name)).collect();
    html! {
        form class="stat" action={ "/statistics/" (request.statistic.id()) } {
            fieldset {
                legend class="h3" { (say::RECORDS) }
                label class="fld" {
                    span { (say::TYPE) }
                    select name="type" {
                        @for (choice, count) in types {
                            option value=(choice) selected[*choice == on.crime_types] {
                                (choice.label()) " (" (thousands(*count as i64)) ")"
                            }
                        }
                    }
                }
                div class="two" { (months(site, on.window)) }
                @if site.sources.len() > 1 {
                    label class="fld" {
                        span { (say::SOURCE) }
                        select name="source" {
                            option value="" selected[on.source.is_none()] { (say::ALL_SOURCES) }
                            @for source in site.sources {
                                option value=(source) selected[on.source.as_ref() == Some(source)] { (source) }
                            }
                        }
                    }
                }
                @if site.timed {
                    div class="two" {
                        (written("day", say::DAYS, on.hours.day().as_deref(), ""))
                        (written("hour", say::HOURS, on.hours.hour().as_deref(), ""))
                    }
                }
                (written("units", say::UNITS, Some(&request.units.to_string()), request.statistic.units()))
                p class="note" { (say::UNITS_ARE) }
            }
            fieldset class="stat__options" {
                legend class="h3" { (say::OPTIONS) }
                @for option in served { (field(option, &request.options[&option.name])) }
            }
            button class="btn btn--main" name="run" value="yes" { (say::RUN) }
        }
    }
}

fn months(site: &Site<'_>, window: WindowSpec) -> Markup {
    let WindowSpec::Months(chosen) = window else { return html! {} };
    let data = site.months.unwrap_or(chosen);
    let select = |name: &str, label: &str, chosen: Month| {
        html! {
            label class="fld" {
                span { (label) }
                select name=(name) {
                    @for month in data.months() {
                        option value=(month) selected[month == chosen] { (month.label()) }
                    }
                }
            }
        }
    };
    html! { (select("from", say::FROM, chosen.first())) (select("to", say::TO, chosen.last())) }
}

/// A field that is written into.
fn written(name: &str, label: &str, value: Option<&str>, instead: &str) -> Markup {
    html! {
        label class="fld" {
            span { (label) }
            input name=(name) autocomplete="off" maxlength="200" value=[value]
                placeholder=[Some(instead).filter(|text| !text.is_empty())];
        }
    }
}

/// An option with what it means; one that is as recommended stays out of sight in its field.
fn field(option: &StatOption, value: &serde_json::Value) -> Markup {
    let (name, about) = (format!("{OPTION}{}", option.name), format!("about-{}", option.name));
    let label = option.name.replace('-', " ");
    let value = in_address(value);
    let default = in_address(&option.default);
    let given = if value == default { "" } else { &value };
    let words: Vec<(&str, &str)> = match option.kind {
        OptionKind::Boolean => vec![("true", say::YES), ("false", say::NO)],
        _ => option
            .choices
            .iter()
            .map(|choice| (choice.word.as_str(), choice.word.as_str()))
            .collect(),
    };
    let instead = if default.is_empty() { say::NOT_SET } else { &default };
    html! {
        div class="stat__option" {
            label class="fld" {
                span { (label) }
                @if words.is_empty() {
                    input name=(name) autocomplete="off" maxlength="200" value=(given) placeholder=(instead)
                        aria-describedby=(about);
                } @else {
                    select name=(name) aria-describedby=(about) {
                        @if default.is_empty() { option value="" selected[given.is_empty()] { (say::NOT_SET) } }
                        @for (word, label) in &words {
                            // The default stays out of the address.
                            option value=(if *word == default { "" } else { word }) selected[*word == value] { (label) }
                        }
                    }
                }
            }
            div class="note" id=(about) {
                (option.about)
                @if !option.choices.is_empty() {
                    ul { @for choice in &option.choices { li { b { (choice.word) } ": " (choice.about) } } }
                }
            }
        }
    }
}

/// A value as an address has it, and as it is written into a field.
fn in_address(value: &serde_json::Value) -> String {
    use serde_json::Value;
    match value {
        Value::Null => String::new(),
        Value::String(word) => word.clone(),
        Value::Array(all) => all.iter().map(in_address).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

fn outcome(request: &ScoreRequest, ran: &Ran<'_>) -> Markup {
    match ran {
        Ran::Not => html! {},
        Ran::UnderWay(percent, again) => html! {
            section class="found" aria-labelledby="found" {
                h2 class="h2" id="found" { (say::UNDER_WAY) }
                p { (say::done(*percent)) a href=(again) { (say::LOOK_AGAIN) } }
            }
        },
        Ran::Failed(why) => html! {
            section aria-labelledby="found" {
                h2 class="h2" id="found" { (say::CANNOT) }
                p { (why) "." }
            }
        },
        Ran::Found(scored, place) => found(request, scored, place),
    }
}

fn found(request: &ScoreRequest, scored: &Scored, place: &str) -> Markup {
    let made = &scored.how_made;
    let asked = serde_json::to_string_pretty(request).unwrap_or_default();
    html! {
        section aria-labelledby="found" {
            h2 class="h2" id="found" { (say::FOUND) }
            p class="note" {
                (made.crime_types_label) ", " (made.window_label) ": "
                (say::on(&thousands(made.n_incidents as i64), &thousands(made.n_mapped as i64)))
            }
            @for note in &scored.notes { p class="note" { (note) } }
            @for layer in &scored.layers {
                (rows(&layer.table(), &files(place, layer.id, WRITERS.iter().map(|writer| writer.id()))))
            }
            @for surface in &scored.surfaces { (raster(surface, place)) }
            @for table in &scored.tables { (rows(table, &files(place, &table.id, ["csv", "json"]))) }
            details class="about" {
                summary { (say::HOW) }
                dl { @for (what, how) in &made.methods { dt { (what) } dd { (how) } } }
                p class="note" { (say::THE_SAME) code { "POST /analyses" } }
                pre tabindex="0" { (asked) }
            }
        }
    }
}

/// Links to what was found in every form.
fn files<'a>(place: &str, name: &str, forms: impl IntoIterator<Item = &'a str>) -> Markup {
    html! {
        span class="dl" {
            @for form in forms { " " a href={ (place) "/" (name) "." (form) } { (form) } }
        }
    }
}

fn raster(found: &SurfaceScores, place: &str) -> Markup {
    let surface = &found.surface;
    let defined = |i: usize| found.defined.as_ref().is_none_or(|defined| defined[i]);
    let values = surface.values.iter().enumerate().filter(|(i, _)| defined(*i));
    let most = values.map(|(_, value)| *value).fold(f64::NEG_INFINITY, f64::max);
    let highest = format!("{} {}", shown(most, 1), found.unit);
    html! {
        h3 class="h3" { (found.id) }
        p class="note" {
            (say::surface(surface.n_columns, surface.n_rows, &surface.cell.to_string(), &highest))
            (files(place, found.id, SURFACE_WRITERS.iter().map(|writer| writer.id())))
        }
    }
}

fn rows(table: &Table, files: &Markup) -> Markup {
    let (rows, order) = foremost(table);
    let unscored = table.rows.len() - rows.len();
    let unscored = (unscored > 0).then(|| thousands(unscored as i64));
    let of = thousands(table.rows.len() as i64);
    let columns = telling_columns(table);
    html! {
        h3 class="h3" { (table.title) }
        p class="note" {
            (say::rows(rows.len().min(MOST_ROWS), &of, &order, unscored.as_deref())) (files)
        }
        div class="tw card" tabindex="0" role="region" aria-label=(table_of(&table.title)) {
            table {
                thead { tr {
                    @for column in columns.iter().map(|&c| &table.columns[c]) {
                        th scope="col" {
                            (column.label)
                            @if !column.unit.is_empty() { span class="quiet sub" { (column.unit) } }
                        }
                    }
                } }
                tbody {
                    @for row in rows.iter().take(MOST_ROWS) {
                        tr {
                            @for (i, &c) in columns.iter().enumerate() {
                                @let (value, column) = (&row[c], &table.columns[c]);
                                @if i == 0 { th scope="row" { (cell(value, column)) } }
                                @else { td class=[is_number(value).then_some("num")] { (cell(value, column)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
