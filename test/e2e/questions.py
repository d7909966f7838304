"""What is asked of whoever stands between a client and a server, for probe.py
to put: {question: [verb, argument...]}."""

from scenery import NO_ROUTE, PROHIBITED, SILENT, UNREACHABLE, WORLD

LONGEST = 65507  # bytes of a UDP datagram over IPv4
SEEN = "address that the server sees"


def between(address, port, closed, udp=True):
    """Of a server with fates and of a port that nobody serves."""
    asked = {
        "closed port": ["connect", address, closed],
        "half-close by the client": ["half_close_by_client", address, port],
        "half-close by the server": ["half_close_by_server", address, port],
        "RST by the client": ["reset_by_client", address, port],
        "RST by the server": ["reset_by_server", address, port],
    }
    if udp:
        asked |= {
            f"UDP of {LONGEST:,} bytes": ["datagram", address, port, LONGEST],
            "UDP to a closed port": ["datagram", address, closed, 8],
        }
    return asked


def outward(port, closed, version=4):
    """Of the world, whose addresses are the scenery's."""
    asked = between(WORLD[version], port, closed)
    for name, book in (("an unreachable host", UNREACHABLE),
                       ("a prohibited host", PROHIBITED),
                       ("a silent host", SILENT)):
        asked |= {
            f"TCP to {name}": ["connect", book[version], port],
            f"UDP to {name}": ["datagram", book[version], port, 8],
            f"ping of {name}": ["ping", book[version]],
        }
    return asked | {
        "TCP to where no route leads": ["connect", NO_ROUTE[version], port],
        "ping of a present host": ["ping", WORLD[version]],
        SEEN: ["whoami", WORLD[version], port],
    }
