"""The ten digits as the tests draw them: strokes of (x, y) points on a canvas of 280 x 280."""

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from digitrec.arrays import Points
from digitrec.ink.strokes import Strokes, drawn_with

Point = tuple[float, float]


def _arc(center: Point, radii: Point, begin: float, end: float, points: int = 16) -> list[Point]:
    """Part of an ellipse; angles in degrees, 0 to the right, growing clockwise."""
    angles = [math.radians(begin + (end - begin) * i / (points - 1)) for i in range(points)]
    return [
        (center[0] + radii[0] * math.cos(a), center[1] + radii[1] * math.sin(a)) for a in angles
    ]


DIGITS: dict[int, list[list[Point]]] = {
    0: [_arc((140, 140), (55, 85), -90, 270, 28)],
    1: [[(150, 50), (140, 230)]],
    2: [[*_arc((140, 100), (55, 45), 190, 390, 14), (85, 225), (200, 225)]],
    3: [_arc((130, 95), (50, 40), 200, 450, 14) + _arc((130, 180), (60, 45), -90, 160, 14)],
    4: [[(120, 50), (80, 150), (195, 150)], [(170, 90), (160, 235)]],
    5: [[(190, 60), (105, 60), (98, 130), *_arc((130, 175), (60, 52), 230, 510, 18)]],
    6: [[(170, 50), (120, 110), (95, 170), *_arc((140, 185), (46, 45), 180, 540, 22)]],
    7: [[(80, 65), (200, 65), (130, 230)]],
    8: [
        _arc((140, 95), (42, 40), -60, -270, 14)
        + _arc((140, 185), (50, 48), -90, 270, 22)
        + _arc((140, 95), (42, 40), 90, -60, 10)
    ],
    9: [[*_arc((140, 100), (45, 45), 0, -360, 22), (185, 100), (180, 170), (165, 235)]],
}

# Styles that were once misread as 7, 3 and 8: ones with a long flag, fives with a detached top
# stroke, and zeros with a slash.
OTHER_HANDS: list[tuple[int, list[list[Point]]]] = [
    (1, [[(80, 130), (110, 100), (150, 45), (152, 140), (150, 235)]]),
    (1, [[(90, 110), (140, 45), (142, 235)], [(95, 236), (190, 234)]]),
    (
        5,
        [
            [(105, 60), (100, 125), *_arc((130, 172), (55, 52), 250, 500, 14)],
            [(118, 42), (195, 38)],
        ],
    ),
    (
        5,
        [[(100, 75), (96, 130), *_arc((130, 175), (54, 54), 250, 510, 14)], [(130, 40), (205, 32)]],
    ),
    (0, [_arc((140, 140), (62, 98), -90, 270, 24), [(90, 225), (195, 55)]]),
    (0, [_arc((140, 140), (62, 98), -90, 270, 24), [(70, 245), (215, 35)]]),
]

# A letter, which is no digit.
W: list[Point] = [(30, 60), (80, 220), (140, 110), (200, 220), (250, 60)]


def draw_digit(
    digit: int,
    *,
    ink: str | int | tuple[int, ...] = "black",
    paper: str | int | tuple[int, ...] = "white",
    width: int = 16,
    mode: str = "RGB",
    side: int = 280,
) -> Image.Image:
    """Draw a digit with a round pen, four times as large as asked for, and make it smaller."""
    scale = 4 * side / 280
    picture = Image.new(mode, (4 * side, 4 * side), paper)
    pen = ImageDraw.Draw(picture)
    radius = width * scale / 2
    for stroke in DIGITS[digit]:
        points = [(x * scale, y * scale) for x, y in stroke]
        pen.line(points, fill=ink, width=round(2 * radius), joint="curve")
        for x, y in points:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink)
    return picture.resize((side, side), Image.Resampling.BOX)


def traces_of(digit: int) -> list[Points]:
    """Return where the pen goes for a digit, float64 (n, 2) for each stroke."""
    return [np.array(line, float) for line in DIGITS[digit]]


def strokes_of(lines: Sequence[Sequence[Point]], width: float = 16) -> Strokes:
    """Return strokes along lines."""
    return drawn_with(width, (np.array(line, float) for line in lines))
