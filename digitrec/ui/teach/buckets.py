"""The buckets that a person sorts drawings into: one for each label, with its last samples."""

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st
from PIL import Image

from digitrec.arrays import Pixels
from digitrec.labels import LABELS, NO_DIGIT, label_words
from digitrec.teaching.next_digit import NextDigit
from digitrec.ui.bench.labeling import label_button
from digitrec.ui.bench.saved_sketch import SavedSketch
from digitrec.ui.charts.images import ink_colors
from digitrec.ui.teach.samples import LATEST, Sample

# How many samples a bucket shows. That of non-digits is twice as wide.
SHOWN, SHOWN_NON_DIGITS = 3, LATEST
# How many pixels wide and high each pixel of a sample becomes.
FACTOR = 3
# Pixels between two samples, and around them, where the frame of a misread one is.
GAP, FRAME = 8, 6
# Gray ones would look like places that are to be filled.
EMPTY = (0, 0, 0, 0)
MISREAD = (214, 69, 65, 255)
OPAQUE = 255


def buckets(
    counts: Mapping[int, int],
    samples: Sequence[Sample],
    suggested: NextDigit | None,
    saved: SavedSketch | None,
) -> None:
    """Show the buckets; each one's button saves the drawing with its label.

    Args:
        counts: How many drawings there are of each label.
        samples: The last drawings of each, the newest first.
        suggested: What to draw next.
        saved: What the drawing on the canvas is saved as.
    """
    for value in LABELS:
        is_next = suggested is not None and suggested.label == value
        key = "teach_bucket_next" if is_next else f"teach_bucket_{value}"
        with st.container(border=True, gap="xsmall", key=key):
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                label_button(value, saved)
                count = counts.get(value, 0)  # A zero beside a one would look like a ten.
                st.markdown(f"**{count:,}**" if count else "", width="content")
            _show(value, [sample for sample in samples if sample.label == value])


def _show(label: int, samples: Sequence[Sample]) -> None:
    places = SHOWN_NON_DIGITS if label == NO_DIGIT else SHOWN
    shown = samples[:places]
    st.image(_strip(shown, places), width="stretch", alt=_description(label, shown))


def _description(label: int, samples: Sequence[Sample]) -> str:
    if not samples:
        return f"No drawings labeled {label_words(label)} yet"
    count, wrong = len(samples), sum(sample.is_wrong for sample in samples)
    newest = f"newest {count} drawings" if count > 1 else "newest drawing"
    misread = "" if not wrong else f", {wrong} misread" if count > 1 else ", misread"
    return f"Your {newest} labeled {label_words(label)}{misread}"


def _strip(samples: Sequence[Sample], count: int) -> Image.Image:
    """Return the samples side by side, with empty places up to a count."""
    places = [_framed(sample) for sample in samples]
    side = 28 * FACTOR + 2 * FRAME
    places += [np.full((side, side, 4), EMPTY, np.uint8)] * (count - len(samples))
    gap = np.zeros((side, GAP, 4), np.uint8)
    row = [part for place in places for part in (place, gap)][:-1]
    return Image.fromarray(np.concatenate(row, axis=1))


def _framed(sample: Sample) -> Pixels:
    """Return a sample in color, enlarged, in a red frame if the model misreads it.

    Returns:
        uint8 (height, width, 4), 0 to 255.
    """
    enlarged = sample.digit.repeat(FACTOR, axis=0).repeat(FACTOR, axis=1)
    ink = np.pad(enlarged, FRAME)
    framed = np.dstack([ink_colors()[ink], np.full_like(ink, OPAQUE)])
    if sample.is_wrong:
        inside = np.pad(np.ones_like(enlarged, bool), FRAME)
        framed[~inside] = MISREAD
    return framed
