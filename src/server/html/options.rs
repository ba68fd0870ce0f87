//! How the figures are made: every setting that can be changed, with what it means.

use maud::{Markup, html};

use super::choice::Choice;
use super::english::options as say;
use super::frame::Site;
use super::show::Show;
use crate::pipeline::{BANDWIDTHS, CELLS, MORE_LAYERS, MoreLayer};
use crate::server::query::ALPHAS;
use crate::stats::{AnyStatistic, STATISTICS, statistic};

/// One setting: its values (with the one that stands for "as at first" empty) and what it means.
struct Setting {
    name: &'static str,
    label: &'static str,
    about: String,
    values: Vec<(String, String)>,
    chosen: String,
}

/// The settings, folded away.
pub(super) fn options(site: &Site<'_>, choice: &Choice) -> Markup {
    let analysis = analysis(site, choice);
    let layers: Vec<&MoreLayer> = MORE_LAYERS
        .iter()
        .filter(|layer| site.more.contains(&layer.id) && !layer.options().is_empty())
        .collect();
    let open = !choice.method.is_empty() || !choice.options.is_empty();
    html! {
        details class="about options" open[open] data-key="method" {
            summary { (say::METHOD) }
            div data-part="options" {
                @for setting in &analysis { (field(setting)) }
                @for name in names(choice, &layers) {
                    (field(&of_layers(choice, &layers, name)))
                }
            }
            @if site.statistics {
                p class="note" { a href={ "/statistics?" (choice.data_query()) } { (say::all(STATISTICS.len())) } }
            }
        }
    }
}

fn field(setting: &Setting) -> Markup {
    let id = format!("about-{}", setting.name);
    html! {
        label class="fld" {
            span { (setting.label) }
            select name=(setting.name) data-key=(setting.name) aria-describedby=(id) {
                @for (value, label) in &setting.values {
                    option value=(value) selected[*value == setting.chosen] { (label) }
                }
            }
        }
        p class="note options__about" id=(id) { (setting.about) }
    }
}

fn chosen(fields: &[(&'static str, String)], name: &str) -> String {
    let found = fields.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

/// Numbers with a unit, the default's value empty, so that it stays out of the address.
fn numbers(known: &[f64], first: f64, unit: &str) -> Vec<(String, String)> {
    let value = |number: f64| {
        let same = (number - first).abs() < 1e-12;
        if same { String::new() } else { number.to_string() }
    };
    known.iter().map(|&number| (value(number), format!("{number}{unit}"))).collect()
}

/// Settings of heat and hotspots; what they mean begins with what their statistic says of itself.
fn analysis(site: &Site<'_>, choice: &Choice) -> Vec<Setting> {
    let about = |id: &str| statistic(id).map(AnyStatistic::about).unwrap_or_default();
    let finest = site.cells.finest.get();
    let cells: Vec<f64> = CELLS.into_iter().map(f64::from).filter(|&cell| cell >= finest).collect();
    let method = &choice.method;
    vec![
        Setting {
            name: "bandwidth",
            label: say::BANDWIDTH,
            about: format!("{} {}", about("kde"), say::BANDWIDTH_IS),
            values: numbers(&BANDWIDTHS.map(f64::from), 300.0, " m"),
            chosen: chosen(method, "bandwidth"),
        },
        Setting {
            name: "cell",
            label: say::CELL,
            about: say::CELL_IS.to_owned(),
            values: numbers(&cells, site.cells.usual.get(), " m"),
            chosen: chosen(method, "cell"),
        },
        Setting {
            name: "family",
            label: say::FAMILY,
            about: about("gi-star").to_owned(),
            values: vec![
                (String::new(), say::AT_RISK.to_owned()),
                ("all".to_owned(), say::ALL.to_owned()),
            ],
            chosen: chosen(method, "family"),
        },
        Setting {
            name: "alpha",
            label: say::ALPHA,
            about: say::ALPHA_IS.to_owned(),
            values: numbers(&ALPHAS, 0.05, ""),
            chosen: chosen(method, "alpha"),
        },
    ]
}

/// Names of options that any of the layers has, once each; without those that say nothing as the others
/// are chosen.
fn names(choice: &Choice, layers: &[&MoreLayer]) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = Vec::new();
    for option in layers.iter().flat_map(|layer| layer.options()) {
        let says =
            option.only_with.is_none_or(|(name, value)| chosen(&choice.options, name) == value);
        if says && !names.contains(&option.id) {
            names.push(option.id);
        }
    }
    names
}

/// One option of all layers that have it. The same value can be the default of one layer and not of
/// another: "as recommended" leaves it to each.
fn of_layers(choice: &Choice, layers: &[&MoreLayer], name: &'static str) -> Setting {
    let having = || {
        layers.iter().filter_map(|layer| {
            Some((*layer, layer.options().iter().find(|option| option.id == name)?))
        })
    };
    let mut values = vec![(String::new(), say::AS_RECOMMENDED.to_owned())];
    for (value, label) in having().flat_map(|(_, option)| option.values) {
        if values.iter().all(|(known, _)| known != value) {
            values.push(((*value).to_owned(), (*label).to_owned()));
        }
    }
    let of: Vec<&str> = having().map(|(layer, _)| shown_as(layer)).collect();
    let first = having().next();
    Setting {
        name,
        label: first.map_or("", |(_, option)| option.label),
        about: say::of(
            &first.map_or(String::new(), |(layer, option)| layer.option_about(option)),
            &of.join(", "),
        ),
        values,
        chosen: chosen(&choice.options, name),
    }
}

fn shown_as(layer: &MoreLayer) -> &'static str {
    Show::from_id(layer.id).map_or(layer.title, Show::label)
}

#[cfg(test)]
mod tests {
    use super::super::sample::{choice, site};
    use super::*;

    #[test]
    fn an_option_of_months_is_offered_where_clusters_are_sought_over_months() {
        let offers =
            |choice: &Choice| options(&site(), choice).into_string().contains("name=\"longest\"");
        let over_time = Choice { options: vec![("over-time", "true".to_owned())], ..choice() };

        assert!(!offers(&choice()));
        assert!(offers(&over_time));
    }
}
