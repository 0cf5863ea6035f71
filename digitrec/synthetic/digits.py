"""Digits in other handwriting styles than MNIST's.

MNIST was written by Americans around 1990. Zeros with a slash, ones with a flag and a foot,
crossed sevens, open fours and nines, and eights made of two rings are rare or missing. Here each
style is a few strokes in a unit square, with y growing downward, which are then randomly bent,
slanted and stretched.
"""

from collections.abc import Callable

import numpy as np

from digitrec.arrays import Digits, Labels
from digitrec.synthetic.handwriting import Rng, Traces, arc, chance, curve, line, picture, vary
from digitrec.system.processes import tracked


def styled_digits(count: int, seed: int) -> tuple[Digits, Labels]:
    """Draw digits in all styles, as network inputs.

    Returns:
        uint8 (count, 28, 28), white ink (255) on black, and their labels, uint8 (count,), which
        cycle through 0 to 9.
    """
    rng = np.random.default_rng(seed)
    labels = (np.arange(count) % 10).astype(np.uint8)
    return np.stack(
        [picture(draw_digit(int(digit), rng), rng) for digit in tracked(labels)]
    ), labels


def draw_digit(digit: int, rng: Rng) -> Traces:
    """Draw one digit in a random style.

    Returns:
        Traces as float64 (n, 2) points (x, y), about one unit high.
    """
    return vary(_DIGITS[digit](rng), rng)


def _zero(rng: Rng) -> Traces:
    rx, begin = rng.uniform(0.18, 0.7), rng.normal(-90, 45)
    sweep = rng.choice([-1, 1]) * (360 + rng.normal(0, 28))
    traces = [arc(0.5, 0.5, rx, 0.5, begin, begin + sweep)]
    if chance(rng, 0.12):
        tail = arc(0.5, 0.12, rx * 0.5, 0.14, -150, rng.uniform(0, 120))
        traces[0] = np.concatenate([traces[0], tail + traces[0][-1] - tail[0]])
    if chance(rng, 0.5):
        out_x, out_y = rng.uniform(0.0, 1.35) * rx, rng.uniform(0.2, 0.68)
        if chance(rng, 0.2):  # reaches far out at both ends
            out_x, out_y = rng.uniform(0.0, 0.4), rng.uniform(0.68, 1.1)
        off = rng.normal(0, 0.05)
        slash = line((0.5 + out_x + off, 0.5 - out_y), (0.5 - out_x + off, 0.5 + out_y))
        if chance(rng, 0.08):
            slash[:, 0] = 1 - slash[:, 0]
        traces.append(slash)
    return traces


def _one(rng: Rng) -> Traces:
    kind = rng.choice(5, p=[0.2, 0.35, 0.27, 0.1, 0.08])
    lean = rng.normal(0, 0.05)
    stem = [(0.5 + lean, 0.0), (0.5, 1.0)]
    traces: Traces = []
    if kind in (1, 2, 4):
        if kind == 4:
            reach, drop = rng.uniform(0.35, 0.6), rng.uniform(0.55, 0.95)
        else:
            # A flat flag must be short: a long one would make a seven.
            slope = rng.uniform(0.1, 1.5)
            reach = rng.uniform(0.12, 0.22 if slope < 0.45 else 0.42)
            drop = reach * slope
        flag = (0.5 + lean - reach, drop)
        if chance(rng, 0.3):
            up = curve(flag, (0.5 + lean - reach * 0.45, drop * 0.62), stem[0])
            traces.append(np.concatenate([up, line(*stem)]))
        else:
            traces.append(line(flag, *stem))
    else:
        traces.append(line(*stem))
    if kind in (2, 3):
        left, right = rng.uniform(0.12, 0.4, 2)
        y = 1.0 + rng.normal(0, 0.02)
        traces.append(line((0.5 - left, y), (0.5 + right, y)))
    return traces


def _two(rng: Rng) -> Traces:
    base = rng.uniform(0.85, 1.05)
    top = curve(
        (0.08, rng.uniform(0.12, 0.35)),
        (0.2, 0.06),
        (0.5, 0.0),
        (0.82, 0.12),
        (0.84, 0.34),
        (0.55, 0.66),
    )
    kind = rng.choice(4, p=[0.35, 0.25, 0.25, 0.15])
    if kind == 0:
        return [np.concatenate([top, line((0.55, 0.66), (0.05, 1.0), (0.95, base))])]
    if kind == 1:
        loop = curve(
            (0.55, 0.66),
            (0.2, 0.97),
            (0.03, 0.95),
            (0.06, 0.8),
            (0.3, 0.82),
            (0.6, 0.97),
            (0.98, base - 0.08),
        )
        return [np.concatenate([top, loop])]
    if kind == 2:
        return [line((0.08, rng.uniform(0.0, 0.1)), (0.85, 0.02), (0.05, 1.0), (0.95, base))]
    wave = curve((0.55, 0.66), (0.08, 0.98), (0.4, 0.9), (0.7, 1.0), (0.98, 0.88))
    return [np.concatenate([top, wave])]


def _three(rng: Rng) -> Traces:
    middle = (rng.uniform(0.3, 0.55), rng.uniform(0.4, 0.5))
    kind = rng.choice(3, p=[0.5, 0.35, 0.15])
    belly = curve(
        middle, (0.75, 0.53), (0.9, 0.74), (0.65, 0.97), (0.3, 1.0), (0.05, rng.uniform(0.8, 0.95))
    )
    if kind == 0:
        top = curve(
            (0.08, rng.uniform(0.1, 0.25)),
            (0.3, 0.02),
            (0.65, 0.03),
            (0.8, 0.2),
            (0.65, 0.4),
            middle,
        )
    elif kind == 1:
        top = line((0.1, rng.uniform(-0.03, 0.06)), (0.85, 0.02), middle)
    else:
        top = curve(
            (0.08, 0.15), (0.4, 0.0), (0.8, 0.2), (0.5, 0.45), (0.3, 0.44), (0.38, 0.36), middle
        )
    return [np.concatenate([top, belly])]


def _four(rng: Rng) -> Traces:
    bar, stem = rng.uniform(0.34, 0.78), rng.uniform(0.55, 0.8)
    end = rng.uniform(0.8, 1.1)
    kind = rng.choice(4, p=[0.35, 0.25, 0.2, 0.2])
    if kind == 0:  # open, two strokes
        left = (rng.uniform(0.1, 0.45), 0.0)
        corner = (rng.uniform(0.0, 0.15), bar)
        return [
            line(left, corner, (end, bar + rng.normal(0, 0.03))),
            line((stem, rng.uniform(0.0, 0.45)), (stem + rng.normal(0, 0.05), 1.0)),
        ]
    if kind == 1:  # closed, one stroke
        return [line((stem, 1.0), (stem, 0.0), (0.0, bar), (end, bar))]
    if kind == 2:  # like a y: a cup and a tail
        cup = curve(
            (0.08, 0.0), (0.06, bar * 0.6), (0.2, bar), (0.5, bar * 0.95), (stem, bar * 0.7)
        )
        return [cup, line((stem + 0.05, rng.uniform(-0.05, 0.1)), (stem, 1.0))]
    corner = (0.02, bar)  # one stroke, like a lightning bolt
    return [
        line(
            (rng.uniform(0.2, 0.5), 0.0),
            corner,
            (end * 0.8, bar),
            (stem + 0.1, rng.uniform(0.15, 0.4)),
            (stem - 0.05, 1.0),
        )
    ]


def _five(rng: Rng) -> Traces:
    kind = rng.choice(3, p=[0.35, 0.45, 0.2])
    left, shoulder = rng.uniform(0.08, 0.25), rng.uniform(0.38, 0.5)
    belly = [
        (left, shoulder),
        (0.5, shoulder - 0.08),
        (0.88, 0.6),
        (0.82, 0.88),
        (0.45, 1.0),
        (0.02, rng.uniform(0.82, 0.96)),
    ]
    hat_end = (rng.uniform(0.65, 1.0), rng.normal(0.02, 0.04))
    if kind == 0:
        return [
            np.concatenate([line(hat_end, (left + 0.06, 0.02), (left, shoulder)), curve(*belly)])
        ]
    if kind == 1:  # the top bar is a separate stroke that may not touch the rest
        gap = rng.normal(0.0, 0.06)
        body = np.concatenate([line((left + 0.04, 0.02), (left, shoulder)), curve(*belly)])
        return [body, line((left + 0.04 + gap, 0.02 + rng.normal(0, 0.04)), hat_end)]
    return [
        curve(
            hat_end,
            (0.4, 0.02),
            (0.14, 0.2),
            (0.3, 0.42),
            (0.7, 0.55),
            (0.85, 0.78),
            (0.5, 1.0),
            (0.05, 0.93),
        )
    ]


def _six(rng: Rng) -> Traces:
    loop, cy = rng.uniform(0.2, 0.36), rng.uniform(0.66, 0.78)
    ry = 1.0 - cy
    start = (rng.uniform(0.35, 0.95), rng.uniform(-0.02, 0.08))
    left = 0.5 - loop
    end = 180 - rng.normal(365, 30)
    bend = (left + rng.uniform(-0.03, 0.2), rng.uniform(0.25, 0.45))
    down = curve(start, bend, (left, cy))
    return [np.concatenate([down, arc(0.5, cy, loop, ry, 180, end)])]


def _seven(rng: Rng) -> Traces:
    corner = (rng.uniform(0.8, 0.98), rng.normal(0.02, 0.03))
    foot = (rng.uniform(0.15, 0.5), 1.0)
    head = [(rng.uniform(0.0, 0.12), rng.normal(0.03, 0.05)), corner]
    if chance(rng, 0.3):
        head.insert(0, (head[0][0] + rng.normal(0, 0.03), head[0][1] + rng.uniform(0.1, 0.4)))
    if chance(rng, 0.35):
        bend = ((corner[0] + foot[0]) / 2 - rng.uniform(0.02, 0.12), 0.5)
        traces = [np.concatenate([line(*head), curve(corner, bend, foot)])]
    else:
        traces = [line(*head, foot)]
    if chance(rng, 0.2):  # the foot ends in a serif
        tick = (foot[0] + rng.uniform(0.08, 0.3), 1.0 - rng.uniform(0.0, 0.2))
        traces[0] = np.concatenate([traces[0], line(foot, tick)])
    if chance(rng, 0.55):
        y = rng.uniform(0.36, 0.62)
        x = corner[0] + (foot[0] - corner[0]) * y
        left, right = rng.uniform(0.12, 0.36, 2)
        tilt = rng.normal(0, 0.05)
        traces.append(line((x - left, y + tilt), (x + right, y - tilt)))
    return traces


def _eight(rng: Rng) -> Traces:
    waist = rng.uniform(0.38, 0.52)
    top, bottom = rng.uniform(0.18, 0.36), rng.uniform(0.24, 0.42)
    kind = rng.choice(4, p=[0.35, 0.35, 0.15, 0.15])
    if kind == 0:
        return _crossing_eight(rng, waist, top, bottom)
    if kind == 1:
        return _two_rings(rng, waist, top, bottom)
    if kind == 2:
        return _closed_s(rng, waist)
    return [  # one stroke that begins and ends at the waist
        curve(
            (0.5, waist),
            (0.5 - top, waist / 2),
            (0.5, 0.0),
            (0.5 + top, waist / 2),
            (0.5, waist),
            (0.5 - bottom, 0.75),
            (0.5, 1.0),
            (0.5 + bottom, 0.75),
            (0.52, waist - 0.03),
        )
    ]


def _crossing_eight(rng: Rng, waist: float, top: float, bottom: float) -> Traces:
    """Return one stroke that crosses itself at the waist; top and bottom are half widths."""
    stroke = curve(
        (0.5 + top * 0.9, 0.12),
        (0.5, 0.0),
        (0.5 - top, waist / 2),
        (0.5, waist),
        (0.5 + bottom, (1 + waist) / 2),
        (0.5, 1.0),
        (0.5 - bottom, (1 + waist) / 2),
        (0.5, waist),
        (0.5 + top, waist / 2),
        (0.5 + top * 0.8, 0.1),
    )
    return [stroke[: len(stroke) - rng.integers(0, 7)]]


def _two_rings(rng: Rng, waist: float, top: float, bottom: float) -> Traces:
    """Return two rings, one above the other."""
    gap = rng.normal(-0.01, 0.03)
    first, second = rng.uniform(0, 360, 2)
    lower = 1.0 - waist
    upper_end = first + 360 + rng.normal(0, 25)
    upper_ring = arc(0.5, waist / 2 - gap / 2, top, waist / 2, first, upper_end)
    x, lower_end = 0.5 + rng.normal(0, 0.03), second + 360 + rng.normal(0, 25)
    lower_ring = arc(x, 1 - lower / 2 + gap / 2, bottom, lower / 2, second, lower_end)
    return [upper_ring, lower_ring]


def _closed_s(rng: Rng, waist: float) -> Traces:
    """Return an S closed by a straight line."""
    s = curve(
        (0.85, 0.12), (0.5, 0.0), (0.2, 0.2), (0.5, waist), (0.82, 0.75), (0.5, 1.0), (0.15, 0.8)
    )
    end = (0.8 + rng.normal(0, 0.08), rng.uniform(0.05, 0.25))
    return [np.concatenate([s, line((0.15, 0.8), end)])]


def _nine(rng: Rng) -> Traces:
    return _looped_nine(rng) if chance(rng, 0.3) else _stemmed_nine(rng)


def _stemmed_nine(rng: Rng) -> Traces:
    rx, ry = rng.uniform(0.16, 0.42), rng.uniform(0.1, 0.32)
    begin = rng.uniform(-60, 10)
    sweep = -rng.choice([360, 330, 290, 260], p=[0.4, 0.25, 0.25, 0.1]) + rng.normal(0, 14)
    loop = arc(0.5, ry, rx, ry, begin, begin + sweep)
    right = 0.5 + rx
    kind = rng.choice(3, p=[0.5, 0.35, 0.15])
    top = (right + rng.normal(0, 0.03), ry * rng.uniform(0.0, 1.0))
    if kind == 0:
        tail = line(top, (right + rng.normal(-0.08, 0.14), 1.0))
    elif kind == 1:
        tail = curve(top, (right, 0.65), (0.45, 1.0), (0.15, rng.uniform(0.8, 0.97)))
    else:
        tail = curve(top, (right, 0.7), (0.5, 1.0), (0.25, 0.85), (0.6, 0.7), (1.0, 0.62))
    if chance(rng, 0.5):
        return [np.concatenate([loop, tail])]
    return [loop, tail]


def _looped_nine(rng: Rng) -> Traces:
    """Return one stroke: from the waist around the top, then down through the waist."""
    rx, waist = rng.uniform(0.16, 0.42), rng.uniform(0.3, 0.55)
    right, middle = 0.5 + rx, waist * rng.uniform(0.35, 0.6)
    start = (rng.uniform(0.4, 0.55), waist * rng.uniform(0.75, 1.1))
    loop = [start, (right, middle), (0.5, 0.0), (0.5 - rx, middle), (rng.uniform(0.42, 0.6), waist)]
    belly = (right * rng.uniform(0.75, 1.1), waist + (1 - waist) * rng.uniform(0.25, 0.5))
    return [curve(*loop, belly, (rng.uniform(0.1, 0.6), 1.0))]


_DIGITS: dict[int, Callable[[Rng], Traces]] = {
    0: _zero, 1: _one, 2: _two, 3: _three, 4: _four,
    5: _five, 6: _six, 7: _seven, 8: _eight, 9: _nine,
}  # fmt: skip
