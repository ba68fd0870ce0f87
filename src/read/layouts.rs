//! Every layout there is: those in `data/mapping/`, embedded in the binary, and those that a
//! workspace holds in its own `mapping/` folder. A new layout is a new file and nothing else.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{LazyLock, Mutex, PoisonError};

use rust_embed::RustEmbed;

use super::english::fault;
use super::{Profile, RawTable, ReadError, SubjectLayout};
use crate::workspace::read_text;

/// Folder of a workspace's own layouts.
pub const MAPPING_FOLDER: &str = "mapping";

/// Longest layout that is read.
const LONGEST: u64 = 4 << 20;

/// Subject of a file that names none.
const INCIDENTS: &str = "incidents";

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/data/mapping"]
struct Files;

/// One layout.
#[derive(Debug, Clone, Copy)]
enum Layout {
    Incidents(&'static Profile),
    Subject(&'static SubjectLayout),
}

impl Layout {
    /// The layout that `text` describes. Layouts are few, so each is held for as long as the program
    /// runs, and the same text only once.
    fn held(text: &str) -> Result<Self, String> {
        static HELD: Mutex<BTreeMap<String, Layout>> = Mutex::new(BTreeMap::new());
        let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = held.get(text) {
            return Ok(*known);
        }
        let layout = Self::parse(text)?;
        held.insert(text.to_owned(), layout);
        Ok(layout)
    }

    fn parse(text: &str) -> Result<Self, String> {
        let wrong = |error: toml::de::Error| {
            let at = error.span().map_or(0, |span| span.start);
            let line = text.get(..at).unwrap_or_default().matches('\n').count() + 1;
            fault::at_line(line, &error.message().trim_end().replace('\n', " "))
        };
        let table: toml::Table = toml::from_str(text).map_err(wrong)?;
        match table.get("subject").and_then(toml::Value::as_str) {
            None | Some(INCIDENTS) => {
                let profile: Profile = toml::from_str(text).map_err(wrong)?;
                profile.check()?;
                Ok(Self::Incidents(Box::leak(Box::new(profile))))
            }
            Some(_) => {
                let layout: SubjectLayout = toml::from_str(text).map_err(wrong)?;
                layout.check()?;
                Ok(Self::Subject(Box::leak(Box::new(layout))))
            }
        }
    }
}

/// Layouts that files are looked at with.
#[derive(Debug, Clone, Default)]
pub struct Layouts {
    profiles: Vec<&'static Profile>,
    subjects: Vec<&'static SubjectLayout>,
}

static KNOWN: LazyLock<Layouts> = LazyLock::new(|| {
    let mut layouts = Layouts::default();
    for name in Files::iter().filter(|name| name.ends_with(".toml")) {
        let text = Files::get(&name).map(|file| String::from_utf8_lossy(&file.data).into_owned());
        let layout = Layout::held(&text.unwrap_or_default());
        layouts.add(layout.unwrap_or_else(|wrong| {
            unreachable!("data/mapping/{name} is embedded and tested: {wrong}")
        }));
    }
    layouts.sort();
    layouts
});

impl Layouts {
    /// Those that wardheat carries.
    pub fn known() -> &'static Self {
        &KNOWN
    }

    /// Those of the workspace in `dir` and those that wardheat carries. One of the workspace's own
    /// takes the place of one with its id, and is tried before others of its order.
    ///
    /// # Errors
    ///
    /// [`ReadError`] if a layout of the workspace cannot be read or makes no sense.
    pub fn of(dir: &Path) -> Result<Self, ReadError> {
        let mut layouts = Self::known().clone();
        let folder = dir.join(MAPPING_FOLDER);
        if !folder.is_dir() {
            return Ok(layouts);
        }
        let io = |source| ReadError::Io { file: folder.display().to_string(), source };
        let mut paths = Vec::new();
        for entry in std::fs::read_dir(&folder).map_err(io)? {
            let path = entry.map_err(io)?.path();
            if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml")) {
                paths.push(path);
            }
        }
        paths.sort();
        for path in paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let file = format!("{MAPPING_FOLDER}/{name}");
            let text = read_text(&path, LONGEST)
                .map_err(|source| ReadError::Io { file: file.clone(), source })?;
            let layout =
                Layout::held(&text).map_err(|message| ReadError::Layout { file, message })?;
            layouts.add(layout);
        }
        layouts.sort();
        Ok(layouts)
    }

    fn add(&mut self, layout: Layout) {
        match layout {
            Layout::Incidents(profile) => {
                self.profiles.retain(|earlier| earlier.id != profile.id);
                self.profiles.insert(0, profile);
            }
            Layout::Subject(layout) => {
                self.subjects.retain(|earlier| earlier.id != layout.id);
                self.subjects.insert(0, layout);
            }
        }
    }

    fn sort(&mut self) {
        self.profiles.sort_by_key(|profile| profile.order);
        self.subjects.sort_by_key(|layout| layout.order);
    }

    /// Every layout of incident files, in the order they are tried.
    pub fn profiles(&self) -> impl Iterator<Item = &'static Profile> + '_ {
        self.profiles.iter().copied()
    }

    /// The layout of incident files with this id.
    pub fn profile(&self, id: &str) -> Option<&'static Profile> {
        self.profiles().find(|profile| profile.id == id)
    }

    /// The first layout of incident files that recognises one with these columns.
    pub fn recognise(&self, columns: &[String]) -> Option<&'static Profile> {
        self.profiles().find(|profile| profile.recognises(columns))
    }

    /// Every layout of files of `subject`, in the order they are tried.
    pub fn subjects(&self, subject: &str) -> impl Iterator<Item = &'static SubjectLayout> {
        self.subjects.iter().copied().filter(move |layout| layout.subject == subject)
    }

    /// The column of each field of a file of `subject`: by the layout that recognises it, and for what
    /// that one does not know by the others.
    ///
    /// # Errors
    ///
    /// [`ReadError::CutShort`] if a column's name is cut to ten letters and could be two.
    pub(super) fn fields_of(
        &self,
        subject: &str,
        table: &RawTable<'_>,
    ) -> Result<BTreeMap<&'static str, usize>, ReadError> {
        let columns = &table.columns;
        let mut layouts: Vec<&'static SubjectLayout> = self.subjects(subject).collect();
        layouts.sort_by_key(|layout| !layout.recognises(columns));
        let mut fields: BTreeMap<&str, usize> = BTreeMap::new();
        for layout in layouts {
            for (field, found) in layout.find(columns) {
                let is_free = fields.values().all(|taken| *taken != found.column);
                if is_free && !fields.contains_key(field) {
                    fields.insert(field, found.column);
                }
            }
            table.refuse_cut_short(layout.cut_short(columns))?;
        }
        Ok(fields)
    }

    /// Every subject that has a layout, each once.
    pub fn every_subject(&self) -> Vec<&'static str> {
        let mut subjects: Vec<&str> = self.subjects.iter().map(|l| l.subject.as_str()).collect();
        subjects.sort_unstable();
        subjects.dedup();
        subjects
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = r#"
id = "trading-standards"
label = "test purchases of trading standards"
source = "trading-standards"
order = 15
crs = "EPSG:27700"
location = "ward"
precision = 1.0
marks = ["Test purchase"]
requires = [["category"], ["date"]]
[columns]
category = ["Test purchase"]
date = ["Visited"]
[category]
fields = ["category"]
[category.texts]
"Sale*" = "other-crime"
"#;

    fn folder(text: &str) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join(MAPPING_FOLDER)).unwrap();
        std::fs::write(dir.path().join(MAPPING_FOLDER).join("own.toml"), text).unwrap();
        dir
    }

    #[test]
    fn a_file_in_the_workspace_is_a_layout_and_nothing_else_is_needed() {
        let dir = folder(OWN);

        let layouts = Layouts::of(dir.path()).unwrap();

        let columns = ["Test purchase".to_owned(), "Visited".to_owned()];
        assert_eq!(layouts.recognise(&columns).unwrap().id, "trading-standards");
        assert!(Layouts::known().recognise(&columns).is_none());
    }

    #[test]
    fn a_layout_of_the_workspace_takes_the_place_of_one_with_its_id() {
        let dir = folder(&OWN.replace("\"trading-standards\"", "\"police-uk\""));

        let layouts = Layouts::of(dir.path()).unwrap();

        assert_eq!(
            layouts.profile("police-uk").unwrap().label,
            "test purchases of trading standards"
        );
        assert_eq!(layouts.profiles().count(), Layouts::known().profiles().count());
    }

    /// The reader of halls goes by layouts alone, so a workspace's own is read like any other.
    #[test]
    fn a_list_of_halls_in_a_layout_of_the_workspace_is_read_by_it() {
        let own = "id = \"halls\"\nlabel = \"halls\"\nsubject = \"venues\"\norder = 5\n\
                   requires = [[\"name\"], [\"easting\"]]\n[columns]\nname = [\"Neuadd\"]\n\
                   easting = [\"Dwyreiniad\"]\nnorthing = [\"Gogleddiad\"]\nstep-free = [\"Ramp\"]\n";
        let dir = folder(own);
        let text = "Neuadd,Dwyreiniad,Gogleddiad,Ramp\nNeuadd y Dref,318000,176000,Y\n";
        let file = super::super::LoadedFile::from_bytes("neuaddau.csv", text);

        let layouts = Layouts::of(dir.path()).unwrap();
        let halls = super::super::read_venues(&file, None, &layouts).unwrap().venues;

        assert_eq!(
            (halls[0].name.as_str(), halls[0].facts.step_free),
            ("Neuadd y Dref", Some(true))
        );
        assert!(super::super::read_venues(&file, None, Layouts::known()).is_err());
    }

    #[test]
    fn a_mistake_in_a_layout_is_named_with_its_file_and_line() {
        for (text, wanted) in [
            (
                OWN.replace("order = 15", "ordr = 15"),
                "mapping/own.toml: line 5: unknown field `ordr`",
            ),
            (OWN.replace("other-crime", "sales"), "mapping/own.toml: `sales` is no crime type"),
            (
                OWN.replace("[\"date\"]]", "[\"month\"]]"),
                "mapping/own.toml: `month` has no headers",
            ),
            (
                OWN.replace("[category.texts]", "tables = [\"none\"]\n[category.texts]"),
                "no category table `none`",
            ),
        ] {
            let refused = Layouts::of(folder(&text).path()).unwrap_err();

            assert!(refused.to_string().contains(wanted), "{refused}");
            assert!(refused.hint().is_some());
        }
    }

    #[test]
    fn every_layout_that_wardheat_carries_makes_sense() {
        let known = Layouts::known();

        assert!(known.profiles().count() >= 7);
        for subject in ["areas", "population", "venues", "meetings", "lookup"] {
            assert!(known.subjects(subject).next().is_some(), "{subject}");
        }
        assert!(known.every_subject().len() >= 5);
    }

    #[test]
    fn every_profile_recognises_its_own_headers_and_comes_first_for_them() {
        for profile in Layouts::known().profiles() {
            let mut headers: Vec<String> =
                profile.columns.values().filter_map(|names| names.first().cloned()).collect();
            headers.extend(profile.marks.first().cloned());

            let found = Layouts::known().recognise(&headers).map(|p| p.id.as_str());

            assert_eq!(found, Some(profile.id.as_str()));
        }
    }
}
