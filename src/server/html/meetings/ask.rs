//! What is asked of the page of meetings, and the addresses that ask for a little else.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::pipeline::{MeetingsRequest, Model};
use crate::quantity::Metres;
use crate::server::error::ApiError;
use crate::server::html::english::meetings::ask as say;
use crate::server::query::Parameters;
use crate::store::Dataset;
use crate::time::WindowSpec;

/// Parameters beside the halls.
pub(crate) const MEETINGS: &[&str] = &[
    "window", "from", "to", "k", "walk", "start", "model", "walks", "top", "budget", "revisit",
    "spread",
];

/// Name of the p-median in addresses; covering has none, as what is usual.
pub(super) const MEDIAN: &str = "median";
/// Name of straight lines in addresses, where there is a file of walks.
pub(super) const STRAIGHT: &str = "straight";

/// What is asked of a hall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It must be used.
    Lock,
    /// It must not be used.
    Exclude,
}

impl Role {
    /// Name in addresses.
    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Lock => "lock",
            Self::Exclude => "exclude",
        }
    }
}

/// The choices of an address: what is not given is `None`, and stays out of the addresses made.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MeetingsAsk {
    window: WindowSpec,
    meetings: Option<u32>,
    walk: Option<u32>,
    pub(super) start: Option<Date>,
    model: Model,
    straight: bool,
    pub(super) top: Option<u32>,
    /// Pounds.
    pub(super) budget: Option<u32>,
    /// Months.
    pub(super) revisit: Option<u32>,
    /// Per cent.
    pub(super) spread: Option<u32>,
    halls: BTreeMap<String, Role>,
}

/// Name of a hall's parameter.
pub(super) fn parameter_of(id: &str) -> String {
    format!("hall-{id}")
}

impl MeetingsAsk {
    /// The same for a year that starts on this day.
    pub(super) fn from(&self, start: Date) -> Self {
        Self { start: Some(start), ..self.clone() }
    }

    /// Reads the query of an address.
    ///
    /// # Errors
    ///
    /// [`ApiError::InvalidParameters`] naming what cannot be used.
    pub(crate) fn parse(
        query: Option<&str>,
        data: &Dataset,
        more: &[&str],
    ) -> Result<(Self, Parameters), ApiError> {
        let halls: Vec<String> = data.venues.iter().map(|venue| parameter_of(&venue.id)).collect();
        let halls: Vec<&str> = halls.iter().map(String::as_str).collect();
        let parameters = Parameters::parse(query, &[MEETINGS, more, &halls])?;
        let mut roles = BTreeMap::new();
        for (venue, name) in data.venues.iter().zip(&halls) {
            let role = match parameters.get(name) {
                None => continue,
                Some("lock") => Role::Lock,
                Some("exclude") => Role::Exclude,
                Some(_) => return Err(ApiError::parameter(*name, say::LOCK_OR_EXCLUDE)),
            };
            roles.insert(venue.id.clone(), role);
        }
        let number = |name, range| -> Result<Option<u32>, ApiError> {
            parameters.get(name).map(|_| parameters.whole(name, 0, range)).transpose()
        };
        let start = parameters.get("start").map(str::parse::<Date>).transpose();
        let ask = Self {
            window: parameters.analysis()?.window,
            meetings: number("k", 1..=60)?,
            walk: number("walk", 100..=20_000)?,
            start: start.map_err(|_| ApiError::parameter("start", say::A_DAY))?,
            model: match parameters.get("model") {
                None => Model::Covering,
                Some(MEDIAN) => Model::Median,
                Some(_) => return Err(ApiError::parameter("model", say::MEDIAN)),
            },
            straight: match parameters.get("walks") {
                None => false,
                Some(STRAIGHT) => true,
                Some(_) => return Err(ApiError::parameter("walks", say::STRAIGHT)),
            },
            top: number("top", 0..=60)?,
            budget: number("budget", 0..=1_000_000)?,
            revisit: number("revisit", 1..=120)?,
            spread: number("spread", 0..=10)?,
            halls: roles,
        };
        Ok((ask, parameters))
    }

    /// The request for a plan.
    pub(crate) fn request(&self) -> MeetingsRequest {
        let named = |wanted: Role| {
            let has = self.halls.iter().filter(move |(_, role)| **role == wanted);
            has.map(|(id, _)| id.clone()).collect()
        };
        MeetingsRequest {
            window: self.window,
            meetings: self.meetings.map(|k| k as usize),
            walk: self.walk.map(|metres| Metres::new(f64::from(metres))),
            from: self.start,
            budget: self.budget.map(f64::from),
            top_wards: self.top.map(|n| n as usize),
            revisit_months: self.revisit,
            points_share: self.spread.map(|per_cent| f64::from(per_cent) / 100.0),
            straight: self.straight,
            model: self.model,
            lock: named(Role::Lock),
            exclude: named(Role::Exclude),
            ..MeetingsRequest::default()
        }
    }

    /// What is asked of a hall.
    pub(super) fn role(&self, id: &str) -> Option<Role> {
        self.halls.get(id).copied()
    }

    /// Whether anything is asked of any hall.
    pub(super) fn names_halls(&self) -> bool {
        !self.halls.is_empty()
    }

    /// The same with another role for one hall.
    pub(super) fn with_hall(&self, id: &str, role: Option<Role>) -> Self {
        let mut other = self.clone();
        match role {
            Some(role) => other.halls.insert(id.to_owned(), role),
            None => other.halls.remove(id),
        };
        other
    }

    /// The same without any role.
    pub(super) fn without_halls(&self) -> Self {
        Self { halls: BTreeMap::new(), ..self.clone() }
    }

    /// Whether anything is asked that is seldom asked.
    pub(super) fn is_finer(&self) -> bool {
        let numbers = [self.top, self.budget, self.revisit, self.spread];
        self.model == Model::Median || self.straight || numbers.iter().any(Option::is_some)
    }

    /// The address of `path` with these choices.
    pub(super) fn address(&self, path: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if self.window != WindowSpec::default() {
            query.append_pair("window", &self.window.to_string());
        }
        for (name, value) in [
            ("k", self.meetings),
            ("walk", self.walk),
            ("top", self.top),
            ("budget", self.budget),
            ("revisit", self.revisit),
            ("spread", self.spread),
        ] {
            if let Some(value) = value {
                query.append_pair(name, &value.to_string());
            }
        }
        if self.model == Model::Median {
            query.append_pair("model", MEDIAN);
        }
        if self.straight {
            query.append_pair("walks", STRAIGHT);
        }
        if let Some(start) = self.start {
            query.append_pair("start", &start.to_string());
        }
        for (id, role) in &self.halls {
            query.append_pair(&parameter_of(id), role.id());
        }
        match query.finish() {
            none if none.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }
}
