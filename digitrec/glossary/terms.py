"""The terms that pages explain where they appear, and that docs/GLOSSARY.md lists."""

from pathlib import Path
from typing import NamedTuple

PICTURES = Path(__file__).parent / "pictures"


class Term(NamedTuple):
    """A term of the field.

    Attributes:
        name: The term, as it stands at the beginning of a line.
        sentence: What it means, in one sentence.
        shows: What the picture shows, for those who can't see it.
    """

    name: str
    sentence: str
    shows: str

    @property
    def picture(self) -> Path:
        """The picture, an SVG file that suits light and dark backgrounds."""
        letters = "".join(c if c.isalnum() else "-" for c in self.name.lower())
        return PICTURES / f"{letters}.svg"


_TERMS = (
    Term(
        "Accuracy",
        "The share of the pictures that a network reads correctly.",
        "Forty dots, three of them in another color",
    ),
    Term(
        "Augmentation",
        "Shifting, rotating or stretching a training picture a little each time the network sees "
        "it, so that the network learns the digit and not that one picture.",
        "A seven, and next to it a tilted, a small and a narrow one",
    ),
    Term(
        "Batch",
        "The pictures that the network looks at before it changes its weights once; the batch "
        "size is how many there are.",
        "A stack of pictures that goes through a network in one step",
    ),
    Term(
        "Calibration",
        "Adjusting the confidence until it matches how often the answers are correct: of all "
        "answers with 80% confidence, about 80% should be correct.",
        "Bars that reach up to a diagonal line: the higher the confidence, the more are correct",
    ),
    Term(
        "Confidence",
        "How sure a network is: the probability that it assigns to its answer.",
        "A bar for each digit; the longest is the answer's, with 93%",
    ),
    Term(
        "Confusion matrix",
        "A table with a row for each digit and a column for each answer: correct answers are on "
        "the diagonal, and mistakes are off it.",
        "A grid with a colored diagonal and two colored cells off it",
    ),
    Term(
        "Convolution",
        "A layer that slides small filters over the picture, so that it finds a shape wherever it "
        "is.",
        "A frame that slides over the pixels of a seven and fills in a smaller grid",
    ),
    Term(
        "Dropout",
        "In each training step, a random share of a layer's values is set to zero, so that the "
        "network doesn't rely on any single one.",
        "Two rows of connected dots, some of them crossed out",
    ),
    Term(
        "Early stopping",
        "Training ends when the validation loss hasn't improved for some epochs, and the best "
        "epoch's network is kept.",
        "A curve that falls and rises again, with a line at its lowest point",
    ),
    Term(
        "Ensemble",
        "Several networks that vote: the answer is the mean of their probabilities.",
        "Three networks answer 4, 9 and 4; together they answer 4",
    ),
    Term(
        "Epoch",
        "One pass through all training pictures.",
        "A row of pictures, and an arrow from its end back to its beginning",
    ),
    Term(
        "Feature map",
        "What a filter finds in a picture: it stands out where the picture looks like the filter.",
        "A seven, and next to it a map on which only its horizontal stroke stands out",
    ),
    Term(
        "Filter",
        "A small square of weights that responds to one shape, such as an edge or a corner.",
        "A square of three by three weights: positive ones on top, negative ones at the bottom",
    ),
    Term(
        "Interval",
        "The range in which the accuracy on other, similar digits very likely lies; it is a range "
        "because only some digits were measured.",
        "A point on a line, with a mark on either side",
    ),
    Term(
        "Layer",
        "One step of a network, which turns the values of the layer before into new ones.",
        "Four blocks in a row, with arrows from one to the next",
    ),
    Term(
        "Learning rate",
        "How far the weights move in each step: if it is too small, learning takes long; if it is "
        "too large, the steps overshoot the goal.",
        "Two valleys: small steps go down in one, large steps jump back and forth in the other",
    ),
    Term(
        "Logits",
        "A network's scores for the ten digits, before they are turned into probabilities that add "
        "up to 100%.",
        "Four numbers, and the bars that they turn into; the largest number has the longest bar",
    ),
    Term(
        "Loss",
        "A number for how wrong the answers are, which training makes smaller; a confident mistake "
        "counts most.",
        "A curve that falls from wrong to right",
    ),
    Term(
        "McNemar's test",
        "How likely two equally good models are to differ this much by chance, judged by the "
        "digits that only one of them gets right; if p is below 0.05, it is unlikely to be "
        "chance.",
        "Two circles that overlap; 12 digits are only in the left one, 9 only in the right one",
    ),
    Term(
        "Optimizer",
        "The rule for changing the weights after each batch, such as SGD or Adam.",
        "A path of steps toward the center of several rings",
    ),
    Term(
        "Overfitting",
        "A network that memorizes the training pictures gets better on these and worse on others.",
        "A wild curve through all points, and a straight line close to them",
    ),
    Term(
        "Parameters",
        "The numbers that a network learns, also called weights.",
        "Dots that are connected by lines of different widths",
    ),
    Term(
        "Precision and recall",
        "Precision is the share of the answers “7” that are correct, and recall is the share of "
        "the sevens that get this answer.",
        "Two circles that overlap, for the sevens and the answers “7”; the middle is correct",
    ),
    Term(
        "Residual block",
        "Layers whose output is added to their input, so that they only learn what is missing, and "
        "deeper networks still learn well.",
        "An arrow through two layers, and another around them; they meet at a plus sign",
    ),
    Term(
        "Schedule",
        "How the learning rate changes during training: *cosine* lowers it gently, as in the "
        "picture, so that the last steps are small, and *one cycle* raises it first.",
        "A curve that falls gently to zero",
    ),
    Term(
        "Stroke reader",
        "A network that follows the pen along its strokes instead of looking at the picture; on "
        "the canvas, both kinds of network vote.",
        "A four drawn as a row of dots, with an arrow at each end of a stroke",
    ),
    Term(
        "Test set",
        "Pictures that are used only at the end, to measure how well a network reads digits that "
        "played no part in its training.",
        "Many pictures, and on the other side of a line a few others",
    ),
    Term(
        "Validation",
        "Some training pictures are held back, to check how well the network reads pictures that "
        "it doesn't learn from: on 500 of them during an epoch, on all at its end.",
        "A bar in two parts: a large one to learn from, a small one that is held back",
    ),
)
TERMS = {term.name: term for term in _TERMS}
