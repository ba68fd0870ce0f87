//! A first `wardheat.toml`, written for an analyst to correct.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{
    CommunityPriorityFile, Config, HarmFile, IndicatorFile, InterventionFile, LookupFile, PeerFile,
    Source, SurveyFile, english::draft as say,
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

fn comment(text: &mut String, words: &str) {
    let _ = writeln!(text, "# {words}");
}

/// A key that is not set, with why or when it would be.
fn unset(text: &mut String, name: &str, value: &str, why: &str) {
    let _ = writeln!(text, "# {name} = {}   # {why}", quoted(value));
}

/// The description as text, with comments.
pub fn render(config: &Config, notes: &BTreeMap<String, SourceNotes>) -> String {
    let mut text = String::from(say::HEAD);
    text.push('\n');
    comment(&mut text, say::NAME);
    line(&mut text, "name", &config.name);
    if config.fictional {
        comment(&mut text, say::INVENTED);
        text.push_str("fictional = true\n");
    }
    if let Some(crs) = config.crs {
        text.push_str(say::PLANE);
        line(&mut text, "crs", &crs.to_string());
    }
    text.push_str(say::ATTRIBUTION);
    render_places(&mut text, config);
    if !config.sources.is_empty() {
        text.push('\n');
        text.push_str(say::SOURCES);
    }
    let none = SourceNotes::default();
    for source in &config.sources {
        render_source(&mut text, source, notes.get(&source.id).unwrap_or(&none));
    }
    render_context(&mut text, config);
    text
}

fn render_places(text: &mut String, config: &Config) {
    text.push('\n');
    comment(text, say::BOUNDARIES);
    for area in &config.areas {
        text.push_str("[[areas]]\n");
        line(text, "kind", &area.kind);
        line(text, "file", &area.file);
        line(text, "code", &area.code);
        line(text, "name", &area.name);
        line(text, "edition", &area.edition);
        match area.crs {
            Some(crs) => line(text, "crs", &crs.to_string()),
            None => unset(text, "crs", "EPSG:27700", say::IF_IN_METRES),
        }
        text.push('\n');
    }
    if !config.population.is_empty() {
        comment(text, say::POPULATION);
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
                None => unset(text, name, "", say::NO_COLUMN),
            }
        }
        text.push('\n');
    }
    if let Some(streets) = &config.streets {
        comment(text, say::STREETS);
        text.push_str("[streets]\n");
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
        comment(text, say::SNAP_POINTS);
        text.push_str("[snap-points]\n");
        line(text, "file", &points.file);
        line(text, "x", &points.x);
        line(text, "y", &points.y);
        line(text, "crs", &points.crs.to_string());
        text.push('\n');
    }
    for (name, file, what) in
        [("venues", &config.venues, say::VENUES), ("meetings", &config.meetings, say::MEETINGS)]
    {
        if let Some(file) = file {
            comment(text, what);
            let _ = writeln!(text, "[{name}]");
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
        text.push('\n');
        comment(text, say::CONTEXT);
        text.push_str(&written);
    }
}

fn render_source(text: &mut String, source: &Source, notes: &SourceNotes) {
    text.push('\n');
    comment(text, &notes.layout);
    text.push_str("[[source]]\n");
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
            comment(text, &say::which_date(why));
            text.push_str("# date = \"dd/mm/yyyy\"\n");
        }
        (None, None) => {}
    }
    if let Some(attribution) = &source.attribution {
        line(text, "attribution", attribution);
    }
    if notes.columns_differ {
        comment(text, say::COLUMNS_DIFFER);
    }
    if !source.columns.is_empty() {
        text.push_str("[source.columns]\n");
        for (field, column) in &source.columns {
            line(text, field.word(), column);
        }
    }
    if !source.categories.is_empty() {
        comment(text, say::NO_CATEGORY);
        text.push_str("[source.categories]\n");
        for (category, crime_type) in &source.categories {
            line(text, category, crime_type);
        }
    }
    if !notes.dropped.is_empty() {
        comment(text, &say::dropped(&notes.dropped));
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
        assert_eq!(text.matches("# attribution = [").count(), 1, "{text}");
    }
}
