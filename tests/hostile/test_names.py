import csv
import dataclasses
import io
import re
from pathlib import Path

import pytest
from hypothesis import strategies

from digitrec.drawings.files.checked_fields import checked_label, checked_note, checked_time
from digitrec.errors import DigitrecError, one_line
from digitrec.exchange.foreign_files import suggested_name
from digitrec.numbers.read_pictures import ReadPicture, read_picture, readings_csv
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recipes.run_names import check_name
from digitrec.reports.html import report_html
from digitrec.reports.report import Report
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.system.spreadsheets import FORMULA_MARKS, csv_line, escape_formula, unescape_formula
from digitrec.ui.plain_text import plain
from tests.hostile.names import NAMES, WELCOME
from tests.hostile.pictures import digit, encoded
from tests.hostile.verdict import ends_well, generated, is_a_sentence, is_refused
from tests.reports.test_html import PICTURES, Document
from tests.reports.test_report import FIVE
from tests.support.runs import results

GENERATED = 100


@pytest.mark.parametrize("what", [what for what in NAMES if what not in WELCOME])
def test_a_run_refuses_a_hostile_name(
    what: str, store: ModelStore, mine: Run, places: Path
) -> None:
    name = NAMES[what]
    before = sorted(places.rglob("*"))
    is_refused(lambda: check_name(name))
    is_refused(lambda: store.run(name))
    is_refused(lambda: store.create_run(TrainingConfig(), name))
    is_refused(lambda: store.rename("mine", name))
    is_refused(lambda: store.delete(name))
    is_refused(lambda: TrainingConfig(start_from=name))
    is_refused(lambda: TrainingConfig.from_dict({name: 1}))
    is_refused(lambda: TrainingConfig(network=name))
    assert sorted(places.rglob("*")) == before
    assert ends_well(lambda: check_name(suggested_name(name))) is not None


@pytest.mark.parametrize("what", WELCOME)
def test_a_strange_but_valid_name_gets_a_safe_folder(
    what: str, store: ModelStore, places: Path
) -> None:
    run = store.create_run(TrainingConfig(), NAMES[what])
    assert check_name(run.name)
    assert run.title == NAMES[what]
    assert {path.parent for path in places.rglob("events.jsonl")} == {store.models_dir / run.name}
    is_refused(lambda: store.run(NAMES[what]))


@pytest.mark.parametrize("what", NAMES)
def test_a_hostile_note_stays_in_its_file(what: str, mine: Run, places: Path) -> None:
    before = {path: path.read_bytes() for path in places.rglob("*") if path.is_file()}
    ends_well(lambda: mine.write_note(NAMES[what]))
    after = {path: path.read_bytes() for path in places.rglob("*") if path.is_file()}
    assert {path.name for path in after.keys() - before.keys()} <= {"note.txt"}
    assert all(after[path] == content for path, content in before.items())
    ends_well(lambda: checked_note(NAMES[what]))
    is_refused(lambda: checked_label(NAMES[what]))
    assert what in ("empty",) or ends_well(lambda: checked_time(NAMES[what])) is None


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> ReadPicture:
    store = ModelStore(tmp_path_factory.mktemp("none"))
    return read_picture(store.load_recognizer("seed-cnn"), "it", encoded(digit()))


@pytest.mark.parametrize("what", NAMES)
def test_a_spreadsheet_never_runs_a_name_as_a_formula(what: str, read: ReadPicture) -> None:
    named = dataclasses.replace(read, name=one_line(NAMES[what], 255))
    table = readings_csv([named]).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table)))
    assert len(rows) == 2
    assert not rows[1][0].startswith(FORMULA_MARKS)
    is_refused(lambda: read.correct(0, f"{NAMES[what]}x"))


def cell_is_safe(text: str) -> None:
    ((cell,),) = csv.reader(io.StringIO(csv_line([escape_formula(text)]).decode(), newline=""))
    assert not cell.startswith(FORMULA_MARKS)
    assert unescape_formula(cell) == text


def test_generated_cells_are_no_formulas() -> None:
    marks = strategies.sampled_from(["", "'", *FORMULA_MARKS])
    text = strategies.text(strategies.characters(codec="utf-8", exclude_characters="\0"))
    given = strategies.tuples(marks, text.filter(bool)).map("".join)
    generated(GENERATED, given, cell_is_safe)


@pytest.mark.parametrize("what", NAMES)
def test_an_error_is_one_short_line(what: str) -> None:
    is_a_sentence(str(DigitrecError(f"there is no {NAMES[what]}: {NAMES[what]}; choose another")))


@pytest.mark.parametrize("what", [what for what in NAMES if NAMES[what].isprintable()])
def test_a_report_escapes_names(what: str) -> None:
    def page(name: str) -> Document:
        imported = results(imported_from=name, versions={name: name})
        report = Report(name, 0, imported, None, None, FIVE)
        return Document(report_html(report, PICTURES))

    assert page(NAMES[what]).tags == page("name").tags
    assert page(NAMES[what]).links == page("name").links


def test_plain_escapes_every_mark_in_generated_texts() -> None:
    def has_none(text: str) -> None:
        shown = plain(text)
        assert shown.isprintable() or not shown or "\u2060" in shown
        bare = re.sub(r"\\.", "", shown)
        assert not set("`*[]<>$~#&|!{}\\") & set(bare)
        # Streamlit looks for shortcodes after Markdown has removed the backslashes.
        assert not re.search(r":[A-Za-z][\w/+-]*:", re.sub(r"\\(.)", r"\1", shown))

    text = strategies.text("ab1 :*_`[](){}<>$~#&|!\\/@.-+\n\u202e", max_size=40)
    generated(GENERATED, text, has_none)
