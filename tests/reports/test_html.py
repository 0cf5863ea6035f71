import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from digitrec.recipes.parameters import TrainingConfig
from digitrec.reports.html import report_html
from digitrec.reports.report import Report
from digitrec.runs.progress import Progress
from tests.reports.test_report import FIVE, measured
from tests.support.runs import epoch_end, results, step

VOID = {"br", "img", "meta"}
PICTURES = np.full((FIVE.count, 28, 28), 200, np.uint8)


class Document(HTMLParser):
    """Parses an HTML file and checks that all elements are closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.names: list[str] = []
        self.cells: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        self.links += [found[k] or "" for k in ("href", "src", "xlink:href") if k in found]
        self.names += [found["id"] or ""] if "id" in found else []

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in ("td", "dd"):
            self.cells.append(data.strip())


@pytest.fixture(scope="module")
def report() -> Report:
    found = results(
        parameters=1_234_567, epochs_done=1.0, duration_s=75.0, versions={"keras": "3.15.1"}
    )
    progress = Progress(1, 1, [step()], [epoch_end(val_loss=0.4, val_accuracy=0.9)])
    return Report("<b>wild</b>", 1.8e9, found, TrainingConfig(seed=9), progress, FIVE)


@pytest.fixture(scope="module")
def text(report: Report) -> str:
    return report_html(report, PICTURES)


def test_the_document_is_self_contained(text: str) -> None:
    assert text.startswith("<!doctype html>")
    assert text.endswith("</html>")
    document = Document(text)
    assert "script" not in document.tags
    assert "link" not in document.tags
    assert len(document.links) > 3
    assert all(link.startswith(("data:image/png;base64,", "#")) for link in document.links)
    assert "http" not in text
    assert "@import" not in text
    assert all(url.startswith("url(#") for url in re.findall(r"url\([^)]*", text))


def test_ids_are_unique_and_references_resolve(text: str) -> None:
    document = Document(text)
    assert len(set(document.names)) == len(document.names)
    used = re.findall(r"url\(#([^)]*)\)", text) + re.findall(r'href="#([^"]*)"', text)
    assert set(used) <= set(document.names)


def test_the_report_has_its_metrics(text: str) -> None:
    document = Document(text)
    for value in ("40.00%", "3 of 5", "1,234,567", "1 min 15 s"):
        assert value in document.cells
    assert document.tags.count("img") == 3
    assert document.tags.count("svg") == 3
    assert "4 as 9" in text
    assert "80.00% confidence" in text
    assert "python -m digitrec train --seed 9" in text
    assert "Made with keras 3.15.1." in text


def test_the_confusion_matrix_is_a_table(text: str) -> None:
    table = text[text.index('class="confusion"') :].partition("</table>")[0]
    rows = [re.findall(r"<td[^>]*>(\d+)</td>", row) for row in table.split("<tr>")[2:]]
    counts = [[int(count) for count in row] for row in rows]
    assert counts == FIVE.confusion_matrix.tolist()


def test_a_name_is_escaped(text: str) -> None:
    assert "<b>" not in text
    assert text.count("&lt;b&gt;wild&lt;/b&gt;") == 3


def test_charts_use_the_colors_of_the_page(text: str) -> None:
    assert "stroke: var(--second)" in text
    assert "#0102" not in text


def test_the_report_of_an_imported_model_has_no_training(report: Report) -> None:
    imported = replace(report, config=None, progress=None, results=results())
    document = Document(text := report_html(imported, PICTURES))
    assert document.tags.count("svg") == 1
    assert "Settings" not in text
    assert "Layers" not in text


def test_an_ensembles_layers_are_those_of_each_member(report: Report) -> None:
    several = replace(report, config=TrainingConfig(ensemble=3))
    assert "Each of the 3 networks" in report_html(several, PICTURES)


def test_the_file_says_how_many_of_the_mistakes_it_shows(report: Report) -> None:
    many = replace(report, measured=measured(*[(4, 9, 0.6)] * 52, (4, 4, 0.9)))
    page = report_html(many, np.zeros((53, 28, 28), np.uint8))
    assert "The 40 surest of 52 mistakes. Each picture" in page
    assert page.count("<figure>") == 40
    assert "3 mistakes, the surest first. Each picture" in report_html(report, PICTURES)


def test_a_model_is_compared_with_the_one_that_it_started_from(report: Report) -> None:
    assert "<p>It has changed.</p>" in report_html(
        replace(report, change="It has changed."), PICTURES
    )
