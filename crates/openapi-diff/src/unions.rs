//! Unions: their members are found again in another document.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::{
    component::named,
    node::{Member, Union},
    source::Source,
    union_members::looks,
};

/// The members of two unions that are the same, then those of only one.
pub(crate) type Matched<'a> = (Vec<(&'a Member, &'a Member)>, Vec<&'a Member>, Vec<&'a Member>);

/// Finds the members of one union in the other: by what identifies them, then by what they look
/// like, then, if just one inline schema is left on each side, those two.
pub(crate) fn matched<'a>(
    (old, old_schemas): (&'a Union, &Source),
    (new, new_schemas): (&'a Union, &Source),
) -> Matched<'a> {
    let mut pairs = Vec::new();
    let mut gone: Vec<&Member> = old.members.iter().collect();
    let mut come: Vec<&Member> = new.members.iter().collect();
    let key = |member: &Member| Some(member.key.clone());
    pair(&mut pairs, &mut gone, &mut come, (key, key));
    // A tag is a name that others know: who has another one is another member.
    if old.tag.is_none() && new.tag.is_none() {
        let old_looks = |member: &Member| Some(looks(old_schemas, &member.place.pointer));
        let new_looks = |member: &Member| Some(looks(new_schemas, &member.place.pointer));
        pair(&mut pairs, &mut gone, &mut come, (old_looks, new_looks));
        if gone.len() == 1 && come.len() == 1 {
            let inline = |member: &Member| named(&member.place.pointer).is_none().then(String::new);
            pair(&mut pairs, &mut gone, &mut come, (inline, inline));
        }
    }
    (pairs, gone, come)
}

/// Moves members of the same identity from both lists to the pairs; those without one stay.
fn pair<'a>(
    pairs: &mut Vec<(&'a Member, &'a Member)>,
    gone: &mut Vec<&'a Member>,
    come: &mut Vec<&'a Member>,
    (of_old, of_new): (impl Fn(&Member) -> Option<String>, impl Fn(&Member) -> Option<String>),
) {
    let mut known: HashMap<String, VecDeque<&'a Member>> = HashMap::new();
    for member in come.iter() {
        if let Some(identity) = of_new(member) {
            known.entry(identity).or_default().push_back(member);
        }
    }
    let mut taken = HashSet::new();
    gone.retain(|one| {
        let other = of_old(one).and_then(|identity| known.get_mut(&identity)?.pop_front());
        if let Some(other) = other {
            taken.insert(&raw const *other);
            pairs.push((one, other));
        }
        other.is_none()
    });
    come.retain(|member| !taken.contains(&(&raw const **member)));
}
