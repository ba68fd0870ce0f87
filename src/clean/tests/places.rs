//! Positions, wards and how coarsely places are kept.

use super::*;

#[test]
fn an_ordinary_row_is_kept_whole() {
    let clean = crime(&[]);
    let incident = &clean.kept[0].incident;

    assert_eq!(point(&clean), Some((444_512.0, 519_001.0, 1.0)));
    assert_eq!(incident.ward.as_deref(), Some("E05000001"));
    assert_eq!(incident.lsoa.as_deref(), Some("E01000001"));
    assert_eq!(incident.crime_type.get().id, "burglary");
    assert_eq!(incident.month.to_string(), "2025-04");
    assert_eq!(incident.from.unwrap().to_string(), "2025-04-13T14:30:00");
    assert!(incident.reference.is_some());
    assert_eq!(clean.ledger.tallies().count(), 0);
}

#[test]
fn missing_coordinates_stay_in_ward_counts_if_the_ward_is_given() {
    for nothing in ["", "0", "NULL", "N/A", "-", "999999"] {
        let clean = crime(&[("Easting", nothing), ("Northing", nothing)]);

        assert_eq!(clean.ledger.count(Reason::NoPosition), 1, "{nothing}");
        assert_eq!(clean.kept[0].incident.place, Place::Area("E05000001".into()));
        assert_eq!(clean.kept[0].incident.ward.as_deref(), Some("E05000001"));
    }
    let clean = crime(&[("Easting", ""), ("Northing", ""), ("Ward Code", "")]);
    assert_eq!(clean.kept[0].incident.place, Place::Nowhere);
}

#[test]
fn mixed_precision_is_metres_with_a_precision() {
    let clean = crime(&[("Easting", "4445"), ("Northing", "5190")]);

    assert_eq!(point(&clean), Some((444_550.0, 519_050.0, 100.0)));
    assert_eq!(clean.ledger.count(Reason::ShortPosition), 1);
    assert_eq!(
        point(&crime(&[("Easting", "444,512"), ("Northing", "519,001")])),
        Some((444_512.0, 519_001.0, 1.0))
    );
}

#[test]
fn swapped_easting_and_northing_are_mended_into_the_area_and_logged() {
    let clean = crime(&[("Easting", "519001"), ("Northing", "444512")]);

    assert_eq!(point(&clean), Some((444_512.0, 519_001.0, 1.0)));
    assert_eq!(clean.ledger.count(Reason::SwappedPosition), 1);
}

#[test]
fn degrees_in_grid_columns_are_mended_into_the_area_and_logged() {
    let clean = crime(&[("Easting", "54.565"), ("Northing", "-1.31")]);

    let (easting, northing, _) = point(&clean).unwrap();
    assert!((easting - 444_700.0).abs() < 200.0 && (northing - 519_000.0).abs() < 1500.0);
    assert_eq!(clean.ledger.count(Reason::OtherSystem), 1);
}

#[test]
fn a_longitude_without_its_minus_is_mended_into_the_area_and_logged() {
    let clean = street(&["x,2025-01,P,P,1.31,54.565,On or near A Street,,,Burglary,,"]);

    assert_eq!(clean.ledger.count(Reason::LostSign), 1);
    assert_eq!(clean.ledger.kept(), 1);
}

#[test]
fn outside_the_area_is_excluded_and_counted() {
    let clean = crime(&[("Easting", "460000")]);

    assert_eq!(clean.ledger.count(Reason::OutsideArea), 1);
    assert_eq!((clean.ledger.rows(), clean.ledger.kept(), clean.ledger.excluded()), (1, 0, 1));
}

#[test]
fn two_hundred_metres_outside_still_counts_in_the_nearest_ward() {
    let near = crime(&[("Easting", "450200"), ("Ward Code", "")]);
    let far = crime(&[("Easting", "450201")]);

    assert_eq!(near.kept[0].incident.ward.as_deref(), Some("E05000002"));
    assert_eq!(near.ledger.count(Reason::NearestWard), 1);
    assert_eq!(far.ledger.kept(), 0);
}

#[test]
fn on_a_ward_edge_the_first_code_wins() {
    let clean = crime(&[("Easting", "445000"), ("Ward Code", "")]);

    assert_eq!(clean.kept[0].incident.ward.as_deref(), Some("E05000001"));
}

#[test]
fn a_given_ward_that_disagrees_is_reported_and_the_position_wins() {
    let clean = crime(&[("Ward Code", "st anns")]);

    assert_eq!(clean.ledger.count(Reason::WardDisagrees), 1);
    assert_eq!(clean.kept[0].incident.ward.as_deref(), Some("E05000001"));
}

#[test]
fn an_old_ward_name_is_reported() {
    let clean = crime(&[("Ward Code", "Docks (old)"), ("Easting", ""), ("Northing", "")]);

    assert_eq!(clean.ledger.count(Reason::UnknownWard), 1);
    assert_eq!(clean.kept[0].incident.ward, None);
}

#[test]
fn wards_of_an_older_edition_are_those_their_lookup_says() {
    let pairs = [
        ("E05009001", "E05000002"),
        ("Docks", "E05000002"),
        // Split between two of ours: it says nothing.
        ("E05009003", "E05000001"),
        ("E05009003", "E05000002"),
        ("E05009004", "E05999999"),
    ];
    let ground = ground().with_old_wards(pairs);

    assert_eq!(
        ground.ward_named("e05009001").map(|(ward, old)| (ground.ward_code(ward), old)),
        Some(("E05000002", true))
    );
    assert_eq!(ground.ward_named("docks").map(|(ward, _)| ward), Some(1));
    assert_eq!(ground.ward_named("St Anns").map(|(_, old)| old), Some(false));
    assert_eq!(ground.ward_named("E05009003"), None);
    assert_eq!(ground.ward_named("E05009004"), None);
}

#[test]
fn a_domestic_record_never_keeps_its_position() {
    let clean = crime(&[("Domestic", "Y")]);
    let incident = &clean.kept[0].incident;

    assert_eq!(incident.place, Place::Area("E05000001".into()));
    assert_eq!((incident.lsoa.as_ref(), incident.street.as_ref()), (None, None));
    assert!(incident.flags.has(Flags::DOMESTIC));
    assert_eq!(clean.ledger.count(Reason::WardOnly), 1);
}

#[test]
fn a_sexual_offence_never_keeps_its_position() {
    let clean =
        crime(&[("Offence Code", "019/08"), ("Crime Group", "Violence and sexual offences")]);

    assert_eq!(clean.kept[0].incident.place, Place::Area("E05000001".into()));
}

#[test]
fn an_ambulance_call_keeps_the_outward_postcode_and_no_ward() {
    let text = "Call ref\tCall Date\tCall Time\tChief Complaint\tOutward Postcode\tConveyed\nC1\t2025-04-13\t23:10\tAssault\tTS18 1AB\tY\nC2\t2025-04-14\t03:10\tOverdose\tTS19\tN\n";

    let clean = clean_one("ambulance", text, DateForm::Iso);

    assert_eq!(clean.kept[0].incident.place, Place::Outward("TS18".into()));
    assert_eq!(clean.kept[0].incident.ward, None);
    assert_eq!(clean.kept[1].incident.place, Place::Outward("TS19".into()));
}

#[test]
fn a_dwelling_fire_has_its_rounded_position() {
    let text = "IncidentNumber,DateOfCall,TimeOfCall,IncidentGroup,StopCodeDescription,Easting_m,Northing_m,Easting_rounded,Northing_rounded,Notional Cost (£)\n1,2025-04-13,14:30:00,Fire,Primary Fire,NULL,NULL,444550,519050,388\n2,2025-04-13,14:30:00,Fire,Secondary Fire,444512,519001,444550,519050,388\n";

    let clean = clean_one("fire-irs", text, DateForm::Iso);

    assert_eq!(point(&clean), Some((444_550.0, 519_050.0, 100.0)));
    assert!(
        matches!(clean.kept[1].incident.place, Place::Point { precision, .. } if precision.get() < 2.0)
    );
}
