//! Interventions: what was done, where and when, so that it can be evaluated.

use jiff::civil::Date;

use crate::crs::Bng;
use crate::geometry::Shape;
use crate::quantity::Metres;

/// Where something was done.
#[derive(Debug, Clone, PartialEq)]
pub enum Treated {
    /// A ward, by code.
    Ward(String),
    /// Everything within `radius` of a position.
    Circle {
        /// Middle.
        centre: Bng,
        /// How far from it.
        radius: Metres,
    },
    /// An outline.
    Outline(Shape),
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq)]
pub struct Intervention {
    /// What it is called.
    pub name: String,
    /// Where.
    pub place: Treated,
    /// First day.
    pub start: Date,
    /// Last day; `None` while it goes on.
    pub end: Option<Date>,
    /// Cost in pounds.
    pub cost: Option<f64>,
    /// Who paid.
    pub funder: Option<String>,
    /// Which organisation answers for it.
    pub owner: Option<String>,
}
