"""Through which proxy an address is reached, and whose certificates are believed.

HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY are read as curl reads them, lower-case names first.
Every client of ours is told the outcome: each library has a reading of its own, and httpx knows no
network in NO_PROXY, slack_sdk no NO_PROXY at all. No proxy is told: it may hold a password.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from bot.errors import SettingsError
from corpus.pattern import pattern

NAMES = ("https_proxy", "http_proxy", "all_proxy", "no_proxy")
_KINDS = {"http": "http", "ws": "http", "https": "https", "wss": "https"}
_PORTS = {"http": "80", "ws": "80", "https": "443", "wss": "443"}
_PLAIN = ("http", "https")
_SOCKS = ("socks5", "socks5h")


def proxy_for(url: str, environ: Mapping[str, str], *, socks: bool = True) -> str | None:
    """The proxy of an address, with its user and password; None where the way is direct.

    SettingsError where it cannot be used, as a SOCKS proxy by a client that has no `socks`.
    """
    name, value = _set_for(_KINDS.get(urlsplit(url).scheme, ""), environ)
    if not value or _is_direct(url, _value("no_proxy", environ)[1]):
        return None
    try:
        return _read(value, socks)
    except ValueError as fault:
        raise SettingsError([f"{name} {fault}"]) from None


def problems(environ: Mapping[str, str]) -> list[str]:
    """Whatever is wrong with the proxies and certificates that are named, used or not.

    Used or not, because httpx refuses to start over a proxy that it would never ask.
    """
    found = []
    for kind in ("https", "http", "all"):
        name, value = _value(f"{kind}_proxy", environ)
        try:
            _ = value and _read(value, socks=True)
        except ValueError as fault:
            found.append(f"{name} {fault}")
    return [*found, *_added(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), environ)]


def ssl_context(environ: Mapping[str, str]) -> ssl.SSLContext:
    """Believes the system's certificates, and those of SSL_CERT_FILE, SSL_CERT_DIR and
    REQUESTS_CA_BUNDLE beside them, not in their place. SettingsError where one cannot be read.
    """
    context = ssl.create_default_context()
    # Python 3.13 and newer ask more of a CA than OpenSSL and curl do; many a company's falls short.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    _add_system(context)
    found = list(_added(context, environ))
    if found:
        raise SettingsError(found)
    return context


def _set_for(kind: str, environ: Mapping[str, str]) -> tuple[str, str]:
    """The variable that holds for a kind of address, and its value."""
    own = _value(f"{kind}_proxy", environ) if kind else ("", "")
    return own if own[1] else _value("all_proxy", environ)


def _value(name: str, environ: Mapping[str, str]) -> tuple[str, str]:
    """A variable by its lower-case name, else by its upper-case one; empty counts as unset."""
    for spelling in (name, name.upper()):
        # To a CGI script HTTP_PROXY is what the asker sent as the header "Proxy".
        forged = spelling == "HTTP_PROXY" and "REQUEST_METHOD" in environ
        value = "" if forged else environ.get(spelling, "").strip()
        if value:
            return spelling, value
    return name.upper(), ""


def _read(value: str, socks: bool) -> str:
    """A proxy's address with its scheme, which is http where none is given."""
    text = value if "://" in value else f"http://{value}"
    try:
        parts = urlsplit(text)
        sound = bool(parts.hostname) and parts.port != 0 and not _BLANK.search(text)
    except ValueError:
        sound = False
    if not sound or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(
            "must be such as http://proxy.example.org:3128, or http://USER:PASSWORD@… "
            "with / ? # @ : in them as %2F %3F %23 %40 %3A"
        )
    if parts.scheme not in (*_PLAIN, *_SOCKS):
        raise ValueError("must begin with http://, https://, socks5:// or socks5h://")
    if parts.scheme in _SOCKS and not socks:
        raise ValueError("names a SOCKS proxy, which this client cannot use: name an http:// one")
    return f"{parts.scheme}://{parts.netloc}"


def _is_direct(url: str, listed: str) -> bool:
    """Whether NO_PROXY has an address. An entry that cannot be read matches nothing."""
    parts = urlsplit(url)
    host = _name(parts.hostname or "")
    port = str(parts.port) if parts.port else _PORTS.get(parts.scheme, "")
    return any(_matches(entry, host, port) for entry in listed.replace(",", " ").split())


def _matches(entry: str, host: str, port: str) -> bool:
    if entry == "*":
        return True
    listed, its_port = _cut(entry)
    if its_port not in ("", port):
        return False
    network = _network(listed)
    if network is not None:
        return _is_in(host, network)
    name = _name(listed.removeprefix("*").removeprefix("."))
    return bool(name) and f".{host}".endswith(f".{name}")


def _cut(entry: str) -> tuple[str, str]:
    """An entry's host and port: HOST, HOST:PORT, [ADDRESS]:PORT, or an address with its colons."""
    if entry.startswith("["):
        host, _, rest = entry[1:].partition("]")
        return host, rest.removeprefix(":")
    host, _, port = entry.partition(":")
    return (entry, "") if ":" in port else (host, port)


def _network(text: str) -> IPv4Network | IPv6Network | None:
    """An address or a network; also 169.254/16, as desktops write it."""
    head, slash, length = text.partition("/")
    if slash and ":" not in head:
        head += ".0" * (3 - head.count("."))
    try:
        return ip_network(f"{head}{slash}{length}", strict=False)
    except ValueError:
        return None


def _is_in(host: str, network: IPv4Network | IPv6Network) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False  # names are not looked up: the answer could differ from the proxy's
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address in network or address.ipv4_mapped in network
    return address in network


def _name(host: str) -> str:
    """A host as it is compared: lower case, without the root's dot, in ASCII."""
    name = host.lower().rstrip(".")
    try:
        return name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        return name


def _add_system(context: ssl.SSLContext) -> None:
    """The system's certificates by their own paths, which SSL_CERT_FILE would stand in for."""
    places = ssl.get_default_verify_paths()
    if Path(places.openssl_cafile).is_file():
        context.load_verify_locations(cafile=places.openssl_cafile)
    folder = Path(places.openssl_capath)
    if folder.is_dir() and any(folder.iterdir()):
        context.load_verify_locations(capath=places.openssl_capath)
    elif not context.cert_store_stats()["x509_ca"]:
        import certifi  # what httpx brings along for a system that has none, as a bare image

        context.load_verify_locations(cafile=certifi.where())


def _added(context: ssl.SSLContext, environ: Mapping[str, str]) -> Iterator[str]:
    """Add the certificates that are named; a problem for each name that gives none."""
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"):
        value = environ.get(name, "").strip()
        places = value.split(os.pathsep) if name == "SSL_CERT_DIR" else [value]
        for place in filter(None, places):
            why = _add(context, place, folder=name == "SSL_CERT_DIR" or Path(place).is_dir())
            if why:
                yield f"{name} {why} (it is {place!r})"


def _add(context: ssl.SSLContext, place: str, folder: bool) -> str:
    try:
        if folder:
            next(Path(place).iterdir(), None)  # OpenSSL would not tell that there is no folder
            context.load_verify_locations(capath=place)
        else:
            context.load_verify_locations(cafile=place)
    except ssl.SSLError:  # an OSError too, without words for people
        return "holds no certificate: it must be a PEM file"
    except OSError as fault:
        return f"cannot be read: {fault.strerror}"
    return ""


_BLANK = pattern(r"[\s\x00-\x1f]")
