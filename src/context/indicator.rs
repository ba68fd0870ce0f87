//! Indicators: published figures by area, such as deprivation or a health measure.

/// One indicator for one period.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// What is measured, in the publisher's words.
    pub name: String,
    /// Kind of area its figures are about: `lsoa`, `ward`.
    pub kind: String,
    /// Edition of the areas' codes, such as `2021`; empty where unknown.
    pub edition: String,
    /// Period, as published: `2019`, `2023/24`; empty where unknown.
    pub period: String,
    /// A figure for each area, sorted by code.
    pub values: Vec<IndicatorValue>,
}

/// The figure of one area. Whatever the publisher left out or suppressed is `None`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct IndicatorValue {
    /// Code of the area.
    pub code: String,
    /// Events or persons counted.
    pub numerator: Option<f64>,
    /// What they are counted among.
    pub denominator: Option<f64>,
    /// The figure itself: rate, rank, decile or score, in the publisher's unit.
    pub value: Option<f64>,
    /// Lower end of its interval, as published.
    pub lower: Option<f64>,
    /// Upper end of its interval, as published.
    pub upper: Option<f64>,
}

impl Indicator {
    /// The figure of one area.
    pub fn of(&self, code: &str) -> Option<&IndicatorValue> {
        let at = self.values.binary_search_by(|value| value.code.as_str().cmp(code)).ok()?;
        self.values.get(at)
    }
}
