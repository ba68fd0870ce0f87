//! Rates of areas like this one, as iQuanta and most-similar-group tables give them.

use crate::context::PeerRate;
use crate::workspace::PeerFile;

use super::english::{hint, reason as say, unread};
use super::subject::{Subject, each_row};
use super::{LoadedFile, ReadError};

/// Reads peer rates as the workspace describes them, in file order.
///
/// # Errors
///
/// [`ReadError`] on a missing column, a file without rows, or one in which no row is of the
/// partnership's own area.
pub fn read_peers(file: &LoadedFile, spec: &PeerFile) -> Result<Subject<Vec<PeerRate>>, ReadError> {
    let wanted = [
        (Some(spec.area.as_str()), "`area` of [[peers]]"),
        (Some(spec.period.as_str()), "`period` of [[peers]]"),
        (Some(spec.offence_group.as_str()), "`offence-group` of [[peers]]"),
        (Some(spec.rate.as_str()), "`rate` of [[peers]]"),
        (spec.is_self.as_deref(), "`is-self` of [[peers]]"),
    ];
    let mut found: Vec<PeerRate> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let account = each_row(file, &wanted, |cells| {
        let area = cells.required(0, say::NO_CODE)?.to_owned();
        let period = cells.required(1, say::NO_PERIOD)?.to_owned();
        let offence_group = cells.required(2, say::NO_GROUP)?.to_owned();
        let rate = cells.figure(3, say::RATE_NO_NUMBER)?;
        if rate.is_some_and(|rate| rate < 0.0) {
            return Err(say::RATE_BELOW_ZERO);
        }
        let is_self = match (&spec.is_self, &spec.own) {
            (Some(_), _) => yes_or_no(cells.text(4))?,
            (None, own) => own.as_ref() == Some(&area),
        };
        if !seen.insert((area.clone(), period.clone(), offence_group.clone())) {
            return Err(say::PEER_TWICE);
        }
        found.push(PeerRate { area, period, offence_group, rate, is_self });
        Ok(())
    })?;
    if !found.iter().any(|row| row.is_self) {
        return Err(ReadError::Refused {
            file: file.name.clone(),
            what: unread::NO_OWN_AREA.to_owned(),
            hint: hint::OWN_AREA,
        });
    }
    Ok(Subject { found, account })
}

fn yes_or_no(text: &str) -> Result<bool, &'static str> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "y" | "yes" | "true" | "t" => Ok(true),
        "" | "0" | "n" | "no" | "false" | "f" => Ok(false),
        _ => Err(say::NEITHER_YES_NOR_NO),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> PeerFile {
        PeerFile {
            area: "area_code".into(),
            period: "period".into(),
            offence_group: "offence_group".into(),
            rate: "rate".into(),
            is_self: Some("is_self".into()),
            ..PeerFile::default()
        }
    }

    const TEXT: &str = "area_code,period,offence_group,rate,is_self\n\
        E22000001,2025Q1,Burglary,2.31,1\nE22000002,2025Q1,Burglary,3.02,0\n\
        E22000002,2025Q1,Burglary,3.02,0\nE22000003,2025Q1,Burglary,n/a,0\nE22000004,2025Q1,Robbery,many,0\n";

    #[test]
    fn each_area_period_and_group_counts_once() {
        let read = read_peers(&LoadedFile::from_bytes("iquanta.csv", TEXT), &spec()).unwrap();

        assert_eq!(read.found.len(), 3);
        assert!(read.found[0].is_self && !read.found[1].is_self);
        assert_eq!(read.found[2].rate, None);
        assert_eq!((read.account.kept, read.account.rejected), (3, 2));
    }

    #[test]
    fn a_table_without_the_own_area_is_refused() {
        let spec = PeerFile { is_self: None, own: Some("E22000099".into()), ..spec() };

        let refused = read_peers(&LoadedFile::from_bytes("iquanta.csv", TEXT), &spec).unwrap_err();

        assert!(refused.to_string().contains("own area"), "{refused}");
    }
}
