use geo::{MultiPolygon, Rect, coord};

use super::*;
use crate::geometry::Shape;
use crate::units::{Locator, UnitSource, unit_kind};

fn cells() -> Units {
    let rect = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: 500.0, y: 400.0 });
    let study_area = Shape::new(MultiPolygon::new(vec![rect.to_polygon()]));
    let source = UnitSource { layers: &[], study_area: &study_area, cell_size: Metres::new(100.0) };
    unit_kind("square").unwrap().build(&source).unwrap()
}

/// The same squares, as areas of a file.
fn areas() -> Units {
    let cells = cells();
    Units { kind: "area", locator: Locator::polygons(&cells.shapes), ..cells }
}

#[test]
fn every_choice_reads_back_as_it_is_written() {
    for text in [
        "queen",
        "rook",
        "band:500",
        "band:141.5",
        "nearest:6",
        "nearest:6:either",
        "nearest:6:mutual",
        "kernel:triangular:1000",
        "kernel:gaussian:nearest:12",
        "weights/wards.gal",
        "C:\\data\\wards.GWT",
        "wards.gwt:neighbours",
    ] {
        let choice: WeightsChoice = text.parse().unwrap();
        assert_eq!(choice.to_string(), text);
        let json = serde_json::to_value(&choice).unwrap();
        assert_eq!(json, text);
        assert_eq!(serde_json::from_value::<WeightsChoice>(json).unwrap(), choice);
    }
}

#[test]
fn what_is_no_choice_says_what_is() {
    for (text, said) in [
        ("bishop", "wanted queen, rook"),
        ("band", "wanted queen"),
        ("band:-5", "`-5` is no distance"),
        ("band:inf", "no distance"),
        ("nearest:0", "`0` is no number of neighbours"),
        ("nearest:6:both", "wanted queen"),
        ("kernel:cone:500", "there are: uniform, triangular"),
        ("wards.swm", "a file .gal, .gwt or .kwt"),
    ] {
        let error = text.parse::<WeightsChoice>().unwrap_err();
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn cells_and_the_same_areas_have_the_same_weights() {
    for text in [
        "queen",
        "rook",
        "band:150",
        "nearest:4",
        "nearest:5:either",
        "nearest:5:mutual",
        "kernel:quartic:250",
        "kernel:gaussian:nearest:7",
    ] {
        let choice: WeightsChoice = text.parse().unwrap();
        let (a, b) = (choice.build(&cells(), None).unwrap(), choice.build(&areas(), None).unwrap());
        for i in 0..a.n_units() {
            let (a, b): (Vec<_>, Vec<_>) = (a.row(i).collect(), b.row(i).collect());
            assert_eq!(a.len(), b.len(), "{text}");
            for (a, b) in a.iter().zip(&b) {
                assert!(a.0 == b.0 && (a.1 - b.1).abs() < 1e-12, "{text}: {a:?} {b:?}");
            }
        }
    }
}

#[test]
fn symmetric_choices_are_symmetric() {
    for (text, symmetric) in [
        ("queen", true),
        ("band:250", true),
        ("kernel:triangular:250", true),
        ("nearest:3", false),
        ("nearest:3:either", true),
        ("nearest:3:mutual", true),
    ] {
        let weights = text.parse::<WeightsChoice>().unwrap().build(&cells(), None).unwrap();
        assert_eq!(weights.is_symmetric(), symmetric, "{text}");
    }
}

#[test]
fn units_that_are_nowhere_have_no_neighbours_but_those_of_a_file() {
    let mut units = areas();
    units.shapes = vec![Shape::new(MultiPolygon::new(vec![])); units.len()];

    for text in ["queen", "band:100", "nearest:2", "kernel:uniform:100"] {
        let refused = text.parse::<WeightsChoice>().unwrap().build(&units, None).unwrap_err();
        assert!(matches!(refused, WeightsError::NoOutline { count: 20, .. }), "{refused}");
        assert!(refused.to_string().contains(&units.ids[0]), "{refused}");
    }
    let choice: WeightsChoice = "links.gwt".parse().unwrap();
    assert_eq!(choice.build(&units, None), Err(WeightsError::NotRead("links.gwt".into())));
    let text = format!("0 20 cells id\n{} {} 0.5\n", units.ids[0], units.ids[3]);
    let file = WeightsFile::parse("links.gwt", WeightsFormat::Gwt, &text).unwrap();
    let weights = choice.build(&units, Some(&file)).unwrap();
    assert_eq!((weights.weight(0, 3), weights.islands().count()), (0.5, 19));
}
