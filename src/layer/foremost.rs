//! What stands out among the rows of a table of scores.

use std::cmp::Ordering;

use crate::table::{Table, Value};

/// Columns that say how sure a score is, the better measure first: rows are in their order.
const SURENESS: [&str; 2] = ["q", "p"];

/// Columns worth showing: a name that is but the code again, as cells have it, is not shown twice.
pub fn telling_columns(table: &Table) -> Vec<usize> {
    let place = |id: &str| table.columns.iter().position(|column| column.id == id);
    let again = place("id")
        .zip(place("name"))
        .filter(|&(id, name)| table.rows.iter().all(|row| row[id] == row[name]));
    (0..table.columns.len()).filter(|&c| again.is_none_or(|(_, name)| c != name)).collect()
}

/// Rows that have a score, those that stand out first: by q-value or p-value, then by the first
/// number, the highest first; the order of the layer where they are equal. With the labels of the columns
/// they are ordered by.
pub fn foremost(table: &Table) -> (Vec<Vec<Value>>, Vec<&'static str>) {
    let of_place = |id: &str| matches!(id, "id" | "name" | "number");
    let scores = |row: &[Value]| {
        let mut cells = row.iter().zip(&table.columns).filter(|(_, column)| !of_place(column.id));
        cells.any(|(value, _)| number(value).is_some())
    };
    let has_numbers = |column: &usize| table.rows.iter().any(|row| number(&row[*column]).is_some());
    let columns = || 0..table.columns.len();
    let sure = SURENESS
        .into_iter()
        .filter_map(|id| columns().find(|&c| table.columns[c].id == id))
        .find(has_numbers);
    let size = columns().filter(|&c| !of_place(table.columns[c].id)).find(has_numbers);
    let Some(size) = size else { return (table.rows.clone(), Vec::new()) };
    let mut rows: Vec<&Vec<Value>> = table.rows.iter().filter(|row| scores(row)).collect();
    let compare = |a: Option<f64>, b: Option<f64>| match (a, b) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        (a, b) => a.is_none().cmp(&b.is_none()),
    };
    rows.sort_by(|a, b| {
        let surer = sure.map_or(Ordering::Equal, |c| compare(number(&a[c]), number(&b[c])));
        let larger = compare(number(&a[size]).map(|x| -x), number(&b[size]).map(|x| -x));
        surer.then(larger)
    });
    let order = sure.into_iter().chain([size]).map(|c| table.columns[c].label).collect();
    (rows.into_iter().cloned().collect(), order)
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Count(n) => Some(*n as f64),
        Value::Number(x) => Some(*x),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Column;

    fn table(columns: &[&'static str], rows: Vec<Vec<Value>>) -> Table {
        let columns = columns.iter().map(|id| Column::new(id, id, "", 2)).collect();
        Table { id: "t".to_owned(), title: "T".to_owned(), columns, rows }
    }

    fn names(rows: &[Vec<Value>]) -> Vec<String> {
        rows.iter().map(|row| format!("{:?}", row[0])).collect()
    }

    #[test]
    fn the_surest_come_first_and_of_those_the_largest() {
        let row = |id: &str, count, q: Option<f64>| {
            vec![id.into(), Value::Count(count), Value::number(q)]
        };
        let given = table(
            &["id", "count", "q"],
            vec![
                row("large", 90, Some(0.5)),
                row("sure", 10, Some(0.01)),
                row("as sure", 20, Some(0.01)),
                row("untested", 99, None),
            ],
        );

        let (rows, order) = foremost(&given);

        assert_eq!(
            names(&rows),
            [r#"Text("as sure")"#, r#"Text("sure")"#, r#"Text("large")"#, r#"Text("untested")"#]
        );
        assert_eq!(order, ["q", "count"]);
    }

    #[test]
    fn places_without_any_score_are_left_out() {
        let given = table(
            &["id", "z", "class"],
            vec![
                vec!["a".into(), Value::None, "not tested".into()],
                vec!["b".into(), Value::Number(1.0), "high".into()],
            ],
        );

        assert_eq!(names(&foremost(&given).0), [r#"Text("b")"#]);
    }

    #[test]
    fn a_table_of_words_is_left_as_it_is() {
        let given = table(&["id", "class"], vec![vec!["a".into(), "x".into()]]);

        assert_eq!(foremost(&given), (given.rows.clone(), Vec::new()));
    }
}
