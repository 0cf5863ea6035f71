"""Draws a layer's feature maps or filters side by side on a sheet."""

import numpy as np
from PIL import Image

from digitrec.arrays import Floats

WIDTH = 960
MAP_GAP = 4
# Filters have squares as light as the page, so only a wide gap shows where one ends.
FILTER_GAP = 16
COLUMNS = 8
# Maps of at most this many pixels a side are clear enough at half the size.
SMALL = 6
SMALL_COLUMNS = 16
# More maps than this go on two sheets, which are shown side by side if there is room.
MAPS_PER_SHEET = 32

# Color maps, as evenly spaced colors to interpolate. On a dark page, GLOW gets steadily lighter
# from black, as matplotlib's inferno does; on a light page, EMBERS gets steadily darker from white.
GLOW = ("#000004", "#210c4a", "#56106e", "#89226a", "#bb3754", "#e35932", "#f98c0a", "#f9c932",
        "#fcffa4")  # fmt: skip
EMBERS = ("#ffffff", "#fdebc0", "#fbc55f", "#f98c0a", "#e35932", "#bb3754", "#89226a", "#56106e",
          "#210c4a")  # fmt: skip
# The middle is as light, or as dark, as the page.
BLUE_TO_RED = ("#053061", "#2166ac", "#4393c3", "#92c5de", "#f7f7f7", "#f4a582", "#d6604d",
               "#b2182b", "#67001f")  # fmt: skip
BLUE_TO_RED_ON_DARK = ("#d1e5f0", "#92c5de", "#4393c3", "#2b5d8c", "#1b1d27", "#8c3a31", "#d6604d",
                       "#f4a582", "#fddbc7")  # fmt: skip

# The places in the palette of no map, of a gap, and of the first color of a map.
NOTHING, GAP, COLORS = 0, 1, 2
# Gaps between maps stand out from black and from white.
CLEAR, GRAY = bytes(4), bytes((128, 128, 128, 120))

_TINY = np.finfo(np.float32).tiny


def map_sheets(maps: Floats, is_dark: bool) -> list[Image.Image]:
    """Draw a layer's feature maps on one or two sheets.

    Args:
        maps: float32 (height, width, filters). The layer's largest value stands out most; 0 and
            negative values are black on a dark page and white on a light one.
        is_dark: Whether the page is dark.
    """
    palette = _palette(GLOW if is_dark else EMBERS, GRAY)
    shares = np.clip(maps / max(maps.max(), _TINY), 0, 1)
    height, _, count = maps.shape
    if height <= SMALL:
        return [_sheet(shares, palette, SMALL_COLUMNS, MAP_GAP)]
    per_sheet = count if count <= MAPS_PER_SHEET else -(-count // 2)
    parts = (shares[..., i : i + per_sheet] for i in range(0, count, per_sheet))
    return [_sheet(part, palette, COLUMNS, MAP_GAP) for part in parts]


def filter_sheet(filters: Floats, is_dark: bool) -> Image.Image:
    """Draw filters on a sheet.

    Args:
        filters: float32 (height, width, filters). The largest weight, positive or negative, has
            the strongest color; 0 has the page's.
        is_dark: Whether the page is dark.
    """
    colors = BLUE_TO_RED_ON_DARK if is_dark else BLUE_TO_RED
    largest = max(np.abs(filters).max(), _TINY)
    return _sheet((filters / largest + 1) / 2, _palette(colors, CLEAR), COLUMNS, FILTER_GAP)


def _sheet(shares: Floats, palette: bytes, columns: int, gap: int) -> Image.Image:
    """Draw pictures, float32 (height, width, count), 0 to 1, in rows with gaps."""
    height, width, count = shares.shape
    factor = max(1, (WIDTH // columns - gap) // max(height, width))
    pictures = COLORS + np.rint(shares * (255 - COLORS)).astype(np.uint8).transpose(2, 0, 1)
    pictures = pictures.repeat(factor, axis=1).repeat(factor, axis=2)
    framed = np.pad(pictures, ((0, 0), (0, gap), (0, gap)), constant_values=GAP)
    framed = np.pad(framed, ((0, -count % columns), (0, 0), (0, 0)), constant_values=NOTHING)
    rows = framed.reshape(-1, columns, *framed.shape[1:]).swapaxes(1, 2)
    sheet = Image.fromarray(rows.reshape(-1, columns * framed.shape[2])[:-gap, :-gap])
    sheet.putpalette(palette, "RGBA")
    return sheet


def _palette(colors: tuple[str, ...], gap: bytes) -> bytes:
    """Return 256 RGBA colors: of no map, of a gap, and the others interpolated."""
    knots = np.array([list(bytes.fromhex(color[1:] + "ff")) for color in colors])
    places = np.linspace(COLORS, 255, len(colors))
    shown = np.arange(COLORS, 256)
    mixed = np.stack([np.interp(shown, places, part) for part in knots.T], axis=1)
    return CLEAR + gap + np.rint(mixed).astype(np.uint8).tobytes()
