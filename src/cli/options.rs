//! A statistic's options as flags, made from its own defaults: nothing has to be said twice.

use std::fmt::Write as _;

use anyhow::anyhow;
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::{Map, Value};

use crate::hint::Hint;
use crate::stats::{AnyStatistic, OptionKind, StatOption};

use super::english as say;

/// `command` with one flag for each option of `statistic`; the help shows each meaning and default.
pub(super) fn with_options(mut command: Command, statistic: &dyn AnyStatistic) -> Command {
    for option in statistic.options() {
        // A name that the command has already goes with a word before it.
        let taken = command.get_arguments().any(|arg| arg.get_id() == option.name.as_str());
        let name = if taken { format!("option-{}", option.name) } else { option.name.clone() };
        // Flags live as long as the program, and so do the names of options.
        let name: &'static str = name.leak();
        command = command.arg(
            Arg::new(name)
                .long(name)
                .value_name(form(option.kind))
                .help(meaning(&option))
                .help_heading(say::OPTIONS_OF_STATISTIC)
                .allow_hyphen_values(true)
                .action(ArgAction::Set),
        );
    }
    command
}

/// What an option does, its default, and the words that it may be.
pub(super) fn meaning(option: &StatOption) -> String {
    let default = match &option.default {
        Value::Null => say::NOT_SET.to_owned(),
        Value::String(word) => say::default(word),
        other => say::default(other),
    };
    let words = option.choices.iter().fold(String::new(), |mut text, choice| {
        let _ = write!(text, "\n- {}: {}", choice.word, choice.about);
        text
    });
    format!("{}{words}", say::option(&option.about, &default))
}

/// How a value is written.
pub(super) fn form(kind: OptionKind) -> &'static str {
    match kind {
        OptionKind::Boolean => "true|false",
        OptionKind::Integer | OptionKind::Number => "NUMBER",
        OptionKind::Array => "A,B,...",
        OptionKind::Object => "JSON",
        OptionKind::String => "VALUE",
    }
}

/// The options that were given as flags, as JSON of the kinds they take.
///
/// # Errors
///
/// If a value is not of the kind its option takes; the statistic itself checks the rest.
pub(super) fn given(statistic: &dyn AnyStatistic, flags: &ArgMatches) -> anyhow::Result<Value> {
    let mut options = Map::new();
    for option in statistic.options() {
        let other = format!("option-{}", option.name);
        let text = [other.as_str(), option.name.as_str()]
            .into_iter()
            .find_map(|name| flags.try_get_one::<String>(name).ok().flatten());
        if let Some(text) = text {
            let value = option.kind.read(text).ok_or_else(|| {
                let (name, wanted) = (&option.name, form(option.kind));
                anyhow!("--{name} of {} is `{text}`; wanted {wanted}", statistic.id())
                    .context(Hint(format!("wardheat analyse {} --help lists them", statistic.id())))
            })?;
            options.insert(option.name, value);
        }
    }
    Ok(Value::Object(options))
}
