use super::*;

const GOOD: &str = r#"
name = "Marlow Bridge"
[[areas]]
kind = "ward"
file = "wards.geojson"
code = "WD24CD"
name = "WD24NM"

[[source]]
id = "police"
profile = "police-uk"
files = ["*.csv"]
location = "point"
"#;

#[test]
fn a_plain_description_is_read() {
    let config = Config::parse(GOOD).unwrap();

    assert_eq!(config.sources[0].location, Some(LocationRule::Point));
    assert!(!config.fictional);
}

#[test]
fn an_unknown_key_is_refused_with_line_and_key() {
    let refused = Config::parse(&GOOD.replace("profile =", "profil =")).unwrap_err().to_string();

    assert!(refused.starts_with("wardheat.toml line 11, key `profil`: unknown field"), "{refused}");
}

#[test]
fn a_wrong_word_is_refused_with_line_key_and_the_known_words() {
    let refused =
        Config::parse(&GOOD.replace("\"point\"", "\"postcode\"")).unwrap_err().to_string();

    assert!(
        refused.starts_with("wardheat.toml line 13, key `location`: there is no location rule"),
        "{refused}"
    );
    assert!(refused.contains("outward-postcode"));
}

#[test]
fn two_sources_cannot_share_a_name() {
    let twice = format!(
        "{GOOD}\n[[source]]\nid = \"police\"\nprofile = \"police-uk\"\nfiles = [\"b.csv\"]\n"
    );

    assert!(Config::parse(&twice).unwrap_err().to_string().contains("two sources are called"));
}

#[test]
fn a_priority_has_an_owner_categories_and_a_target() {
    let priority = "\n[[priority]]\nname = \"Town-centre violence\"\nowner = \"Safer Streets group\"\ncategories = [\"robbery\", \"public-order\"]\n[priority.target]\nbaseline = 412\nbaseline-window = \"2024-04..2025-03\"\ndirection = \"down\"\nper-cent = 10\ndate = \"2026-03\"\n";
    let config = Config::parse(&format!("{GOOD}{priority}")).unwrap();

    assert_eq!(config.priority_sets()[0].name.as_str(), "town-centre-violence");
    assert_eq!(config.priorities[0].target.as_ref().unwrap().direction, Direction::Down);
    for (from, to, wanted) in [
        ("\"robbery\"", "\"priority:x\"", "not other priorities"),
        ("\"robbery\", \"public-order\"", "", "needs crime types"),
        ("\"down\"", "\"sideways\"", "there is no direction `sideways`"),
        ("Town-centre violence", "--", "1 to 48 letters"),
    ] {
        let refused = Config::parse(&format!("{GOOD}{}", priority.replace(from, to)));
        let said = refused.unwrap_err().to_string();
        assert!(said.contains(wanted), "{said}");
    }
    let twice = Config::parse(&format!("{GOOD}{priority}{priority}")).unwrap_err().to_string();
    assert!(twice.contains("two priorities are called"), "{twice}");
}

#[test]
fn a_folder_that_is_no_workspace_is_named() {
    let folder = tempfile::tempdir().unwrap();

    let refused = Workspace::load(folder.path()).unwrap_err();

    assert!(refused.to_string().contains("is no workspace"), "{refused}");
    assert!(refused.hint().contains("wardheat init"));
}

#[test]
fn a_key_is_hexadecimal_and_long_enough() {
    assert_eq!(parse_key(&"0f".repeat(16)), Some(vec![15; 16]));
    assert_eq!(parse_key("0f"), None);
    assert_eq!(parse_key(&"zz".repeat(16)), None);
}
