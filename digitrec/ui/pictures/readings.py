"""The pictures read in this session, and saving and removing them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import streamlit as st

from digitrec.drawings.new_drawing import NewDrawing
from digitrec.errors import BadInputError
from digitrec.numbers.read_pictures import ReadPicture
from digitrec.ui.drawings.actions import delete_drawings
from digitrec.ui.drawings.saved import Saved, Wanted, outside_trash, present, save_again

READINGS = "pictures_readings"
REMOVED = "pictures_removed"
CHECKED = "pictures_checked"
MAX_NAME = 200


@dataclass(eq=False)
class Reading:
    """A picture on the page.

    Attributes:
        number: Identifies the reading on the page.
        picture: The picture and the numbers read from it.
        saved: The digits that were saved, by the drawing's number.
        kept: The numbers of those that are still in the history and not in the trash.
        is_up_to_date: Whether the saved digits match the reading.
        problem: Why the last correction was refused; empty if it wasn't.
    """

    number: int
    picture: ReadPicture
    saved: dict[int, Saved] = field(default_factory=dict)
    kept: list[int] = field(default_factory=list)
    is_up_to_date: bool = False
    problem: str = ""

    def count(self) -> int:
        """Return how many digits would be saved."""
        return sum(len(self.picture.text(index)) for index in self.split_numbers())

    def is_saved(self) -> bool:
        """Return whether the reading is saved as it is, apart from digits deleted since."""
        return self.is_up_to_date and bool(self.kept or not self.saved)

    def can_be_saved(self) -> bool:
        """Return whether saving would change the history."""
        return not self.is_saved() and bool(self.count() or self.kept)

    def split_numbers(self) -> list[int]:
        """Return the positions of the numbers that can be saved: those with ink for each digit."""
        indices = range(len(self.picture.numbers))
        return [p for p in indices if self.picture.text(p) and self.picture.is_split(p)]


def readings() -> list[Reading]:
    """Return the pictures on the page, the newest first."""
    found: list[Reading] = st.session_state.setdefault(READINGS, [])
    return found


def add(picture: ReadPicture, index: int) -> None:
    """Add a picture to the page.

    Args:
        picture: The picture.
        index: How many pictures come before it.
    """
    number = st.session_state["pictures_count"] = st.session_state.get("pictures_count", 0) + 1
    readings().insert(index, Reading(number, picture))


def correct(reading: Reading, index: int, key: str) -> None:
    """Correct a number with what a person typed."""
    reading.problem = ""
    try:
        reading.picture.correct(index, st.session_state[key] or "")
        reading.is_up_to_date = False
    except BadInputError as error:
        reading.problem = f"No. {index + 1}: {error}."


def labels_changed() -> None:
    """Mark all readings as unsaved, since their digits get or lose labels."""
    for reading in readings():
        reading.is_up_to_date = False


def refresh_kept() -> None:
    """Check which of the saved digits are still in the history.

    Raises:
        StoreError: If the database can't be read.
    """
    saved = {number: one for reading in readings() for number, one in reading.saved.items()}
    kept = set(outside_trash(present(saved)))
    for reading in readings():
        reading.kept = [number for number in reading.saved if number in kept]


def save(chosen: Sequence[Reading]) -> None:
    """Save each digit as a drawing, and update those that were saved before."""
    for reading in chosen:
        reading.saved = save_again(list(_wanted(reading)), reading.saved)
        reading.is_up_to_date = True


def unsave(chosen: Iterable[Reading]) -> None:
    """Move the saved digits to the trash."""
    saved = [reading for reading in chosen if reading.kept]
    delete_drawings([number for reading in saved for number in reading.kept])
    for reading in saved:
        reading.saved, reading.is_up_to_date = {}, False


def remove(chosen: Iterable[Reading]) -> None:
    """Remove pictures from the page; their saved digits stay in the history."""
    gone = {reading.number for reading in chosen}
    removed().append([(index, r) for index, r in enumerate(readings()) if r.number in gone])
    st.session_state[READINGS] = [r for r in readings() if r.number not in gone]


def removed() -> list[list[tuple[int, Reading]]]:
    """Return what each ``remove`` took, oldest first: the pictures with their indices."""
    found: list[list[tuple[int, Reading]]] = st.session_state.setdefault(REMOVED, [])
    return found


def undo_remove() -> None:
    """Undo the last ``remove``."""
    for index, reading in removed().pop():
        readings().insert(index, reading)


def _wanted(reading: Reading) -> Iterator[Wanted]:
    picture, checked = reading.picture, st.session_state.get(CHECKED, False)
    for index in reading.split_numbers():
        is_label_chosen = picture.corrections[index] is not None
        digits = zip(picture.numbers[index].digits, picture.text(index), strict=True)
        for i, (digit, character) in enumerate(digits):
            drawing = NewDrawing(
                picture=picture.digit_picture(index, i),
                digit_input=digit.digit_input,
                recognition=digit.recognition,
                model=picture.recognizer,
                source="picture",
                label=int(character) if is_label_chosen or checked else None,
                note=picture.name[:MAX_NAME],
            )
            yield Wanted(drawing, is_label_chosen)
