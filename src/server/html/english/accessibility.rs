//! The accessibility statement.

pub const PAGE: &str = "Accessibility";
pub const TITLE: &str = "Accessibility statement";
pub const AIM: &str = "These pages are made to meet the Web Content Accessibility Guidelines (WCAG) 2.2 at \
    level AA. They are served by the organisation that runs this copy of wardheat, which answers for \
    them under the Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility \
    Regulations 2018 where those apply to it.";
pub const ABLE: &str = "What you should be able to do";
pub const ABLE_TO: [&str; 6] = [
    "read every figure of the map without the map: in a sentence, in tables, and in files;",
    "use every page by keyboard alone, and with a screen reader;",
    "zoom to 400%, or use a screen 320 pixels wide, without scrolling sideways (wide tables scroll \
     within themselves);",
    "use your own colours, a dark scheme, or reduced motion;",
    "use every page without JavaScript and without WebGL: a drawn picture then stands for the map;",
    "tell every colour by a word or sign beside it, also in grey print.",
];
pub const KEYS: &str = "Keys on the map";
/// Keys, and what they do.
pub const KEYS_DO: [(&str, &str); 5] = [
    ("Arrow keys", "move the map; every key has a button too"),
    ("+ and −", "go closer, go further away"),
    ("n and p", "next and previous hotspot"),
    ("Enter", "goes to the table row of the marked place"),
    ("Escape", "takes the mark away"),
];
pub const NOT_YET: &str = "What is not yet accessible";
pub const NOT_YET_SO: [&str; 3] = [
    "The pages are in English only.",
    "Pictures of the map (PNG, SVG) carry a title and a description, not a table; the table is beside \
     them on the page.",
    "No user of assistive technology has tested these pages yet.",
];
pub const TESTED: &str = "How this is tested";
pub const TESTED_SO: &str = "With every change, in a real browser: axe on every page in light, dark and forced \
    colours, keyboard use of each task, targets of 24 pixels, 320 pixel and 400% reflow, print on one \
    sheet, pages without script and without WebGL; and the contrast of every palette for three kinds \
    of colour blindness and in grey.";
pub const TROUBLE: &str = "If something does not work for you";
pub const TROUBLE_TELL: &str = "Tell the organisation that gave you this address, and say which page and what \
    you use. If it does not answer, the Equality Advisory and Support Service can help in Great Britain.";

/// Who prepared the statement.
pub fn prepared(version: &str) -> String {
    format!("wardheat {version}. Prepared by self-assessment.")
}
