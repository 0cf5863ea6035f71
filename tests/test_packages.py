"""Imports run one way: from a package to those above it in the table of docs/ARCHITECTURE.md."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from digitrec.settings import PROJECT_DIR

LIBRARY = PROJECT_DIR / "digitrec"
MODULES = sorted(path for path in LIBRARY.rglob("*.py") if "migrations" not in path.parts)
PAGE_PACKAGES = {f"ui/{path.stem}/" for path in (PROJECT_DIR / "pages").glob("*/*.py")}
# The shell's entry hands over to the commands.
ENTRIES = {"digitrec/__main__.py"}


def packages_in_order() -> list[str]:
    table = (PROJECT_DIR / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `((?:digitrec|[a-z_]+(?:/[a-z_]+)*)/)` \|", table, re.MULTILINE)


def package_of(path: Path) -> str:
    folder = path.relative_to(LIBRARY).parent.as_posix()
    return "digitrec/" if folder == "." else f"{folder}/"


def imported(path: Path) -> Iterator[Path]:
    """Yield digitrec's modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            parts = name.split(".")
            for length in (len(parts), len(parts) - 1):
                module = PROJECT_DIR.joinpath(*parts[:length]).with_suffix(".py")
                if parts[0] == "digitrec" and module.is_file():
                    yield module
                    break


def import_pairs() -> Iterator[tuple[Path, Path]]:
    for path in MODULES:
        for target in imported(path):
            yield path.relative_to(PROJECT_DIR), target.relative_to(PROJECT_DIR)


def test_every_package_is_in_the_table() -> None:
    assert {package_of(path) for path in MODULES} == set(packages_in_order())


def test_a_package_imports_only_packages_above_it() -> None:
    order = {package: index for index, package in enumerate(packages_in_order())}
    wrong = []
    for path, target in import_pairs():
        package, imports = package_of(PROJECT_DIR / path), package_of(PROJECT_DIR / target)
        is_other_page = package != imports and {package, imports} <= PAGE_PACKAGES
        if path.as_posix() not in ENTRIES and (order[imports] > order[package] or is_other_page):
            wrong.append(f"{path} -> {target}")
    assert not wrong


def test_the_app_imports_neither_training_nor_commands() -> None:
    assert not [
        f"{path} -> {target}"
        for path, target in import_pairs()
        if path.parts[1] == "ui" and target.parts[1] in ("training", "commands")
    ]


def test_a_page_imports_no_other_page_s_package() -> None:
    wrong = []
    for path in (PROJECT_DIR / "pages").glob("*/*.py"):
        others = PAGE_PACKAGES - {f"ui/{path.stem}/"}
        wrong += [f"{path.name} -> {t}" for t in imported(path) if package_of(t) in others]
    assert not wrong


def test_no_modules_import_each_other_in_a_circle() -> None:
    ahead: dict[Path, set[Path]] = {}
    for path, target in import_pairs():
        ahead.setdefault(path, set()).add(target)
    done: set[Path] = set()

    def visit(path: Path, way: list[Path]) -> None:
        assert path not in way, " -> ".join(map(str, [*way[way.index(path) :], path]))
        if path not in done:
            for target in sorted(ahead.get(path, ())):
                visit(target, [*way, path])
            done.add(path)

    for path in sorted(ahead):
        visit(path, [])


@pytest.mark.parametrize(("folder", "most"), [("digitrec", 8), ("digitrec/ui", 12)])
def test_few_modules_stand_outside_of_packages(folder: str, most: int) -> None:
    assert len([*(PROJECT_DIR / folder).glob("*.py")]) <= most
