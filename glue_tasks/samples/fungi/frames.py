"""Sentence frames: what may be said of two fungi, by the label it belongs to.

A frame's wordings are of three kinds: `shared` holds of both fungi and says
so, `contrasts` tells them apart, and `states` is a plain statement that
either holds of both or of the second one alone. In a wording, `{slot}` is
filled from a list, `{slot2}` and `{slot3}` with other items of that list, and
`[a|b]` is a free choice.

A list belongs to a case (such as the parts that have the same shapes), to the
frame, or to `words.toml`, and the narrowest one counts; a case may also name a
list of `words.toml`. A case's `range` makes numbers that fit each other:
`{small}` and `{large}` are ranges that do not overlap, `{bottom}` and `{top}`
the lowest and the highest of these numbers.
"""

import dataclasses
import pathlib
import random
import re
import tomllib

from glue_tasks.samples.mrpc.frames import pick

GROUPS = ("basidiomycete", "ascomycete", "mold")
Facts = dict[str, str]

_HERE = pathlib.Path(__file__).parent
_SLOT = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SUBJECTS = ("part", "thing", "aspect")
_DASHES = "–––-～"


@dataclasses.dataclass(frozen=True)
class Case:
    """Lists that go together.

    Attributes:
        group: The fungi it fits, one of `GROUPS`. None: all.
        lists: What each slot may be filled with.
        range: Lowest number, highest number and step. None: no numbers.
    """

    group: str | None
    lists: dict[str, list[str]]
    range: tuple[float, float, float] | None


@dataclasses.dataclass(frozen=True)
class Frame:
    """All that may be said under one label.

    Attributes:
        name: The English half of the label.
        shared: Wordings that say that something is common to both fungi.
        states: Wordings that state something.
        contrasts: Wordings that say that something differs.
        cases: Lists to fill the wordings with; one case for each sentence.
    """

    name: str
    shared: tuple[str, ...]
    states: tuple[str, ...]
    contrasts: tuple[str, ...]
    cases: tuple[Case, ...]


def load_words() -> dict[str, list[str]]:
    """Reads the lists that all frames share."""
    return tomllib.loads((_HERE / "words.toml").read_text(encoding="utf-8"))


def load_frames() -> dict[str, Frame]:
    """Reads the frames, by their names."""
    words = load_words()
    frames = {}
    for path in sorted((_HERE / "frames").glob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        frames |= {
            name: _frame(name, entry, words) for name, entry in table.items()
        }
    return frames


def draw_facts(frame: Frame, group: str, rng: random.Random) -> Facts:
    """Draws a case that fits the group, and a text for each of its slots."""
    case = pick(rng, [c for c in frame.cases if c.group in (None, group)])
    facts = _draw_numbers(case.range, rng) if case.range else {}
    for slot, items in case.lists.items():
        left = list(items)
        for name in (slot, f"{slot}2", f"{slot}3"):
            if left:
                facts[name] = pick(rng, left)
                left = [item for item in left if item != facts[name]]
    return facts


def subject(facts: Facts) -> str | None:
    """Returns the part of the fungus that the facts are about, if any."""
    return next((facts[slot] for slot in _SUBJECTS if slot in facts), None)


def fitting(wordings: tuple[str, ...], facts: Facts) -> list[str]:
    """Returns the wordings whose slots all have a fact."""
    return [text for text in wordings if set(_SLOT.findall(text)) <= set(facts)]


def render(wording: str, facts: Facts, rng: random.Random) -> str:
    """Writes a wording out."""
    text = _SLOT.sub(lambda match: facts[match[1]], wording)
    while "[" in text:
        text = _CHOICE.sub(lambda m: pick(rng, m[1].split("|")), text, count=1)
    return text


def _frame(name: str, entry: dict, words: dict[str, list[str]]) -> Frame:
    kinds = [
        tuple(entry.pop(kind)) for kind in ("shared", "states", "contrasts")
    ]
    cases = entry.pop("cases", [{}])
    return Frame(
        name, *kinds, tuple(_case(case, entry, words) for case in cases)
    )


def _case(
    entry: dict, frame_lists: dict[str, list[str]], words: dict[str, list[str]]
) -> Case:
    own = {
        slot: words[items] if isinstance(items, str) else items
        for slot, items in entry.items()
        if slot not in ("group", "range")
    }
    numbers = entry.get("range")
    return Case(
        group=entry.get("group"),
        lists={**words, **frame_lists, **own},
        range=None if numbers is None else tuple(numbers),
    )


def _draw_numbers(
    numbers: tuple[float, float, float], rng: random.Random
) -> Facts:
    low, high, step = numbers
    steps = round((high - low) / step)
    decimals = len(str(step).partition(".")[2])
    place, texts = 0, []
    for share in (0.3, 0.15, 0.2, 0.2):
        place += int(rng.random() * share * steps) + (1 if texts else 0)
        texts.append(f"{low + place * step:.{decimals}f}")
    dash = pick(rng, _DASHES)
    return {
        "small": texts[0] + dash + texts[1],
        "large": texts[2] + dash + texts[3],
        "bottom": texts[0],
        "top": texts[3],
    }
