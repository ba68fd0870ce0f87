//! Column names as the table of a Shapefile leaves them: dBase keeps ten letters of each, so that
//! `Crime Reference` arrives as `Crime Refe`.

use super::header_key;

/// Letters of a name that are kept.
const KEPT: usize = 10;

/// Whether these names were cut: none is longer than dBase has them, and one is just as long that is
/// the start of a header and no whole one, or has a number because another was cut alike. A table
/// saved from a Shapefile as text says no more than that either.
pub(super) fn are_cut<'a>(
    columns: &[String],
    headers: &(impl Iterator<Item = &'a String> + Clone),
) -> bool {
    let is_cut = |name: &&String| {
        let key = header_key(name);
        let begins = |header: &String| cut(header).is_some_and(|cut| header_key(cut) == key);
        name.len() == KEPT
            && (name.ends_with("_1")
                || headers.clone().any(begins) && !headers.clone().any(|h| header_key(h) == key))
    };
    columns.iter().all(|name| name.len() <= KEPT) && columns.iter().any(|name| is_cut(&name))
}

/// What is left of `header`; `None` if it fits whole.
pub(super) fn cut(header: &str) -> Option<&str> {
    header.char_indices().nth(KEPT).map(|(end, _)| header[..end].trim_end())
}

/// A column whose cut name could be that of several fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutShort {
    /// Its name as it is.
    pub column: String,
    /// Headers that it could be the start of.
    pub could_be: Vec<String>,
}

/// The one field of `fields` whose headers begin as `column` does, `None` if there is none.
///
/// # Errors
///
/// [`CutShort`] if there are several.
pub(super) fn field_of<'a, F: Copy + PartialEq>(
    column: &str,
    fields: impl Iterator<Item = (F, &'a Vec<String>)>,
) -> Result<Option<F>, CutShort> {
    let key = header_key(column);
    let mut meant: Vec<(F, &str)> = Vec::new();
    for (field, headers) in fields {
        let header = headers.iter().find(|h| cut(h).is_some_and(|cut| header_key(cut) == key));
        meant.extend(header.map(|header| (field, header.as_str())));
    }
    match meant.as_slice() {
        [] => Ok(None),
        [(field, _)] => Ok(Some(*field)),
        several => Err(CutShort {
            column: column.to_owned(),
            could_be: several.iter().map(|(_, header)| (*header).to_owned()).collect(),
        }),
    }
}
