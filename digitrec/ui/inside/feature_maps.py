"""Feature maps and filters as pictures, many on a sheet."""

import numpy as np
from PIL import Image

from digitrec.arrays import Floats

WIDTH = 960
MAP_GAP = 4
# Among squares as light as the page it takes more to see where a filter ends.
FILTER_GAP = 16
COLUMNS = 8
# Maps of few pixels can be told apart at half the size.
SMALL = 6
SMALL_COLUMNS = 16
# More maps than this fill two sheets, which lie side by side where there is room.
MAPS_PER_SHEET = 32

# Colours at equal distances, between which others are mixed. The lightness of the first rises
# steadily from black, as in matplotlib's inferno; that of the second falls from the middle.
GLOW = ("#000004", "#210c4a", "#56106e", "#89226a", "#bb3754", "#e35932", "#f98c0a", "#f9c932",
        "#fcffa4")  # fmt: skip
BLUE_TO_RED = ("#053061", "#2166ac", "#4393c3", "#92c5de", "#f7f7f7", "#f4a582", "#d6604d",
               "#b2182b", "#67001f")  # fmt: skip

_TINY = np.finfo(np.float32).tiny


def map_sheets(maps: Floats) -> list[Image.Image]:
    """Return a layer's feature maps on one sheet, or on two halves.

    Args:
        maps: float32 (height, width, filters); the layer's largest value is the brightest, and
            what is not above 0 is black.
    """
    shares = np.clip(maps / max(maps.max(), _TINY), 0, 1)
    height, _, count = maps.shape
    if height <= SMALL:
        return [_sheet(shares, GLOW, SMALL_COLUMNS, MAP_GAP)]
    per_sheet = count if count <= MAPS_PER_SHEET else -(-count // 2)
    parts = (shares[..., i : i + per_sheet] for i in range(0, count, per_sheet))
    return [_sheet(part, GLOW, COLUMNS, MAP_GAP) for part in parts]


def filter_sheet(filters: Floats) -> Image.Image:
    """Return filters on a sheet.

    Args:
        filters: float32 (height, width, filters); the largest of all, positive or negative, has
            the deepest colour, and 0 is white.
    """
    largest = max(np.abs(filters).max(), _TINY)
    return _sheet((filters / largest + 1) / 2, BLUE_TO_RED, COLUMNS, FILTER_GAP)


def _sheet(shares: Floats, colours: tuple[str, ...], columns: int, gap: int) -> Image.Image:
    """Draw pictures of values from 0 to 1 in rows, with see-through gaps and empty places."""
    height, width, count = shares.shape
    factor = max(1, (WIDTH // columns - gap) // max(height, width))
    pictures = 1 + np.rint(shares * 254).astype(np.uint8).transpose(2, 0, 1)
    pictures = pictures.repeat(factor, axis=1).repeat(factor, axis=2)
    framed = np.pad(pictures, ((0, -count % columns), (0, gap), (0, gap)))
    rows = framed.reshape(-1, columns, *framed.shape[1:]).swapaxes(1, 2)
    sheet = Image.fromarray(rows.reshape(-1, columns * framed.shape[2])[:-gap, :-gap])
    sheet.putpalette(_palette(colours), "RGBA")
    return sheet


def _palette(colours: tuple[str, ...]) -> bytes:
    """Return 256 RGBA colours: the first is see-through, the others are mixed."""
    knots = np.array([list(bytes.fromhex(colour[1:] + "ff")) for colour in colours])
    places = np.linspace(0, 254, len(colours))
    mixed = np.stack([np.interp(np.arange(255), places, part) for part in knots.T], axis=1)
    return bytes(4) + np.rint(mixed).astype(np.uint8).tobytes()
