"""Separates ink from paper in pictures and photos, whatever the colors and the light.

``tight_crops`` and ``enclosing_box`` are imported only when a picture needs them: OpenCV takes
17 MB, and strokes drawn on the canvas never need it.
"""

import numpy as np
from PIL import Image

from digitrec.arrays import Doubles, Ink, Pixels, Values
from digitrec.errors import BlankPictureError
from digitrec.ink.photograph import ink_of_photograph, runs

# The largest size at which a picture of one digit is processed, in pixels.
WORKING_SIDE = 512
# The same for a whole page.
PAGE_SIDE = 1024
# A picture with uneven paper counts as a photo if its longer side has this many pixels.
MIN_PHOTO_SIDE = 80

# Differences from the paper below this share of the strongest are noise.
NOISE = 0.1
# A picture is blank if its strongest difference from the paper is below this, of 255.
MIN_CONTRAST = 25

# Paper is even if at most this share of the picture's edge pixels differs from their median by
# more than the tolerance; the larger share applies after specks are smoothed away.
EDGE_SHARE = 0.005
SMOOTH_EDGE_SHARE = 0.15
EDGE_TOLERANCE = 16
# Width of a border line, as in screenshots: at most this share of the longer side.
BORDER = 0.03
# Rows that are converted at a time.
STRIP_ROWS = 256


def find_ink(picture: Image.Image, *, whole: bool = False) -> Ink:
    """Return how much of each pixel is ink.

    Ink is whatever differs from the paper. Even paper has the median color of the picture's edge
    pixels; uneven paper is interpolated from them, or handled by ``photograph``.

    Args:
        picture: Any mode and size, not empty; colors are weighted by their opacity.
        whole: Whether to keep all ink of a photo, instead of a single digit's.

    Returns:
        float32, (height, width), 0 (paper) to 1 (ink); the longer side is at most 512, or 1024
        with ``whole``.

    Raises:
        BlankPictureError: If nothing differs from the paper.
    """
    return find_ink_of(premultiplied(picture, PAGE_SIDE if whole else WORKING_SIDE), whole=whole)


def find_ink_of(pixels: Pixels, *, whole: bool = False) -> Ink:
    """Return how much of each pixel is ink; see ``find_ink``.

    Args:
        pixels: As made by ``premultiplied``.
        whole: Whether to keep all ink of a photo, instead of a single digit's.

    Raises:
        BlankPictureError: If nothing differs from the paper.
    """
    ink = _ink_of(pixels, whole)
    if _has_wide_rows(ink):
        ink = _ink_in_box(pixels, ink, whole)
    if not ink.any():
        raise BlankPictureError("this picture is blank; choose one with a digit in it")
    return _without_edge_lines(ink)


def _without_edge_lines(ink: Ink) -> Ink:
    """Erase what a crop leaves of a frame: a line one pixel wide along an edge, beside paper."""
    kept = ink.copy()
    for turns in range(4):
        rows = np.rot90(kept, turns)
        if len(rows) > 2 and (rows[0] > 0.5).all() and not (rows[1] > 0.5).any():
            rows[0] = 0
    return kept if (kept > 0.5).any() else ink


def _has_wide_rows(ink: Ink) -> bool:
    """Return whether there is enough ink for an enclosing box, before OpenCV is loaded."""
    return bool(((ink > 0.5).mean(axis=1) > 0.25).mean() > 0.25)


def _ink_in_box(pixels: Pixels, ink: Ink, whole: bool) -> Ink:
    """Return the ink inside the enclosing box, or all ink if there is no box."""
    from digitrec.ink.enclosing_box import find_enclosing_box

    box = find_enclosing_box(ink)
    if box is None:
        return ink
    inside = np.zeros_like(ink)
    inside[box] = _ink_of(pixels[box], whole)
    return inside if inside.any() else ink


def _ink_of(pixels: Pixels, whole: bool) -> Ink:
    paper = _paper_of_edges(pixels)
    is_large = max(pixels.shape) >= MIN_PHOTO_SIDE
    if _is_even(pixels, paper) and not (is_large and _is_ruled(pixels, paper)):
        return _difference(pixels, paper)
    if (inside := _ink_without_border(pixels)) is not None:
        return inside
    return _ink_of_large(pixels, whole) if is_large else _ink_of_small(pixels)


def _paper_of_edges(pixels: Pixels) -> Pixels:
    return np.median(np.concatenate(_edges(pixels)), axis=0).astype(np.uint8)


def _ink_without_border(pixels: Pixels) -> Ink | None:
    """Return the ink inside a thin border line; None if the paper there isn't even either."""
    margin = max(1, round(BORDER * max(pixels.shape)))
    inside = pixels[margin:-margin, margin:-margin]
    if min(inside.shape[:2]) < 2:
        return None
    paper = _paper_of_edges(inside)
    if _differing(np.concatenate(_edges(inside)), paper) > EDGE_SHARE:
        return None
    return np.pad(_difference(inside, paper), margin)


def _ink_of_large(pixels: Pixels, whole: bool) -> Ink:
    from digitrec.ink.tight_crops import paper_color_of_crop

    paper = paper_color_of_crop(pixels)
    if paper is not None and not _is_ruled(pixels, paper):
        return _difference(pixels, paper)
    return ink_of_photograph(_without_opacity(pixels), whole=whole)


def _ink_of_small(pixels: Pixels) -> Ink:
    from digitrec.ink.tight_crops import is_clear, paper_color_of_crop

    between_edges = _difference(pixels, _paper_between_edges(pixels))
    paper = paper_color_of_crop(pixels)
    if paper is None:
        return between_edges
    ink = _difference(pixels, paper)
    return between_edges if _has_bands(ink) and is_clear(between_edges) else ink


def _has_bands(ink: Ink) -> bool:
    """Return whether two opposite edges have one tone each, as bands of inverted colors do."""
    shares = [float((edge > 0.5).mean()) for edge in (ink[1], ink[-2], ink[:, 1], ink[:, -2])]
    top, bottom, left, right = (share < 0.1 or share > 0.9 for share in shares)
    return (top and bottom) or (left and right)


def to_eight_bits(picture: Image.Image) -> Image.Image:
    """Stretch pictures with 16 or 32 bits per pixel to 256 gray levels; return others unchanged."""
    if not picture.mode.startswith(("I", "F")):
        return picture
    values = np.asarray(picture)
    # In strips: several float64 copies of a large picture would take too much memory.
    strips = range(0, len(values), STRIP_ROWS)
    ends = [(part.min(), part.max()) for part in (_finite(values, top) for top in strips)]
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    spread = max(high - low, 1e-9)
    grays = np.empty(values.shape, np.uint8)
    for top in strips:
        grays[top : top + STRIP_ROWS] = (_finite(values, top) - low) / spread * 255
    return Image.fromarray(grays)


def is_opaque_gray(picture: Image.Image) -> bool:
    """Return whether a picture can be reduced before it is converted to color."""
    return picture.mode == "L" and not picture.has_transparency_data


def _finite(values: Values, top: int) -> Doubles:
    """Return a strip of rows as float64, with NaN and infinity as 0."""
    return np.nan_to_num(values[top : top + STRIP_ROWS].astype(np.float64), posinf=0, neginf=0)


def _is_even(pixels: Pixels, paper: Pixels) -> bool:
    """Return whether the paper has one color along the edges, apart from ink that crosses them."""
    if _differing(np.concatenate(_edges(pixels)), paper) <= EDGE_SHARE:
        return True
    smooth = np.concatenate([_smooth(edge) for edge in _edges(pixels)])
    return _differing(smooth, paper) <= SMOOTH_EDGE_SHARE


def _differing(edge: Pixels, paper: Pixels) -> float:
    return float((_distance(edge, paper) > EDGE_TOLERANCE).mean())


def _is_ruled(pixels: Pixels, paper: Pixels) -> bool:
    """Return whether several lines run from one edge to the opposite one."""
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
    if strongest < MIN_CONTRAST:
        return np.zeros_like(difference, np.float32)
    return np.where(difference < NOISE * strongest, 0, difference / strongest)


def _paper_between_edges(pixels: Pixels) -> Pixels:
    """Interpolate the paper from the picture's four edges, smoothed to remove specks.

    A Coons patch (S. A. Coons: Surfaces for computer-aided design of space forms, 1967).
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
    """Return the running median of an edge, uint8 (n, 4), over a quarter of its length."""
    reach = len(edge) // 8
    padded = np.pad(edge, ((reach, reach), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=0)
    return np.median(windows, axis=-1).astype(np.uint8)


def premultiplied(picture: Image.Image, side: int) -> Pixels:
    """Return uint8 (height, width, 4), the colors multiplied by their opacity, and the opacity.

    Args:
        picture: Any mode and size, not empty.
        side: The longer side of the result at most, in pixels.
    """
    picture = to_eight_bits(picture)
    if is_opaque_gray(picture):  # Takes a quarter of the memory of RGBA.
        picture = picture.copy()
        picture.thumbnail((side, side), Image.Resampling.BOX)
    # Opaque pictures are reduced as RGB: four channels of a large picture take longer.
    if picture.mode != "RGBA":
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    if picture.mode == "RGBA":
        picture = picture.convert("RGBa")
    picture.thumbnail((side, side), Image.Resampling.BOX)
    return np.asarray(picture if picture.mode == "RGBa" else picture.convert("RGBA"))


def _without_opacity(pixels: Pixels) -> Pixels:
    return pixels[..., :3] if (pixels[..., 3] == 255).all() else pixels


def _distance(pixels: Pixels, paper: Pixels) -> Pixels:
    """Return the largest difference in any channel: uint8, without the last axis."""
    # Channel by channel: NumPy is slow on an inner axis of length 4.
    red, green, blue, opacity = (
        np.maximum(one, other) - np.minimum(one, other)
        for one, other in zip(
            np.moveaxis(pixels, -1, 0),
            np.moveaxis(np.broadcast_to(paper, pixels.shape), -1, 0),
            strict=True,
        )
    )
    return np.maximum(np.maximum(red, green), np.maximum(blue, opacity))
