//! Survey results: shares of answers by ward. What anybody wrote is never read.

use std::collections::{HashMap, HashSet};

use crate::context::SurveyResult;
use crate::workspace::SurveyFile;

use super::english::{hint, reason as say, unread};
use super::subject::{Subject, each_row, interval};
use super::wards::Wards;
use super::{LoadedFile, ReadError};

/// More questions than any survey has: a column with more is what people wrote.
const MOST_QUESTIONS: usize = 300;
/// Longest question, in letters.
const LONGEST_QUESTION: usize = 300;

/// Reads survey results as the workspace describes them, in file order.
///
/// # Errors
///
/// [`ReadError`] on a missing column, a file without rows, or a column of questions that holds free
/// text: such a file is refused whole, and nothing of the text is repeated.
pub fn read_survey(
    file: &LoadedFile,
    spec: &SurveyFile,
    wards: &Wards,
) -> Result<Subject<Vec<SurveyResult>>, ReadError> {
    let wanted = [
        (Some(spec.ward.as_str()), "`ward` of [[survey]]"),
        (Some(spec.question.as_str()), "`question` of [[survey]]"),
        (Some(spec.percent.as_str()), "`percent` of [[survey]]"),
        (spec.base.as_deref(), "`base` of [[survey]]"),
        (spec.lower.as_deref(), "`lower` of [[survey]]"),
        (spec.upper.as_deref(), "`upper` of [[survey]]"),
        (spec.wave_column.as_deref(), "`wave-column` of [[survey]]"),
    ];
    let mut found: Vec<SurveyResult> = Vec::new();
    let mut questions: HashMap<String, u64> = HashMap::new();
    let mut seen = HashSet::new();
    let mut too_long = false;
    let account = each_row(file, &wanted, |cells| {
        let question = cells.required(1, say::NO_QUESTION)?;
        too_long |= question.chars().count() > LONGEST_QUESTION;
        if questions.len() <= MOST_QUESTIONS {
            *questions.entry(question.to_owned()).or_default() += 1;
        }
        let ward = cells.required(0, say::NO_WARD)?;
        let ward = wards.code_of(ward).ok_or(say::UNKNOWN_WARD)?;
        let percent = cells.figure(2, say::SHARE_NO_NUMBER)?;
        let (lower, upper) =
            (cells.figure(4, say::END_NO_NUMBER)?, cells.figure(5, say::END_NO_NUMBER)?);
        let shares = [percent, lower, upper];
        if shares.iter().flatten().any(|share| !(0.0..=100.0).contains(share)) {
            return Err(say::SHARE_OUT_OF_RANGE);
        }
        let base = cells.figure(3, say::BASE_NO_NUMBER)?;
        if base.is_some_and(|base| base <= 0.0 || base.fract() != 0.0) {
            return Err(say::BASE_NO_COUNT);
        }
        interval(percent, lower, upper)?;
        let wave = match spec.wave_column {
            Some(_) => cells.required(6, say::NO_ROUND)?.to_owned(),
            None => spec.wave.clone().unwrap_or_default(),
        };
        if !seen.insert((wave.clone(), ward.to_owned(), question.to_owned())) {
            return Err(say::ANSWER_TWICE);
        }
        let (ward, question) = (ward.to_owned(), question.to_owned());
        found.push(SurveyResult { wave, ward, question, percent, base, lower, upper });
        Ok(())
    })?;
    // Questions repeat, one for each ward; what people wrote does not.
    let never_repeats = questions.len() > 20 && questions.values().all(|&times| times == 1);
    if too_long || questions.len() > MOST_QUESTIONS || never_repeats {
        return Err(ReadError::Refused {
            file: file.name.clone(),
            what: unread::free_text(&spec.question),
            hint: hint::QUESTION_COLUMN,
        });
    }
    Ok(Subject { found, account })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Shape;
    use crate::units::{Area, AreaLayer};

    pub(super) fn wards() -> Wards {
        let area = |code: &str, name: &str| Area {
            code: code.into(),
            name: name.into(),
            shape: Shape::new(geo::MultiPolygon::new(Vec::new())),
            residents: None,
            households: None,
            workday: None,
        };
        let areas = vec![area("E05000001", "Newtown"), area("E05000002", "Nant & Cwm")];
        Wards::new(&[AreaLayer { kind: "ward".into(), edition: "2024".into(), areas }])
    }

    fn spec() -> SurveyFile {
        SurveyFile {
            ward: "ward".into(),
            question: "question".into(),
            percent: "pct".into(),
            base: Some("base".into()),
            lower: Some("lo".into()),
            upper: Some("hi".into()),
            wave: Some("2025".into()),
            ..SurveyFile::default()
        }
    }

    #[test]
    fn shares_are_kept_by_ward_code_and_comments_are_not_read() {
        let text = "ward,question,pct,base,lo,hi,comments\n\
            Newtown,Feel safe after dark: yes,61.5%,200,55,68,Mrs Jones next door\n\
            nant and cwm,Feel safe after dark: yes,140,180,,,x\n\
            E05000002,Feel safe after dark: yes,44,180,37,51,x\n\
            Elsewhere,Feel safe after dark: yes,44,180,37,51,x\n";

        let read =
            read_survey(&LoadedFile::from_bytes("survey.csv", text), &spec(), &wards()).unwrap();

        let kept: Vec<_> = read.found.iter().map(|r| (r.ward.as_str(), r.percent)).collect();
        assert_eq!(kept, [("E05000001", Some(61.5)), ("E05000002", Some(44.0))]);
        assert_eq!(read.account.dropped_columns, ["comments"]);
        assert_eq!((read.account.rows, read.account.rejected), (4, 2));
        assert!(!format!("{read:?}").contains("Jones"));
    }

    #[test]
    fn a_column_of_what_people_wrote_is_refused_without_repeating_it() {
        let rows: Vec<String> =
            (0..40).map(|i| format!("Newtown,They shout at night {i},50,100,40,60")).collect();
        let text = format!("ward,question,pct,base,lo,hi\n{}\n", rows.join("\n"));

        let refused = read_survey(&LoadedFile::from_bytes("survey.csv", text), &spec(), &wards())
            .unwrap_err();

        assert!(refused.to_string().contains("looks like what people wrote"), "{refused}");
        assert!(!refused.to_string().contains("shout"), "{refused}");
    }
}
