"""How threads and processes reach what they share."""

from chatsite.sharing import pooled


def test_a_database_that_gives_no_sign_of_life_is_given_up_soon():
    options = pooled({})["OPTIONS"]
    silence = options["keepalives_interval"] * options["keepalives_count"]
    assert options["keepalives_idle"] + silence <= 15
    assert options["tcp_user_timeout"] <= 15_000
    assert options["connect_timeout"] <= 5
    assert options["pool"]["timeout"] <= 10
    assert options["pool"]["reconnect_timeout"] < options["pool"]["timeout"]


def test_what_the_address_of_the_database_says_is_kept():
    options = pooled({"OPTIONS": {"sslmode": "require", "connect_timeout": 30}})
    assert options["OPTIONS"]["sslmode"] == "require"
    assert options["OPTIONS"]["connect_timeout"] == 30
    assert options["OPTIONS"]["pool"]
