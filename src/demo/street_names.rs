//! Names of streets: ordinary English ones, by the kind of street.

use std::collections::HashSet;

use super::random::Stream;

const OLD: &[&str] = &[
    "Tannery", "Ropewalk", "Cooper", "Chandler", "Mercer", "Fuller", "Saddler", "Glover", "Baker",
    "Potter", "Weaver", "Staithe", "Fishgate", "Cornhill", "Shambles", "Minster", "Friar",
    "Almoner", "Bellman", "Cutler", "Lantern", "Anchor", "Herring", "Capstan", "Pump",
];
const TERRACE: &[&str] = &[
    "Albion",
    "Alma",
    "Inkerman",
    "Balaclava",
    "Gladstone",
    "Palmerston",
    "Cobden",
    "Peel",
    "Stephenson",
    "Brunel",
    "Telford",
    "Hargreave",
    "Arkwright",
    "Foundry",
    "Furnace",
    "Engine",
    "Boiler",
    "Forge",
    "Hopewell",
    "Prospect",
    "Providence",
    "Enterprise",
    "Alexandra",
    "Adelaide",
    "Beatrice",
    "Clarence",
    "Edith",
    "Florence",
    "Maud",
    "Ethel",
    "Percy",
    "Cecil",
    "Wilfred",
    "Harold",
    "Stanley",
    "Garnet",
    "Ruby",
    "Emerald",
    "Opal",
    "Pearl",
    "Cromer",
    "Whitby",
    "Filey",
    "Ripon",
    "Selby",
    "Malton",
    "Thirsk",
    "Hawes",
    "Settle",
    "Skipton",
    "Bolton",
    "Durham",
    "Exeter",
    "Truro",
    "Wells",
    "Ely",
    "Lincoln",
    "Lichfield",
    "Salisbury",
];
const SUBURB: &[&str] = &[
    "Acacia",
    "Alder",
    "Almond",
    "Ash",
    "Aspen",
    "Beech",
    "Birch",
    "Blackthorn",
    "Briar",
    "Bramble",
    "Cedar",
    "Cherry",
    "Chestnut",
    "Cypress",
    "Elder",
    "Elm",
    "Fern",
    "Gorse",
    "Hawthorn",
    "Hazel",
    "Heather",
    "Holly",
    "Hornbeam",
    "Juniper",
    "Laburnum",
    "Larch",
    "Laurel",
    "Lilac",
    "Lime",
    "Linden",
    "Magnolia",
    "Maple",
    "Myrtle",
    "Oak",
    "Olive",
    "Pine",
    "Poplar",
    "Privet",
    "Rowan",
    "Spruce",
    "Sycamore",
    "Thorn",
    "Walnut",
    "Willow",
    "Yew",
    "Curlew",
    "Plover",
    "Lapwing",
    "Heron",
    "Kestrel",
    "Linnet",
    "Merlin",
    "Osprey",
    "Wren",
    "Swift",
    "Teal",
    "Wigeon",
    "Dunlin",
    "Byron",
    "Shelley",
    "Keats",
    "Tennyson",
    "Coleridge",
    "Marvell",
    "Cowper",
    "Derwent",
    "Rothay",
    "Kentmere",
    "Borrow",
    "Ennerdale",
    "Grasmere",
    "Coniston",
    "Langdale",
    "Thirlmere",
    "Meadow",
    "Orchard",
    "Paddock",
    "Pasture",
    "Harvest",
    "Barley",
    "Clover",
    "Furrow",
    "Granary",
];
const RURAL: &[&str] = &[
    "Long Drove",
    "Mill",
    "Church",
    "Carr",
    "Ings",
    "Marsh",
    "Salters",
    "Wold",
    "Beck",
    "Gypsy",
    "Fenny",
    "Dyke",
    "Moor",
    "Pinfold",
    "Green",
    "Sandholme",
    "Common",
    "Decoy",
    "Windmill",
    "Hedgerow",
    "Stackyard",
    "Thack",
    "Turbary",
    "Warping",
    "Outgang",
    "Sykes",
    "Cote",
    "Hagg",
];
const OLD_ENDS: &[&str] = &["Street", "Lane", "Row", "Yard", "Gate", "Wynd"];
const TERRACE_ENDS: &[&str] = &["Street", "Street", "Street", "Terrace", "Road", "Grove", "Place"];
const SUBURB_ENDS: &[&str] =
    &["Avenue", "Drive", "Road", "Close", "Crescent", "Way", "Gardens", "Grove", "Rise", "Walk"];
const RURAL_ENDS: &[&str] = &["Lane", "Road", "Lane", "Drove", "Balk"];

/// The kind of street, which decides its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Old,
    Terrace,
    Suburb,
    Rural,
}

/// Gives out names, each once.
pub(super) struct Namer {
    stream: Stream,
    used: HashSet<String>,
}

impl Namer {
    pub(super) fn new(seed: u64) -> Self {
        Self { stream: Stream::new(seed, "street names"), used: HashSet::new() }
    }

    /// A name not given out before.
    pub(super) fn name(&mut self, kind: Kind) -> String {
        let (firsts, ends) = match kind {
            Kind::Old => (OLD, OLD_ENDS),
            Kind::Terrace => (TERRACE, TERRACE_ENDS),
            Kind::Suburb => (SUBURB, SUBURB_ENDS),
            Kind::Rural => (RURAL, RURAL_ENDS),
        };
        for attempt in 0.. {
            let first = self.stream.pick(firsts);
            let end = self.stream.pick(ends);
            let name = match attempt {
                0..12 => format!("{first} {end}"),
                12..40 => {
                    let before = self.stream.pick(&["Upper", "Lower", "North", "South", "Old"]);
                    format!("{before} {first} {end}")
                }
                _ => format!("{first} {} {end}", self.stream.pick(SUBURB)),
            };
            if self.used.insert(name.clone()) {
                return name;
            }
        }
        unreachable!("there are more attempts than names")
    }

    /// Keeps a name from being given out.
    pub(super) fn reserve(&mut self, name: &str) {
        self.used.insert(name.to_owned());
    }
}
