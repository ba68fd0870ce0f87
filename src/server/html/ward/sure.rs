//! "How sure is this?": what the figures rest on, what they cannot tell, and the files.

use maud::{Markup, html};

use super::super::choice::Choice;
use super::super::english::sure as say;
use super::super::frame::Site;
use super::super::say::{doubtful, lacking};
use super::super::words::{percent, thousands};
use super::answer::basis;
use crate::pipeline::WardProfile;

/// The section.
pub(super) fn section(site: &Site<'_>, choice: &Choice, profile: &WardProfile) -> Markup {
    let file = |name: &str| {
        format!("{}&v={}", choice.data(&format!("/wards/{}/{name}", profile.code)), site.version)
    };
    html! {
        section class="qual card" aria-labelledby="sure" {
            h2 class="h2" id="sure" { (say::HOW_SURE) }
            ul class="ml" { @for line in lines(choice, profile) { li { (line) } } }
            p class="note dl" {
                a href=(file("kinds.csv")) { "CSV" }
                a href=(file("figures.xlsx")) { "XLSX" }
                a href=(file("figures.json")) { "JSON" }
                a href=(file("ward.geojson")) { "GeoJSON" }
                a href="/data" { (say::DATA_QUALITY) }
            }
        }
    }
}

fn lines(choice: &Choice, profile: &WardProfile) -> Vec<String> {
    let held = &profile.held;
    let mut lines = Vec::new();
    let records = held.records.max(1) as f64;
    let all = thousands(held.records as i64);
    lines.push(if held.placed == held.records {
        say::all_placed(&all, &profile.name)
    } else {
        let share = percent(held.placed as f64 / records);
        say::placed(&thousands(held.placed as i64), &all, &share)
    });
    lines.extend(profile.hours_note.clone());
    if held.missing.is_empty() {
        lines.push(say::whole(&choice.window.label()));
    }
    lines.extend(lacking(&held.missing));
    lines.extend(doubtful(&held.in_part));
    if held.approximate {
        lines.push(say::APPROXIMATE.to_owned());
    }
    lines.push(format!("{}.", basis(profile)));
    if profile.n_judged() > 1 {
        lines.push(say::by_chance(profile.n_judged()));
    }
    let rated = profile.kinds.iter().any(|kind| kind.rate.is_some());
    lines.push(if rated {
        format!("{} {}", say::REPORTED, say::VISITORS)
    } else {
        say::REPORTED.to_owned()
    });
    lines
}
