"""The line reader's input and output formats."""

# The ten digits; a dot or a comma; a dash, an equals sign or any other mark that isn't a digit.
SYMBOLS = "0123456789.-"
DOT, DASH = SYMBOLS.index("."), SYMBOLS.index("-")
# The class for *nothing new here*, which CTC needs; TensorFlow expects it last.
BLANK = len(SYMBOLS)
# Lines are brought to this height, in pixels.
HEIGHT = 40
# The network answers once for this many columns.
STRIDE = 4
# The level of paper in the network's input; ink is 255.
PAPER_LEVEL = 26
