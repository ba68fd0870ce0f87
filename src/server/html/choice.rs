//! What the address of a page asks for, and addresses that ask for something near it.

use std::fmt::Write as _;

use crate::incident::CrimeTypes;
use crate::time::Window;

/// What the areas of the map are coloured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Show {
    /// Density of incidents.
    #[default]
    Heat,
    /// Rate of each ward.
    Rate,
    /// Rate of each LSOA.
    Lsoas,
    /// Square cells by the class of their Gi*.
    Cells,
    /// Cells by what has become of them.
    Emerging,
    /// Areas by local Moran's I.
    Moran,
}

impl Show {
    /// Every choice, in the order of the form.
    pub(crate) const ALL: [Self; 6] =
        [Self::Heat, Self::Rate, Self::Lsoas, Self::Cells, Self::Emerging, Self::Moran];

    /// Name in addresses.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Heat => "heat",
            Self::Rate => "rate",
            Self::Lsoas => "lsoas",
            Self::Cells => "cells",
            Self::Emerging => "emerging",
            Self::Moran => "moran",
        }
    }

    /// Layer that holds its figures.
    pub(crate) const fn layer(self) -> &'static str {
        match self {
            Self::Heat | Self::Cells => "cells",
            Self::Rate => "wards",
            other => other.id(),
        }
    }

    /// What it shows, in a sentence.
    pub(crate) const fn about(self) -> &'static str {
        match self {
            Self::Heat => "How many records there are near each place, smoothed.",
            Self::Rate => "Records per 1,000 of each ward.",
            Self::Lsoas => "Records per 1,000 of each LSOA, an area of about 1,500 people.",
            Self::Cells => "250 m squares that stand out from all others (Gi*, q < 0.05).",
            Self::Emerging => {
                "What has become of each square over the months: new, persistent, fading."
            }
            Self::Moran => {
                "Areas alike or unlike their neighbours, beyond chance (local Moran's I)."
            }
        }
    }

    /// Name on screen.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Heat => "Heat",
            Self::Rate => "Ward rate",
            Self::Lsoas => "LSOA rate",
            Self::Cells => "Cells",
            Self::Emerging => "Emerging",
            Self::Moran => "Local Moran",
        }
    }

    /// The choice with this name.
    pub(crate) fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|show| show.id() == id)
    }
}

/// Order of the ward tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Sort {
    /// Highest rate first.
    #[default]
    Rate,
    /// Highest count first.
    Count,
    /// Largest rise first; wards without a comparison last.
    Change,
    /// By name.
    Name,
}

impl Sort {
    /// Every order.
    pub(crate) const ALL: [Self; 4] = [Self::Rate, Self::Count, Self::Change, Self::Name];

    /// Name in addresses.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Rate => "rate",
            Self::Count => "count",
            Self::Change => "change",
            Self::Name => "name",
        }
    }

    /// The order with this name.
    pub(crate) fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.id() == id)
    }
}

/// The one place that is marked in map and table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Picked {
    /// The ward with this code.
    Ward(String),
    /// The hotspot with this number.
    Hotspot(i64),
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
    /// Days of the week that heat is of, as in addresses.
    pub day: Option<String>,
    /// Hours of the day that heat is of, as in addresses.
    pub hour: Option<String>,
    /// Place name looked for.
    pub find: Option<String>,
    /// Longitude, latitude and zoom that the map opens at.
    pub at: Option<String>,
    /// Order of the ward table.
    pub sort: Sort,
    /// Place that is marked.
    pub picked: Option<Picked>,
}

/// Hotspots, names, clusters and halls of an address that says nothing of them.
const AT_FIRST: [bool; 4] = [true, true, false, false];

impl Choice {
    /// These incidents in these months, everything else as it is at first.
    pub(crate) const fn new(types: CrimeTypes, window: Window, source: Option<String>) -> Self {
        Self {
            types,
            window,
            source,
            show: Show::Heat,
            hotspots: true,
            names: true,
            clusters: false,
            venues: false,
            against: None,
            swipe: false,
            day: None,
            hour: None,
            find: None,
            at: None,
            sort: Sort::Rate,
            picked: None,
        }
    }

    /// The part of the address that decides the figures: for layers, tables, tiles and pictures.
    pub(crate) fn data_query(&self) -> String {
        let mut query =
            format!("type={}&from={}&to={}", self.types, self.window.first(), self.window.last());
        if let Some(source) = &self.source {
            write!(query, "&source={}", encoded(source)).expect("writing to a string cannot fail");
        }
        query
    }

    /// Address of the map page with this choice.
    pub(crate) fn map(&self) -> String {
        let mut address = format!("/?{}", self.data_query());
        for (name, value) in self.heat_fields() {
            write!(address, "&{name}={}", encoded(&value))
                .expect("writing to a string cannot fail");
        }
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
        }
        if let Some(at) = &self.at {
            address += "&at=";
            address += at;
        }
        if self.sort != Sort::Rate {
            address += "&sort=";
            address += self.sort.id();
        }
        let picked = match &self.picked {
            Some(Picked::Ward(code)) => format!("&ward={}", encoded(code)),
            Some(Picked::Hotspot(number)) => format!("&hotspot={number}"),
            None => String::new(),
        };
        address + &picked
    }

    /// What of heat is not as at first: names and values of the address.
    pub(crate) fn heat_fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = Vec::new();
        fields.extend(self.against.map(|window| ("against", window.to_string())));
        fields.extend(self.day.clone().map(|day| ("day", day)));
        fields.extend(self.hour.clone().map(|hour| ("hour", hour)));
        fields
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
        if self.sort != Sort::Rate {
            fields.push(("sort", self.sort.id().to_owned()));
        }
        fields
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

/// `text` as one part of an address.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
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
