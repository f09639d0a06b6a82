# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tokens of links sent to patients, and what is kept of them: never the token."""

import hashlib
import hmac
import ipaddress
import re
import secrets

TOKEN_BYTES = 20  # 160 bits; at least 128 are asked for
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}", re.ASCII)


def make():
    """Return a new unguessable token that fits a URL."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token):
    """Return the digest of a token, False for what cannot be one.

    The token has 160 random bits, so a plain hash of it cannot be turned back.
    """
    if not isinstance(token, str) or not TOKEN.fullmatch(token):
        return False
    return hashlib.sha256(token.encode()).hexdigest()


def same(first, second):
    """Compare two digests in constant time."""
    first, second = (str(one or "").encode(errors="replace") for one in (first, second))
    return hmac.compare_digest(first, second)


def network(address):
    """Return what a visitor is counted by: his address, of IPv6 the first half."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if ip.version == 4:
        return str(ip)
    if ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((int(ip) >> 64 << 64, 64)))
