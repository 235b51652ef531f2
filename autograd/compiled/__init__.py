"""Graphs as programs: recorded once, run on any numbers."""

from autograd.compiled.program import Program, compile, load_program

__all__ = ["Program", "compile", "load_program"]
