//! Indicators: published figures by area, one in each of several columns or one in each row.

use std::collections::HashMap;

use crate::context::{Indicator, IndicatorValue};
use crate::workspace::IndicatorFile;

use super::english::reason as say;
use super::subject::{Cells, Subject, Wanted, each_row, interval};
use super::{LoadedFile, ReadError};

/// Places of the cells in the order asked for.
const CODE: usize = 0;
const NAME: usize = 1;
const PERIOD: usize = 2;
const NUMERATOR: usize = 3;
const DENOMINATOR: usize = 4;
const LOWER: usize = 5;
const UPPER: usize = 6;
const VALUE: usize = 7;

/// Reads indicators as the workspace describes them, in the order first met, each sorted by code.
///
/// # Errors
///
/// [`ReadError`] on a missing column, a description without a value, or a file without rows.
pub fn read_indicators(
    file: &LoadedFile,
    spec: &IndicatorFile,
) -> Result<Subject<Vec<Indicator>>, ReadError> {
    let mut wanted: Vec<Wanted<'_>> = vec![
        (Some(&spec.code), "`code` of [[indicators]]"),
        (spec.name_column.as_deref(), "`name-column` of [[indicators]]"),
        (spec.period_column.as_deref(), "`period-column` of [[indicators]]"),
        (spec.numerator.as_deref(), "`numerator` of [[indicators]]"),
        (spec.denominator.as_deref(), "`denominator` of [[indicators]]"),
        (spec.lower.as_deref(), "`lower` of [[indicators]]"),
        (spec.upper.as_deref(), "`upper` of [[indicators]]"),
    ];
    if spec.values.is_empty() {
        wanted.push((spec.value.as_deref(), "`value` of [[indicators]]"));
        if spec.value.is_none() && spec.numerator.is_none() {
            let message = "[[indicators]] names no column of figures: give `values`, `value` or \
                           `numerator`";
            return Err(ReadError::Area { file: file.name.clone(), message: message.to_owned() });
        }
    }
    wanted
        .extend(spec.values.iter().map(|name| (Some(name.as_str()), "`values` of [[indicators]]")));
    let mut gathered = Gathered { spec, found: Vec::new(), at: HashMap::new() };
    let account = each_row(file, &wanted, |cells| gathered.row(cells))?;
    let mut found = gathered.found;
    for indicator in &mut found {
        indicator.values.sort_by(|a, b| a.code.cmp(&b.code));
    }
    Ok(Subject { found, account })
}

struct Gathered<'a> {
    spec: &'a IndicatorFile,
    found: Vec<Indicator>,
    /// Name and period to place in `found`, and the codes it has.
    at: HashMap<(String, String), (usize, std::collections::HashSet<String>)>,
}

impl Gathered<'_> {
    fn row(&mut self, cells: &Cells<'_, '_>) -> Result<(), &'static str> {
        let spec = self.spec;
        let code = cells.required(CODE, say::NO_CODE)?.to_owned();
        let period = match spec.period_column {
            Some(_) => cells.required(PERIOD, say::NO_PERIOD)?.to_owned(),
            None => spec.period.clone().unwrap_or_default(),
        };
        let figure = |place| cells.figure(place, say::NO_NUMBER);
        let whole = IndicatorValue {
            code,
            numerator: figure(NUMERATOR)?,
            denominator: figure(DENOMINATOR)?,
            value: None,
            lower: figure(LOWER)?,
            upper: figure(UPPER)?,
        };
        if whole.numerator.is_some_and(|n| n < 0.0) || whole.denominator.is_some_and(|n| n <= 0.0) {
            return Err(say::NO_SHARE);
        }
        if spec.values.is_empty() {
            let name = match spec.name_column {
                Some(_) => cells.required(NAME, say::NO_INDICATOR)?.to_owned(),
                None => spec.name.clone().unwrap_or_default(),
            };
            let one = IndicatorValue { value: figure(VALUE)?, ..whole };
            interval(one.value, one.lower, one.upper)?;
            return self.put(vec![(name, one)], &period);
        }
        let figures = spec.values.iter().enumerate().map(|(i, column)| {
            let name = match &spec.name {
                Some(name) => format!("{name}: {column}"),
                None => column.clone(),
            };
            Ok((name, IndicatorValue { value: figure(VALUE + i)?, ..whole.clone() }))
        });
        let figures = figures.collect::<Result<Vec<_>, &'static str>>()?;
        self.put(figures, &period)
    }

    /// Adds all figures of a row, or none.
    fn put(
        &mut self,
        figures: Vec<(String, IndicatorValue)>,
        period: &str,
    ) -> Result<(), &'static str> {
        let key = |name: &str| (name.to_owned(), period.to_owned());
        let is_there = |(name, value): &(String, IndicatorValue)| {
            self.at.get(&key(name)).is_some_and(|(_, codes)| codes.contains(&value.code))
        };
        if figures.iter().any(is_there) {
            return Err(say::FIGURE_TWICE);
        }
        for (name, value) in figures {
            let (found, spec) = (&mut self.found, self.spec);
            let (at, codes) = self.at.entry(key(&name)).or_insert_with(|| {
                found.push(Indicator {
                    name,
                    kind: spec.kind.clone(),
                    edition: spec.edition.clone(),
                    period: period.to_owned(),
                    values: Vec::new(),
                });
                (found.len() - 1, std::collections::HashSet::new())
            });
            codes.insert(value.code.clone());
            self.found[*at].values.push(value);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> IndicatorFile {
        IndicatorFile {
            kind: "ward".into(),
            edition: "2024".into(),
            code: "Area Code".into(),
            ..IndicatorFile::default()
        }
    }

    #[test]
    fn a_long_file_gives_an_indicator_for_each_name_and_period() {
        let spec = IndicatorFile {
            name_column: Some("Indicator".into()),
            period_column: Some("Time period".into()),
            value: Some("Value".into()),
            numerator: Some("Count".into()),
            denominator: Some("Denominator".into()),
            lower: Some("Lower CI".into()),
            upper: Some("Upper CI".into()),
            ..spec()
        };
        let text = "Indicator,Time period,Area Code,Value,Lower CI,Upper CI,Count,Denominator,Notes\n\
            Alcohol admissions,2022/23,E05000002,640.5,600.1,682.9,930,\"145,200\",x\n\
            Alcohol admissions,2022/23,E05000001,*,,,*,,x\n\
            Alcohol admissions,2023/24,E05000001,700,710,720,9,100,x\n\
            Alcohol admissions,2022/23,E05000002,1,0,2,9,100,x\n\
            Smoking,2022/23,E05000001,12.5,10,15,25,200,x\n";

        let read = read_indicators(&LoadedFile::from_bytes("jsna.csv", text), &spec).unwrap();

        let names: Vec<_> =
            read.found.iter().map(|i| (i.name.as_str(), i.period.as_str())).collect();
        assert_eq!(names, [("Alcohol admissions", "2022/23"), ("Smoking", "2022/23")]);
        assert_eq!(read.found[0].values[0].value, None);
        let second = read.found[0].of("E05000002").unwrap();
        assert_eq!((second.value, second.denominator), (Some(640.5), Some(145_200.0)));
        assert_eq!((second.lower, second.upper), (Some(600.1), Some(682.9)));
        assert_eq!((read.account.rows, read.account.kept, read.account.rejected), (5, 3, 2));
        let reasons: Vec<_> = read.account.reasons.iter().map(|r| (r.reason, r.lines[0])).collect();
        assert_eq!(reasons, [("a value outside its own interval", 4), (say::FIGURE_TWICE, 5)]);
        assert_eq!(read.account.dropped_columns, ["Notes"]);
    }

    #[test]
    fn each_column_of_a_wide_file_is_an_indicator() {
        let spec = IndicatorFile {
            values: vec!["IMD_decile".into(), "Crime_rank".into()],
            period: Some("2019".into()),
            code: "lsoa11_code".into(),
            ..spec()
        };
        let text = "lsoa11_code,IMD_decile,Income_decile,Crime_rank\nE01000002,9,10,32662\nE01000001,10,10,5\n";

        let read = read_indicators(&LoadedFile::from_bytes("imd.csv", text), &spec).unwrap();

        assert_eq!(read.found.len(), 2);
        assert_eq!(read.found[1].name, "Crime_rank");
        assert_eq!(read.found[1].of("E01000002").unwrap().value, Some(32662.0));
        assert_eq!(read.found[0].period, "2019");
        assert_eq!(read.account.dropped_columns, ["Income_decile"]);
    }
}
