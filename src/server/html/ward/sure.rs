//! "How sure is this?": what the figures rest on, what they cannot tell, and the files.

use maud::{Markup, html};

use super::super::choice::Choice;
use super::super::frame::Site;
use super::super::words::{percent, thousands};
use super::answer::basis;
use crate::incident::CrimeTypes;
use crate::pipeline::WardProfile;

/// The section.
pub(super) fn section(site: &Site<'_>, choice: &Choice, profile: &WardProfile) -> Markup {
    let file = |name: &str| {
        format!("{}&v={}", choice.data(&format!("/wards/{}/{name}", profile.code)), site.version)
    };
    html! {
        section class="qual card" aria-labelledby="sure" {
            h2 class="h2" id="sure" { "How sure is this?" }
            ul class="ml" { @for line in lines(choice, profile) { li { (line) } } }
            p class="note dl" {
                a href=(file("kinds.csv")) { "CSV" }
                a href=(file("figures.xlsx")) { "XLSX" }
                a href=(file("figures.json")) { "JSON" }
                a href=(file("ward.geojson")) { "GeoJSON" }
                a href="/data" { "Data quality" }
            }
        }
    }
}

fn lines(choice: &Choice, profile: &WardProfile) -> Vec<String> {
    let held = &profile.held;
    let mut lines = Vec::new();
    let records = held.records.max(1) as f64;
    lines.push(if held.placed == held.records {
        format!("All {} records of {} have a position.", thousands(held.records as i64), profile.name)
    } else {
        format!(
            "{} of {} records ({}) have a position good enough for the map and the places; all are in the counts.",
            thousands(held.placed as i64),
            thousands(held.records as i64),
            percent(held.placed as f64 / records)
        )
    });
    lines.extend(profile.hours_note.clone());
    if held.missing.is_empty() {
        lines.push(format!("Every source holds all months of {}.", choice.window.label()));
    }
    for (source, months) in &held.missing {
        let months: Vec<String> = months.iter().map(|month| month.label()).collect();
        lines.push(format!(
            "{source} lacks {}: counts are too low by what it would have held.",
            months.join(", ")
        ));
    }
    if held.approximate {
        lines.push(
            "Places are approximate: each record is moved to a shared point near it.".to_owned(),
        );
    }
    let judged = profile
        .kinds
        .iter()
        .filter(|kind| matches!(kind.types, CrimeTypes::One(_)) && kind.verdict.is_some())
        .count();
    lines.push(format!("{}.", basis(profile)));
    if judged > 1 {
        lines.push(format!(
            "A range holds 95 of 100 usual windows: of {judged} kinds, chance alone marks about {}.",
            if judged < 30 { "one" } else { "two or more" }
        ));
    }
    lines.push(
        "More recorded can mean more reported. Rates count visitors' records against residents."
            .to_owned(),
    );
    lines
}
