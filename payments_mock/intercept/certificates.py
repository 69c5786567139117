"""The certificate authority of one run, what it signs, and the files that make programs trust it.

It can sign for the names of that run alone, and its key is never written down.
"""

import base64
import hashlib
import ipaddress
import os
import re
import socket
import ssl
import struct
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import certifi
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from payments_mock.intercept import HOSTS
from payments_mock.intercept.tunnel import server_context

AUTHORITY: Final = "payments-mock, for one run"
DAYS_OF_A_START: Final = 397
_HOST_NAME: Final = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_ANY_ADDRESS: Final = (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))
_VARIABLES: Final = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Variables that may name the authorities that the machine has trusted so far."""
_PEM: Final = re.compile(rb"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True)
class Certificates:
    """An authority and one certificate by it, in PEM; `spki` is what a browser knows its key by."""

    authority: bytes
    certificate: bytes
    key: bytes
    spki: str


def make_certificates(names: Sequence[str], *, addresses: Sequence[str] = (), days: int) -> Certificates:
    """Make an authority that may sign only for these names and addresses, and sign for all of them."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    hosts = [ipaddress.ip_address(address) for address in addresses]
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, AUTHORITY)])
    usage = dict.fromkeys(_USAGES, False)
    networks = [x509.IPAddress(ipaddress.ip_network(host)) for host in hosts]
    limits = x509.NameConstraints(
        permitted_subtrees=[*map(x509.DNSName, names), *networks],
        excluded_subtrees=None if hosts else [x509.IPAddress(network) for network in _ANY_ADDRESS],
    )
    authority = (
        _builder(issuer, issuer, authority_key, authority_key, days)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(**usage | {"key_cert_sign": True, "crl_sign": True}), critical=True)
        .add_extension(limits, critical=True)
        .sign(authority_key, SHA256())
    )
    alternatives = [*map(x509.DNSName, names), *map(x509.IPAddress, hosts)]
    certificate = (
        _builder(
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])]), issuer, key, authority_key, days
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage | {"digital_signature": True}), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .sign(authority_key, SHA256())
    )
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Certificates(
        authority.public_bytes(Encoding.PEM),
        certificate.public_bytes(Encoding.PEM),
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        base64.b64encode(hashlib.sha256(public).digest()).decode(),
    )


_USAGES: Final = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    days: int,
) -> x509.CertificateBuilder:
    # A day of grace for machines whose clock is late.
    begins = datetime.now(UTC) - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )


def context_of_a_start(authority: Path) -> ssl.SSLContext:
    """Return how to speak TLS until this process ends, as the hosts and as this machine.

    The authority is written to a file, for clients to trust; the key of its certificate is kept in memory.

    Raises:
        OSError: the file can't be written.
    """
    own_name = socket.gethostname()
    names = [*HOSTS, "localhost", *([own_name] if _HOST_NAME.fullmatch(own_name) else [])]
    made = make_certificates(names, addresses=("127.0.0.1", "::1"), days=DAYS_OF_A_START)
    with tempfile.TemporaryDirectory(prefix="payments-mock-tls-") as folder:
        certificate, key = Path(folder, "tls.crt"), Path(folder, "tls.key")
        certificate.write_bytes(made.certificate)
        key.touch(0o600)
        key.write_bytes(made.key)
        context = server_context(certificate, key)
    authority.write_bytes(made.authority)
    return context


def trusted_so_far(environment: Mapping[str, str]) -> bytes:
    """Return the authorities that programs with this environment trust, in PEM; else those of certifi."""
    usual = ssl.get_default_verify_paths()
    named = [environment.get(name) for name in _VARIABLES]
    files = dict.fromkeys(Path(name) for name in [*named, usual.openssl_cafile, usual.cafile] if name)
    found = dict.fromkeys(file.resolve() for file in files if file.is_file())
    if not found:
        found = dict.fromkeys([Path(certifi.where())])
    return b"\n".join(file.read_bytes() for file in found) + b"\n"


def java_trust_store(environment: Mapping[str, str], bundle: bytes, authority: bytes) -> bytes:
    """Return a trust store for Java: the machine's authorities and ours, in the oldest format."""
    store = _java_store(environment)
    already = _java_certificates(store.read_bytes()) if store is not None else []
    ours = x509.load_pem_x509_certificate(authority).public_bytes(Encoding.DER)
    return _written_for_java(dict.fromkeys([ours, *already, *_in_pem(bundle)]))


_TRUST_STORE: Final = re.compile(r"-Djavax\.net\.ssl\.trustStore=(\"[^\"]+\"|'[^']+'|\S+)")
_JKS_MARK: Final = 0xFEEDFEED
_TRUSTED: Final = 2


def _java_store(environment: Mapping[str, str]) -> Path | None:
    """Return the file that a JVM takes its authorities from: one that it is told, else that of its home."""
    told = _TRUST_STORE.findall(environment.get("JAVA_TOOL_OPTIONS", ""))
    if told:
        candidates = [Path(told[-1].strip("\"'"))]
    else:
        homes = [Path(environment["JAVA_HOME"])] if environment.get("JAVA_HOME") else []
        on_path = [Path(folder, "java") for folder in environment.get("PATH", "").split(os.pathsep)]
        homes += [java.resolve().parents[1] for java in on_path if java.is_file()]
        places = ("lib/security/jssecacerts", "lib/security/cacerts", "jre/lib/security/cacerts")
        candidates = [home / place for home in homes for place in places]
    return next((file for file in candidates if file.is_file()), None)


def _java_certificates(store: bytes) -> list[bytes]:
    """Return the certificates in a trust store of Java; none if we can't read it."""
    if store[:4] == _JKS_MARK.to_bytes(4, "big"):
        return list(_in_jks(store))
    for password in (b"changeit", None):
        try:
            _, _, found = pkcs12.load_key_and_certificates(store, password)
        except ValueError:
            continue
        return [certificate.public_bytes(Encoding.DER) for certificate in found]
    return []


def _in_jks(store: bytes) -> Iterator[bytes]:
    """Find the trusted certificates in a store in the form of JKS; keys and their chains end the search."""
    (count,) = struct.unpack_from(">I", store, 8)
    place = 12
    for _ in range(count):
        (tag,) = struct.unpack_from(">I", store, place)
        if tag != _TRUSTED:
            return
        place = _behind_text(store, place + 4) + 8
        place = _behind_text(store, place)
        (size,) = struct.unpack_from(">I", store, place)
        yield store[place + 4 : place + 4 + size]
        place += 4 + size


def _behind_text(store: bytes, place: int) -> int:
    return place + 2 + int(struct.unpack_from(">H", store, place)[0])


def _written_for_java(certificates: Iterable[bytes]) -> bytes:
    """Write certificates as JKS, in which they are plain; its digest is made with the usual password."""
    entries = [
        struct.pack(">I", _TRUSTED) + _text(f"authority-{number}") + bytes(8) + _text("X.509") + _sized(each)
        for number, each in enumerate(certificates)
    ]
    store = struct.pack(">III", _JKS_MARK, 2, len(entries)) + b"".join(entries)
    seal = "changeit".encode("utf-16-be") + b"Mighty Aphrodite"
    return store + hashlib.sha1(seal + store, usedforsecurity=False).digest()


def _text(text: str) -> bytes:
    return struct.pack(">H", len(text)) + text.encode()


def _sized(content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + content


def _in_pem(bundle: bytes) -> Iterator[bytes]:
    for body in _PEM.findall(bundle):
        yield base64.b64decode(body)
