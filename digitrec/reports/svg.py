"""A report's charts, drawn by Matplotlib as SVG that takes its colors from the page.

Importing Matplotlib takes a second, so only code that draws a report imports this module.
"""

import io
import re

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from digitrec.formatting import counted
from digitrec.recognition.metrics import ReliabilityBin
from digitrec.runs.progress import Progress

# Matplotlib can't use CSS variables, so these colors are replaced by variables afterwards.
INK, FIRST, SECOND = "#010203", "#010204", "#010205"
VARIABLES = {INK: "var(--ink)", FIRST: "var(--first)", SECOND: "var(--second)"}

# Nothing else draws with Matplotlib, so its style is set once for all threads.
mpl.rcParams.update(
    {
        "axes.edgecolor": INK,
        "axes.labelcolor": INK,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "font.size": 10,
        "legend.frameon": False,
        "svg.fonttype": "none",
        "text.color": INK,
        "xtick.color": INK,
        "ytick.color": INK,
    }
)


def curve_svg(progress: Progress, metric: str) -> str:
    """Draw ``loss`` or ``accuracy`` over the epochs, for training and validation."""
    drawing, axes = _drawing()
    steps = progress.steps
    epochs = [progress.epochs_at(step) for step in steps]
    values = [getattr(step, metric) for step in steps]
    axes.plot(epochs, values, color=FIRST, lw=1, label="training")
    ends = [end for end in progress.epoch_ends if getattr(end, f"val_{metric}") is not None]
    if ends:
        epochs = [float(end.epoch) for end in ends]
        values = [getattr(end, f"val_{metric}") for end in ends]
        axes.plot(epochs, values, "o-", color=SECOND, ms=4, label="validation")
    axes.set(xlabel="epoch", ylabel=metric, xlim=(0, progress.epochs))
    if metric == "loss":
        axes.set_yscale("log")  # The first steps would flatten all the others.
    else:
        axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.legend()
    return _svg(drawing, f"The {metric} over {counted(progress.epochs, 'epoch')}")


def reliability_svg(bins: list[ReliabilityBin]) -> str:
    """Draw the accuracy by confidence; the dashed line is perfect calibration."""
    drawing, axes = _drawing()
    axes.bar(
        [part.low for part in bins],
        [part.accuracy for part in bins],
        [part.high - part.low for part in bins],
        align="edge",
        color=FIRST,
        alpha=0.55,
    )
    axes.plot([0, 1], [0, 1], "--", color=INK, lw=1)
    axes.set(xlabel="confidence", ylabel="accuracy", xlim=(0, 1), ylim=(0, 1))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1))
    return _svg(drawing, "Accuracy by confidence")


def _drawing() -> tuple[Figure, Axes]:
    drawing = Figure(figsize=(4.6, 3.1), layout="constrained")
    return drawing, drawing.add_subplot()


def _svg(drawing: Figure, title: str) -> str:
    """Return a drawing as an inline ``svg`` element with an accessible name."""
    file = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    # IDs must be unique within a page, so each drawing derives them from its title.
    with mpl.rc_context({"svg.hashsalt": title}):
        drawing.savefig(file, format="svg", transparent=True, metadata=nothing)
    svg = file.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r'(<g) id="[^"]*"', r"\1", svg)
    svg = re.sub(r' xmlns(:\w+)?="[^"]*"', "", svg)
    for color, variable in VARIABLES.items():
        svg = svg.replace(color, variable)
    return svg.replace("<svg", f'<svg role="img" aria-label="{title}"', 1)
