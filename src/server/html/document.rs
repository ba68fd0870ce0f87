//! Any document of the API as a page: for people who follow its links in a browser.

use maud::{Markup, html};
use serde_json::Value as Json;

use super::english::document as say;
use super::frame::{Page, Site, page};

/// Members nested deeper than this are counted instead of shown.
const DEEPEST: usize = 6;

/// A page of `document`: links as links, features as a table, everything else as a list.
pub(crate) fn document_page(site: &Site<'_>, title: &str, document: &Json) -> Markup {
    let main = html! {
        main class="list document" data-title=(title) {
            h1 id="answer" tabindex="-1" { (title) }
            p class="note screen-only" {
                a href="/collections?f=html" { (say::COLLECTIONS) } " · "
                a href="/api?f=html" { (say::DESCRIPTION) } " · "
                a href="/conformance?f=html" { (say::CONFORMANCE) }
            }
            (value(document, 0))
        }
    };
    page(site, title, Page::Other, None, &main)
}

fn value(json: &Json, depth: usize) -> Markup {
    match json {
        Json::Null => html! { (say::NONE) },
        Json::Bool(yes) => html! { (say::yes(*yes)) },
        Json::Number(number) => html! { (number) },
        Json::String(text) => html! { (text) },
        Json::Array(items)
            if items.iter().all(|item| item["href"].is_string()) && !items.is_empty() =>
        {
            html! { ul { @for item in items { li { (anchor(item)) } } } }
        }
        Json::Array(items)
            if items.iter().all(|item| item["type"] == "Feature") && !items.is_empty() =>
        {
            features(items)
        }
        Json::Array(items) => {
            html! { ul { @for item in items { li { (value(item, depth + 1)) } } } }
        }
        Json::Object(members) if depth > DEEPEST => html! { (say::members(members.len())) },
        Json::Object(members) => html! {
            dl {
                @for (name, member) in members {
                    @if name != "geometry" {
                        dt { (name) }
                        dd { (value(member, depth + 1)) }
                    }
                }
            }
        },
    }
}

fn anchor(link: &Json) -> Markup {
    let text = |name: &str| link[name].as_str().unwrap_or_default();
    html! { a href=(text("href")) { (text("title")) } " (" (text("rel")) ", " (text("type")) ")" }
}

fn features(items: &[Json]) -> Markup {
    let columns: Vec<&String> =
        items[0]["properties"].as_object().map(|all| all.keys().collect()).unwrap_or_default();
    html! {
        div class="tw" tabindex="0" role="region" aria-label=(say::FEATURES) {
            table {
                caption { (say::FEATURES_OF_PAGE) }
                thead { tr { th scope="col" { (say::FEATURE) } @for column in &columns { th scope="col" { (column) } } } }
                tbody {
                    @for item in items {
                        tr {
                            th scope="row" { (value(&item["id"], 0)) }
                            @for column in &columns { td { (value(&item["properties"][column.as_str()], 0)) } }
                        }
                    }
                }
            }
        }
    }
}
