//! Every entry of every list keeps its trait's promises.

use wardheat::incident::CrimeTypes;

#[test]
fn crime_types_have_names_of_their_own() {
    let mut names: Vec<String> = CrimeTypes::choices().map(|choice| choice.to_string()).collect();
    let n = names.len();
    names.sort();
    names.dedup();

    assert_eq!(names.len(), n);
}
