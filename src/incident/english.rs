//! Every English word of crime types, their families and what rates are taken over.

// Kinds of incident, as their publishers name them.
pub const ANTI_SOCIAL_BEHAVIOUR: &str = "Anti-social behaviour";
pub const BICYCLE_THEFT: &str = "Bicycle theft";
pub const BURGLARY: &str = "Burglary";
pub const CRIMINAL_DAMAGE_AND_ARSON: &str = "Criminal damage and arson";
pub const DRUGS: &str = "Drugs";
pub const OTHER_CRIME: &str = "Other crime";
pub const OTHER_THEFT: &str = "Other theft";
pub const POSSESSION_OF_WEAPONS: &str = "Possession of weapons";
pub const PUBLIC_ORDER: &str = "Public order";
pub const ROBBERY: &str = "Robbery";
pub const SHOPLIFTING: &str = "Shoplifting";
pub const THEFT_FROM_THE_PERSON: &str = "Theft from the person";
pub const VEHICLE_CRIME: &str = "Vehicle crime";
pub const VIOLENCE_AND_SEXUAL_OFFENCES: &str = "Violence and sexual offences";
pub const PUBLIC_DISORDER_AND_WEAPONS: &str = "Public disorder and weapons";
pub const VIOLENT_CRIME: &str = "Violent crime";
pub const ENVIRONMENTAL_CRIME: &str = "Environmental crime";
pub const DELIBERATE_FIRE: &str = "Deliberate fire";
pub const ACCIDENTAL_FIRE: &str = "Accidental fire";
pub const FALSE_ALARM: &str = "False alarm";
pub const AMBULANCE_CALL_OUT: &str = "Ambulance call-out";
pub const A_AND_E_ATTENDANCE_AFTER_ASSAULT: &str = "A&E attendance after assault";

// Families.
pub const ALL: &str = "All crime and anti-social behaviour";
pub const ALL_CRIME: &str = "All crime";
pub const ALL_ASB: &str = "All anti-social behaviour";
pub const FIRE: &str = "Fire";
pub const HEALTH: &str = "Health";
pub const A_PRIORITY: &str = "A priority";
/// In place of the names of priorities, where there is none.
pub const NO_PRIORITY: &str = "no priority: wardheat.toml has no [[priority]]";

// What a rate is taken over, for captions.
pub const RESIDENTS: &str = "residents";
pub const HOUSEHOLDS: &str = "households";
