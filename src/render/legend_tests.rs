use super::*;
use crate::render::testing::findings;

#[test]
fn heat_classes_have_edges_words_multiples_and_the_colours_of_tiles() {
    let legend = heat_legend(&findings());

    let said: Vec<_> =
        legend.classes.iter().map(|c| (c.label.as_str(), c.multiple.as_deref().unwrap())).collect();

    assert_eq!(legend.title, "Records per km² a year");
    assert_eq!(
        said,
        [
            ("20 to 40", "1 to 2×"),
            ("40 to 60", "2 to 3×"),
            ("60 to 80", "3 to 4×"),
            ("80 to 100", "4 to 5×"),
            ("100 to 160", "5 to 8×"),
            ("160 or more", "8× or more"),
        ]
    );
    for (i, class) in legend.classes.iter().enumerate() {
        assert_eq!(class.colour.light, heat(Scheme::Light)[i]);
        assert_eq!(class.colour.dark, heat(Scheme::Dark)[i]);
    }
    assert_eq!(legend.not_drawn.as_deref(), Some("less than 20 is not drawn"));
}

#[test]
fn every_ward_is_in_one_class() {
    let findings = findings();
    let legend = ward_legend(&findings);

    let counted: usize = legend.classes.iter().filter_map(|class| class.n_units).sum();

    assert_eq!(counted, findings.layer("wards").unwrap().features.len());
    assert!(legend.classes[0].lower.abs() < 1e-12);
    assert_eq!(legend.classes.last().unwrap().upper, None);
}

#[test]
fn lsoas_have_the_classes_of_wards_and_none_of_their_numbers() {
    let findings = findings();
    let (wards, lsoas) = (ward_legend(&findings), legend("lsoas", &findings).unwrap());

    let label = |legend: &Legend| -> Vec<String> {
        legend.classes.iter().map(|class| class.label.clone()).collect()
    };
    assert_eq!(label(&lsoas), label(&wards));
    assert!(lsoas.classes.iter().all(|class| class.n_units.is_none()));
    assert!(lsoas.text.starts_with("LSOAs are coloured by"), "{}", lsoas.text);
}

#[test]
fn wards_without_a_rate_are_said_to_have_none() {
    let mut findings = findings();
    let rate = findings.layers[0].column("rate").unwrap();
    findings.layers[0].features[1].values[rate] = Value::None;

    let legend = ward_legend(&findings);

    assert!(legend.not_drawn.unwrap().starts_with("1 of 4 wards have no rate"));
    assert_eq!(legend.keys.len(), 1);
}

#[test]
fn an_empty_analysis_has_a_legend_that_says_so() {
    let mut findings = findings();
    findings.density_breaks = vec![0.0; 6];
    findings.layers.retain(|layer| layer.id != "hotspots");

    assert!(heat_legend(&findings).classes.is_empty());
    assert!(heat_legend(&findings).text.starts_with("No heat is drawn"));
    assert!(hotspot_legend(&findings).text.starts_with("No hotspot was found"));
}

#[test]
fn edges_print_with_the_decimals_they_need() {
    assert_eq!(edge_text(1234.4, &[1234.4, 2000.0]), "1,234");
    assert_eq!(edge_text(2.5, &[0.0, 2.5, 5.0]), "2.5");
    assert_eq!(edge_text(0.25, &[0.0, 0.25, 0.5]), "0.25");
    assert_eq!(edge_text(19.87, &[19.87, 39.74, 59.61]), "20");
    assert_eq!(edge_text(0.05, &[0.0, 0.05, 0.1]), "0.05");
}

#[test]
fn every_layer_of_the_list_has_a_legend() {
    for id in LEGENDS {
        assert_eq!(legend(id, &findings()).unwrap().layer, *id);
    }
    assert!(legend("rivers", &findings()).is_none());
}

#[test]
fn a_difference_has_signed_classes_from_most_below_to_most_above() {
    let words = HeatWords {
        unit: "records per km² a year".to_owned(),
        against: Some("Jan 2024 to Dec 2024".to_owned()),
        notes: vec!["Quartic kernel.".to_owned()],
    };
    let scale = Scale::Difference(vec![10.0, 20.0, 40.0]);
    let legend = heat_legend_of(&scale, &words, &caption(&findings()));

    let said: Vec<_> = legend.classes.iter().map(|class| class.label.as_str()).collect();
    assert_eq!(
        said,
        ["−40 or less", "−40 to −20", "−20 to −10", "+10 to +20", "+20 to +40", "+40 or more"]
    );
    for (i, class) in legend.classes.iter().enumerate() {
        assert_eq!(class.colour.light, difference(Scheme::Light)[i]);
    }
    assert!((legend.classes[1].lower + 40.0).abs() < 1e-12);
    assert_eq!(legend.classes[1].upper, Some(-20.0));
    assert_eq!(legend.not_drawn.as_deref(), Some("a difference of less than 10 is not drawn"));
    assert!(legend.text.ends_with("come about by chance. Quartic kernel."), "{}", legend.text);
    let json = serde_json::to_value(&legend).unwrap();
    assert!(json["classes"][0]["lower"].is_null() && json["classes"][5]["upper"].is_null());
}
