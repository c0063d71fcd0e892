"""The journal of runs, beside the tree: what was there before, what was meant, what was done.

What is read back from it is checked like any other input.
"""
