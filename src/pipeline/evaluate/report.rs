//! What an evaluation found, in words and tables.

use crate::aggregate::{Confidence, Interval};
use crate::layer::english::{head, unit};
use crate::pipeline::english::evaluate as say;
use crate::stats::evaluation::{
    BeforeAfter, Candidate, CostPerCrime, CostRefusal, DifferenceRefusal, Estimate, RatioOfRatios,
    Wdd, WddCounts, Wdq, WdqRefusal,
};
use crate::table::{Column, Table, Value};
use crate::time::Window;

use super::EvaluateRequest;
use super::areas::Areas;

/// Everything that was found.
pub(super) struct Found<'a> {
    pub request: &'a EvaluateRequest,
    /// The treated area by name.
    pub treated: String,
    pub before: Window,
    pub counts: WddCounts,
    pub difference: Wdd,
    pub confidence: Confidence,
    pub dispersion: Option<f64>,
    pub ratio: Result<RatioOfRatios, DifferenceRefusal>,
    pub quotient: Result<Wdq, WdqRefusal>,
    pub cost: Option<Result<CostPerCrime, CostRefusal>>,
}

impl Found<'_> {
    /// Whether the buffer did better against one control area and worse against the other: the
    /// difference sets it against its own, the quotient against that of the treated area.
    fn controls_disagree(&self) -> bool {
        let own = self.difference.displacement.value;
        self.quotient.as_ref().is_ok_and(|quotient| own * quotient.buffer < 0.0)
    }

    fn quotient_says(&self, quotient: &Wdq) -> String {
        let buffer = self.difference.displacement.interval(self.confidence);
        let trust = if self.controls_disagree() {
            say::Trust::OwnControlDisagrees
        } else if sure(buffer) {
            say::Trust::BeyondChance
        } else {
            say::Trust::Chance
        };
        say::quotient(quotient.meaning(), trust)
    }

    /// What the buffer's change is called.
    fn buffer_says(&self) -> say::About {
        let about = self.difference.displacement;
        let gained = self.difference.local.interval(self.confidence).high < 0.0;
        match (sure(about.interval(self.confidence)), self.controls_disagree(), gained) {
            (false, ..) => say::About::Chance,
            (true, true, _) => say::About::ControlsDisagree,
            (true, false, false) => say::About::NoGain,
            (true, false, true) if about.value > 0.0 => say::About::Displacement,
            (true, false, true) => say::About::Diffusion,
        }
    }

    fn difference(&self, of: Estimate) -> say::Difference {
        say::Difference { value: of.value, interval: of.interval(self.confidence) }
    }
}

/// Whether an interval leaves zero out.
fn sure(interval: Interval) -> bool {
    interval.low > 0.0 || interval.high < 0.0
}

/// What it comes to.
pub(super) fn words(found: &Found<'_>) -> Vec<String> {
    let mut words = Vec::new();
    let (request, counts) = (found.request, found.counts.treated);
    let local = found.difference(found.difference.local);
    let (after, before) = (request.after.label(), found.before.label());
    words.push(say::treated(
        (&found.treated, request.types.label()),
        (
            say::Held { incidents: counts.after, window: &after },
            say::Held { incidents: counts.before, window: &before },
        ),
        &local,
        request.confidence,
        sure(local.interval),
    ));
    if request.buffer.get() > 0.0 {
        let about = found.difference(found.difference.displacement);
        words.push(say::buffer(request.buffer, &about, found.buffer_says()));
        let total = found.difference.total.value;
        let interval = found.difference.interval;
        words.push(say::both_together(&say::Difference { value: total, interval }));
    }
    words.push(match &found.ratio {
        Ok(ratio) => say::ratio(ratio.ratio, ratio.interval, request.confidence),
        Err(refused) => say::no_ratio(refused),
    });
    words.extend(found.cost.as_ref().map(|cost| match cost {
        Ok(cost) => say::cost(cost.prevented, cost.each, cost.interval),
        Err(refused) => say::no_cost(refused),
    }));
    words
}

/// Incidents of each area.
pub(super) fn counts(found: &Found<'_>) -> Table {
    let columns = vec![
        Column::new("area", head::AREA, "", 0),
        Column::new("before", head::BEFORE, "", 0),
        Column::new("after", head::AFTER, "", 0),
        Column::new("change", head::TIMES_AS_MANY, "", 2),
    ];
    let row = |area: &str, of: BeforeAfter| {
        let change = (of.before > 0).then(|| of.after as f64 / of.before as f64);
        vec![
            area.into(),
            Value::Count(of.before as i64),
            Value::Count(of.after as i64),
            Value::number(change),
        ]
    };
    let mut rows =
        vec![row(say::TREATED, found.counts.treated), row(say::CONTROL, found.counts.control)];
    if found.request.buffer.get() > 0.0 {
        rows.push(row(say::BUFFER, found.counts.buffer));
        rows.push(row(say::CONTROL_OF_BUFFER, found.counts.displacement_control));
    }
    let title = say::against(&found.request.after.label(), &found.before.label());
    Table { id: "counts".into(), title, columns, rows }
}

/// The measures.
pub(super) fn measures(found: &Found<'_>) -> Table {
    let columns = vec![
        Column::new("measure", head::MEASURE, "", 0),
        Column::new("value", head::VALUE, "", 3),
        Column::new("error", head::STANDARD_ERROR, "", 3),
        Column::new("low", head::LOWER, "", 3),
        Column::new("high", head::UPPER, "", 3),
        Column::new("p", head::P_VALUE, unit::TWO_SIDED, 4),
        Column::new("says", head::SAYS, "", 0),
    ];
    let none = Value::None;
    let estimate = |measure: &str, of: Estimate| {
        let Interval { low, high } = of.interval(found.confidence);
        let p = (of.error > 0.0).then(|| crate::stats::two_sided_p(of.value / of.error));
        vec![
            measure.into(),
            Value::Number(of.value),
            Value::Number(of.error),
            Value::Number(low),
            Value::Number(high),
            Value::number(p),
            say::BELOW_0_IS_FEWER.into(),
        ]
    };
    let mut rows = vec![
        estimate(say::DIFFERENCE_TREATED, found.difference.local),
        estimate(say::DIFFERENCE_BUFFER, found.difference.displacement),
        estimate(say::DIFFERENCE_BOTH, found.difference.total),
    ];
    rows.push(match &found.ratio {
        Ok(ratio) => vec![
            say::RATIO_OF_RATIOS.into(),
            Value::Number(ratio.ratio),
            none.clone(),
            Value::Number(ratio.interval.low),
            Value::Number(ratio.interval.high),
            Value::Number(ratio.p),
            say::dispersion(found.dispersion).into(),
        ],
        Err(refused) => refusal(say::RATIO_OF_RATIOS, refused),
    });
    if found.request.buffer.get() > 0.0 {
        rows.push(match &found.quotient {
            Ok(quotient) => vec![
                say::QUOTIENT.into(),
                Value::Number(quotient.quotient),
                none.clone(),
                none.clone(),
                none.clone(),
                none.clone(),
                found.quotient_says(quotient).into(),
            ],
            Err(refused) => refusal(say::QUOTIENT, refused),
        });
    }
    match &found.cost {
        Some(Ok(cost)) => rows.push(vec![
            say::COST.into(),
            Value::Number(cost.each),
            none.clone(),
            Value::Number(cost.interval.low),
            Value::Number(cost.interval.high),
            none,
            say::prevented(cost.prevented).into(),
        ]),
        Some(Err(refused)) => {
            rows.push(refusal(say::COST, refused));
        }
        None => {}
    }
    Table { id: "evaluation".into(), title: say::WHAT_CHANGED.into(), columns, rows }
}

fn refusal(measure: &str, why: impl std::fmt::Display) -> Vec<Value> {
    let mut row = vec![Value::from(measure)];
    row.extend(vec![Value::None; 5]);
    row.push(say::refused(why).into());
    row
}

/// Wards by likeness.
pub(super) fn candidates(
    candidates: &[Candidate],
    areas: &Areas<'_>,
    likened: Option<Window>,
) -> Table {
    let columns = vec![
        Column::new("id", head::CODE, "", 0),
        Column::new("name", head::WARD, "", 0),
        Column::new("correlation", head::CORRELATION_OF_MONTHS, "", 2),
        Column::new("level", head::LEVEL, unit::TIMES_THE_TREATED_AREA, 2),
        Column::new("distance", head::UNLIKENESS, "", 2),
        Column::new("chosen", head::CONTROL, "", 0),
    ];
    let rows = candidates
        .iter()
        .map(|candidate| {
            vec![
                areas.ward_code(candidate.unit).into(),
                areas.ward_name(candidate.unit).into(),
                Value::number(candidate.correlation),
                Value::Number(candidate.level),
                Value::Number(candidate.distance),
                Value::Flag(areas.is_control(candidate.unit)),
            ]
        })
        .collect();
    let title = say::alike(likened.map(Window::label).as_deref());
    Table { id: "candidates".into(), title, columns, rows }
}

#[cfg(test)]
mod tests {
    use super::super::{ControlChoice, TreatedChoice};
    use super::*;
    use crate::incident::CrimeTypes;
    use crate::quantity::Metres;
    use crate::stats::evaluation::{WddWeights, wdd, wdq};

    fn of(before: u64, after: u64) -> BeforeAfter {
        BeforeAfter { before, after }
    }

    fn request() -> EvaluateRequest {
        EvaluateRequest {
            types: CrimeTypes::All,
            source: None,
            treated: TreatedChoice::Wards(vec!["City".into()]),
            after: "2020-04..2020-06".parse().unwrap(),
            before: None,
            buffer: Metres::new(500.0),
            control: ControlChoice::Auto,
            cost: None,
            confidence: 0.9,
        }
    }

    fn found<'a>(
        request: &'a EvaluateRequest,
        counts: WddCounts,
        weights: &WddWeights,
    ) -> Found<'a> {
        let confidence = Confidence::new(0.9).unwrap();
        Found {
            request,
            treated: "City".into(),
            before: "2019-04..2019-06".parse().unwrap(),
            counts,
            difference: wdd(&counts, weights, confidence).unwrap(),
            confidence,
            dispersion: None,
            ratio: Err(DifferenceRefusal::Empty { area: "control", when: "before" }),
            quotient: wdq(counts.control, counts.treated, counts.buffer),
            cost: None,
        }
    }

    /// Sheffield's City ward in the spring of 2020: about it as many records as a year before, which is
    /// more than its own control area has and less than that of the ward.
    #[test]
    fn control_areas_that_disagree_show_nothing_of_the_buffer() {
        let counts = WddCounts {
            control: of(1_624, 1_667),
            treated: of(1_992, 867),
            displacement_control: of(599, 375),
            buffer: of(970, 939),
        };
        let request = request();
        let found = found(&request, counts, &WddWeights::default());

        let said = words(&found).join(" ");
        let quotient = found.quotient_says(found.quotient.as_ref().unwrap());

        assert!(said.contains("neither displacement nor diffusion of benefit is shown"), "{said}");
        assert!(quotient.ends_with("the buffer's own says otherwise"), "{quotient}");
        assert!(
            said.starts_with("City, all crime and anti-social behaviour: 867 incidents"),
            "{said}"
        );
        assert!(said.contains("against 1,992 in"), "{said}");
    }

    /// Anti-social behaviour of a town centre in which nothing was done, half-year against half-year:
    /// more there and more about it. 90% intervals counted by hand in Python: 22 to 158 and 1 to 133.
    #[test]
    fn nothing_is_displaced_from_where_nothing_was_gained() {
        let counts = WddCounts {
            control: of(390, 326),
            treated: of(422, 443),
            displacement_control: of(102, 98),
            buffer: of(237, 295),
        };
        let request = request();
        let levels = [390.0 / 422.0, 1.0, 102.0 / 237.0, 1.0];
        let found = found(&request, counts, &WddWeights { areas: levels, ..WddWeights::default() });

        let said = words(&found).join(" ");

        assert!(
            said.contains("90 more than it would have had (90% interval: 22 more to 158 more)")
        );
        assert!(
            said.contains("67 more than expected (1 more to 133 more): more than chance"),
            "{said}"
        );
        assert!(said.contains("neither displacement nor diffusion of benefit"), "{said}");
    }
}
