"""Facts about the sandbox that a stranger's client shows, each told as one line of JSON."""

import asyncio
import inspect
import json
import os
import threading
import traceback
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

url = os.environ["SANDBOX_URL"]

_facts = []


def fact(name):
    """Notes a function that shows the fact of this name, or fails."""

    def note(function):
        _facts.append((name, function))
        return function

    return note


def tell():
    """Tries every fact in order and prints how each ended; answers to the process that reads along."""

    async def all_of_them():
        for name, function in _facts:
            failure = None
            try:
                ended = function()
                if inspect.isawaitable(ended):
                    await ended
            except BaseException:
                failure = traceback.format_exc(limit=-4)
            print(json.dumps({"fact": name, "failure": failure}), flush=True)

    asyncio.run(all_of_them())


def control(method, path, body=None):
    """A call of the sandbox's control API."""
    data = None if body is None else json.dumps(body).encode()
    headers = {} if data is None else {"content-type": "application/json"}
    request = urllib.request.Request(f"{url}/_sandbox/{path}", data, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def token_of(vendor, email):
    """Makes an account, unless it is there, and answers a token that allows everything."""
    control("POST", "accounts", {"vendor": vendor, "email": email, "calendars": ["Work"]})
    return control("POST", f"accounts/{email}/token?vendor={vendor}")["access_token"]


def requests_of(vendor, email):
    """What the vendor was asked for this account, as a method and a status each."""
    items = control("GET", f"requests?vendor={vendor}&account={email}")["items"]
    return [(one["method"], one["status"]) for one in items]


class Hook:
    """A listener for notifications that proves to Microsoft that it listens."""

    def __enter__(self):
        received = self.received = []
        arrived = self._arrived = threading.Condition()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers.get("content-length") or 0)
                body = self.rfile.read(length).decode()
                token = parse_qs(urlparse(self.path).query).get("validationToken")
                self.send_response(200)
                self.send_header("content-type", "text/plain")
                self.end_headers()
                if token:
                    self.wfile.write(token[0].encode())
                    return
                with arrived:
                    received.append((dict(self.headers.items()), body))
                    arrived.notify_all()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        return self

    def wait_for(self, count):
        """Waits until so many notifications have come."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.received) >= count, 10), self.received

    def __exit__(self, *_):
        self._server.shutdown()
