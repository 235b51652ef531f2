"""The documentation as a site: `python -m docs.website` builds it into `out/site`.

`blocks.py` and `running.py` run the code of the pages, `operations.py` and `modules.py` write the
reference, `staging.py` puts together what Sphinx reads, `conf.py` is Sphinx's configuration.
"""
