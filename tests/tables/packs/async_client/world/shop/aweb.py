"""Pages, awaited."""


async def load(url):
    return url
