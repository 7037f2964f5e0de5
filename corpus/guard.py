"""Which addresses may be fetched: public ones only. Pure; the transport asks before it connects."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

# Public by the registry, or by a Python older than it, and yet nobody's in the world.
_INSIDE = tuple(
    map(
        ip_network,
        (
            "168.63.129.16/32",  # Azure's wire server
            "192.88.99.0/24",  # the relays of 6to4, given up
            "64:ff9b:1::/48",  # NAT64 of a network's own
            "3fff::/20",  # documentation
            "5f00::/16",  # the steps of segment routing
        ),
    )
)
_NUMBER = re.compile(r"(0[xX][0-9a-fA-F]*|\d+)(\.(0[xX][0-9a-fA-F]*|\d+))*\.?")
_DOTTED = re.compile(r"(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}")
# IPv6 addresses that stand for an IPv4 one, and how many bits lie behind it.
_CARRIERS: tuple[tuple[IPv6Network, int], ...] = (
    (IPv6Network("::/96"), 0),  # compatible, long out of use
    (IPv6Network("::ffff:0:0/96"), 0),  # mapped
    (IPv6Network("::ffff:0:0:0/96"), 0),  # translated
    (IPv6Network("64:ff9b::/96"), 0),  # NAT64
    (IPv6Network("2002::/16"), 80),  # 6to4
)
_TEREDO = ip_network("2001::/32")
_ISATAP = (0x00005EFE, 0x02005EFE)  # before an IPv4 address, in the lower half of an IPv6 one


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the world: not to this machine, a network at home, a cloud's
    inside, or a group of receivers.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        if found in _TEREDO or found.is_site_local:
            return False
        for network, behind in _CARRIERS:
            if found in network:
                return is_public(_carried(found, behind))
        if int(found) >> 32 & 0xFFFFFFFF in _ISATAP and not is_public(_carried(found, 0)):
            return False
    inside = any(found in network for network in _INSIDE)
    return found.is_global and not found.is_multicast and not inside


def _carried(address: IPv6Address, behind: int) -> str:
    """The IPv4 address with so many bits behind it."""
    return str(IPv4Address(int(address) >> behind & 0xFFFFFFFF))


def is_disguised(host: str) -> bool:
    """Whether a host is a number that some resolvers read as an address: 0, 2130706433, 0x7f.1."""
    return bool(_NUMBER.fullmatch(host)) and not _DOTTED.fullmatch(host)
