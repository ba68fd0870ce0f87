//! The map of a plan of meetings: wards by rate or count, halls as pins, drawn for a page.
//!
//! All colour comes from classes, so that both schemes and print follow the style sheet.

use maud::{Markup, html};

use super::classify::{class_of, round_edges};
use super::english as say;
use super::labels::{Label, place_labels};
use super::picture::View;
use super::svg::round;
use crate::crs::Bng;
use crate::geometry::{Bounds, Shape};
use crate::quantity::Metres;

/// Size of the drawing, in pixels.
const SIZE: (f64, f64) = (352.0, 470.0);
/// Room round what is shown, in pixels.
const PADDING: f64 = 34.0;

/// One ward.
#[derive(Debug, Clone, Copy)]
pub struct MapWard<'a> {
    /// Outline.
    pub shape: &'a Shape,
    /// Name.
    pub name: &'a str,
    /// Rate or count that colours it; `None` where it is not known.
    pub value: Option<f64>,
    /// Whether it has a heavy outline and a name, and is in view.
    pub strong: bool,
}

/// What a hall is in the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapHallKind {
    /// Chosen: a pin with the number of its meeting.
    Chosen(usize),
    /// May be chosen.
    Free,
    /// Excluded by whoever asks.
    Excluded,
}

/// One hall.
#[derive(Debug, Clone)]
pub struct MapHall {
    /// Where it is.
    pub place: Bng,
    /// What it is in the plan.
    pub kind: MapHallKind,
    /// Whether it must be used.
    pub locked: bool,
    /// What it is, and what following its link does, in words.
    pub words: String,
    /// Address that its mark leads to, with the key by which a page knows it again.
    pub link: Option<(String, String)>,
}

/// Everything the map shows.
#[derive(Debug, Clone)]
pub struct VenueMap<'a> {
    /// What the colours say, such as `Anti-social behaviour per 1,000 residents`.
    pub title: String,
    /// Wards, in any order.
    pub wards: Vec<MapWard<'a>>,
    /// Halls, in any order.
    pub halls: Vec<MapHall>,
    /// Straight distance within which a walk to a chosen hall ends.
    pub reach: Metres,
}

impl VenueMap<'_> {
    fn edges(&self) -> Vec<f64> {
        round_edges(self.wards.iter().filter_map(|ward| ward.value))
    }

    /// Wards of the heavy outline and chosen halls; all wards where there is none.
    fn bounds(&self) -> Option<Bounds> {
        let strong = self.wards.iter().filter(|ward| ward.strong);
        let halls = self.halls.iter().filter(|hall| matches!(hall.kind, MapHallKind::Chosen(_)));
        let shown = strong
            .filter_map(|ward| ward.shape.bounds())
            .chain(halls.map(|hall| Bounds { min: hall.place, max: hall.place }))
            .reduce(Bounds::union);
        shown.or_else(|| {
            self.wards.iter().filter_map(|ward| ward.shape.bounds()).reduce(Bounds::union)
        })
    }

    /// The map as SVG. `None` without outlines.
    pub fn svg(&self) -> Option<Markup> {
        let (width, height) = SIZE;
        let view = View::framing(self.bounds()?, SIZE, PADDING);
        let edges = self.edges();
        let mut halls: Vec<(f64, f64, &MapHall)> = Vec::with_capacity(self.halls.len());
        for hall in &self.halls {
            let (x, y) = view.place(hall.place);
            halls.push((x, y, hall));
        }
        let seen = |x: f64, y: f64| (0.0..=width).contains(&x) && (0.0..=height).contains(&y);
        let links = self.halls.iter().any(|hall| hall.link.is_some());
        let chosen = halls.iter().filter(|(.., h)| matches!(h.kind, MapHallKind::Chosen(_)));
        let label = say::halls_map(&self.title, chosen.clone().count());
        let reach = self.reach.get() * view.scale();
        let scale = ScaleBar::of(view.scale());
        Some(html! {
            svg class="v-map" role=(if links { "group" } else { "img" }) aria-label=(label)
                viewBox={ "0 0 " (width) " " (height) } {
                rect class="v-ground" width=(width) height=(height) {}
                g fill-rule="evenodd" {
                    @for ward in &self.wards {
                        @let data = view.shapes([ward.shape]);
                        @if !data.is_empty() { path class=(fill(ward.value, &edges)) d=(data) {} }
                    }
                }
                path class="v-ward" d=(view.shapes(self.wards.iter().map(|ward| ward.shape))) {}
                @let strong = view.shapes(self.wards.iter().filter(|w| w.strong).map(|w| w.shape));
                path class="v-case" d=(strong) {}
                path class="v-strong" d=(strong) {}
                @for (x, y, _) in chosen.clone() {
                    circle class="v-reach" cx=(round(*x)) cy=(round(*y)) r=(round(reach)) {}
                }
                (self.names(&view, &halls))
                // Chosen halls last: nothing lies over their numbers.
                @for (x, y, hall) in halls.iter().filter(|(x, y, h)| {
                    seen(*x, *y) && !matches!(h.kind, MapHallKind::Chosen(_))
                }) { (mark(*x, *y, hall)) }
                @for (x, y, hall) in chosen { (mark(*x, *y, hall)) }
                rect class="v-plate" x="0" y=(height - 26.0) width=(round(scale.pixels + 56.0))
                    height="26" {}
                path class="v-line" d={
                    "M12 " (height - 17.0) "v5h" (round(scale.pixels)) "v-5"
                } {}
                text class="v-small" x=(round(scale.pixels + 18.0)) y=(height - 11.0) {
                    (scale.label)
                }
                path class="v-north" d={ "M" (width - 16.0) " 10l5 14l-5 -3.6l-5 3.6z" } {}
                text class="v-small v-small--n" x=(width - 16.0) y="36" { (say::NORTH) }
            }
        })
    }

    fn names(&self, view: &View, halls: &[(f64, f64, &MapHall)]) -> Markup {
        let (width, height) = SIZE;
        let mut taken: Vec<[f64; 4]> = halls
            .iter()
            .map(|(x, y, hall)| match hall.kind {
                MapHallKind::Chosen(_) => [x - 12.0, y - 32.0, x + 12.0, y + 2.0],
                _ => [x - 7.0, y - 7.0, x + 7.0, y + 7.0],
            })
            .collect();
        taken.push([0.0, height - 24.0, 110.0, height]);
        taken.push([width - 28.0, 0.0, width, 42.0]);
        let strong = self.wards.iter().filter(|ward| ward.strong);
        let labels = strong.filter_map(|ward| {
            let (x, y) = view.place(ward.shape.label_point()?);
            Some(Label { name: ward.name.to_owned(), x, y })
        });
        let placed = place_labels(labels.collect(), &taken, SIZE);
        html! {
            @for (_, name, x, y) in placed {
                text class="v-name" x=(round(x)) y=(round(y)) {
                    @for (i, line) in name.lines().enumerate() {
                        tspan x=(round(x)) dy=(if i == 0 { "0" } else { "13" }) { (line) }
                    }
                }
            }
        }
    }

    /// What the colours and marks mean.
    pub fn legend(&self) -> Markup {
        let edges = self.edges();
        let words = |i: usize| match (edges.get(i + 1), edges[i]) {
            (Some(next), 0.0) => say::under(&next.to_string()),
            (Some(next), from) => say::to(&from.to_string(), &next.to_string()),
            (None, 0.0) => say::NOTHING_RECORDED.to_owned(),
            (None, from) => say::or_more(&from.to_string()),
        };
        let unknown = self.wards.iter().any(|ward| ward.value.is_none());
        let classes =
            if self.wards.iter().any(|ward| ward.value.is_some()) { edges.len() } else { 0 };
        html! {
            ul class="v-legend" {
                @for i in 0..classes {
                    li { (swatch(&format!("sc-{}", i + 1))) (words(i)) }
                }
                @if unknown { li { (swatch("v-unknown")) (say::NO_RESIDENTS) } }
            }
        }
    }
}

fn swatch(class: &str) -> Markup {
    html! {
        svg width="22" height="14" viewBox="0 0 22 14" aria-hidden="true" {
            rect class={ (class) " v-swatch" } x=".5" y=".5" width="21" height="13" rx="2" {}
        }
    }
}

fn fill(value: Option<f64>, edges: &[f64]) -> String {
    match value {
        None => "v-unknown".to_owned(),
        // Nothing is in the first class: it is known.
        Some(value) => format!("sc-{}", class_of(value, edges).unwrap_or(0) + 1),
    }
}

fn mark(x: f64, y: f64, hall: &MapHall) -> Markup {
    let at = format!("{} {}", round(x), round(y));
    let drawn = html! {
        @match hall.kind {
            MapHallKind::Chosen(number) => {
                path class=(if hall.locked { "v-pin v-pin--locked" } else { "v-pin" })
                    d={ "M" (at) "l-9 -13a11 11 0 1 1 18 0z" } {}
                text class="v-number" x=(round(x)) y=(round(y - 14.6)) { (number) }
            }
            MapHallKind::Free => { circle class="v-hall" cx=(round(x)) cy=(round(y)) r="4.5" {} }
            MapHallKind::Excluded => {
                circle class="v-hall v-hall--out" cx=(round(x)) cy=(round(y)) r="4.5" {}
                path class="v-cross" d={ "M" (round(x - 6.0)) " " (round(y - 6.0)) "l12 12m0 -12l-12 12" } {}
            }
        }
    };
    let Some((link, key)) = &hall.link else {
        return html! { g { title { (hall.words) } (drawn) } };
    };
    let raised = if matches!(hall.kind, MapHallKind::Chosen(_)) { 16.0 } else { 0.0 };
    html! {
        a href=(link) data-soft data-key=(key) aria-label=(hall.words) {
            title { (hall.words) }
            circle class="v-hit" cx=(round(x)) cy=(round(y - raised)) r="13" {}
            (drawn)
        }
    }
}

/// A round length and how long it is drawn.
struct ScaleBar {
    pixels: f64,
    label: String,
}

impl ScaleBar {
    /// The longest of 1, 2 and 5 times a power of ten metres that is drawn no longer than 80 pixels.
    fn of(scale: f64) -> Self {
        let most = 80.0 / scale;
        let power = 10f64.powf(most.log10().floor());
        let step = [5.0, 2.0, 1.0].into_iter().find(|step| step * power <= most).unwrap_or(1.0);
        let metres = step * power;
        let label = if metres >= 1_000.0 {
            format!("{} km", metres / 1_000.0)
        } else {
            format!("{metres} m")
        };
        Self { pixels: metres * scale, label }
    }
}

#[cfg(test)]
mod tests {
    use geo::{MultiPolygon, Rect, coord};

    use super::*;

    fn square(x: f64) -> Shape {
        let rect = Rect::new(coord! { x: x, y: 0.0 }, coord! { x: x + 2_000.0, y: 2_000.0 });
        Shape::new(MultiPolygon::new(vec![rect.to_polygon()]))
    }

    fn hall(kind: MapHallKind) -> MapHall {
        let words = "Hall & <Co>".to_owned();
        MapHall { place: Bng::new(500.0, 500.0), kind, locked: false, words, link: None }
    }

    #[test]
    fn pins_have_their_numbers_and_wards_their_classes() {
        let shapes = [square(0.0), square(2_000.0), square(90_000.0)];
        let ward =
            |i: usize, value| MapWard { shape: &shapes[i], name: "Ward", value, strong: i < 2 };
        let map = VenueMap {
            title: "Rate".into(),
            wards: vec![ward(0, Some(4.0)), ward(1, None), ward(2, Some(20.0))],
            halls: vec![hall(MapHallKind::Chosen(7)), hall(MapHallKind::Free)],
            reach: Metres::new(400.0),
        };

        let drawn = map.svg().unwrap().into_string();

        assert!(drawn.contains(">7</text>"), "{drawn}");
        assert!(drawn.contains("Hall &amp; &lt;Co&gt;"));
        // The ward far away is out of view, and is not drawn.
        assert_eq!(drawn.matches("<path class=\"sc-").count(), 1);
        assert_eq!(drawn.matches("<path class=\"v-unknown\"").count(), 1);
        assert!(map.legend().into_string().contains("no residents known"));
    }

    #[test]
    fn a_legend_has_no_class_that_no_ward_is_in() {
        let shape = square(0.0);
        let legend = |value| {
            let ward = MapWard { shape: &shape, name: "Ward", value, strong: false };
            let reach = Metres::new(1.0);
            let map = VenueMap { title: String::new(), wards: vec![ward], halls: vec![], reach };
            map.legend().into_string()
        };

        assert!(!legend(None).contains("sc-1"), "{}", legend(None));
        assert!(legend(Some(0.0)).contains("none recorded"), "{}", legend(Some(0.0)));
    }

    #[test]
    fn a_map_of_nothing_is_none() {
        let map = VenueMap {
            title: String::new(),
            wards: vec![],
            halls: vec![],
            reach: Metres::new(1.0),
        };

        assert!(map.svg().is_none());
    }

    #[test]
    fn the_scale_bar_is_round_and_short() {
        for scale in [0.01, 0.033, 0.2, 1.7] {
            let bar = ScaleBar::of(scale);

            assert!(bar.pixels <= 80.0 && bar.pixels > 30.0, "{scale}: {}", bar.pixels);
        }
        assert_eq!(ScaleBar::of(0.05).label, "1 km");
    }
}
