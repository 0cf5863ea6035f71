import pytest

from digitrec.errors import ConfigurationError
from digitrec.recipes.run_names import LONGEST, check_name, check_title, folder_name, numbered


@pytest.mark.parametrize(
    ("title", "folder"),
    [
        ("seed-cnn-007", "seed-cnn-007"),
        ("my.net_", "my.net_"),
        ("Anna's network", "Annas-network"),
        ("Anna\N{RIGHT SINGLE QUOTATION MARK}s network", "Annas-network"),
        ("two  spaces", "two-spaces"),
        ("Réseau élégant", "Reseau-elegant"),
        ("1. try", "1.-try"),
        ("a" * 64, "a" * 64),
    ],
)
def test_a_title_gives_a_readable_folder_name(title: str, folder: str) -> None:
    assert folder_name(check_title(title)) == folder


@pytest.mark.parametrize(
    "title", ["Сеть 2", "ｓｅｖｅｎ", "数字", "संख्या", "٣٤", "Straße", "İname", "ы" * 64, "é" * 64]
)
def test_letters_of_any_language_are_allowed(title: str) -> None:
    assert check_title(title) == title
    assert check_name(folder_name(title))
    assert folder_name(title) == folder_name(title)


def test_titles_outside_ascii_get_distinct_folders() -> None:
    titles = ["Сеть 2", "Мережа 2", "数字", "文字", "数字 7"]
    assert len({folder_name(title) for title in titles}) == len(titles)


@pytest.mark.parametrize(
    "text",
    ["", " ", "a/b", "../x", ".hidden", "-x", "'x", "_x", "a\nb", "a\tb", "a\u200bb", "a" * 65,
     "a" * 1_000_000, "a<b>", "a:b", "a\\b", "x?", "🙂", 7],
)  # fmt: skip
def test_an_invalid_name_is_explained(text: str) -> None:
    with pytest.raises(
        ConfigurationError, match="use up to 64 letters, digits, spaces, - . _ or '"
    ):
        check_title(text)


def test_a_numbered_name_keeps_the_maximum_length() -> None:
    assert numbered("mnist", 2) == "mnist-2"
    assert numbered("My network", 12) == "My network 12"
    assert len(numbered("a" * LONGEST, 100)) == LONGEST
