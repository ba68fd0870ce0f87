//! What the server counts of itself, for those who look after it.

pub const REQUESTS: &str = "Requests answered, by route, method, status and audience";
pub const SECONDS: &str = "Time to answer, by route";
pub const REFUSED: &str = "Requests refused at the gate";
pub const LOADS: &str = "Times that data were loaded anew";
pub const IN_FLIGHT: &str = "Requests under way";
pub const CONNECTIONS: &str = "Connections open";
