//! The page of the data: what the last import said of their quality.

use maud::{Markup, html};

use super::english::data as say;
use super::frame::{Page, Site, page};
use crate::report::{QualityReport, body};
use crate::units::AreaLayer;

/// The report inside the site's frame, or what to do where there is none.
pub(crate) fn data_page(
    site: &Site<'_>,
    report: Option<&QualityReport>,
    wards: Option<&AreaLayer>,
) -> Markup {
    let none = || {
        html! {
            main class="list" data-title=(say::PAGE) {
                h1 id="answer" tabindex="-1" { (say::NO_REPORT) }
                p { (say::WRITE_ONE[0]) code { "wardheat import" } (say::WRITE_ONE[1]) }
            }
        }
    };
    let main = report.map_or_else(none, |report| body(report, wards));
    page(site, say::PAGE, Page::Data, None, &main)
}
