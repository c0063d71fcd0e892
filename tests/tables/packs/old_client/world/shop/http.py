"""The old way to ask."""


def fetch(uri, retries=3, body=b"", *, timeout=None):
    return uri, retries, body, timeout
