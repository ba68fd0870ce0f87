//! Priorities of the community, as set at PACT and neighbourhood meetings.

use crate::context::CommunityPriority;
use crate::workspace::{CommunityPriorityFile, DateForm};

use super::dates::{self, DateFault};
use super::english::reason as say;
use super::pii::person_sign;
use super::subject::{Subject, each_row};
use super::wards::Wards;
use super::{LoadedFile, ReadError};

/// A row whose words point at a person: it is left out, and the words are not repeated.
/// The day in a cell, by the form of its column.
pub(super) fn day(
    text: &str,
    form: Option<DateForm>,
    missing: &'static str,
    unread: &'static str,
) -> Result<jiff::civil::Date, &'static str> {
    match dates::parse(text, form.unwrap_or(DateForm::Iso)) {
        Ok(stamp) => Ok(stamp.date),
        Err(DateFault::Missing) => Err(missing),
        Err(DateFault::Damaged | DateFault::Unread) => Err(unread),
    }
}

/// Reads priorities of the community as the workspace describes them, in file order.
///
/// # Errors
///
/// [`ReadError`] on a missing column or a file without rows.
pub fn read_community_priorities(
    file: &LoadedFile,
    spec: &CommunityPriorityFile,
    wards: &Wards,
) -> Result<Subject<Vec<CommunityPriority>>, ReadError> {
    let wanted = [
        (Some(spec.area.as_str()), "`area` of [[community-priorities]]"),
        (Some(spec.set.as_str()), "`set` of [[community-priorities]]"),
        (Some(spec.text.as_str()), "`text` of [[community-priorities]]"),
        (spec.category.as_deref(), "`category` of [[community-priorities]]"),
        (spec.status.as_deref(), "`status` of [[community-priorities]]"),
    ];
    let mut found = Vec::new();
    let account = each_row(file, &wanted, |cells| {
        let area = cells.required(0, say::NO_AREA)?.to_owned();
        let set = day(cells.text(1), spec.date, say::NO_DAY, say::DAY_UNREAD)?;
        let text = cells.required(2, say::NO_WORDS)?.to_owned();
        let (category, status) = (cells.optional(3), cells.optional(4));
        let said = [Some(&area), Some(&text), category.as_ref(), status.as_ref()];
        if said.into_iter().flatten().any(|words| person_sign(words).is_some()) {
            return Err(say::PERSONAL);
        }
        let ward = wards.code_of(&area).map(str::to_owned);
        found.push(CommunityPriority { area, ward, set, text, category, status });
        Ok(())
    })?;
    Ok(Subject { found, account })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn priorities_are_kept_and_rows_that_show_a_person_are_not() {
        let spec = CommunityPriorityFile {
            area: "Beat".into(),
            set: "Set".into(),
            date: Some(DateForm::DayMonthYear),
            text: "Priority".into(),
            status: Some("Status".into()),
            ..CommunityPriorityFile::default()
        };
        let text = "Beat,Set,Priority,Status,Raised by\n\
            Newtown,03/04/2025,Off-road bikes on the park,Open,A Resident\n\
            Newtown,03/04/2025,Noise from Mr Smith at 12,Open,A Resident\n\
            Newtown,2025-13-40,Speeding,Open,A Resident\n";

        let read = read_community_priorities(
            &LoadedFile::from_bytes("pact.csv", text),
            &spec,
            &Wards::default(),
        )
        .unwrap();

        assert_eq!(read.found.len(), 1);
        assert_eq!(read.found[0].set, jiff::civil::date(2025, 4, 3));
        assert_eq!(read.account.rejected, 2);
        assert_eq!(read.account.dropped_columns, ["Raised by"]);
        assert!(!format!("{read:?}").contains("Smith"));
    }
}
