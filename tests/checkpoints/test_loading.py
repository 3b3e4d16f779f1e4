import dataclasses
import re

import numpy as np
import pytest

from adapter_bert.adapter_config import AdapterConfig
from adapter_bert.checkpoints import source
from adapter_bert.checkpoints.loading import load_checkpoint
from adapter_bert.tune_config import TuneConfig

STEP12 = "adapter_bert_tf1/adapter_bert_step12.ckpt"


def compute_logits(model, golden, folder):
    arrays = np.load(golden / folder / "golden.npz")
    names = ("input_ids", "input_mask", "segment_ids")
    return np.asarray(model({name: arrays[name] for name in names})), arrays


def rename(old, new):
    """Edits every tensor's name."""
    return lambda tensors: {
        re.sub(old, new, name): array for name, array in tensors.items()
    }


def drop(pattern):
    return lambda tensors: {
        name: array
        for name, array in tensors.items()
        if not re.search(pattern, name)
    }


def add(**shapes):
    extra = {name: np.zeros(shape, "float32") for name, shape in shapes.items()}
    return lambda tensors: tensors | extra


def refused(model, checkpoint, values, error=ValueError):
    """Returns the message; fails unless every weight is as before."""
    before = values(model)
    with pytest.raises(error) as caught:
        load_checkpoint(model, checkpoint)
    after = values(model)
    for path, array in before.items():
        np.testing.assert_array_equal(array, after[path], err_msg=path)
    return str(caught.value)


def test_plain_bert_leaves_adapters_and_head_fresh(
    locate_golden, build, adapters, values
):
    checkpoint = locate_golden("adapter_bert_tf1/bert_model.ckpt")
    model = build(checkpoint, adapters)
    before = values(model)
    report = load_checkpoint(model, checkpoint)
    assert report.num_tensors == 39
    assert report.ignored == {}
    assert report.global_step == 0
    assert report.loaded == ("pooler",)
    assert report.fresh == ("adapters", "head")
    assert not report.adapters_loaded
    assert not report.head_loaded
    assert "so fresh: adapters, head;" in str(report)
    fresh = re.compile("_adapter/|^classifier/")
    biases = re.compile("^classifier/bias|_adapter/.*/bias")
    for path, array in values(model).items():
        same = np.array_equal(array, before[path])
        assert same == bool(fresh.search(path)), path
        assert not (biases.search(path) and array.any()), path


def test_the_original_s_adapter_checkpoint_gives_its_logits(
    locate_golden, build, adapters, golden
):
    checkpoint = locate_golden(STEP12)
    model = build(checkpoint, adapters)
    report = load_checkpoint(model, checkpoint)
    logits, arrays = compute_logits(model, golden, "adapter_bert_tf1")
    np.testing.assert_allclose(
        logits, arrays["logits_after_12_steps"], atol=1e-5
    )
    assert report.num_tensors == 57
    assert report.ignored == {
        "global_step": 1,
        "*/adam_m": 28,
        "*/adam_v": 28,
    }
    assert report.loaded == ("adapters", "head", "pooler")
    assert report.fresh == ()
    assert report.global_step == 12
    assert report.adapters_loaded
    assert report.head_loaded
    assert "28 */adam_v" in str(report)


BOTH_AGES = {
    "today": lambda tensors: tensors,
    "bare": rename(r"^bert\.", ""),
    "old": lambda tensors: rename(r"LayerNorm\.weight", "LayerNorm.gamma")(
        rename(r"LayerNorm\.bias", "LayerNorm.beta")(tensors)
    ),
}
BOTH_AGES["old bare"] = lambda t: BOTH_AGES["bare"](BOTH_AGES["old"](t))


@pytest.mark.parametrize("age", BOTH_AGES)
def test_hugging_face_names_of_every_age_give_the_logits(
    make_directory, build, golden, age
):
    checkpoint = source.locate(make_directory(BOTH_AGES[age]))
    model = build(checkpoint)
    report = load_checkpoint(model, checkpoint)
    logits, arrays = compute_logits(model, golden, "huggingface_bert")
    np.testing.assert_allclose(logits, arrays["logits"], atol=1e-5)
    assert report.num_tensors == 41
    assert report.loaded == ("head", "pooler")
    assert report.fresh == ()


def test_passengers_are_counted(make_directory, build, adapters):
    edit = add(
        **{
            "cls.predictions.bias": (120,),
            "cls.predictions.transform.LayerNorm.gamma": (32,),
            "cls.seq_relationship.weight": (2, 32),
            "bert.embeddings.position_ids": (1, 24),
        }
    )
    checkpoint = source.locate(make_directory(edit))
    report = load_checkpoint(build(checkpoint, adapters), checkpoint)
    assert report.ignored == {"cls.*": 3, "*.position_ids": 1}
    assert "ignored: 3 cls.*, 1 *.position_ids" in str(report)


def test_tf1_pretraining_heads_are_counted(make_tf1, build, adapters):
    edit = add(**{"cls/predictions/output_bias": (120,), "global_step": ()})
    checkpoint = source.locate(make_tf1("bert_model.ckpt", edit))
    report = load_checkpoint(build(checkpoint, adapters), checkpoint)
    assert report.ignored == {"cls/*": 1, "global_step": 1}


@pytest.mark.parametrize(
    "name", ["lm_head.bias", "xcls.bias", "bert.cls.bias", "adam_m"]
)
def test_an_unknown_name_is_refused(make_directory, build, values, name):
    checkpoint = source.locate(make_directory(add(**{name: (3,)})))
    message = refused(build(checkpoint), checkpoint, values)
    assert f"  + not in model: {name}\n" in message
    assert "model.safetensors" in message


def test_names_missing_on_our_side_are_all_listed(
    make_directory, build, values
):
    edit = drop(r"layer\.0\.output\.(dense|LayerNorm)\.bias")
    checkpoint = source.locate(make_directory(edit))
    message = refused(build(checkpoint), checkpoint, values)
    assert message.splitlines()[1:] == [
        "  - not in checkpoint: layer_0/output/bias",
        "  - not in checkpoint: layer_0/output_layer_norm/beta",
    ]


@pytest.mark.parametrize(
    ("edit", "missing"),
    [
        (drop("layer_1/.*adapters/biases2$"), "layer_1/output_adapter/up/bias"),
        (drop("layer_0/output/adapters"), "layer_0/output_adapter/down/kernel"),
    ],
)
def test_adapters_are_all_there_or_none(
    make_tf1, build, adapters, values, edit, missing
):
    path = make_tf1("adapter_bert_step0.ckpt", edit)
    checkpoint = source.locate(path)
    message = refused(build(checkpoint, adapters), checkpoint, values)
    assert f"  - not in checkpoint: {missing}\n" in message


def test_adapters_of_another_width_are_named(locate_golden, build, values):
    checkpoint = locate_golden(STEP12)
    model = build(checkpoint, AdapterConfig(size=8))
    message = refused(model, checkpoint, values)
    assert (
        "! layer_0/attention_adapter/down/kernel: (32, 8) here, (32, 64) in"
        in message
    )
    assert str(checkpoint.path) in message


def test_adapters_for_blocks_without_one_are_refused(
    locate_golden, build, values
):
    checkpoint = locate_golden(STEP12)
    model = build(checkpoint, AdapterConfig(layers=(1,)))
    message = refused(model, checkpoint, values)
    name = "bert/encoder/layer_0/output/adapters/weights1"
    assert f"  + not in model: {name}\n" in message
    assert "layer_1" not in message


@pytest.mark.parametrize("kind", ["tf1", "huggingface"])
def test_a_head_for_other_labels_starts_fresh(
    locate_golden, make_directory, build, adapters, values, kind
):
    name = STEP12 if kind == "tf1" else "huggingface_bert"
    checkpoint = locate_golden(name)
    model = build(checkpoint, adapters, num_labels=2)
    before = values(model)
    report = load_checkpoint(model, checkpoint)
    assert "head" in report.fresh
    after = values(model)
    for path in ("classifier/kernel", "classifier/bias"):
        np.testing.assert_array_equal(after[path], before[path])
    assert "The head starts fresh" in report.note
    assert "has shape [3, 32] in" in report.note
    assert "2 labels here" in report.note


def test_half_a_head_is_refused(make_directory, build, values):
    edit = drop(r"^classifier\.bias")
    checkpoint = source.locate(make_directory(edit))
    message = refused(build(checkpoint), checkpoint, values)
    assert "- not in checkpoint: classifier/bias" in message


@pytest.mark.parametrize("kind", ["tf1", "huggingface"])
def test_no_pooler_is_refused_unless_it_trains(
    make_tf1, make_directory, build, values, kind
):
    path = (
        make_tf1("bert_model.ckpt", drop("pooler"))
        if kind == "tf1"
        else make_directory(drop("pooler"))
    )
    checkpoint = source.locate(path)
    message = refused(build(checkpoint, AdapterConfig()), checkpoint, values)
    assert "no pooler" in message
    assert "--train_pooler" in message
    head_alone = build(checkpoint, tune=TuneConfig("head"))
    assert "no pooler" in refused(head_alone, checkpoint, values)

    model = build(checkpoint, AdapterConfig(train_pooler=True))
    before = values(model)["pooler/kernel"]
    report = load_checkpoint(model, checkpoint)
    assert "pooler" in report.fresh
    np.testing.assert_array_equal(values(model)["pooler/kernel"], before)
    for tune in (TuneConfig("head", train_pooler=True), TuneConfig("full")):
        report = load_checkpoint(build(checkpoint, tune=tune), checkpoint)
        assert "pooler" in report.fresh


def test_half_a_pooler_is_refused(make_directory, build, values):
    checkpoint = source.locate(make_directory(drop(r"pooler\.dense\.bias")))
    model = build(checkpoint, AdapterConfig(train_pooler=True))
    message = refused(model, checkpoint, values)
    assert "- not in checkpoint: pooler/bias" in message


def test_one_layer_fewer_says_which_file_said_what(
    make_directory, build, values
):
    checkpoint = source.locate(make_directory(drop(r"layer\.1\.")))
    message = refused(build(checkpoint), checkpoint, values)
    folder = checkpoint.path
    assert message.splitlines()[1:] == [
        f"  ! num_hidden_layers: 2 in {folder}/config.json; 1 in "
        f"{folder}/model.safetensors, by its tensors' names"
    ]


@pytest.mark.parametrize(
    ("key", "value", "tensor", "shape", "size"),
    [
        ("vocab_size", 130, "word_embeddings", [120, 32], 120),
        ("hidden_size", 64, "word_embeddings", [120, 32], 32),
        ("max_position_embeddings", 512, "position_embeddings", [24, 32], 24),
        ("type_vocab_size", 1, "token_type_embeddings", [2, 32], 2),
        ("intermediate_size", 128, "intermediate", [64], 64),
    ],
)
def test_a_size_that_differs_says_which_file_said_what(
    make_directory, build, values, key, value, tensor, shape, size
):
    checkpoint = source.locate(make_directory(config={key: value}))
    message = refused(build(checkpoint), checkpoint, values)
    (line,) = message.splitlines()[1:]
    folder = checkpoint.path
    assert f"! {key}: {value} in {folder}/config.json; {size} in" in line
    assert re.search(f"{tensor}.* of shape {re.escape(str(shape))}$", line)


def test_every_size_that_differs_is_listed(locate_golden, build, values):
    checkpoint = locate_golden("adapter_bert_tf1/bert_model.ckpt")
    config = dataclasses.replace(
        checkpoint.encoder_config, hidden_size=64, num_hidden_layers=3
    )
    checkpoint = dataclasses.replace(checkpoint, encoder_config=config)
    message = refused(build(checkpoint), checkpoint, values)
    assert "! num_hidden_layers: 3 in" in message
    assert "! hidden_size: 64 in" in message
    assert "bert/embeddings/word_embeddings of shape [120, 32]" in message


def test_a_model_of_another_shape_is_refused(locate_golden, build, values):
    checkpoint = locate_golden("huggingface_bert")
    other = dataclasses.replace(checkpoint.encoder_config, hidden_size=16)
    model = build(dataclasses.replace(checkpoint, encoder_config=other))
    message = refused(model, checkpoint, values)
    assert "! pooler/kernel: (16, 16) here, (32, 32) in checkpoint" in message


def test_a_vocabulary_longer_than_the_table_is_refused(
    locate_golden, build, values, vocab_file
):
    checkpoint = locate_golden("huggingface_bert")
    vocab_file.write_text("a\n" * 121)
    message = refused(build(checkpoint), checkpoint, values)
    assert f"121 lines in {vocab_file}" in message
    assert "120 word embeddings in " + checkpoint.path in message
    vocab_file.write_text("a\n" * 119)  # padded tables are usual
    load_checkpoint(build(checkpoint), checkpoint)


def test_another_architecture_s_weights_are_named(
    make_directory, build, values
):
    edit = rename(r"^bert\.", "roberta.")
    checkpoint = source.locate(make_directory(edit))
    message = refused(build(checkpoint), checkpoint, values)
    assert "no tensor bert.embeddings.word_embeddings.weight" in message
    assert "roberta.embeddings" in message
    assert "more" in message
