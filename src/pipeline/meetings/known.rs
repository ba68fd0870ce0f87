//! What is known of places apart from the incidents: vulnerability, deprivation, what residents
//! said, priorities that communities set, and how much harm incidents weigh.

use std::collections::HashMap;

use anyhow::{Context as _, anyhow};

use crate::context::{CodeSet, Indicator, chain};
use crate::hint::Hint;
use crate::incident::{CrimeTypeIdx, CrimeTypes, Group, HarmWeights};
use crate::pipeline::english::known::{self as say, Mean, Origin};
use crate::plan::KNOWN;
use crate::quantity::Population;
use crate::store::Dataset;
use crate::time::Window;
use crate::units::{UnitIdx, Units};
use crate::workspace::{NeedRule, VulnerableLocalities};

/// Crime types of the Vulnerable Localities Index.
const VLI_TYPES: [&str; 2] = ["burglary", "criminal-damage-and-arson"];
/// The average area's index.
const AVERAGE: f64 = 100.0;
/// Index above which a place is a priority neighbourhood.
const PRIORITY: f64 = 200.0;

/// Places that need is counted in, and where each incident is counted.
#[derive(Clone, Copy)]
pub(super) struct Counted<'a> {
    pub data: &'a Dataset,
    pub units: &'a Units,
    pub unit_of: &'a [Option<UnitIdx>],
    pub window: Window,
}

/// What is known of each place, and how, in words.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// `[n_units]`, in the order of [`crate::plan::Recorded::known`]; empty where nothing is asked for.
    pub parts: Vec<[Option<f64>; KNOWN]>,
    /// `[n_units]`: what a crime weighs on average; empty without a table.
    pub harm: Vec<Option<f64>>,
    /// How each was made.
    pub how: Vec<String>,
}

/// Everything that the rule names and the workspace holds.
pub(super) fn known(counted: &Counted<'_>, rule: &NeedRule) -> anyhow::Result<Known> {
    let n = counted.units.len();
    let mut found = Known::default();
    let mut parts = vec![[None; KNOWN]; n];
    let mut set = |part: usize, values: Vec<Option<f64>>| {
        for (own, value) in parts.iter_mut().zip(values) {
            own[part] = value;
        }
    };
    if let Some(names) = &rule.vulnerable_localities {
        let (values, how) = vulnerability(counted, names)?;
        set(0, values);
        found.how.push(how);
    }
    if let Some(name) = &rule.deprivation_indicator {
        let (values, origin) = indicator(counted, name)?;
        let first_is_worst = of_a_list(name);
        let sign = if first_is_worst { -1.0 } else { 1.0 };
        set(1, values.into_iter().map(|value| value.map(|value| value * sign)).collect());
        found.how.push(say::deprivation(name, &origin, first_is_worst));
    }
    if let Some(question) = &rule.fear_question {
        let (values, wave) = fear(counted, question)?;
        set(2, values);
        found.how.push(say::fear(question, wave));
    }
    if !counted.data.context.priorities.is_empty() && counted.units.kind == "ward" {
        set(3, priorities(counted));
        found.how.push(say::PRIORITIES.to_owned());
    }
    if parts.iter().any(|own| own.iter().any(Option::is_some)) {
        found.parts = parts;
    }
    if let Some(table) = harm_table(counted.data, rule)? {
        let (harm, share) = harm(counted, rule, table);
        found.harm = harm;
        found.how.push(say::harm(&table.name, &table.edition, &table.unit, share));
    }
    Ok(found)
}

/// Whether a name is of a rank or decile: then the first is the most deprived.
fn of_a_list(name: &str) -> bool {
    let name = name.to_lowercase();
    name.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "rank" | "decile"))
}

/// An indicator by place, and how it came there: by code, or the mean over the LSOAs of a ward,
/// weighted by residents where they are known.
fn indicator(counted: &Counted<'_>, name: &str) -> anyhow::Result<(Vec<Option<f64>>, Origin)> {
    let indicators = &counted.data.context.indicators;
    let named = indicators.iter().filter(|indicator| indicator.name == name);
    // Of several periods the latest.
    let Some(found) = named.max_by(|a, b| a.period.cmp(&b.period)) else {
        let mut names: Vec<&str> = indicators.iter().map(|one| one.name.as_str()).collect();
        names.dedup();
        return Err(anyhow!("[need] names the indicator `{name}`, which the store does not hold")
            .context(Hint(format!("it holds: {}", names.join(", ")))));
    };
    let period = found.period.clone();
    let units = counted.units;
    if found.kind == units.kind {
        let values = units.ids.iter().map(|id| found.of(id).and_then(|value| value.value));
        return Ok((values.collect(), Origin { period, mean: None }));
    }
    if found.kind != "lsoa" || units.kind != "ward" {
        return Err(anyhow!(
            "the indicator `{name}` is by {}, which cannot be brought to {}",
            found.kind,
            units.kind
        ));
    }
    let (values, mean) = from_lsoas(counted, found);
    Ok((values, Origin { period, mean: Some(mean) }))
}

/// Mean of a ward's LSOAs.
fn from_lsoas(counted: &Counted<'_>, indicator: &Indicator) -> (Vec<Option<f64>>, Mean) {
    let Counted { data, units, .. } = counted;
    let wards: HashMap<&str, usize> =
        units.ids.iter().enumerate().map(|(i, id)| (id.as_str(), i)).collect();
    let layer = data.layers.iter().find(|layer| layer.kind == "lsoa");
    let areas: HashMap<&str, &crate::units::Area> = layer
        .into_iter()
        .flat_map(|layer| &layer.areas)
        .map(|area| (area.code.as_str(), area))
        .collect();
    let from = CodeSet::new("lsoa", &indicator.edition);
    let to = data.context.lookups.iter().map(|lookup| &lookup.to).filter(|to| to.kind == "ward");
    let lookup = to.filter_map(|to| chain(&data.context.lookups, &from, to)).max_by_key(|lookup| {
        lookup.pairs().iter().filter(|(_, ward)| wards.contains_key(ward.as_str())).count()
    });
    let ward_of = |code: &str| -> Option<usize> {
        let looked = lookup.as_ref().and_then(|lookup| lookup.only(code));
        looked.and_then(|ward| wards.get(ward).copied()).or_else(|| {
            let middle = areas.get(code)?.shape.label_point()?;
            Some(units.locate(middle)?.index())
        })
    };
    let mut sums = vec![(0.0, 0.0); units.len()];
    let mut all_known = true;
    for value in &indicator.values {
        let Some((figure, ward)) = value.value.zip(ward_of(&value.code)) else { continue };
        let residents = areas.get(value.code.as_str()).and_then(|area| area.residents);
        all_known &= residents.is_some();
        let weight = residents.map_or(1.0, Population::get);
        sums[ward].0 += figure * weight;
        sums[ward].1 += weight;
    }
    let mean = |(sum, weight): (f64, f64)| (weight > 0.0).then(|| sum / weight);
    let how = if all_known { Mean::ByResidents } else { Mean::SomeAsOne };
    (sums.into_iter().map(mean).collect(), how)
}

/// The index of each place, and how it was made:
/// `VLI = (I_1 + ... + I_6) / 6`, `I_v = 100 x value / mean of all places`. Variables that are not
/// named are left out of the mean, and said to be missing.
///
/// # Errors
///
/// If an indicator is not held, or is a rank or decile: their ratios mean nothing.
///
/// # Source
///
/// Tompson and Chainey, Vulnerable Localities Index, UCL Jill Dando Institute.
fn vulnerability(
    counted: &Counted<'_>,
    names: &VulnerableLocalities,
) -> anyhow::Result<(Vec<Option<f64>>, String)> {
    let mut variables: Vec<Vec<Option<f64>>> =
        VLI_TYPES.iter().map(|id| per_household(counted, id)).collect();
    let (mut used, mut missing) = (Vec::new(), Vec::new());
    for (key, name) in [
        ("income", &names.income),
        ("employment", &names.employment),
        ("young", &names.young),
        ("education", &names.education),
    ] {
        let Some(name) = name else {
            missing.push(key);
            continue;
        };
        if of_a_list(name) {
            return Err(anyhow!("`{name}` is a rank or decile, and the index is made of rates")
                .context(Hint(format!(
                    "name a score, share or rate as {key} under [need.vulnerable-localities]"
                ))));
        }
        let (values, origin) = indicator(counted, name)?;
        variables.push(values);
        used.push((key, name.as_str(), origin));
    }
    let values = mean_index(&variables);
    let priority = values.iter().flatten().filter(|index| **index > PRIORITY).count();
    let places = (priority, counted.units.len(), counted.units.kind == "ward");
    Ok((values, say::vulnerability(&used, &missing, variables.len(), places, PRIORITY)))
}

/// Mean over the variables of each place's value as a share of the mean place, times 100. `None` for
/// a place that lacks one, and for all where the mean of one is not above zero.
fn mean_index(variables: &[Vec<Option<f64>>]) -> Vec<Option<f64>> {
    let n = variables.first().map_or(0, Vec::len);
    let means: Vec<Option<f64>> = variables
        .iter()
        .map(|values| {
            let known: Vec<f64> = values.iter().copied().flatten().collect();
            let mean = known.iter().sum::<f64>() / known.len().max(1) as f64;
            (mean > 0.0).then_some(mean)
        })
        .collect();
    (0..n)
        .map(|i| {
            let index = |(values, mean): (&Vec<Option<f64>>, &Option<f64>)| {
                Some(AVERAGE * values[i]? / (*mean)?)
            };
            let indices: Option<Vec<f64>> = variables.iter().zip(&means).map(index).collect();
            indices.map(|indices| indices.iter().sum::<f64>() / indices.len() as f64)
        })
        .collect()
}

fn per_household(counted: &Counted<'_>, crime_type: &str) -> Vec<Option<f64>> {
    let Counted { data, units, unit_of, window } = *counted;
    let mut counts = vec![0.0; units.len()];
    if let Some(one) = CrimeTypeIdx::from_id(crime_type) {
        for unit in data.incidents.rows(CrimeTypes::One(one), window).filter_map(|i| unit_of[i]) {
            counts[unit.index()] += 1.0;
        }
    }
    let rate = |(count, base): (f64, &Option<Population>)| base.map(|base| count / base.get());
    counts.into_iter().zip(&units.households).map(rate).collect()
}

/// The latest wave of a question by ward, and its name.
fn fear<'a>(counted: &Counted<'a>, question: &str) -> anyhow::Result<(Vec<Option<f64>>, &'a str)> {
    let surveys = &counted.data.context.surveys;
    let asked: Vec<_> = surveys.iter().filter(|one| one.question == question).collect();
    let Some(wave) = asked.iter().map(|one| one.wave.as_str()).max() else {
        let mut known: Vec<&str> = surveys.iter().map(|one| one.question.as_str()).collect();
        known.sort_unstable();
        known.dedup();
        return Err(anyhow!("[need] names the question `{question}`, which no survey asks")
            .context(Hint(format!("asked are: {}", known.join("; ")))));
    };
    let latest: HashMap<&str, f64> = asked
        .iter()
        .filter(|one| one.wave == wave)
        .filter_map(|one| Some((one.ward.as_str(), one.percent?)))
        .collect();
    let values = counted.units.ids.iter().map(|id| latest.get(id.as_str()).copied()).collect();
    Ok((values, wave))
}

/// Priorities set in the window that are not closed, by ward.
fn priorities(counted: &Counted<'_>) -> Vec<Option<f64>> {
    let Counted { data, units, window, .. } = *counted;
    let open = data.context.priorities.iter().filter(|one| {
        let month = crate::time::Month::new(one.set.year(), one.set.month());
        let closed = one.status.as_ref().is_some_and(|s| s.eq_ignore_ascii_case("closed"));
        !closed && month.is_some_and(|month| window.contains(month))
    });
    let mut counts: HashMap<&str, f64> = HashMap::new();
    for ward in open.filter_map(|one| one.ward.as_deref()) {
        *counts.entry(ward).or_default() += 1.0;
    }
    units.ids.iter().map(|id| Some(counts.get(id.as_str()).copied().unwrap_or(0.0))).collect()
}

/// The table of harm that the rule names; none where it names none.
fn harm_table<'a>(data: &'a Dataset, rule: &NeedRule) -> anyhow::Result<Option<&'a HarmWeights>> {
    let Some(name) = &rule.harm_weights else { return Ok(None) };
    let tables = &data.context.harm;
    let found = tables.iter().find(|table| table.name.eq_ignore_ascii_case(name));
    let known: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    found
        .map(Some)
        .with_context(|| Hint(format!("the store holds: {}", known.join(", "))))
        .with_context(|| {
            format!("[need] names the harm weights `{name}`, which the store does not hold")
        })
}

/// What a crime weighs on average in each place, and the share of crimes that have a weight.
fn harm(counted: &Counted<'_>, rule: &NeedRule, table: &HarmWeights) -> (Vec<Option<f64>>, f64) {
    let Counted { data, units, unit_of, window } = *counted;
    let mut sums = vec![(0.0, 0.0); units.len()];
    let (mut all, mut weighted) = (0_u64, 0_u64);
    for i in data.incidents.rows(CrimeTypes::Family(Group::Crime), window) {
        let one = data.incidents.crime_type(i);
        if rule.leave_out.iter().any(|out| out.contains(one)) {
            continue;
        }
        all += 1;
        let Some(weight) = table.get(one) else { continue };
        weighted += 1;
        if let Some(unit) = unit_of[i] {
            sums[unit.index()].0 += weight;
            sums[unit.index()].1 += 1.0;
        }
    }
    let mean = |(sum, n): (f64, f64)| (n > 0.0).then(|| sum / n);
    (sums.into_iter().map(mean).collect(), weighted as f64 / all.max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two places, two variables: (10, 30) of mean 20, and (4, 4) of mean 4.
    #[test]
    fn the_index_is_the_mean_of_what_each_is_of_the_mean_place() {
        let found = mean_index(&[vec![Some(10.0), Some(30.0)], vec![Some(4.0), Some(4.0)]]);

        assert_eq!(found, [Some(75.0), Some(125.0)]);
        let lacking = mean_index(&[vec![Some(10.0), None, Some(30.0)], vec![Some(4.0); 3]]);
        assert_eq!(lacking, [Some(75.0), None, Some(125.0)]);
        assert_eq!(mean_index(&[vec![Some(0.0); 2]]), [None, None]);
    }

    #[test]
    fn ranks_and_deciles_are_told_by_whole_words() {
        assert!(of_a_list("IMD_decile") && of_a_list("IMD rank"));
        assert!(!of_a_list("IMD_score") && !of_a_list("Franking"));
    }
}
