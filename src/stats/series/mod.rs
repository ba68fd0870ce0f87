//! One series of counts: what is usual, when it changed, and what chance alone would do.
//!
//! Start with [`seasonal_expectations`] for a month against earlier years, with [`expected_total`] for
//! several months together, with [`change_points`] for when a level changed, and with [`signals`] for
//! many places at once.

mod change_point;
mod control_chart;
mod cusum;
mod expected_total;
mod scan_window;
mod seasonal;
mod signals;

pub use change_point::{ChangePointOptions, Level, MOST_PERIODS, change_points};
pub use control_chart::{Chart, ChartOptions, ChartPoint, control_chart};
pub use cusum::Cusum;
pub use expected_total::{Basis, ExpectedTotal, expected_total};
pub use scan_window::scan_window_p;
pub use seasonal::{Expectation, MOST_YEARS, SeasonalOptions, Usual, seasonal_expectations};
pub use signals::{Signal, SignalKind, SignalOptions, Signals, signals};
