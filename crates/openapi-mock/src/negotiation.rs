//! The choice of a representation by the `Accept` header (RFC 9110, section 12.5.1).

use openapi_document::{media_type::essence, operation::MediaTypeObject};

/// Selects the representation of the highest quality, and of several the first; the first of all if
/// none is acceptable.
pub(crate) fn negotiate<'a>(
    content: impl Iterator<Item = &'a MediaTypeObject> + Clone,
    accept: Option<&str>,
) -> Option<&'a MediaTypeObject> {
    let ranges: Vec<_> = accept.unwrap_or("*/*").split(',').map(MediaRange::parse).collect();
    let mut best: Option<(f32, &MediaTypeObject)> = None;
    for one in content.clone() {
        let quality = quality(&ranges, &one.media_type);
        if quality > best.map_or(0.0, |(quality, _)| quality) {
            best = Some((quality, one));
        }
    }
    best.map(|(_, one)| one).or(content.into_iter().next())
}

/// A media range of `Accept`, and its quality from 0 to 1.
struct MediaRange {
    range: String,
    quality: f32,
}

impl MediaRange {
    fn parse(text: &str) -> Self {
        let weight = text.split(';').skip(1).find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case("q").then(|| value.trim().parse::<f32>().ok())?
        });
        Self { range: essence(text), quality: weight.unwrap_or(1.0).clamp(0.0, 1.0) }
    }

    /// The precedence of the range for a media type; `None` if it doesn't include it.
    fn specificity(&self, media_type: &str) -> Option<u8> {
        if self.range == media_type {
            return Some(2);
        }
        if self.range == "*/*" || media_type == "*/*" {
            return Some(0);
        }
        let (own, subtype) = self.range.split_once('/')?;
        let (other, other_subtype) = media_type.split_once('/')?;
        (own == other && (subtype == "*" || other_subtype == "*")).then_some(1)
    }
}

/// The quality of a media type, or of a range that a response declares: by the most specific range
/// that includes it.
fn quality(ranges: &[MediaRange], media_type: &str) -> f32 {
    let including = ranges.iter().filter_map(|range| {
        range.specificity(media_type).map(|specificity| (specificity, range.quality))
    });
    let most_specific = including.max_by(|(a, one), (b, other)| {
        a.cmp(b).then(one.partial_cmp(other).unwrap_or(std::cmp::Ordering::Equal))
    });
    most_specific.map_or(0.0, |(_, quality)| quality)
}
