"""The page for developers."""

import re

from dashboard.views.api import addresses
from tests.bodies import statewide


def test_every_address_of_the_api_is_on_the_page(client, db):
    html = client.get("/api/").content.decode()

    assert len(addresses()) > 20
    assert [one.pattern for one in addresses() if f"<code>{one.pattern}</code>" not in html] == []


def test_the_examples_are_addresses_that_the_api_knows(client, make_election, take_up):
    election = make_election("us-senate")
    take_up(election, {"us-senate": statewide({"Schiff": 1})})
    unknown = [
        one.example
        for one in addresses()
        if not one.example.endswith("/stream")
        and client.get(one.example).status_code != 200
        and "Not found:" in client.get(one.example).json()["message"]
    ]

    assert unknown == []


def test_the_first_call_names_this_host(client, db):
    html = client.get("/api/", headers={"host": "localhost"}).content.decode()

    assert "curl http://localhost/returns/us-senate" in html


def test_the_page_is_in_spanish_too(client, db):
    html = client.get("/es/api/").content.decode()

    assert "Una primera llamada" in html
    assert re.search(r'<html lang="es"', html)
