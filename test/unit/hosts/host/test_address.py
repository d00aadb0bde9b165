"""The network card that takes a common address is the one by which the machine reaches the world."""

from __future__ import annotations

from address import card


def test_it_is_the_card_of_the_default_route() -> None:
    assert card("default via 10.0.0.1 dev ens3 proto dhcp src 10.0.0.64 metric 100 \n") == "ens3"
    assert card("default dev eth0 scope link \n") == "eth0"


def test_of_several_it_is_the_first_as_the_kernel_has_it() -> None:
    assert card("default via 10.0.0.1 dev ens3 metric 100\ndefault via 10.1.0.1 dev ens4 metric 200\n") == "ens3"


def test_without_a_default_route_there_is_none() -> None:
    assert card("") == ""
    assert card("10.0.0.0/24 dev docker0 proto kernel scope link src 10.0.0.1\n") == ""
