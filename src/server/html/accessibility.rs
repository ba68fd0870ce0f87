//! The accessibility statement: what these pages meet, how that is tested, what is not yet so.

use maud::{Markup, html};

use super::english::accessibility as say;
use super::frame::{Page, Site, page};

/// `GET /accessibility`.
pub(crate) fn accessibility_page(site: &Site<'_>) -> Markup {
    let main = html! {
        main class="list prose" data-title=(say::PAGE) {
            h1 id="answer" tabindex="-1" { (say::TITLE) }
            p { (say::AIM) }
            h2 class="h2" { (say::ABLE) }
            ul { @for able in say::ABLE_TO { li { (able) } } }
            h2 class="h2" { (say::KEYS) }
            dl class="keys" {
                @for (key, what) in say::KEYS_DO { div { dt { (key) } dd { (what) } } }
            }
            h2 class="h2" { (say::NOT_YET) }
            ul { @for not_yet in say::NOT_YET_SO { li { (not_yet) } } }
            h2 class="h2" { (say::TESTED) }
            p { (say::TESTED_SO) }
            h2 class="h2" { (say::TROUBLE) }
            p { (say::TROUBLE_TELL) }
            p class="note" { (say::prepared(env!("CARGO_PKG_VERSION"))) }
        }
    };
    page(site, say::PAGE, Page::Other, None, &main)
}
