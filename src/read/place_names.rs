//! Names of places that a workspace knows: what descriptions of places are matched to.

use super::english::name;
use super::{Layouts, LoadedFile, ReadError, format};

/// The names in a list of venues, in file order.
///
/// # Errors
///
/// [`ReadError`] if the file cannot be read, or no layout of venues finds its names.
pub fn read_place_names(file: &LoadedFile, layouts: &Layouts) -> Result<Vec<String>, ReadError> {
    let table = format::open(file)?;
    let mut columns =
        layouts.subjects("venues").filter_map(|l| Some(l.find(&table.columns).get("name")?.column));
    let column = columns.next().ok_or_else(|| {
        ReadError::no_column(&file.name, "name", &table.columns, name::LAYOUT_OF_VENUES)
    })?;
    let mut names = Vec::new();
    table.rows.each(&mut |row| {
        if row.fault.is_none() && !row.get(column).is_empty() {
            names.push(row.get(column).to_owned());
        }
    })?;
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_the_layout_of_the_list() {
        let file = LoadedFile::from_bytes("v.csv", "Venue,Ward\nThe Crown,A\n,B\nTown Hall,C\n");

        let names = read_place_names(&file, Layouts::known()).unwrap();

        assert_eq!(names, ["The Crown", "Town Hall"]);
    }
}
