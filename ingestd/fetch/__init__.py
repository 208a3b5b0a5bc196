"""The network: the only wing that opens connections to servers that are not ours.

client      one conditional GET with every limit kept → `Document` or `NotModified`
guard       which addresses may be dialled, checked on the address that is dialled
encodings   gzip, deflate, brotli and zstd undone in bounded steps
politeness  pure decisions about one host: when the next request may start
robots      robots.txt understood (RFC 9309)
"""
