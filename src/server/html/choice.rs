//! What the address of a page asks for, and addresses that ask for something near it.

use std::fmt::Write as _;

use super::show::{Show, Sort};
use crate::incident::CrimeTypes;
use crate::pipeline::{AnalysisRequest, AreaChoice, CellSizes};
use crate::time::{HoursOfWeek, Window};

/// The one place that is marked in map and table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Picked {
    /// The ward with this code.
    Ward(String),
    /// The hotspot with this number.
    Hotspot(i64),
    /// The cell, area, cluster or hall with this id, which the live map alone can mark.
    Unit(String),
}

/// Everything a page's address holds. The same address gives the same page.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a box of the form, on or off by itself")]
pub(crate) struct Choice {
    /// Which incidents.
    pub types: CrimeTypes,
    /// Which months.
    pub window: Window,
    /// Only this source.
    pub source: Option<String>,
    /// Settings of the analysis that are not as they are at first: names and values of the address.
    pub method: Vec<(&'static str, String)>,
    /// Options of the layer that is shown, in the same way.
    pub options: Vec<(&'static str, String)>,
    /// What the map shows.
    pub show: Show,
    /// Whether hotspots are outlined.
    pub hotspots: bool,
    /// Whether wards are named.
    pub names: bool,
    /// Whether scan clusters are outlined.
    pub clusters: bool,
    /// Whether halls are marked.
    pub venues: bool,
    /// Months that heat is compared with.
    pub against: Option<Window>,
    /// Whether the two windows stand side by side under a slider instead of as a difference.
    pub swipe: bool,
    /// Share of the map under the slider that shows the first window, in per cent.
    pub split: u32,
    /// Which hours of the week.
    pub hours: HoursOfWeek,
    /// Place name looked for.
    pub find: Option<String>,
    /// Longitude, latitude and zoom that the map opens at.
    pub at: Option<String>,
    /// Order of the ward table.
    pub sort: Sort,
    /// Place that is marked.
    pub picked: Option<Picked>,
    /// The reader's own area.
    pub area: Option<AreaChoice>,
}

/// Hotspots, names, clusters and halls of an address that says nothing of them.
const AT_FIRST: [bool; 4] = [true, true, false, false];

/// Where the slider stands at first, in per cent.
pub(crate) const HALF: u32 = 50;

impl Choice {
    /// These incidents in these months, everything else as it is at first.
    pub(crate) fn new(types: CrimeTypes, window: Window, source: Option<String>) -> Self {
        Self {
            types,
            window,
            source,
            method: Vec::new(),
            options: Vec::new(),
            show: Show::Heat,
            hotspots: true,
            names: true,
            clusters: false,
            venues: false,
            against: None,
            swipe: false,
            split: HALF,
            hours: HoursOfWeek::default(),
            find: None,
            at: None,
            sort: Sort::Rate,
            picked: None,
            area: None,
        }
    }

    /// The part of the address that decides the figures: for layers, tables, tiles and pictures.
    pub(crate) fn data_query(&self) -> String {
        let mut query =
            format!("type={}&from={}&to={}", self.types, self.window.first(), self.window.last());
        if let Some(source) = &self.source {
            write!(query, "&source={}", encoded(source)).expect("writing to a string cannot fail");
        }
        append(&mut query, self.hours.pairs());
        append(&mut query, self.method.iter().cloned());
        query
    }

    /// Address of the layer `file` (`moran.geojson`) with the options it was asked for with.
    pub(crate) fn layer(&self, file: &str) -> String {
        let mut address = self.data(&format!("/layers/{file}"));
        append(&mut address, self.options.iter().cloned());
        address
    }

    /// `address` with the options of layers and the reader's own area.
    pub(crate) fn with_options(&self, mut address: String) -> String {
        append(&mut address, self.options.iter().cloned());
        append(&mut address, self.area.iter().map(|area| ("area", area.to_string())));
        address
    }

    /// Address of the figures of the reader's own area in `file` (`months.csv`), where there is one.
    pub(crate) fn area_file(&self, file: &str) -> Option<String> {
        let area = self.area.as_ref()?.to_string();
        let mut address = self.data(&format!("/area/{file}"));
        append(&mut address, [("area", area)]);
        Some(address)
    }

    /// Address of the map page with this choice.
    pub(crate) fn map(&self) -> String {
        let mut address = format!("/?{}", self.data_query());
        append(&mut address, self.against.map(|window| ("against", window.to_string())));
        append(&mut address, self.options.iter().cloned());
        let marks = [
            ("hotspots", self.hotspots),
            ("names", self.names),
            ("clusters", self.clusters),
            ("venues", self.venues),
        ];
        let as_at_first = self.show == Show::Heat && marks.map(|mark| mark.1) == AT_FIRST;
        if !as_at_first {
            address += "&show=";
            address += self.show.id();
            for (name, _) in marks.into_iter().filter(|mark| mark.1) {
                address = address + "&" + name + "=on";
            }
        }
        if self.swipe && self.against.is_some() {
            address += "&as=swipe";
            append(&mut address, (self.split != HALF).then(|| ("split", self.split.to_string())));
        }
        append(&mut address, self.at.iter().map(|at| ("at", at.clone())));
        append(&mut address, self.find.iter().map(|find| ("find", find.clone())));
        append(&mut address, self.area.iter().map(|area| ("area", area.to_string())));
        if self.sort != Sort::Rate {
            address += "&sort=";
            address += self.sort.id();
        }
        let picked = match &self.picked {
            Some(Picked::Ward(code)) => format!("&ward={}", encoded(code)),
            Some(Picked::Hotspot(number)) => format!("&hotspot={number}"),
            Some(Picked::Unit(id)) => format!("&unit={}", encoded(id)),
            None => String::new(),
        };
        address + &picked
    }

    /// The months and hours in words.
    pub(crate) fn when(&self) -> String {
        self.hours.of_window(&self.window.label())
    }

    /// Address of the page of all wards.
    pub(crate) fn wards(&self) -> String {
        let mut address = format!("/wards?{}", self.data_query());
        if self.sort != Sort::Rate {
            address += "&sort=";
            address += self.sort.id();
        }
        address
    }

    /// The figures and the order as fields of a form, which would else forget them.
    pub(crate) fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = vec![
            ("type", self.types.to_string()),
            ("from", self.window.first().to_string()),
            ("to", self.window.last().to_string()),
        ];
        fields.extend(self.source.clone().map(|source| ("source", source)));
        fields.extend(self.hours.pairs());
        fields.extend(self.method.iter().cloned());
        if self.sort != Sort::Rate {
            fields.push(("sort", self.sort.id().to_owned()));
        }
        fields
    }

    /// Everything the address of the map holds, as fields of a form.
    pub(crate) fn map_fields(&self) -> Vec<(String, String)> {
        let address = self.map();
        let query = address.split_once('?').map_or("", |(_, query)| query);
        form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }

    /// Address of one ward's page.
    pub(crate) fn ward(&self, code: &str) -> String {
        format!("/wards/{}?{}", encoded(code), self.data_query())
    }

    /// Address of data below `path` (`/layers/wards.geojson`) for this choice.
    pub(crate) fn data(&self, path: &str) -> String {
        format!("{path}?{}", self.data_query())
    }

    /// The same in another order.
    #[must_use]
    pub(crate) fn sorted(&self, sort: Sort) -> Self {
        Self { sort, ..self.clone() }
    }

    /// The same with another place marked, or none.
    #[must_use]
    pub(crate) fn with_picked(&self, picked: Option<Picked>) -> Self {
        Self { picked, ..self.clone() }
    }

    /// The same over other months; a hotspot's number means nothing there, so it is dropped.
    #[must_use]
    pub(crate) fn over(&self, window: Window) -> Self {
        let picked = self.picked.clone().filter(|picked| matches!(picked, Picked::Ward(_)));
        let against = self.against.filter(|against| *against != window);
        Self { window, against, picked, ..self.clone() }
    }

    /// The same at every hour.
    #[must_use]
    pub(crate) fn at_any_hour(&self) -> Self {
        Self { hours: HoursOfWeek::default(), ..self.clone() }
    }

    /// The same for other incidents.
    #[must_use]
    pub(crate) fn of(&self, types: CrimeTypes) -> Self {
        Self { types, ..self.over(self.window) }
    }

    /// Whether this ward is marked.
    pub(crate) fn has_picked_ward(&self, code: &str) -> bool {
        matches!(&self.picked, Some(Picked::Ward(picked)) if picked == code)
    }

    /// Whether this hotspot is marked.
    pub(crate) fn has_picked_hotspot(&self, number: i64) -> bool {
        self.picked == Some(Picked::Hotspot(number))
    }
}

/// Adds these names and values to an address that has some already.
fn append(address: &mut String, fields: impl IntoIterator<Item = (&'static str, String)>) {
    for (name, value) in fields {
        write!(address, "&{name}={}", encoded(&value)).expect("writing to a string cannot fail");
    }
}

/// Settings of `request` that are not as they are at first in data of these cells, as an address
/// has them.
pub(crate) fn method_fields(
    request: &AnalysisRequest,
    sizes: CellSizes,
) -> Vec<(&'static str, String)> {
    let first = AnalysisRequest::default();
    let mut fields = Vec::new();
    let mut number = |name, value: f64, first: f64| {
        if (value - first).abs() > 1e-12 {
            fields.push((name, value.to_string()));
        }
    };
    number("cell", request.cell().get(), sizes.usual.get());
    number("bandwidth", request.bandwidth.get(), first.bandwidth.get());
    number("alpha", request.alpha, first.alpha);
    if request.family != first.family {
        fields.push(("family", request.family.id().to_owned()));
    }
    fields
}

/// `text` as one part of an address.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~,:".contains(&byte) {
            out.push(byte as char);
        } else {
            write!(out, "%{byte:02X}").expect("writing to a string cannot fail");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice() -> Choice {
        Choice::new(
            "burglary".parse().unwrap(),
            "2025-01..2025-12".parse().unwrap(),
            Some("police & fire".to_owned()),
        )
    }

    #[test]
    fn what_is_as_at_first_stays_out_of_the_address() {
        assert_eq!(
            choice().map(),
            "/?type=burglary&from=2025-01&to=2025-12&source=police%20%26%20fire"
        );
    }

    #[test]
    fn marks_that_are_off_are_left_out_beside_show() {
        let choice = Choice { names: false, source: None, ..choice() };

        assert!(choice.map().ends_with("&show=heat&hotspots=on"), "{}", choice.map());
    }

    #[test]
    fn other_months_keep_the_ward_and_drop_the_hotspot() {
        let other = "2024-01".parse().unwrap();
        let ward = choice().with_picked(Some(Picked::Ward("E05".to_owned())));
        let hotspot = choice().with_picked(Some(Picked::Hotspot(2)));

        assert!(ward.over(other).has_picked_ward("E05"));
        assert_eq!(hotspot.over(other).picked, None);
    }
}
