//! What was asked for beside what is recorded, and the last and next meetings.

use maud::{Markup, html};

use super::super::english::community as say;
use super::super::words::{counted, lower_first, thousands};
use super::answer::{day, gathering};
use crate::pipeline::{Asked, Verdict, WardProfile};

/// The section.
pub(super) fn section(profile: &WardProfile) -> Markup {
    html! {
        section class="meet card" aria-labelledby="meet" {
            h2 class="h2" id="meet" { (say::TITLE) }
            ul class="ml" {
                @for asked in &profile.asked { (priority(asked)) }
                @if profile.asked.is_empty() {
                    li { b { (say::PRIORITIES) } " " span class="quiet" { (say::NO_PRIORITIES) } }
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
                (say::asked_on(&day(asked.set)))
                @if let Some(status) = &asked.status { ", " (lower_first(status)) }
                ". "
                @match asked.about {
                    None => { (say::ABOUT_NOTHING) }
                    Some(types) => {
                        (say::records_of(&thousands(asked.count as i64), &lower_first(types.label())))
                        @match asked.verdict {
                            Some(Verdict::Higher) => { ", " span class="up" { (say::MORE) } "." }
                            Some(Verdict::Lower) => { ", " span class="down" { (say::LESS) } "." }
                            Some(Verdict::AsUsual) => { (say::AS_USUAL) }
                            Some(Verdict::TooFew) => { (say::TOO_FEW) }
                            None => { (say::NOTHING_TO_COMPARE) }
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
            b { (say::SURVEY) @if let Some(first) = profile.heard.first() { @if !first.wave.is_empty() { " " (first.wave) } } } " "
            span class="quiet" {
                @for (i, heard) in profile.heard.iter().enumerate() {
                    @if i > 0 { "; " }
                    (heard.question) " " (format!("{:.0}%", heard.percent))
                }
                @if let Some(base) = profile.heard.first().and_then(|heard| heard.base) {
                    (say::of_asked(&thousands(base.round() as i64)))
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
                b { (say::NEXT) } " "
                span class="quiet" {
                    @match &diary.next {
                        Some(next) => { (gathering(next)) "." }
                        None => { (say::none_from(&day(diary.from))) }
                    }
                }
            }
            li {
                b { (say::LAST) } " "
                span class="quiet" {
                    @match &diary.last {
                        Some(last) => {
                            (gathering(last))
                            @if let Some(came) = last.attended { "; " (counted(i64::from(came), say::CAME[0], say::CAME[1])) }
                            "."
                        }
                        None => { (say::none_before(&day(diary.from))) }
                    }
                }
            }
        } @else {
            li { b { (say::MEETINGS) } " " span class="quiet" { (say::NO_DIARY) } }
        }
    }
}
