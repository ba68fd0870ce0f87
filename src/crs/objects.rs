//! PROJ objects that a thread keeps: they belong to the thread that made them, and making one takes
//! some 20 ms.

use std::cell::RefCell;

use proj::Proj;

/// Objects that a thread keeps.
const KEPT: usize = 8;

/// Longitude and latitude.
pub(super) const DEGREES: &str = "EPSG:4326";

struct Kept {
    from: String,
    to: String,
    proj: Option<Proj>,
}

/// Runs `work` with this thread's PROJ object for the pair of systems; `None` where PROJ has none.
pub(super) fn with_proj<T>(from: &str, to: &str, work: impl FnOnce(Option<&Proj>) -> T) -> T {
    thread_local! {
        static OBJECTS: RefCell<Vec<Kept>> = const { RefCell::new(Vec::new()) };
    }
    OBJECTS.with_borrow_mut(|objects| {
        let found = objects.iter().position(|kept| kept.from == from && kept.to == to);
        let index = found.unwrap_or_else(|| {
            if objects.len() >= KEPT {
                objects.remove(0);
            }
            let proj = Proj::new_known_crs(from, to, None).ok();
            objects.push(Kept { from: from.to_owned(), to: to.to_owned(), proj });
            objects.len() - 1
        });
        work(objects[index].proj.as_ref())
    })
}
