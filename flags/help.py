"""The drivers' help: every flag once, under the title of its theme."""

import os
import sys
import textwrap
from collections.abc import Sequence

from absl import app, flags

from flags import (
    adapter,
    fungi,
    model,
    run,
    tabular,
    task,
    tpu,
    training,
    tuning,
)

GROUPS = {
    "Task and data": task,
    "Your own data": tabular,
    "Fungi (Japanese)": fungi,
    "Pretrained encoder": model,
    "What trains": tuning,
    "Adapters": adapter,
    "Training": training,
    "Stages and output": run,
    "Cloud TPU": tpu,
}

_USAGE = """\
usage: {program} --task_name=NAME [--flag=value ...]

examples:
  # Train and evaluate. Weights and data are found, or downloaded.
  {program} --task_name=MRPC

  # The same settings from a file; flags behind it take precedence.
  {program} --flagfile=flags/recipes/mrpc.flags --seed=2

  # Your own table; then the rows of another one, with the same adapter.
  {program} --task_name=tabular --train_file=reviews.csv \\
      --text_a_column=review --label_column=verdict --output_dir=output/reviews
  {program} --task_name=tabular --predict_file=new.csv \\
      --output_dir=output/reviews

  # GLUE's own files and a TF1 checkpoint.
  {program} --task_name=MRPC --do_train --do_eval --do_predict \\
      --data_dir=glue/MRPC --output_dir=output/first \\
      --init_checkpoint=uncased_L-12_H-768_A-12/bert_model.ckpt

  # A checkpoint of the Hugging Face Hub; adapters in its upper half only.
  {program} --task_name=MRPC --adapter_layers=6-11 \\
      --init_checkpoint=google-bert/bert-base-cased

  # Predict with the adapter that an earlier run left behind.
  {program} --task_name=MRPC --do_predict \\
      --output_dir=output/first
"""
_HINT = """\
Boolean flags are written --flag, --noflag, --flag=true or --flag=false.
--flagfile=PATH reads flags from a file. --helpfull adds the flags of absl.
"""
_TYPES = {"int": "INTEGER", "float": "NUMBER", "string": "TEXT"}


class _HelpFlag(flags.BooleanFlag):
    """Prints the help and ends the program.

    Its exit status is 0, where absl has 1: asking for help is no error.
    """

    def __init__(self, name: str, text: str, **kwargs):
        super().__init__(name, False, text, allow_override=True, **kwargs)

    def parse(self, argument) -> None:
        super().parse(argument)
        if self.value:
            sys.stdout.write(render(full=self.name == "helpfull"))
            sys.exit(0)


def render(full: bool = False) -> str:
    """Returns the help, wrapped to the terminal.

    Args:
        full: Whether to add the flags that absl and other modules define.
    """
    width = max(40, min(flags.get_help_width(), 100))
    by_module = flags.FLAGS.flags_by_module_dict()
    ours = {group.__name__: title for title, group in GROUPS.items()}
    parts = [_USAGE.format(program=_program())]
    parts += [_group(t, by_module[name], width) for name, t in ours.items()]
    if full:
        parts += [
            _group(f"Module {name}", by_module[name], width)
            for name in sorted(set(by_module) - set(ours))
        ]
    return "\n".join([*parts, _HINT])


def _program() -> str:
    name = os.path.basename(sys.argv[0])
    return f"python {name}" if name.endswith(".py") else name


def _group(title: str, members: Sequence[flags.Flag], width: int) -> str:
    lines = [f"{title}:", *(_describe(flag, width) for flag in members)]
    return "\n".join(lines) + "\n"


def _describe(flag: flags.Flag, width: int) -> str:
    if flag.boolean:
        head = f"  --[no]{flag.name}"
    else:
        head = f"  --{flag.name}={_TYPES.get(flag.flag_type(), 'VALUE')}"
    text = flag.help
    if flag.default not in (None, ""):
        default = str(flag.default).lower() if flag.boolean else flag.default
        text = f"{text.rstrip('.')}. Default: {default}."
    indent = " " * 6
    body = textwrap.fill(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )
    return f"{head}\n{body}"


def _replace_help_flags() -> None:
    # absl's own would list the main module's flags only: none, by design.
    app.define_help_flags()
    flags.DEFINE_flag(_HelpFlag("help", "show this help", short_name="?"))
    flags.DEFINE_flag(_HelpFlag("helpshort", "the same as --help"))
    flags.DEFINE_flag(_HelpFlag("helpfull", "show the flags of absl too"))


_replace_help_flags()
