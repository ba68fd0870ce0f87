//! A page that is whole in itself: no script, nothing fetched, light, dark and print.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::english as say;

/// A document round `main`, its style sheets inside it.
pub(super) fn document(
    (title, area): (&str, &str),
    fictional: bool,
    styles: &[&str],
    main: &Markup,
) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) ", " (area) " - wardheat" }
                link rel="icon" href="data:,";
                style { @for style in styles { (PreEscaped(style)) } }
            }
            body class="page" {
                a class="skip" href="#answer" { (say::SKIP) }
                header {
                    div class="bar" {
                        span class="brand" { "wardheat" }
                        p class="bar__end" { b { (area) } " " (title) }
                    }
                    @if fictional {
                        p class="fictional" { strong { (say::FICTIONAL) } (say::MADE_UP) }
                    }
                }
                (main)
                footer class="foot note" { "wardheat " (env!("CARGO_PKG_VERSION")) }
            }
        }
    };
    page.into_string()
}
