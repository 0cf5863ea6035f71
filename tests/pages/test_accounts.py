"""What the pages show to whom, with a login."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from digitrec.drawings.store import DrawingStore
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.model_store import ModelStore
from digitrec.settings import PROJECT_DIR
from tests.pages.test_teach import taught
from tests.support.drawings import new_drawing, png_of
from tests.support.patience import HANG_S

AUTH = {"redirect_uri": "http://localhost:8501/oauth2callback", "cookie_secret": "x" * 32,
        "client_id": "digitrec", "client_secret": "y", "server_metadata_url": "z"}  # fmt: skip
ISSUER = "https://school.example"

OpenAs = Callable[..., AppTest]


@pytest.fixture
def open_as(places: None) -> OpenAs:
    """Opens a page as a logged-in person."""

    def open_it(page: str, **claims: Any) -> AppTest:
        app = AppTest.from_file(str(PROJECT_DIR / "router.py"), default_timeout=HANG_S)
        app.secrets["auth"] = AUTH
        app.user = {"is_logged_in": True, "iss": ISSUER} | claims
        app.run()
        if page != "digits/draw":
            app.switch_page(f"pages/{page}.py").run()
        assert not app.exception
        return app

    return open_it


def id_of(app: AppTest) -> str:
    return str(app.code[0].value)


def may_train(app: AppTest) -> bool:
    return "Can train models" in [caption.value for caption in app.caption]


def test_people_are_told_apart_by_issuer_and_subject(open_as: OpenAs) -> None:
    mine = id_of(open_as("digits/draw", sub="1", email="a@x.example"))
    assert id_of(open_as("digits/draw", sub="1", email="other@x.example")) == mine
    assert id_of(open_as("digits/draw", sub="2", email="a@x.example")) != mine
    assert id_of(open_as("digits/draw", sub="1", iss="https://other.example")) != mine


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"email": "Ada@school.example", "email_verified": True}, True),
        ({"email": "bob@school.example", "email_verified": True}, False),
        ({"email": "ada@school.example", "email_verified": False}, False),
        ({"email": "ada@school.example", "email_verified": "true"}, False),
        ({"email": "ada@school.example"}, False),
        ({}, False),
    ],
)
def test_only_a_verified_email_address_counts(
    open_as: OpenAs, monkeypatch: pytest.MonkeyPatch, claims: dict[str, Any], expected: bool
) -> None:
    monkeypatch.setenv("DIGITREC_TRAINERS", "ada@school.example")
    assert may_train(open_as("digits/draw", sub="1", **claims)) == expected


def test_a_trainer_may_be_listed_by_id(open_as: OpenAs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITREC_TRAINERS", id_of(open_as("digits/draw", sub="1")))
    assert may_train(open_as("digits/draw", sub="1"))
    assert not may_train(open_as("digits/draw", sub="2"))


@pytest.mark.parametrize("claims", [{"is_logged_in": False, "sub": "1"}, {"is_logged_in": True}])
@pytest.mark.parametrize("page", ["digits/history", "networks/models"])
def test_no_page_opens_without_a_login(open_as: OpenAs, claims: dict[str, Any], page: str) -> None:
    app = open_as(page, **claims)
    assert [button.label for button in app.button] == ["Log in"]
    assert [header.value for header in app.header] == ["digitrec"]


def test_only_trainers_resume_a_run(
    open_as: OpenAs, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGITREC_TRAINERS", "ada@school.example")
    store.create_run(TrainingConfig(), "half")
    trainer = {"sub": "1", "email": "ada@school.example", "email_verified": True}
    assert "Resume" in [button.label for button in open_as("networks/train", **trainer).button]
    assert not [button.label for button in open_as("networks/train", sub="2").button if
                button.label in ("Resume", "Start training")]  # fmt: skip


def test_taught_drawings_are_shown_only_to_their_owner(
    open_as: OpenAs, store: ModelStore, history: DrawingStore
) -> None:
    taught(store, "taught", owner=id_of(open_as("digits/draw", sub="1")))

    def shown(sub: str) -> tuple[list[str], list[str]]:
        app = open_as("digits/teach", sub=sub)
        texts = [info.value for info in app.info if "who drew these drawings" in info.value]
        return [heading.value for heading in app.header if "answers" in heading.value], texts

    correct = "Correct answers, and the change"
    assert shown("1") == ([correct, "Changed answers"], [])
    assert shown("2") == ([correct], ["Only the person who drew these drawings can see them."])


def test_each_person_has_their_own_accuracies(
    open_as: OpenAs, store: ModelStore, history: DrawingStore
) -> None:
    history.for_owner(id_of(open_as("digits/draw", sub="1"))).save(
        new_drawing(picture=png_of(3), strokes=(), label=3)
    )

    def measured(sub: str) -> str:
        app = open_as("networks/models", sub=sub)
        app.button(key="models_measure").click().run()
        return app.button(key="models_measure").label

    assert measured("1") == "Measured on my drawings"
    assert measured("2") == "Measure on my drawings"
    app = open_as("networks/models", sub="1")
    assert app.button(key="models_measure").label == "Measured on my drawings"
