"""A run's report as a self-contained HTML file."""

import base64
import io
from pathlib import Path

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from PIL import Image

from digitrec.arrays import Digit, Digits
from digitrec.formatting import percent
from digitrec.reports.report import MISTAKES_SHOWN, Report, shown_words
from digitrec.reports.verdict import verdict

FOLDER = Path(__file__).parent


def report_html(report: Report, pictures: Digits) -> str:
    """Render a report without links or scripts, for phones, paper and dark mode.

    Args:
        report: The report.
        pictures: uint8 (n, 28, 28), the test pictures; white ink (255) on black (0).
    """
    # Importing Matplotlib is slow, so it isn't done when the app starts.
    from digitrec.reports.svg import curve_svg, reliability_svg

    matrix, found = report.measured.confusion_matrix, report.measured.mistakes
    progress = report.progress
    curves = [curve_svg(progress, x) for x in ("loss", "accuracy")] if progress else []
    return (
        _environment()
        .get_template("report.html.jinja")
        .render(
            report=report,
            verdict=" ".join(verdict(report)),
            matrix=matrix.tolist(),
            worst=max(1, int((matrix - np.diag(matrix.diagonal())).max())),
            mistakes=found[:MISTAKES_SHOWN],
            mistakes_shown=shown_words(min(len(found), MISTAKES_SHOWN), len(found)),
            picture=lambda index: _data_url(pictures[index]),
            curves=[Markup(curve) for curve in curves],
            reliability=Markup(reliability_svg(report.measured.reliability)),
        )
    )


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = percent
    return environment


def _data_url(digit: Digit) -> str:
    file = io.BytesIO()
    Image.fromarray(digit).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
