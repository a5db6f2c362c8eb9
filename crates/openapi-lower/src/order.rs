//! The order of what a document lists in any order.

use crate::collect::Collect;

/// A rank, and a name among those of the same rank.
///
/// All sorts but those of plain names have it as their key: each type of keys compiles a sort of
/// its own, of thousands of lines.
pub(crate) type SortKey = (u8, String);

/// Sorts by keys; the order of equal ones doesn't change.
pub(crate) fn sort<T>(items: &mut [T], key: &dyn Fn(&T) -> SortKey) {
    for (one, other) in swaps(items.iter().map(key).collect_vec()) {
        items.swap(one, other);
    }
}

/// The swaps that sort items with these keys, at most one for each.
fn swaps(keys: Vec<SortKey>) -> Vec<(usize, usize)> {
    let mut sorted: Vec<(SortKey, usize)> = Vec::new();
    for (position, key) in keys.into_iter().enumerate() {
        sorted.push((key, position));
    }
    sorted.sort_unstable();
    let mut places = vec![0; sorted.len()];
    for (place, (_, position)) in sorted.iter().enumerate() {
        places[*position] = place;
    }
    let mut swaps = Vec::new();
    for position in 0..places.len() {
        // The item that comes here may have its place elsewhere, too.
        while places[position] != position {
            let place = places[position];
            swaps.push((position, place));
            places.swap(position, place);
        }
    }
    swaps
}

#[cfg(test)]
mod tests {
    use super::{sort, swaps};

    #[test]
    fn items_are_sorted_by_rank_then_name_and_equal_ones_stay_in_their_order() {
        let mut items = vec![(1, "b", 0), (0, "c", 1), (1, "a", 2), (0, "c", 3), (1, "b", 4)];
        sort(&mut items, &|(rank, name, _)| (*rank, (*name).to_owned()));
        let order: Vec<i32> = items.iter().map(|(_, _, index)| *index).collect();
        assert_eq!(order, [1, 3, 2, 0, 4]);
    }

    #[test]
    fn each_item_is_swapped_at_most_once() {
        let keys = |names: &mut dyn Iterator<Item = u32>| {
            names.map(|name| (0, format!("{name:05}"))).collect::<Vec<_>>()
        };
        assert_eq!(swaps(keys(&mut (0..9))), []);
        // Each item moves by one place.
        let rotated = swaps(keys(&mut (1..5000).chain([0])));
        assert_eq!(rotated.len(), 4999);
        let mut items: Vec<u32> = (1..5000).chain([0]).collect();
        sort(&mut items, &|item| (0, format!("{item:05}")));
        assert!(items.is_sorted());
    }
}
