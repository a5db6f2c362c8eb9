//! Matching of union members between two documents.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::{
    component::component_name,
    resolver::Resolver,
    schema_node::{UnionMember, UnionSchema},
    union_members::signature,
};

/// The members of two unions.
pub(crate) struct MatchedMembers<'a> {
    /// The members of both, old and new.
    pub(crate) common: Vec<(&'a UnionMember, &'a UnionMember)>,
    pub(crate) removed: Vec<&'a UnionMember>,
    pub(crate) added: Vec<&'a UnionMember>,
}

/// Matches the members of two unions: by key, then by signature, then, if exactly one inline schema
/// is left on each side, those two.
pub(crate) fn match_members<'a>(
    (old, old_resolver): (&'a UnionSchema, &Resolver),
    (new, new_resolver): (&'a UnionSchema, &Resolver),
) -> MatchedMembers<'a> {
    let mut members = MatchedMembers {
        common: Vec::new(),
        removed: old.members.iter().collect(),
        added: new.members.iter().collect(),
    };
    let key = |member: &UnionMember| Some(member.key.clone());
    members.match_by(key, key);
    // Another discriminator value is another variant, even of the same schema.
    if old.discriminator.is_none() && new.discriminator.is_none() {
        let old_signature =
            |member: &UnionMember| Some(signature(old_resolver, &member.view.pointer));
        let new_signature =
            |member: &UnionMember| Some(signature(new_resolver, &member.view.pointer));
        members.match_by(old_signature, new_signature);
        if members.removed.len() == 1 && members.added.len() == 1 {
            let is_inline = |member: &UnionMember| {
                component_name(&member.view.pointer).is_none().then(String::new)
            };
            members.match_by(is_inline, is_inline);
        }
    }
    members
}

impl<'a> MatchedMembers<'a> {
    /// Moves removed and added members with the same identity to the common ones.
    ///
    /// Members without an identity aren't matched.
    fn match_by(
        &mut self,
        old_identity: impl Fn(&UnionMember) -> Option<String>,
        new_identity: impl Fn(&UnionMember) -> Option<String>,
    ) {
        let mut by_identity: HashMap<String, VecDeque<&'a UnionMember>> = HashMap::new();
        for member in &self.added {
            if let Some(identity) = new_identity(member) {
                by_identity.entry(identity).or_default().push_back(member);
            }
        }
        let mut matched = HashSet::new();
        let common = &mut self.common;
        self.removed.retain(|old| {
            let new =
                old_identity(old).and_then(|identity| by_identity.get_mut(&identity)?.pop_front());
            if let Some(new) = new {
                matched.insert(&raw const *new);
                common.push((old, new));
            }
            new.is_none()
        });
        self.added.retain(|member| !matched.contains(&(&raw const **member)));
    }
}
