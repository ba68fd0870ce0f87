//! One incident file, opened: its format, its columns and the form of its dates.

use anyhow::anyhow;

use crate::clean::{
    CleanRows, FileCleaner, FileReport, FormError, Ground, Held, Kept, Rules, vote_on_dates,
};
use crate::hint::Hint;
use crate::pipeline::english::import as say;
use crate::read::pii::shown;
use crate::read::{Columns, LoadedFile, RawTable, format, resolve_columns};
use crate::workspace::{CountBy, DateForm, Field, Source};

use super::unread;

/// Text that a sample is first looked for in.
const SAMPLE_BLOCK: usize = 64 << 10;

/// A file whose rows can be cleaned, on any number of threads.
pub(super) struct OpenFile<'a> {
    pub(super) cleaner: FileCleaner<'a>,
    name: String,
    columns: Vec<String>,
}

impl<'a> OpenFile<'a> {
    /// Opens `file`; also gives its rows, and what to say of it but what becomes of them.
    pub(super) fn new<'f>(
        file: &'f LoadedFile,
        source: &Source,
        rules: &'a Rules<'a>,
        ground: &'a Ground,
    ) -> anyhow::Result<(Self, RawTable<'f>, FileReport)> {
        let table = format::open(file).map_err(unread)?;
        let columns = resolve_columns(&table, rules.profile, source).map_err(unread)?;
        let form = match source.date {
            Some(form) => form,
            None if rules.profile.month_only || !columns.has(Field::Date) => DateForm::YearMonth,
            None => {
                let vote = vote_on_dates(&table, &columns).map_err(unread)?;
                vote.decide().map_err(|e| ambiguous(file, source, e))?.unwrap_or(DateForm::Iso)
            }
        };
        let facts = &table.facts;
        let report = FileReport {
            file: file.name.clone(),
            read_as: say::read_as(facts.format, facts.encoding.name(), facts.delimiter),
            date: counted_by(form, &columns, rules),
            preamble: facts.preamble.iter().map(|line| shown(line).into_owned()).collect(),
            mojibake: facts.mojibake,
            notes: facts.notes.clone(),
            dropped_columns: columns.dropped.clone(),
            positions: columns.transformation(),
            ..FileReport::default()
        };
        let open = Self {
            cleaner: FileCleaner::new(columns, rules, form, ground),
            name: file.name.clone(),
            columns: table.columns.clone(),
        };
        Ok((open, table, report))
    }

    /// The first records, as they would be kept.
    pub(super) fn first(&self, table: &RawTable<'_>, most: usize) -> anyhow::Result<Vec<Kept>> {
        let (mut first, mut held) = (Vec::new(), None);
        let mut take = |rows: CleanRows| {
            held = held.take().or(rows.held);
            first.extend(rows.kept.iter().take(most));
            held.is_none() && first.len() < most
        };
        if let Some(blocks) = table.rows.blocks(SAMPLE_BLOCK).map_err(unread)? {
            for block in blocks {
                let block = block.map_err(unread)?;
                if !take(self.cleaner.clean_block(&*block).map_err(unread)?) {
                    break;
                }
            }
        } else {
            self.cleaner.clean_all(table, &mut take).map_err(unread)?;
        }
        if let Some(held) = held {
            return Err(self.hold(&held));
        }
        first.truncate(most);
        Ok(first)
    }

    /// The error that holds the file back. It names the column and the line, never the value.
    pub(super) fn hold(&self, held: &Held) -> anyhow::Error {
        let column = self.cleaner.columns().get(held.field).and_then(|i| self.columns.get(i));
        let column = column.map_or("?", String::as_str);
        anyhow!(
            "{} is held: column `{column}` (line {}) shows {}, and that column would be kept",
            self.name,
            held.line,
            held.sign.in_words()
        )
        .context(Hint(format!(
            "have the column cleaned, or leave it out with `drop-columns = [\"{column}\"]` under \
             the [[source]] in wardheat.toml; if you have looked and it names nobody, say so there: \
             [source.allow-text] {} = [\"{}\"]",
            held.field, held.sign
        )))
    }
}

/// The form of the dates, and which of two dates puts a record in its month.
fn counted_by(form: DateForm, columns: &Columns, rules: &Rules<'_>) -> String {
    if !columns.has(Field::Date) || !columns.has(Field::Recorded) {
        return form.to_string();
    }
    match rules.count_by {
        CountBy::Committed => say::by_committed(form),
        CountBy::Recorded => say::by_recorded(form),
    }
}

fn ambiguous(file: &LoadedFile, source: &Source, error: FormError) -> anyhow::Error {
    let hint = match error {
        FormError::Ambiguous(_) => format!(
            "say which: `date = \"dd/mm/yyyy\"` or `date = \"mm/dd/yyyy\"` under source `{}` in \
             wardheat.toml",
            source.id
        ),
        FormError::Mixed { .. } => "one column must have one form: correct the export; declaring \
            `date` rejects the rows that are in the other form"
            .to_owned(),
    };
    anyhow::Error::new(error).context(format!("reading {}", file.name)).context(Hint(hint))
}
