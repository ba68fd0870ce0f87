//! The page to log in on: one field, no script, no third party.

use maud::{Markup, html};

use super::frame::{Page, Site, page};

/// The form, which goes on to the page `next`; `why` says why it stands here again.
pub(crate) fn login_page(site: &Site<'_>, next: &str, why: Option<&str>) -> Markup {
    let main = html! {
        main class="list" data-title="Log in" {
            h1 id="answer" tabindex="-1" { "Log in" }
            @if let Some(why) = why { p role="alert" { strong { (why) } } }
            form method="post" action="/login" {
                input type="hidden" name="next" value=(next);
                p {
                    label for="token" { "Token" }
                    " "
                    input type="password" id="token" name="token" required
                        autocomplete="current-password" spellcheck="false";
                }
                p { button type="submit" { "Log in" } }
            }
            p class="note" {
                "A token is given out by whoever runs this server. It starts with "
                code { "wardheat_" } ". You stay logged in for 12 hours on this device."
            }
        }
    };
    page(site, "Log in", Page::Other, None, &main)
}
