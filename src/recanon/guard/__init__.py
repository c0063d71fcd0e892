"""The guard: what keeps a finished migration finished, made by the same matcher as the rewriter."""
