//! Invented people and addresses, for columns that must never be kept.

use super::random::Stream;

const FIRST: &[&str] = &[
    "Ada", "Amir", "Bella", "Callum", "Chidi", "Dorota", "Edwin", "Farah", "Grace", "Harjit",
    "Imogen", "Jakub", "Keira", "Leon", "Mabel", "Nadia", "Oscar", "Priya", "Ruairi", "Sofia",
    "Tobias", "Uzma", "Violet", "Wesley", "Yusuf", "Zofia",
];
const LAST: &[&str] = &[
    "Ashdown",
    "Bellweather",
    "Carrow",
    "Dunnage",
    "Eastoft",
    "Farrowby",
    "Gallimore",
    "Holtby",
    "Ingleside",
    "Jessop",
    "Kettlewell",
    "Lorrimer",
    "Mossgrove",
    "Netherby",
    "O'Hanrahan",
    "Pickersgill",
    "Quillfeather",
    "Ravensworth",
    "Sallowby",
    "Thackwray",
    "Underhay",
    "Vasey",
    "Wexcombe",
    "Yarrowby",
];

/// First and last name.
pub(super) fn name(stream: &mut Stream) -> String {
    format!("{} {}", stream.pick(FIRST), stream.pick(LAST))
}

/// Outward postcode of a district; no real postcode area is called FM.
pub(super) fn outward(district: usize) -> String {
    format!("FM{}", district + 1)
}

/// A whole postcode in a district.
pub(super) fn postcode(district: usize, stream: &mut Stream) -> String {
    let letters = b"ABDEFGHJLNPQRSTUWXYZ";
    let mut letter = || char::from(letters[stream.below(letters.len())]);
    let (a, b) = (letter(), letter());
    format!("{} {}{a}{b}", outward(district), stream.below(9) + 1)
}
