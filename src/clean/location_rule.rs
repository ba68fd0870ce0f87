//! The location rule: how finely the place of a record is kept, applied before anything is stored.

use crate::crs::{Bng, LonLat, lonlat_to_bng, lonlat_to_bng_all};
use crate::incident::{Flags, Incident, Incidents, Place, Word};
use crate::quantity::Metres;
use crate::workspace::LocationRule;

use super::CleanRows;
use super::coordinates::{Mend, Written};
use super::english::reason as say;
use super::ground::{Ground, Whereabouts};
use super::ledger::{Reason, Settlement};
use super::row::Draft;
use super::texts::Texts;

/// A position on the grid with its precision, and where it lies.
type Found = (Bng, f64, Whereabouts);

/// The numbers that texts have among the records of one piece, as far as they are kept.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    wards: Vec<Word>,
    lsoas: Vec<Word>,
    texts: Vec<Word>,
}

/// The number at `i`, found once.
fn number(known: &mut Vec<Word>, i: usize, find: impl FnOnce() -> Word) -> Word {
    if known.len() <= i {
        known.resize(i + 1, Word::NONE);
    }
    if known[i] == Word::NONE {
        known[i] = find();
    }
    known[i]
}

impl Numbers {
    fn ward(&mut self, ward: usize, ground: &Ground, kept: &mut Incidents) -> Word {
        number(&mut self.wards, ward, || kept.word(ground.ward_code(ward)))
    }

    fn lsoa(&mut self, lsoa: usize, ground: &Ground, kept: &mut Incidents) -> Word {
        number(&mut self.lsoas, lsoa, || kept.word(ground.lsoa_code(lsoa)))
    }

    /// Of a text of the file; none where it is none.
    fn text(&mut self, text: Word, texts: &Texts, kept: &mut Incidents) -> Option<Word> {
        let i = text.number()?;
        Some(number(&mut self.texts, i, || kept.word(texts.get(text))))
    }
}

/// Settles the place of each draft, in order, and empties `drafts`: their positions end here.
pub(super) fn settle(
    drafts: &mut Vec<Draft>,
    ground: &Ground,
    texts: &mut Texts,
    numbers: &mut Numbers,
    clean: &mut CleanRows,
) {
    let found = find(drafts, ground);
    for (draft, found) in drafts.iter_mut().zip(&found) {
        if let Some((position, ..)) = found
            && draft.rule == LocationRule::Point
            && ground.is_masked(*position)
        {
            draft.rule = LocationRule::Ward;
            draft.street = Word::NONE;
            draft.notes.push((Reason::Masked, String::new()));
        }
    }
    let lsoas = {
        let finest = |(draft, found): (&Draft, &Option<Found>)| match found {
            Some((position, _, Whereabouts::Ward(_) | Whereabouts::Near(_)))
                if draft.rule == LocationRule::Point =>
            {
                Some(*position)
            }
            _ => None,
        };
        let wanted: Vec<Option<Bng>> = drafts.iter().zip(&found).map(finest).collect();
        let positions: Vec<Bng> = wanted.iter().flatten().copied().collect();
        let mut located = ground.lsoas(&positions).into_iter();
        wanted.iter().map(|p| p.and_then(|_| located.next().flatten())).collect::<Vec<_>>()
    };
    for ((draft, found), lsoa) in drafts.iter_mut().zip(found).zip(lsoas) {
        settle_one(draft, (found, lsoa), ground, texts, numbers, clean);
    }
    drafts.clear();
}

/// The grid position of each draft; degrees are transformed together.
fn find(drafts: &mut [Draft], ground: &Ground) -> Vec<Option<Found>> {
    let degrees: Vec<LonLat> = drafts
        .iter()
        .filter_map(|draft| match draft.position {
            Written::Degrees(place) => Some(place),
            _ => None,
        })
        .collect();
    let mut transformed = lonlat_to_bng_all(&degrees).into_iter();
    // Off the grid altogether: far outside any study area.
    let off_grid = Bng::new(f64::MIN, f64::MIN);
    let positions: Vec<Option<(Bng, f64)>> = drafts
        .iter()
        .map(|draft| match draft.position {
            Written::Grid(position, precision) => Some((position, precision)),
            Written::Degrees(_) => {
                let position = transformed.next().and_then(Result::ok).unwrap_or(off_grid);
                Some((position, 1.0))
            }
            Written::Missing | Written::Damaged => None,
        })
        .collect();
    let given: Vec<Bng> = positions.iter().flatten().map(|(position, _)| *position).collect();
    let mut located = ground.locate_all(&given).into_iter();
    drafts
        .iter_mut()
        .zip(positions)
        .map(|(draft, position)| {
            let (position, precision) = position?;
            let whereabouts = located.next().unwrap_or(Whereabouts::Outside);
            if whereabouts != Whereabouts::Outside {
                return Some((position, precision, whereabouts));
            }
            match with_sign(draft, ground) {
                Some((position, whereabouts)) => {
                    draft.notes.push((Reason::LostSign, String::new()));
                    Some((position, precision, whereabouts))
                }
                None => Some((position, precision, whereabouts)),
            }
        })
        .collect()
}

/// The place west of Greenwich, if that is in the study area and the place given is not.
fn with_sign(draft: &Draft, ground: &Ground) -> Option<(Bng, Whereabouts)> {
    let Written::Degrees(place) = draft.position else { return None };
    if place.lon() <= 0.0 {
        return None;
    }
    let position = lonlat_to_bng(LonLat::new(-place.lon(), place.lat())?).ok()?;
    let whereabouts = *ground.locate_all(&[position]).first()?;
    (whereabouts != Whereabouts::Outside).then_some((position, whereabouts))
}

/// The ward that a file gives and the ward of the position.
#[derive(Clone, Copy)]
struct Wards {
    given: Option<usize>,
    /// Whether the one given is of an older edition.
    is_old: bool,
    located: Option<usize>,
}

/// Notes what was done to a position, and what the ward given says against it.
fn note_position(
    draft: &Draft,
    found: Option<Found>,
    wards: Wards,
    given: &str,
    ground: &Ground,
    note: &mut dyn FnMut(Reason, String),
) {
    if matches!(found, Some((_, _, Whereabouts::Near(_)))) {
        note(Reason::NearestWard, String::new());
    }
    if found.is_none() {
        note(Reason::NoPosition, String::new());
        if draft.position == Written::Damaged {
            note(Reason::Damaged, String::new());
        }
    } else {
        match draft.mend {
            Mend::AsGiven => {}
            Mend::Short => note(Reason::ShortPosition, String::new()),
            Mend::Swapped => note(Reason::SwappedPosition, String::new()),
            Mend::OtherSystem => note(Reason::OtherSystem, String::new()),
        }
    }
    if !given.is_empty() && wards.given.is_none() && ground.has_wards() {
        note(Reason::UnknownWard, given.to_owned());
    }
    if wards.is_old {
        note(Reason::OldWard, given.to_owned());
    }
    if let Some(located) = wards.located.filter(|at| wards.given.is_some_and(|ward| ward != *at)) {
        let place = ground.ward_code(located);
        note(Reason::WardDisagrees, say::given_and_found(given, place));
    }
}

fn settle_one(
    draft: &mut Draft,
    (found, lsoa): (Option<Found>, Option<usize>),
    ground: &Ground,
    texts: &mut Texts,
    numbers: &mut Numbers,
    clean: &mut CleanRows,
) {
    let line = draft.line;
    if let (Some((position, _, Whereabouts::Outside)), true) =
        (found, draft.rule < LocationRule::OutwardPostcode)
    {
        // To the kilometre, and nothing where not even a point may be kept: an example must not show
        // what a rule would hide.
        let near = |metres: f64| (metres / 1000.0).round() as i64;
        let value = if draft.rule > LocationRule::Point {
            String::new()
        } else if position.easting().abs() < 1e9 {
            say::near(near(position.easting()), near(position.northing()))
        } else {
            say::OFF_THE_GRID.to_owned()
        };
        clean.ledger.settle(line, Settlement::LeftOut(Reason::OutsideArea, value));
        return;
    }
    let (given, is_old) = texts.ward(draft.ward, ground).unzip();
    let is_old = is_old.unwrap_or(false);
    let located = match found {
        Some((_, _, Whereabouts::Ward(ward) | Whereabouts::Near(ward))) => Some(ward),
        _ => None,
    };
    clean.ledger.settle(line, Settlement::Kept);
    let has_ward = draft.rule < LocationRule::OutwardPostcode;
    if has_ward && given.is_some() && located.is_some() {
        clean.ledger.compare_ward();
    }
    if found.is_none() {
        draft.flags = draft.flags.with(Flags::NO_POSITION);
    }
    let mut note = |reason, value: String| clean.ledger.note(line, reason, || value);
    if has_ward {
        let wards = Wards { given, is_old, located };
        note_position(draft, found, wards, texts.get(draft.ward), ground, &mut note);
    }
    for (reason, value) in draft.notes.drain(..) {
        note(reason, value);
    }
    if draft.reference.is_none() {
        note(Reason::NoReference, String::new());
    }
    let kept = &mut clean.kept.incidents;
    let mut street = numbers.text(draft.street, texts, kept);
    if let Some(described) = draft.described.take() {
        let name = ground.named_place(&described);
        street = name.map(|name| kept.word(name));
        let reason = if street.is_some() { Reason::NamedPlace } else { Reason::UnnamedPlace };
        note(reason, name.unwrap_or_default().to_owned());
    }
    let ward = located.or(given).map(|ward| numbers.ward(ward, ground, kept));
    let by_ward = ward.map_or(Place::Nowhere, Place::Area);
    let (place, ward) = match draft.rule {
        LocationRule::Point => match found {
            Some((position, precision, _)) => {
                (Place::Point { position, precision: Metres::new(precision) }, ward)
            }
            None => (by_ward, ward),
        },
        LocationRule::Ward => {
            note(Reason::WardOnly, String::new());
            (by_ward, ward)
        }
        LocationRule::OutwardPostcode => {
            note(Reason::OutwardOnly, String::new());
            let outward = draft.outward.take();
            if outward.is_none() {
                note(Reason::NoOutward, String::new());
            }
            (outward.map_or(Place::Nowhere, |code| Place::Outward(kept.word(&code))), None)
        }
        LocationRule::None => {
            note(Reason::PlaceDropped, String::new());
            (Place::Nowhere, None)
        }
    };
    // What is kept by ward can still turn out to lie at a default place.
    let token = match (draft.rule, found) {
        (LocationRule::Ward, Some((position, ..))) => Some(ground.token(position)),
        _ => None,
    };
    let incident = Incident {
        reference: draft.reference,
        // Filled in when files are put together.
        source: Word::NONE,
        crime_type: draft.crime_type,
        month: draft.month,
        from: draft.from,
        to: draft.to,
        place,
        ward,
        lsoa: lsoa.map(|lsoa| numbers.lsoa(lsoa, ground, kept)),
        street,
        flags: draft.flags,
    };
    let ward_given = given.filter(|given| located.is_some_and(|located| located != *given));
    let ward_given = ward_given.map(|ward| ground.ward_code(ward));
    clean.kept.push(&incident, (line, draft.content), ward_given, token);
}
