from __future__ import annotations

import multiprocessing
import socket
import threading
import time
import uuid

import pytest

import tidegauge as tg
from tidegauge.errors import ArgumentError, PermanentWriterError, WriterError
from tidegauge.writers.http import HttpWriter


@pytest.fixture
def profiles():
    return tg.ProfileSet([tg.log({"x": [1, 2, None]}, "taxi")])


def new_id():
    return uuid.uuid4().hex


@pytest.fixture
def send(ingest_server, profiles):
    """Delivers to a server that behaves by a script; gives the pauses that the writer made."""

    def send(*behaviours, **options):
        ingest_server.script(*behaviours)
        writer = ingest_server.writer(**options)
        pauses = []
        writer._sleep = pauses.append
        try:
            writer.write(profiles, id=new_id())
        finally:
            writer.close()
        return pauses

    return send


def test_says_what_the_contract_asks_for(ingest_server, profiles):
    delivery = new_id()
    writer = ingest_server.writer()
    writer.write(profiles, id=delivery)
    (request,) = ingest_server.state["requests"]
    assert request["path"] == "/api/v1/profiles"
    assert request["Tidegauge-Delivery"] == delivery
    assert request["Tidegauge-Format"] == tg.FORMAT_VERSION
    assert request["Content-Type"] == "application/vnd.apache.parquet"
    assert request["User-Agent"] == f"tidegauge/{tg.__version__}"
    assert request["Authorization"] == f"Bearer {ingest_server.api_key}"
    assert ingest_server.read() == profiles


def test_keys_come_from_the_environment(ingest_server, profiles, monkeypatch):
    monkeypatch.setenv("TIDEGAUGE_API_KEY", ingest_server.api_key)
    monkeypatch.setenv("TIDEGAUGE_SIGNING_KEY", ingest_server.secret)
    tg.writers.open_writer(ingest_server.url).write(profiles, id=new_id())
    assert ingest_server.read() == profiles


def test_a_wrong_signature_is_refused_and_may_be_mended(ingest_server, profiles):
    with pytest.raises(WriterError, match=r"401 .*the signature is wrong.*TIDEGAUGE_SIGNING_KEY") as caught:
        ingest_server.writer(signing_key="other", attempts=1).write(profiles, id=new_id())
    assert not isinstance(caught.value, PermanentWriterError)
    assert len(ingest_server.read()) == 0


def test_the_connection_is_kept(ingest_server, profiles):
    writer = ingest_server.writer()
    before = ingest_server.state["connections"]
    for _ in range(5):
        writer.write(profiles, id=new_id())
    # One of the writer, one of each question after it.
    assert ingest_server.state["connections"] - before == 2


def test_a_connection_that_the_server_closed_costs_no_attempt(ingest_server, profiles):
    ingest_server.script("take_and_close", "take_and_close", "take")
    writer = ingest_server.writer(attempts=1)
    for _ in range(3):
        writer.write(profiles, id=new_id())
        time.sleep(0.05)
    assert len(ingest_server.state["deliveries"]) == 3


def test_an_answer_that_got_lost_leaves_one(send, ingest_server, profiles):
    assert len(send("take_and_hang_up", "take")) == 1
    assert ingest_server.state["repeats"] == 1
    assert ingest_server.read() == profiles


def test_pauses_between_attempts_grow(send):
    first, second = send("status 503", "status 502", "take")
    assert 0.1 < first <= 0.25
    assert 0.5 <= second <= 1.0


def test_gives_up_after_its_attempts(send, ingest_server):
    with pytest.raises(WriterError, match=r"answered 503 .*told to answer 503") as caught:
        send("status 503", "status 500", "status 503", "take")
    assert not isinstance(caught.value, PermanentWriterError)
    assert len(ingest_server.state["requests"]) == 3


def test_retry_after_is_obeyed(send):
    assert send("status 429 2", "take") == [2.0]


def test_a_long_retry_after_is_told_and_not_waited_for(send, ingest_server):
    with pytest.raises(WriterError) as caught:
        send("status 503 120", "take")
    assert caught.value.retry_after_seconds == 120
    assert len(ingest_server.state["requests"]) == 1


def test_retry_after_may_be_a_date():
    from email.utils import format_datetime

    from tidegauge.locations.connection import _seconds

    soon = tg.profile.datetime.now(tg.profile.UTC) + tg.profile.timedelta(seconds=90)
    assert 85 < _seconds(format_datetime(soon, usegmt=True)) <= 90
    assert _seconds("Sat, 28 Nov 2020 13:40:00 GMT") == 0
    assert _seconds("soon") is None
    assert _seconds("9" * 400) == 24 * 3600


@pytest.mark.parametrize("code", [400, 409, 411, 413, 415, 422])
def test_what_is_refused_for_what_it_is_is_not_tried_again(send, ingest_server, code):
    with pytest.raises(PermanentWriterError, match=f"answered {code} .*refused for what they are"):
        send(f"status {code}", "take")
    assert len(ingest_server.state["requests"]) == 1


@pytest.mark.parametrize("code", [401, 403, 404, 405, 408, 425, 429, 500, 502, 503, 504])
def test_what_can_be_mended_is_no_permanent_error(send, code):
    with pytest.raises(WriterError, match=f"answered {code}") as caught:
        send(f"status {code}", attempts=1)
    assert not isinstance(caught.value, PermanentWriterError)


def test_a_body_that_is_too_large_is_permanent(ingest_server):
    wide = {f"c{i}": [i + j / 7 for j in range(150)] for i in range(1500)}
    profiles = tg.ProfileSet([tg.log(wide, "wide")])
    assert len(profiles.to_bytes()) > 1 << 17
    with pytest.raises(PermanentWriterError, match=r"413 .*more than 131072 bytes"):
        ingest_server.writer().write(profiles, id=new_id())


def test_redirects_are_not_followed(send):
    with pytest.raises(WriterError, match=r"308 .*give the URL 'https://elsewhere.example/profiles' itself"):
        send("redirect", attempts=1)


def test_a_slow_server_is_waited_for_as_long_as_stated(send):
    with pytest.raises(WriterError, match=r"no answer within 0\.3 seconds"):
        send("slow", attempts=1, timeout_seconds=0.3)


def test_a_server_that_drips_is_waited_for_as_long_as_stated(send):
    with pytest.raises(WriterError, match=r"no answer within 0\.5 seconds"):
        send("drip", attempts=1, timeout_seconds=0.5)


def test_what_is_not_http_is_an_error(send):
    with pytest.raises(WriterError, match="BadStatusLine"):
        send("nonsense", attempts=1)


def test_a_chatty_refusal_is_cut(send):
    with pytest.raises(WriterError) as caught:
        send("chatter", attempts=1)
    assert len(str(caught.value)) < 500
    assert "\x1b" not in str(caught.value)


def test_goes_on_after_a_chatty_refusal(send, ingest_server, profiles):
    send("chatter", "take")
    assert ingest_server.read() == profiles


def test_nobody_there(profiles):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    writer = HttpWriter(f"http://127.0.0.1:{port}", attempts=1)
    with pytest.raises(
        WriterError, match=f"cannot deliver to http://127.0.0.1:{port}/api/v1/profiles: .*refused"
    ):
        writer.write(profiles, id=new_id())


def test_one_delivery_at_a_time_on_the_connection(ingest_server, profiles):
    writer = ingest_server.writer()
    threads = [
        threading.Thread(target=writer.write, args=(profiles,), kwargs={"id": new_id()}) for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ingest_server.state["deliveries"]) == 20


def _deliver(writer, profiles, delivery):
    writer.write(profiles, id=delivery)


@pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="forks only where there are forks"
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_process_has_a_connection_of_its_own(ingest_server, profiles):
    writer = ingest_server.writer()
    writer.write(profiles, id=new_id())
    before = ingest_server.state["connections"]
    child = multiprocessing.get_context("fork").Process(target=_deliver, args=(writer, profiles, new_id()))
    child.start()
    child.join(30)
    assert child.exitcode == 0
    writer.write(profiles, id=new_id())
    assert len(ingest_server.state["deliveries"]) == 3
    assert ingest_server.state["connections"] - before == 3  # the child's, and two of this test's questions


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://", "no URL of a server"),
        ("https://name:secret@host/", "name or password"),
        ("http://host:99999/", "(?i)port"),
        ("http://host/a b", "hexadecimal"),
        ("http://host/ä", "hexadecimal"),
        ("http://host/\r\nX-Evil: 1", "hexadecimal|no URL"),
    ],
)
def test_urls_that_cannot_be_meant_so(url, message):
    with pytest.raises(ArgumentError, match=message) as caught:
        HttpWriter(url)
    assert "secret@" not in str(caught.value)


def test_arguments_that_cannot_be_meant_so():
    with pytest.raises(ArgumentError, match="printable ASCII"):
        HttpWriter("http://host", api_key="a\r\nX-Evil: 1")
    with pytest.raises(ArgumentError, match="attempts=0"):
        HttpWriter("http://host", attempts=0)
    with pytest.raises(ArgumentError, match="timeout_seconds=0"):
        HttpWriter("http://host", timeout_seconds=0)


def test_a_path_of_its_own():
    assert (
        repr(HttpWriter("https://host:8443/gauge/in?tenant=7")) == "HttpWriter('https://host:8443/gauge/in')"
    )
