"""Trains, evaluates and predicts a task on texts with adapters.

python run_classifier.py --task_name=MRPC
python run_classifier.py --help
"""

import logging as python_logging
import pathlib
import shlex
import signal
import sys

from absl import app, logging

from flags import parse
from flags.settings import Settings
from glue_tasks.bad_rows import SkippedRows, refuse
from glue_tasks.fungi.config import NAME as FUNGI
from glue_tasks.stages import checks, folders
from glue_tasks.stages.inputs import read_inputs
from glue_tasks.stages.settings import complete_data, effective_settings


def run(settings: Settings, command: str) -> None:
    """Runs the stages of `settings`; `command` goes into the report."""
    _announce(settings)
    needed = settings.run.needed_splits(settings.train)
    trained = _check_folders(settings)
    used = settings.to_dict()
    if trained is not None:
        used = effective_settings(used, trained, needed)
    used["data"] = complete_data(used["data"], settings.run.do_train)
    skipped = SkippedRows()
    inputs = read_inputs(
        settings.data.task_name,
        used["data"],
        needed,
        trained or None,
        skipped.add if settings.data.skip_bad_rows else refuse,
    )
    _check_inputs(settings, inputs)

    # From here on it takes Keras, which takes seconds to import.
    from adapter_bert.startup import list_devices

    devices = list_devices()
    logging.info("Devices: %s.", ", ".join(devices))
    from adapter_bert.checkpoints import random_encoder
    from adapter_bert.trainable import parameter_report
    from glue_tasks.stages import loading, reporting

    checkpoint, warning = loading.find_checkpoint(
        used["checkpoint"],
        recorded=settings.checkpoint.init_checkpoint is None,
        task=inputs.task,
        adapter_dir=pathlib.Path(settings.run.adapter_dir),
    )
    warnings = _warn(settings, inputs, warning)
    directory = pathlib.Path(settings.run.results_dir)
    if checkpoint is None:
        folders.make_directory(directory)
        checkpoint = loading.make_random(
            used["checkpoint"], directory, inputs.splits["train"]
        )
    model, step = _load(settings, checkpoint, inputs.task)
    loading.record_effective(used, checkpoint, model)
    folders.make_directory(directory)
    random_encoder.mark(directory, checkpoint)
    info = reporting.RunInfo(
        directory=directory,
        task=inputs.task,
        data=inputs.description,
        checkpoint=checkpoint.description,
        warnings=[*warnings, *skipped.write(directory, settings.run.kind)],
        settings=used,
        command=command,
        devices=devices,
        parameters=parameter_report(model),
    )
    scores = _run_stages(settings, model, step, inputs, info)
    # Predictions alone do not replace the page on how the adapter came about.
    if scores or settings.run.do_train or not info.has_report:
        reporting.write_report(info, scores)


def _warn(settings, inputs, warning):
    """Logs and returns what readers of the scores must know."""
    warnings = [inputs.warning, warning]
    if settings.run.do_eval:
        warnings.append(checks.describe_choice(settings.run.label_thresholds))
    warnings = [text for text in warnings if text]
    for text in warnings:
        logging.warning("%s", text)
    return warnings


def _load(settings, checkpoint, task):
    """Returns the model and the number of updates behind it."""
    from glue_tasks.stages import loading

    options = (settings.adapter, settings.tune, settings.data.max_seq_length)
    if settings.run.do_train:
        seed = settings.train.seed
        return loading.load_untrained(checkpoint, task, *options, seed), 0
    directory = pathlib.Path(settings.run.adapter_dir)
    model, step = loading.load_trained(
        checkpoint, task, directory, *options, settings.shaping_flags
    )
    if settings.run.ablate_adapters:
        from adapter_bert.ablation import ablate_adapters

        ablate_adapters(model, settings.run.ablate_adapters)
    return model, step


def _run_stages(settings, model, step, inputs, info):
    """Runs what was asked for and returns the scores."""
    from glue_tasks.stages import evaluation, prediction, splits, training

    stages, task = settings.run, inputs.task
    dev_sets = [
        splits.encode_labeled(model, task, name, examples)
        for name, examples in inputs.named("dev").items()
    ]
    options = (dev_sets, stages.eval_batch_size)
    if stages.do_train:
        examples = inputs.splits["train"]
        rows = splits.encode_labeled(model, task, "train", examples)
        step = training.train(model, rows, *options, settings.train, info)
    if stages.label_thresholds is not None:
        from glue_tasks.stages import thresholds

        thresholds.set_thresholds(model, stages.label_thresholds, *options)
        if stages.do_train or stages.do_eval:
            thresholds.keep_thresholds(model, info.directory)
    scores = {}
    if stages.do_eval:
        scores = evaluation.evaluate(model, *options, step, info)
    batch_size = stages.predict_batch_size
    for name, examples in inputs.named("test").items():
        left_out = inputs.left_out[name]
        prediction.predict_split(
            model, name, examples, left_out, batch_size, info
        )
    if inputs.predict_file is not None:
        prediction.predict_file(model, inputs.predict_file, batch_size, info)
    return scores


def main(argv: list[str]) -> None:
    """Runs, turning a user's mistake into one message and exit status 1."""
    _set_up_logging()
    try:
        run(parse.parse(argv), shlex.join(["python", *sys.argv]))
    except (ValueError, OSError, ImportError, ArithmeticError) as error:
        if logging.get_verbosity() >= logging.DEBUG:
            raise
        sys.exit(f"ERROR: {error}\n(--verbosity=1 shows where it came from.)")
    except KeyboardInterrupt:
        logging.error("Interrupted. What was saved before is whole.")
        sys.exit(128 + signal.SIGINT)


def _announce(settings):
    if settings.defaulted_stages:
        logging.info("No --do_* flag given: %s.", settings.run.stages)
    if settings.run.do_train and settings.data.task_name == FUNGI:
        logging.info(
            "Settings are those of flags/recipes/fungi.flags where no flag "
            "says otherwise."
        )
    for note in settings.notes:
        logging.warning("%s", note)


def _check_folders(settings):
    """Returns what the adapter to use says of itself, None in training."""
    run = settings.run
    folders.check_output_dir(run.output_dir)
    if not run.do_train:
        checkpoint = settings.checkpoint.init_checkpoint
        return folders.read_trained(
            run.adapter_dir,
            run.output_dir,
            checkpoint,
            settings.data.task_name,
        )
    if not run.overwrite_output_dir:
        folders.refuse_trained(run.output_dir)
    return None


def _check_inputs(settings, inputs):
    if settings.run.do_train:
        settings.train.num_train_steps(len(inputs.splits["train"]))
        weights = settings.train.class_weights
        checks.check_class_weights(inputs.task, weights)
    checks.check_thresholds(inputs, settings.run.label_thresholds)


def _set_up_logging():
    logging.use_absl_handler()
    logging.get_absl_logger().addFilter(_is_ours)
    logging.get_absl_handler().setFormatter(
        python_logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%X")
    )


def _is_ours(record):
    # tensorflow-datasets logs each of its steps through the same logger.
    theirs = "tensorflow_datasets" in pathlib.Path(record.pathname).parts
    return not theirs or record.levelno >= python_logging.WARNING


def console_main() -> None:
    """Runs the command line; the entry point of the installed package."""
    app.run(main, flags_parser=parse.parse_flags)


if __name__ == "__main__":
    console_main()
