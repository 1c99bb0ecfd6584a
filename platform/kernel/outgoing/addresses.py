"""Which addresses of the net are everybody's, and which lead to ourselves, our neighbours or nowhere."""

from __future__ import annotations

import ipaddress

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# What Python's own table calls global in some of its versions, and what stands for an IPv4 address in IPv6.
_CLOSED = tuple(
    ipaddress.ip_network(one)
    for one in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "224.0.0.0/3",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2002::/16",
        "5f00::/16",
        "fc00::/7",
        "fe80::/9",
        "ff00::/8",
    )
)


def is_public(address: str) -> bool:
    """Whether the address is one of the open net; by whatever form it hides another, the hidden one counts too."""
    try:
        found: _Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif int(found) >> 32 == 0:  # ::a.b.c.d, of old
            return False
    return found.is_global and not any(found.version == one.version and found in one for one in _CLOSED)
