//! A plan of meetings as tables, and as events for calendars and maps.

use serde_json::json;

use crate::export::PlannedMeeting;
use crate::layer::english::{head, unit};
use crate::store::Dataset;
use crate::table::{Column, Table, Value};

use super::{Alternative, BANDS, MeetingsPlan, Suggestion};
use crate::pipeline::english::plan as say;

const SHORTLIST: [Column; 20] = [
    Column::new("day", head::DAY, "", 0),
    Column::new("start", head::START, "", 0),
    Column::new("venue", head::HALL, "", 0),
    Column::new("venue_id", head::ID, "", 0),
    Column::new("postcode", head::POSTCODE, "", 0),
    Column::new("wards", head::FOR, "", 0),
    Column::new("locked", head::LOCKED, "", 0),
    Column::new("join", head::MEETING_TO_JOIN, "", 0),
    Column::new("residents_in_walk", head::RESIDENTS_IN_WALK, "", 0),
    Column::new("from_middle", head::FROM_MIDDLE, unit::M, 0),
    Column::new("step_free", head::STEP_FREE, "", 0),
    Column::new("capacity", head::SEATS, "", 0),
    Column::new("why_need", head::NEED, "", 0),
    Column::new("why_reach", head::REACH, "", 0),
    Column::new("why_day", head::DAY_WHY, "", 0),
    Column::new("town_centre", head::TOWN_CENTRE, "", 0),
    Column::new("peak_hours", head::PEAK_HOURS_NEAR_IT, "", 0),
    Column::new("unknown", head::NOT_KNOWN, "", 0),
    Column::new("alternatives", head::ALTERNATIVES, "", 0),
    Column::new("weights", head::WEIGHTS_OF_NEED, "", 0),
];

fn table(id: &str, title: &str, columns: &[Column], rows: Vec<Vec<Value>>) -> Table {
    Table { id: id.to_owned(), title: title.to_owned(), columns: columns.to_vec(), rows }
}

impl MeetingsPlan {
    /// Meetings in order of day, with their reasons.
    pub fn shortlist(&self, data: &Dataset) -> Table {
        let flag = |known: Option<bool>| known.map_or(Value::None, Value::Flag);
        let rows = self.suggestions.iter().map(|one| {
            let venue = &data.venues[one.venue];
            let wards: Vec<&str> =
                one.wards.iter().map(|&w| self.needs.wards[w].name.as_str()).collect();
            let others = self.alternatives(one, data);
            let reason = |i: usize| Value::from(one.reasons.get(i).cloned().unwrap_or_default());
            vec![
                one.day.to_string().into(),
                one.start.map_or(Value::None, |at| at.strftime("%H:%M").to_string().into()),
                venue.name.clone().into(),
                venue.id.clone().into(),
                venue.facts.postcode.clone().map_or(Value::None, Value::Text),
                wards.join("; ").into(),
                Value::Flag(one.locked),
                one.join.map_or(Value::None, |i| data.meetings[i].title.clone().into()),
                Value::Count(one.residents.round() as i64),
                Value::number(one.from_middle.map(crate::quantity::Metres::get)),
                flag(venue.facts.step_free),
                Value::count(venue.facts.capacity.map(i64::from)),
                reason(0),
                reason(1),
                reason(2),
                one.centre.clone().map_or(Value::None, Value::from),
                one.hours.in_words(&self.rule).into(),
                one.unknown.join("; ").into(),
                others.join("; ").into(),
                self.weights_words().into(),
            ]
        });
        table("shortlist", say::SHORTLIST, &SHORTLIST, rows.collect())
    }

    /// Halls that could take the place of a meeting's, each with what it would lose.
    pub fn alternatives(&self, one: &Suggestion, data: &Dataset) -> Vec<String> {
        let words = |other: &Alternative| {
            let at_peak = other.at_peak.then_some(self.rule.start);
            say::alternative(&data.venues[other.venue].name, other.lost, at_peak)
        };
        one.alternatives.iter().map(words).collect()
    }

    /// Every ward by need, those of higher need first.
    pub fn need_table(&self) -> Table {
        let mut table = self.needs.table("need", say::NEED_OF_EVERY_WARD);
        table.columns.extend([
            Column::new("served", head::IN_THE_PLAN, "", 0),
            Column::new("visited", head::LAST_VISITED, "", 0),
            Column::new("weights", head::WEIGHTS_OF_NEED, "", 0),
        ]);
        for (row, ward) in table.rows.iter_mut().zip(self.needs.in_order()) {
            let served = self.suggestions.iter().any(|one| one.wards.contains(&ward));
            let visited = self.needs.visited[ward];
            row.extend([
                Value::Flag(served),
                visited.map_or(Value::None, |day| day.to_string().into()),
                self.weights_words().into(),
            ]);
        }
        table
    }

    /// Every part of need of every ward, as measured.
    pub fn parts_table(&self) -> Table {
        let columns = [
            Column::new("code", head::CODE, "", 0),
            Column::new("kind", head::KIND, "", 0),
            Column::new("part", head::PART, "", 0),
            Column::new("value", head::VALUE, "", 3),
            Column::new("place", head::PLACE, unit::HIGHEST_IS_1, 3),
        ];
        let mut rows = Vec::new();
        for ward in &self.needs.wards {
            for (kind, need) in [("crime", &ward.crime), ("asb", &ward.asb)] {
                for (i, part) in self.needs.parts() {
                    rows.push(vec![
                        ward.code.clone().into(),
                        kind.into(),
                        part.id().into(),
                        Value::number(need.parts[i]),
                        Value::number(need.places[i]),
                    ]);
                }
            }
        }
        table("parts", say::PARTS_OF_NEED, &columns, rows)
    }

    /// What each meeting more would add.
    pub fn curve_table(&self) -> Table {
        let columns = [
            Column::new("meetings", head::MEETINGS, "", 0),
            Column::new("reached", head::REACHED, unit::SHARE_OF_DEMAND, 3),
            Column::new("at_most", head::AT_MOST, unit::SHARE_OF_DEMAND, 3),
            Column::new("greedy", head::GREEDY_CHOICE, unit::SHARE_OF_DEMAND, 3),
        ];
        let first = self.curve_from as i64;
        let rows = (first..).zip(&self.curve).map(|(k, of)| {
            let share = |demand: f64| Value::Number(demand / self.demand);
            vec![Value::Count(k), share(of.most), share(of.bound), share(of.greedy)]
        });
        table("curve", say::EACH_MEETING_MORE, &columns, rows.collect())
    }

    /// Residents within each walk of a chosen hall.
    pub fn bands_table(&self) -> Table {
        let columns = [
            Column::new("walk", head::WALK, unit::M, 0),
            Column::new("residents", head::RESIDENTS_WITHIN, "", 0),
            Column::new("share", head::SHARE, unit::OF_ALL_RESIDENTS, 3),
        ];
        let (within, all) = &self.bands;
        let rows = BANDS.iter().zip(within).map(|(walk, residents)| {
            vec![
                Value::Number(*walk),
                Value::Count(residents.round() as i64),
                Value::Number(residents / all),
            ]
        });
        table("walks", say::BY_WALK, &columns, rows.collect())
    }

    /// What another weight would change in the first five wards.
    pub fn tornado_table(&self) -> Table {
        let columns = [
            Column::new("kind", head::KIND, "", 0),
            Column::new("part", head::PART, "", 0),
            Column::new("weight", head::WEIGHT_TRIED, "", 2),
            Column::new("enter", head::WOULD_ENTER_THE_FIRST_FIVE, "", 0),
            Column::new("leave", head::WOULD_LEAVE, "", 0),
        ];
        let names = |wards: &[usize]| {
            let names = wards.iter().map(|&w| self.needs.wards[w].name.as_str());
            Value::from(names.collect::<Vec<_>>().join("; "))
        };
        let mut rows = Vec::new();
        for (kind, swings) in ["crime", "asb"].into_iter().zip(&self.needs.tornado) {
            rows.extend(swings.iter().filter(|s| !s.enter.is_empty() || !s.leave.is_empty()).map(
                |swing| {
                    vec![
                        kind.into(),
                        swing.part.id().into(),
                        Value::Number(swing.weight),
                        names(&swing.enter),
                        names(&swing.leave),
                    ]
                },
            ));
        }
        table("tornado", say::OTHER_WEIGHTS, &columns, rows)
    }

    /// Everything, the same at any number of threads: no time of day, no time taken.
    ///
    /// # Errors
    ///
    /// If it cannot be written as JSON.
    pub fn json(&self, data: &Dataset) -> anyhow::Result<Vec<u8>> {
        let not_reached: Vec<_> = self
            .not_reached
            .iter()
            .map(|(ward, why)| json!({ "ward": self.needs.wards[*ward].code, "why": why }))
            .collect();
        let whole = json!({
            "request": self.request,
            "window": self.window.to_string(),
            "from": self.from.to_string(),
            "choice": {
                "model": self.request.model,
                "objective": self.choice.objective,
                "reached": self.reached,
                "demand": self.demand,
                "share": self.share(),
                "value": self.choice.value,
                "bound": self.choice.bound,
                "gap": self.choice.gap,
                "proven": self.choice.is_proven(),
                "greedy": self.greedy,
            },
            "tables": [
                self.shortlist(data),
                self.need_table(),
                self.parts_table(),
                self.curve_table(),
                self.bands_table(),
                self.tornado_table(),
            ],
            "not_reached": not_reached,
            "left_out": self.left_out,
            "methods": self.methods,
            "notes": self.notes,
        });
        let mut bytes = serde_json::to_vec_pretty(&whole)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Meetings as events, in words for the public: without need figures.
    pub fn events(&self, data: &Dataset) -> Vec<PlannedMeeting> {
        let event = |one: &Suggestion| {
            let venue = &data.venues[one.venue];
            let joined = one.join.map(|i| &data.meetings[i]);
            let (hall, place) = match &one.elsewhere {
                Some(elsewhere) => (elsewhere.clone(), joined.and_then(|meeting| meeting.place)),
                None => (venue.full_name(), Some(venue.place)),
            };
            let ward = one.wards.first().map(|&ward| self.needs.wards[ward].name.as_str());
            PlannedMeeting {
                id: format!("{}-{}", venue.id, one.day.strftime("%Y%m%d")),
                title: say::event(ward.unwrap_or(&data.name)),
                hall,
                place,
                day: one.day,
                start: one.start,
                words: one.public.clone(),
            }
        };
        self.suggestions.iter().map(event).collect()
    }

    /// The plan in words, as a chair reads it.
    pub fn words(&self, data: &Dataset) -> Vec<String> {
        let mut lines = Vec::new();
        let under = |line: &str| format!("   {line}");
        for (i, one) in self.suggestions.iter().enumerate() {
            let hall = &data.venues[one.venue].name;
            lines.push(say::meeting(i + 1, one.day, one.start, hall, one.locked));
            lines.extend(one.reasons.iter().map(|reason| under(reason)));
            if let Some(centre) = &one.centre {
                lines.push(under(&say::town_centre(centre)));
            }
            if one.hours.peak.is_some() {
                lines.push(under(&say::peak_hours(&one.hours.in_words(&self.rule))));
            }
            if !one.unknown.is_empty() {
                lines.push(under(&say::not_known(&one.unknown)));
            }
            let others = self.alternatives(one, data);
            lines.push(if others.is_empty() {
                under(say::NO_OTHER_HALL)
            } else {
                under(&say::instead(&others))
            });
        }
        if !self.not_reached.is_empty() {
            lines.push(say::WITHOUT_A_MEETING.to_owned());
            for (ward, why) in &self.not_reached {
                lines.push(under(&say::without(&self.needs.wards[*ward].name, why)));
            }
        }
        if !self.left_out.is_empty() {
            lines.push(say::NOT_CONSIDERED.to_owned());
            for (why, names) in &self.left_out {
                lines.push(under(&say::not_considered(why, names)));
            }
        }
        lines
    }
}
