//! Every English word of what is known of halls.

pub const STEP_FREE: &str = "step-free access";
pub const HEARING_LOOP: &str = "hearing loop";
pub const SEATS: &str = "seats";
pub const PUBLIC_TRANSPORT: &str = "public transport";
pub const PARKING: &str = "parking";
pub const COST: &str = "cost";
pub const OPENING_TIMES: &str = "opening times";
