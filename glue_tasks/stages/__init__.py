"""What a run does with a task: load, train, evaluate, predict, report."""
