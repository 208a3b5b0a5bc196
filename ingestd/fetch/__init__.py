"""The network: the only wing that opens connections to servers that are not ours.

client      one conditional GET with every limit kept → `Document` or `NotModified`
transport   the connections that carry requests, straight or through a proxy
guard       which addresses may be dialled, checked on the address that is dialled
proxy       what the configuration says of a proxy; socks speaks SOCKS 5 to it
credentials where names, passwords and cookies may be sent
encodings   gzip, deflate, brotli and zstd undone in bounded steps
politeness  pure decisions about one host: when the next request may start
outage      whether it is our own connection that is broken
robots      robots.txt understood (RFC 9309)
"""
