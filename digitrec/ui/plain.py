"""Text that a person or a file brought, shown as it is where Streamlit expects Markdown."""

import re

from digitrec.errors import one_line

LONGEST = 2_000
WORD_JOINER = "\u2060"

# What Markdown makes something of: anywhere, and at the beginning of a line.
_MARK = re.compile(r"[\\`*\[\]<>$~#&|!{}]|(?<!\w)_|_(?!\w)|^[-+](?=\s|$)|:(?=[A-Za-z:])")
_LIST = re.compile(r"^(\d+)([.)])")
# What Streamlit makes something else of after backslashes are read: shortcodes such as :smile:,
# addresses, and the signs for dashes and arrows. An invisible character in them prevents that.
_SHORTCODE = re.compile(r":(?=[+\w/-]*[^\W\d_][+\w/-]*:|[+-]1:)")
_ADDRESS = re.compile(r"(?<=https:)(?=//)|(?<=http:)(?=//)|(?<=www)(?=\.)|(?<=@)(?=\w)", re.I)
_SIGN = re.compile(r"(?<!\S)(<->|<-|->|--|>=|<=|~=|!=)(?!\S)")


def plain(text: str) -> str:
    """Return Markdown that shows a text and nothing else: no link, picture, icon or formula."""
    line = one_line(text, LONGEST)
    line = _SHORTCODE.sub(f":{WORD_JOINER}", line)
    line = _ADDRESS.sub(WORD_JOINER, line)
    line = _SIGN.sub(lambda sign: sign[0][0] + WORD_JOINER + sign[0][1:], line)
    return _LIST.sub(r"\1\\\2", _MARK.sub(r"\\\g<0>", line))
