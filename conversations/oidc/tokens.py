"""What a provider says of a person: checked, whoever it came through."""

import hmac

import jwt

# Signed with a key that only the provider has. HS256 would be signed with ours.
ALGORITHMS = [
    *("RS256", "RS384", "RS512"),
    *("PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512"),
    "EdDSA",
]
CLOCK_SECONDS = 60
LONGEST_SUBJECT = 191
MALFORMED = (jwt.PyJWTError, AttributeError, LookupError, TypeError, ValueError)


class TokenError(Exception):
    """It is no token that the provider made for this sign-in."""


def claims_of(id_token, *, keys, issuer, client_id, nonce):
    """Return the claims of `id_token`; `keys` is the provider's JWK set.

    Raises TokenError.
    """
    try:
        claims = jwt.decode(
            id_token,
            _key(id_token, keys),
            algorithms=ALGORITHMS,
            audience=client_id,
            issuer=issuer,
            leeway=CLOCK_SECONDS,
            options={"require": ["aud", "exp", "iat", "iss", "sub"]},
        )
    except MALFORMED as error:
        raise TokenError(f"the token: {type(error).__name__}") from error
    if not hmac.compare_digest(str(claims.get("nonce")).encode(), nonce.encode()):
        raise TokenError("the token is for another sign-in")
    if claims.get("azp", client_id) != client_id:
        raise TokenError("the token is for another site")
    subject = claims["sub"]
    if not _is_name(subject):
        raise TokenError("the token names nobody")
    return claims


def _is_name(subject):
    """Whether it is one that a database takes as it is."""
    is_text = isinstance(subject, str) and subject.isprintable()
    return is_text and 0 < len(subject) <= LONGEST_SUBJECT


def _key(id_token, keys):
    """Return the key that the token names, or the only one there is."""
    wanted = jwt.get_unverified_header(id_token).get("kid")
    found = [key for key in jwt.PyJWKSet.from_dict(keys).keys if _signs(key)]
    if wanted is not None:
        found = [key for key in found if key.key_id == wanted]
    if len(found) != 1:
        raise LookupError
    return found[0]


def _signs(key):
    return key.public_key_use in (None, "sig")
