//! A column that takes no room while all its cells are the same.

use std::iter::repeat_n;
use std::ops::Index;

/// Cells of one column, in order.
#[derive(Debug, Clone)]
pub(crate) struct Cells<T> {
    /// The first cell; `None` where there are none.
    first: Option<T>,
    len: usize,
    /// Every cell, or nothing while all are as the first.
    each: Vec<T>,
    /// Cells that room is made for once they differ.
    room: usize,
}

impl<T: Copy + PartialEq> From<Vec<T>> for Cells<T> {
    fn from(each: Vec<T>) -> Self {
        match each.first() {
            Some(&first) if each.iter().all(|&cell| cell == first) => Self::same(first, each.len()),
            first => Self { first: first.copied(), len: each.len(), each, room: 0 },
        }
    }
}

impl<T> Default for Cells<T> {
    fn default() -> Self {
        Self { first: None, len: 0, each: Vec::new(), room: 0 }
    }
}

impl<T: Copy + PartialEq> Cells<T> {
    /// `n` times the same.
    pub fn same(cell: T, n: usize) -> Self {
        Self { first: (n > 0).then_some(cell), len: n, ..Self::default() }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Makes room for this many more.
    pub fn reserve(&mut self, more: usize) {
        self.room = self.len + more;
        if !self.each.is_empty() {
            self.each.reserve(more);
        }
    }

    /// Gives back the room that was made and is not used.
    pub fn shrink(&mut self) {
        self.room = 0;
        self.each.shrink_to_fit();
    }

    pub fn push(&mut self, cell: T) {
        if self.each.is_empty() {
            match self.first {
                None => self.first = Some(cell),
                Some(first) if first == cell => {}
                Some(_) => self.expand(1),
            }
        }
        if !self.each.is_empty() {
            self.each.push(cell);
        }
        self.len += 1;
    }

    /// Adds those of `other`, each as `of` has it.
    pub fn append(&mut self, other: &Self, of: impl Fn(T) -> T) {
        let Some(first) = other.first.map(&of) else { return };
        let alike = self.each.is_empty() && self.first.is_none_or(|here| here == first);
        if alike && other.each.is_empty() {
            self.first = Some(first);
            self.len += other.len;
            return;
        }
        if self.is_empty() {
            other.put(&mut self.each, of);
            self.each.reserve(self.room.saturating_sub(other.len));
            self.first = Some(first);
        } else {
            if self.each.is_empty() {
                self.expand(other.len);
            }
            other.put(&mut self.each, of);
        }
        self.len += other.len;
    }

    /// Adds each cell to `out`, as `of` has it.
    fn put(&self, out: &mut Vec<T>, of: impl Fn(T) -> T) {
        if self.each.is_empty() {
            out.extend(self.first.into_iter().flat_map(|first| repeat_n(of(first), self.len)));
        } else {
            out.extend(self.each.iter().map(|&cell| of(cell)));
        }
    }

    /// Writes each cell out, with room for as many more.
    fn expand(&mut self, more: usize) {
        self.each.reserve(self.room.max(self.len + more));
        self.each.extend(self.first.map(|first| repeat_n(first, self.len)).into_iter().flatten());
    }

    pub fn set(&mut self, i: usize, cell: T) {
        if self[i] == cell {
            return;
        }
        if self.each.is_empty() {
            self.expand(0);
        }
        self.each[i] = cell;
        if i == 0 {
            self.first = Some(cell);
        }
    }

    /// Keeps those whose number `keep` says so of.
    pub fn retain(&mut self, keep: impl Fn(usize) -> bool) {
        if self.each.is_empty() {
            self.len = (0..self.len).filter(|&i| keep(i)).count();
        } else {
            let mut i = 0;
            self.each.retain(|_| {
                i += 1;
                keep(i - 1)
            });
            self.len = self.each.len();
            self.first = self.each.first().copied();
        }
        if self.len == 0 {
            self.first = None;
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = T> + Clone + '_ {
        let same = if self.each.is_empty() { self.len } else { 0 };
        let same = self.first.map(|first| repeat_n(first, same)).into_iter().flatten();
        same.chain(self.each.iter().copied())
    }
}

impl<T> Index<usize> for Cells<T> {
    type Output = T;

    fn index(&self, i: usize) -> &T {
        if self.each.is_empty() {
            assert!(i < self.len, "row {i} of {}", self.len);
            return self.first.as_ref().expect("a column with cells has a first");
        }
        &self.each[i]
    }
}

impl<T: Copy + PartialEq> PartialEq for Cells<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other.iter())
    }
}

impl<T: Copy + PartialEq> FromIterator<T> for Cells<T> {
    fn from_iter<I: IntoIterator<Item = T>>(cells: I) -> Self {
        let cells = cells.into_iter();
        let mut all = Self::default();
        all.reserve(cells.size_hint().0);
        cells.for_each(|cell| all.push(cell));
        all
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cells_that_are_all_the_same_take_no_room() {
        let mut all = Cells::same(7_u32, 2);
        all.push(7);
        all.append(&Cells::same(7, 1_000_000), |cell| cell);

        assert_eq!((all.len(), all.each.capacity(), all[1_000_002]), (1_000_003, 0, 7));
    }

    /// What a plain list has done to it, and this.
    #[derive(Debug, Clone)]
    enum Step {
        Push(u8),
        Append(Vec<u8>, u8),
        Set(usize, u8),
        Retain(usize),
        Reserve(usize),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0..3_u8).prop_map(Step::Push),
            (proptest::collection::vec(0..2_u8, 0..5), 0..2_u8)
                .prop_map(|(cells, more)| Step::Append(cells, more)),
            (0..20_usize, 0..3_u8).prop_map(|(i, cell)| Step::Set(i, cell)),
            (1..4_usize).prop_map(Step::Retain),
            (0..9_usize).prop_map(Step::Reserve),
        ]
    }

    proptest! {
        #[test]
        fn it_is_a_list(steps in proptest::collection::vec(step(), 0..30)) {
            let (mut list, mut cells) = (Vec::new(), Cells::default());
            for step in steps {
                match step {
                    Step::Push(cell) => {
                        list.push(cell);
                        cells.push(cell);
                    }
                    Step::Append(other, more) => {
                        list.extend(other.iter().map(|cell| cell + more));
                        cells.append(&other.into_iter().collect(), |cell| cell + more);
                    }
                    Step::Set(i, cell) if i < list.len() => {
                        list[i] = cell;
                        cells.set(i, cell);
                    }
                    Step::Set(..) => {}
                    Step::Retain(nth) => {
                        let mut i = 0;
                        list.retain(|_| {
                            i += 1;
                            (i - 1) % nth == 0
                        });
                        cells.retain(|i| i % nth == 0);
                    }
                    Step::Reserve(more) => cells.reserve(more),
                }
                prop_assert_eq!(cells.len(), list.len());
                prop_assert_eq!(cells.iter().collect::<Vec<_>>(), list.clone());
                prop_assert!((0..list.len()).all(|i| cells[i] == list[i]));
                prop_assert_eq!(&cells, &list.iter().copied().collect::<Cells<_>>());
                prop_assert_eq!(&cells, &Cells::from(list.clone()));
            }
        }
    }
}
