import pytest

from digitrec.drawings.files.incoming import Refused
from tests.support.drawing_files import zipped
from tests.support.drawings import labels_of, png_of, read_files

PICTURES = {f"images/{digit}_{digit}.png": png_of(digit) for digit in (4, 5, 6)}


@pytest.mark.parametrize(
    "table",
    [
        "file,label\nimages/4_4.png,4\nimages/5_5.png,5\nimages/6_6.png,6\n",
        "filename;class\n4_4.png;4\n5_5.png;5\n6_6.png;6\n",
        "id\tdigit\n4_4\t4.0\n5_5\t5.0\n6_6\t6.0\n",
        "label,image\n4,images\\4_4.png\n5,images\\5_5.png\n6,images\\6_6.png\n",
        "4_4.png,4\n5_5.png,5\n6_6.png,6\n",
    ],
    ids=["paths", "names", "names without ending", "Windows", "no header"],
)
def test_labels_beside_pictures_are_used(table: str) -> None:
    members = PICTURES | {"labels.csv": table.encode()}
    drawings, refused = read_files(("set.zip", zipped(members)))
    assert labels_of(drawings) == [4, 5, 6]
    assert refused == []


def test_pictures_and_their_table_can_be_uploaded_together() -> None:
    files = [("a.png", png_of(4)), ("labels.csv", b"file,label\na.png,4\nb.png,5\n")]
    drawings, refused = read_files(*files, ("b.png", png_of(5)))
    assert labels_of(drawings) == [4, 5]
    assert refused == []


def test_labels_without_a_picture_are_reported() -> None:
    members = PICTURES | {"labels.csv": b"file,label\n4_4.png,4\n7.png,7\n8.png,8\n"}
    drawings, refused = read_files(("set.zip", zipped(members)))
    assert labels_of(drawings) == [4, None, None]
    words = "2 of its 3 rows aren't used: no picture has their name"
    assert refused == [Refused("labels.csv", words)]


def test_tables_without_picture_names_are_reported() -> None:
    members = PICTURES | {"labels.csv": b"label\n4\n5\n6\n"}
    drawings, (refused,) = read_files(("set.zip", zipped(members)))
    assert labels_of(drawings) == [None] * 3
    assert refused.name == "labels.csv"
    assert refused.reason.startswith(
        "the table can't be read: expected a first line that names the columns file"
    )
