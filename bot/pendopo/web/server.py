"""The HTTP server under the web app: uvicorn, which closes the live streams before it waits for them."""

import socket
from functools import partial

import uvicorn
from starlette.applications import Starlette

from pendopo.web.http.peers import BoundedProtocol, PeerLimits
from pendopo.web.http.streams import Streams


class Server(uvicorn.Server):
    """A server, run by `await Server(app).serve()`. It closes the streams first, else stopping would wait for open pages."""

    def __init__(self, app: Starlette, host: str = "127.0.0.1", port: int = 8080) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host,
                port,
                log_config=None,
                access_log=False,
                server_header=False,
                lifespan="off",
                ws="none",
                timeout_graceful_shutdown=5,
                http=partial(BoundedProtocol, PeerLimits()),  # type: ignore[arg-type]  # it is only called
            )
        )
        self._streams: Streams = app.state.streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._streams.close()
        await super().shutdown(sockets)
