"""Drawings that a page has saved, which may have been labelled, deleted or removed since."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from digitrec.drawings.new_drawing import NewDrawing, content_hash
from digitrec.ink.strokes import same_strokes
from digitrec.ui.resources import drawing_store

if TYPE_CHECKING:
    from digitrec.drawings.schema import Drawing


class Saved(NamedTuple):
    """How a page has saved a drawing.

    Attributes:
        picture_hash: That of its picture, in hexadecimal: in another database its number may be
            that of another drawing.
        label: The label that it had from the page.
    """

    picture_hash: str
    label: int | None


class Wanted(NamedTuple):
    """A drawing that a page wants to have saved.

    Attributes:
        drawing: What it is.
        is_said: Whether its label, or that it has none, was said of just this one.
    """

    drawing: NewDrawing
    is_said: bool = True


def present(saved: Mapping[int, Saved], *, content: bool = False) -> list["Drawing"]:
    """Return those of the drawings that are there, be they in the trash or not.

    Args:
        saved: The drawings by number.
        content: Whether with what they look like.
    """
    found = drawing_store().some(list(saved), content=content) if saved else []
    return [one for one in found if one.picture_hash.hex() == saved[one.id].picture_hash]


def outside_bin(drawings: Iterable["Drawing"]) -> list[int]:
    """Return the numbers of those that are not in the trash."""
    return [drawing.id for drawing in drawings if drawing.deleted_at is None]


def save_again(
    wanted: Sequence[Wanted], saved: Mapping[int, Saved], others: Sequence["Drawing"] = ()
) -> dict[int, Saved]:
    """Save drawings; those that are there already only get what is new about them.

    What was done to one of them elsewhere stays: a note; a label, unless the page says another
    one of just this drawing; and that it is in the trash, unless all are, which come back then.
    Those that are not wanted any more go into the trash.

    Args:
        wanted: The drawings.
        saved: How the page saved them before, by number.
        others: Drawings that may be the same as well, with what they look like.

    Returns:
        How they are saved now, in the same order.
    """
    store, before = drawing_store(), present(saved, content=True)
    rest = [*before, *others]
    pairs = [(one, _take_same(one.drawing, rest)) for one in wanted]
    new = iter(store.save_all([one.drawing for one, known in pairs if known is None]))
    known_ones = [(one, known) for one, known in pairs if known is not None]
    store.relabel({known.id: _label(one, known, saved) for one, known in known_ones})
    if not outside_bin(before):
        store.restore([known.id for _, known in known_ones])
    store.delete(outside_bin(drawing for drawing in before if drawing in rest))
    return dict(_saved_as(one.drawing, known, new) for one, known in pairs)


def _take_same(drawing: NewDrawing, others: list["Drawing"]) -> "Drawing | None":
    """Return the one that looks the same, and take it from the others."""
    for place, other in enumerate(others):
        if _is_same(drawing, other):
            return others.pop(place)
    return None


def _is_same(drawing: NewDrawing, other: "Drawing") -> bool:
    if drawing.strokes:
        return same_strokes(drawing.strokes, other.content.strokes)
    return drawing.picture == other.content.picture


def _label(one: Wanted, known: "Drawing", saved: Mapping[int, Saved]) -> int | None:
    """Return the label that a drawing is to have."""
    said, is_in_trash = one.drawing.label, known.deleted_at is not None
    before = saved[known.id].label if known.id in saved and not is_in_trash else None
    is_changed_elsewhere = known.label != before
    if said == before or (is_changed_elsewhere and (said is None or not one.is_said)):
        return known.label
    return said


def _saved_as(
    drawing: NewDrawing, known: "Drawing | None", new: Iterator[int]
) -> tuple[int, Saved]:
    if known is not None:
        return known.id, Saved(known.picture_hash.hex(), drawing.label)
    return next(new), Saved(content_hash(drawing.picture).hex(), drawing.label)
