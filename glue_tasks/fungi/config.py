"""What of the fungi data is read, what is learned of it, and on which rows."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from adapter_bert.validation import require_choice, require_seed

NAME = "fungi"

# Values of each field that has only a few.
CHOICES = {
    "text": ("sentence", "pair"),
    "target": ("label", "common_or_different"),
    "split": ("stratified", "reference", "by_record"),
}
# A mark that parts names in Japanese, and that no name of a taxon holds.
TAXA_SEPARATOR = "、"


@dataclasses.dataclass(frozen=True)
class FungiConfig:
    """One reading of the fungi data.

    Attributes:
        text: `sentence`, or `pair`: the sentence, and as second segment the
            two taxa that it compares, joined by a Japanese comma:
            `Paranectria longiappendiculata、Paranectria affinis`.
        target: `label`, the character that the sentence is about (25 labels),
            or `common_or_different`, whether both taxa have it.
        split: How 90% of the rows become training rows, 5% dev and 5% test
            rows: `stratified` by the target; `reference`, at random as in the
            reference run; `by_record`, which keeps the rows of a record
            together. `glue_tasks.fungi.splitting` compares the three.
        seed: Decides which rows those are.
        sha256: Checksum of the file that an adapter was trained on. None: the
            file decides nothing yet.

    Raises:
        ValueError: If a field is out of range.
    """

    text: str = "sentence"
    target: str = "label"
    split: str = "stratified"
    seed: int = 1
    sha256: str | None = None

    def __post_init__(self):
        """Rejects fields that are out of range."""
        for name, choices in CHOICES.items():
            require_choice(name, getattr(self, name), choices)
        require_seed("seed", self.seed)

    @property
    def text_columns(self) -> tuple[str, ...]:
        """Columns that the texts are made of."""
        taxa = ("comparison_source", "comparison_target")
        return ("sentence", *(taxa if self.text == "pair" else ()))

    def texts(self, cells: Sequence[str]) -> tuple[str, ...]:
        """Returns one or two texts from the cells of `text_columns`."""
        sentence, *taxa = cells
        return (sentence, TAXA_SEPARATOR.join(taxa)) if taxa else (sentence,)

    def to_dict(self) -> dict[str, Any]:
        """Returns the fields as a JSON-ready dict."""
        return dataclasses.asdict(self)
