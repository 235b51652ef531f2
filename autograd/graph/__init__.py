"""What was recorded: nodes, their order, the reverse pass, copies, tracing and anomalies."""
