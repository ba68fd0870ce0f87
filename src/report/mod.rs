//! Reports: what an import says of the quality of its data, as JSON and as one page, and where to
//! meet the public, on one sheet.
//!
//! The pages are whole in themselves: no script, nothing fetched, light, dark and print.

mod chair;
mod chart;
mod document;
mod english;
mod page;
mod quality;

pub use chair::{ChairMeeting, ChairSheet, ChairWard, chair_page, chair_sheet};
pub use document::unparted;
pub use page::{page, sections};
pub use quality::{
    ExampleRow, Hit, MonthLine, QualityReport, ReasonLine, RowCounts, SourceLine, SourceQuality,
    Suspect,
};
