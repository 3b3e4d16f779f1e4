"""Flags of --task_name=fungi, a Japanese task on diagnoses of fungi.

Nothing given means: as the adapter in use was trained, else as each flag says.
"""

from absl import flags

from flags import rules
from glue_tasks.fungi.config import CHOICES
from glue_tasks.fungi.hub import DEFAULT

NAMES = ("dataset", "fungi_text", "fungi_target", "split")

flags.DEFINE_string(
    "dataset",
    None,
    f"Name of the data set on the Hugging Face Hub: {DEFAULT}. Instead, "
    "--data_dir may name the data set's CSV file. Default: the sample bundled "
    "with this project.",
)
flags.DEFINE_string(
    "fungi_text",
    None,
    "What is read: sentence; pair, the sentence and the two taxa that it "
    "compares. Default: sentence.",
)
flags.DEFINE_string(
    "fungi_target",
    None,
    "What is predicted: label, the character that the sentence is about, one "
    "of 25; common_or_different, whether both taxa have it (common, 1 in the "
    "data) or not (different, 0). Default: label.",
)
flags.DEFINE_string(
    "split",
    None,
    "How 5 % of the rows become the dev set and 5 % the test set: stratified, "
    "the same share of each label; by_record, keeping together the rows of a "
    "record, which are near copies of each other: the honest one; reference, "
    "at random, with the sizes of the reference run. Default: stratified.",
)

rules.require_text("dataset")
rules.require_choice("fungi_text", CHOICES["text"])
rules.require_choice("fungi_target", CHOICES["target"])
rules.require_choice("split", CHOICES["split"])
