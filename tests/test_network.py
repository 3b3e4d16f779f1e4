import http.server
import socket
import threading
import time

import pytest

from adapter_bert import network

_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch):
    for name in _PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def serve():
    """Starts a server that answers every request with one status."""
    servers = []

    def serve(status):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_HEAD(self):
                requests.append(self.path)
                self.send_response(status)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()

            def log_message(self, *args):
                pass

        requests = []
        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(
            target=server.serve_forever, args=(0.01,), daemon=True
        ).start()
        return f"http://127.0.0.1:{server.server_port}", requests

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def silent():
    """Address of a socket that accepts and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize("status", [200, 301, 403, 404, 500])
def test_any_answer_of_the_host_counts(serve, status):
    url, requests = serve(status)
    assert network.is_reachable(url)
    assert len(requests) == 1


def test_a_closed_port_is_not_reachable():
    assert not network.is_reachable(closed_port())


def test_silence_is_given_up_in_time(silent):
    start = time.monotonic()
    assert not network.is_reachable(silent, timeout=0.3)
    assert time.monotonic() - start < 2


def test_a_look_up_that_hangs_is_given_up_in_time(monkeypatch):
    done = threading.Event()

    def hang(*args, **kwargs):
        done.wait(10)
        raise socket.gaierror("gone")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    start = time.monotonic()
    assert not network.is_reachable("http://host.invalid", timeout=0.3)
    assert time.monotonic() - start < 2
    done.set()


def test_nonsense_is_not_reachable():
    assert not network.is_reachable("no address")


@pytest.mark.parametrize("name", ["http_proxy", "ALL_PROXY"])
def test_the_environment_s_proxy_is_asked(serve, monkeypatch, name):
    proxy, requests = serve(200)
    monkeypatch.setenv(name, proxy)
    assert network.is_reachable("http://host.invalid/x")
    assert requests == ["http://host.invalid/x"]


def test_a_proxy_that_does_not_get_through_is_not_the_host(serve, monkeypatch):
    proxy, _ = serve(502)
    monkeypatch.setenv("http_proxy", proxy)
    assert not network.is_reachable("http://host.invalid")
    monkeypatch.setenv("https_proxy", proxy)
    assert not network.is_reachable("https://host.invalid")


def test_no_proxy_goes_around_it(serve, monkeypatch):
    url, requests = serve(200)
    monkeypatch.setenv("http_proxy", closed_port())
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert network.is_reachable(url)
    assert len(requests) == 1
