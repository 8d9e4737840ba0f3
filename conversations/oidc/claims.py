"""What is read from what a provider says."""


def values_at(claims, path):
    """Return the texts at `path`, as “groups” or “realm_access.roles”; [] for none."""
    found = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    found = [found] if isinstance(found, str) else found
    if not isinstance(found, list):
        return []
    return [value for value in found if isinstance(value, str)]
