"""The client."""


def request(url, body=b"", *, timeout, strict=False):
    return url, body, timeout, strict
