//! Reports: what an import says of the quality of its data, as JSON and as one page.
//!
//! The page is whole in itself: no script, nothing fetched, light, dark and print.

mod chart;
mod page;
mod quality;

pub use page::{body, page};
pub use quality::{
    ExampleRow, Hit, MonthLine, QualityReport, ReasonLine, RowCounts, SourceLine, SourceQuality,
    Suspect,
};
