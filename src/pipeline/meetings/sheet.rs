//! A plan of meetings as the chair's page and as a map.

use std::collections::BTreeMap;

use crate::layer::words::{capital, count_word, counted, ordinal, per_cent, thousands};
use crate::plan::Need;
use crate::quantity::Metres;
use crate::render::venue_map::{MapHall, MapHallKind, MapWard, VenueMap};
use crate::report::{ChairMeeting, ChairSheet, ChairWard};
use crate::store::Dataset;
use crate::time::Month;

use super::when::{day, hour};
use super::words::rounded;
use super::{MeetingsPlan, Suggestion};

/// Things to ask that have a line of their own.
const MOST_ASKED: usize = 4;

/// The places a rank may hold: `3rd to 7th`, or `joint 3rd`.
pub fn rank_words(need: &Need) -> String {
    let tied = if need.tied && need.low == need.high { "joint " } else { "" };
    let (low, high) = (ordinal(i64::from(need.low)), ordinal(i64::from(need.high)));
    if low == high { format!("{tied}{low}") } else { format!("{low} to {high}") }
}

impl MeetingsPlan {
    /// Months that are planned: `Jan 2026 to Dec 2026`.
    pub fn year_label(&self) -> String {
        let first = Month::new(self.from.year(), self.from.month());
        first.map_or_else(
            || self.from.to_string(),
            |first| format!("{} to {}", first.label(), first.plus(11).label()),
        )
    }

    /// The answer in a sentence: how many wards are of higher need, and how many were not visited.
    pub fn headline(&self) -> String {
        let (of, higher) = (self.needs.wards.len(), self.needs.higher());
        let n = higher.len();
        if n == 0 {
            return format!("No ward of {of} is high for both crime and anti-social behaviour.");
        }
        let long = self.rule.revisit_months;
        let unvisited = higher.iter().filter(|&&ward| !self.visited_lately(ward)).count();
        let ranks = if n == 1 { "ward ranks" } else { "wards rank" };
        let visited = match (unvisited, n) {
            (0, 1) => format!("it was met within {long} months"),
            (0, _) => format!("all were met within {long} months"),
            (1, 1) => format!("it has had no meeting in {long} months"),
            (1, _) => format!("one of them has had no meeting in {long} months"),
            (some, _) => {
                format!("{} of them have had no meeting in {long} months", count_word(some))
            }
        };
        format!(
            "{} of {of} {ranks} high for both crime and anti-social behaviour; {visited}.",
            capital(&count_word(n)),
        )
    }

    /// Whether the partnership met the public in a ward within the rule's months before the year.
    pub fn visited_lately(&self, ward: usize) -> bool {
        super::halls::months_since(self.needs.visited[ward], self.from)
            .is_some_and(|months| months < self.rule.revisit_months)
    }

    /// What the plan reaches, how good it is known to be, and what greedy choice would do.
    pub fn verdict(&self) -> String {
        let n = self.suggestions.len();
        let meetings = if n == 1 { "meeting puts" } else { "meetings put" };
        let (within, all) = (self.residents_reached, self.residents);
        let proof = if self.choice.is_proven() {
            "no other choice under these rules is better".to_owned()
        } else {
            format!("a better choice could gain {:.2}% at most", self.choice.gap * 100.0)
        };
        let lost = self.reached - self.greedy;
        let greedy = if lost.abs() < 0.5 {
            "choosing one hall after the other reaches the same".to_owned()
        } else if lost > 0.0 {
            format!(
                "choosing one hall after the other would reach {} weighted residents fewer",
                thousands(lost.round() as i64)
            )
        } else {
            format!(
                "choosing one hall after the other would reach {} weighted residents more, and serve \
                 fewer wards of higher need",
                thousands(lost.abs().round() as i64)
            )
        };
        format!(
            "{} {meetings} {} of {} residents within a walk of {} m; {proof}; {greedy}.",
            capital(&count_word(n)),
            per_cent(if all > 0.0 { within / all } else { 0.0 }),
            thousands(all.round() as i64),
            thousands(self.walk().get() as i64),
        )
    }

    /// How far people are expected to walk.
    pub fn walk(&self) -> Metres {
        self.request.walk.unwrap_or(self.rule.walk)
    }

    /// The plan on a map of wards; `link` gives the address that a hall's mark leads to, its key on
    /// the page, and what following it does.
    pub fn venue_map<'a>(
        &'a self,
        data: &'a Dataset,
        link: &dyn Fn(usize) -> Option<(String, String, String)>,
    ) -> VenueMap<'a> {
        let needs: BTreeMap<&str, usize> =
            self.needs.wards.iter().enumerate().map(|(i, w)| (w.code.as_str(), i)).collect();
        let areas = data.layers.iter().filter(|layer| layer.kind == "ward").flat_map(|l| &l.areas);
        let wards = areas.map(|area| {
            let need = needs.get(area.code.as_str()).map(|&i| &self.needs.wards[i]);
            MapWard {
                shape: &area.shape,
                name: &area.name,
                rate: need.and_then(|need| Some(need.rates[1]?.value.get())),
                strong: need.is_some_and(|need| need.higher),
            }
        });
        let hall = |venue: usize, kind: MapHallKind, what: &str| {
            let found = link(venue);
            let name = data.venues[venue].full_name();
            let does = found.as_ref().map_or(String::new(), |(.., does)| format!(". {does}"));
            MapHall {
                place: data.venues[venue].place,
                kind,
                locked: self.is_locked(venue),
                words: format!("{name}: {what}{does}"),
                link: found.map(|(address, key, _)| (address, key)),
            }
        };
        let free = self.eligible.iter().filter(|&&venue| self.number_of(venue).is_none());
        let mut halls: Vec<MapHall> =
            free.map(|&venue| hall(venue, MapHallKind::Free, "not in the plan")).collect();
        for venue in self.excluded(data) {
            halls.push(hall(venue, MapHallKind::Excluded, "left out as you asked"));
        }
        for (i, one) in self.suggestions.iter().enumerate() {
            let locked = if one.locked { ", locked" } else { "" };
            let what = format!("meeting {}, {}{}{locked}", i + 1, day(one.day), hour(one.start));
            halls.push(hall(one.venue, MapHallKind::Chosen(i + 1), &what));
        }
        VenueMap {
            title: "Anti-social behaviour per 1,000 residents".to_owned(),
            wards: wards.collect(),
            halls,
            reach: Metres::new(self.walk().get() / self.rule.detour),
        }
    }

    /// What the circles on the map are: with distances of a file they are straight lines still.
    pub fn circles(&self) -> String {
        format!("straight line x {}", self.rule.detour)
    }

    /// Number of the meeting in a hall, from 1, in order of day.
    pub fn number_of(&self, venue: usize) -> Option<usize> {
        self.suggestions.iter().position(|one| one.venue == venue).map(|i| i + 1)
    }

    /// Whether a hall was locked by the request.
    pub fn is_locked(&self, venue: usize) -> bool {
        self.suggestions.iter().any(|one| one.venue == venue && one.locked)
    }

    /// Halls that the request excludes.
    pub fn excluded(&self, data: &Dataset) -> Vec<usize> {
        let named = |venue: &crate::meeting::Venue| {
            let is = |wanted: &String| {
                venue.id.eq_ignore_ascii_case(wanted) || venue.name.eq_ignore_ascii_case(wanted)
            };
            self.request.exclude.iter().any(is)
        };
        (0..data.venues.len()).filter(|&venue| named(&data.venues[venue])).collect()
    }

    /// Names of wards as a list in words.
    pub fn ward_names(&self, wards: &[usize]) -> String {
        let names: Vec<&str> = wards.iter().map(|&w| self.needs.wards[w].name.as_str()).collect();
        names.join(" and ")
    }

    /// The plan as the chair's page.
    pub fn sheet(&self, data: &Dataset) -> ChairSheet {
        let higher = self.needs.higher();
        let missed = self.not_reached.len();
        let n = self.suggestions.len();
        let suggest = match n {
            0 => "No meeting can be suggested.".to_owned(),
            1 => "We suggest one meeting.".to_owned(),
            n => format!("We suggest {} meetings.", count_word(n)),
        };
        let left = match missed {
            0 => String::new(),
            1 => " One ward of higher need has none.".to_owned(),
            some => format!(" {} wards of higher need have none.", capital(&count_word(some))),
        };
        let map = self.venue_map(data, &|_| None);
        let caption = format!(
            "{} in {}. Heavy outline: wards of higher need. Pins: halls of the plan. Circles: a walk \
             of {} m ({}).",
            map.title,
            self.window.label(),
            thousands(self.walk().get() as i64),
            self.circles()
        );
        ChairSheet {
            area: data.name.clone(),
            window: self.window.label(),
            year: self.year_label(),
            lead: format!("{} {suggest}{left}", self.headline()),
            meetings: self.suggestions.iter().map(|one| self.chair_meeting(one, data)).collect(),
            wards: higher.iter().map(|&ward| self.chair_ward(ward)).collect(),
            map: map.svg().map(|drawing| (drawing, map.legend(), caption)),
            ask: self.to_ask(data),
            sure: self.how_sure(),
            decide: self.to_decide(),
            attribution: data.provenance.attribution.clone(),
            fictional: data.fictional,
        }
    }

    fn chair_meeting(&self, one: &Suggestion, data: &Dataset) -> ChairMeeting {
        let hall = &data.venues[one.venue];
        let of = self.needs.wards.len();
        let need = match one.wards.first().map(|&ward| &self.needs.wards[ward]) {
            Some(ward) if ward.higher => format!(
                "{} of {of} for crime ({}), {} for anti-social behaviour ({}).{}",
                capital(&rank_words(&ward.crime)),
                thousands(ward.crime.count as i64),
                rank_words(&ward.asb),
                thousands(ward.asb.count as i64),
                if ward.centre { " A town centre: visitors count too." } else { "" },
            ),
            _ => "Chosen for reach: not a ward of higher need.".to_owned(),
        };
        let from_middle = one.from_middle.map_or(String::new(), |metres| {
            format!(", {} m from the middle of the ward's residents", rounded(metres.get(), 50.0))
        });
        let join = match one.join.map(|i| &data.meetings[i]) {
            Some(meeting) => {
                let at = one.elsewhere.as_ref().map_or(String::new(), |at| format!(", at {at}"));
                format!("Join: {}{at}.", meeting.title)
            }
            None => "Nothing fit to join near this day: a meeting of its own.".to_owned(),
        };
        ChairMeeting {
            wards: self.ward_names(&one.wards),
            hall: hall.full_name(),
            day: day(one.day) + &hour(one.start),
            why: vec![
                need,
                format!("{} residents within a walk{from_middle}.", rounded(one.residents, 100.0)),
            ],
            join,
            locked: one.locked,
        }
    }

    fn chair_ward(&self, ward: usize) -> ChairWard {
        let need = &self.needs.wards[ward];
        let numbers: Vec<String> = self
            .suggestions
            .iter()
            .enumerate()
            .filter(|(_, one)| one.wards.contains(&ward))
            .map(|(i, _)| (i + 1).to_string())
            .collect();
        ChairWard {
            name: need.name.clone(),
            crime: (thousands(need.crime.count as i64), rank_words(&need.crime)),
            asb: (thousands(need.asb.count as i64), rank_words(&need.asb)),
            visited: self.needs.visited[ward]
                .map_or("none in the diary".to_owned(), |day| day.strftime("%b %Y").to_string()),
            planned: if numbers.is_empty() {
                "no meeting".to_owned()
            } else {
                format!("meeting {}", numbers.join(" and "))
            },
        }
    }

    /// What the list of halls does not say, by fact: of how many chosen halls.
    fn to_ask(&self, data: &Dataset) -> Vec<String> {
        let mut missing: BTreeMap<&str, usize> = BTreeMap::new();
        for what in self.suggestions.iter().flat_map(|one| &one.unknown) {
            *missing.entry(what).or_default() += 1;
        }
        let n = self.suggestions.len();
        let (all, some): (Vec<_>, Vec<_>) = missing.into_iter().partition(|(_, many)| *many == n);
        let mut lines = Vec::new();
        if !all.is_empty() {
            let names: Vec<&str> = all.into_iter().map(|(what, _)| what).collect();
            lines.push(format!("Not in the list of halls: {}.", names.join(", ")));
        }
        let hidden = some.len().saturating_sub(MOST_ASKED);
        for (what, many) in some.into_iter().take(MOST_ASKED) {
            lines.push(format!("{} of {many} of {n} halls.", capital(what)));
        }
        if hidden > 0 {
            lines.push(format!("{} more to ask: see the page.", capital(&count_word(hidden))));
        }
        let open = self
            .suggestions
            .iter()
            .filter_map(|one| one.join)
            .filter(|&i| data.meetings[i].open.is_none());
        let open = open.count();
        if open > 0 {
            lines.push(format!(
                "Whether the public may come to {}.",
                counted(open as i64, "meeting to join", "meetings to join")
            ));
        }
        if lines.is_empty() {
            lines.push("Nothing that the lists should say.".to_owned());
        }
        lines
    }

    fn how_sure(&self) -> Vec<String> {
        let draws = thousands(crate::plan::NEED_DRAWS as i64);
        let mut lines = vec![
            format!("Ranks carry 95% intervals ({draws} draws of counts and weights)."),
            format!("Weights: {}.", self.weights_words()),
        ];
        lines.push(if self.choice.is_proven() {
            "No other choice of halls under these rules reaches more.".to_owned()
        } else {
            format!("A better choice could gain {:.2}% at most.", self.choice.gap * 100.0)
        });
        lines
    }

    fn to_decide(&self) -> Vec<String> {
        let n = self.suggestions.len();
        let mut lines = vec![match n {
            1 => "Agree the meeting".to_owned(),
            n => format!("Agree all {}", count_word(n)),
        }];
        lines.push("Change halls or order".to_owned());
        let missed: Vec<usize> = self.not_reached.iter().map(|(ward, _)| *ward).collect();
        match missed.as_slice() {
            [] => {}
            [one] => {
                lines.push(format!("Find a hall or a meeting for {}", self.ward_names(&[*one])));
            }
            many => lines.push(format!(
                "Find halls or meetings for {} wards without one",
                count_word(many.len())
            )),
        }
        lines
    }

    /// Weights of the parts of need, as set.
    pub fn weights_words(&self) -> String {
        self.needs.weights_words()
    }
}
