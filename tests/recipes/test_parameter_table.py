from digitrec.recipes.parameter_table import parameter_tables
from digitrec.recipes.parameters import TrainingConfig
from digitrec.settings import PROJECT_DIR


def test_the_documentation_is_up_to_date() -> None:
    page = (PROJECT_DIR / "docs" / "PARAMETERS.md").read_text(encoding="utf-8")
    assert page == parameter_tables(TrainingConfig)
