"""The same small work on any backend, for test_backends.py.

As a script it blocks TensorFlow's import, does the work in a process of its
own and leaves the results in a folder: `python -m tests.backend_run FOLDER`.
"""

import importlib.abc
import pathlib
import sys

BLOCKED = ("tensorflow", "tensorflow_text")
GOLDEN = pathlib.Path(__file__).parent / "golden" / "huggingface_bert"
NUM_STEPS = 3
# By name: what trains, blocks with adapters, problem type, labels.
KINDS = {
    "full": ({"method": "full"}, None, "regression", 1),
    "top_k": (
        {"method": "top_k", "top_k": 1},
        None,
        "multi_label_classification",
        3,
    ),
    "layer_norm": (
        {"method": "layer_norm"},
        None,
        "single_label_classification",
        3,
    ),
    "head": ({"method": "head", "train_pooler": True}, None, "regression", 1),
    "block 1": (
        {"method": "adapters"},
        (1,),
        "multi_label_classification",
        3,
    ),
}


class _Blocker(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in BLOCKED:
            raise ImportError(f"{name} is blocked in this test")
        return None


def work(folder):
    """Returns named arrays: initial weights, logits, losses, end weights."""
    import numpy as np

    results = {"golden/logits": golden_logits(folder)}
    model = build()
    results |= {f"initial/{k}": v for k, v in values_of(model).items()}
    remove_dropout(model)
    results["losses"] = train(model, make_batches(), learning_rate=1e-2)
    results |= {f"trained/{k}": v for k, v in values_of(model).items()}
    # One batch over and over, at next to no rate: only masks tell steps apart.
    same_batch = [dict(make_batches()[0]) for _ in range(10)]
    results["losses_dropout"] = train(build(), same_batch, learning_rate=1e-30)
    results["reloaded"] = np.array(reload(model, folder / "adapter"))
    for kind in KINDS:
        results |= train_kind(kind)
    return results


def build(seed=1):
    from adapter_bert.models.classifier import build_classifier
    from tests.tiny import ADAPTER, ENCODER

    return build_classifier(ENCODER, ADAPTER, num_labels=3, seed=seed)


def values_of(model):
    import keras

    return {
        v.path: keras.ops.convert_to_numpy(v.value).copy()
        for v in model.weights
    }


def golden_logits(folder):
    """Loads the golden checkpoint by the public function and predicts."""
    import numpy as np

    import adapter_bert
    from adapter_bert.checkpoints.source import locate
    from adapter_bert.data.token_rows import TokenRows
    from adapter_bert.evaluation import predict_logits

    vocab_file = folder / "vocab.txt"
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    tokens += [f"w{i}" for i in range(len(tokens), 120)]
    vocab_file.write_text("".join(f"{token}\n" for token in tokens))
    checkpoint = locate(GOLDEN, vocab_file=vocab_file)
    model = adapter_bert.load_classifier(
        checkpoint, num_labels=3, adapter=None, max_seq_length=24
    )
    assert model.load_report.head_loaded
    with np.load(GOLDEN / "golden.npz") as arrays:
        lengths = arrays["input_mask"].sum(axis=1)
        mask = arrays["input_mask"].astype(bool)
        rows = TokenRows(
            input_ids=arrays["input_ids"][mask],
            segment_ids=arrays["segment_ids"][mask].astype("int8"),
            row_splits=np.cumsum([0, *lengths]),
            max_seq_length=24,
        )
    return predict_logits(model, rows, batch_size=6)


def make_batches():
    import numpy as np

    from adapter_bert.data.batches import TrainingBatches
    from tests.tiny import make_rows

    # All batches come out 32 tokens wide: JAX compiles each width anew.
    rows = make_rows(range(25, 33))
    return TrainingBatches(rows, np.arange(8) % 3, batch_size=4, seed=1)


def train(model, batches, learning_rate):
    """Takes a few steps and returns their losses."""
    import numpy as np

    from adapter_bert.training.config import TrainConfig
    from adapter_bert.training.loop import make_optimizer, train_steps

    config = TrainConfig(learning_rate=learning_rate, steps_per_call=2)
    optimizer = make_optimizer(model, config, NUM_STEPS + 1)
    updates = train_steps(model, optimizer, batches, config, NUM_STEPS)
    return np.array([update.loss for update in updates])


def train_kind(kind):
    """Trains a classifier of one of `KINDS` on weighted targets."""
    import dataclasses

    import numpy as np

    from adapter_bert.data.batches import TrainingBatches
    from adapter_bert.models.classifier import build_classifier
    from adapter_bert.tune_config import TuneConfig
    from tests.tiny import ADAPTER, ENCODER, make_rows

    tune, layers, problem_type, num_labels = KINDS[kind]
    model = build_classifier(
        ENCODER,
        layers and dataclasses.replace(ADAPTER, layers=layers),
        num_labels,
        tune=TuneConfig(**tune),
        problem_type=problem_type,
    )
    remove_dropout(model)
    targets = {
        "single_label_classification": np.arange(8, dtype="int32") % 3,
        "multi_label_classification": np.eye(8, 3, dtype="float32"),
        "regression": np.linspace(-1, 5, 8, dtype="float32"),
    }[problem_type]
    weights = np.linspace(0.5, 1.5, targets.size, dtype="float32")
    batches = TrainingBatches(
        make_rows(range(25, 33)),
        targets,
        batch_size=4,
        seed=1,
        weights=weights.reshape(targets.shape),
    )
    before = values_of(model)
    losses = train(model, batches, learning_rate=1e-2)
    after = values_of(model)
    moved = [path for path in after if (after[path] != before[path]).any()]
    return {
        f"{kind}/losses": losses,
        f"{kind}/moved": np.array(moved),
        f"{kind}/paths": np.array(list(after)),
    }


def remove_dropout(model):
    from adapter_bert.layers.dropout import Dropout

    layers = [la for la in model._flatten_layers() if isinstance(la, Dropout)]
    # Embeddings, three in each of two blocks, head.
    assert len(layers) == 8
    for layer in layers:
        layer.rate = 0


def reload(model, directory):
    """Saves the trained part, loads it on the same base, and compares."""
    from adapter_bert.checkpoints import native
    from adapter_bert.checkpoints.fitting import assign_artifact

    native.save(model, directory)
    other = build(seed=5)
    variables = {v.path: v for v in other.weights}
    for variable in model.weights:
        if not variable.trainable:
            variables[variable.path].assign(variable.value)
    assign_artifact(other, native.read(directory))
    values, others = values_of(model), values_of(other)
    return all((values[path] == others[path]).all() for path in values)


def main():
    sys.meta_path.insert(0, _Blocker())
    folder = pathlib.Path(sys.argv[1])

    import keras
    import numpy as np

    np.savez(folder / "results.npz", **work(folder))
    imported = [n for n in sys.modules if n.partition(".")[0] in BLOCKED]
    print(keras.backend.backend(), imported)


if __name__ == "__main__":
    main()
