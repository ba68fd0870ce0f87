//! A first `wardheat.toml`, written for an analyst to correct.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{
    CommunityPriorityFile, Config, HarmFile, IndicatorFile, InterventionFile, LookupFile, PeerFile,
    Source, SurveyFile,
};

/// What goes beside a source as comments.
#[derive(Debug, Clone, Default)]
pub struct SourceNotes {
    /// Layout in words.
    pub layout: String,
    /// Columns that will be dropped unread.
    pub dropped: Vec<String>,
    /// Why the date form is left open, if it is.
    pub date: Option<String>,
    /// Whether files differ in their columns, so that the profile finds them for each.
    pub columns_differ: bool,
}

const HEAD: &str = "\
# A wardheat workspace. Everything here may be corrected by hand; `wardheat check` then says what
# would be read, and `wardheat import` reads it. Paths are as seen from this folder, with `/`.
";

const ATTRIBUTION_HELP: &str = "
# Lines to print wherever the data are shown, as the licences of boundaries, population and streets
# ask. Those of incidents stand in their [[source]].
# attribution = [
#   \"Source: Office for National Statistics licensed under the Open Government Licence v3.0\",
#   \"Contains OS data © Crown copyright and database right 2025\",
# ]
";

const SOURCE_HELP: &str = "\
# One [[source]] for each supplier. `files` may use * and ?; new months that fit are picked up.
#   location   how finely places may be kept: point, ward, outward-postcode or none. Records of
#              sensitive kinds (domestic, sexual, hate) are kept by ward whatever is said here.
#   date       how dates are written: dd/mm/yyyy, mm/dd/yyyy, yyyy-mm-dd, d-mmm-yyyy, yyyy-mm or
#              excel-serial. Without it, it is worked out from each file.
#   default-places   positions that stand for \"place not known\", such as a police station:
#              [[444500, 519000], [445120, 519860]]
#   count-by   committed or recorded: which date puts a record in its month. By when it happened for
#              patterns, by when it was recorded for performance.
#   drop-columns   columns that must not be read though the layout knows them.
#   [source.allow-text]   fields whose text you have looked at and found to name nobody:
#              ward = [\"title\"]. Signs: title, email, telephone, nhs-number, registration, birth-date.
#   [source.columns]      which column holds which field; columns not named are never read.
#   [source.categories]   categories of your own: \"text or code\" = \"crime type\", or \"exclude\".
";

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn key(text: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !text.is_empty() && text.chars().all(bare) { text.to_owned() } else { quoted(text) }
}

fn line(text: &mut String, name: &str, value: &str) {
    let _ = writeln!(text, "{} = {}", key(name), quoted(value));
}

/// The description as text, with comments.
pub fn render(config: &Config, notes: &BTreeMap<String, SourceNotes>) -> String {
    let mut text = String::from(HEAD);
    text.push_str("\n# Name of the study area, as printed on everything.\n");
    line(&mut text, "name", &config.name);
    if config.fictional {
        text.push_str(
            "# The data are invented: this is printed on everything.\nfictional = true\n",
        );
    }
    if let Some(crs) = config.crs {
        text.push_str(
            "# Projected system, in metres, that everything is measured in: the place is not in Great\n\
             # Britain.\n",
        );
        line(&mut text, "crs", &crs.to_string());
    }
    text.push_str(ATTRIBUTION_HELP);
    text.push_str(ATTRIBUTION_HELP);
    render_places(&mut text, config);
    if !config.sources.is_empty() {
        text.push('\n');
        text.push_str(SOURCE_HELP);
    }
    let none = SourceNotes::default();
    for source in &config.sources {
        render_source(&mut text, source, notes.get(&source.id).unwrap_or(&none));
    }
    render_context(&mut text, config);
    text
}

fn render_places(text: &mut String, config: &Config) {
    text.push_str("\n# Boundaries: `code` and `name` are columns of the file.\n");
    for area in &config.areas {
        text.push_str("[[areas]]\n");
        line(text, "kind", &area.kind);
        line(text, "file", &area.file);
        line(text, "code", &area.code);
        line(text, "name", &area.name);
        line(text, "edition", &area.edition);
        match area.crs {
            Some(crs) => line(text, "crs", &crs.to_string()),
            None => text.push_str(
                "# crs = \"EPSG:27700\"   # if the file is in metres and does not say so\n",
            ),
        }
        text.push('\n');
    }
    if !config.population.is_empty() {
        text.push_str("# Residents, households and who is there on a working day, joined to the areas by code.\n");
    }
    for population in &config.population {
        text.push_str("[[population]]\n");
        line(text, "kind", &population.kind);
        line(text, "file", &population.file);
        line(text, "code", &population.code);
        for (name, column) in [
            ("residents", &population.residents),
            ("households", &population.households),
            ("workday", &population.workday),
        ] {
            match column {
                Some(column) => line(text, name, column),
                None => {
                    let _ = writeln!(text, "# {name} = \"\"   # no column looked like it");
                }
            }
        }
        text.push('\n');
    }
    if let Some(streets) = &config.streets {
        text.push_str("# Street centre lines, for the map and for naming hotspots.\n[streets]\n");
        line(text, "file", &streets.file);
        if let Some(name) = &streets.name {
            line(text, "name", name);
        }
        if let Some(crs) = streets.crs {
            line(text, "crs", &crs.to_string());
        }
        text.push('\n');
    }
    if let Some(points) = &config.snap_points {
        text.push_str("# Snap points or addresses: where an incident can be recorded at all.\n");
        text.push_str("[snap-points]\n");
        line(text, "file", &points.file);
        line(text, "x", &points.x);
        line(text, "y", &points.y);
        line(text, "crs", &points.crs.to_string());
        text.push('\n');
    }
    for (name, file, what) in [
        ("venues", &config.venues, "Candidate venues for meetings."),
        ("meetings", &config.meetings, "The diary of meetings."),
    ] {
        if let Some(file) = file {
            let _ = writeln!(text, "# {what}\n[{name}]");
            line(text, "file", &file.file);
            text.push('\n');
        }
    }
    while text.ends_with("\n\n") {
        text.pop();
    }
}

/// The tables of what is held besides incidents and places, as they are.
fn render_context(text: &mut String, config: &Config) {
    #[derive(serde::Serialize)]
    #[serde(rename_all = "kebab-case")]
    struct Tables<'a> {
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        indicators: &'a [IndicatorFile],
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        lookup: &'a [LookupFile],
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        interventions: &'a [InterventionFile],
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        survey: &'a [SurveyFile],
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        community_priorities: &'a [CommunityPriorityFile],
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        peers: &'a [PeerFile],
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        harm_weights: &'a [HarmFile],
    }
    let tables = Tables {
        indicators: &config.indicators,
        lookup: &config.lookups,
        interventions: &config.interventions,
        survey: &config.surveys,
        community_priorities: &config.community_priorities,
        peers: &config.peers,
        harm_weights: &config.harm_weights,
    };
    // Plain texts and lists of them: nothing that TOML cannot say.
    let written = toml::to_string(&tables).unwrap_or_default();
    if !written.is_empty() {
        text.push_str("\n# What else is known: each key names a column; others are never read.\n");
        text.push_str(&written);
    }
}

fn render_source(text: &mut String, source: &Source, notes: &SourceNotes) {
    let _ = writeln!(text, "\n# {}\n[[source]]", notes.layout);
    line(text, "id", &source.id);
    line(text, "profile", &source.profile);
    if let [file] = source.files.as_slice() {
        let _ = writeln!(text, "files = [{}]", quoted(file));
    } else {
        text.push_str("files = [\n");
        for file in &source.files {
            let _ = writeln!(text, "    {},", quoted(file));
        }
        text.push_str("]\n");
    }
    if let Some(crs) = source.crs {
        line(text, "crs", &crs.to_string());
    }
    if let Some(rule) = source.location {
        line(text, "location", rule.word());
    }
    match (source.date, &notes.date) {
        (Some(date), _) => line(text, "date", date.word()),
        (None, Some(why)) => {
            let _ = writeln!(text, "# {why}; say which it is:\n# date = \"dd/mm/yyyy\"");
        }
        (None, None) => {}
    }
    if let Some(attribution) = &source.attribution {
        line(text, "attribution", attribution);
    }
    if notes.columns_differ {
        text.push_str("# The files differ in their columns: the profile finds them in each.\n");
    }
    if !source.columns.is_empty() {
        text.push_str("[source.columns]\n");
        for (field, column) in &source.columns {
            line(text, field.word(), column);
        }
    }
    if !source.categories.is_empty() {
        text.push_str("# `*` is every record that has no category.\n[source.categories]\n");
        for (category, crime_type) in &source.categories {
            line(text, category, crime_type);
        }
    }
    if !notes.dropped.is_empty() {
        let _ = writeln!(text, "# Dropped unread: {}", notes.dropped.join(", "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::NightBand;
    use crate::workspace::{AreaFile, DateForm, Field, LocationRule, PopulationFile};

    #[test]
    fn what_is_written_reads_back() {
        let config = Config {
            name: "Stoke \"on\" the Water".into(),
            fictional: true,
            areas: vec![AreaFile {
                kind: "ward".into(),
                file: "../w.geojson".into(),
                code: "WD24CD".into(),
                name: "WD24NM".into(),
                edition: "2024".into(),
                crs: None,
            }],
            population: vec![PopulationFile {
                kind: "ward".into(),
                file: "p.csv".into(),
                code: "code".into(),
                residents: Some("residents".into()),
                households: None,
                workday: None,
            }],
            streets: None,
            snap_points: None,
            venues: None,
            meetings: None,
            night: NightBand::default(),
            mask: None,
            need: crate::workspace::NeedRule::default(),
            planning: crate::workspace::PlanningRule::default(),
            sources: vec![Source {
                id: "fire".into(),
                profile: "fire-irs".into(),
                files: vec!["a.csv".into(), "b.csv".into()],
                location: Some(LocationRule::Point),
                date: Some(DateForm::Iso),
                columns: BTreeMap::from([(Field::Category, "Notional Cost (£)".to_owned())]),
                ..Source::default()
            }],
            ..Config::default()
        };

        let text = render(&config, &BTreeMap::new());
        let read = Config::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));

        assert_eq!(read.name, config.name);
        assert_eq!(read.sources[0].columns, config.sources[0].columns);
        assert_eq!(read.sources[0].files, config.sources[0].files);
        assert!(read.fictional);
    }
}
