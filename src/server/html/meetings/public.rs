//! Planned meetings for the public: when, where and why, without a figure of need.

use maud::{Markup, html};

use super::MeetingsAsk;
use crate::pipeline::MeetingsPlan;
use crate::server::html::english::meetings::{of_year, public as say};
use crate::server::html::frame::{Page, Site, page};
use crate::store::Dataset;
use crate::time::date_in_full;

/// `GET /meetings/public`.
pub(crate) fn public_page(
    site: &Site<'_>,
    ask: &MeetingsAsk,
    plan: &MeetingsPlan,
    data: &Dataset,
) -> Markup {
    let meetings = plan.events(data);
    let main = html! {
        main class="list meet" data-title=(say::COME) {
            p class="kicker" { (of_year(&plan.year_label())) }
            h1 id="answer" tabindex="-1" { (say::COME) }
            p class="meet__verdict" {
                @let to_come = meetings.iter().filter(|meeting| meeting.day >= site.today).count();
                (say::planned(meetings.len(), to_come, site.area))
            }
            ol class="meet__cards" {
                @for meeting in &meetings {
                    li class="card v-card" {
                        h2 class="h3" { (meeting.title) }
                        p class="v-card__day" {
                            time datetime=(meeting.day) { (date_in_full(meeting.day)) }
                            @if let Some(start) = meeting.start { ", " (start.strftime("%H:%M").to_string()) }
                            @else { (say::NO_TIME) }
                            @if meeting.day < site.today { " " span class="chip chip--even" { (say::OVER) } }
                        }
                        p { (meeting.hall) }
                        p class="note" { (meeting.words) }
                    }
                }
            }
            @if meetings.is_empty() { p class="empty" { (say::NONE_PLANNED) } }
            p class="meet__acts" {
                a class="btn btn--main" href=(ask.address("/meetings/plan.ics")) { (say::ADD_ALL) }
                a class="btn" href=(ask.address("/meetings/plan.geojson")) { (say::PLACES) }
            }
            p class="note" {
                (say::HOW_CHOSEN)
            }
        }
    };
    page(site, say::COME, Page::Meetings, None, &main)
}
