//! English words that are looked for in what is read; none is shown.

/// What police.uk puts before the name of a street.
pub const NEAR: &str = "On or near ";

/// What police.uk publishes of a record without a place.
pub const NO_LOCATION: &str = "no location";

/// Kinds of place that police.uk publishes in place of a street.
pub const NOT_STREETS: &[&str] = &[
    "airport/airfield",
    "bus/coach station",
    "conference/exhibition centre",
    "ferry terminal",
    "further/higher educational building",
    "hospital",
    "motorway service area",
    "nightclub",
    NO_LOCATION,
    "park/open space",
    "parking area",
    "pedestrian subway",
    "petrol station",
    "police station",
    "prison",
    "race track",
    "shopping area",
    "sports/recreation area",
    "supermarket",
    "theatre/concert hall",
    "train station",
];

/// Words of minutes that stand for crime as a whole.
pub const CRIME: &[&str] = &["crime", "all crime"];

/// Words of minutes that stand for a kind of record whose own name they do not use.
pub const KINDS: &[(&str, &str)] = &[
    ("asb", "anti-social-behaviour"),
    ("antisocial", "anti-social-behaviour"),
    ("nuisance", "anti-social-behaviour"),
    ("off-road bike", "anti-social-behaviour"),
    ("shop theft", "shoplifting"),
    ("shop-lifting", "shoplifting"),
    ("burglar", "burglary"),
    ("graffiti", "criminal-damage-and-arson"),
    ("vandal", "criminal-damage-and-arson"),
    ("damage", "criminal-damage-and-arson"),
    ("drug", "drugs"),
    ("fly-tip", "environmental-crime"),
    ("fly tip", "environmental-crime"),
    ("litter", "environmental-crime"),
    ("bike theft", "bicycle-theft"),
    ("cycle theft", "bicycle-theft"),
    ("car crime", "vehicle-crime"),
    ("vehicle", "vehicle-crime"),
    ("violen", "violence-and-sexual-offences"),
    ("assault", "violence-and-sexual-offences"),
    ("robber", "robbery"),
    ("fire", "deliberate-fire"),
];
