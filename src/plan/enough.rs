//! Whether so many sites can cover enough: a choice that does, or proof that none can.

use super::branch::{Effort, Found};
use super::covering::Covering;
use super::rules::Rules;
use super::search::Task;

/// Rounds of the bound at the root: hundreds of sites take longer to settle than a dozen.
const ROUNDS: usize = 3_000;

/// What is known of covering enough with so many sites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Enough {
    /// These sites do.
    With(Vec<usize>),
    /// No sites do.
    Never,
    /// The work ran out.
    Unknown,
}

/// Whether `k` sites cover `goal` of a demand that is counted in whole numbers.
///
/// Only choices that cover `goal` are looked for: whatever can cover half a one less at most is cut
/// off, so that this is known far sooner than which choice covers most.
pub(super) fn covers(
    covering: &Covering,
    k: usize,
    goal: u64,
    effort: Effort,
    seed: u64,
) -> Enough {
    let rules = Rules::default();
    let (task, short) = task(covering, &rules, k, goal);
    let (relaxed, fixed) = task.relax_from(task.root(), short);
    if relaxed.bound <= short + task.tolerance {
        return Enough::Never;
    }
    let ((chosen, value), _) = task.rounded(&relaxed, true);
    if value >= task.goal {
        return Enough::With(chosen);
    }
    let (chosen, value) = task.many_starts(effort.starts, seed);
    if value >= task.goal {
        return Enough::With(chosen);
    }
    let first = Found { chosen: Vec::new(), value: short, bound: relaxed.bound, nodes: 1 };
    let found = task.prove(first, fixed, &relaxed.multipliers, effort);
    if found.value >= task.goal {
        Enough::With(found.chosen)
    } else if found.bound <= short + task.tolerance {
        Enough::Never
    } else {
        Enough::Unknown
    }
}

/// Whether the bound at the root alone tells that `k` sites never cover `goal`.
pub(super) fn is_too_few(covering: &Covering, k: usize, goal: u64) -> bool {
    let rules = Rules::default();
    let (task, short) = task(covering, &rules, k, goal);
    task.relax_from(task.root(), short).0.bound <= short + task.tolerance
}

/// The task, and what choices that do not cover enough are worth at most.
fn task<'a>(covering: &'a Covering, rules: &'a Rules, k: usize, goal: u64) -> (Task<'a>, f64) {
    let mut task = Task::new(covering, rules, k);
    task.goal = goal as f64 - 0.25;
    task.root_rounds = ROUNDS;
    (task, goal as f64 - 0.5)
}
