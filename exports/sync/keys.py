"""Keys of a station: Ed25519 to sign batches, X25519 (age) to read them."""

import re
import secrets
from collections.abc import Iterable
from hashlib import sha256
from typing import Annotated, NamedTuple

import msgspec

# pyrage ships no type information.
import pyrage  # pyright: ignore[reportMissingTypeStubs]
from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from nacl.exceptions import BadSignatureError, CryptoError
from nacl.secret import SecretBox
from nacl.signing import SigningKey, VerifyKey

from models.jsontext import UNREADABLE

age = pyrage.x25519  # pyright: ignore[reportAttributeAccessIssue]
CannotDecrypt = pyrage.DecryptError  # pyright: ignore[reportAttributeAccessIssue]
BadRecipient = pyrage.RecipientError  # pyright: ignore[reportAttributeAccessIssue]


SIGNATURE = re.compile(rb"[0-9a-f]{128}")
MOST_HEADER = 64 << 10  # bytes before the sealed content: some 600 readers


class Identity(NamedTuple):
    """The secret keys of a station, as stored in its encrypted database."""

    sign_seed: str  # 64 hex digits
    age_identity: str  # AGE-SECRET-KEY-1…

    @property
    def sign_key(self) -> str:
        """The public key batches are verified with, 64 hex digits."""
        return bytes(SigningKey(bytes.fromhex(self.sign_seed)).verify_key).hex()

    @property
    def recipient(self) -> str:
        """The public key batches are encrypted to, age1…"""
        return str(age.Identity.from_str(self.age_identity).to_public())


def new_identity() -> Identity:
    return Identity(bytes(SigningKey.generate()).hex(), new_age_identity()[0])


def new_age_identity() -> tuple[str, str]:
    """A new key to read with, AGE-SECRET-KEY-1…, and its public half, age1…"""
    secret = age.Identity.generate()
    return str(secret), str(secret.to_public())


def recipient_of(secret: str) -> str:
    """The public half, age1…, of AGE-SECRET-KEY-1…; "" of what is no key."""
    wrong = pyrage.IdentityError  # pyright: ignore[reportAttributeAccessIssue]
    try:
        return str(age.Identity.from_str(secret).to_public())
    except wrong:
        return ""


def encrypt(plain: bytes, recipients: Iterable[str]) -> bytes:
    """*plain* as age ciphertext for everyone in *recipients*."""
    circle = [age.Recipient.from_str(text) for text in sorted(set(recipients))]
    return pyrage.encrypt(plain, circle)  # pyright: ignore[reportAttributeAccessIssue]


def decrypt(sealed: bytes, age_identity: str) -> bytes:
    """The plain bytes.  Raises `CannotDecrypt`, also for a damaged file."""
    # The library reads a header in square time: for 180 KB it takes ten seconds.
    if sealed.find(b"\n--- ", 0, MOST_HEADER) < 0:
        raise CannotDecrypt("the header does not end")
    identity = age.Identity.from_str(age_identity)
    return pyrage.decrypt(  # pyright: ignore[reportAttributeAccessIssue]
        sealed, [identity]
    )


class WrongPassphrase(Exception):
    """It does not open what was sealed; or that is damaged."""


class _Stretching(msgspec.Struct, frozen=True):
    """How a passphrase becomes a key: argon2id, with limits for who reads it."""

    salt: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
    rounds: Annotated[int, msgspec.Meta(ge=1, le=10)] = 3
    kib: Annotated[int, msgspec.Meta(ge=8 << 10, le=128 << 10)] = 64 << 10

    def box(self, passphrase: str) -> SecretBox:
        key = hash_secret_raw(
            passphrase.encode(),
            bytes.fromhex(self.salt),
            time_cost=self.rounds,
            memory_cost=self.kib,
            parallelism=1,
            hash_len=SecretBox.KEY_SIZE,
            type=Type.ID,
        )
        return SecretBox(key)


def encrypt_by_passphrase(plain: bytes, passphrase: str) -> bytes:
    """*plain* for whoever knows *passphrase*: a line that says how it is stretched,
    then a secret box.  Not age: that takes as much memory as this PC has to spare, and
    a slower PC, such as stands in for a broken one, refuses to open it."""
    how = _Stretching(secrets.token_hex(16))
    return msgspec.json.encode(how) + b"\n" + how.box(passphrase).encrypt(plain)


def decrypt_by_passphrase(sealed: bytes, passphrase: str) -> bytes:
    """The plain bytes.  Raises `WrongPassphrase`, also for a damaged file."""
    head, _, box = sealed.partition(b"\n")
    try:
        how = msgspec.json.decode(head, type=_Stretching)
        return how.box(passphrase).decrypt(box)
    except (*UNREADABLE, CryptoError, HashingError, ValueError) as error:
        raise WrongPassphrase from error


def is_recipient(text: str) -> bool:
    """Can batches be encrypted to this public key?"""
    try:
        age.Recipient.from_str(text)
    except BadRecipient:
        return False
    return True


def sign(sign_seed: str, message: bytes) -> str:
    return SigningKey(bytes.fromhex(sign_seed)).sign(message).signature.hex()


def is_signed(sign_key: str, message: bytes, signature: bytes) -> bool:
    """Is *signature* (in hex) the one of *message* by the owner of *sign_key*?"""
    if not SIGNATURE.fullmatch(signature):
        return False
    try:
        raw = bytes.fromhex(signature.decode("ascii"))
        VerifyKey(bytes.fromhex(sign_key)).verify(message, raw)
    except (BadSignatureError, ValueError, TypeError):
        return False
    return True


def key_id(sign_key: str) -> str:
    """A short name for a public key, as batch headers carry it."""
    return sha256(bytes.fromhex(sign_key)).hexdigest()[:16]


def fingerprint(sign_key: str, recipient: str) -> str:
    """What two people compare by eye or phone: 8 groups of 4 hex digits.

    It covers both public keys, so neither can be swapped.
    """
    digest = sha256(f"{sign_key}\n{recipient}".encode()).hexdigest().upper()
    return " ".join(digest[at : at + 4] for at in range(0, 32, 4))
