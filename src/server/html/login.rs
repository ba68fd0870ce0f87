//! The page to log in on: one field, no script, no third party.

use maud::{Markup, html};

use super::english::login as say;
use super::frame::{Page, Site, page};

/// The form, which goes on to the page `next`; `why` says why it stands here again, and `refused` whether that
/// is the token that was given.
pub(crate) fn login_page(site: &Site<'_>, next: &str, why: Option<&str>, refused: bool) -> Markup {
    let described = if why.is_some() { ["why", "about"].join(" ") } else { "about".to_owned() };
    let main = html! {
        main class="list" data-title=(say::LOG_IN) {
            h1 id="answer" tabindex="-1" { (say::LOG_IN) }
            @if let Some(why) = why { p id="why" role="alert" { strong { (why) } } }
            form method="post" action="/login" {
                input type="hidden" name="next" value=(next);
                p class="login" {
                    label for="token" { (say::TOKEN) }
                    input type="password" id="token" name="token" required
                        aria-describedby=(described) aria-invalid=[refused.then_some("true")]
                        autocomplete="current-password" spellcheck="false";
                    button class="btn btn--main" type="submit" { (say::LOG_IN) }
                }
            }
            p class="note" id="about" {
                (say::ABOUT[0]) code { "wardheat_" } (say::ABOUT[1])
            }
        }
    };
    page(site, say::LOG_IN, Page::Other, None, &main)
}
