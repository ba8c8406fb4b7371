import pytest

from streamer.config.overrides import ConfigError, parse_overrides


def test_values_are_read_as_yaml_in_their_order():
    texts = ["a.b=3", "a.c=[1, 2.5]", "a.b=text=more", "d=null", "e=", "f=yes"]
    assert parse_overrides(texts) == [
        ("a.b", 3),
        ("a.c", [1, 2.5]),
        ("a.b", "text=more"),
        ("d", None),
        ("e", None),
        ("f", True),
    ]


@pytest.mark.parametrize(
    ("text", "number"), [("1e-9", 1e-9), ("-2E3", -2e3), ("1.5e+2", 150.0), (".5e1", 5.0)]
)
def test_a_number_with_an_exponent_is_one(text, number):
    assert parse_overrides([f"a={text}"]) == [("a", number)]


@pytest.mark.parametrize("text", ["e9", "1e", "1e9x", "v1e9"])
def test_what_only_looks_like_one_stays_text(text):
    assert parse_overrides([f"a={text}"]) == [("a", text)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("beta", r"--set beta: key\.path=value wanted"),
        ("=3", r"--set =3: key\.path=value wanted"),
        ("a.b=[1,", r"--set a\.b: '\[1,' is not a YAML value: "),
    ],
)
def test_what_is_none_is_said_in_one_line(text, message):
    with pytest.raises(ConfigError, match=message) as error:
        parse_overrides([text])
    assert "\n" not in str(error.value)
