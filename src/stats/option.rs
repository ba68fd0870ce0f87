//! What the options of a statistic are, read from its options type: nothing is said twice.

use serde::Serialize;
use serde_json::Value;

use super::english::method as say;

/// One option of a statistic, as help, forms and documents show it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StatOption {
    /// Name in JSON and on the command line.
    pub name: String,
    /// What it does, in a sentence.
    pub about: String,
    /// Its value where none is given; `null` where it is then not set.
    pub default: Value,
    /// What is written for it.
    pub kind: OptionKind,
    /// The words that it may be, each with its meaning; empty where it is a number or free text.
    pub choices: Vec<OptionWord>,
}

/// What is written for an option, as the types of JSON have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OptionKind {
    /// Yes or no.
    Boolean,
    /// A number without decimals.
    Integer,
    /// Any number.
    Number,
    /// A word or a name.
    String,
    /// Several of them.
    Array,
    /// Named parts.
    Object,
}

impl OptionKind {
    /// What is written for it, in words.
    pub const fn in_words(self) -> &'static str {
        say::option(self)
    }

    /// `text` as a value of this kind; `None` if it is of another.
    pub fn read(self, text: &str) -> Option<Value> {
        let json = || serde_json::from_str::<Value>(text).ok();
        match self {
            Self::Boolean => json().filter(Value::is_boolean),
            Self::Integer | Self::Number => json().filter(Value::is_number),
            Self::Object => json().filter(Value::is_object),
            Self::String => Some(Value::String(text.to_owned())),
            Self::Array => {
                let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
                // What a list is of shows in how its items are written: shares are numbers.
                let item = |item: &str| serde_json::from_str(item).ok().filter(Value::is_number);
                items.map(item).collect::<Option<_>>().map(Value::Array)
            }
        }
    }
}

/// One of the words that an option may be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OptionWord {
    /// As it is written.
    pub word: String,
    /// What it stands for.
    pub about: String,
}

/// The options of the type `T`, in the order it declares them.
pub(super) fn options_of<T: schemars::JsonSchema + Serialize + Default>() -> Vec<StatOption> {
    let settings = schemars::generate::SchemaSettings::default()
        .with(|settings| settings.inline_subschemas = true);
    let schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    let defaults = serde_json::to_value(T::default()).unwrap_or(Value::Null);
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return Vec::new();
    };
    let option = |(name, property): (&String, &Value)| StatOption {
        name: name.clone(),
        about: about(property),
        default: defaults.get(name).cloned().unwrap_or(Value::Null),
        kind: kind(property).unwrap_or(OptionKind::String),
        choices: words(property),
    };
    properties.iter().map(option).collect()
}

/// The first paragraph of what is written about a schema, on one line.
fn about(schema: &Value) -> String {
    let text = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    let paragraph = text.split("\n\n").next().unwrap_or_default();
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ").replace('`', "")
}

/// What a schema asks for, leaving aside that it may be left out.
fn kind(schema: &Value) -> Option<OptionKind> {
    let named = |name: &Value| {
        Some(match name.as_str()? {
            "boolean" => OptionKind::Boolean,
            "integer" => OptionKind::Integer,
            "number" => OptionKind::Number,
            "string" => OptionKind::String,
            "array" => OptionKind::Array,
            "object" => OptionKind::Object,
            _ => return None,
        })
    };
    let list = |key: &str| schema.get(key).and_then(Value::as_array).into_iter().flatten();
    let itself = schema.get("type").and_then(named);
    itself.or_else(|| list("type").find_map(named)).or_else(|| list("anyOf").find_map(kind))
}

/// The words a schema allows: of an enumeration, also where it may be left out.
fn words(schema: &Value) -> Vec<OptionWord> {
    let list = |key: &str| schema.get(key).and_then(Value::as_array).into_iter().flatten();
    let word = |text: &Value, about: String| {
        text.as_str().map(|word| OptionWord { word: word.to_owned(), about })
    };
    let itself = schema.get("const").and_then(|text| word(text, about(schema)));
    let plain = list("enum").filter_map(|text| word(text, String::new()));
    let nested = ["oneOf", "anyOf"].into_iter().flat_map(list).flat_map(words);
    itself.into_iter().chain(plain).chain(nested).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::stats::STATISTICS;

    #[test]
    fn every_option_says_what_it_does_and_every_word_what_it_means() {
        for statistic in STATISTICS {
            let defaults = statistic.default_options();
            let names: Vec<&String> = defaults.as_object().unwrap().keys().collect();
            let options = statistic.options();

            assert_eq!(options.iter().map(|o| &o.name).collect::<Vec<_>>(), names);
            for option in options {
                let at = format!("{} --{}", statistic.id(), option.name);
                assert!(option.about.len() > 10, "{at} says `{}`", option.about);
                for word in &option.choices {
                    assert!(word.about.len() > 3, "{at} {} says `{}`", word.word, word.about);
                }
                for text in option.choices.iter().map(|w| &w.about).chain([&option.about]) {
                    assert!(!text.contains("[`") && !text.contains("::"), "{at}: {text}");
                }
                if let (Some(default), false) = (option.default.as_str(), option.choices.is_empty())
                {
                    let known = option.choices.iter().any(|word| word.word == default);
                    assert!(known, "{at}: {default} is none of its words");
                }
            }
        }
    }

    #[test]
    fn values_take_the_kind_of_their_option() {
        assert_eq!(OptionKind::Number.read("0.1"), Some(json!(0.1)));
        assert_eq!(OptionKind::Integer.read("9999"), Some(json!(9999)));
        assert_eq!(OptionKind::String.read("quartic"), Some(json!("quartic")));
        assert_eq!(OptionKind::String.read("7"), Some(json!("7")));
        assert_eq!(OptionKind::Array.read("0.25, 0.5"), Some(json!([0.25, 0.5])));
        assert_eq!(OptionKind::Boolean.read("true"), Some(json!(true)));
    }

    #[test]
    fn a_value_of_another_kind_is_refused() {
        assert_eq!(OptionKind::Integer.read("many"), None);
        assert_eq!(OptionKind::Array.read("1,x"), None);
        assert_eq!(OptionKind::Boolean.read("yes"), None);
    }
}
