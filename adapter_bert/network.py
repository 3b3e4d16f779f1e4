"""Whether a web host answers, decided within seconds."""

import ssl
import threading
import urllib.error
import urllib.request

import certifi


def is_reachable(url: str, timeout: float = 3.0) -> bool:
    """Returns whether the host of `url` answers one HTTP request in time.

    The answer may be any, an error page too. The environment's proxies are
    used, `no_proxy` included.

    Args:
        url: Address to ask, `http://` or `https://`.
        timeout: Limit for the whole attempt, in seconds. It holds for the
            name's look-up too, which no socket timeout covers.
    """
    answers = []
    # A daemon: a look-up that hangs must not hold up the program's end.
    probe = threading.Thread(
        target=lambda: answers.append(_answers(url, timeout)), daemon=True
    )
    probe.start()
    probe.join(timeout)
    return answers == [True]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Takes a redirection for an answer: one connection is enough."""

    def redirect_request(self, *args, **kwargs):
        return None


def _answers(url: str, timeout: float) -> bool:
    proxies = urllib.request.getproxies()
    if "all" in proxies:  # urllib itself does not read ALL_PROXY
        proxies.setdefault("http", proxies["all"])
        proxies.setdefault("https", proxies["all"])
    # The certificates that the downloaders trust, so that a host which fails
    # here would fail them too, after minutes of retries.
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler(proxies),
        urllib.request.HTTPSHandler(context=context),
        _NoRedirect,
    )
    try:
        opener.open(
            urllib.request.Request(url, method="HEAD"), timeout=timeout
        ).close()
    except urllib.error.HTTPError as error:
        error.close()
        # These come from a proxy that has not reached the host.
        return error.code not in (407, 502, 503, 504)
    except (OSError, ValueError):
        return False
    return True
