//! Planned meetings for the public: when, where and why, without a figure of need.

use maud::{Markup, html};

use super::MeetingsAsk;
use crate::pipeline::MeetingsPlan;
use crate::server::html::frame::{Page, Site, page};
use crate::server::html::words::counted;
use crate::store::Dataset;

/// `GET /meetings/public`.
pub(crate) fn public_page(
    site: &Site<'_>,
    ask: &MeetingsAsk,
    plan: &MeetingsPlan,
    data: &Dataset,
) -> Markup {
    let meetings = plan.events(data);
    let main = html! {
        main class="list meet" data-title="Public meetings" {
            p class="kicker" { "Public meetings, " (plan.year_label()) }
            h1 id="answer" tabindex="-1" { "Come and talk about safety where you live" }
            p class="meet__verdict" {
                (counted(meetings.len() as i64, "meeting is", "meetings are"))
                " planned in " (site.area) ". Dates may change until they are confirmed."
            }
            ol class="meet__cards" {
                @for meeting in &meetings {
                    li class="card v-card" {
                        h2 class="h3" { (meeting.title) }
                        p class="v-card__day" {
                            time datetime=(meeting.day) { (meeting.day.strftime("%A %-d %B %Y").to_string()) }
                            @if let Some(start) = meeting.start { ", " (start.strftime("%H:%M").to_string()) }
                            @else { ", time to be announced" }
                        }
                        p { (meeting.hall) }
                        p class="note" { (meeting.words) }
                    }
                }
            }
            @if meetings.is_empty() { p class="empty" { "No meeting is planned." } }
            p class="meet__acts" {
                a class="btn btn--main" href=(ask.address("/meetings/plan.ics")) { "Add all to your calendar" }
                a class="btn" href=(ask.address("/meetings/plan.geojson")) { "Places as GeoJSON" }
            }
            p class="note" {
                "Places are chosen so that many people can walk to one, and so that we meet where more \
                 was reported to us. If a place is hard for you to reach or to enter, tell the council."
            }
        }
    };
    page(site, "Public meetings", Page::Meetings, None, &main)
}
