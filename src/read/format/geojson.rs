//! GeoJSON: a feature collection, one feature, or a sequence of features (RFC 8142).

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use geojson::Feature;
use serde::Deserialize;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::Value;
use serde_json::value::RawValue;

use super::super::encoding::decode;
use super::super::english::name;
use super::super::record::{RawRecord, RawTable, Rows};
use super::super::{LoadedFile, ReadError};
use super::Format;
use super::features::{MOST_COLUMNS, broken, send, stated_crs, table, too_wide};

/// GeoJSON in its three forms.
pub(super) struct GeoJson;

impl Format for GeoJson {
    fn id(&self) -> &'static str {
        "geojson"
    }

    fn label(&self) -> &'static str {
        name::GEOJSON
    }

    fn recognises(&self, head: &[u8]) -> bool {
        let marks: [&[u8]; 3] = [&[0xEF, 0xBB, 0xBF], &[0xFF, 0xFE], &[0xFE, 0xFF]];
        let head = marks.iter().find_map(|mark| head.strip_prefix(*mark)).unwrap_or(head);
        // A zero is half of a letter in UTF-16.
        let mut start =
            head.iter().skip_while(|b| b.is_ascii_whitespace() || [0, 0x1E].contains(b));
        start.next() == Some(&b'{')
    }

    fn open<'a>(&self, file: &'a LoadedFile) -> Result<RawTable<'a>, ReadError> {
        let bytes = file.bytes()?;
        let (_, encoding) = decode(&file.name, &bytes)?;
        let mut rows = FeatureRows { file, bytes, columns: Vec::new(), form: Form::Collection };
        let stated = rows.survey()?;
        let columns = rows.columns.clone();
        let crs = stated.map(|name| stated_crs(file, &name)).transpose()?;
        table(self.id(), encoding, file, columns, crs, rows)
    }
}

/// Most bytes of one feature: a boundary of some million corners.
const LONGEST: usize = 32 << 20;

/// How a file holds its features.
#[derive(Clone, Copy)]
enum Form {
    Collection,
    One,
    Sequence,
}

/// Features, taken apart one by one as they are asked for.
struct FeatureRows<'a> {
    file: &'a LoadedFile,
    bytes: Cow<'a, [u8]>,
    columns: Vec<String>,
    form: Form,
}

/// What a collection says beside its features.
#[derive(Default)]
struct Around {
    kind: String,
    crs: Option<Value>,
}

impl FeatureRows<'_> {
    /// Finds the form and every column; gives the name of the coordinate system.
    fn survey(&mut self) -> Result<Option<String>, ReadError> {
        let text = self.text()?;
        let mut columns = Columns::default();
        let mut around = Around::default();
        let whole = collection(&text, &mut around, &mut |_, feature| columns.add(feature));
        let form = match (&whole, around.kind.as_str()) {
            (Ok(()), "FeatureCollection") => Form::Collection,
            (Ok(()), "Feature") => Form::One,
            (Ok(()), _) => {
                return Err(broken(self.file, None, "it holds a bare geometry, not features"));
            }
            (Err(_), _) => Form::Sequence,
        };
        if !matches!(form, Form::Collection) {
            columns = Columns::default();
            let found = features(&text, form, &mut |_, feature| columns.add(feature));
            if let Err((line, message)) = found {
                // A collection that is cut short fails on its first line of a sequence too.
                return Err(match whole {
                    Err((_, message)) if line.is_none_or(|line| line <= 1) => {
                        broken(self.file, None, message)
                    }
                    _ => broken(self.file, line, message),
                });
            }
        }
        if columns.features == 0 {
            return Err(ReadError::NoRows(self.file.name.clone()));
        }
        if columns.names.len() > MOST_COLUMNS {
            return Err(too_wide(self.file));
        }
        drop(text);
        (self.form, self.columns) = (form, columns.names);
        let crs = around.crs.filter(|crs| matches!(form, Form::Collection) && !crs.is_null());
        Ok(crs.as_ref().map(crs_name))
    }

    fn text(&self) -> Result<Cow<'_, str>, ReadError> {
        Ok(decode(&self.file.name, &self.bytes)?.0)
    }
}

impl Rows for FeatureRows<'_> {
    fn each(&self, sink: &mut dyn FnMut(&RawRecord<'_>)) -> Result<(), ReadError> {
        let text = self.text()?;
        let done = features(&text, self.form, &mut |number, feature| {
            let feature: Feature = serde_json::from_str(feature).map_err(|e| e.to_string())?;
            let properties = feature.properties.as_ref();
            let cell = |column: &String| match properties.and_then(|all| all.get(column)) {
                None | Some(Value::Null) => Cow::Borrowed(""),
                Some(Value::String(text)) => Cow::Borrowed(text.as_str()),
                Some(other) => Cow::Owned(other.to_string()),
            };
            let cells: Vec<Cow<'_, str>> = self.columns.iter().map(cell).collect();
            send(sink, number, &cells, feature.geometry.as_ref().map(|shape| &shape.value));
            Ok(())
        });
        done.map_err(|(line, message)| broken(self.file, line, message))
    }
}

/// Column names, in the order in which they come first.
#[derive(Default)]
struct Columns {
    features: usize,
    names: Vec<String>,
    seen: HashSet<String>,
}

impl Columns {
    fn add(&mut self, feature: &str) -> Result<(), String> {
        #[derive(Deserialize)]
        struct Outline {
            r#type: String,
            #[serde(default)]
            properties: Option<Keys>,
        }
        let found: Outline = serde_json::from_str(feature).map_err(|error| error.to_string())?;
        if found.r#type != "Feature" {
            return Err("it is no GeoJSON feature".to_owned());
        }
        self.features += 1;
        for name in found.properties.into_iter().flat_map(|keys| keys.0) {
            // One past the limit is enough to know.
            if self.names.len() <= MOST_COLUMNS && self.seen.insert(name.clone()) {
                self.names.push(name);
            }
        }
        Ok(())
    }
}

/// The keys of an object, in order.
struct Keys(Vec<String>);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct OfObject;

        impl<'de> Visitor<'de> for OfObject {
            type Value = Keys;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of properties")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
                let mut keys = Vec::new();
                while let Some((key, _)) = map.next_entry::<String, IgnoredAny>()? {
                    keys.push(key);
                }
                Ok(Keys(keys))
            }
        }

        from.deserialize_map(OfObject)
    }
}

/// Name of a `crs` member, which the 2008 specification had, and drafts of it by number, and files
/// still have.
fn crs_name(crs: &Value) -> String {
    let part = |path| crs.pointer(path);
    match (part("/properties/name").and_then(Value::as_str), part("/properties/code")) {
        (Some(name), _) => name.to_owned(),
        (None, Some(code)) if crs["type"] == "EPSG" => {
            format!("EPSG:{}", code.to_string().trim_matches('"'))
        }
        (None, _) => crs.to_string(),
    }
}

/// What to do with the text of a feature, by its number.
type Sink<'s> = &'s mut dyn FnMut(u64, &str) -> Result<(), String>;

/// Where a file breaks (line of a sequence) and how.
type Wrong = (Option<u64>, String);

/// Sends the features of a file to `sink`, without holding more than one.
fn features(text: &str, form: Form, sink: Sink<'_>) -> Result<(), Wrong> {
    match form {
        Form::Collection => collection(text, &mut Around::default(), sink),
        Form::One => short(text).and_then(|one| sink(1, one)).map_err(|error| (None, error)),
        Form::Sequence => lines(text, sink),
    }
}

/// Sends the features of a collection to `sink`, without holding more than one; says in `around`
/// what else it has.
fn collection(text: &str, around: &mut Around, sink: Sink<'_>) -> Result<(), Wrong> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let done = Members { around, sink }.deserialize(&mut reader).and_then(|()| reader.end());
    done.map_err(|error| (None, error.to_string()))
}

struct Members<'s> {
    around: &'s mut Around,
    sink: Sink<'s>,
}

impl<'de> DeserializeSeed<'de> for Members<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a GeoJSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "type" => self.around.kind = map.next_value()?,
                "crs" => self.around.crs = Some(map.next_value()?),
                "features" => map.next_value_seed(List(&mut *self.sink))?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

struct List<'s>(Sink<'s>);

impl<'de> DeserializeSeed<'de> for List<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut number = 0;
        while let Some(feature) = list.next_element::<&'de RawValue>()? {
            number += 1;
            let done = short(feature.get()).and_then(|feature| (self.0)(number, feature));
            done.map_err(|message| A::Error::custom(format!("feature {number}: {message}")))?;
        }
        Ok(())
    }
}

/// The feature, if it is not longer than one can be.
fn short(feature: &str) -> Result<&str, String> {
    if feature.len() <= LONGEST {
        return Ok(feature);
    }
    Err(format!("it is longer than {} MiB: simplify its outline", LONGEST >> 20))
}

/// Starts each text of a sequence, by RFC 8142; between two such a feature may have several lines.
const RECORD: char = '\u{1e}';

/// Sends the features of a sequence to `sink`: one after each separator, or one on each line.
fn lines(text: &str, sink: Sink<'_>) -> Result<(), Wrong> {
    let separator = if text.trim_start().starts_with(RECORD) { RECORD } else { '\n' };
    let (mut number, mut line) = (0, 1);
    for part in text.split_inclusive(separator) {
        let blank = |c: &char| c.is_ascii_whitespace() || *c == RECORD;
        let before = part.chars().take_while(blank).filter(|c| *c == '\n').count() as u64;
        let feature = part.trim_matches(|c| blank(&c));
        if !feature.is_empty() {
            number += 1;
            short(feature)
                .and_then(|feature| sink(number, feature))
                .map_err(|error| (Some(line + before), error))?;
        }
        line += part.matches('\n').count() as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Crs;

    const POINT: &str = r#"{"type":"Feature","properties":{"code":"A","n":3,"x":null},"geometry":{"type":"Point","coordinates":[-1.2,54.5]}}"#;

    type Found = (Vec<String>, Vec<String>, Option<Crs>);

    fn read(text: &str) -> Result<Found, ReadError> {
        let file = LoadedFile::from_bytes("f.geojson", text);
        let table = GeoJson.open(&file)?;
        let mut rows = Vec::new();
        table.rows.each(&mut |row| rows.push(row.text()))?;
        Ok((table.columns.clone(), rows, table.crs))
    }

    #[test]
    fn collections_and_sequences_read_alike() {
        let collection = format!(r#"{{"type":"FeatureCollection","features":[{POINT},{POINT}]}}"#);
        let sequence = format!("\u{1e}{POINT}\n\u{1e}{POINT}\n");

        assert_eq!(read(&collection).unwrap(), read(&sequence).unwrap());
        assert_eq!(read(&collection).unwrap().1, ["A | 3 | ", "A | 3 | "]);
    }

    /// RFC 8142 has a separator before each text, whose own lines do not matter.
    #[test]
    fn features_of_a_sequence_may_have_several_lines() {
        let pretty = POINT.replace(',', ",\n  ");

        assert_eq!(read(&format!("\u{1e}{pretty}\n\u{1e}{pretty}\n")).unwrap().1.len(), 2);
        let broken = read(&format!("\n\u{1e}{POINT}\n\n\u{1e}{{\"type\":1}}\n")).unwrap_err();
        assert!(broken.to_string().starts_with("f.geojson line 4"), "{broken}");
    }

    #[test]
    fn a_crs_member_is_honoured() {
        let text = format!(
            r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"urn:ogc:def:crs:EPSG::27700"}}}},"features":[{POINT}]}}"#
        );

        assert_eq!(read(&text).unwrap().2, Some(Crs::Bng));
        let by_number = r#"{"type":"EPSG","properties":{"code":27700}}"#;
        let named = r#"{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::27700"}}"#;
        assert_eq!(read(&text.replace(named, by_number)).unwrap().2, Some(Crs::Bng));
        let refused = read(&text.replace("27700", "99999")).unwrap_err();
        assert!(refused.to_string().contains("99999"), "{refused}");
    }

    #[test]
    fn a_cut_short_file_is_refused() {
        let whole = format!(r#"{{"type":"FeatureCollection","features":[{POINT}]}}"#);

        let refused = read(&whole[..whole.len() - 9]).unwrap_err();

        assert!(refused.to_string().starts_with("f.geojson"), "{refused}");
    }
}
