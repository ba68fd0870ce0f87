//! What a partnership decides about need and meetings: `[need]` and `[planning]`.

use serde::{Deserialize, Serialize};

use crate::incident::CrimeTypes;
use crate::quantity::Metres;

/// How need is put together: `[need]`. Printed on every output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct NeedRule {
    /// Kinds left out: offences that are found by police activity say where police were.
    pub leave_out: Vec<CrimeTypes>,
    /// Share of the wards that counts as the top of a ranking.
    pub top_share: f64,
    /// Weight of the number of incidents.
    pub volume: f64,
    /// Weight of the rate per 1,000 residents.
    pub rate: f64,
    /// Weight of the change against the year before, where there is one.
    pub change: f64,
    /// Weight of the share of incidents that lie in significant hotspots.
    pub hotspots: f64,
    /// Weight of the share of months in which the ward's rate is in the top share.
    pub persistence: f64,
    /// Weight of harm per 1,000 residents, by the table `harm-weights`; for crime alone.
    pub harm: f64,
    /// Weight of the Vulnerable Localities Index, made of `vulnerable-localities`.
    pub vulnerability: f64,
    /// Weight of deprivation, as `deprivation-indicator` measures it.
    pub deprivation: f64,
    /// Weight of what residents said, as `fear-question` asked it.
    pub fear: f64,
    /// Weight of the open priorities that communities set in the window.
    pub priorities: f64,
    /// Name of a [[harm-weights]] table.
    pub harm_weights: Option<String>,
    /// Name of an indicator; a name that holds `rank` or `decile` is of a list whose first is the
    /// most deprived.
    pub deprivation_indicator: Option<String>,
    /// Question of a survey, whose per cent is more where need is more; its latest wave counts.
    pub fear_question: Option<String>,
    /// Indicators of the Vulnerable Localities Index; those that are not named are left out of it,
    /// and said to be missing.
    pub vulnerable_localities: Option<VulnerableLocalities>,
    /// Each draw of the rank intervals scales every weight by up to this factor, either way.
    pub weight_factor: f64,
}

/// Indicators of the Vulnerable Localities Index beside burglary and criminal damage: each a rate or
/// share that is more where need is more, never a rank or decile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct VulnerableLocalities {
    /// Income deprivation.
    pub income: Option<String>,
    /// Employment deprivation.
    pub employment: Option<String>,
    /// Per cent of residents aged 15 to 24.
    pub young: Option<String>,
    /// Per cent without the qualification that the table counts.
    pub education: Option<String>,
}

impl Default for NeedRule {
    fn default() -> Self {
        let one = |id: &str| id.parse().expect("a known crime type");
        Self {
            leave_out: vec![one("drugs"), one("possession-of-weapons")],
            top_share: 1.0 / 3.0,
            volume: 1.0,
            rate: 1.0,
            change: 0.5,
            hotspots: 0.5,
            persistence: 0.5,
            harm: 0.0,
            vulnerability: 0.0,
            deprivation: 0.0,
            fear: 0.0,
            priorities: 0.0,
            harm_weights: None,
            deprivation_indicator: None,
            fear_question: None,
            vulnerable_localities: None,
            weight_factor: 1.5,
        }
    }
}

/// How meetings are planned: `[planning]`. Printed on every output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct PlanningRule {
    /// Meetings in a year.
    pub meetings: usize,
    /// How far people are expected to walk.
    pub walk: Metres,
    /// How much longer a walk is than the straight line.
    pub detour: f64,
    /// What a resident of a ward that is not of higher need counts, one of such a ward being 1.
    pub elsewhere: f64,
    /// People expected at a meeting: halls known to hold fewer are left out.
    pub expected: u32,
    /// Whether a hall must be known to be step-free; otherwise only those known not to be are out.
    pub step_free_known: bool,
    /// What halls may cost together in a year, pounds; no limit where absent.
    pub budget: Option<f64>,
    /// Hours that a hall is hired for.
    pub hours: f64,
    /// Weeks within which an existing meeting is near enough to be joined.
    pub join_weeks: u32,
    /// Months after which a ward counts as not visited.
    pub revisit_months: u32,
    /// A ward without a hall of its own is served by halls this near to its hotspots.
    pub near_hotspot: Metres,
    /// How many of the first wards of higher need must have a hall; all of them where absent.
    pub top_wards: Option<usize>,
    /// File of walking distances in place of straight lines, as `wardheat venues --distances` reads
    /// it.
    pub distances: Option<String>,
    /// Points for a hall in a ward with a meeting that can be joined.
    pub points_join: f64,
    /// Points for a hall in a ward that was not visited.
    pub points_unvisited: f64,
    /// Points for a hall with a bus stop near.
    pub points_transport: f64,
    /// Points for a hall that the partnership did not use.
    pub points_unused: f64,
    /// Points for a hall whose peak hours leave the usual start free on a weekday.
    pub points_quiet: f64,
    /// Months after which a hall counts as not used.
    pub reuse_months: u32,
    /// Share of all demand that the points of a whole choice can outweigh: they decide between
    /// choices that reach almost the same.
    pub points_share: f64,
    /// Hour at which a meeting of its own starts where peak hours leave it free.
    pub start: u8,
    /// First hour at which a meeting may start.
    pub start_from: u8,
    /// Last hour at which a meeting may start.
    pub start_to: u8,
    /// Incidents this near to a hall tell its peak hours.
    pub peak_within: Metres,
    /// Peak hours are the fewest hours of the week that hold this share of those incidents; no
    /// meeting is proposed in them. Zero for no such rule.
    pub peak_share: f64,
}

impl Default for PlanningRule {
    fn default() -> Self {
        Self {
            meetings: 6,
            walk: Metres::new(1_200.0),
            detour: 1.3,
            elsewhere: 0.2,
            expected: 30,
            step_free_known: false,
            budget: None,
            hours: 2.0,
            join_weeks: 8,
            revisit_months: 24,
            near_hotspot: Metres::new(800.0),
            top_wards: None,
            distances: None,
            points_join: 3.0,
            points_unvisited: 2.0,
            points_transport: 1.0,
            points_unused: 1.0,
            reuse_months: 12,
            points_quiet: 1.0,
            points_share: 0.01,
            start: 18,
            start_from: 10,
            start_to: 19,
            peak_within: Metres::new(250.0),
            peak_share: 0.5,
        }
    }
}

impl NeedRule {
    /// Weights of the parts, in the order in which they are described.
    pub fn weights(&self) -> [f64; 10] {
        [
            self.volume,
            self.rate,
            self.change,
            self.hotspots,
            self.persistence,
            self.harm,
            self.vulnerability,
            self.deprivation,
            self.fear,
            self.priorities,
        ]
    }

    /// The first number that cannot be used: its key, and what is wanted.
    pub(super) fn fault(&self) -> Option<(&'static str, &'static str)> {
        let weights = self.weights();
        let zero_or_more = |x: &f64| x.is_finite() && *x >= 0.0;
        if !weights.iter().all(zero_or_more) || weights.iter().sum::<f64>() <= 0.0 {
            Some(("[need]", "weights are zero or more, and one of them more"))
        } else if !(self.top_share > 0.0 && self.top_share < 1.0) {
            Some(("top-share", "wanted a share between 0 and 1"))
        } else if !(1.0..=10.0).contains(&self.weight_factor) {
            Some(("weight-factor", "wanted 1 to 10"))
        } else {
            None
        }
    }
}

impl PlanningRule {
    /// Points of a hall, of each kind.
    pub fn points(&self) -> [f64; 5] {
        [
            self.points_join,
            self.points_unvisited,
            self.points_transport,
            self.points_unused,
            self.points_quiet,
        ]
    }

    /// The first number that cannot be used: its key, and what is wanted.
    pub(crate) fn fault(&self) -> Option<(&'static str, &'static str)> {
        let points = self.points();
        let starts = self.start_from..=self.start_to;
        let checks: [(&str, bool, &str); 13] = [
            ("meetings", (1..=60).contains(&self.meetings), "wanted 1 to 60 a year"),
            ("walk", (100.0..=20_000.0).contains(&self.walk.get()), "wanted 100 to 20,000 m"),
            ("detour", (1.0..=3.0).contains(&self.detour), "wanted 1 to 3"),
            ("elsewhere", (0.0..=1.0).contains(&self.elsewhere), "wanted 0 to 1"),
            ("hours", (0.25..=24.0).contains(&self.hours), "wanted 0.25 to 24"),
            (
                "budget",
                self.budget.is_none_or(|b| b.is_finite() && b >= 0.0),
                "wanted pounds, zero or more",
            ),
            ("revisit-months", (1..=120).contains(&self.revisit_months), "wanted 1 to 120 months"),
            ("join-weeks", (1..=26).contains(&self.join_weeks), "wanted 1 to 26"),
            (
                "points-share",
                (0.0..=0.1).contains(&self.points_share)
                    && points.iter().all(|p| p.is_finite() && *p >= 0.0),
                "wanted 0 to 0.1, and points of zero or more",
            ),
            (
                "near-hotspot",
                (0.0..=5_000.0).contains(&self.near_hotspot.get()),
                "wanted 0 to 5,000 m",
            ),
            (
                "start",
                self.start_to <= 23 && starts.contains(&self.start),
                "wanted an hour, 0 to 23, between start-from and start-to",
            ),
            (
                "peak-within",
                (50.0..=5_000.0).contains(&self.peak_within.get()),
                "wanted 50 to 5,000 m",
            ),
            ("peak-share", (0.0..=0.9).contains(&self.peak_share), "wanted 0 to 0.9"),
        ];
        checks.into_iter().find(|(_, good, _)| !good).map(|(key, _, wanted)| (key, wanted))
    }
}
