"""XML of strangers: no entities, no network, no bombs."""

from __future__ import annotations

import zlib

from lxml import etree

from imports.reading.files import MAX_BYTES, bad

MAX_UNPACKED = 60 * 1024 * 1024


def unpacked(content: bytes) -> bytes:
    """The file without its gzip, as far as it is not too large. Raises BadFile."""
    if content[:2] != b"\x1f\x8b":
        return content
    opened = zlib.decompressobj(wbits=31)
    try:
        plain = opened.decompress(content, MAX_UNPACKED + 1)
    except zlib.error as fault:
        raise bad("broken") from fault
    if len(plain) > MAX_UNPACKED:
        raise bad("bomb")
    if not opened.eof:
        raise bad("broken")
    return plain


def is_xml(content: bytes) -> bool:
    """Whether the content begins as XML does, in any of the usual encodings."""
    start = content[:200].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    return start[:1] == b"<" and not start.lower().startswith((b"<html", b"<!doctype html", b"<table"))


def parse(content: bytes) -> etree._Element:
    """The root of the document. Raises BadFile for what is broken, too large, or brings entities of its own."""
    if len(content) > max(MAX_BYTES, MAX_UNPACKED):
        raise bad("too_large")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, remove_comments=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as fault:
        raise bad("broken") from fault
    if root.getroottree().docinfo.doctype:
        raise bad("broken")  # no program that we read writes one; entities come with it
    return root
