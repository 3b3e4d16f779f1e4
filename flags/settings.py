"""What a run was told to do, free of flags and ready for result files."""

import dataclasses
import os
from collections.abc import Mapping
from typing import Any

from adapter_bert.adapter_config import AdapterConfig
from adapter_bert.training.config import TrainConfig
from adapter_bert.tune_config import TuneConfig
from flags import lists


@dataclasses.dataclass(frozen=True)
class DataConfig:
    """Which task a run works on and how long its inputs are.

    Attributes:
        task_name: Task, in lower case.
        data_dir: Directory with the task's files. None: found elsewhere.
        max_seq_length: Longest input, in tokens with [CLS] and [SEP]. None:
            what the adapter was trained with.
        tabular: Those fields of `TabularConfig` that were given.
        fungi: Those fields of `FungiConfig` that were given.
        dataset: Hub id of the fungi data. None: none was named.
        predict_file: Table of rows to predict. None: the test set.
        skip_bad_rows: Whether rows that cannot be read are left out.
    """

    task_name: str
    data_dir: str | None = None
    max_seq_length: int | None = 128
    tabular: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    fungi: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    dataset: str | None = None
    predict_file: str | None = None
    skip_bad_rows: bool = False


@dataclasses.dataclass(frozen=True)
class CheckpointConfig:
    """Where the pretrained encoder comes from.

    Attributes:
        init_checkpoint: TF1 prefix, Hugging Face directory or Hub id. None:
            the default encoder.
        bert_config_file: Shape of the encoder. None: beside the weights.
        vocab_file: WordPiece vocabulary. None: beside the weights.
        allow_random_encoder: Whether a small random encoder may take the
            place of one that cannot be had.
        do_lower_case: Whether texts are lower-cased. None: as the checkpoint
            says.
    """

    init_checkpoint: str | None = None
    bert_config_file: str | None = None
    vocab_file: str | None = None
    do_lower_case: bool | None = None
    allow_random_encoder: bool = False


@dataclasses.dataclass(frozen=True)
class RunConfig:
    """Which stages run and where their files go.

    Attributes:
        output_dir: Directory of the adapter and the result files.
        adapter_dir: Directory of the trained adapter to use; differs from
            `output_dir` only if a flag says so.
        do_train: Whether to train.
        do_eval: Whether to evaluate on the dev set.
        do_predict: Whether to predict the test set.
        overwrite_output_dir: Whether training may replace an adapter that is
            already in `output_dir`.
        eval_batch_size: Examples per evaluation step.
        predict_batch_size: Examples per prediction step.
        ablate_adapters: Blocks to evaluate without their adapters.
        label_thresholds: Probability from which on a label is predicted, for
            all or by label; `best`: found on the dev set. None: the model's.
    """

    output_dir: str
    adapter_dir: str
    do_train: bool = True
    do_eval: bool = True
    do_predict: bool = False
    overwrite_output_dir: bool = False
    eval_batch_size: int = 8
    predict_batch_size: int = 8
    ablate_adapters: tuple[int, ...] = ()
    label_thresholds: str | float | Mapping[str, float] | None = None

    @property
    def results_dir(self) -> str:
        """Where result files go: an ablation does not replace the model's."""
        if not self.ablate_adapters:
            return self.output_dir
        blocks = lists.format_layers(self.ablate_adapters)
        return os.path.join(self.output_dir, f"ablated_{blocks}")

    @property
    def kind(self) -> str:
        """What a run without training does, as part of a file's name."""
        if self.do_train:
            return ""
        words = {"_eval": self.do_eval, "_predict": self.do_predict}
        return "".join(word for word, runs in words.items() if runs)

    @property
    def stages(self) -> str:
        """The stages in words, in their order."""
        words = {
            "training": self.do_train,
            "evaluating": self.do_eval,
            "predicting": self.do_predict,
        }
        return " and ".join(word for word, runs in words.items() if runs)

    def needed_splits(self, train: TrainConfig) -> tuple[str, ...]:
        """Returns those of `train`, `dev` and `test` that the stages read."""
        needed = {
            "train": self.do_train,
            "dev": self.do_eval or (self.do_train and train.evaluate_every),
            "test": self.do_predict,
        }
        return tuple(name for name, reads in needed.items() if reads)


@dataclasses.dataclass(frozen=True)
class Settings:
    """Everything the command line decided.

    Attributes:
        data: Task and data.
        checkpoint: Pretrained encoder.
        adapter_recipe: Name of the recipe that `adapter` started from. None:
            there are no adapters.
        adapter: Shape of the adapters and what trains beside them. None:
            there are none.
        tune: What trains.
        train: How the run trains.
        run: Stages and output.
        defaulted_stages: Whether no stage was named, so that the run trains
            and evaluates.
        notes: One sentence for each kind of given flags without effect.
        shaping_flags: Names of the given flags that decide `adapter` and
            `tune`.
    """

    data: DataConfig
    checkpoint: CheckpointConfig
    adapter_recipe: str | None
    adapter: AdapterConfig | None
    tune: TuneConfig
    train: TrainConfig
    run: RunConfig
    defaulted_stages: bool = False
    notes: tuple[str, ...] = ()
    shaping_flags: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Returns all fields, nested, as a JSON-ready dict."""
        return dataclasses.asdict(self)
