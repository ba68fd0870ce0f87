//! The controls: which records, which months, what the map shows. A GET form, so that every answer
//! has an address; script only saves the press of the button.

use maud::{Markup, html};

use super::choice::{Choice, Picked};
use super::english::records as say;
use super::frame::Site;
use super::map::picture_address;
use super::options::options;
use super::rows::{OfType, by_type, cells_tested};
use super::say::short_window;
use super::show::{Show, Sort};
use super::words::thousands;
use crate::incident::{CrimeTypes, Group, PrioritySet};
use crate::layer::Findings;
use crate::pipeline::{AnalysisRequest, Family};
use crate::time::{Month, Window, WindowSpec};

/// The form of the map page.
pub(super) fn controls(site: &Site<'_>, choice: &Choice, findings: &Findings) -> Markup {
    html! {
        form class="controls" id="controls" action="/" aria-label=(say::WHAT_IT_SHOWS) {
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
                button class="btn btn--main" { (say::SHOW) }
                a class="btn" href="/" { (say::RESET) }
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
            legend class="h3" { (say::RECORDS) }
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
                    span { (say::SOURCE) }
                    select name="source" data-key="source" {
                        option value="" selected[choice.source.is_none()] { (say::ALL_SOURCES) }
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
            legend class="h3" { (say::WHEN) }
            div data-part="when" {
                div class="two" {
                    (month_select("from", say::FROM, data, choice.window.first()))
                    (month_select("to", say::TO, data, choice.window.last()))
                    @if site.timed {
                        (select("day", say::DAYS, &days(), choice.hours.day().as_deref()))
                        (select("hour", say::HOURS, &hours(), choice.hours.hour().as_deref()))
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
        (say::LATEST_YEAR, WindowSpec::Latest),
        (say::JAN_TO_DEC, WindowSpec::JanDec),
        (say::APR_TO_MAR, WindowSpec::AprMar),
        (say::OCT_TO_SEP, WindowSpec::OctSep),
        (say::ALL_MONTHS, WindowSpec::All),
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

/// The months held, and the chosen one, which an address may set beyond them.
fn month_select(name: &str, label: &str, data: Window, chosen: Month) -> Markup {
    let option = |month: Month| {
        html! { option value=(month) selected[month == chosen] { (month.label()) } }
    };
    html! {
        label class="fld" {
            span { (label) }
            select name=(name) data-key=(name) {
                @if chosen < data.first() { (option(chosen)) }
                @for month in data.months() { (option(month)) }
                @if chosen > data.last() { (option(chosen)) }
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
            legend class="h3" { (say::SHOW) }
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
                (mark("hotspots", say::HOTSPOTS, choice.hotspots))
                (mark("names", say::WARD_NAMES, choice.names))
                @if site.more.contains(&"clusters") { (mark("clusters", say::SCAN_CLUSTERS, choice.clusters)) }
                @if site.more.contains(&"venues") { (mark("venues", say::HALLS, choice.venues)) }
            }
            details class="about" {
                summary { (say::WHAT_THESE_ARE) }
                dl { @for show in Show::ALL.into_iter().filter(offered) { (fact(show.label(), show.about())) } }
            }
        }
    }
}

/// Days and hours, in the words of addresses.
fn days() -> Vec<(&'static str, &'static str)> {
    let several = [
        ("", say::ALL_DAYS),
        ("mon,tue,wed,thu,fri", say::MON_TO_FRI),
        ("sat,sun", say::SAT_AND_SUN),
        ("fri,sat", say::FRI_AND_SAT),
    ];
    let single = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].into_iter().zip(say::EACH_DAY);
    several.into_iter().chain(single).collect()
}

fn hours() -> Vec<(String, String)> {
    let bands = [(6, 12), (12, 18), (18, 24), (0, 6), (21, 5), (8, 9), (15, 17)];
    let band = |(from, to): (u8, u8)| {
        (format!("{from}-{to}"), say::hours(&format!("{from:02}"), &format!("{to:02}")))
    };
    let all = (String::new(), say::ALL_HOURS.to_owned());
    std::iter::once(all).chain(bands.map(band)).collect()
}

/// A list of choices; one that the address has and the list has not is added.
fn select<T: AsRef<str>>(
    name: &str,
    label: &str,
    known: &[(T, T)],
    chosen: Option<&str>,
) -> Markup {
    let chosen = chosen.unwrap_or_default();
    html! {
        label class="fld" {
            span { (label) }
            select name=(name) data-key=(name) {
                @for (value, label) in known {
                    option value=(value.as_ref()) selected[value.as_ref() == chosen] { (label.as_ref()) }
                }
                @if known.iter().all(|(value, _)| value.as_ref() != chosen) {
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
    let mut windows: Vec<(String, String)> = vec![(String::new(), say::NOTHING.to_owned())];
    windows
        .extend(earlier(data, choice.window).into_iter().map(|(label, w)| (w.to_string(), label)));
    let against = choice.against.map(|window| window.to_string());
    html! {
        fieldset {
            legend class="h3" { (say::COMPARE) }
            div data-part="heat-more" {
                div class="two" {
                    (select("against", say::WITH, &windows, against.as_deref()))
                    label class="fld" {
                        span { (say::AS) }
                        select name="as" data-key="as" {
                            option value="" selected[!choice.swipe] { (say::DIFFERENCE) }
                            option value="swipe" selected[choice.swipe] { (say::SIDE_BY_SIDE) }
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
        Family::AtRisk => say::WHERE_IT_CAN_BE,
        Family::All => say::ALL_IN_AREA,
    };
    html! {
        section class="method" data-part="method" aria-labelledby="how" {
            h2 class="h3" id="how" { (say::HOW) }
            dl {
                (fact(say::HEAT, &say::heat(&request.bandwidth.to_string())))
                (fact(say::HOTSPOT, &say::hotspot(&request.cell().to_string(), request.alpha)))
                @if let Some(cells) = cells_tested(findings) {
                    (fact(say::CELLS_TESTED, &format!("{}, {family}", thousands(cells as i64))))
                }
                (fact(say::PLACES, say::AS_PUBLISHED))
                (fact(say::SEED, &format!("{}, {}", how.seed, short(&how.dataset))))
            }
            details {
                summary {
                    @match findings.notes.len() {
                        0 => (say::IN_FULL),
                        n => (say::notes(n)),
                    }
                }
                @for note in &findings.notes { p class="note" { (note) } }
                dl { @for (what, text) in &how.methods { (fact(what, text)) } }
            }
            p class="note downloads" {
                @let layer = choice.show.layer();
                a href=(choice.layer(layer)) data-key="as-table" { (say::AS_TABLE) }
                @for (form, label) in [("csv", "CSV"), ("xlsx", "XLSX"), ("gpkg", "GeoPackage"), ("geojson", "GeoJSON")] {
                    a href=(choice.layer(&format!("{layer}.{form}"))) { (label) }
                }
            }
            p class="note downloads" {
                (say::TABLES)
                a href=(choice.data("/tables/wards.csv")) { (say::WARDS) }
                a href=(choice.data("/tables/hotspots.csv")) { (say::HOTSPOTS) }
                a href=(choice.data("/tables/by-month.csv")) { (say::MONTHS) }
                @if findings.table("by-hour").is_some() {
                    a href=(choice.data("/tables/by-hour.csv")) { (say::HOURS) }
                }
            }
            p class="note downloads" {
                (say::MAP)
                @for (form, width, label) in [("pdf", 840, "PDF"), ("png", 2400, "PNG"), ("svg", 1200, "SVG")] {
                    a href={ (picture_address(choice, form)) "&sheet=yes&width=" (width) } data-map-file { (label) }
                }
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
