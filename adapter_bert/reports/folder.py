"""What the files in a run's folder are."""

import fnmatch
import os
import pathlib

FILES = {
    "report.html": "This page.",
    "adapter.json": "The task's artifact: configuration, labels, tokenizer.",
    "adapter.safetensors": "The task's artifact: every trained variable.",
    "eval_results.txt": "Scores on the dev set, one key = value a line.",
    "eval_results.json": "The same, with data, checkpoint and settings.",
    "confusion*.png": "How often each label was taken for each, a picture.",
    "confusion*.csv": "The same as a table, true labels down.",
    "test_results*.tsv": "Probabilities of the test examples, one label a "
    "column; the scores of a regression.",
    "predictions*.tsv": "Predicted label or score of each test example.",
    "*.predictions.*": "Rows of --predict_file with their predictions.",
    "RANDOM_ENCODER.txt": "A warning: the scores mean nothing.",
    "vocabulary_*": "Vocabulary of a random encoder.",
    "skipped_rows*.txt": "Rows that could not be read and were left out.",
    "training_curve.png": "The picture above.",
    "history.jsonl": "Loss and learning rate of each update, and scores.",
    "events.out.tfevents.*": "The same for TensorBoard.",
}

# What evaluation and prediction leave, and the pages about them.
RESULTS = (
    "eval_results.txt",
    "eval_results.json",
    "confusion*.png",
    "confusion*.csv",
    "test_results*.tsv",
    "predictions*.tsv",
    "*.predictions.*",
    "training_curve.png",
    "report.html",
)
# Of these, what no other program leaves; every run ends with the last.
MARKS = ("eval_results.json", "report.html")


def describe_files(directory: str | os.PathLike) -> dict[str, str]:
    """Returns what each known file in `directory` is, by name.

    The report itself is among them even if it is yet to be written. Of files
    that share a pattern, such as TensorBoard's, the pattern is given.
    """
    present = [p.name for p in pathlib.Path(directory).iterdir()]
    return {
        pattern: note
        for pattern, note in FILES.items()
        if pattern == "report.html" or fnmatch.filter(present, pattern)
    }
