"""The playground: a page in which the engine itself runs, on Pyodide, with nothing to install.

`build.py` fetches the packages of `package-lock.json` and puts the folder together; `page/` is what
runs in the browser, `programs/` are the examples, `serving.py` serves a folder on this machine.
"""
