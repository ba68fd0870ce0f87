//! `kde`: kernel density of the incidents.

use serde::{Deserialize, Serialize};

use crate::quantity::Metres;
use crate::units::shares_inside;

use super::super::{
    BandwidthRule, KdeError, Kernel, Layout, abramson, bandwidth_by, edge_weights, held_out, kde,
    kde_varying, likelihoods, per_km2_year, to_nearest, within,
};
use super::layout;
use crate::stats::{Outcome, Scores, StatError, StatInput, Statistic, SurfaceScores};

/// Bandwidths that a search tries, in m: each about a quarter more than the one before.
const CANDIDATES: [f64; 14] = [
    100.0, 125.0, 150.0, 200.0, 250.0, 300.0, 400.0, 500.0, 600.0, 800.0, 1000.0, 1250.0, 1500.0,
    2000.0,
];
/// Share of the study area that a held-out search foretells incidents in.
const AREA_SHARE: f64 = 0.05;
/// Times the bandwidth that an adaptive one may be at most.
const WIDEST: f64 = 5.0;

/// Kernel density of the incidents.
pub struct Kde;

/// How a bandwidth is found from the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BandwidthChoice {
    /// The normal reference rule, mean of both axes, as sfhotspot documents.
    NormalReference,
    /// Silverman's rule on distances from the mean centre, as `ArcGIS` has it.
    Silverman,
    /// Scott's rule, mean of both axes, widened to what smooths alike with the kernel.
    Scott,
    /// The mean distance to the √n-th nearest incident.
    MeanNearest,
    /// The one from 100 m to 2 km under which incidents are likeliest given all others.
    Likelihood,
    /// The one from 100 m to 2 km whose densest 5% of the study area, from the second set of
    /// points, holds most of these.
    HeldOut,
}

/// How the bandwidth varies from incident to incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Adaptive {
    /// As far as the nearest incidents, `neighbours` of them.
    Nearest,
    /// Narrow where the density with the fixed bandwidth is high (Abramson).
    Abramson,
}

/// What is done about the edge of the study area.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Edge {
    /// Nothing: near the edge the density is too low by what lies beyond.
    #[default]
    None,
    /// Divided by the share of the kernel inside the study area.
    StudyArea,
    /// Each incident weighted up by what its hill leaves outside, so that the whole inside is the
    /// number of incidents.
    Diggle,
}

/// Options of `kde`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct KdeOptions {
    /// Shape of the hill that each incident adds.
    pub kernel: Kernel,
    /// Distance at which the hill ends, m; for the Gaussian kernel its standard deviation.
    pub bandwidth: Metres,
    /// Find the bandwidth from the data instead, by this rule or search.
    pub bandwidth_by: Option<BandwidthChoice>,
    /// Let it vary from incident to incident.
    pub adaptive: Option<Adaptive>,
    /// Incidents that an adaptive bandwidth reaches.
    pub neighbours: usize,
    /// Side of a cell of the surface, m.
    pub cell: Metres,
    /// What is done about the edge of the study area.
    pub edge: Edge,
    /// Whether cells outside the study area are left undefined.
    pub clip: bool,
}

impl Default for KdeOptions {
    fn default() -> Self {
        Self {
            kernel: Kernel::Quartic,
            bandwidth: Metres::new(300.0),
            bandwidth_by: None,
            adaptive: None,
            neighbours: 25,
            cell: Metres::new(50.0),
            edge: Edge::None,
            clip: false,
        }
    }
}

impl Statistic for Kde {
    type Options = KdeOptions;
    const ID: &'static str = "kde";
    const LABEL: &'static str = "Kernel density";
    const ABOUT: &'static str =
        "Incidents per km² around each place, weighted by distance up to the bandwidth.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] = &[
        ("sfhotspot", "hotspot_kde"),
        ("spatstat", "density.ppp, adaptive.density"),
        ("CrimeStat", "Kernel density interpolation"),
        ("ArcGIS", "Kernel Density"),
        ("QGIS", "Heatmap"),
    ];

    fn score(&self, input: &StatInput<'_>, options: &KdeOptions) -> Result<Outcome, StatError> {
        let mut outcome = Outcome::default();
        let kernel = options.kernel;
        let bandwidth = match options.bandwidth_by {
            None => options.bandwidth,
            Some(choice) => chosen(input, options, choice, &mut outcome)?,
        };
        let mut weights = input.point_weights.map(<[f64]>::to_vec);
        if options.edge == Edge::Diggle {
            let up = edge_weights(input.points, input.study_area, kernel, bandwidth)?;
            let outside = up.iter().filter(|weight| weight.is_none()).count();
            if outside > 0 {
                outcome.notes.push(format!(
                    "{outside} of {} incidents lie outside the study area and are left out.",
                    up.len()
                ));
            }
            let own = weights.unwrap_or_else(|| vec![1.0; up.len()]);
            weights = Some(own.iter().zip(up).map(|(w, up)| w * up.unwrap_or(0.0)).collect());
        }
        let weights = weights.as_deref();
        let room = match options.adaptive {
            None => bandwidth.get(),
            Some(_) => bandwidth.get() * WIDEST,
        };
        // Room for the whole hill of every incident, so that the surface ends at zero.
        let layout = layout(input, &[input.points], room, options.cell)?;
        let density = match options.adaptive {
            None => kde(input.points, weights, kernel, bandwidth, layout)?,
            Some(adaptive) => {
                let widths = match adaptive {
                    Adaptive::Nearest => to_nearest(input.points, options.neighbours),
                    Adaptive::Abramson => {
                        abramson(input.points, weights, kernel, bandwidth, WIDEST)?
                    }
                };
                let (density, raised) =
                    kde_varying(input.points, weights, kernel, &widths, layout)?;
                outcome.chosen.push(("adaptive-bandwidths", range(&widths)));
                if raised > 0 {
                    outcome.notes.push(format!(
                        "{raised} of {} adaptive bandwidths were below the cell size of {} and \
                         were raised to it.",
                        widths.len(),
                        options.cell
                    ));
                }
                density
            }
        };
        let density = match options.edge {
            Edge::StudyArea => within(&density, input.study_area, kernel, bandwidth)?,
            Edge::None | Edge::Diggle => density,
        };
        let unit = match (input.years, input.point_weights) {
            (Some(_), None) => "incidents per km² a year",
            (None, None) => "incidents per km²",
            (Some(_), Some(_)) => "weight per km² a year",
            (None, Some(_)) => "weight per km²",
        };
        let surface = per_km2_year(&density, input.years.unwrap_or(1.0));
        let clipped = options.clip || options.edge == Edge::StudyArea;
        let defined = clipped.then(|| defined(input, layout));
        outcome.scores.push(Scores::Surface(SurfaceScores {
            id: Self::ID,
            unit,
            surface,
            defined,
        }));
        Ok(outcome)
    }
}

/// Whether each cell reaches into the study area.
fn defined(input: &StatInput<'_>, layout: Layout) -> Vec<bool> {
    let Layout { origin, cell, n_columns, n_rows } = layout;
    let shares = shares_inside(input.study_area, origin, cell, n_columns, n_rows);
    shares.into_iter().map(|share| share > 0.0).collect()
}

/// The bandwidth that a rule or search gives, announced.
fn chosen(
    input: &StatInput<'_>,
    options: &KdeOptions,
    choice: BandwidthChoice,
    outcome: &mut Outcome,
) -> Result<Metres, StatError> {
    let lacks = |wanted, found: String| StatError::Lacks { statistic: Kde::ID, wanted, found };
    let points = input.points;
    let by_rule = |rule: BandwidthRule| {
        let found = bandwidth_by(rule, points, options.kernel);
        found.map(|h| (h, rule.label().to_owned())).ok_or_else(|| {
            lacks("incidents that are spread out", format!("{} say no bandwidth", points.len()))
        })
    };
    // A candidate finer than a cell cannot be drawn.
    let candidates: Vec<Metres> =
        CANDIDATES.into_iter().map(Metres::new).filter(|h| *h >= options.cell).collect();
    let (bandwidth, how) = match choice {
        BandwidthChoice::NormalReference => by_rule(BandwidthRule::NormalReference)?,
        BandwidthChoice::Silverman => by_rule(BandwidthRule::Silverman)?,
        BandwidthChoice::Scott => by_rule(BandwidthRule::Scott)?,
        BandwidthChoice::MeanNearest => by_rule(BandwidthRule::MeanNearest)?,
        BandwidthChoice::Likelihood => {
            let all = likelihoods(points, options.kernel, &candidates)?;
            let scored = all.iter().filter_map(|l| l.mean_log.map(|log| (log, l.bandwidth)));
            let (log, best) =
                scored.reduce(|a, b| if b.0 > a.0 { b } else { a }).ok_or_else(|| {
                    let most = candidates.last().copied().unwrap_or_default();
                    lacks(
                        "every incident within reach of one elsewhere",
                        format!("up to {most} some have none: name a bandwidth, or use a Gaussian"),
                    )
                })?;
            (best, format!("highest likelihood of incidents elsewhere, mean log {log:.3}"))
        }
        BandwidthChoice::HeldOut => {
            let against = input.against.ok_or_else(|| {
                lacks("a second set of points to be foretold from", "there is none".to_owned())
            })?;
            let layout = layout(input, &[points, against], 0.0, options.cell)?;
            let sets = [against, points];
            let (kernel, area) = (options.kernel, input.study_area);
            let all = held_out(sets, kernel, &candidates, layout, area, AREA_SHARE)?;
            let best = all.into_iter().reduce(|a, b| if b.pai > a.pai { b } else { a });
            let best = best.ok_or_else(|| {
                lacks("incidents inside the study area", "there are none".to_owned())
            })?;
            let how = format!(
                "of the second set's densest {:.1}% of the study area, which hold {:.1}% of these",
                best.area_share * 100.0,
                best.hit_rate * 100.0
            );
            (best.bandwidth, how)
        }
    };
    outcome.chosen.push(("bandwidth", format!("{:.1} m: {how}", bandwidth.get())));
    if bandwidth < options.cell {
        return Err(KdeError::BandwidthBelowCell { bandwidth, cell: options.cell }.into());
    }
    Ok(bandwidth)
}

fn range(widths: &[Metres]) -> String {
    let widths = || widths.iter().map(|h| h.get());
    let (least, most) = (widths().fold(f64::INFINITY, f64::min), widths().fold(0.0, f64::max));
    if least.is_finite() { format!("{least:.0} to {most:.0} m") } else { "none".to_owned() }
}
