"""Drawings a page has saved, which may have been labeled or deleted elsewhere since."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from digitrec.drawings.new_drawing import NewDrawing, content_hash
from digitrec.ink.strokes import same_strokes
from digitrec.ui.resources import drawing_store

if TYPE_CHECKING:
    from digitrec.drawings.schema import Drawing


class Saved(NamedTuple):
    """What a page remembers of a drawing it saved.

    Attributes:
        picture_hash: The hash of its picture, in hexadecimal. The number isn't enough, since
            another database may use it for another drawing.
        label: The label that the page gave it.
    """

    picture_hash: str
    label: int | None


class Wanted(NamedTuple):
    """A drawing that a page wants saved.

    Attributes:
        drawing: The drawing.
        is_label_chosen: Whether the person chose its label, or no label, for this very drawing.
    """

    drawing: NewDrawing
    is_label_chosen: bool = True


def present(saved: Mapping[int, Saved], *, content: bool = False) -> list["Drawing"]:
    """Return those of the drawings that still exist, including those in the trash.

    Args:
        saved: The drawings by number.
        content: Whether to load their pictures and strokes.
    """
    found = drawing_store().find_existing(list(saved), content=content) if saved else []
    return [one for one in found if one.picture_hash.hex() == saved[one.id].picture_hash]


def outside_trash(drawings: Iterable["Drawing"]) -> list[int]:
    """Return the numbers of the drawings that aren't in the trash."""
    return [drawing.id for drawing in drawings if drawing.deleted_at is None]


def save_again(
    wanted: Sequence[Wanted], saved: Mapping[int, Saved], others: Sequence["Drawing"] = ()
) -> dict[int, Saved]:
    """Save drawings, and update those that exist already.

    Changes made elsewhere are kept: notes always, labels unless the person chose another one for
    this very drawing. A drawing in the trash stays there unless all of them
    are in the trash; then they are restored. Drawings that are no longer wanted go to the trash.

    Args:
        wanted: The drawings.
        saved: What the page saved before, by number.
        others: Loaded drawings that may be the same as wanted ones.

    Returns:
        What is saved now, by number, in the order of ``wanted``.
    """
    store, before = drawing_store(), present(saved, content=True)
    rest = [*before, *others]
    pairs = [(one, _take_same(one.drawing, rest)) for one in wanted]
    new = iter(store.save_all([one.drawing for one, known in pairs if known is None]))
    known_ones = [(one, known) for one, known in pairs if known is not None]
    store.relabel({known.id: _label(one, known, saved) for one, known in known_ones})
    if not outside_trash(before):
        store.restore([known.id for _, known in known_ones])
    store.delete(outside_trash(drawing for drawing in before if drawing in rest))
    return dict(_saved_as(one.drawing, known, new) for one, known in pairs)


def _take_same(drawing: NewDrawing, others: list["Drawing"]) -> "Drawing | None":
    """Remove the drawing that looks the same from the others, and return it."""
    for index, other in enumerate(others):
        if _is_same(drawing, other):
            return others.pop(index)
    return None


def _is_same(drawing: NewDrawing, other: "Drawing") -> bool:
    if drawing.strokes:
        return same_strokes(drawing.strokes, other.content.strokes)
    return drawing.picture == other.content.picture


def _label(one: Wanted, known: "Drawing", saved: Mapping[int, Saved]) -> int | None:
    """Return the label that an existing drawing should have now."""
    label, is_in_trash = one.drawing.label, known.deleted_at is not None
    before = saved[known.id].label if known.id in saved and not is_in_trash else None
    is_changed_elsewhere = known.label != before
    if label == before or (is_changed_elsewhere and (label is None or not one.is_label_chosen)):
        return known.label
    return label


def _saved_as(
    drawing: NewDrawing, known: "Drawing | None", new: Iterator[int]
) -> tuple[int, Saved]:
    if known is not None:
        return known.id, Saved(known.picture_hash.hex(), drawing.label)
    return next(new), Saved(content_hash(drawing.picture).hex(), drawing.label)
