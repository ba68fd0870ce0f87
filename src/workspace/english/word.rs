//! What the words of a workspace are, and what was seen in a text.

use crate::workspace::PersonSign;

pub const LOCATION_RULE: &str = "location rule";
pub const DATE_FORM: &str = "date form";
pub const PERSON_SIGN: &str = "sign of a person";
pub const DIRECTION: &str = "direction";
pub const COUNT_BY: &str = "date to count by";
pub const FIELD: &str = "field";

pub const fn seen(sign: PersonSign) -> &'static str {
    match sign {
        PersonSign::Title => "a person's title and name",
        PersonSign::Email => "an e-mail address",
        PersonSign::Telephone => "a telephone number",
        PersonSign::NhsNumber => "an NHS number",
        PersonSign::Registration => "a vehicle registration",
        PersonSign::BirthDate => "a date of birth",
    }
}
