//! Survey results: shares of answers by ward, never what anybody wrote.

/// The answer to one question in one ward.
#[derive(Debug, Clone, PartialEq)]
pub struct SurveyResult {
    /// Which round of the survey, such as `2025`; empty where there is only one.
    pub wave: String,
    /// Code of the ward.
    pub ward: String,
    /// Question, with the answer that is counted.
    pub question: String,
    /// Per cent who gave that answer; `None` where suppressed.
    pub percent: Option<f64>,
    /// How many were asked.
    pub base: Option<f64>,
    /// Lower end of its interval, per cent.
    pub lower: Option<f64>,
    /// Upper end of its interval, per cent.
    pub upper: Option<f64>,
}
