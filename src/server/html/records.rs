//! The controls: which records, which months, what the map shows. A GET form, so that every answer
//! has an address; script only saves the press of the button.

use maud::{Markup, html};

use super::choice::{Choice, Picked, Show, Sort};
use super::frame::Site;
use super::rows::{OfType, by_type, cells_tested};
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
            (show(choice))
            @if let Some(source) = &choice.source {
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

fn show(choice: &Choice) -> Markup {
    let mark = |name: &'static str, label: &'static str, on: bool| {
        html! {
            label class="chk" {
                input type="checkbox" name=(name) value="on" data-key=(name) checked[on];
                span { (label) }
            }
        }
    };
    html! {
        fieldset {
            legend class="h3" { "Show" }
            div class="seg" {
                @for show in Show::ALL {
                    label class="opt" {
                        input type="radio" name="show" value=(show.id())
                            data-key={ "show-" (show.id()) } checked[show == choice.show];
                        span { (show.label()) }
                    }
                }
            }
            (mark("hotspots", "Hotspots", choice.hotspots))
            (mark("names", "Ward names", choice.names))
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
                    "Gi*, {} cells, q < {} after FDR", request.cell, request.alpha
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
                a href=(choice.data("/tables/wards.csv")) { "Wards CSV" }
                a href=(choice.data("/layers/wards.geojson")) { "GeoJSON" }
                a href=(choice.data("/tables/hotspots.csv")) { "Hotspots CSV" }
                a href=(choice.data("/layers/hotspots.geojson")) { "GeoJSON" span class="hide" { " of hotspots" } }
                a href=(choice.data("/tables/by-month.csv")) { "Months CSV" }
                a href={ (choice.data("/map.png")) "&show=" (choice.show.id()) "&width=2400" } { "Picture" }
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
