//! Claims about whole pages, over findings made by hand.

use std::sync::Arc;

use super::sample::{choice, findings, profile, site};
use super::*;
use crate::pipeline::Verdict;

fn map(choice: &Choice, compared: bool) -> String {
    map_of(&site(), choice, &findings(compared))
}

fn map_of(site: &Site<'_>, choice: &Choice, findings: &crate::layer::Findings) -> String {
    map_page(site, choice, &Shown { findings, heat: None, found: None, own: None }).into_string()
}

/// The text of a page, without its tags.
fn text(page: &str) -> String {
    let mut out = String::new();
    let mut in_tag = false;
    for letter in page.chars() {
        match letter {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ if !in_tag => out.push(letter),
            _ => {}
        }
    }
    out
}

#[test]
fn the_answer_comes_first_then_controls_then_map_then_figures() {
    let page = map(&choice(), false);

    let places: Vec<usize> = [
        "<h1>Anti-social behaviour: 300 recorded, Jan to Dec 2025.</h1>",
        "id=\"controls\"",
        "id=\"map\"",
        "id=\"hotspots\"",
        "id=\"wards\"",
    ]
    .iter()
    .map(|part| page.find(part).unwrap_or_else(|| panic!("{part} is not on the page")))
    .collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn hotspots_are_summed_up_in_a_sentence() {
    let page = text(&map(&choice(), false));

    assert!(
        page.contains("Two hotspots hold 30% of those with a place, on 2.1% of the land."),
        "{page}"
    );
}

#[test]
fn the_year_before_is_named_where_it_is_held_and_missed_where_not() {
    let with = text(&map(&choice(), true));
    let without = text(&map(&choice(), false));

    assert!(with.contains("One ward is higher than the year before, one lower."), "{with}");
    assert!(without.contains("The year before is not held"), "{without}");
    // The legend of cells has the sign too; beside a ward it stands with its word.
    assert!(with.contains("▲higher"), "{with}");
    assert!(!without.contains("▲higher"), "{without}");
}

#[test]
fn every_ward_stands_in_the_table_with_its_interval() {
    let page = text(&map(&choice(), true));

    for words in ["Town &amp; Quay", "Roseworth", "27.0 to 33.0", "13.5 to 16.5", "▲", "▼", "●"]
    {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn names_from_the_data_are_escaped() {
    let page = map(&choice(), true);

    assert!(page.contains("Mill &lt;Lane&gt;"));
    assert!(!page.contains("Mill <Lane>"));
}

#[test]
fn no_page_needs_inline_style_or_script() {
    let chosen = choice().with_picked(Some(Picked::Ward("E05000001".to_owned())));
    let findings = Arc::new(findings(true));
    let pages = [
        map(&chosen, true),
        wards_page(&site(), &choice(), &findings, None).into_string(),
        ward_page(&site(), &choice(), &profile()).into_string(),
        trouble_page(&site(), "Nothing is here", &[]).into_string(),
    ];

    for page in pages {
        assert!(!page.contains(" style="));
        assert!(!page.contains(" onclick="));
        assert_eq!(
            page.matches("<script").count(),
            page.matches("<script type=\"module\" src=").count()
        );
        assert_eq!(page.matches("<h1").count(), 1);
    }
}

#[test]
fn the_marked_ward_has_its_card_and_its_row() {
    let chosen = choice().with_picked(Some(Picked::Ward("E05000001".to_owned())));
    let page = map(&chosen, true);

    assert!(page.contains("<tr data-ward=\"E05000001\" aria-current=\"true\">"));
    assert!(page.contains("<div class=\"pick\" id=\"pick\" data-part=\"pick\"><div class=\"hd\">"));
}

#[test]
fn a_place_that_is_not_there_is_said_to_be_unmarked() {
    let said = |picked: Picked| text(&map(&choice().with_picked(Some(picked)), true));

    let ward = said(Picked::Ward("E0".to_owned()));
    assert!(ward.contains("There is no ward E0 here: nothing is marked."), "{ward}");
    let hotspot = said(Picked::Hotspot(99));
    assert!(hotspot.contains("There is no hotspot 99 in these records and months"), "{hotspot}");
    let unit = said(Picked::Unit("cell-1".to_owned()));
    assert!(unit.contains("Only the live map can mark cell-1"), "{unit}");
}

#[test]
fn without_the_live_map_the_page_says_how_to_build_it() {
    let site = Site { live: false, ..site() };
    let page = map_of(&site, &choice(), &findings(false));

    assert!(page.contains("make web"));
    assert!(!page.contains("<script"));
    assert!(page.contains("/map.svg?type=anti-social-behaviour"));
}

#[test]
fn invented_data_say_so_on_every_page() {
    assert!(map(&choice(), false).contains("Fictional data."));
    let real = Site { fictional: false, ..site() };
    assert!(
        !wards_page(&real, &choice(), &findings(false), None).into_string().contains("Fictional")
    );
}

#[test]
fn wards_sort_by_what_the_address_says() {
    let order = |sort: Sort| {
        let page = wards_page(&site(), &choice().sorted(sort), &findings(true), None).into_string();
        let mut rows: Vec<(usize, &str)> = ["Town &amp; Quay", "Roseworth", "Mill &lt;Lane&gt;"]
            .iter()
            .map(|name| (page.find(&format!(">{name}</a>")).unwrap(), *name))
            .collect();
        rows.sort_unstable();
        rows.into_iter()
            .map(|(_, name)| name.split(' ').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };

    assert_eq!(order(Sort::Rate), ["Town", "Roseworth", "Mill"]);
    assert_eq!(order(Sort::Name), ["Mill", "Roseworth", "Town"]);
    assert_eq!(order(Sort::Change), ["Town", "Mill", "Roseworth"]);
}

#[test]
fn the_ward_page_answers_what_where_when_and_next_before_anything_else() {
    let page = ward_page(&site(), &choice(), &profile()).into_string();
    let words = text(&page);

    assert!(words.contains("Shoplifting is higher than usual. Burglary is lower."), "{words}");
    for said in [
        "Shoplifting 175, 46 to 82 expected.",
        "Redhill &amp; Mill: 180 of the ward's 503 records, mostly shoplifting.",
        "Fri and Sat, 16:00 to 20:00: 40% of it in 4.8% of the week.",
        "Ward forum Tue 3 Feb 2026, 18:00, Children's Centre",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    let places: Vec<usize> = [
        "id=\"answer\"",
        "id=\"usual\"",
        "id=\"where\"",
        "id=\"trend\"",
        "id=\"when\"",
        "id=\"sure\"",
    ]
    .iter()
    .map(|part| page.find(part).unwrap_or_else(|| panic!("{part} is not on the page")))
    .collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn a_ward_without_times_or_history_says_so() {
    let mut profile = profile();
    profile.hours = None;
    for kind in &mut profile.kinds {
        (kind.expected, kind.verdict, kind.earlier, kind.change) = (None, None, None, None);
    }
    let words = text(&ward_page(&site(), &choice(), &profile).into_string());

    assert!(words.contains("Only months are published, no days or hours."), "{words}");
    assert!(words.contains("Too few earlier months are held to compare with."), "{words}");
    assert!(!words.contains("higher than usual"), "{words}");
}

#[test]
fn a_ward_where_nothing_is_unusual_says_that_as_a_finding() {
    let mut profile = profile();
    for kind in &mut profile.kinds {
        kind.verdict = Some(crate::pipeline::Verdict::AsUsual);
    }
    let words = text(&ward_page(&site(), &choice(), &profile).into_string());

    assert!(words.contains("Nothing recorded here is far from usual."), "{words}");
}

#[test]
fn the_wards_that_were_looked_for_stand_alone_with_their_own_ranks() {
    let found = Found { text: "rose", codes: &["E05000002"] };
    let page = text(&wards_page(&site(), &choice(), &findings(true), Some(found)).into_string());

    assert!(page.contains("1 ward of 3 for “rose”."), "{page}");
    assert!(page.contains("Roseworth") && !page.contains("Town &amp; Quay"));

    let none = Found { text: "xyz", codes: &[] };
    let page = text(&wards_page(&site(), &choice(), &findings(true), Some(none)).into_string());
    assert!(page.contains("No ward, street or postcode of these data begins so."), "{page}");
}

#[test]
fn no_hotspots_is_said_as_a_finding() {
    let mut findings = findings(false);
    findings.layers.retain(|layer| layer.id != "hotspots");
    let page = text(&map_of(&site(), &choice(), &findings));

    assert!(page.contains("no hotspots"));
    assert!(page.contains("That is a finding, not a gap"));
}

/// The findings of `sample`, of which no ward has residents.
fn without_population() -> crate::layer::Findings {
    let mut findings = findings(false);
    let wards = &mut findings.layers[0];
    let rates = ["rate", "rate_low", "rate_high", "rank", "rank_low", "rank_high", "residents"];
    for (i, _) in wards.columns.iter().enumerate().filter(|(_, c)| rates.contains(&c.id)) {
        for ward in &mut wards.features {
            ward.values[i] = crate::table::Value::None;
        }
    }
    // The least first, so that an order can be told.
    wards.features.reverse();
    findings
}

#[test]
fn wards_without_rates_stand_by_count_and_the_page_says_why() {
    let findings = without_population();

    let page = wards_page(&site(), &choice(), &findings, None).into_string();
    let words = text(&page);

    assert!(words.contains("Town &amp; Quay has the highest count of 3 wards."), "{words}");
    assert!(words.contains("There are no rates: no population is held"), "{words}");
    assert!(!words.contains("Rate ↓") && words.contains("Count ↓"), "{words}");
    let place = |name: &str| page.find(&format!(">{name}</a>")).unwrap();
    assert!(place("Town &amp; Quay") < place("Roseworth"));
    let map = map_of(&site(), &choice(), &findings);
    assert!(text(&map).contains("by count: no population is held"));
    assert!(!map.contains("wt__w"), "{map}");
}

#[test]
fn a_ward_without_rates_has_no_columns_of_dashes() {
    let mut profile = profile();
    for kind in &mut profile.kinds {
        (kind.rate, kind.rank) = (None, None);
    }

    let words = text(&ward_page(&site(), &choice(), &profile).into_string());

    assert!(words.contains("No population is held, so there are no rates."), "{words}");
    assert!(!words.contains("95% interval"), "{words}");
    assert!(!words.contains("against residents"), "{words}");
}

#[test]
fn months_that_are_not_held_are_told_beside_the_count() {
    let mut findings = findings(false);
    let lacks = ["2025-02", "2025-07", "2025-08"].map(|month| month.parse().unwrap());
    findings.how_made.gaps = vec![("police".to_owned(), lacks.to_vec())];

    let map = text(&map_of(&site(), &choice(), &findings));
    let wards = text(&wards_page(&site(), &choice(), &findings, None).into_string());

    assert!(map.contains("300 recorded, Jan to Dec 2025 (9 of 12 months)."), "{map}");
    assert!(map.contains("Nothing is compared with the year before."), "{map}");
    for page in [map, wards] {
        assert!(
            page.contains("police lacks Feb 2025, Jul to Aug 2025: counts are too low"),
            "{page}"
        );
    }
}

#[test]
fn a_ward_in_months_that_are_not_all_held_says_so_first() {
    let mut profile = profile();
    for kind in &mut profile.kinds {
        (kind.expected, kind.verdict, kind.earlier, kind.change) = (None, None, None, None);
    }
    profile.held.missing = vec![("police".to_owned(), vec![profile.window.first()])];

    let words = text(&ward_page(&site(), &choice(), &profile).into_string());

    let held = profile.window.n_months() - 1;
    assert!(words.contains(&format!("{held} of {} months are held", held + 1)), "{words}");
    assert!(words.contains("Nothing is expected of months of which some are not held"), "{words}");
}

#[test]
fn a_window_beyond_the_data_stays_in_the_form() {
    let mut choice = choice();
    choice.window = "2025-01..2026-06".parse().unwrap();

    let page = map_of(&site(), &choice, &findings(false));

    assert!(page.contains("<option value=\"2026-06\" selected>Jun 2026</option>"), "{page}");
}

#[test]
fn months_that_may_be_incomplete_are_told_beside_the_count() {
    let mut findings = findings(false);
    let mut profile = profile();
    let months = ["2024-11", "2024-12", "2025-02"].map(|month| month.parse().unwrap());
    let in_part = vec![("police".to_owned(), months.to_vec())];
    findings.how_made.in_part = in_part.clone();
    findings.how_made.compared_with = Some("2024-01..2024-12".to_owned());
    profile.held.in_part = in_part;

    let map = text(&map_of(&site(), &choice(), &findings));
    let wards = text(&wards_page(&site(), &choice(), &findings, None).into_string());
    let ward = text(&ward_page(&site(), &choice(), &profile).into_string());

    for page in [&map, &wards, &ward] {
        let months = "or days without any, in Nov to Dec 2024, Feb 2025: if they are not all there";
        assert!(page.contains(months), "{page}");
    }
    for page in [map, ward] {
        assert!(page.contains("Some of these months may be incomplete."), "{page}");
    }
}

#[test]
fn a_ward_whose_one_unusual_kind_chance_may_have_marked_says_so() {
    let mut profile = profile();
    let alone = |page: &str| page.contains("One kind of 2: chance alone marks about as many.");
    let both = text(&ward_page(&site(), &choice(), &profile).into_string());
    profile.kinds[2].verdict = Some(Verdict::AsUsual);

    let one = text(&ward_page(&site(), &choice(), &profile).into_string());

    assert!(!alone(&both), "{both}");
    assert!(alone(&one), "{one}");
}

#[test]
fn what_a_statistic_found_is_titled_by_its_records() {
    let on = crate::pipeline::AnalysisRequest {
        crime_types: "burglary".parse().unwrap(),
        window: "2025-01..2025-12".parse().unwrap(),
        ..Default::default()
    };
    let gi_star = crate::stats::statistic("gi-star").unwrap();
    let request =
        crate::pipeline::ScoreRequest::new(gi_star, serde_json::json!({}), None, on).unwrap();
    let title = |ran: &Ran<'_>| {
        let page = statistic_page(&site(), &[], &request, ran).into_string();
        let (_, from) = page.split_once("<title>").unwrap();
        from.split(" - wardheat").next().unwrap().to_owned()
    };
    let label = gi_star.label();

    assert_eq!(title(&Ran::Not), label);
    let failed = title(&Ran::Failed("too few".to_owned()));
    assert_eq!(failed, format!("{label}, Burglary, Jan 2025 to Dec 2025"));
}

#[test]
fn what_lies_off_the_scale_is_explained_only_beside_a_scale() {
    let mut findings = findings(true);
    let wards = &mut findings.layers[0];
    let high = wards.columns.iter().position(|column| column.id == "rate_high").unwrap();
    wards.features[0].values[high] = crate::table::Value::Number(9_000.0);

    let page = map_of(&site(), &choice(), &findings);

    // Its style hides it where the column of intervals is hidden.
    assert!(page.contains("<span class=\"wt__off\">▸ lies off the scale. </span>"), "{page}");
}

#[test]
fn no_month_holds_most_where_none_holds_any() {
    let mut findings = findings(false);
    let months = findings.tables.iter_mut().find(|table| table.id == "by-month").unwrap();
    for row in &mut months.rows {
        row[1] = crate::table::Value::Count(0);
    }

    let page = text(&map_of(&site(), &choice(), &findings));

    assert!(page.contains("None is recorded in any month"), "{page}");
    assert!(!page.contains("The most is 0"), "{page}");
}
