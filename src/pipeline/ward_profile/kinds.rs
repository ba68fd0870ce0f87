//! Every kind of record in one ward: how many, how much that is, and whether it is more than usual.

use crate::aggregate::{Confidence, Rate, rate_per_1000};
use crate::incident::{Base, CrimeTypeIdx, CrimeTypes, Group};
use crate::layer::disclosure::shows_rate;
use crate::pipeline::english::ward as say;
use crate::quantity::Population;
use crate::stats::series::{ExpectedTotal, SeasonalOptions, Usual, expected_total};
use crate::stats::{Change, RANK_DRAWS, Rank, change, ranks};

use super::Scene;
use super::months::ByMonth;

/// Fewest incidents, found or expected, from which more or less than usual is said.
const FEWEST_TO_SAY: f64 = 5.0;

/// What may be said of a count against its expected range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Above the range.
    Higher,
    /// Below the range.
    Lower,
    /// Within it.
    AsUsual,
    /// Fewer than five found or expected.
    TooFew,
}

impl Verdict {
    pub(in crate::pipeline) fn of(count: u64, expected: &ExpectedTotal) -> Self {
        if (count as f64).max(expected.expected) < FEWEST_TO_SAY {
            Self::TooFew
        } else {
            match expected.place(count) {
                Usual::Higher => Self::Higher,
                Usual::Lower => Self::Lower,
                Usual::AsUsual => Self::AsUsual,
            }
        }
    }

    /// In words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Higher => say::HIGHER,
            Self::Lower => say::LOWER,
            Self::AsUsual => say::AS_USUAL,
            Self::TooFew => say::TOO_FEW,
        }
    }
}

/// One kind of record in the ward.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KindFigures {
    /// Which incidents.
    pub types: CrimeTypes,
    /// Incidents in the window.
    pub count: u64,
    /// Per 1,000 of the base of the kind.
    pub rate: Option<Rate>,
    /// Per 1,000 of those who are there on a working day, where they are known.
    pub rate_day: Option<Rate>,
    /// The same rate over all wards together.
    pub area_rate: Option<f64>,
    /// Place among all wards by rate.
    pub rank: Option<Rank>,
    /// Incidents in the same months a year earlier, where both are held whole.
    pub earlier: Option<u64>,
    /// Count over the earlier count.
    pub change: Option<Change>,
    /// What months before the window led to expect.
    pub expected: Option<ExpectedTotal>,
    /// Count against that range.
    pub verdict: Option<Verdict>,
}

impl KindFigures {
    /// How far out the count lies, in standard deviations of chance: to put the furthest first.
    fn distance(&self) -> f64 {
        let expected = self.expected.map_or(1.0, |expected| expected.expected);
        ((self.count as f64 - expected) / expected.max(1.0).sqrt()).abs()
    }
}

/// Single kinds of this verdict, the furthest from what was expected first.
pub(super) fn of_verdict(kinds: &[KindFigures], verdict: Verdict) -> Vec<&KindFigures> {
    let is_one = |kind: &&KindFigures| matches!(kind.types, CrimeTypes::One(_));
    let mut found: Vec<&KindFigures> =
        kinds.iter().filter(is_one).filter(|kind| kind.verdict == Some(verdict)).collect();
    found.sort_by(|a, b| b.distance().total_cmp(&a.distance()));
    found
}

/// Figures of every kind that any ward has in any month held.
pub(super) fn figures(
    scene: &Scene<'_>,
    by_month: &ByMonth<'_>,
) -> anyhow::Result<Vec<KindFigures>> {
    let wards = &scene.ground.wards;
    let of = |types: CrimeTypes| -> anyhow::Result<KindFigures> {
        let counts = by_month.by_ward(types, scene.window);
        let bases = match types.base() {
            Base::Residents => &wards.residents,
            Base::Households => &wards.households,
        };
        let own = scene.ward.index();
        let count = counts[own];
        let earlier = by_month
            .earlier(types, scene.window)
            .map(|earlier| by_month.by_ward(types, earlier)[own]);
        let shows_rate = shows_rate(scene.data.provenance.disclosure.as_ref(), count);
        let rate_over = |base: Option<Population>| {
            rate_per_1000(count, base, Confidence::P95).filter(|_| shows_rate)
        };
        let series = by_month.series(types);
        let window = scene.window.n_months();
        let expected = expected_total(&series, window, &SeasonalOptions::default());
        let seed = scene.request.seed;
        Ok(KindFigures {
            types,
            count,
            rate: rate_over(bases[own]),
            rate_day: rate_over(wards.workday[own]),
            area_rate: area_rate(&counts, bases),
            rank: ranks(&counts, Some(bases), RANK_DRAWS, seed, Confidence::P95)?[own],
            earlier,
            change: earlier.map(|earlier| change(count, earlier, Confidence::P95)),
            verdict: expected.map(|expected| Verdict::of(count, &expected)),
            expected,
        })
    };
    let mut kinds = kinds_held(by_month, scene).map(of).collect::<anyhow::Result<Vec<_>>>()?;
    let order = |kind: &KindFigures| match kind.types {
        CrimeTypes::One(_) => 1,
        _ => 0,
    };
    kinds.sort_by_key(|kind| {
        (order(kind), if order(kind) == 1 { u64::MAX - kind.count } else { 0 })
    });
    Ok(kinds)
}

/// Kinds worth a line: crime as a whole, anti-social behaviour, the partnership's priorities, and
/// every single type that is held.
fn kinds_held<'a>(
    by_month: &'a ByMonth<'_>,
    scene: &'a Scene<'_>,
) -> impl Iterator<Item = CrimeTypes> + 'a {
    let held = |types: CrimeTypes| by_month.by_ward(types, scene.held).iter().any(|&n| n > 0);
    let singles = |group: Group| {
        CrimeTypeIdx::all().filter(move |one| one.get().group == group).map(CrimeTypes::One)
    };
    let families = [Group::Crime, Group::Asb, Group::Fire, Group::Health].into_iter();
    let families = families
        .filter(move |&group| singles(group).filter(|one| held(*one)).count() > 1)
        .map(CrimeTypes::Family);
    let priorities = scene.data.priorities.iter().map(|set| CrimeTypes::Priority(set));
    families
        .chain(priorities.filter(move |set| held(*set)))
        .chain(CrimeTypeIdx::all().map(CrimeTypes::One).filter(move |one| held(*one)))
}

/// Rate over all wards whose base is known.
fn area_rate(counts: &[u64], bases: &[Option<Population>]) -> Option<f64> {
    let known = counts.iter().zip(bases).filter_map(|(&n, base)| Some((n as f64, (*base)?.get())));
    let (count, base) = known.fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    (base > 0.0).then(|| 1_000.0 * count / base)
}
