"""Tasks of JGLUE from their own files to scores, on a random encoder."""

import json

import numpy as np
import pytest
from scipy.stats import spearmanr

from adapter_bert.checkpoints import native, random_encoder
from tests.run_files import (
    add_to_bias,
    read_cells,
    read_probabilities,
    read_results,
    read_scores,
)
from tests.tiny_files import drive, refused

RANDOM = "--allow_random_encoder"
STAGES = ("--do_train", "--do_eval", "--do_predict")
SHORT = (
    "--tune=head",
    "--num_train_epochs=1",
    "--max_seq_length=16",
    "--train_batch_size=4",
    "--eval_batch_size=4",
    "--predict_batch_size=4",
)
NOUNS = ("犬", "猫", "鳥", "馬", "魚", "虫", "山")
VERBS = ("走る", "鳴く", "眠る")


def make_pairs(count):
    """Makes pairs of sentences; no two of the first ones are the same."""
    for i in range(count):
        noun, verb = NOUNS[i % len(NOUNS)], VERBS[i % len(VERBS)]
        yield f"{i}匹の{noun}が{verb}。", f"{noun}が{VERBS[i // 2 % 3]}。"


def make_jsts(count):
    return [
        {"sentence1": a, "sentence2": b, "label": i % 11 / 2}
        for i, (a, b) in enumerate(make_pairs(count))
    ]


def make_jnli(count):
    labels = ("entailment", "contradiction", "neutral")
    return [
        {"sentence1": a, "sentence2": b, "label": labels[i % 3]}
        for i, (a, b) in enumerate(make_pairs(count))
    ]


def make_jcommonsenseqa(count):
    return [
        {
            "q_id": i,
            "question": a,
            **{f"choice{j}": NOUNS[(i + j) % 7] for j in range(5)},
            "label": i * 2 % 5,
        }
        for i, (a, _) in enumerate(make_pairs(count))
    ]


def write_lines(path, rows):
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8")


def write_splits(folder, make, dev=7):
    """Writes a task's three files; dev and test rows are the same."""
    folder.mkdir()
    write_lines(folder / "train-v1.3.json", make(12))
    write_lines(folder / "valid-v1.3.json", make(dev))
    write_lines(folder / "test-v1.3.json", make(dev))
    return folder


@pytest.fixture
def run(tmp_path):
    """Trains, evaluates and predicts a task; returns the run's folder."""

    def drive_task(name, make, *more):
        data = write_splits(tmp_path / "data", make)
        output = tmp_path / "output"
        flags = (f"--data_dir={data}", f"--output_dir={output}", RANDOM)
        drive(f"--task_name={name}", *flags, *STAGES, *SHORT, *more)
        return output

    return drive_task


def check_is_random(output):
    """Checks that every result file tells of the random encoder."""
    for name in (native.CONFIG, "eval_results.json"):
        values = json.loads((output / name).read_text(encoding="utf-8"))
        assert random_encoder.WARNING in values["warnings"]
    report = (output / "report.html").read_text(encoding="utf-8")
    assert random_encoder.WARNING in report


# === JSTS, a regression, with a vocabulary of one's own ===


@pytest.fixture
def vocab_file(tmp_path):
    """A vocabulary of whole characters, and how to split into them."""
    folder = tmp_path / "characters"
    folder.mkdir()
    characters = sorted(
        {c for row in make_jsts(12) for c in row["sentence1"]} - {"匹"}
    )
    lines = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters]
    (folder / "vocab.txt").write_text("\n".join(lines) + "\n", "utf-8")
    values = {
        "tokenizer_class": "BertJapaneseTokenizer",
        "do_lower_case": False,
        "word_tokenizer_type": "basic",
        "subword_tokenizer_type": "character",
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(values))
    return folder / "vocab.txt"


def test_jsts_with_a_vocabulary(run, vocab_file):
    output = run("JSTS", make_jsts, f"--vocab_file={vocab_file}")
    results = read_results(output)
    assert results["main_metric"] == "eval_pearson"
    assert results["data"].startswith("JSTS from /")
    assert results["settings"]["checkpoint"]["vocab_file"] == str(vocab_file)
    # Nothing is made up where there is a vocabulary.
    assert not list(output.glob("vocabulary_*"))
    assert not (output / "confusion.csv").exists()
    check_is_random(output)

    predicted = np.array(read_probabilities(output))[:, 0]
    expected = [row["label"] for row in make_jsts(7)]
    scores = results["scores"]
    rank = spearmanr(predicted, expected).statistic
    assert scores["eval_spearman"] == pytest.approx(rank)
    correlation = np.corrcoef(predicted, expected)[0, 1]
    assert scores["eval_pearson"] == pytest.approx(correlation, abs=1e-4)

    # Later, the vocabulary is known.
    (output / "eval_results.txt").unlink()
    data = f"--data_dir={output.parent / 'data'}"
    later = ("--do_eval", data, f"--output_dir={output}", SHORT[-2])
    drive("--task_name=jsts", *later)
    assert read_scores(output) == pytest.approx(scores, abs=1e-6)
    check_is_random(output)

    # A vocabulary with one token less is another encoder.
    lines = vocab_file.read_text("utf-8").splitlines()
    vocab_file.write_text("\n".join(lines[:-1]) + "\n", "utf-8")
    message = refused("--task_name=jsts", *later)
    assert message.startswith("ERROR: ")
    assert "vocab" in message


# === JCommonsenseQA, whose questions have five choices ===


def test_jcommonsenseqa_has_a_line_a_question(run):
    output = run("JCommonsenseQA", make_jcommonsenseqa)
    check_is_random(output)
    header, *rows = read_cells(output / "predictions.tsv")
    assert header == ["index", "prediction"]
    assert [row[0] for row in rows] == [str(i) for i in range(7)]
    outputs = read_probabilities(output)
    assert [len(row) for row in outputs] == [5] * 7
    answers = [int(row[1]) for row in rows]
    assert answers == [row.index(max(row)) for row in outputs]

    right = [row["label"] for row in make_jcommonsenseqa(7)]
    share = np.mean([a == b for a, b in zip(answers, right, strict=True)])
    scores = read_scores(output)
    assert scores["eval_accuracy"] == pytest.approx(share)
    # Twelve questions of five choices, four rows a batch.
    assert scores["global_step"] == 15
    # A matrix of rows would be of choices, not of questions.
    assert not (output / "confusion.csv").exists()


def test_jcommonsenseqa_answers_though_every_choice_seems_wrong(run):
    output = run("jcommonsenseqa", make_jcommonsenseqa)
    before = read_scores(output)["eval_accuracy"]
    answers = read_cells(output / "predictions.tsv")
    add_to_bias(output, [3, -3])
    data = f"--data_dir={output.parent / 'data'}"
    later = (data, f"--output_dir={output}", "--do_eval", "--do_predict")
    drive("--task_name=jcommonsenseqa", *later)
    assert max(max(row) for row in read_probabilities(output)) < 0.5
    assert read_scores(output)["eval_accuracy"] == pytest.approx(before)
    assert read_cells(output / "predictions.tsv") == answers


# === JNLI ===


def test_jnli(run):
    output = run("jnli", make_jnli)
    check_is_random(output)
    labels = ("entailment", "contradiction", "neutral")
    assert native.read(output).labels == labels
    predicted = [row[1] for row in read_cells(output / "predictions.tsv")[1:]]
    right = [row["label"] for row in make_jnli(7)]
    share = np.mean([a == b for a, b in zip(predicted, right, strict=True)])
    assert read_scores(output)["eval_accuracy"] == pytest.approx(share)
    assert (output / "confusion.png").is_file()
    # The vocabulary is that of both sentences of the training rows.
    (path,) = output.glob("vocabulary_*/vocab.txt")
    vocab = path.read_text("utf-8").splitlines()
    seen = {c for a, b in make_pairs(12) for c in a + b}
    assert vocab[5:] == sorted(seen)


# === Mistakes ===


def test_an_encoder_is_needed(tmp_path):
    data = write_splits(tmp_path / "data", make_jnli)
    output = tmp_path / "output"
    flags = (f"--data_dir={data}", f"--output_dir={output}")
    message = refused("--task_name=JNLI", *SHORT, *flags)
    assert message.startswith("ERROR: JNLI needs an encoder")
    assert "--init_checkpoint" in message
    assert "--allow_random_encoder" in message
    assert not output.exists()


@pytest.mark.parametrize(
    ("make", "name", "wrong", "says"),
    [
        (make_jsts, "jsts", {"label": 5.5}, "5.5"),
        (make_jnli, "jnli", {"label": "neutrale"}, "'neutrale'"),
        (make_jcommonsenseqa, "jcommonsenseqa", {"label": 5}, "'5'"),
        (make_jcommonsenseqa, "jcommonsenseqa", {"choice4": None}, "choice4"),
    ],
)
def test_bad_rows_name_the_line(make, name, wrong, says, tmp_path):
    data = write_splits(tmp_path / "data", make)
    rows = make(12)
    rows[3] |= wrong
    write_lines(data / "train-v1.3.json", rows)
    output = tmp_path / "output"
    flags = (f"--data_dir={data}", f"--output_dir={output}", RANDOM)
    message = refused(f"--task_name={name}", *flags)
    assert f"{data / 'train-v1.3.json'}, line 4: " in message
    assert says in message
    assert not output.exists()
