"""Addresses where no model is: a cloud tells its machines their secrets there."""

import socket
from ipaddress import IPv4Address, ip_address, ip_network

# Link-local, by which the clouds answer (169.254.169.254 and its like), and those of
# them that answer elsewhere: Alibaba, Azure, Oracle, Amazon by IPv6.
FORBIDDEN = [
    ip_network(block)
    for block in (
        "169.254.0.0/16",
        "fe80::/10",
        "100.100.100.200/32",
        "168.63.129.16/32",
        "192.0.0.192/32",
        "fd00:ec2::/32",
    )
]
# IPv6 that ends in an address of IPv4, and may lead there: NAT64, compatible ones.
ENDS_IN_IPV4 = [
    ip_network(block) for block in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96")
]


class ForbiddenAddress(OSError):
    """Nothing of the site's connects there."""


def is_forbidden(host):
    """Whether `host`, an IP address in any spelling, is one of those.

    False for a name: what that leads to is known once it is connected to.
    """
    address = _address(host)
    return address is not None and any(address in block for block in FORBIDDEN)


def open_socket(address_info):
    """Return a socket for one of the results of `getaddrinfo`.

    Raises ForbiddenAddress, whatever name led to it.
    """
    family, kind, protocol, _name, place = address_info
    if is_forbidden(place[0]):
        raise ForbiddenAddress(f"{place[0]} is no provider")
    return socket.socket(family, kind, protocol)


def _address(host):
    host = host.strip("[]").partition("%")[0]
    try:
        address = ip_address(host)
    except ValueError:
        try:  # as 2852039166 or 0xa9fea9fe, which lead there as well
            return IPv4Address(socket.inet_aton(host))
        except (OSError, ValueError):
            return None
    if address.version == 4:
        return address
    if any(address in block for block in ENDS_IN_IPV4):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
