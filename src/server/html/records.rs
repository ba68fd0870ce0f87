//! The controls: which records, which months, what the map shows. A GET form, so that every answer
//! has an address; script only saves the press of the button.

use maud::{Markup, html};

use super::choice::{Choice, Picked};
use super::frame::Site;
use super::map::picture_address;
use super::options::options;
use super::rows::{OfType, by_type, cells_tested};
use super::say::short_window;
use super::show::{Show, Sort};
use super::words::{counted, thousands};
use crate::incident::{CrimeTypes, Group, PrioritySet};
use crate::layer::Findings;
use crate::pipeline::{AnalysisRequest, Family};
use crate::time::{Month, Window, WindowSpec};

/// The form of the map page.
pub(super) fn controls(site: &Site<'_>, choice: &Choice, findings: &Findings) -> Markup {
    html! {
        form class="controls" id="controls" action="/" aria-label="What the map shows" {
            (records(site, choice, &by_type(findings)))
            (when(site, choice))
            (show(site, choice))
            (more(site, choice))
            (options(site, choice))
            @if let Some(source) = choice.source.as_ref().filter(|_| site.sources.len() < 2) {
                input type="hidden" name="source" value=(source);
            }
            @if choice.sort != Sort::Rate {
                input type="hidden" name="sort" value=(choice.sort.id());
            }
            @if let Some(Picked::Ward(code)) = &choice.picked {
                input type="hidden" name="ward" value=(code);
            }
            div class="row controls__send" {
                button class="btn btn--main" { "Show" }
                a class="btn" href="/" { "Reset" }
            }
        }
    }
}

/// Choices of record with their counts in these months: families of several types, then types.
fn choices(
    types: &[OfType],
    chosen: CrimeTypes,
    priorities: &[&'static PrioritySet],
) -> Vec<(CrimeTypes, i64)> {
    let members = |choice: CrimeTypes| {
        let of = move |row: &&OfType| choice.contains(row.crime_type) && row.count > 0;
        types.iter().filter(of)
    };
    let worth = |choice: &CrimeTypes| match choice {
        CrimeTypes::One(_) | CrimeTypes::Priority(_) | CrimeTypes::Named(_) => {
            members(*choice).count() > 0
        }
        CrimeTypes::All => {
            members(CrimeTypes::Family(Group::Crime)).count() > 0
                && members(CrimeTypes::Family(Group::Asb)).count() > 0
        }
        CrimeTypes::Family(_) => members(*choice).count() > 1,
    };
    CrimeTypes::choices()
        .chain(priorities.iter().map(|priority| CrimeTypes::Priority(priority)))
        .filter(|choice| worth(choice) || *choice == chosen)
        .map(|choice| (choice, members(choice).map(|row| row.count).sum()))
        .collect()
}

fn records(site: &Site<'_>, choice: &Choice, types: &[OfType]) -> Markup {
    html! {
        fieldset class="records" {
            legend class="h3" { "Records" }
            div class="opts" data-part="records" {
                @for (types, count) in choices(types, choice.types, site.priorities) {
                    label class="opt" {
                        input type="radio" name="type" value=(types) data-key={ "type-" (types) }
                            checked[types == choice.types];
                        span { (types.label()) }
                        span class="quiet num" { (thousands(count)) }
                    }
                }
            }
            @if site.sources.len() > 1 {
                label class="fld source" {
                    span { "Source" }
                    select name="source" data-key="source" {
                        option value="" selected[choice.source.is_none()] { "All sources" }
                        @for source in site.sources {
                            option value=(source) selected[choice.source.as_ref() == Some(source)] { (source) }
                        }
                    }
                }
            }
        }
    }
}

fn when(site: &Site<'_>, choice: &Choice) -> Markup {
    let data = site.months.unwrap_or(choice.window);
    let presets = presets(data);
    html! {
        fieldset {
            legend class="h3" { "When" }
            div data-part="when" {
                div class="two" {
                    (month_select("from", "From", data, choice.window.first()))
                    (month_select("to", "To", data, choice.window.last()))
                    @if site.timed {
                        (select("day", "Days", DAYS, choice.hours.day().as_deref()))
                        (select("hour", "Hours", HOURS, choice.hours.hour().as_deref()))
                    }
                }
                p class="presets" hidden[presets.len() < 2] {
                    @for &(label, window) in &presets {
                        a href=(choice.over(window).map()) data-soft data-key={ "window-" (window) }
                            aria-current=[(window == choice.window).then_some("true")] {
                            (label)
                        }
                    }
                }
            }
        }
    }
}

/// Windows that partnerships report on, as far as the data hold them whole.
pub(super) fn presets(data: Window) -> Vec<(&'static str, Window)> {
    let named = [
        ("Latest year", WindowSpec::Latest),
        ("Jan to Dec", WindowSpec::JanDec),
        ("Apr to Mar", WindowSpec::AprMar),
        ("Oct to Sep", WindowSpec::OctSep),
        ("All months", WindowSpec::All),
    ];
    let mut presets: Vec<(&'static str, Window)> = Vec::new();
    for (label, spec) in named {
        if let Ok(window) = spec.resolve(data)
            && presets.iter().all(|(_, earlier)| *earlier != window)
        {
            presets.push((label, window));
        }
    }
    presets
}

fn month_select(name: &str, label: &str, data: Window, chosen: Month) -> Markup {
    html! {
        label class="fld" {
            span { (label) }
            select name=(name) data-key=(name) {
                @for month in data.months() {
                    option value=(month) selected[month == chosen] { (month.label()) }
                }
            }
        }
    }
}

fn show(site: &Site<'_>, choice: &Choice) -> Markup {
    let mark = |name: &'static str, label: &'static str, on: bool| {
        html! {
            label class="chk" {
                input type="checkbox" name=(name) value="on" data-key=(name) checked[on];
                span { (label) }
            }
        }
    };
    let offered = |show: &Show| match show {
        Show::Lsoas | Show::Hexagons | Show::H3 | Show::Emerging | Show::Moran => {
            site.more.contains(&show.id())
        }
        Show::Heat | Show::Rate | Show::Cells => true,
    };
    html! {
        fieldset {
            legend class="h3" { "Show" }
            div class="shows" {
                @for show in Show::ALL.into_iter().filter(offered) {
                    label class="opt" title=(show.about()) {
                        input type="radio" name="show" value=(show.id())
                            data-key={ "show-" (show.id()) } checked[show == choice.show];
                        span { (show.label()) }
                    }
                }
            }
            div class="shows" {
                (mark("hotspots", "Hotspots", choice.hotspots))
                (mark("names", "Ward names", choice.names))
                @if site.more.contains(&"clusters") { (mark("clusters", "Scan clusters", choice.clusters)) }
                @if site.more.contains(&"venues") { (mark("venues", "Halls", choice.venues)) }
            }
            details class="about" {
                summary { "What these are" }
                dl { @for show in Show::ALL.into_iter().filter(offered) { (fact(show.label(), show.about())) } }
            }
        }
    }
}

/// Days and hours, in the words of addresses.
const DAYS: &[(&str, &str)] = &[
    ("", "All days"),
    ("mon,tue,wed,thu,fri", "Mon to Fri"),
    ("sat,sun", "Sat and Sun"),
    ("fri,sat", "Fri and Sat"),
    ("mon", "Mondays"),
    ("tue", "Tuesdays"),
    ("wed", "Wednesdays"),
    ("thu", "Thursdays"),
    ("fri", "Fridays"),
    ("sat", "Saturdays"),
    ("sun", "Sundays"),
];
const HOURS: &[(&str, &str)] = &[
    ("", "All hours"),
    ("6-12", "06 to 12"),
    ("12-18", "12 to 18"),
    ("18-24", "18 to 24"),
    ("0-6", "00 to 06"),
    ("21-5", "21 to 05"),
    ("8-9", "08 to 09"),
    ("15-17", "15 to 17"),
];

/// A list of choices; one that the address has and the list has not is added.
fn select(name: &str, label: &str, known: &[(&str, &str)], chosen: Option<&str>) -> Markup {
    let chosen = chosen.unwrap_or_default();
    html! {
        label class="fld" {
            span { (label) }
            select name=(name) data-key=(name) {
                @for (value, label) in known { option value=(value) selected[*value == chosen] { (label) } }
                @if known.iter().all(|(value, _)| *value != chosen) {
                    option value=(chosen) selected { (chosen) }
                }
            }
        }
    }
}

/// Windows of the same length to hold heat against: the year before, and the months before.
fn earlier(data: Window, window: Window) -> Vec<(String, Window)> {
    let length = window.n_months() as i32;
    let shifted =
        |months: i32| Window::new(window.first().plus(-months), window.last().plus(-months)).ok();
    let mut all: Vec<(String, Window)> = Vec::new();
    for months in [12, 24, 36, length] {
        if let Some(other) = shifted(months)
            && other.first() >= data.first()
            && all.iter().all(|(_, known)| *known != other)
        {
            all.push((short_window(other), other));
        }
    }
    all
}

/// Heat against other months.
fn more(site: &Site<'_>, choice: &Choice) -> Markup {
    let data = site.months.unwrap_or(choice.window);
    let mut windows: Vec<(String, String)> = vec![(String::new(), "Nothing".to_owned())];
    windows
        .extend(earlier(data, choice.window).into_iter().map(|(label, w)| (w.to_string(), label)));
    let windows: Vec<(&str, &str)> =
        windows.iter().map(|(v, l)| (v.as_str(), l.as_str())).collect();
    let against = choice.against.map(|window| window.to_string());
    html! {
        fieldset {
            legend class="h3" { "Compare heat" }
            div data-part="heat-more" {
                div class="two" {
                    (select("against", "With", &windows, against.as_deref()))
                    label class="fld" {
                        span { "As" }
                        select name="as" data-key="as" {
                            option value="" selected[!choice.swipe] { "Difference" }
                            option value="swipe" selected[choice.swipe] { "Side by side" }
                        }
                    }
                }
            }
        }
    }
}

/// How the figures were made, what the reader must know, and the files that hold them.
pub(super) fn method(choice: &Choice, findings: &Findings) -> Markup {
    let how = &findings.how_made;
    let request: AnalysisRequest = serde_json::from_value(how.request.clone()).unwrap_or_default();
    let family = match request.family {
        Family::AtRisk => "where a record can be",
        Family::All => "all in the area",
    };
    html! {
        section class="method" data-part="method" aria-labelledby="how" {
            h2 class="h3" id="how" { "How it was made" }
            dl {
                (fact("Heat", &format!("quartic kernel, {}, National Grid", request.bandwidth)))
                (fact("Hotspot", &format!(
                    "Gi*, {} cells, q < {} after FDR", request.cell(), request.alpha
                )))
                @if let Some(cells) = cells_tested(findings) {
                    (fact("Cells tested", &format!("{}, {family}", thousands(cells as i64))))
                }
                (fact("Places", "as published: often a shared point near by, not the address"))
                (fact("Seed, data", &format!("{}, {}", how.seed, short(&how.dataset))))
            }
            details {
                summary {
                    @match findings.notes.len() {
                        0 => "The method in full",
                        n => { (counted(n as i64, "note", "notes")) " and the method in full" }
                    }
                }
                @for note in &findings.notes { p class="note" { (note) } }
                dl { @for (what, text) in &how.methods { (fact(what, text)) } }
            }
            p class="note downloads" {
                @let layer = choice.show.layer();
                a href=(choice.layer(layer)) data-key="as-table" { "All figures as a table" }
                @for (form, label) in [("csv", "CSV"), ("xlsx", "XLSX"), ("gpkg", "GeoPackage"), ("geojson", "GeoJSON")] {
                    a href=(choice.layer(&format!("{layer}.{form}"))) { (label) }
                }
            }
            p class="note downloads" {
                "Tables: "
                a href=(choice.data("/tables/wards.csv")) { "Wards" }
                a href=(choice.data("/tables/hotspots.csv")) { "Hotspots" }
                a href=(choice.data("/tables/by-month.csv")) { "Months" }
                @if findings.table("by-hour").is_some() {
                    a href=(choice.data("/tables/by-hour.csv")) { "Hours" }
                }
            }
            p class="note downloads" {
                "Map: "
                a href={ (picture_address(choice, "pdf")) "&sheet=yes&width=1200" } { "PDF" }
                a href={ (picture_address(choice, "png")) "&sheet=yes&width=2400" } { "PNG" }
                a href={ (picture_address(choice, "svg")) "&sheet=yes&width=1200" } { "SVG" }
            }
        }
    }
}

/// The start of a checksum: enough to tell versions apart by eye.
fn short(checksum: &str) -> &str {
    checksum.get(..12).unwrap_or(checksum)
}

fn fact(what: &str, text: &str) -> Markup {
    html! { div { dt { (what) } dd { (text) } } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::CrimeTypeIdx;

    fn of(id: &str, count: i64) -> OfType {
        OfType { crime_type: CrimeTypeIdx::from_id(id).unwrap(), count, earlier: None }
    }

    #[test]
    fn a_family_is_offered_when_it_holds_several_types() {
        let types = [of("anti-social-behaviour", 5), of("burglary", 3), of("drugs", 2)];

        let offered: Vec<_> = choices(&types, CrimeTypes::All, &[])
            .into_iter()
            .map(|(choice, count)| (choice.to_string(), count))
            .collect();

        let expected = [
            ("all", 10),
            ("all-crime", 5),
            ("anti-social-behaviour", 5),
            ("burglary", 3),
            ("drugs", 2),
        ];
        assert_eq!(offered, expected.map(|(id, n)| (id.to_owned(), n)));
    }

    #[test]
    fn presets_name_each_window_once() {
        let one_year = presets("2025-01..2025-12".parse().unwrap());

        assert_eq!(one_year.len(), 1);
        assert_eq!(one_year[0].0, "Latest year");
    }
}
