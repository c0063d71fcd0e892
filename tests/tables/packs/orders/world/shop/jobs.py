"""Jobs."""


def job(name=None, attempts=0):
    return lambda function: function


def watched(function):
    return function
