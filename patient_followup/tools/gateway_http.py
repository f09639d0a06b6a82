# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One careful POST to the gateway of a hospital (M-2).

https only, no redirect, no proxy, an answer of limited size within a limited
time, and only to addresses the hospital allowed: the name is resolved once and
the connection goes to the very address that was checked, so that a second answer
of the name server changes nothing. Whoever calls learns whether anything can have
been sent: `NotSent` says surely not, `Unsure` says nobody knows.
"""

import functools
import http.client
import ipaddress
import re
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from typing import NamedTuple
from urllib.parse import urlsplit

TIMEOUT = 10.0  # seconds, for each of connecting, sending and answering
MAX_ANSWER = 64 * 1024
MAX_URL = 1024
# inside the hospital, only where its settings say so
INSIDE = tuple(
    ipaddress.ip_network(network)
    for network in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "127.0.0.0/8",
        "::1/128",
        "fc00::/7",
    )
)
# services of clouds that hand out secrets: never
NEVER = (
    ipaddress.ip_address("169.254.169.254"),
    ipaddress.ip_address("100.100.100.200"),
    ipaddress.ip_address("168.63.129.16"),
    ipaddress.ip_address("fd00:ec2::254"),
)
# IPv6 that only wraps an IPv4 address: the network may unwrap it
WRAPPING = (
    ipaddress.ip_network("::/96"),
    ipaddress.ip_network("64:ff9b::/96"),
    ipaddress.ip_network("64:ff9b:1::/48"),
)
_HOST = re.compile(r"[A-Za-z0-9.:_-]{1,253}")


class BadTarget(Exception):
    """The address is none we talk to; `code`: url, scheme, address."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class NotSent(Exception):
    """The gateway was not reached: nothing was sent."""


class Unsure(Exception):
    """The gateway may have got it, but gave no answer we understand."""


class Target(NamedTuple):
    """A checked URL."""

    scheme: str
    host: str
    port: int
    path: str


class Answer(NamedTuple):
    """What the gateway said."""

    status: int
    body: bytes


def check_url(url, allow_inside=False):
    """Return the `Target` of a URL.

    :raises BadTarget: no https, no host, user in the URL, an inner address
    """
    if not isinstance(url, str) or len(url) > MAX_URL or not url.isprintable():
        raise BadTarget("url")
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise BadTarget("url") from error
    host = parts.hostname or ""
    if not _HOST.fullmatch(host) or parts.username or parts.password or parts.fragment:
        raise BadTarget("url")
    if " " in url.strip() or not url.isascii():
        raise BadTarget("url")
    is_local = allow_inside and _is_loopback(host)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_local):
        raise BadTarget("scheme")
    with suppress(ValueError):
        _check_address(ipaddress.ip_address(host), allow_inside)
    path = parts.path or "/"
    path += f"?{parts.query}" if parts.query else ""
    return Target(
        parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path
    )


def _is_loopback(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check_address(address, allow_inside):
    address = _unwrap(address)
    if address in NEVER or address.is_link_local or address.is_multicast:
        raise BadTarget("address")
    if any(address in network for network in INSIDE):
        if not allow_inside:
            raise BadTarget("address")
    elif not address.is_global:
        raise BadTarget("address")


def _unwrap(address):
    """Return the IPv4 address inside an IPv6 one, else the address itself."""
    if address.version == 4 or address.is_loopback or address.is_unspecified:
        return address
    if any(address in network for network in WRAPPING):
        return ipaddress.ip_address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo or address


def resolve(target, allow_inside=False):
    """Return the address to connect to; every one the name has must be allowed.

    :raises BadTarget, NotSent: an address that is not allowed; no such name
    """
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotSent("name") from error
    addresses = [row[4][0].partition("%")[0] for row in found]
    for address in addresses:
        _check_address(ipaddress.ip_address(address), allow_inside)
    if not addresses:
        raise NotSent("name")
    return addresses[0]


def post(url, body, headers, allow_inside=False, timeout=None, context=None):
    """Send a body and return the `Answer`.

    :param bytes body: what is sent; `headers`: {name: value}, both checked texts
    :param float timeout: seconds for each step, `TIMEOUT` if none; three times that
        ends everything
    :param context: an `ssl.SSLContext` of tests; else certificates are verified
    :raises BadTarget, NotSent, Unsure: see there
    """
    timeout = timeout or TIMEOUT
    target = check_url(url, allow_inside)
    connection = _connect(target, resolve(target, allow_inside), timeout, context)
    try:
        with _deadline(connection, timeout * 3):
            return _exchange(connection, target, body, headers)
    finally:
        connection.close()


def _connect(target, address, timeout, context):
    connection = http.client.HTTPConnection(target.host, target.port, timeout=timeout)
    sock = None
    try:
        sock = socket.create_connection((address, target.port), timeout=timeout)
        if target.scheme == "https":
            context = context or _get_context()
            sock = context.wrap_socket(sock, server_hostname=target.host)
    except OSError as error:  # refused, timed out, wrong certificate
        if sock:
            sock.close()
        raise NotSent("connect") from error
    connection.sock = sock
    return connection


@functools.cache
def _get_context():
    """Return what verifies certificates; reading the trusted ones takes long."""
    return ssl.create_default_context()


@contextmanager
def _deadline(connection, seconds):
    """End a conversation that drips on and on, byte by byte.

    The socket is held here: a connection forgets its own as soon as an answer says
    that it is the last one, while its body is still read.
    """
    sock = connection.sock

    def end():
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _exchange(connection, target, body, headers):
    try:
        connection.request("POST", target.path, body=body, headers=headers)
        response = connection.getresponse()
        content = response.read(MAX_ANSWER + 1)
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
        raise Unsure("answer") from error
    if len(content) > MAX_ANSWER:
        raise Unsure("size")
    return Answer(response.status, content)
