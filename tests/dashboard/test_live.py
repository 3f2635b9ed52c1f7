import pytest

from dashboard import live

pytestmark = pytest.mark.usefixtures("empty_redis")

CARD = '<div id="card-a" data-live>{} <p id="asof-a">{}</p></div>'
AS_OF = '<p id="asof-a" data-live>{}</p>'


def publish(**fragments: str) -> set[str]:
    return live.publish(
        1, {"en": {name.replace("_", "-"): html for name, html in fragments.items()}}
    )


def card_at(votes: str, time: str) -> set[str]:
    pieces = {"card-a": CARD.format(votes, time), "asof-a": AS_OF.format(time)}
    return live.publish(1, {"en": pieces}, {"card-a": "asof-a"})


def test_the_first_publication_begins_versions_far_above_zero():
    publish(a="one")
    assert live.current_version(1) > 1_700_000_000_000


def test_each_change_gets_the_next_version():
    publish(a="one")
    first = live.current_version(1)
    publish(a="two")
    assert live.current_version(1) == first + 1


def test_the_same_again_changes_nothing():
    publish(a="one")
    first = live.current_version(1)
    assert publish(a="one") == set()
    assert live.current_version(1) == first


def test_only_what_changed_since_a_version_is_told():
    publish(a="one", b="one")
    first = live.current_version(1)
    publish(a="one", b="two")
    assert live.changed_since(1, first) == (first + 1, {"b"})
    assert live.changed_since(1, first + 1) == (first + 1, set())


def test_a_reader_many_versions_behind_gets_every_change():
    publish(a="one", b="one", c="one")
    first = live.current_version(1)
    publish(a="two")
    publish(b="two")
    assert live.changed_since(1, first)[1] == {"a", "b"}


def test_one_language_changing_counts_for_all():
    live.publish(1, {"en": {"a": "one"}, "es": {"a": "uno"}})
    changed = live.publish(1, {"en": {"a": "one"}, "es": {"a": "dos"}})
    assert changed == {"a"}
    assert live.fragments(1, "es", ["a"]) == {"a": "dos"}


def test_a_new_time_alone_changes_the_time_and_not_its_card():
    card_at("5 votes", "9:00 p.m.")
    assert card_at("5 votes", "9:05 p.m.") == {"asof-a"}


def test_the_stored_card_has_the_new_time_all_the_same():
    card_at("5 votes", "9:00 p.m.")
    card_at("5 votes", "9:05 p.m.")
    assert "9:05" in live.fragments(1, "en", ["card-a"])["card-a"]


def test_new_votes_change_the_card():
    card_at("5 votes", "9:00 p.m.")
    assert "card-a" in card_at("6 votes", "9:05 p.m.")


def test_versions_go_on_upwards_after_redis_lost_them(empty_redis):
    publish(a="one")
    before = live.current_version(1)
    empty_redis.flushdb()
    publish(a="one")
    assert live.current_version(1) >= before


def test_after_forgetting_all_of_a_page_is_new(empty_redis):
    publish(a="one")
    before = live.current_version(1)
    live.forget(1)
    publish(a="one")
    assert live.changed_since(1, before - 1)[1] == {"a"}


def test_elections_do_not_share_versions():
    publish(a="one")
    assert live.current_version(2) == 0


def test_a_swapped_fragment_replaces_its_element_out_of_band():
    assert live.swapped('<p id="x" data-live>1</p>') == (
        '<p id="x" data-live hx-swap-oob="true">1</p>'
    )


def test_concurrent_publications_each_get_a_version_of_their_own():
    from concurrent.futures import ThreadPoolExecutor

    publish(start="x")
    first = live.current_version(1)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda n: publish(**{f"f{n}": "x"}), range(20)))
    newest, changed = live.changed_since(1, first)
    assert newest == first + 20
    assert len(changed) == 20
