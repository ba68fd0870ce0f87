//! GeoJSON: a feature collection, one feature, or a sequence of features (RFC 8142).

use std::borrow::Cow;

use geojson::{Feature, GeoJson as Parsed};
use serde_json::Value;

use crate::workspace::Crs;

use super::super::encoding::decode;
use super::super::record::{FileFacts, RawTable};
use super::super::{LoadedFile, ReadError};
use super::Format;
use super::features::{Features, Row};

/// GeoJSON in its three forms.
pub(super) struct GeoJson;

impl Format for GeoJson {
    fn id(&self) -> &'static str {
        "geojson"
    }

    fn label(&self) -> &'static str {
        "GeoJSON feature collection or sequence, plain or gzipped"
    }

    fn recognises(&self, head: &[u8]) -> bool {
        let head = head.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(head);
        let mut start = head.iter().skip_while(|b| b.is_ascii_whitespace() || **b == 0x1E);
        start.next() == Some(&b'{')
    }

    fn open<'a>(&self, file: &'a LoadedFile) -> Result<RawTable<'a>, ReadError> {
        let bytes = file.bytes()?;
        let (text, encoding) = decode(&file.name, &bytes)?;
        let broken = |line, message| ReadError::Broken { file: file.name.clone(), line, message };
        let (features, stated) = match text.parse::<Parsed>() {
            Ok(Parsed::FeatureCollection(collection)) => {
                let crs =
                    collection.foreign_members.as_ref().and_then(|members| members.get("crs"));
                let name = crs.filter(|crs| !crs.is_null()).map(crs_name);
                (collection.features, name)
            }
            Ok(Parsed::Feature(feature)) => (vec![feature], None),
            Ok(Parsed::Geometry(_)) => {
                return Err(broken(None, "it holds a bare geometry, not features".to_owned()));
            }
            Err(whole) => (
                sequence(&text).map_err(|(line, message)| {
                    // A collection that is cut short fails on its first line of a sequence too.
                    if line <= 1 {
                        broken(None, whole.to_string())
                    } else {
                        broken(Some(line), message)
                    }
                })?,
                None,
            ),
        };
        if features.is_empty() {
            return Err(ReadError::NoRows(file.name.clone()));
        }
        let crs = match stated {
            None => None,
            Some(name) => Some(
                Crs::from_name(&name)
                    .ok_or_else(|| ReadError::UnknownCrs { file: file.name.clone(), crs: name })?,
            ),
        };
        let (columns, rows) = table(features);
        let facts = FileFacts {
            format: self.id(),
            encoding,
            delimiter: None,
            preamble: Vec::new(),
            mojibake: false,
        };
        Ok(RawTable {
            file: file.name.clone(),
            columns,
            crs,
            facts,
            rows: Box::new(Features(rows)),
        })
    }
}

/// Name of a `crs` member, which the 2008 specification had and files still have.
fn crs_name(crs: &Value) -> String {
    crs.pointer("/properties/name")
        .and_then(Value::as_str)
        .map_or_else(|| crs.to_string(), str::to_owned)
}

fn sequence(text: &str) -> Result<Vec<Feature>, (u64, String)> {
    let mut features = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let line = line.trim_matches(['\u{1e}', ' ', '\t', '\r']);
        if line.is_empty() {
            continue;
        }
        let number = i as u64 + 1;
        match line.parse::<Parsed>() {
            Ok(Parsed::Feature(feature)) => features.push(feature),
            Ok(_) => return Err((number, "this line is no GeoJSON feature".to_owned())),
            Err(error) => return Err((number, error.to_string())),
        }
    }
    Ok(features)
}

fn table(features: Vec<Feature>) -> (Vec<String>, Vec<Row>) {
    let mut columns: Vec<String> = Vec::new();
    for properties in features.iter().filter_map(|f| f.properties.as_ref()) {
        for key in properties.keys() {
            if !columns.contains(key) {
                columns.push(key.clone());
            }
        }
    }
    let rows = features.into_iter().map(|feature| {
        let cell = |column: &String| match feature.properties.as_ref().and_then(|p| p.get(column)) {
            None | Some(Value::Null) => Cow::Borrowed(""),
            Some(Value::String(text)) => Cow::Owned(text.clone()),
            Some(other) => Cow::Owned(other.to_string()),
        };
        (columns.iter().map(cell).collect(), feature.geometry.map(|g| g.value))
    });
    let rows = rows.collect();
    (columns, rows)
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn a_crs_member_is_honoured() {
        let text = format!(
            r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"urn:ogc:def:crs:EPSG::27700"}}}},"features":[{POINT}]}}"#
        );

        assert_eq!(read(&text).unwrap().2, Some(Crs::Bng));
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
