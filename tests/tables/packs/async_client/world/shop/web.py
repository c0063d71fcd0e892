"""Pages, waited for."""


class Client:
    def get(self, url):
        return url

    async def aget(self, url):
        return url


def connect() -> "Client":
    return Client()


def load(url):
    return url
