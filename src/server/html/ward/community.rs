//! What was asked for beside what is recorded, and the last and next meetings.

use maud::{Markup, html};

use super::super::words::{counted, lower_first, thousands};
use super::answer::{day, gathering};
use crate::pipeline::{Asked, Verdict, WardProfile};

/// The section.
pub(super) fn section(profile: &WardProfile) -> Markup {
    html! {
        section class="meet card" aria-labelledby="meet" {
            h2 class="h2" id="meet" { "Priorities and meetings" }
            ul class="ml" {
                @for asked in &profile.asked { (priority(asked)) }
                @if profile.asked.is_empty() {
                    li { b { "Priorities" } " " span class="quiet" { "None of this ward are held." } }
                }
                @if !profile.heard.is_empty() { (survey(profile)) }
                (meetings(profile))
            }
        }
    }
}

fn priority(asked: &Asked) -> Markup {
    html! {
        li {
            b { (asked.text) } " "
            span class="quiet" {
                "Asked on " (day(asked.set))
                @if let Some(status) = &asked.status { ", " (lower_first(status)) }
                ". "
                @match asked.about {
                    None => { "No kind of record is about this." }
                    Some(types) => {
                        "Records: " (thousands(asked.count as i64)) " of " (lower_first(types.label()))
                        @match asked.verdict {
                            Some(Verdict::Higher) => { ", " span class="up" { "▲ more than usual" } "." }
                            Some(Verdict::Lower) => { ", " span class="down" { "▼ less than usual" } "." }
                            Some(Verdict::AsUsual) => { ", ● as usual." }
                            Some(Verdict::TooFew) => { "; too few to say." }
                            None => { "; nothing to compare with." }
                        }
                    }
                }
            }
        }
    }
}

fn survey(profile: &WardProfile) -> Markup {
    html! {
        li {
            b { "Survey" @if let Some(first) = profile.heard.first() { @if !first.wave.is_empty() { " " (first.wave) } } } " "
            span class="quiet" {
                @for (i, heard) in profile.heard.iter().enumerate() {
                    @if i > 0 { "; " }
                    (heard.question) " " (format!("{:.0}%", heard.percent))
                }
                @if let Some(base) = profile.heard.first().and_then(|heard| heard.base) {
                    " (of " (thousands(base.round() as i64)) " asked)"
                }
                "."
            }
        }
    }
}

fn meetings(profile: &WardProfile) -> Markup {
    let diary = &profile.meetings;
    html! {
        @if diary.kept {
            li {
                b { "Next meeting" } " "
                span class="quiet" {
                    @match &diary.next {
                        Some(next) => { (gathering(next)) "." }
                        None => { "None in the diary for the twelve months from " (day(diary.from)) "." }
                    }
                }
            }
            li {
                b { "Last meeting" } " "
                span class="quiet" {
                    @match &diary.last {
                        Some(last) => {
                            (gathering(last))
                            @if let Some(came) = last.attended { "; " (counted(i64::from(came), "came", "came")) }
                            "."
                        }
                        None => { "None in the diary before " (day(diary.from)) "." }
                    }
                }
            }
        } @else {
            li { b { "Meetings" } " " span class="quiet" { "No diary is held." } }
        }
    }
}
