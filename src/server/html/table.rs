//! Any layer as a table: sorted and filtered by its address, to be read, copied or taken away.

use maud::{Markup, html};

use super::choice::Choice;
use super::english::table as say;
use super::frame::{Page, Site, page};
use super::say::short_when;
use super::words::{counted, thousands};
use crate::layer::Layer;
use crate::table::{Column, Value, shown};

/// Rows shown on one page; the files hold all.
const MOST_ROWS: usize = 500;

/// Past so many columns a table is printed across the sheet, and past so many in the smallest print.
const WIDE: usize = 9;
const WIDEST: usize = 20;

/// Class of a page whose widest table has so many columns.
pub(super) fn list_class(columns: usize) -> &'static str {
    match columns {
        n if n > WIDEST => "list list--wide list--widest",
        n if n > WIDE => "list list--wide",
        _ => "list",
    }
}

/// Which rows, in which order.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Order<'a> {
    /// Column to sort by; the layer's own order where it has no such column.
    pub by: Option<&'a str>,
    /// Whether the least comes first.
    pub rising: bool,
    /// Only rows with a text that holds this.
    pub find: Option<&'a str>,
}

/// `GET /layers/{id}`: the figures of the map as a table.
pub(crate) fn table_page(
    site: &Site<'_>,
    choice: &Choice,
    layer: &Layer,
    notes: &[String],
    order: Order<'_>,
) -> Markup {
    let rows = rows(layer, order);
    let table = say::table_of(&layer.title);
    let title = format!("{table}, {}, {}", choice.types.label(), choice.when());
    let file = |form: &str| choice.layer(&format!("{}.{form}", layer.id));
    let main = html! {
        main class=(list_class(layer.columns.len())) data-title=(title) {
            div id="answer" tabindex="-1" {
                p class="kicker" {
                    span class="screen-only" { a href=(choice.map()) { (say::MAP) } " / " }
                    (choice.types.label()) ", " (short_when(choice))
                }
                h1 { (layer.title) ": " (counted(layer.features.len() as i64, say::ROW, say::ROWS)) }
                @for note in notes { p class="note" { (note) } }
            }
            form class="find" action=(format!("/layers/{}", layer.id)) role="search" {
                @for (name, value) in choice.fields() { @if name != "sort" { input type="hidden" name=(name) value=(value); } }
                @for (name, value) in &choice.options { input type="hidden" name=(name) value=(value); }
                @if let Some(by) = order.by { input type="hidden" name="by" value=(by); }
                @if order.rising { input type="hidden" name="rising" value="yes"; }
                label class="fld" {
                    span { (say::ONLY_WITH) }
                    input type="search" name="find" maxlength="60" autocomplete="off"
                        value=(order.find.unwrap_or_default());
                }
                button class="btn" { (say::FILTER) }
                button class="btn" type="button" data-do="copy" hidden { (say::COPY) }
            }
            p class="note" {
                @if rows.len() > MOST_ROWS {
                    (say::first_of(MOST_ROWS, &thousands(rows.len() as i64)))
                } @else if rows.len() < layer.features.len() {
                    @let left = counted(rows.len() as i64, say::ROW, say::ROWS);
                    (say::left(&left, &thousands(layer.features.len() as i64)))
                }
                span class="dl" {
                    a href=(file("csv")) { "CSV" } " "
                    a href=(file("xlsx")) { "XLSX" } " "
                    a href=(file("gpkg")) { "GeoPackage" } " "
                    a href=(file("geojson")) { "GeoJSON" }
                }
            }
            div class="tw card" tabindex="0" role="region" aria-label=(table) {
                table id="figures" {
                    thead { tr {
                        @for column in &layer.columns { (head(choice, layer, column, order)) }
                    } }
                    tbody {
                        @for row in rows.iter().take(MOST_ROWS) {
                            tr {
                                @for (i, (value, column)) in row.iter().zip(&layer.columns).enumerate() {
                                    @if i == 0 { th scope="row" { (cell(value, column)) } }
                                    @else { td class=[is_number(value).then_some("num")] { (cell(value, column)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    page(site, &title, Page::Map, Some(choice), &main)
}

fn rows<'a>(layer: &'a Layer, order: Order<'_>) -> Vec<&'a [Value]> {
    let wanted = order.find.map(str::to_lowercase);
    let holds = |row: &&[Value]| {
        wanted.as_ref().is_none_or(|wanted| {
            row.iter().any(|value| match value {
                Value::Text(text) => text.to_lowercase().contains(wanted),
                _ => false,
            })
        })
    };
    let all = layer.features.iter().map(|feature| feature.values.as_slice());
    let mut rows: Vec<&[Value]> = all.filter(holds).collect();
    if let Some(at) = order.by.and_then(|by| layer.column(by)) {
        rows.sort_by(|a, b| {
            let both = compare(&a[at], &b[at]);
            // What has no value comes last whichever way the rest runs.
            match (&a[at], &b[at]) {
                (Value::None, _) | (_, Value::None) => both,
                _ if order.rising => both,
                _ => both.reverse(),
            }
        });
    }
    rows
}

fn compare(a: &Value, b: &Value) -> std::cmp::Ordering {
    let rank = |value: &Value| match value {
        Value::Count(_) | Value::Number(_) => 0,
        Value::Text(_) => 1,
        Value::Flag(_) => 2,
        Value::None => 3,
    };
    let number = |value: &Value| match value {
        Value::Count(n) => *n as f64,
        Value::Number(x) => *x,
        Value::Flag(yes) => f64::from(u8::from(*yes)),
        _ => 0.0,
    };
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        _ => rank(a).cmp(&rank(b)).then(number(a).total_cmp(&number(b))),
    }
}

fn head(choice: &Choice, layer: &Layer, column: &Column, order: Order<'_>) -> Markup {
    let on = order.by == Some(column.id);
    let rising = on && !order.rising;
    let mut to = choice.layer(layer.id) + "&by=" + column.id;
    if rising {
        to += "&rising=yes";
    }
    let sorted = on.then_some(if order.rising { "ascending" } else { "descending" });
    html! {
        th scope="col" aria-sort=[sorted] {
            a href=(to) {
                (column.label)
                @if on { span aria-hidden="true" { (if order.rising { " ↑" } else { " ↓" }) } }
            }
            @if !column.unit.is_empty() { span class="quiet sub" { (column.unit) } }
        }
    }
}

pub(super) fn is_number(value: &Value) -> bool {
    matches!(value, Value::Count(_) | Value::Number(_))
}

pub(super) fn cell(value: &Value, column: &Column) -> Markup {
    html! {
        @match value {
            Value::None => { span class="quiet" { "-" } }
            Value::Count(n) => { (thousands(*n)) }
            Value::Number(x) if x.fract() == 0.0 && x.abs() < 1e15 => { (thousands(*x as i64)) }
            Value::Number(x) => { (shown(*x, column.decimals)) }
            Value::Text(text) => { (text) }
            Value::Flag(yes) => { (say::yes(*yes)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{choice, findings, site};
    use super::*;

    fn names(order: Order<'_>) -> Vec<String> {
        let findings = findings(true);
        let layer = findings.layer("wards").unwrap();
        let name = layer.column("name").unwrap();
        let text = |row: &&[Value]| match &row[name] {
            Value::Text(text) => text.clone(),
            _ => String::new(),
        };
        rows(layer, order).iter().map(text).collect()
    }

    #[test]
    fn rows_are_sorted_and_filtered_by_the_address() {
        let by = |by, rising| Order { by: Some(by), rising, find: None };

        assert_eq!(names(by("count", true)), ["Mill <Lane>", "Roseworth", "Town & Quay"]);
        assert_eq!(names(by("count", false)), ["Town & Quay", "Roseworth", "Mill <Lane>"]);
        assert_eq!(names(by("name", true))[0], "Mill <Lane>");
        assert_eq!(names(Order { find: Some("ROSE"), ..Order::default() }), ["Roseworth"]);
        assert_eq!(names(by("nonsense", true)).len(), 3);
    }

    #[test]
    fn what_has_no_value_comes_last_both_ways() {
        let mut findings = findings(true);
        let layer = findings.layers.iter_mut().find(|layer| layer.id == "wards").unwrap();
        let rate = layer.column("rate").unwrap();
        layer.features[0].values[rate] = Value::None;
        for rising in [true, false] {
            let order = Order { by: Some("rate"), rising, find: None };
            assert_eq!(rows(layer, order).last().unwrap()[rate], Value::None);
        }
    }

    #[test]
    fn the_page_says_how_many_rows_and_where_the_files_are() {
        let findings = findings(true);
        let layer = findings.layer("wards").unwrap();
        let page = table_page(&site(), &choice(), layer, &[], Order::default()).into_string();

        assert!(page.contains("Wards: 3 rows"));
        assert!(page.contains("/layers/wards.gpkg?type=anti-social-behaviour"));
        assert!(page.contains("Mill &lt;Lane&gt;"));
    }
}
