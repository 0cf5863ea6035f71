"""The kinds of training parameters: their allowed values and how people see them.

Each field of the configuration has one of these. The form, the shell's options, links, the
comparison, the report and the table in the documentation are all made from it.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from digitrec.errors import ConfigurationError


class Section(StrEnum):
    """A section of the training form and of the shell's help."""

    NETWORK = "Network and epochs"
    LEARNING = "Learning"
    PICTURES = "Training data"
    START = "Start and seed"


@dataclass(frozen=True, kw_only=True)
class Parameter(ABC):
    """A training parameter.

    Attributes:
        label: Its name for people.
        help: What changing it does, in one sentence.
        section: Its section in the form and in the shell's help.
        personal: Whether presets leave it unchanged.
        in_form: Whether the form has it.
        of_new_network: Whether it says what a new network is like, so that a run that starts from
            a model has that model's value.
        term: The glossary's term that explains it; empty if there is none.
        unset: What None means, in words; empty if None isn't allowed.
        brief: Turns a value in words into what its section's summary says; the summary of a
            parameter without this names only values other than the default.
    """

    label: str
    help: str
    section: Section
    personal: bool = False
    in_form: bool = True
    of_new_network: bool = False
    term: str = ""
    unset: str = ""
    brief: Callable[[str], str] | None = None

    @property
    @abstractmethod
    def checked_as(self) -> Any:
        """The type, with its limits, that msgspec checks."""

    @property
    @abstractmethod
    def expected(self) -> str:
        """What a value must be, as part of a sentence."""

    def words(self, value: Any) -> str:
        """Return a value in words."""
        return self.unset if value is None else self._text(value)

    def _text(self, value: Any) -> str:
        return str(value)

    def summary(self, value: Any, default: Any) -> str:
        """Return what its section's summary says; empty for nothing."""
        if self.brief:
            return self.brief(self.words(value))
        return "" if value == default else self._difference(value)

    def _difference(self, value: Any) -> str:
        return f"{self._label_within_text} {self.words(value)}"

    @property
    def _label_within_text(self) -> str:
        first, *rest = self.label.split(" ")
        return " ".join([first.lower() if first.istitle() else first, *rest])

    def checked(self, name: str, value: Any) -> Any:
        """Return a valid value; integers become floats where needed.

        Raises:
            ConfigurationError: If it has the wrong type or is outside the limits.
        """
        if value is None and self.unset:
            return None
        try:
            return msgspec.convert(value, self.checked_as)
        except (msgspec.ValidationError, UnicodeEncodeError) as error:
            # msgspec encodes text as UTF-8, which fails for half a surrogate pair.
            raise ConfigurationError(f"{name} must be {self.expected}, got {value!r}") from error


@dataclass(frozen=True, kw_only=True)
class Choice(Parameter):
    """One of a few values.

    Attributes:
        choices: The label of each value.
        side_by_side: Whether the form shows all of them at once.
    """

    choices: Mapping[str, str]
    side_by_side: bool = False

    @property
    def checked_as(self) -> Any:
        """One of the choices."""
        return Literal[tuple(self.choices)]

    @property
    def expected(self) -> str:
        """The list of choices."""
        return f"one of {', '.join(self.choices)}"

    def _text(self, value: str) -> str:
        return self.choices[value]


@dataclass(frozen=True, kw_only=True)
class Switch(Parameter):
    """On or off."""

    @property
    def checked_as(self) -> Any:
        """True or false."""
        return bool

    @property
    def expected(self) -> str:
        """True or false."""
        return "true or false"

    def _text(self, value: bool) -> str:
        return "yes" if value else "no"

    def _difference(self, value: bool) -> str:
        return self._label_within_text if value else f"no {self._label_within_text}"


@dataclass(frozen=True, kw_only=True)
class ModelName(Parameter):
    """The name of a model's folder."""

    @property
    def checked_as(self) -> Any:
        """A string."""
        return str

    @property
    def expected(self) -> str:
        """A name."""
        return "the name of a model"


# Stands for a person's labeled drawings among ink files.
HISTORY = "history"


@dataclass(frozen=True, kw_only=True)
class InkFiles(Parameter):
    """Ink files: paths, names of files in the models folder, or ``HISTORY``."""

    @property
    def checked_as(self) -> Any:
        """Any number of strings."""
        return tuple[str, ...]

    @property
    def expected(self) -> str:
        """A list."""
        return "a list of ink files"

    def _text(self, value: tuple[str, ...]) -> str:
        return ", ".join(map(ink_file_words, value)) or "none"


def ink_file_words(name: str) -> str:
    """Return the name of an ink file for people."""
    return "my labeled drawings" if name == HISTORY else Path(name).name


@dataclass(frozen=True, kw_only=True)
class Number(Parameter):
    """A number.

    Attributes:
        low: The smallest allowed value.
        high: The largest allowed value.
        slider: The smallest and largest value of the form's slider, if its range is narrower.
        step: The step of the form's slider.
        stops: The values of the form's slider, if they aren't evenly spaced.
    """

    low: float
    high: float
    slider: tuple[float, float] | None = None
    step: float | None = None
    stops: tuple[float, ...] = ()

    @property
    def limits(self) -> str:
        """The limits in words: ``1 to 200``."""
        return f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True, kw_only=True)
class Whole(Number):
    """A whole number.

    Attributes:
        wording: A format string for values.
        zero: The text for 0, if it has a special meaning.
    """

    wording: str = "{}"
    zero: str = ""

    @property
    def checked_as(self) -> Any:
        """A whole number within the limits."""
        return Annotated[int, msgspec.Meta(ge=int(self.low), le=int(self.high))]

    @property
    def expected(self) -> str:
        """The limits."""
        return f"a whole number from {self.limits}"

    @property
    def limits(self) -> str:
        """The limits in words: ``1 to 4,096``."""
        return f"{self.low:,} to {self.high:,}"

    def _text(self, value: int) -> str:
        return self.zero if self.zero and value == 0 else self.wording.format(value)


@dataclass(frozen=True, kw_only=True)
class Real(Number):
    """A real number."""

    @property
    def checked_as(self) -> Any:
        """A number within the limits."""
        return Annotated[float, msgspec.Meta(ge=self.low, le=self.high)]

    @property
    def expected(self) -> str:
        """The limits."""
        return f"a number from {self.limits}"

    def _text(self, value: float) -> str:
        return f"{value:g}"


@dataclass(frozen=True, kw_only=True)
class Share(Real):
    """A share, 0 to 1, shown in percent."""

    def _text(self, value: float) -> str:
        return f"{round(value * 100, 2):g}%"


def parameter(default: Any, about: Parameter) -> Any:
    """Return a field of a configuration with its parameter."""
    return field(default=default, metadata={"parameter": about})


def parameters(config: Any) -> dict[str, Parameter]:
    """Return the parameters of a configuration or its class, by field name."""
    return {each.name: each.metadata["parameter"] for each in fields(config)}


def summary(values: Mapping[str, Any], defaults: Any, section: Section) -> str:
    """Return what is set in a section, in one line: ``Adam, 0.001, cosine``.

    Args:
        values: The values by field name; those that are missing have their default.
        defaults: The configuration with all defaults.
        section: The section.
    """
    parts = []
    for name, about in parameters(defaults).items():
        if about.section == section:
            default = getattr(defaults, name)
            parts.append(about.summary(values.get(name, default), default))
    return ", ".join(part for part in parts if part)
