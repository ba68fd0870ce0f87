//! A statistic's options as flags, made from its own defaults: nothing has to be said twice.

use std::fmt::Write as _;

use anyhow::anyhow;
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::{Map, Value};

use crate::hint::Hint;
use crate::stats::{AnyStatistic, OptionKind, StatOption};

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
                .help_heading("Options of the statistic")
                .allow_hyphen_values(true)
                .action(ArgAction::Set),
        );
    }
    command
}

/// What an option does, its default, and the words that it may be.
pub(super) fn meaning(option: &StatOption) -> String {
    let default = match &option.default {
        Value::Null => "not set unless given".to_owned(),
        Value::String(word) => format!("default: {word}"),
        other => format!("default: {other}"),
    };
    let words = option.choices.iter().fold(String::new(), |mut text, choice| {
        let _ = write!(text, "\n- {}: {}", choice.word, choice.about);
        text
    });
    format!("{} [{default}]{words}", option.about)
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
            let value = parse(text, option.kind).ok_or_else(|| {
                let (name, wanted) = (&option.name, form(option.kind));
                anyhow!("--{name} of {} is `{text}`; wanted {wanted}", statistic.id())
                    .context(Hint(format!("wardheat analyse {} --help lists them", statistic.id())))
            })?;
            options.insert(option.name, value);
        }
    }
    Ok(Value::Object(options))
}

/// `text` as a value of this kind.
fn parse(text: &str, kind: OptionKind) -> Option<Value> {
    let json = || serde_json::from_str::<Value>(text).ok();
    match kind {
        OptionKind::Boolean => json().filter(Value::is_boolean),
        OptionKind::Integer | OptionKind::Number => json().filter(Value::is_number),
        OptionKind::Object => json().filter(Value::is_object),
        OptionKind::String => Some(Value::String(text.to_owned())),
        OptionKind::Array => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            // What a list is of shows in how its items are written: shares are numbers.
            let item = |item: &str| serde_json::from_str(item).ok().filter(Value::is_number);
            items.map(item).collect::<Option<_>>().map(Value::Array)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_take_the_kind_of_their_option() {
        assert_eq!(parse("0.1", OptionKind::Number), Some(json!(0.1)));
        assert_eq!(parse("9999", OptionKind::Integer), Some(json!(9999)));
        assert_eq!(parse("quartic", OptionKind::String), Some(json!("quartic")));
        assert_eq!(parse("7", OptionKind::String), Some(json!("7")));
        assert_eq!(parse("0.25, 0.5", OptionKind::Array), Some(json!([0.25, 0.5])));
        assert_eq!(parse("true", OptionKind::Boolean), Some(json!(true)));
    }

    #[test]
    fn a_value_of_another_kind_is_refused() {
        assert_eq!(parse("many", OptionKind::Integer), None);
        assert_eq!(parse("1,x", OptionKind::Array), None);
        assert_eq!(parse("yes", OptionKind::Boolean), None);
    }
}
