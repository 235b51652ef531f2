"""`m`, the language in which the rules of the derivative table are written.

`elementary.py` is the table of its functions. The interpreters read it: `floats.py` runs a rule on
numbers, `symbols.py` records it, and further ones are where their numbers are (see
docs/architecture.md). `writing.py` writes what was recorded as Python, and `emitting.py` compiles
what was written.
"""
