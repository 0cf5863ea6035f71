"""Escapes text from people and files for the places where Streamlit expects Markdown."""

import re

from digitrec.errors import one_line

LONGEST = 2_000
WORD_JOINER = "\u2060"

# Markdown's special characters, anywhere or at the beginning of a line.
_MARK = re.compile(r"[\\`*\[\]<>$~#&|!{}]|(?<!\w)_|_(?!\w)|^[-+](?=\s|$)|:(?=[A-Za-z:])")
_LIST = re.compile(r"^(\d+)([.)])")
# Streamlit replaces these after Markdown has dealt with backslashes: shortcodes such as :smile:,
# URLs and email addresses, and ASCII dashes and arrows. An invisible word joiner prevents that.
_SHORTCODE = re.compile(r":(?=[+\w/-]*[^\W\d_][+\w/-]*:|[+-]1:)")
_ADDRESS = re.compile(r"(?<=https:)(?=//)|(?<=http:)(?=//)|(?<=www)(?=\.)|(?<=@)(?=\w)", re.I)
_SYMBOL = re.compile(r"(?<!\S)(<->|<-|->|--|>=|<=|~=|!=)(?!\S)")


def plain(text: str) -> str:
    """Return Markdown that shows the text literally: no links, pictures, icons or formulas."""
    line = one_line(text, LONGEST)
    line = _SHORTCODE.sub(f":{WORD_JOINER}", line)
    line = _ADDRESS.sub(WORD_JOINER, line)
    line = _SYMBOL.sub(lambda symbol: symbol[0][0] + WORD_JOINER + symbol[0][1:], line)
    return _LIST.sub(r"\1\\\2", _MARK.sub(r"\\\g<0>", line))
