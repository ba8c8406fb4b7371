"""The reference pages of docs/, made from the code that they describe: `make reference`.

Nothing here depends on the width of a terminal, the language of a system or the version of Python:
types and defaults are shown as they stand in the source.
"""
