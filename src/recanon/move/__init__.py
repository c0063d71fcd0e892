"""Service: move or rename a function, class, value, module or package over the whole tree."""
