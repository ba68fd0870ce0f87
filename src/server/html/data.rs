//! The page of the data: what the last import said of their quality, where they came from, and under
//! what licence.

use maud::{Markup, html};

use super::english::data as say;
use super::frame::{Page, Site, page};
use super::words::thousands;
use crate::provenance::Provenance;
use crate::report::sections;
use crate::server::state::LastImport;
use crate::time::date;
use crate::units::AreaLayer;

/// The report inside the site's frame, or why there is none; then where the data came from.
pub(crate) fn data_page(
    site: &Site<'_>,
    import: Option<&LastImport>,
    provenance: &Provenance,
    wards: Option<&AreaLayer>,
) -> Markup {
    let main = html! {
        main class="list quality" data-title=(say::PAGE) {
            @match import {
                Some(import) => (sections(&import.report, wards)),
                None => (without_report(provenance)),
            }
            (origin(site, import, provenance))
        }
    };
    page(site, say::PAGE, Page::Data, None, &main)
}

fn without_report(provenance: &Provenance) -> Markup {
    html! {
        @if let Some(disclosure) = &provenance.disclosure {
            p class="kicker" { (say::PAGE) }
            h1 id="answer" tabindex="-1" { (say::MADE_SAFE) }
            p class="note" { (say::for_analysts(disclosure.rule.audience.id())) }
        } @else {
            h1 id="answer" tabindex="-1" { (say::NO_REPORT) }
            p { (say::WRITE_ONE[0]) code { "wardheat import" } (say::WRITE_ONE[1]) }
        }
    }
}

/// Last import, provenance and licences.
fn origin(site: &Site<'_>, import: Option<&LastImport>, provenance: &Provenance) -> Markup {
    let ended = import.and_then(|import| import.ended);
    html! {
        section aria-labelledby="origin" {
            h2 class="h2" id="origin" { (say::ORIGIN) }
            dl class="q-facts" {
                @if let Some(ended) = ended {
                    dt { (say::IMPORTED) }
                    dd { (date(ended.date())) ", " (ended.strftime("%H:%M").to_string()) }
                }
                dt { (say::PROGRAM) }
                dd { "wardheat " (provenance.wardheat) }
                dt { (say::VERSION) }
                dd { code { (site.version) } }
                @if !provenance.transformation.is_empty() {
                    dt { (say::POSITIONS) }
                    dd { (provenance.transformation) }
                }
                @if let Some(residents) = &provenance.residents {
                    dt { (say::RESIDENTS) }
                    dd { (residents) }
                }
                dt { (say::LICENCES) }
                @for line in &provenance.attribution { dd { (line) } }
                @if provenance.attribution.is_empty() { dd { (say::NO_LICENCE) } }
            }
            // Their rows would tell what is held back.
            @if provenance.disclosure.is_none() && !provenance.files.is_empty() {
                (files(provenance))
            }
        }
    }
}

/// Every file that was read, by the sum that proves which.
fn files(provenance: &Provenance) -> Markup {
    html! {
        details class="q-fold" {
            summary { (say::files(provenance.files.len())) }
            div class="card tw" role="region" aria-label=(say::FILES) tabindex="0" {
                table class="stack" {
                    thead { tr {
                        th scope="col" { (say::FILE) } th scope="col" { (say::USED_AS) }
                        th scope="col" class="num" { (say::ROWS) } th scope="col" { "SHA-256" }
                    } }
                    tbody { @for file in &provenance.files { tr {
                        th scope="row" class="q-file" { (file.file) }
                        td data-th=(say::USED_AS) { (file.source) }
                        td class="num" data-th=(say::ROWS) { (thousands(file.rows as i64)) }
                        td class="q-sha" data-th="SHA-256" { code { (file.sha256) } }
                    } } }
                }
            }
        }
    }
}
