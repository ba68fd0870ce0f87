//! What an evaluation found, in words and tables.

use crate::aggregate::{Confidence, Interval};
use crate::layer::english::{head, unit};
use crate::layer::words::{lower_first, thousands};
use crate::stats::evaluation::{
    BeforeAfter, Candidate, CostPerCrime, CostRefusal, DifferenceRefusal, Estimate, RatioOfRatios,
    Wdd, WddCounts, Wdq, WdqRefusal,
};
use crate::table::{Column, Table, Value};
use crate::time::Window;

use super::EvaluateRequest;
use super::areas::Areas;

/// How the measures are made, and after whom.
pub(super) const METHOD: &str = "Difference: change in the treated area less that in the control area, \
    which is first brought to the treated area's level of the months before; normal interval (Wheeler \
    and Ratcliffe 2018, weighted displacement difference). Ratio: change in the treated area over that \
    in the control area, its interval widened by how much the months before varied. Quotient: Bowers \
    and Johnson 2003, given only where something was gained.";

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
        let meaning = quotient.meaning();
        if self.controls_disagree() {
            format!(
                "{meaning}, against the treated area's control; the buffer's own says otherwise"
            )
        } else if sure(buffer) {
            meaning.to_owned()
        } else {
            format!("{meaning}, which chance alone would explain")
        }
    }

    /// What the buffer's change is called: nothing is displaced, and no benefit spreads, where nothing
    /// was gained.
    fn buffer_says(&self) -> &'static str {
        let about = self.difference.displacement;
        let gained = self.difference.local.interval(self.confidence).high < 0.0;
        match (sure(about.interval(self.confidence)), self.controls_disagree(), gained) {
            (false, ..) => "no displacement or diffusion of benefit that chance would not explain",
            (true, true, _) => {
                "against its own control area alone; against that of the treated area it is the \
                 other way round, so neither displacement nor diffusion of benefit is shown"
            }
            (true, false, false) => {
                "more than chance explains, but no gain is shown in the treated area, so it is \
                 neither displacement nor diffusion of benefit"
            }
            (true, false, true) if about.value > 0.0 => "displacement",
            (true, false, true) => "diffusion of benefit",
        }
    }

    fn coverage(&self) -> String {
        format!("{:.0}%", self.request.confidence * 100.0)
    }
}

/// Whether an interval leaves zero out.
fn sure(interval: Interval) -> bool {
    interval.low > 0.0 || interval.high < 0.0
}

/// `n` incidents more or fewer.
fn more_or_fewer(n: f64) -> String {
    let whole = thousands(n.abs().round() as i64);
    format!("{whole} {}", if n > 0.0 { "more" } else { "fewer" })
}

/// What it comes to.
pub(super) fn words(found: &Found<'_>) -> Vec<String> {
    let mut words = Vec::new();
    let (treated, interval) = (found.difference.local, found.difference.interval);
    let local = treated.interval(found.confidence);
    words.push(format!(
        "{}, {}: {} incidents in {} against {} in {}. Set against the control area, brought to the \
         same level, that is {} than it would have had ({} interval: {} to {}): {}.",
        found.treated,
        lower_first(found.request.types.label()),
        thousands(found.counts.treated.after as i64),
        found.request.after.label(),
        thousands(found.counts.treated.before as i64),
        found.before.label(),
        more_or_fewer(treated.value),
        found.coverage(),
        more_or_fewer(local.low),
        more_or_fewer(local.high),
        if sure(local) { "more than chance explains" } else { "chance alone explains that" }
    ));
    if found.request.buffer.get() > 0.0 {
        let about = found.difference.displacement;
        let range = about.interval(found.confidence);
        words.push(format!(
            "Within {} about it: {} than expected ({} to {}): {}.",
            found.request.buffer,
            more_or_fewer(about.value),
            more_or_fewer(range.low),
            more_or_fewer(range.high),
            found.buffer_says()
        ));
        words.push(format!(
            "Both together: {} ({} to {}).",
            more_or_fewer(found.difference.total.value),
            more_or_fewer(interval.low),
            more_or_fewer(interval.high)
        ));
    }
    match &found.ratio {
        Ok(ratio) => words.push(format!(
            "The treated area changed {:.2} times as much as the control area ({} interval {:.2} to \
             {:.2}; below 1 is better).",
            ratio.ratio,
            found.coverage(),
            ratio.interval.low,
            ratio.interval.high
        )),
        Err(refused) => words.push(format!("No ratio can be given: {refused}.")),
    }
    match &found.cost {
        Some(Ok(cost)) => words.push(format!(
            "{:.0} incidents prevented at {:.0} each ({:.0} to {:.0}).",
            cost.prevented, cost.each, cost.interval.low, cost.interval.high
        )),
        Some(Err(refused)) => words.push(format!("Cost per crime prevented: {refused}.")),
        None => {}
    }
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
    let mut rows = vec![row("treated", found.counts.treated), row("control", found.counts.control)];
    if found.request.buffer.get() > 0.0 {
        rows.push(row("buffer", found.counts.buffer));
        rows.push(row("control of the buffer", found.counts.displacement_control));
    }
    let title = format!("{} against {}", found.request.after.label(), found.before.label());
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
            "incidents; below 0 is fewer".into(),
        ]
    };
    let mut rows = vec![
        estimate("difference, treated", found.difference.local),
        estimate("difference, buffer", found.difference.displacement),
        estimate("difference, both (WDD)", found.difference.total),
    ];
    rows.push(match &found.ratio {
        Ok(ratio) => vec![
            "ratio of ratios (DiD)".into(),
            Value::Number(ratio.ratio),
            none.clone(),
            Value::Number(ratio.interval.low),
            Value::Number(ratio.interval.high),
            Value::Number(ratio.p),
            match found.dispersion {
                Some(d) => format!("months vary {d:.2} times as much as Poisson counts").into(),
                None => "too few months to tell how much they vary: taken as Poisson".into(),
            },
        ],
        Err(refused) => refusal("ratio of ratios (DiD)", &refused.to_string()),
    });
    if found.request.buffer.get() > 0.0 {
        rows.push(match &found.quotient {
            Ok(quotient) => vec![
                "displacement quotient (WDQ)".into(),
                Value::Number(quotient.quotient),
                none.clone(),
                none.clone(),
                none.clone(),
                none.clone(),
                found.quotient_says(quotient).into(),
            ],
            Err(refused) => refusal("displacement quotient (WDQ)", &refused.to_string()),
        });
    }
    match &found.cost {
        Some(Ok(cost)) => rows.push(vec![
            "cost per crime prevented".into(),
            Value::Number(cost.each),
            none.clone(),
            Value::Number(cost.interval.low),
            Value::Number(cost.interval.high),
            none,
            format!("{:.0} prevented", cost.prevented).into(),
        ]),
        Some(Err(refused)) => {
            rows.push(refusal("cost per crime prevented", &refused.to_string()));
        }
        None => {}
    }
    Table { id: "evaluation".into(), title: "What changed".into(), columns, rows }
}

fn refusal(measure: &str, why: &str) -> Vec<Value> {
    let mut row = vec![Value::from(measure)];
    row.extend(vec![Value::None; 5]);
    row.push(format!("refused: {why}").into());
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
    let title = match likened {
        Some(window) => format!("Wards like the treated area in {}", window.label()),
        None => "Wards like the treated area".to_owned(),
    };
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
