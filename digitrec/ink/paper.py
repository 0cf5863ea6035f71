"""Telling ink from paper, whatever the colors and the light.

``crops`` and ``panels`` are imported where a picture needs them: OpenCV takes 17 MB, and the
drawing page's strokes never need it.
"""

import numpy as np
from PIL import Image

from digitrec.arrays import Doubles, Ink, Pixels, Values
from digitrec.errors import BlankPictureError
from digitrec.ink.photograph import ink_of_photograph, runs

# A picture is worked on at this size at most: a digit needs no more.
WORKING_SIDE = 512
# A whole page has many.
PAGE_SIDE = 1024
# A picture of uneven paper is a photograph if its longer side has so many pixels.
PHOTOGRAPH_SIDE = 80

# Weaker differences from the paper than this, as a share of the strongest, are noise.
NOISE = 0.1
# A picture whose strongest difference from its paper is less than this, of 255, holds no ink.
FAINTEST_INK = 25

# Paper is even if no more than this share of the picture's outermost pixels is further than
# this from their median; the larger share holds once they are free of specks.
EDGE_SHARE = 0.005
SMOOTH_EDGE_SHARE = 0.15
EDGE_TOLERANCE = 16
# A line along the edges, as of a screenshot, is at most this share of the longer side wide.
BORDER = 0.03
# Rows that are worked on at a time.
STRIP = 256


def find_ink(picture: Image.Image, *, whole: bool = False) -> Ink:
    """Tell how much of each pixel is ink.

    Ink is what differs from the paper. Even paper has the median colour of the picture's
    outermost pixels; uneven paper is filled in from them, or found by ``photograph``.

    Args:
        picture: Any mode and size, not empty; colours count as far as they are opaque.
        whole: Whether all ink of a photograph counts, and not that of one digit alone.

    Returns:
        float32, (height, width), 0 (paper) to 1 (ink); the longer side is at most 512, or 1024 of
        a whole page.

    Raises:
        BlankPictureError: If nothing differs from the paper.
    """
    pixels = _premultiplied(picture, PAGE_SIDE if whole else WORKING_SIDE)
    ink = _ink_of(pixels, whole)
    if _has_wide_rows(ink):
        ink = _ink_on_panel(pixels, ink, whole)
    if not ink.any():
        raise BlankPictureError("expected a picture with a digit in it, got a blank one")
    return ink


def _has_wide_rows(ink: Ink) -> bool:
    """Tell whether there is as much ink as in a panel, before more is loaded to find one."""
    return bool(((ink > 0.5).mean(axis=1) > 0.25).mean() > 0.25)


def _ink_on_panel(pixels: Pixels, ink: Ink, whole: bool) -> Ink:
    """Return the ink on a panel, if that is what the ink was."""
    from digitrec.ink.panels import panel

    place = panel(ink)
    if place is None:
        return ink
    inside = np.zeros_like(ink)
    inside[place] = _ink_of(pixels[place], whole)
    return inside if inside.any() else ink


def _ink_of(pixels: Pixels, whole: bool) -> Ink:
    paper = _paper_of_edges(pixels)
    is_large = max(pixels.shape) >= PHOTOGRAPH_SIDE
    if _is_even(pixels, paper) and not (is_large and _is_ruled(pixels, paper)):
        return _difference(pixels, paper)
    if (within := _without_border(pixels)) is not None:
        return within
    return _ink_of_large(pixels, whole) if is_large else _ink_of_small(pixels)


def _paper_of_edges(pixels: Pixels) -> Pixels:
    return np.median(np.concatenate(_edges(pixels)), axis=0).astype(np.uint8)


def _without_border(pixels: Pixels) -> Ink | None:
    """Return the ink inside a thin line along the edges; None if there the edges are not even."""
    margin = max(1, round(BORDER * max(pixels.shape)))
    inside = pixels[margin:-margin, margin:-margin]
    if min(inside.shape[:2]) < 2:
        return None
    paper = _paper_of_edges(inside)
    if _differing(np.concatenate(_edges(inside)), paper) > EDGE_SHARE:
        return None
    return np.pad(_difference(inside, paper), margin)


def _ink_of_large(pixels: Pixels, whole: bool) -> Ink:
    from digitrec.ink.crops import paper_of_crop

    paper = paper_of_crop(pixels)
    if paper is not None and not _is_ruled(pixels, paper):
        return _difference(pixels, paper)
    return ink_of_photograph(_without_opacity(pixels), whole=whole)


def _ink_of_small(pixels: Pixels) -> Ink:
    from digitrec.ink.crops import is_clear, paper_of_crop

    between_edges = _difference(pixels, _paper_between_edges(pixels))
    paper = paper_of_crop(pixels)
    if paper is None:
        return between_edges
    ink = _difference(pixels, paper)
    return between_edges if _has_bands(ink) and is_clear(between_edges) else ink


def _has_bands(ink: Ink) -> bool:
    """Tell whether opposite edges are each of one tone, as bands of inverted colors leave them."""
    shares = [float((edge > 0.5).mean()) for edge in (ink[1], ink[-2], ink[:, 1], ink[:, -2])]
    top, bottom, left, right = (share < 0.1 or share > 0.9 for share in shares)
    return (top and bottom) or (left and right)


def in_eight_bits(picture: Image.Image) -> Image.Image:
    """Stretch a picture of 16 or 32 bits a pixel over the 256 greys; others are as they were."""
    if not picture.mode.startswith(("I", "F")):
        return picture
    values = np.asarray(picture)
    # Strip by strip: a large picture in float64 would take eight bytes a pixel, several times.
    strips = range(0, len(values), STRIP)
    ends = [(part.min(), part.max()) for part in (_finite(values, top) for top in strips)]
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    spread = max(high - low, 1e-9)
    greys = np.empty(values.shape, np.uint8)
    for top in strips:
        greys[top : top + STRIP] = (_finite(values, top) - low) / spread * 255
    return Image.fromarray(greys)


def is_opaque_grey(picture: Image.Image) -> bool:
    """Tell whether a picture can be made smaller before it is given colours."""
    return picture.mode == "L" and not picture.has_transparency_data


def _finite(values: Values, top: int) -> Doubles:
    """Return a strip of rows as float64, what is no number or without end as 0."""
    return np.nan_to_num(values[top : top + STRIP].astype(np.float64), posinf=0, neginf=0)


def _is_even(pixels: Pixels, paper: Pixels) -> bool:
    """Tell whether the paper has one colour along the edges, but for what runs over them."""
    if _differing(np.concatenate(_edges(pixels)), paper) <= EDGE_SHARE:
        return True
    smooth = np.concatenate([_smooth(edge) for edge in _edges(pixels)])
    return _differing(smooth, paper) <= SMOOTH_EDGE_SHARE


def _differing(edge: Pixels, paper: Pixels) -> float:
    return float((_distance(edge, paper) > EDGE_TOLERANCE).mean())


def _is_ruled(pixels: Pixels, paper: Pixels) -> bool:
    """Tell whether several lines run from edge to edge."""
    marks = (_distance(edge, paper) > EDGE_TOLERANCE for edge in _edges(pixels))
    top, bottom, left, right = (runs(mark) for mark in marks)
    return min(top, bottom) > 1 or min(left, right) > 1


def _edges(pixels: Pixels) -> tuple[Pixels, Pixels, Pixels, Pixels]:
    return pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]


def _difference(pixels: Pixels, paper: Pixels) -> Ink:
    return ink_shares(_distance(pixels, paper))


def ink_shares(difference: Pixels) -> Ink:
    """Return how much of each pixel is ink.

    Args:
        difference: uint8 (height, width), how far each pixel is from the paper.

    Returns:
        float32, (height, width), 0 (paper) to 1 (ink), without the noise; all 0 if nothing is far
        enough.
    """
    strongest = np.float32(difference.max())
    if strongest < FAINTEST_INK:
        return np.zeros_like(difference, np.float32)
    return np.where(difference < NOISE * strongest, 0, difference / strongest)


def _paper_between_edges(pixels: Pixels) -> Pixels:
    """Fill a picture smoothly from its four edges, free of specks.

    S. A. Coons: Surfaces for computer-aided design of space forms, 1967.
    """
    top, bottom, left, right = (_smooth(edge) for edge in _edges(pixels))
    height, width = pixels.shape[:2]
    down = np.linspace(0, 1, height)[:, None, None]
    across = np.linspace(0, 1, width)[:, None]
    between_rows = (1 - down) * top + down * bottom
    between_columns = (1 - across) * left[:, None] + across * right[:, None]
    corners = (1 - down) * ((1 - across) * top[0] + across * top[-1]) + down * (
        (1 - across) * bottom[0] + across * bottom[-1]
    )
    return np.clip(np.rint(between_rows + between_columns - corners), 0, 255).astype(np.uint8)


def _smooth(edge: Pixels) -> Pixels:
    """Return the medians of an edge, uint8 (n, 4), over a window of a quarter of its length."""
    reach = len(edge) // 8
    padded = np.pad(edge, ((reach, reach), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=0)
    return np.median(windows, axis=-1).astype(np.uint8)


def _premultiplied(picture: Image.Image, side: int) -> Pixels:
    """Return uint8 (height, width, 4), the colours multiplied by their opacity."""
    picture = in_eight_bits(picture)
    if is_opaque_grey(picture):  # A quarter of the memory that it takes in colour.
        picture = picture.copy()
        picture.thumbnail((side, side), Image.Resampling.BOX)
    # What is opaque is made smaller first: four channels of a large picture take time.
    if picture.mode != "RGBA":
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    if picture.mode == "RGBA":
        picture = picture.convert("RGBa")
    picture.thumbnail((side, side), Image.Resampling.BOX)
    return np.asarray(picture if picture.mode == "RGBa" else picture.convert("RGBA"))


def _without_opacity(pixels: Pixels) -> Pixels:
    return pixels[..., :3] if (pixels[..., 3] == 255).all() else pixels


def _distance(pixels: Pixels, paper: Pixels) -> Pixels:
    """Return the greatest difference in any channel: uint8, without the last axis."""
    # Channel by channel: an inner axis of four is slow in NumPy.
    red, green, blue, opacity = (
        np.maximum(one, other) - np.minimum(one, other)
        for one, other in zip(
            np.moveaxis(pixels, -1, 0),
            np.moveaxis(np.broadcast_to(paper, pixels.shape), -1, 0),
            strict=True,
        )
    )
    return np.maximum(np.maximum(red, green), np.maximum(blue, opacity))
