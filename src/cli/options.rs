//! A statistic's options as flags, made from its own defaults: nothing has to be said twice.

use anyhow::anyhow;
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::{Map, Value};

use crate::hint::Hint;
use crate::stats::AnyStatistic;

/// `command` with one flag for each option of `statistic`; the help shows each default.
pub(super) fn with_options(mut command: Command, statistic: &dyn AnyStatistic) -> Command {
    let Value::Object(defaults) = statistic.default_options() else { return command };
    for (name, default) in defaults {
        // A name that the command has already goes with a word before it.
        let taken = command.get_arguments().any(|arg| arg.get_id() == name.as_str());
        let name = if taken { format!("option-{name}") } else { name };
        // Flags live as long as the program, and so do the names of options.
        let name: &'static str = name.leak();
        let shown = match &default {
            Value::Null => "not set unless given".to_owned(),
            Value::String(word) => format!("default: {word}"),
            other => format!("default: {other}"),
        };
        command = command.arg(
            Arg::new(name)
                .long(name)
                .value_name(kind(&default))
                .help(shown)
                .help_heading("Options of the statistic")
                .allow_hyphen_values(true)
                .action(ArgAction::Set),
        );
    }
    command
}

fn kind(default: &Value) -> &'static str {
    match default {
        Value::Bool(_) => "true|false",
        Value::Number(_) => "NUMBER",
        Value::Array(_) => "A,B,...",
        Value::Object(_) => "JSON",
        Value::String(_) | Value::Null => "VALUE",
    }
}

/// The options that were given as flags, as JSON of the same kinds as the defaults.
///
/// # Errors
///
/// If a value is not of the kind its option takes; the statistic itself checks the rest.
pub(super) fn given(statistic: &dyn AnyStatistic, flags: &ArgMatches) -> anyhow::Result<Value> {
    let mut options = Map::new();
    let Value::Object(defaults) = statistic.default_options() else {
        return Ok(Value::Object(options));
    };
    for (name, default) in defaults {
        let other = format!("option-{name}");
        let text = [other.as_str(), name.as_str()]
            .into_iter()
            .find_map(|name| flags.try_get_one::<String>(name).ok().flatten());
        if let Some(text) = text {
            let value = parse(text, &default).ok_or_else(|| {
                let wanted = kind(&default);
                anyhow!("--{name} of {} is `{text}`; wanted {wanted}", statistic.id())
                    .context(Hint(format!("wardheat analyse {} --help lists them", statistic.id())))
            })?;
            options.insert(name, value);
        }
    }
    Ok(Value::Object(options))
}

/// `text` as a value of the same kind as `default`.
fn parse(text: &str, default: &Value) -> Option<Value> {
    let json = || serde_json::from_str::<Value>(text).ok();
    match default {
        Value::Bool(_) => json().filter(Value::is_boolean),
        Value::Number(_) => json().filter(Value::is_number),
        Value::Object(_) => json().filter(Value::is_object),
        Value::Array(items) => Some(Value::Array(
            text.split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(|item| match items.first() {
                    Some(first) => parse(item, first),
                    None => Some(parse(item, &Value::Null).unwrap_or(Value::Null)),
                })
                .collect::<Option<_>>()?,
        )),
        Value::String(_) => Some(Value::String(text.to_owned())),
        // An option that is not set by default may be of any kind: a number if it reads as one.
        Value::Null => {
            Some(json().filter(|v| !v.is_null()).unwrap_or_else(|| Value::String(text.to_owned())))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_take_the_kind_of_their_default() {
        assert_eq!(parse("0.1", &json!(0.05)), Some(json!(0.1)));
        assert_eq!(parse("9999", &json!(99)), Some(json!(9999)));
        assert_eq!(parse("quartic", &json!("gaussian")), Some(json!("quartic")));
        assert_eq!(parse("0.25, 0.5", &json!([0.8])), Some(json!([0.25, 0.5])));
        assert_eq!(parse("true", &json!(false)), Some(json!(true)));
        assert_eq!(parse("7", &json!(null)), Some(json!(7)));
        assert_eq!(parse("at-risk", &json!(null)), Some(json!("at-risk")));
    }

    #[test]
    fn a_value_of_another_kind_is_refused() {
        assert_eq!(parse("many", &json!(99)), None);
        assert_eq!(parse("1,x", &json!([0.8])), None);
        assert_eq!(parse("yes", &json!(false)), None);
    }
}
