//! The page of the data: what the last import said of their quality.

use maud::{Markup, html};

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
            main class="list" data-title="Data quality" {
                h1 id="answer" tabindex="-1" { "No report on these data is kept." }
                p { "Every import writes one: run " code { "wardheat import" } " and start again." }
            }
        }
    };
    let main = report.map_or_else(none, |report| body(report, wards));
    page(site, "Data quality", Page::Data, None, &main)
}
