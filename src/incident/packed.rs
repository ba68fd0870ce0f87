//! Incidents as compact bytes, for what an import sets aside while it runs; and what it then does
//! to them by row. This is no format to keep: the store is.

use jiff::civil::{Date, DateTime, Time};

use super::cells::Cells;
use super::{CrimeTypeIdx, Flags, Incidents, Word, Words};
use crate::quantity::Metres;
use crate::time::Month;

/// A column whose cells are all the same.
const SAME: u8 = 0;
/// A column of cells one by one.
const EACH: u8 = 1;

/// A cell of a fixed number of bytes.
trait Cell: Copy + PartialEq {
    fn put(self, out: &mut Vec<u8>);
    fn take(from: &mut &[u8]) -> Option<Self>;
}

/// The first `N` bytes, taken off.
fn take<const N: usize>(from: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = from.split_first_chunk()?;
    *from = rest;
    Some(*first)
}

macro_rules! plain_cells {
    ($($number:ty),+) => {$(
        impl Cell for $number {
            fn put(self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }

            fn take(from: &mut &[u8]) -> Option<Self> {
                take(from).map(Self::from_le_bytes)
            }
        }
    )+};
}

plain_cells!(u8, u16, u32, u64, i32);

impl Cell for DateTime {
    fn put(self, out: &mut Vec<u8>) {
        let (date, time) = (self.date(), self.time());
        out.extend_from_slice(&date.year().to_le_bytes());
        let small = [date.month(), date.day(), time.hour(), time.minute(), time.second()];
        out.extend(small.map(i8::cast_unsigned));
        out.extend_from_slice(&time.subsec_nanosecond().to_le_bytes());
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        let year = i16::from_le_bytes(take(from)?);
        let [month, day, hour, minute, second] = take::<5>(from)?.map(u8::cast_signed);
        let nanosecond = i32::from_le_bytes(take(from)?);
        let date = Date::new(year, month, day).ok()?;
        Some(date.to_datetime(Time::new(hour, minute, second, nanosecond).ok()?))
    }
}

impl<T: Cell> Cell for Option<T> {
    fn put(self, out: &mut Vec<u8>) {
        u8::from(self.is_some()).put(out);
        if let Some(cell) = self {
            cell.put(out);
        }
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        match u8::take(from)? {
            0 => Some(None),
            _ => T::take(from).map(Some),
        }
    }
}

fn pack<T: Cell>(out: &mut Vec<u8>, cells: impl Iterator<Item = T> + Clone) {
    let mut rest = cells.clone();
    match rest.next() {
        Some(first) if rest.all(|cell| cell == first) => {
            out.push(SAME);
            first.put(out);
        }
        _ => {
            out.push(EACH);
            cells.for_each(|cell| cell.put(out));
        }
    }
}

fn unpack<T: Cell, U>(from: &mut &[u8], n: usize, make: impl Fn(T) -> Option<U>) -> Option<Cells<U>>
where
    U: Copy + PartialEq,
{
    if u8::take(from)? == SAME && n > 0 {
        return Some(Cells::same(make(T::take(from)?)?, n));
    }
    (0..n).map(|_| make(T::take(from)?)).collect()
}

impl Incidents {
    /// Adds these incidents to `out`, as [`Self::unpack`] reads them.
    pub fn pack(&self, out: &mut Vec<u8>) {
        (self.len() as u32).put(out);
        (self.words.len() as u32).put(out);
        for text in self.words.iter() {
            (text.len() as u32).put(out);
            out.extend_from_slice(text.as_bytes());
        }
        pack(out, (0..self.len()).map(|i| self.reference(i)));
        pack(out, self.source.iter().map(|word| word.0));
        pack(out, self.crime_type.iter().map(|kind| kind.index() as u8));
        pack(out, self.month.iter().map(|month| month.0));
        pack(out, self.from.iter());
        pack(out, self.to.iter());
        pack(out, self.easting.iter().map(f64::to_bits));
        pack(out, self.northing.iter().map(f64::to_bits));
        pack(out, self.precision.iter().map(f32::to_bits));
        for words in [&self.area, &self.outward, &self.ward, &self.lsoa, &self.street] {
            pack(out, words.iter().map(|word| word.0));
        }
        pack(out, self.flags.iter().map(Flags::bits));
    }

    /// Incidents from the start of `bytes`, which moves on past them; `None` if they are not what
    /// [`Self::pack`] wrote.
    pub fn unpack(bytes: &mut &[u8]) -> Option<Self> {
        let n = u32::take(bytes)? as usize;
        let n_texts = u32::take(bytes)? as usize;
        let mut words = Words::default();
        for _ in 0..n_texts {
            let length = u32::take(bytes)? as usize;
            let (text, rest) = bytes.split_at_checked(length)?;
            words.push(std::str::from_utf8(text).ok()?);
            *bytes = rest;
        }
        let word = |i: u32| (i == Word::NONE.0 || (i as usize) < n_texts).then_some(Word(i));
        let references = unpack(bytes, n, Some)?;
        Some(Self {
            reference: references.iter().map(Option::unwrap_or_default).collect(),
            referenced: references.iter().map(|cell: Option<u64>| cell.is_some()).collect(),
            source: unpack(bytes, n, word)?,
            crime_type: unpack(bytes, n, CrimeTypeIdx::from_index)?,
            month: unpack(bytes, n, |month| Some(Month(month)))?,
            from: unpack(bytes, n, Some)?,
            to: unpack(bytes, n, Some)?,
            easting: unpack(bytes, n, |bits| Some(f64::from_bits(bits)))?,
            northing: unpack(bytes, n, |bits| Some(f64::from_bits(bits)))?,
            precision: unpack(bytes, n, |bits| Some(f32::from_bits(bits)))?,
            area: unpack(bytes, n, word)?,
            outward: unpack(bytes, n, word)?,
            ward: unpack(bytes, n, word)?,
            lsoa: unpack(bytes, n, word)?,
            street: unpack(bytes, n, word)?,
            flags: unpack(bytes, n, |bits| Some(Flags::from_bits(bits)))?,
            words,
        })
    }

    /// Keeps the rows for which `keep` says so.
    pub fn retain(&mut self, keep: impl Fn(usize) -> bool) {
        self.reference.retain(&keep);
        self.referenced.retain(&keep);
        self.source.retain(&keep);
        self.crime_type.retain(&keep);
        self.month.retain(&keep);
        self.from.retain(&keep);
        self.to.retain(&keep);
        self.easting.retain(&keep);
        self.northing.retain(&keep);
        self.precision.retain(&keep);
        self.area.retain(&keep);
        self.outward.retain(&keep);
        self.ward.retain(&keep);
        self.lsoa.retain(&keep);
        self.street.retain(&keep);
        self.flags.retain(&keep);
    }

    /// The rows at `rows`, with no texts but their own.
    #[must_use]
    pub fn take(&self, rows: impl Iterator<Item = usize> + Clone) -> Self {
        let mut words = Words::default();
        let mut known = vec![Word::NONE; self.words.len()];
        let mut texts = |column: &Cells<Word>| -> Cells<Word> {
            let mut same = |old: Word| {
                let Some(text) = self.words.get(old) else { return Word::NONE };
                let new = &mut known[old.0 as usize];
                if *new == Word::NONE {
                    *new = words.intern(text);
                }
                *new
            };
            rows.clone().map(|i| same(column[i])).collect()
        };
        let (source, area, outward) =
            (texts(&self.source), texts(&self.area), texts(&self.outward));
        let (ward, lsoa, street) = (texts(&self.ward), texts(&self.lsoa), texts(&self.street));
        Self {
            reference: rows.clone().map(|i| self.reference[i]).collect(),
            referenced: rows.clone().map(|i| self.referenced[i]).collect(),
            source,
            crime_type: rows.clone().map(|i| self.crime_type[i]).collect(),
            month: rows.clone().map(|i| self.month[i]).collect(),
            from: rows.clone().map(|i| self.from[i]).collect(),
            to: rows.clone().map(|i| self.to[i]).collect(),
            easting: rows.clone().map(|i| self.easting[i]).collect(),
            northing: rows.clone().map(|i| self.northing[i]).collect(),
            precision: rows.clone().map(|i| self.precision[i]).collect(),
            area,
            outward,
            ward,
            lsoa,
            street,
            flags: rows.map(|i| self.flags[i]).collect(),
            words,
        }
    }

    /// Those from row `first` on, with no texts but their own.
    #[must_use]
    pub fn since(&self, first: usize) -> Self {
        self.take(first..self.len())
    }

    /// Makes them all of one source.
    pub fn set_source(&mut self, source: &str) {
        let word = self.words.intern(source);
        self.source = Cells::same(word, self.len());
    }

    /// Sets a flag of row `i`.
    pub fn flag(&mut self, i: usize, flag: Flags) {
        self.flags.set(i, self.flags[i].with(flag));
    }

    /// Makes the precision of the position of row `i`, if it has one, no finer than `least`.
    pub fn coarsen(&mut self, i: usize, least: Metres) {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a precision is a round number of metres"
        )]
        let least = least.get() as f32;
        // Not-a-number stays: there is no position.
        if self.precision[i] < least {
            self.precision.set(i, least);
        }
    }

    /// Puts row `i` in a ward, and in no LSOA; one that is kept by ward is then kept by this.
    pub fn move_to_ward(&mut self, i: usize, ward: Option<&str>) {
        if ward.is_some() {
            let ward = self.words.intern_some(ward);
            self.ward.set(i, ward);
            if self.area[i] != Word::NONE {
                self.area.set(i, ward);
            }
        }
        self.lsoa.set(i, Word::NONE);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::crs::Bng;
    use crate::incident::{Incident, Place};

    fn incident() -> impl Strategy<Value = Incident> {
        let place = prop_oneof![
            (0.0..7e5, 0.0..1.3e6).prop_map(|(e, n)| Place::Point {
                position: Bng::new(e, n),
                precision: Metres::new(10.0)
            }),
            "E0[0-9]{2}".prop_map(Place::Area),
            "TS[0-9]".prop_map(Place::Outward),
            Just(Place::Nowhere),
        ];
        let time = proptest::option::of((1900_i16..2100, 1_i8..13, 1_i8..29, 0_i8..24));
        let text = || proptest::option::of("[a-c]{0,2}");
        (proptest::option::of(any::<u64>()), 0..14_usize, 0..5_i32, time, place, text(), text())
            .prop_map(|(reference, kind, month, time, place, ward, street)| Incident {
                reference,
                source: "police".to_owned(),
                crime_type: CrimeTypeIdx::all().nth(kind).unwrap(),
                month: "2025-01".parse::<Month>().unwrap().plus(month),
                from: time.map(|(y, m, d, h)| jiff::civil::datetime(y, m, d, h, 7, 9, 11)),
                to: None,
                place,
                lsoa: ward.clone(),
                ward,
                street,
                flags: Flags::DRUGS,
            })
    }

    fn together(rows: &[Incident]) -> Incidents {
        let mut all = Incidents::default();
        for row in rows {
            all.push(row);
        }
        all
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(rows in proptest::collection::vec(incident(), 0..20)) {
            let all = together(&rows);
            let mut bytes = Vec::new();
            all.pack(&mut bytes);
            bytes.push(7);

            let mut rest = bytes.as_slice();
            let found = Incidents::unpack(&mut rest).unwrap();

            prop_assert_eq!(rest, [7]);
            prop_assert_eq!(found.len(), rows.len());
            for (i, row) in rows.iter().enumerate() {
                prop_assert_eq!(&found.get(i), row);
            }
        }

        #[test]
        fn bytes_that_are_cut_short_are_refused(
            rows in proptest::collection::vec(incident(), 1..5),
            share in 0.0..1.0_f64,
        ) {
            let mut bytes = Vec::new();
            together(&rows).pack(&mut bytes);
            bytes.truncate((share * bytes.len() as f64) as usize);

            prop_assert!(Incidents::unpack(&mut bytes.as_slice()).is_none());
        }
    }

    #[test]
    fn a_row_unpacked_can_be_moved_to_a_ward_it_did_not_name() {
        let row = Incident {
            reference: None,
            source: "a".into(),
            crime_type: CrimeTypeIdx::all().next().unwrap(),
            month: "2025-01".parse().unwrap(),
            from: None,
            to: None,
            place: Place::Nowhere,
            ward: Some("E1".into()),
            lsoa: Some("L1".into()),
            street: None,
            flags: Flags::default(),
        };
        let mut bytes = Vec::new();
        together(&[row.clone(), row]).pack(&mut bytes);
        let mut all = Incidents::unpack(&mut bytes.as_slice()).unwrap();

        all.move_to_ward(0, Some("a"));
        all.move_to_ward(1, Some("E2"));

        let found = (all.ward(0), all.lsoa(0), all.ward(1), all.source(1));
        assert_eq!(found, (Some("a"), None, Some("E2"), "a"));
        all.retain(|i| i == 1);
        assert_eq!((all.len(), all.ward(0)), (1, Some("E2")));
    }
}
