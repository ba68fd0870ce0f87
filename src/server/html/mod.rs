//! Pages: findings as HTML that is whole without script.
//!
//! Every page is one function of a [`Site`], a [`Choice`] and findings. The order of the HTML is
//! the order of reading: the answer in a sentence, then the controls, the picture and the figures.
//! Script swaps the parts marked `data-part` and never writes a figure of its own.

mod accessibility;
mod area;
mod chart;
mod choice;
mod clock;
mod data;
mod document;
pub(super) mod english;
mod finder;
mod frame;
mod legend;
mod login;
mod map;
mod meetings;
mod numbers;
mod options;
mod records;
mod rows;
mod say;
mod show;
mod statistics;
mod table;
mod trouble;
mod ward;
mod wards;
mod words;

pub(crate) use accessibility::accessibility_page;
pub(crate) use area::Own;
pub(crate) use choice::{Choice, HALF, Picked, method_fields};
pub(crate) use data::data_page;
pub(crate) use document::document_page;
#[cfg(test)]
pub(crate) use frame::STYLES;
pub(crate) use frame::Site;
pub(crate) use login::login_page;
pub(crate) use map::{Shown, map_page};
pub(crate) use meetings::{MeetingsAsk, chair_page, meetings_page, public_page};
pub(crate) use show::{Show, Sort};
pub(crate) use statistics::{OPTION, Ran, statistic_page, statistics_page};
pub(crate) use table::{Order, table_page};
pub(crate) use trouble::trouble_page;
pub(crate) use ward::{latest, ward_page};
pub(crate) use wards::{Found, wards_page};

#[cfg(test)]
mod pages_tests;
#[cfg(test)]
mod sample;
