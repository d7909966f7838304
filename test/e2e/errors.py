"""What probe.py calls the errors of a socket, and those that ICMP reports."""

import errno
import socket
import struct

ERRNO = {errno.ECONNREFUSED: "refused", errno.EHOSTUNREACH: "unreachable",
         errno.ENETUNREACH: "no network", errno.EACCES: "prohibited",
         errno.EMSGSIZE: "too long", errno.ECONNRESET: "RST",
         errno.ENOPROTOOPT: "no protocol"}
# Of ICMP and of ICMPv6: what the destination's absence is called there.
ICMP = {(4, 3, 0): "no network", (4, 3, 1): "unreachable",
        (4, 3, 3): "refused", (4, 3, 13): "prohibited",
        (6, 1, 0): "no network", (6, 1, 1): "prohibited",
        (6, 1, 3): "unreachable", (6, 1, 4): "refused"}
RECVERR = {socket.AF_INET: (socket.IPPROTO_IP, 11),
           socket.AF_INET6: (socket.IPPROTO_IPV6, 25)}
FROM_HERE = 1  # SO_EE_ORIGIN_LOCAL


def called(why):
    if isinstance(why, TimeoutError):
        return "silence"
    return ERRNO.get(why.errno, errno.errorcode.get(why.errno, "?"))


def reported(one):
    """The error that the network sent, or this kernel of its own accord."""
    _, attached, _, _ = one.recvmsg(0, 512, socket.MSG_ERRQUEUE)
    for level, kind, data in attached:
        if (level, kind) == RECVERR[one.family]:
            number, origin, what, code = struct.unpack_from("=IBBB", data)
            if origin == FROM_HERE:
                return ERRNO.get(number, errno.errorcode[number])
            key = (4 if one.family == socket.AF_INET else 6, what, code)
            return ICMP.get(key, f"ICMP {what}/{code}")
    return "?"
