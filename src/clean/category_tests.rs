use super::*;
use crate::read::{Layouts, category_tables};

fn source() -> Source {
    toml::from_str("id = \"s\"\nprofile = \"police-crime\"\nfiles = [\"x\"]\n[categories]\n\"999/1\" = \"drugs\"\n\"Odd thing\" = \"exclude\"\n").unwrap()
}

fn judge(profile_id: &str, texts: &[(Field, &str)]) -> Judgement {
    let profile = Layouts::known().profile(profile_id).unwrap();
    Categories::new(profile, &source(), profile.location).unwrap().judge(texts)
}

fn crime_type(profile: &str, texts: &[(Field, &str)]) -> &'static str {
    match judge(profile, texts).verdict {
        Verdict::Counted(crime_type) => crime_type.get().id,
        Verdict::Excluded(_) => "excluded",
        Verdict::Nothing => "nothing",
        Verdict::Unmapped(_) => "unmapped",
    }
}

#[test]
fn codes_are_read_in_every_spelling() {
    for code in ["028/03", "28E", "28", "28/3", "02803"] {
        assert_eq!(crime_type("police-crime", &[(Field::Code, code)]), "burglary", "{code}");
    }
    assert_eq!(crime_type("police-crime", &[(Field::Code, "045/10")]), "vehicle-crime");
    assert_eq!(crime_type("police-crime", &[(Field::Code, "9A")]), "public-order");
}

#[test]
fn a_damaged_code_leaves_the_decision_to_the_text() {
    let texts = [(Field::Code, "#N/A"), (Field::Group, "Vehicle crime")];

    assert_eq!(crime_type("police-crime", &texts), "vehicle-crime");
}

#[test]
fn unmapped_categories_are_named() {
    let judged = judge("police-crime", &[(Field::Category, "Barratry")]);

    assert_eq!(judged.verdict, Verdict::Unmapped("Barratry".into()));
}

#[test]
fn the_workspace_adds_categories() {
    assert_eq!(crime_type("police-crime", &[(Field::Code, "999/01")]), "drugs");
    assert_eq!(crime_type("police-crime", &[(Field::Category, "odd thing")]), "excluded");
}

#[test]
fn sexual_offences_are_kept_by_ward_whichever_column_says_so() {
    for texts in [
        [(Field::Code, "019/08"), (Field::Group, "Violence and sexual offences")],
        [(Field::Category, "Rape of a female aged 16 and over"), (Field::Group, "")],
        [(Field::Category, "x"), (Field::Group, "Sexual offences")],
    ] {
        assert_eq!(judge("police-crime", &texts).rule, LocationRule::Ward, "{texts:?}");
    }
    let assault = [(Field::Code, "105A"), (Field::Group, "Violence and sexual offences")];
    assert_eq!(judge("police-crime", &assault).rule, LocationRule::Point);
}

#[test]
fn council_and_fire_words_are_mapped() {
    for (text, wanted) in [
        ("Noise", "anti-social-behaviour"),
        ("Rowdy behaviour", "anti-social-behaviour"),
        ("Neighbour nuisance", "anti-social-behaviour"),
        ("Street drinking", "anti-social-behaviour"),
        ("Fly-tipping", "environmental-crime"),
        ("Graffiti", "environmental-crime"),
        ("Abandoned vehicle", "environmental-crime"),
        ("Litter", "environmental-crime"),
    ] {
        assert_eq!(crime_type("council-asb", &[(Field::Category, text)]), wanted, "{text}");
    }
    for (text, wanted) in [
        ("Primary Fire", "accidental-fire"),
        ("Secondary Fire", "deliberate-fire"),
        ("False alarm - Malicious", "false-alarm"),
        ("AFA", "false-alarm"),
        ("Special Service", "excluded"),
    ] {
        assert_eq!(crime_type("fire-irs", &[(Field::Category, text)]), wanted, "{text}");
    }
}

#[test]
fn every_code_and_word_of_every_table_counts_as_the_table_says() {
    let mut judged_entries = 0;
    for profile in Layouts::known().profiles() {
        let has_codes = profile.category.fields.contains(&Field::Code);
        for id in &profile.category.tables {
            let table = category_tables().iter().find(|table| table.id == *id).unwrap();
            for edition in &table.editions {
                let codes = edition.codes.iter().filter(|_| has_codes);
                let field = |code| if code { Field::Code } else { Field::Category };
                let entries =
                    codes.map(|e| (true, e)).chain(edition.texts.iter().map(|e| (false, e)));
                for (is_code, (text, name)) in entries {
                    let plain = text.replace('*', "");
                    let wanted = if name == "exclude" { "excluded" } else { name };
                    let found = crime_type(&profile.id, &[(field(is_code), plain.as_str())]);
                    let nothing_left = plain.is_empty();
                    assert!(
                        nothing_left || found == wanted,
                        "{id}: {text} is {found}, not {wanted}"
                    );
                    judged_entries += 1;
                }
            }
        }
    }
    assert!(judged_entries > 300, "{judged_entries}");
}

#[test]
fn a_retired_code_counts_as_its_successor() {
    let table = category_tables().iter().find(|table| table.id == "home-office").unwrap();
    for (old, new) in &table.retired {
        let successor = crime_type("police-crime", &[(Field::Code, new)]);
        let judged = judge("police-crime", &[(Field::Code, old)]);

        assert!(judged.retired, "{old}");
        assert_eq!(crime_type("police-crime", &[(Field::Code, old)]), successor, "{old}");
        assert!(!matches!(successor, "unmapped" | "nothing"), "{old} -> {new}: {successor}");
    }
}

#[test]
fn a_category_knows_the_months_it_was_in_force() {
    let in_force = |text: &str, month: &str| {
        let judged = judge("police-incidents", &[(Field::Category, text)]);
        judged.valid.holds(month.parse().unwrap())
    };

    assert!(in_force("Hoax calls to emergency services", "2010-06"));
    assert!(!in_force("Hoax calls to emergency services", "2012-06"));
    assert!(in_force("Noise", "2010-06") && in_force("Noise", "2025-06"));
    assert!(!in_force("Fireworks", "2010-06"));
}

#[test]
fn a_code_that_a_spreadsheet_made_a_date_of_leaves_the_decision_to_the_text() {
    let texts = [(Field::Code, "05-Aug"), (Field::Group, "Robbery")];

    let judged = judge("police-crime", &texts);

    assert_eq!(judged.damaged.as_deref(), Some("05-Aug"));
    assert_eq!(crime_type("police-crime", &texts), "robbery");
    assert_eq!(crime_type("police-crime", &[(Field::Code, "05-Aug")]), "nothing");
}

#[test]
fn sensitive_kinds_are_kept_by_ward_in_every_layout() {
    for profile in Layouts::known().profiles() {
        for text in ["Rape", "Domestic incident", "Hate crime", "Modern slavery"] {
            let rule = judge(&profile.id, &[(Field::Category, text)]).rule;
            assert!(rule >= LocationRule::Ward, "{}: {text}", profile.id);
        }
    }
    assert_eq!(
        judge("council-asb", &[(Field::Category, "Domestic noise")]).rule,
        LocationRule::Point
    );
    let dispute = [(Field::Category, "ASB Noise - domestic dispute")];
    assert_eq!(judge("police-incidents", &dispute).rule, LocationRule::Ward);
    for code in ["8M", "058J", "106", "8K", "027/00"] {
        let rule = judge("police-crime", &[(Field::Code, code)]).rule;
        assert_eq!(rule, LocationRule::Ward, "{code}");
    }
}

#[test]
fn every_ambulance_call_is_kept_by_outward_postcode() {
    let judged = judge("ambulance", &[(Field::Category, "Assault/sexual assault")]);

    assert_eq!(judged.rule, LocationRule::OutwardPostcode);
}
