use super::*;
use crate::incident::Incidents;
use crate::provenance::Provenance;
use crate::render::testing::findings;
use crate::store::Street;
use crate::time::NightBand;

fn dataset() -> Dataset {
    let findings = findings();
    let wards = findings.layer("wards").unwrap();
    Dataset {
        name: "Testborough".into(),
        layers: Vec::new(),
        study_area: Shape::union_of(wards.features.iter().map(|ward| &ward.shape)),
        incidents: Incidents::default(),
        streets: vec![Street {
            name: None,
            line: vec![Bng::new(444_500.0, 519_500.0), Bng::new(446_000.0, 521_000.0)],
        }],
        snap_points: Vec::new(),
        night: NightBand::default(),
        priorities: Vec::new(),
        context: crate::context::Context::default(),
        venues: Vec::new(),
        meetings: Vec::new(),
        fictional: true,
        provenance: Provenance::default(),
        version: "v".into(),
    }
}

const PICTURE: Picture = Picture {
    width: 640,
    height: None,
    scheme: Scheme::Light,
    show: Show::Heat,
    legend: true,
    letters: Letters::Weights,
};

#[test]
fn a_drawing_holds_land_streets_heat_wards_hotspots_names_and_furniture() {
    let drawn = svg(&findings(), &dataset(), &PICTURE);

    for part in [
        "<title>Map of All crime and anti-social behaviour, Testborough, Jan 2025 to Dec 2025</title>",
        "The data are invented.",
        "#c9c4ba",
        "opacity=\"0.82\"",
        "#451648",
        "stroke-width=\"2.2\"",
        "Newtown",
        "Hardwick &amp;",
        "<circle",
        "1 km",
        "160 or more",
        "Invented data",
    ] {
        assert!(drawn.contains(part), "{part} is missing");
    }
}

#[test]
fn a_drawing_needs_no_inline_style_and_nothing_from_outside() {
    for show in [Show::Heat, Show::Rate] {
        let drawn = svg(&findings(), &dataset(), &Picture { show, ..PICTURE });

        for banned in ["style", "<script", "href", "url(", "class="] {
            assert!(!drawn.contains(banned), "{banned}");
        }
        assert_eq!(drawn.matches("http").count(), 1, "only the namespace");
    }
}

#[test]
fn the_whole_study_area_is_in_the_picture() {
    let bounds = dataset().study_area.bounds().unwrap();
    for (width, height) in [(640, None), (330, Some(500)), (900, Some(300))] {
        let view = View::new(bounds, &Picture { width, height, ..PICTURE }, None, 0.0);
        let (left, bottom) = view.place(bounds.min);
        let (right, top) = view.place(bounds.max);

        assert!(left >= PADDING - 0.01 && top >= PADDING - 0.01);
        assert!(right <= view.width - PADDING + 0.01 && bottom <= view.height - PADDING + 0.01);
    }
}

#[test]
fn a_narrow_picture_keeps_badges_and_drops_names_and_legend() {
    let drawn = svg(&findings(), &dataset(), &Picture { width: 330, ..PICTURE });

    let shown = drawn.split("</desc>").nth(1).unwrap();
    assert!(shown.contains("<circle"));
    assert!(!shown.contains("Newtown"));
    assert!(!shown.contains("160 or more"));
}

#[test]
fn rates_are_drawn_in_the_colours_of_their_legend() {
    let findings = findings();
    let picture = Picture { show: Show::Rate, legend: false, ..PICTURE };

    let drawn = svg(&findings, &dataset(), &picture);

    for class in ward_legend(&findings).classes.iter().filter(|class| class.n_units != Some(0)) {
        assert!(drawn.contains(&class.colour.light.to_string()), "{}", class.label);
    }
}

#[test]
fn nothing_found_still_draws_a_map() {
    let mut nothing = findings();
    nothing.density_breaks = vec![0.0; 6];
    nothing.layers.retain(|layer| layer.id == "wards");

    let drawn = svg(&nothing, &dataset(), &PICTURE);

    assert!(drawn.contains("Newtown") && drawn.contains("No hotspot"));
}

#[test]
fn the_scale_bar_covers_nothing_of_the_area() {
    let filled = dataset().study_area;
    let bounds = filled.bounds().unwrap();
    let picture = Picture { legend: false, width: 400, ..PICTURE };
    let covers = |view: View| ScaleBar::new(&view, false).covers(&view, &filled);

    assert!(covers(View::new(bounds, &picture, None, 0.0)), "there is something to keep clear of");
    assert!(!covers(clear_view(bounds, &picture, None, &filled)));
}
