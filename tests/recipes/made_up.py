"""Adds a made-up parameter to the configuration and prints where it appears, as JSON.

It runs in its own interpreter. All modules imported later see the parameter as if it were in the
class, and nothing else mentions it.
"""

import json
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import click

from digitrec.recipes import parameters as training_parameters
from digitrec.recipes.parameter_kinds import Section, Share, parameter


@dataclass(frozen=True)
class WithZeal(training_parameters.TrainingConfig):
    zeal: float = parameter(
        0.25,
        Share(
            label="Zeal",
            help="More of it makes the network try harder.",
            section=Section.LEARNING,
            low=0.0,
            high=0.5,
            personal=True,
        ),
    )


training_parameters.TrainingConfig = WithZeal  # type: ignore[misc]

from streamlit.testing.v1 import AppTest  # noqa: E402

from digitrec.commands.train import run_to_train, train  # noqa: E402
from digitrec.errors import ConfigurationError  # noqa: E402
from digitrec.recipes.parameter_table import parameter_tables  # noqa: E402
from digitrec.reports.report import Report  # noqa: E402
from digitrec.runs.model_store import ModelStore  # noqa: E402
from digitrec.settings import PROJECT_DIR, load_settings  # noqa: E402
from tests.pages.test_models import settings  # noqa: E402
from tests.reports.test_report import FIVE  # noqa: E402
from tests.support.patience import HANG_S  # noqa: E402
from tests.support.runs import results  # noqa: E402


def found() -> dict[str, Any]:
    store = ModelStore(load_settings().models_dir)
    for name, arguments in (("keen", ["--zeal", "0.4"]), ("lazy", [])):
        options = train.make_context("train", [*arguments, "--name", name]).params
        run_to_train(store, options)
    config = store.run("keen").config()
    assert config is not None
    report = Report("keen", 0.0, results(), config, None, FIVE)
    return {
        "shell": train.get_help(click.Context(train)),
        "kept": config.to_dict()["zeal"],
        "check": refusal(),
        "command": report.command,
        "report": dict(report.settings)["Zeal"],
        "table": parameter_tables(WithZeal),
        "comparison": compared(),
        "form": in_form(),
    }


def refusal() -> str:
    try:
        WithZeal.from_dict({"zeal": 2})
    except ConfigurationError as error:
        return str(error)
    return "accepted"


def compared() -> list[str]:
    app = opened("models")
    app.session_state["models_chosen"] = ["keen", "lazy"]
    return list(settings(app.run()).loc["Zeal", ["keen", "lazy"]])


def in_form() -> dict[str, Any]:
    """Follow a link that sets it, and press the button."""
    started: list[Any] = []

    def start_run(store: ModelStore, config: Any, *_: Any) -> Any:
        started.append(config.zeal)
        return store.run("bn-cnn")

    patch("digitrec.ui.train.start.start_run", start_run).start()
    (plain,) = [slider for slider in opened("train").slider if slider.label == "Zeal"]
    app = opened("train", train_zeal="40")
    linked = app.slider(key="train_zeal").value
    app.button(key="train_start").click().run()
    return {"default": plain.value, "help": plain.help, "linked": linked, "started": started}


def opened(page: str, **link: str) -> AppTest:
    app = AppTest.from_file(str(PROJECT_DIR / "router.py"), default_timeout=HANG_S)
    app.switch_page(f"pages/networks/{page}.py")
    for key, value in link.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    return app


print(json.dumps(found()))
