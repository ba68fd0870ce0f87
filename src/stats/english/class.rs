//! What units, trends and changes are called.

use crate::stats::series::SignalKind;
use crate::stats::space_time::{Emerging, Pattern};
use crate::stats::{ChangeClass, GearyClass, MeanClass, Quadrant};

pub const NOT_TESTED: &str = "not tested";
pub const NOT_SIGNIFICANT: &str = "not significant";
pub const HOTSPOT: &str = "hotspot";
pub const COLDSPOT: &str = "coldspot";

// The shorter list of emerging classes.
pub const RECENT_HOT: [&str; 4] =
    ["persistent hotspot", "emerging hotspot", "former hotspot", "intermittent hotspot"];
pub const RECENT_COLD: [&str; 4] =
    ["persistent coldspot", "emerging coldspot", "former coldspot", "intermittent coldspot"];
pub const NO_PATTERN: &str = "no pattern";

// Trends over time.
pub const INCREASING: &str = "increasing";
pub const DECREASING: &str = "decreasing";
pub const NO_TREND: &str = "no trend";

// What a displacement quotient says.
pub const DIFFUSION_BEYOND_THE_EFFECT: &str = "diffusion of benefit greater than the direct effect";
pub const DIFFUSION: &str = "diffusion of benefit";
pub const NEITHER: &str = "neither displacement nor diffusion of benefit";
pub const DISPLACEMENT: &str = "displacement, less than the gain";
pub const DISPLACEMENT_BEYOND_THE_GAIN: &str = "displacement greater than the gain";

pub const fn change(class: ChangeClass) -> &'static str {
    match class {
        ChangeClass::Higher => "higher",
        ChangeClass::Lower => "lower",
        ChangeClass::AsUsual => "as usual",
        ChangeClass::TooFewToSay => "too few to say",
    }
}

pub const fn quadrant(class: Quadrant) -> &'static str {
    match class {
        Quadrant::HighHigh => "high-high",
        Quadrant::LowLow => "low-low",
        Quadrant::HighLow => "high-low",
        Quadrant::LowHigh => "low-high",
    }
}

pub const fn geary(class: GearyClass) -> &'static str {
    match class {
        GearyClass::HighHigh => "high-high",
        GearyClass::LowLow => "low-low",
        GearyClass::OtherPositive => "other positive",
        GearyClass::Negative => "negative",
    }
}

pub const fn means(class: MeanClass) -> &'static str {
    match class {
        MeanClass::Zero => "none",
        MeanClass::ToOne => "up to the mean",
        MeanClass::ToTwo => "1 to 2 means",
        MeanClass::ToThree => "2 to 3 means",
        MeanClass::ToFour => "3 to 4 means",
        MeanClass::ToFive => "4 to 5 means",
        MeanClass::AboveFive => "over 5 means",
    }
}

pub const fn signal(kind: SignalKind) -> &'static str {
    match kind {
        SignalKind::Emerging => "emerging",
        SignalKind::Shift => "shift",
        SignalKind::Trend => "trend",
    }
}

pub const fn emerging(class: Emerging) -> &'static str {
    match class {
        Emerging::None => NO_PATTERN,
        Emerging::Hot(pattern) => match pattern {
            Pattern::New => "new hotspot",
            Pattern::Consecutive => "consecutive hotspot",
            Pattern::Intensifying => "intensifying hotspot",
            Pattern::Diminishing => "diminishing hotspot",
            Pattern::Historical => "historical hotspot",
            Pattern::Persistent => "persistent hotspot",
            Pattern::Oscillating => "oscillating hotspot",
            Pattern::Sporadic => "sporadic hotspot",
        },
        Emerging::Cold(pattern) => match pattern {
            Pattern::New => "new coldspot",
            Pattern::Consecutive => "consecutive coldspot",
            Pattern::Intensifying => "intensifying coldspot",
            Pattern::Diminishing => "diminishing coldspot",
            Pattern::Historical => "historical coldspot",
            Pattern::Persistent => "persistent coldspot",
            Pattern::Oscillating => "oscillating coldspot",
            Pattern::Sporadic => "sporadic coldspot",
        },
    }
}
