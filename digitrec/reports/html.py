"""A run's report as one HTML file that needs nothing but itself."""

import base64
import io
from pathlib import Path

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from PIL import Image

from digitrec.arrays import Digit, Digits
from digitrec.reports.report import MISTAKES_SHOWN, Report
from digitrec.words import percent

FOLDER = Path(__file__).parent


def report_html(report: Report, pictures: Digits) -> str:
    """Write the report: no link, no script, readable on a phone, on paper and in the dark.

    Args:
        report: What it says.
        pictures: uint8 (n, 28, 28), the digits that were answered; white ink (255) on black (0).
    """
    # Matplotlib takes long to be imported, which the app's start shall not.
    from digitrec.reports.svg import curve_svg, reliability_svg

    matrix = report.measured.confusion_matrix
    progress = report.progress
    curves = [curve_svg(progress, x) for x in ("loss", "accuracy")] if progress else []
    return (
        _environment()
        .get_template("report.html.jinja")
        .render(
            report=report,
            matrix=matrix.tolist(),
            worst=max(1, int((matrix - np.diag(matrix.diagonal())).max())),
            mistakes=report.measured.mistakes[:MISTAKES_SHOWN],
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
