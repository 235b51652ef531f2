"""Published backpropagation examples, rebuilt; run one with `python -m examples.mazur`."""
