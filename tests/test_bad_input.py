"""A mistake gives one clear message, status 1 and no file."""

import re

import numpy as np
import pytest

from tests.bad_runs import Run, message_of
from tests.glue_tasks.tabular.tables import write_rows
from tests.tiny_files import start, write_mrpc


@pytest.fixture
def run(tmp_path, monkeypatch):
    from adapter_bert import network

    # No network, whatever a mistake in here leads to.
    monkeypatch.setattr(network, "is_reachable", lambda *a, **k: False)
    return Run(tmp_path)


# === The mistakes. Each returns what the message must hold. ===


def missing_file(run):
    (run.data / "dev.tsv").unlink()
    return f"MRPC needs dev.tsv, which is not in {run.data}"


def folder_without_files(run):
    run.flags["data_dir"] = run.folder / "empty"
    (run.folder / "empty").mkdir()
    return f"MRPC needs train.tsv, .* {run.folder}/empty. Found there: nothing"


def no_such_folder(run):
    run.flags["data_dir"] = run.folder / "absent"
    return f"{run.folder}/absent is not a folder"


def missing_column(run):
    run.edit("train.tsv", b"#2 String", b"String 2")
    return "train.tsv, line 1: .*Missing: '#2 String'. Found: .*'String 2'"


def missing_cell(run):
    run.edit("train.tsv", b"0\t4\t104", b"0\t104")
    return "train.tsv, line 6: must have 5 tab-separated columns. Received: 4"


def unknown_label(run):
    run.edit("train.tsv", b"1\t3\t103", b"2\t3\t103")
    return "train.tsv, line 5: unknown label '2' in column 'Quality'.*0, 1"


def blank_line(run):
    run.edit("dev.tsv", b"0\t2\t102", b"\n0\t2\t102")
    return "dev.tsv, line 4: is blank"


def latin_1(run):
    run.edit("train.tsv", b"0\t2\t102\t", b"0\t2\t102\tcaf\xe9 ")
    return "train.tsv, line 4: must be UTF-8. Received: byte 0xe9"


def utf_16(run):
    path = run.data / "train.tsv"
    path.write_text(path.read_text(), encoding="utf-16")
    return "train.tsv, line 1: must be UTF-8; the file is UTF-16"


def empty_file(run):
    (run.data / "train.tsv").write_text("")
    return "train.tsv is empty; expected the columns"


def header_alone(run):
    write_mrpc(run.data, dev=0)
    return "dev.tsv holds a header and no rows"


def no_whole_batch(run):
    run.flags["train_batch_size"] = 1000
    return "train_batch_size=1000, 24 examples. Lower it"


def another_shape(run):
    def edit(tensors):
        name = "bert.encoder.layer.0.intermediate.dense.weight"
        tensors[name] = tensors[name][:, :-1]

    run.edit_tensors(edit)
    return (
        r"model.safetensors: .*layer_0/intermediate/kernel: \(32, 64\) here, "
        r"\(31, 64\) in checkpoint"
    )


def another_config(run):
    run.edit_config(num_hidden_layers=3)
    return "num_hidden_layers: 3 in .*config.json; 2 in .*model.safetensors"


def extra_tensor(run):
    run.edit_tensors(lambda t: t.update(extra=np.zeros(2, "float32")))
    return r"model.safetensors: .*\+ not in model: extra"


def absent_tensor(run):
    def edit(tensors):
        del tensors["bert.embeddings.LayerNorm.bias"]

    run.edit_tensors(edit)
    return "model.safetensors: .*not in checkpoint: embeddings/layer_norm/beta"


def no_pooler(run):
    def edit(tensors):
        for name in [name for name in tensors if "pooler" in name]:
            del tensors[name]

    run.edit_tensors(edit)
    return "model.safetensors: no pooler.*--train_pooler"


def truncated_safetensors(run):
    path = run.checkpoint / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1000])
    return "model.safetensors: not a readable safetensors file"


def truncated_tf1(run):
    prefix = run.use_tf1()
    path = prefix.with_name(f"{prefix.name}.data-00000-of-00001")
    path.write_bytes(path.read_bytes()[:1000])
    return f"{prefix}: not a readable TF1 checkpoint"


def another_architecture(run):
    run.edit_config(model_type="roberta")
    return "config.json: `model_type` must be 'bert'.*'roberta'"


def broken_config(run):
    (run.checkpoint / "config.json").write_text("{")
    return "config.json: not a JSON file"


def no_vocabulary(run):
    (run.checkpoint / "vocab.txt").unlink()
    return "vocab.txt: no such file. .*--vocab_file"


def no_such_vocabulary(run):
    run.flags["vocab_file"] = run.folder / "words.txt"
    return f"--vocab_file={run.folder}/words.txt: no such file"


def vocabulary_of_words(run):
    run.flags["vocab_file"] = run.folder / "words.txt"
    (run.folder / "words.txt").write_text("a\nb\n")
    return r"words.txt, without \[CLS\], \[SEP\], \[UNK\]"


def longer_vocabulary(run):
    with (run.checkpoint / "vocab.txt").open("a") as file:
        file.write("one\nmore\n")
    return "122 lines in .*vocab.txt, but 120 word embeddings"


def past_the_positions(run):
    run.flags["max_seq_length"] = 25
    return "max_seq_length` must lie between 3 and 24.*max_seq_length=25"


def contradicting_case(run):
    run.use_tf1("uncased_L-12_H-768_A-12")
    run.flags["do_lower_case"] = "false"
    return "for uncased_L-12_H-768_A-12, .*Received: do_lower_case=False"


def no_such_checkpoint(run):
    run.flags["init_checkpoint"] = run.folder / "absent/bert_model.ckpt"
    return f"--init_checkpoint={run.folder}/absent/bert_model.ckpt: no check"


def file_for_a_checkpoint(run):
    prefix = run.use_tf1()
    run.flags["init_checkpoint"] = f"{prefix}.index"
    return f"--init_checkpoint={prefix}.index: .*Give the prefix.*: {prefix}"


def layer_that_is_not_there(run):
    run.flags["adapter_layers"] = "1-2"
    return "`layers` must lie between 0 and 1.*Received: 2"


def unknown_task(run):
    run.flags["task_name"] = "MRCP"
    return "--task_name=MRCP: Unknown task 'MRCP'; did you mean 'mrpc'"


def unknown_recipe(run):
    run.flags["adapter_recipe"] = "hulsby2019"
    return "--adapter_recipe=hulsby2019: did you mean 'houlsby2019'"


def unknown_flag(run):
    run.flags["learning_rat"] = "1"
    return "learning_rat.*Did you mean: learning_rate"


def nothing_trained(run):
    run.flags["do_predict"] = "true"
    return r"has no adapters for MRPC. Train first with --do_train"


def more_blocks_than_there_are(run):
    run.flags.update(tune="top_k", tune_top_k=3)
    return "`top_k` must not exceed 2, the number of the encoder.*top_k=3"


def number_of_blocks_alone(run):
    run.flags["tune_top_k"] = 1
    return "--tune=top_k needs --tune_top_k"


def unknown_method(run):
    run.flags["tune"] = "adaptors"
    return "--tune=adaptors: did you mean 'adapters'"


def unknown_period(run):
    run.flags["evaluate_every"] = "0"
    return "--evaluate_every=0: must be a positive number of updates, or epoch"


def best_of_no_evaluations(run):
    run.flags["keep_checkpoint"] = "best"
    return "keep_checkpoint=best: .* give --evaluate_every=epoch"


def patience_without_evaluations(run):
    run.flags["early_stopping_patience"] = 3
    return "early_stopping_patience=3.* give --evaluate_every=epoch"


def weight_of_an_unknown_label(run):
    run.flags["class_weights"] = "0=1,2=3"
    return "--class_weights: unknown label '2'; known: 0, 1"


def ablation_in_training(run):
    run.flags["ablate_adapters"] = "0"
    return "--ablate_adapters=0 cannot go with training"


def ablation_of_no_blocks(run):
    run.flags.update(ablate_adapters="none", do_eval=True)
    return "--ablate_adapters=none: must be numbers and ascending ranges"


def adapter_for_a_training(run):
    run.flags["adapter_dir"] = run.folder
    return f"--adapter_dir={run.folder} cannot go with training"


def adapter_that_is_not_there(run):
    run.flags.update(adapter_dir=run.folder / "absent", do_eval=True)
    return f"--adapter_dir={run.folder}/absent holds no trained adapter"


def table_for_another_task(run):
    run.flags.update(train_file="x.csv", label_type="score")
    return "--train_file, --label_type: only for --task_name=tabular"


def thresholds_for_another_task(run):
    run.flags["label_thresholds"] = "0.3"
    return "--label_thresholds: only for --task_name=tabular"


def no_file_to_predict(run):
    run.flags.update(predict_file="absent.csv", do_train=True, do_predict=True)
    return "--predict_file=absent.csv is not a file; expected a table"


def file_to_predict_of_no_known_format(run):
    (run.folder / "new.xlsx").write_text("")
    run.flags.update(predict_file=run.folder / "new.xlsx")
    run.flags.update(do_train=True, do_predict=True)
    return "new.xlsx: the suffix of a table must name its format.*'.xlsx'"


def file_to_predict_that_was_predicted(run):
    row = {"#1 String": "a", "#2 String": "b", "prediction": "0"}
    path = write_rows(run.folder / "old.csv", [row])
    run.flags.update(predict_file=path, do_train=True, do_predict=True)
    return "old.csv must not have columns .* would get: 'prediction'"


def bad_row_of_a_file_to_predict(run):
    path = run.folder / "new.csv"
    path.write_text("#1 String,#2 String\na,b\nc\n")
    run.flags.update(predict_file=path, do_train=True, do_predict=True)
    return "new.csv, line 3: must have 2 comma-separated columns"


MISTAKES = [
    missing_file,
    folder_without_files,
    no_such_folder,
    missing_column,
    missing_cell,
    unknown_label,
    blank_line,
    latin_1,
    utf_16,
    empty_file,
    header_alone,
    no_whole_batch,
    another_shape,
    another_config,
    extra_tensor,
    absent_tensor,
    no_pooler,
    truncated_safetensors,
    truncated_tf1,
    another_architecture,
    broken_config,
    no_vocabulary,
    no_such_vocabulary,
    vocabulary_of_words,
    longer_vocabulary,
    past_the_positions,
    contradicting_case,
    no_such_checkpoint,
    file_for_a_checkpoint,
    layer_that_is_not_there,
    unknown_task,
    unknown_recipe,
    unknown_flag,
    nothing_trained,
    more_blocks_than_there_are,
    number_of_blocks_alone,
    unknown_method,
    unknown_period,
    best_of_no_evaluations,
    patience_without_evaluations,
    weight_of_an_unknown_label,
    ablation_in_training,
    ablation_of_no_blocks,
    adapter_for_a_training,
    adapter_that_is_not_there,
    table_for_another_task,
    thresholds_for_another_task,
    no_file_to_predict,
    file_to_predict_of_no_known_format,
    file_to_predict_that_was_predicted,
    bad_row_of_a_file_to_predict,
]


@pytest.mark.parametrize("make", MISTAKES, ids=lambda make: make.__name__)
def test_mistake_is_named_and_nothing_written(run, capsys, make):
    expected = make(run)
    message = message_of(run, capsys)
    assert re.search(expected, message, re.DOTALL)
    assert message.startswith(("ERROR: ", "FATAL Flags parsing error"))
    assert not run.output.exists()


def test_output_dir_that_is_a_file(run, capsys):
    run.output.write_text("mine")
    message = message_of(run, capsys)
    assert f"--output_dir={run.output}" in message
    assert run.output.read_text() == "mine"


def test_output_dir_inside_a_file(run, capsys):
    run.output.write_text("mine")
    run.flags["output_dir"] = run.output / "inside"
    message = message_of(run, capsys)
    assert f"--output_dir={run.output}/inside" in message
    assert run.output.read_text() == "mine"


def test_earlier_results_survive_a_mistake(run, capsys):
    run.output.mkdir()
    (run.output / "eval_results.txt").write_text("eval_accuracy = 1.0\n")
    run.flags["train_batch_size"] = 1000
    message_of(run, capsys)
    assert [path.name for path in run.output.iterdir()] == ["eval_results.txt"]


# === As a process ===


def test_process_ends_with_one_message_before_it_imports_keras(run):
    expected = missing_column(run)
    done = start(run.arguments(), run.folder, "-X", "importtime")
    assert done.returncode == 1
    assert done.stdout == ""
    lines = [x for x in done.stderr.splitlines() if "import time:" not in x]
    assert re.search(expected, lines[-2])
    assert lines[-2].startswith("ERROR: ")
    assert lines[-1] == "(--verbosity=1 shows where it came from.)"
    assert all(" INFO " in line for line in lines[:-2])
    assert not re.search(r"\| +(keras|tensorflow)$", done.stderr, re.MULTILINE)
    assert not run.output.exists()


def test_process_ends_with_one_message_after_tensorflows_start(run):
    expected = extra_tensor(run)
    done = start(run.arguments(), run.folder)
    assert done.returncode == 1
    assert done.stdout == ""
    log, _, message = done.stderr.partition("ERROR: ")
    assert re.search(expected, message, re.DOTALL)
    # Nothing of TensorFlow's own.
    ours = re.compile(r"[\d:]{8} (INFO|WARNING) [A-Z]")
    assert all(ours.match(line) for line in log.splitlines()), log
    assert "Traceback" not in done.stderr
    assert not run.output.exists()


def test_verbosity_shows_where_the_error_came_from(run):
    expected = missing_column(run)
    run.flags["verbosity"] = 1
    done = start(run.arguments(), run.folder)
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert re.search(f"ValueError: .*{expected}", done.stderr)
    assert not run.output.exists()


def test_verbosity_can_silence_the_log(run):
    unknown_label(run)
    run.flags["verbosity"] = -1
    done = start(run.arguments(), run.folder)
    assert done.returncode == 1
    assert done.stderr.startswith("ERROR: ")
