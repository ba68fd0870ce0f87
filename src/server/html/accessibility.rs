//! The accessibility statement: what these pages meet, how that is tested, what is not yet so.

use maud::{Markup, html};

use super::frame::{Page, Site, page};

/// `GET /accessibility`.
pub(crate) fn accessibility_page(site: &Site<'_>) -> Markup {
    let main = html! {
        main class="list prose" data-title="Accessibility" {
            h1 id="answer" tabindex="-1" { "Accessibility statement" }
            p {
                "These pages are made to meet the Web Content Accessibility Guidelines (WCAG) 2.2 at level "
                "AA. They are served by the organisation that runs this copy of wardheat, which answers "
                "for them under the Public Sector Bodies (Websites and Mobile Applications) (No. 2) "
                "Accessibility Regulations 2018 where those apply to it."
            }
            h2 class="h2" { "What you should be able to do" }
            ul {
                li { "read every figure of the map without the map: in a sentence, in tables, and in files;" }
                li { "use every page by keyboard alone, and with a screen reader;" }
                li { "zoom to 400%, or use a screen 320 pixels wide, without scrolling sideways (wide tables scroll within themselves);" }
                li { "use your own colours, a dark scheme, or reduced motion;" }
                li { "use every page without JavaScript and without WebGL: a drawn picture then stands for the map;" }
                li { "tell every colour by a word or sign beside it, also in grey print." }
            }
            h2 class="h2" { "Keys on the map" }
            dl class="keys" {
                div { dt { "Arrow keys" } dd { "move the map; every key has a button too" } }
                div { dt { "+ and −" } dd { "go closer, go further away" } }
                div { dt { "n and p" } dd { "next and previous hotspot" } }
                div { dt { "Enter" } dd { "goes to the table row of the marked place" } }
                div { dt { "Escape" } dd { "takes the mark away" } }
            }
            h2 class="h2" { "What is not yet accessible" }
            ul {
                li { "The pages are in English only." }
                li { "Pictures of the map (PNG, SVG) carry a title and a description, not a table; the table is beside them on the page." }
                li { "No user of assistive technology has tested these pages yet." }
            }
            h2 class="h2" { "How this is tested" }
            p {
                "With every change, in a real browser: axe on every page in light and dark, keyboard use of each "
                "task, targets of 24 pixels, 320 pixel and 400% reflow, forced colours, print on one sheet, "
                "pages without script and without WebGL; and the contrast of every palette for three kinds of "
                "colour blindness and in grey."
            }
            h2 class="h2" { "If something does not work for you" }
            p {
                "Tell the organisation that gave you this address, and say which page and what you use. If it "
                "does not answer, the Equality Advisory and Support Service can help in Great Britain."
            }
            p class="note" { "wardheat " (env!("CARGO_PKG_VERSION")) ". Prepared by self-assessment." }
        }
    };
    page(site, "Accessibility", Page::Other, None, &main)
}
