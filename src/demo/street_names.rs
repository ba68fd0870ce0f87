//! Names of streets: ordinary English ones, by the kind of street.

use std::collections::HashSet;

use super::land::Land;
use super::names::SETTLEMENTS;
use super::plane::{Point, at};
use super::random::Stream;
use super::roads::Class;
use super::streets::Line;

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
struct Namer {
    stream: Stream,
    used: HashSet<String>,
}

impl Namer {
    fn new(seed: u64) -> Self {
        Self { stream: Stream::new(seed, "street names"), used: HashSet::new() }
    }

    /// A name not given out before.
    fn name(&mut self, kind: Kind) -> String {
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
}

/// Streets of fixed names, by where they are from the middle of town, in metres.
const LANDMARKS: &[(&str, f64, f64)] = &[
    ("High Street", 40.0, -40.0),
    ("Market Place", -110.0, 90.0),
    ("Minster Gate", 150.0, 140.0),
    ("Corn Street", -330.0, 200.0),
    ("Coach Street", 420.0, 330.0),
    ("Station Road", -880.0, -130.0),
    ("Tannery Lane", -470.0, -330.0),
    ("Ropery Lane", 300.0, -310.0),
    ("Northgate", -30.0, 430.0),
    ("Eastgate", 560.0, 20.0),
    ("Foundry Street", 880.0, 420.0),
    ("Mill Lane", -760.0, 640.0),
];
/// Main roads by their route, after the two rings: eight out of town.
const OUT_OF_TOWN: [&str; 8] = [
    "Dock Road",
    "Saltern Road",
    "North Road",
    "Wold Road",
    "London Road",
    "Carr Road",
    "Bridge Road",
    "Ferry Road",
];

/// A name for every line.
pub(super) fn names_of(seed: u64, land: &Land, nodes: &[Point], lines: &[Line]) -> Vec<String> {
    let c = land.centre();
    let middle = |line: &Line| nodes[line.nodes[line.nodes.len() / 2]];
    let mut names = vec![String::new(); lines.len()];
    let pier = land.settlements[1].centre;
    let front = at(land.coast(pier.y) - 120.0, pier.y);
    let fixed = LANDMARKS.iter().map(|&(name, dx, dy)| (name, at(c.x + dx, c.y + dy)));
    for (name, place) in fixed.chain([("Marine Parade", front)]) {
        let nearest = (0..lines.len())
            .filter(|&i| names[i].is_empty() && lines[i].class != Class::Lane)
            .min_by(|&a, &b| {
                middle(&lines[a]).distance(place).total_cmp(&middle(&lines[b]).distance(place))
            });
        if let Some(i) = nearest {
            name.clone_into(&mut names[i]);
        }
    }
    let mut namer = Namer::new(seed);
    for (line, name) in lines.iter().zip(&mut names).filter(|(_, name)| name.is_empty()) {
        let (p, route) = (middle(line), usize::from(line.route));
        let near = p.distance(c);
        *name = match (line.class, route) {
            (Class::Main, 1) => format!("Ring Road {}", quarter(c, p)),
            (Class::Main, 2) => "Minster Way".to_owned(),
            (Class::Main, 3..11) => OUT_OF_TOWN[route - 3].to_owned(),
            (Class::Main | Class::Lane, 11..19) => format!("{} Road", SETTLEMENTS[route - 10]),
            _ if near < 700.0 => namer.name(Kind::Old),
            _ if near < 1_900.0 && line.kind != Kind::Rural => namer.name(Kind::Terrace),
            _ => namer.name(line.kind),
        };
    }
    names
}

fn quarter(from: Point, to: Point) -> &'static str {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    match (dx.abs() > dy.abs(), dx > 0.0, dy > 0.0) {
        (true, true, _) => "East",
        (true, false, _) => "West",
        (false, _, true) => "North",
        (false, _, false) => "South",
    }
}
