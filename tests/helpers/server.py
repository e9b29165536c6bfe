"""A server on this machine that stands for the one Keras's files come from, well or ill."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SIGN_IN = b"<html><title>Sign in</title>Welcome to the network of this hotel.</html>"


class Handler(BaseHTTPRequestHandler):
    """Answers a request by its server's `answer`, and notes the name that was asked for."""

    def do_GET(self) -> None:
        """Answer."""
        name = self.path.rpartition("/")[2]
        self.server.asked_for.append(name)
        self.server.answer(self, name)

    def log_message(self, *_) -> None:
        """Stay quiet."""


def send(handler: Handler, content: bytes, status: int = 200, length: int | None = None) -> None:
    """Send `content`, announced as `length` bytes if that is another number."""
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(content) if length is None else length))
    handler.end_headers()
    handler.wfile.write(content)


def files_in(folder: Path) -> Callable:
    """Answer with the files of a folder, as they are now."""
    contents = {file.name: file.read_bytes() for file in folder.iterdir()}
    return lambda handler, name: send(handler, contents[name])


def answering(**how: int) -> Callable:
    """Answer with another page, sent in one way or another."""
    return lambda handler, _: send(handler, SIGN_IN, **how)


# As the network of a hotel does: kindly; as a strict proxy does; more is announced than is sent.
sign_in_page, refusal, cut_off = answering(), answering(status=403), answering(length=1_000)


@contextmanager
def serving(answer: Callable) -> Iterator[ThreadingHTTPServer]:
    """Run a server while the block runs; it has `url` and `asked_for`, and `answer` may change."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.answer, server.asked_for, server.refusal = answer, [], refusal
    server.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
