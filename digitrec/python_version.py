"""The Python versions that digitrec runs on.

Older versions must be able to read this file, or they would never get to its message.
"""

# TensorFlow 2.21 has no wheels for others.
FIRST, LAST = (3, 11), (3, 13)


def require_python(version: "tuple[int, ...]") -> None:
    """End the program with a message unless digitrec runs on this version of Python.

    Args:
        version: Major, minor and micro version, such as (3, 11, 7).

    Raises:
        SystemExit: If digitrec doesn't.
    """
    if not FIRST <= version[:2] <= LAST:
        found = ".".join(map(str, version))
        raise SystemExit(
            f"digitrec needs Python 3.11, 3.12 or 3.13, but this is Python {found}. "
            "Install one of those versions and run digitrec with it."
        )
