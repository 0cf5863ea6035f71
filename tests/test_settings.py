import errno
from pathlib import Path

import pytest

from digitrec.errors import ConfigurationError
from digitrec.formatting import sentence
from digitrec.settings import PROJECT_DIR, SHIPPED_MODELS_DIR, load_settings


def test_defaults_lie_in_the_project() -> None:
    settings = load_settings({})
    assert settings.models_dir == SHIPPED_MODELS_DIR
    assert settings.database_url == f"sqlite:///{PROJECT_DIR}/data/drawings.sqlite3"


def test_a_home_that_does_not_exist_is_explained() -> None:
    with pytest.raises(ConfigurationError, match="DIGITREC_MODELS_DIR must name a folder"):
        load_settings({"DIGITREC_MODELS_DIR": "~nobody-of-that-name/models"})


def test_an_empty_variable_is_an_unset_one() -> None:
    assert load_settings({"DIGITREC_MODELS_DIR": "", "DIGITREC_DATABASE_URL": ""}) == load_settings(
        {}
    )


def test_variables_move_the_state(tmp_path: Path) -> None:
    settings = load_settings(
        {"DIGITREC_MODELS_DIR": str(tmp_path), "DIGITREC_DATABASE_URL": "sqlite:///x"}
    )
    assert settings.models_dir == tmp_path
    assert settings.database_url == "sqlite:///x"


def test_trainers_are_listed_with_commas() -> None:
    settings = load_settings({"DIGITREC_TRAINERS": "Ada@school.example, bob@school.example,"})
    assert settings.trainers == {"ada@school.example", "bob@school.example"}
    assert not load_settings({}).trainers


@pytest.mark.parametrize(
    ("path", "folder", "variable"),
    [
        ("models/mine/note.txt", "models", "DIGITREC_MODELS_DIR"),
        ("models/.starting.lock", "models", "DIGITREC_MODELS_DIR"),
        ("models", "models", "DIGITREC_MODELS_DIR"),
        ("data", "data", "DIGITREC_DATABASE_URL"),
        ("data/drawings.sqlite3", "data", "DIGITREC_DATABASE_URL"),
        ("data/drawings.sqlite3.migration.lock", "data", "DIGITREC_DATABASE_URL"),
    ],
)
def test_what_is_refused_names_the_folder_and_the_variable_that_moves_it(
    places: Path, monkeypatch: pytest.MonkeyPatch, path: str, folder: str, variable: str
) -> None:
    monkeypatch.setenv("DIGITREC_DATABASE_URL", f"sqlite:///{places}/data/drawings.sqlite3")
    refusal = PermissionError(errno.EACCES, "Permission denied", str(places / path))
    assert sentence(refusal) == (
        f"{Path(path).name}: Permission denied; let digitrec write to {places / folder}, "
        f"or set {variable} to another place"
    )


@pytest.mark.parametrize("url", ["sqlite:///x/drawings.sqlite3", "postgresql://host/drawings"])
def test_what_is_refused_elsewhere_names_no_variable(
    places: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DIGITREC_DATABASE_URL", url)
    refusal = PermissionError(errno.EACCES, "Permission denied", str(places / "photo.jpg"))
    assert "DIGITREC" not in sentence(refusal)
