//! A plan of meetings as the chair's page and as a map.

use std::collections::BTreeMap;

use crate::layer::words::{names, ordinal, per_cent, thousands};
use crate::pipeline::english::chair as say;
use crate::pipeline::english::meetings::{day, hour, month};
use crate::pipeline::english::plan;
use crate::plan::Need;
use crate::quantity::Metres;
use crate::render::venue_map::{MapHall, MapHallKind, MapWard, VenueMap};
use crate::report::{ChairMeeting, ChairSheet, ChairWard};
use crate::store::Dataset;
use crate::time::Month;

use super::words::rounded;
use super::{MeetingsPlan, Suggestion};

/// Things to ask that have a line of their own.
const MOST_ASKED: usize = 4;

/// The places a rank may hold: `3rd to 7th`, or `joint 3rd`.
pub fn rank_words(need: &Need) -> String {
    let (low, high) = (ordinal(i64::from(need.low)), ordinal(i64::from(need.high)));
    match (low == high, need.tied) {
        (true, true) => say::joint(&low),
        (true, false) => low,
        (false, _) => say::to(&low, &high),
    }
}

impl MeetingsPlan {
    /// Months that are planned: `Jan 2026 to Dec 2026`.
    pub fn year_label(&self) -> String {
        let first = Month::new(self.from.year(), self.from.month());
        first.map_or_else(
            || self.from.to_string(),
            |first| say::to(&first.label(), &first.plus(11).label()),
        )
    }

    /// The answer in a sentence: how many wards are of higher need, and how many were not visited.
    pub fn headline(&self) -> String {
        let (of, higher) = (self.needs.wards.len(), self.needs.higher());
        let n = higher.len();
        let unvisited = higher.iter().filter(|&&ward| !self.visited_lately(ward)).count();
        say::headline(n, of, self.has_diary.then_some(unvisited), self.rule.revisit_months)
    }

    /// Whether the partnership met the public in a ward within the rule's months before the year.
    pub fn visited_lately(&self, ward: usize) -> bool {
        super::halls::months_since(self.needs.visited[ward], self.from)
            .is_some_and(|months| months < self.rule.revisit_months)
    }

    /// What the plan reaches, how good it is known to be, and what greedy choice would do.
    pub fn verdict(&self) -> String {
        let (within, all) = (self.residents_reached, self.residents);
        let share = per_cent(if all > 0.0 { within / all } else { 0.0 });
        let proof = say::proof((!self.choice.is_proven()).then_some(self.choice.gap));
        let greedy = say::greedy(self.reached - self.greedy);
        let n = self.suggestions.len();
        say::verdict(n, &share, (all, self.walk().get()), &proof, &greedy)
    }

    /// How far people are expected to walk.
    pub fn walk(&self) -> Metres {
        self.request.walk.unwrap_or(self.rule.walk)
    }

    /// Whether residents of any ward are known; the map shows counts otherwise.
    fn has_rates(&self) -> bool {
        self.needs.wards.iter().any(|ward| ward.rates[1].is_some())
    }

    /// Below the map, why its colours are no rates; nothing where they are.
    pub fn no_rates(&self) -> &'static str {
        if self.has_rates() { "" } else { say::NO_RATES }
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
        let has_rates = self.has_rates();
        let wards = areas.map(|area| {
            let need = needs.get(area.code.as_str()).map(|&i| &self.needs.wards[i]);
            MapWard {
                shape: &area.shape,
                name: &area.name,
                value: need.and_then(|need| match need.rates[1] {
                    Some(rate) => Some(rate.value.get()),
                    None => (!has_rates).then_some(need.asb.count as f64),
                }),
                strong: need.is_some_and(|need| need.higher),
            }
        });
        let hall = |venue: usize, kind: MapHallKind, what: &str| {
            let found = link(venue);
            let name = data.venues[venue].full_name();
            let does = found.as_ref().map(|(.., does)| does.as_str());
            MapHall {
                place: data.venues[venue].place,
                kind,
                locked: self.is_locked(venue),
                words: say::hall(&name, what, does),
                link: found.map(|(address, key, _)| (address, key)),
            }
        };
        let free = self.eligible.iter().filter(|&&venue| self.number_of(venue).is_none());
        let mut halls: Vec<MapHall> =
            free.map(|&venue| hall(venue, MapHallKind::Free, say::NOT_IN_THE_PLAN)).collect();
        for venue in self.excluded(data) {
            halls.push(hall(venue, MapHallKind::Excluded, say::LEFT_OUT));
        }
        for (i, one) in self.suggestions.iter().enumerate() {
            let when = day(one.day) + &hour(one.start);
            let what = say::meeting_on(i + 1, &when, one.locked);
            halls.push(hall(one.venue, MapHallKind::Chosen(i + 1), &what));
        }
        VenueMap {
            title: if has_rates { say::ASB_RATE } else { say::ASB_COUNT }.to_owned(),
            wards: wards.collect(),
            halls,
            reach: Metres::new(self.walk().get() / self.rule.detour),
        }
    }

    /// What the circles on the map are: with distances of a file they are straight lines still.
    pub fn circles(&self) -> String {
        plan::straight(self.rule.detour)
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
        let named: Vec<&str> = wards.iter().map(|&w| self.needs.wards[w].name.as_str()).collect();
        names(&named)
    }

    /// The plan as the chair's page.
    pub fn sheet(&self, data: &Dataset) -> ChairSheet {
        let higher = self.needs.higher();
        let missed = self.not_reached.len();
        let map = self.venue_map(data, &|_| None);
        let (window, walk) = (self.window.label(), self.walk().get());
        let caption = say::caption(&map.title, &window, walk, &self.circles()) + self.no_rates();
        ChairSheet {
            area: data.name.clone(),
            window,
            year: self.year_label(),
            lead: say::lead(&self.headline(), self.suggestions.len(), missed),
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
            Some(ward) if ward.higher => say::need(
                of,
                (&rank_words(&ward.crime), ward.crime.count),
                (&rank_words(&ward.asb), ward.asb.count),
                ward.centre,
            ),
            _ => say::FOR_REACH.to_owned(),
        };
        let from_middle = one.from_middle.map(|metres| rounded(metres.get(), 50.0));
        let join = match one.join.map(|i| &data.meetings[i]) {
            Some(meeting) => say::join(&meeting.title, one.elsewhere.as_deref()),
            None if self.has_diary => say::NOTHING_TO_JOIN.to_owned(),
            None => say::NO_DIARY.to_owned(),
        };
        ChairMeeting {
            wards: self.ward_names(&one.wards),
            hall: match &one.elsewhere {
                Some(elsewhere) => say::held_at(elsewhere, &hall.full_name()),
                None => hall.full_name(),
            },
            day: day(one.day) + &hour(one.start),
            why: vec![need, say::reach(&rounded(one.residents, 100.0), from_middle.as_deref())],
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
        let none_met = if self.has_diary { say::NONE_IN_DIARY } else { say::NOT_KNOWN };
        ChairWard {
            name: need.name.clone(),
            crime: (thousands(need.crime.count as i64), rank_words(&need.crime)),
            asb: (thousands(need.asb.count as i64), rank_words(&need.asb)),
            visited: self.needs.visited[ward].map_or(none_met.to_owned(), month),
            planned: if numbers.is_empty() {
                say::NO_MEETING.to_owned()
            } else {
                say::meetings(&numbers.iter().map(String::as_str).collect::<Vec<_>>())
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
            lines.push(say::not_listed(&names));
        }
        let hidden = some.len().saturating_sub(MOST_ASKED);
        for (what, many) in some.into_iter().take(MOST_ASKED) {
            lines.push(say::not_listed_of(what, many, n));
        }
        if hidden > 0 {
            lines.push(say::more_to_ask(hidden));
        }
        let open = self
            .suggestions
            .iter()
            .filter_map(|one| one.join)
            .filter(|&i| data.meetings[i].open.is_none());
        let open = open.count();
        if open > 0 {
            lines.push(say::may_come(open));
        }
        if lines.is_empty() {
            lines.push(say::NOTHING_TO_ASK.to_owned());
        }
        lines
    }

    fn how_sure(&self) -> Vec<String> {
        let mut lines = vec![
            say::intervals(crate::plan::NEED_DRAWS as i64),
            say::weights(&self.weights_words()),
        ];
        lines.push(if self.choice.is_proven() {
            say::IS_BEST.to_owned()
        } else {
            say::better_line(self.choice.gap)
        });
        lines
    }

    fn to_decide(&self) -> Vec<String> {
        let mut lines = vec![say::agree(self.suggestions.len()), say::CHANGE.to_owned()];
        let missed: Vec<usize> = self.not_reached.iter().map(|(ward, _)| *ward).collect();
        match missed.as_slice() {
            [] => {}
            [one] => lines.push(say::find_for(&self.ward_names(&[*one]))),
            many => lines.push(say::find_for_many(many.len())),
        }
        lines
    }

    /// Weights of the parts of need, as set.
    pub fn weights_words(&self) -> String {
        self.needs.weights_words()
    }
}
