"""Markdown tables and JSON that a reviewer can read in a diff."""

import json


def markdown(header, rows, words=1):
    """A table with its first columns, those of words, to the left and numbers to the right."""
    rule = [":--"] * words + ["--:"] * (len(header) - words)
    return "\n".join("| " + " | ".join(row) + " |" for row in [header, rule, *rows]) + "\n"


def raw_data(facts, cells):
    """`facts` as JSON with one more entry, "cells", a line a cell."""
    text = json.dumps(facts, indent=2)
    lines = ",\n".join("    " + json.dumps(cell) for cell in cells)
    return f'{text[:-2]},\n  "cells": [\n{lines}\n  ]\n}}\n'
