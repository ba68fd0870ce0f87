//! Halls: places where a public meeting may be held.

use crate::crs::Bng;
use crate::time::is_for_meetings;

use super::english as say;

/// A candidate hall, with what its list says of it. What the list does not say is `None`, and is
/// never assumed.
#[derive(Debug, Clone, PartialEq)]
pub struct Venue {
    /// Name in addresses and files: letters, digits and hyphens, unique in the list.
    pub id: String,
    /// Name as written.
    pub name: String,
    /// Where it is.
    pub place: Bng,
    /// Code of the ward it lies in.
    pub ward: Option<String>,
    /// Facts of the list.
    pub facts: VenueFacts,
}

/// What a list says of a hall.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct VenueFacts {
    /// Postcode.
    pub postcode: Option<String>,
    /// What it is, such as `Static Library`.
    pub kind: Option<String>,
    /// Who runs it.
    pub owner: Option<String>,
    /// Seats.
    pub capacity: Option<u32>,
    /// Whether it can be entered without a step.
    pub step_free: Option<bool>,
    /// Whether it has a hearing loop.
    pub hearing_loop: Option<bool>,
    /// Whether it has a toilet.
    pub toilet: Option<bool>,
    /// Whether there is parking.
    pub parking: Option<bool>,
    /// Whether a bus stops near.
    pub transport: Option<bool>,
    /// Hire, pounds an hour.
    pub cost: Option<f64>,
    /// When it is open, in the list's words.
    pub hours: Option<String>,
    /// Year in which it closed.
    pub closed: Option<i32>,
}

/// Words of the kinds of place that move.
const MOBILE: [&str; 3] = ["mobile", "bus", "van"];
/// Words of the kinds of place where the public is not met.
const UNFIT: [&str; 2] = ["prison", "custody"];
/// Words of police premises: people who fear the police, or being seen with them, stay away.
const POLICE: [&str; 2] = ["police", "constabulary"];

/// Days as lists of halls name them, or by their first three letters.
const DAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// How the hours of an open day begin.
const OPEN: [&str; 5] = ["am ", "pm ", "all day", "eve", "open"];

impl Venue {
    /// Whether the list says that it is open on a weekday (`Mon: closed`, `Tuesday am & pm`); `None`
    /// where it does not say, or in words that are not known.
    pub fn opens_on(&self, weekday: jiff::civil::Weekday) -> Option<bool> {
        let day = DAYS.get(usize::try_from(weekday.to_monday_zero_offset()).ok()?)?;
        let hours = self.facts.hours.as_ref()?.to_lowercase();
        hours.split([',', ';', '\n']).find_map(|part| {
            let part = part.trim();
            let said = part.strip_prefix(day).or_else(|| part.strip_prefix(day.get(..3)?))?;
            let words = said.strip_prefix(':').or_else(|| said.strip_prefix(' '))?.trim();
            let opens = |open: &&str| words.starts_with(*open);
            match words {
                "closed" => Some(false),
                _ if OPEN.iter().any(opens) || words.starts_with(|c: char| c.is_ascii_digit()) => {
                    Some(true)
                }
                _ => None,
            }
        })
    }

    /// Whether people can be asked to a meeting in it on a day, as far as is known.
    pub fn may_meet(&self, day: jiff::civil::Date) -> bool {
        is_for_meetings(day) && self.opens_on(day.weekday()) != Some(false)
    }

    /// Name with its postcode: lists hold halls of the same name.
    pub fn full_name(&self) -> String {
        match &self.facts.postcode {
            Some(postcode) => format!("{}, {postcode}", self.name),
            None => self.name.clone(),
        }
    }

    fn says(&self, words: &[&str]) -> bool {
        let kind = self.facts.kind.as_deref().unwrap_or_default();
        let text = format!("{} {kind}", self.name).to_lowercase();
        text.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word))
    }

    /// Whether it moves, and so has no place.
    pub fn is_mobile(&self) -> bool {
        let kind = self.facts.kind.as_deref().unwrap_or_default().to_lowercase();
        kind.split(|c: char| !c.is_alphanumeric()).any(|word| MOBILE.contains(&word))
            || self.name.to_lowercase().contains("mobile")
    }

    /// Whether it is a police building.
    pub fn is_police(&self) -> bool {
        self.says(&POLICE)
    }

    /// Whether it is no place to invite the public to.
    pub fn is_unfit(&self) -> bool {
        self.says(&UNFIT)
    }

    /// What the list does not say, in the order in which one would ask.
    pub fn unknown(&self) -> Vec<&'static str> {
        let facts = &self.facts;
        [
            (say::STEP_FREE, facts.step_free.is_none()),
            (say::HEARING_LOOP, facts.hearing_loop.is_none()),
            (say::SEATS, facts.capacity.is_none()),
            (say::PUBLIC_TRANSPORT, facts.transport.is_none()),
            (say::PARKING, facts.parking.is_none()),
            (say::COST, facts.cost.is_none()),
            (say::OPENING_TIMES, facts.hours.is_none()),
        ]
        .into_iter()
        .filter(|(_, unknown)| *unknown)
        .map(|(what, _)| what)
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn venue(name: &str, kind: &str) -> Venue {
        let facts = VenueFacts { kind: Some(kind.to_owned()), ..VenueFacts::default() };
        let place = Bng::new(444_500.0, 519_000.0);
        Venue { id: "v".into(), name: name.into(), place, ward: None, facts }
    }

    #[test]
    fn a_list_says_on_which_days_a_hall_is_open() {
        use jiff::civil::Weekday::{Friday, Monday, Sunday, Thursday, Tuesday, Wednesday};
        let mut hall = venue("Hall", "Library");
        assert_eq!(hall.opens_on(Monday), None);
        hall.facts.hours = Some(
            "Mon PM only, Tuesday: closed, Wed am & pm (with closure), Thu: 09:00-17:00, Fri by \
             appointment, Sat to Sun closed"
                .to_owned(),
        );

        let days = [Monday, Tuesday, Wednesday, Thursday, Friday, Sunday];
        let open = days.map(|day| hall.opens_on(day));

        assert_eq!(open, [Some(true), Some(false), Some(true), Some(true), None, None]);
        // A Tuesday, a Wednesday, and Christmas Eve of a Thursday.
        let on = |month, day| hall.may_meet(jiff::civil::date(2026, month, day));
        assert_eq!([on(3, 3), on(3, 4), on(12, 24)], [false, true, false]);
    }

    #[test]
    fn kinds_are_told_by_whole_words() {
        assert!(venue("Mobile 1", "Mobile Library").is_mobile());
        assert!(!venue("Columbus House", "Static Library").is_mobile());
        assert!(venue("Thornaby Police Station", "").is_police());
        assert!(!venue("Metropolis Hall", "Community Centre").is_police());
        assert!(venue("HMP Holme House", "Prison Library").is_unfit());
    }

    #[test]
    fn what_is_not_said_is_unknown() {
        let all = venue("Hall", "").unknown();

        assert_eq!(all.len(), 7);
        assert_eq!(all[0], "step-free access");
    }
}
