"""Every task with published data, by name.

`tabular`, the user's own data, is none of them: its labels and columns are
known from its files only.
"""

from adapter_bert.names import did_you_mean
from glue_tasks import glue, jglue
from glue_tasks.task import Task
from glue_tasks.xnli import XNLI

TASKS = {
    task.name: task
    for task in (
        glue.COLA,
        glue.SST2,
        glue.MRPC,
        glue.STSB,
        glue.QQP,
        glue.MNLI,
        glue.QNLI,
        glue.RTE,
        glue.WNLI,
        glue.AX,
        XNLI,
        jglue.JSTS,
        jglue.JNLI,
        jglue.JCOLA,
        jglue.JCOMMONSENSEQA,
        jglue.MARC_JA,
    )
}


def get_task(name: str) -> Task:
    """Returns the task called `name`.

    Letter case, hyphens and underscores do not matter: `STS-B` is `stsb`.

    Raises:
        ValueError: If there is none, with the nearest name.
    """
    key = task_key(name)
    if key not in TASKS:
        raise ValueError(f"Unknown task {name!r}; {did_you_mean(key, TASKS)}")
    return TASKS[key]


def task_key(name: str) -> str:
    """Returns `name` without what makes no difference in a task's name."""
    return name.lower().replace("-", "").replace("_", "")
