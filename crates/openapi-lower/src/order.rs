//! The order of what a document lists in any order.

use crate::collect::Collect;

/// A rank, and a name among those of the same rank.
///
/// All sorts but those of plain names have it as their key: each type of keys compiles a sort of
/// its own, of thousands of lines.
pub(crate) type SortKey = (u8, String);

/// Sorts by keys; the order of equal ones doesn't change.
pub(crate) fn sort<T>(items: &mut [T], key: &dyn Fn(&T) -> SortKey) {
    let order = order(items.iter().map(key).collect_vec());
    for (position, source) in order.iter().enumerate() {
        // What was there before may have been moved behind, once or several times.
        let mut source = *source;
        while source < position {
            source = order[source];
        }
        items.swap(position, source);
    }
}

/// The positions of the keys in their order.
fn order(keys: Vec<SortKey>) -> Vec<usize> {
    let mut order: Vec<(SortKey, usize)> = Vec::new();
    for (position, key) in keys.into_iter().enumerate() {
        order.push((key, position));
    }
    order.sort_unstable();
    order.into_iter().map(|(_, position)| position).collect_vec()
}

#[cfg(test)]
mod tests {
    use super::sort;

    #[test]
    fn items_are_sorted_by_rank_then_name_and_equal_ones_stay_in_their_order() {
        let mut items = vec![(1, "b", 0), (0, "c", 1), (1, "a", 2), (0, "c", 3), (1, "b", 4)];
        sort(&mut items, &|(rank, name, _)| (*rank, (*name).to_owned()));
        let order: Vec<i32> = items.iter().map(|(_, _, index)| *index).collect();
        assert_eq!(order, [1, 3, 2, 0, 4]);
    }
}
