//! The page for a request that has no answer: what failed, what still holds, what to do.

use maud::{Markup, html};

use super::english::trouble as say;
use super::frame::{Page, Site, page};

/// A page that says in words why there is no answer.
pub(crate) fn trouble_page(site: &Site<'_>, title: &str, reasons: &[String]) -> Markup {
    let main = html! {
        main class="list" data-title=(title) {
            h1 id="answer" tabindex="-1" { (title) }
            @for reason in reasons { p { (reason) } }
            p { a href="/" { (say::START) } (say::OR) a href="/wards" { (say::WARDS) } "." }
        }
    };
    page(site, title, Page::Other, None, &main)
}
