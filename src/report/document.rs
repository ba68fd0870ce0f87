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

/// A heading's text in which a hyphened word, or a month and its year, is not parted at a line's end.
pub fn unparted(text: &str) -> Markup {
    let words: Vec<&str> = text.split(' ').collect();
    let is_year = |word: &str| word.len() >= 4 && word.bytes().take(4).all(|b| b.is_ascii_digit());
    let is_month = |word: &str| word.len() == 3 && word.starts_with(char::is_uppercase);
    let mut parts: Vec<(bool, String)> = Vec::new();
    let mut i = 0;
    while i < words.len() {
        let dated = is_month(words[i]) && words.get(i + 1).is_some_and(|next| is_year(next));
        let n = if dated { 2 } else { 1 };
        parts.push((dated || words[i].contains('-'), words[i..i + n].join(" ")));
        i += n;
    }
    html! {
        @for (i, (whole, part)) in parts.iter().enumerate() {
            @if i > 0 { " " }
            @if *whole { span class="whole" { (part) } } @else { (part) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_keeps_its_year_and_a_hyphened_word_its_halves() {
        assert_eq!(
            unparted("Anti-social <behaviour>, Jan 2026 to Dec 2026.").into_string(),
            "<span class=\"whole\">Anti-social</span> &lt;behaviour&gt;, \
             <span class=\"whole\">Jan 2026</span> to <span class=\"whole\">Dec 2026.</span>"
        );
    }
}
