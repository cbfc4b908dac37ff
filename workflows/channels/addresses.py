"""Which addresses a message may be sent to: public ones, and those the operator has named."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

from workflows.channels.base import Undeliverable

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
PORTS = frozenset({443, 8443})
LONGEST = 2000
# Reachable by their number, but they stand for another address or for many: the old and the new
# ways to write an IPv4 address as IPv6 (mapped, NAT64, 6to4, Teredo) would get round the test.
NEVER = tuple(
    ip_network(text)
    for text in (
        "192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    )
)  # fmt: skip
UNICAST = ip_network("2000::/3")
HOST_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")


class Refused(Undeliverable):
    """An address that nothing is sent to; the text is for the person who typed it."""


def is_public(address: Address) -> bool:
    """Whether an address is one host of the open internet, and written plainly."""
    if address.is_multicast or not address.is_global:
        return False
    if isinstance(address, IPv6Address) and address not in UNICAST:
        return False
    return not any(address in network for network in NEVER if network.version == address.version)


@dataclass(frozen=True)
class Allowed:
    """What the operator has opened besides the open internet: host names and networks. There
    http and every port are right too."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def read(cls, entries: Iterable[str]) -> "Allowed":
        """From names, addresses and networks as text. Raises ValueError for anything else."""
        hosts, networks = set(), []
        for entry in entries:
            try:
                networks.append(ip_network(entry))
            except ValueError:
                if not HOST_NAME.fullmatch(entry.lower().rstrip(".")) or entry[-1:].isdigit():
                    raise ValueError(f"neither a host name nor a network: {entry!r}")
                hosts.add(entry.lower().rstrip("."))
        return cls(frozenset(hosts), tuple(networks))

    def names(self, host: str, addresses: Iterable[Address]) -> bool:
        """Whether the host, or every one of its addresses, was named."""
        return host in self.hosts or all(map(self.holds, addresses))

    def holds(self, address: Address) -> bool:
        return any(
            address in network for network in self.networks if network.version == address.version
        )


@dataclass(frozen=True)
class Place:
    """An address taken apart: where to connect, and what to ask for there."""

    secure: bool
    host: str
    port: int
    path: str


def read(url: str) -> Place:
    """Take an address apart. Raises Refused for whatever is not a plain http or https address."""
    if len(url) > LONGEST or not url.isprintable() or set(url) & set(' \\"<>^`{|}'):
        raise Refused(_("This is not a web address."))
    try:
        parts = urlsplit(url)
        host, port = ascii_host(parts), parts.port
    except ValueError:
        raise Refused(_("This is not a web address."))
    if parts.scheme not in {"http", "https"} or not host:
        raise Refused(_("The address must begin with https://."))
    if parts.username is not None or parts.password is not None:
        raise Refused(_("The address must not hold a name or a password."))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii():
        raise Refused(_("This is not a web address."))
    secure = parts.scheme == "https"
    return Place(secure, host, port if port is not None else 443 if secure else 80, path)


def ascii_host(parts: SplitResult) -> str:
    """The host as it is asked for: lower case, names in other scripts as xn--…"""
    host = parts.hostname or ""
    if ":" in host:
        return str(IPv6Address(host))
    host = host.encode("idna").decode("ascii").lower().rstrip(".")
    if host and not HOST_NAME.fullmatch(host):
        raise ValueError("no host name")
    return host


def judge(place: Place, found: Iterable[str], allowed: Allowed) -> list[Address]:
    """The addresses of a place, when all of them may be connected to. Raises Refused."""
    addresses = [ip_address(text) for text in found]
    if not addresses:
        raise Refused(_("This host is not known."))
    if allowed.names(place.host, addresses):
        return addresses
    if not all(is_public(address) or allowed.holds(address) for address in addresses):
        raise Refused(_("This address lies inside the network; an operator has to allow it."))
    if not place.secure:
        raise Refused(_("The address must begin with https://."))
    if place.port not in PORTS:
        raise Refused(_("Only the ports 443 and 8443 are allowed."))
    return addresses
