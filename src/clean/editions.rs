//! Where counts of a source are not comparable over its months: the scheme they are counted by
//! changed.

use crate::read::{Profile, category_table};
use crate::time::Month;

use super::english::warn;

/// What to tell the reader of breaks between `first` and `last` in the scheme that decides in files
/// of this layout.
pub fn series_breaks(profile: &Profile, first: Month, last: Month) -> Vec<String> {
    let deciding = profile.category.tables.first().and_then(|id| category_table(id));
    deciding
        .into_iter()
        .flat_map(|table| table.breaks.iter().map(move |at| (table, at)))
        .filter(|(_, at)| first < at.from && at.from <= last)
        .map(|(table, at)| warn::series_break(&at.from.label(), &at.says, &table.label))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Layouts;

    fn breaks(profile: &str, first: &str, last: &str) -> Vec<String> {
        let profile = Layouts::known().profile(profile).unwrap();
        series_breaks(profile, first.parse().unwrap(), last.parse().unwrap())
    }

    #[test]
    fn a_break_inside_the_months_is_told() {
        let said = breaks("police-incidents", "2011-03", "2011-04");

        assert!(
            said[0].starts_with("from Apr 2011 on, thirteen types in place of fifteen"),
            "{said:?}"
        );
        assert_eq!(breaks("police-crime", "2017-01", "2023-12").len(), 2);
    }

    #[test]
    fn a_break_at_the_start_or_outside_is_not() {
        assert!(breaks("police-incidents", "2011-04", "2012-04").is_empty());
        assert!(breaks("police-incidents", "2010-01", "2011-03").is_empty());
        assert!(breaks("council-asb", "2000-01", "2025-12").is_empty());
    }
}
