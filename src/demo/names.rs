//! Invented names: plausible English, chosen so as not to be those of real towns or wards.

use super::geography::{Lsoa, Ward, Zone};
use super::random::Stream;

const CENTRE: &[&str] = &["Quayside and Minster", "Corn Cross", "Staithe Street", "Old Ropery"];
const TERRACES: &[&str] = &[
    "Harrowgate Mill",
    "Tannery Row",
    "Foundry Bank",
    "Lady Osyth",
    "Cobblegate",
    "Hopewell Park",
    "Engine Sheds",
    "Tollgate and Glebe",
    "Lockkeeper",
    "Saint Wendred",
    "Malthouse",
    "Jubilee Field",
];
const SUBURB: &[&str] = &[
    "Brackenfold",
    "Wexmoor Lodge",
    "Orlesby Hall",
    "Fallowgarth",
    "Larkmoor",
    "Thornsett Grange",
    "Kestrel Leys",
    "Hallowfield",
    "Pinder's Carr",
    "Meadowgate West",
    "Ashlar Heath",
    "Copsewick",
    "Wharram Leas",
    "Quarry Moor",
    "Nether Fenny",
    "Sallow Green",
];
const RESORT: &[&str] =
    &["Marram Sands", "Marram Pier", "Marram Dene", "Marram Links", "Marram Haven"];
const TOWN: &[&str] = &[
    "Oxmarket North",
    "Oxmarket South",
    "Skelderwick",
    "Skelderwick Bridge",
    "Oxmarket Abbey",
    "Oxmarket Fields",
];
const RURAL: &[&str] = &[
    "Saltern Levels",
    "Cold Brayby and Wolds",
    "Fenny Ings",
    "Ormsgarth",
    "Long Drove",
    "Eastmarsh Villages",
    "Holmsey and the Carrs",
    "Rushby Commons",
    "Wold Edge",
    "Seadyke",
    "Reedholme Parishes",
    "Beckside Vale",
];

/// Names of the main town and of the lesser places, in the order of the land's settlements.
pub(super) const SETTLEMENTS: &[&str] = &[
    "Fennmouth",
    "Marram Sands",
    "Oxmarket",
    "Skelderwick",
    "Seadyke",
    "Cold Brayby",
    "Ormsgarth",
    "Rushby",
    "Fenny Ings",
];

/// Names every ward after the kind of place most of its people live in.
pub(super) fn wards(seed: u64, wards: &mut [Ward], lsoas: &[Lsoa]) {
    let mut stream = Stream::new(seed, "ward names");
    let mut shuffled = |names: &[&'static str]| {
        let mut names = names.to_vec();
        stream.shuffle(&mut names);
        names
    };
    let mut centre = shuffled(CENTRE);
    let mut terraces = shuffled(TERRACES);
    let mut suburb = shuffled(SUBURB);
    let mut resort = shuffled(RESORT);
    let mut town = shuffled(TOWN);
    let mut rural = shuffled(RURAL);
    for ward in wards {
        let in_zone = |zone: Zone| -> u32 {
            ward.lsoas.iter().filter(|&&l| lsoas[l].zone == zone).map(|&l| lsoas[l].residents).sum()
        };
        let lists: [(u32, &mut Vec<&'static str>); 6] = [
            (in_zone(Zone::Centre) * 2, &mut centre),
            (in_zone(Zone::Terraces), &mut terraces),
            (in_zone(Zone::Suburb), &mut suburb),
            (in_zone(Zone::Resort), &mut resort),
            (in_zone(Zone::Town), &mut town),
            (in_zone(Zone::Village) + in_zone(Zone::Rural), &mut rural),
        ];
        let mut lists = lists.into_iter().collect::<Vec<_>>();
        lists.sort_by_key(|list| std::cmp::Reverse(list.0));
        let chosen = lists.into_iter().find_map(|(_, names)| names.pop());
        chosen.unwrap_or("Fennmouth Outer").clone_into(&mut ward.name);
    }
}
