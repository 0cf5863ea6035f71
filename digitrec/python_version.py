"""The Python versions that digitrec runs on.

Older versions must be able to parse this file, or nobody sees its message.
"""

# TensorFlow 2.21 has wheels for these only.
FIRST, LAST = (3, 11), (3, 13)


def require_python(version: "tuple[int, ...]") -> None:
    """Exit with a message unless digitrec supports this version of Python.

    Args:
        version: Major, minor and micro version, such as (3, 11, 7).

    Raises:
        SystemExit: If it doesn't.
    """
    if not FIRST <= version[:2] <= LAST:
        found = ".".join(map(str, version))
        raise SystemExit(
            f"digitrec needs Python 3.11, 3.12 or 3.13, but this is Python {found}. "
            "Install one of those versions and run digitrec with it."
        )
