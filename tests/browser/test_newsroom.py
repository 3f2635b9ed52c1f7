"""The newsroom at work in real browsers: a call, its retraction, a hold, a rehearsal."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from results.contest_list import load_contest_list, read_contest_list
from results.models import Contest, Election, RaceCall
from results.people import EDITOR, PRODUCER, VIEWER
from tests.bodies import LATER, body, in_county, statewide
from tests.feed_server import FeedServer

ALL = "us-senate/county/all"
PASSWORD = "long enough 1"
SLOW = 20_000
"""Milliseconds that a change may take on a machine that does a dozen other things."""


def senate(first: int, at: str = "March 5, 2024, 9:00 p.m.") -> bytes:
    votes = {"Schiff": first, "Garvey": 900, "Porter": 400}
    precincts = (90, 100)
    return body(
        [
            statewide(votes, at=at, precincts=precincts),
            in_county("Lake", votes, at=at, precincts=precincts),
        ]
    )


@pytest.fixture
def feed():
    server = FeedServer()
    server.serve(ALL, senate(1_000))
    yield server
    server.stop()


@pytest.fixture
def site(feed, transactional_db, celery_worker_process, start_site, django_user_model) -> str:
    django_user_model.objects.create_superuser("editor", password=PASSWORD)
    text = f"x,https://x.example/returns/{ALL}\n"
    load_contest_list(read_contest_list(text), day=date(2024, 3, 5), kind="presidential_primary")
    address = start_site(own=True, LIVE_POLL_SECONDS="1")
    celery_worker_process(FEED_URL=feed.url, POLL_SECONDS="1")
    return address


def log_in(page: Page, address: str, name: str = "editor") -> None:
    page.goto(address)
    page.locator("#id_username").fill(name)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def card(page: Page):
    return page.locator("#card-us-senate")


def test_a_call_and_its_retraction_reach_every_browser_without_a_reload(new_page, site):
    readers = [new_page(), new_page()]
    for reader in readers:
        reader.goto(site)
        expect(card(reader)).to_contain_text("1,000", timeout=SLOW)
    editor = new_page()
    contest = Contest.objects.get(slug="us-senate")
    log_in(editor, f"{site}/admin/results/contest/{contest.pk}/call/")
    editor.get_by_label("Called", exact=True).check()
    editor.get_by_label("Schiff (Dem): 1,000").check()
    editor.get_by_label("Garvey (Dem): 900").check()
    editor.get_by_label("Source").fill("AP")
    editor.get_by_role("button", name="Make this act").click()
    for reader in readers:
        expect(card(reader)).to_contain_text(
            "Called: Schiff and Garvey advance to November", timeout=SLOW
        )
        expect(card(reader).locator(".row.is-called")).to_have_count(2)
    editor.get_by_label("Uncalled: an earlier call is taken back").check()
    editor.get_by_role("button", name="Make this act").click()
    for reader in readers:
        expect(card(reader)).to_contain_text("Call taken back", timeout=SLOW)
        expect(card(reader).locator(".row.is-called")).to_have_count(0)
    assert RaceCall.objects.count() == 2


def test_a_held_race_stands_still_for_readers_until_it_is_released(new_page, site, feed):
    reader, editor = new_page(), new_page()
    reader.goto(site)
    expect(card(reader)).to_contain_text("1,000", timeout=SLOW)
    contest = Contest.objects.get(slug="us-senate")
    log_in(editor, f"{site}/admin/results/contest/{contest.pk}/correct/")
    editor.get_by_label("Reason, shown to readers").fill("Lake is being checked")
    editor.get_by_role("button", name="Hold", exact=True).click()
    expect(card(reader)).to_contain_text("Lake is being checked", timeout=SLOW)
    feed.serve(ALL, senate(9_999, at=LATER))
    expect(editor.get_by_text("readers see the figures of that moment")).to_be_visible()
    reader.wait_for_timeout(3_000)
    expect(card(reader)).to_contain_text("1,000")
    editor.get_by_role("button", name="Release it").click()
    expect(card(reader)).to_contain_text("9,999", timeout=SLOW)
    expect(card(reader)).not_to_contain_text("Lake is being checked")


def test_a_rehearsal_from_its_start_to_its_end(new_page, site):
    reader, producer = new_page(), new_page()
    log_in(producer, f"{site}/admin/results/rehearsal/start/")
    producer.get_by_label("Speed").fill("600")
    producer.get_by_role("button", name="Start").click()
    expect(producer.get_by_text("Rehearsal 1: ").first).to_be_visible()
    run = producer.url
    producer.get_by_role("link", name="Open its pages").click()
    expect(producer.locator("body")).to_have_class("is-rehearsal")
    expect(producer.locator(".notice-ribbon")).to_have_text("REHEARSAL: these are no results")
    votes = producer.locator("#card-us-senate .votes").first
    expect(votes).to_contain_text(",", timeout=4 * SLOW)
    reader.goto(site)
    expect(card(reader)).to_contain_text("1,000", timeout=SLOW)
    expect(reader.locator("body")).not_to_contain_text("Rehearsal")
    producer.goto(run)
    producer.get_by_role("button", name="Pause").click()
    expect(producer.get_by_text("of the night: paused")).to_be_visible()
    producer.get_by_label("Minutes after the polls closed").fill("200")
    producer.get_by_role("button", name="Minutes after the polls closed").click()
    expect(producer.get_by_text("23:20:00")).to_be_visible()
    producer.get_by_role("button", name="Stop it and purge").click()
    expect(producer.get_by_text("is over, and purged.")).to_be_visible()
    assert Election.objects.filter(is_rehearsal=True).count() == 0


OFFERED = """() => [...document.querySelectorAll("#content a, #content button, #content input")]
    .filter((one) => one.type !== "hidden" && one.checkVisibility())
    .filter((one) => {
        one.scrollIntoView({block: "center"});
        const box = one.getBoundingClientRect();
        const top = document.elementFromPoint(box.x + Math.min(box.width / 2, 8), box.y + 8);
        return !(top && (one.contains(top) || top.contains(one)));
    })
    .map((one) => one.innerText || one.name)"""
"""What the first page of admin offers but something else covers."""


def test_each_group_is_offered_what_it_may_do_and_refused_the_rest(
    new_page, site, django_user_model
):
    contest = Contest.objects.get()
    Contest.objects.update(is_featured=True)
    admin = f"{site}/admin"
    call = f"{admin}/results/contest/{contest.pk}/call/"
    board = f"{admin}/results/board/add/"
    for group, may, may_not in (
        (VIEWER, f"{admin}/results/contest/", [call, board]),
        (EDITOR, call, [board]),
        (PRODUCER, board, [call]),
    ):
        person = django_user_model.objects.create_user(group, password=PASSWORD, is_staff=True)
        person.groups.add(Group.objects.get(name=group))
        page = new_page()
        log_in(page, f"{admin}/", group)
        expect(page.locator("#control-room")).to_contain_text("Feed answered", timeout=SLOW)
        for width in (390, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(OFFERED) == [], (group, width)
        expect(page.get_by_role("button", name="Pause")).to_have_count(int(group == PRODUCER))
        page.goto(may)
        expect(page.locator("#content h1")).to_be_visible()
        for refused in may_not:
            page.goto(refused)
            expect(page.locator("h1")).to_have_text("Not allowed")
