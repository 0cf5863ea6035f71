"""People who log in, through a provider of OpenID Connect that runs beside the app."""

import http.client
import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import oidc_provider_mock
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from tests.browser.conftest import (
    App,
    Start,
    answer,
    button,
    canvas,
    draw_a,
    end_server,
    free_port,
    go_to,
    reload,
    start_server,
    variables,
)
from tests.browser.test_keeping import save
from tests.browser.test_models import choose_row
from tests.support.patience import PAGE_S

ADA, BOB = "ada@school.example", "bob@school.example"


def person(email: str) -> oidc_provider_mock.User:
    claims = {"email": email, "email_verified": True, "name": email.partition("@")[0].title()}
    return oidc_provider_mock.User(sub=email, claims=claims)


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with oidc_provider_mock.run_server_in_thread(user_claims=[person(ADA), person(BOB)]) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def login_app(
    shared_folder: Path, provider: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[App]:
    """A server on which everyone logs in, and Ada may train."""
    secrets = tmp_path_factory.mktemp("secrets") / "secrets.toml"
    secrets.write_text(f"""
        DIGITREC_TRAINERS = "{ADA.upper()}, somebody@school.example"
        [auth]
        redirect_uri = "http://localhost:{{port}}/oauth2callback"
        cookie_secret = "of a length that keeps it from being guessed"
        client_id = "digitrec"
        client_secret = "known to both"
        server_metadata_url = "{provider}/.well-known/openid-configuration"
    """)
    environment = variables(shared_folder) | {"STREAMLIT_SECRETS_FILES": str(secrets)}
    app = start_server(shared_folder, free_port(), environment)
    app.url = app.url.replace("127.0.0.1", "localhost")
    yield app
    end_server(app)


@pytest.fixture
def app(login_app: App, places: Path) -> App:
    return login_app


@pytest.fixture
def bobs(browser: Browser) -> Iterator[Page]:
    """A tab of Bob's own browser."""
    context: BrowserContext = browser.new_context()
    page = context.new_page()
    yield page
    context.close()


def log_in(page: Page, app: App, email: str) -> None:
    page.goto(app.url)
    button(page, "Log in").click()
    page.get_by_role("button", name=email).first.click()
    canvas(page)
    go_to(page, "Draw")


def test_a_stranger_sees_nothing(app: App, page: Page, mine: Run) -> None:
    for path in ("", "/history", "/models", "/history?drawing=1"):
        page.goto(app.url + path)
        expect(button(page, "Log in")).to_be_visible()
        expect(page.get_by_test_id("stTopNavLink")).to_have_count(0)
        expect(page.locator("canvas, .stDataFrame, .stFileUploader")).to_have_count(0)


def test_each_person_has_their_own_drawings(app: App, page: Page, bobs: Page) -> None:
    log_in(page, app, ADA)
    save(page, 5)
    log_in(bobs, app, BOB)
    go_to(bobs, "History")
    expect(bobs.get_by_text("Nothing is saved yet")).to_be_visible()
    bobs.goto(app.url + "/history?drawing=1")
    expect(bobs.get_by_text("There is no drawing 1.")).to_be_visible()
    bobs.goto(app.url + "/?drawing=1")
    expect(bobs.get_by_text("There is no drawing 1.")).to_be_visible()
    expect(answer(bobs)).to_have_count(0)
    go_to(page, "History")
    expect(page.locator(".st-key-history_gallery img")).to_have_count(1)


def test_a_download_is_its_persons_alone(app: App, page: Page, bobs: Page) -> None:
    log_in(page, app, ADA)
    save(page, 5)
    go_to(page, "History")
    button(page, "Download").click()
    link = page.locator("a[href*='download/']").first
    link.wait_for()
    url = str(link.evaluate("link => link.href"))
    assert page.request.get(url).status == 200
    log_in(bobs, app, BOB)
    assert bobs.request.get(url).status == 403
    path = url.partition(app.url)[2]
    assert stranger_gets(app, path, {}) == 403
    forged = {"_streamlit_user": json.dumps({"is_logged_in": True, "sub": ADA})}
    assert stranger_gets(app, path, forged) == 403


def stranger_gets(app: App, path: str, cookies: dict[str, str]) -> int:
    connection = http.client.HTTPConnection(app.url.removeprefix("http://"), timeout=PAGE_S)
    pairs = "; ".join(f"{name}={value}" for name, value in cookies.items())
    with closing(connection):
        connection.request("GET", path, headers={"Cookie": pairs} if pairs else {})
        return connection.getresponse().status


def test_each_person_has_their_own_model(app: App, page: Page, bobs: Page) -> None:
    log_in(page, app, ADA)
    button(page, "Settings").click()
    page.get_by_role("combobox").first.click()
    page.get_by_role("option", name="Tutorial network").click()
    page.keyboard.press("Escape")
    draw_a(page, 5)
    expect(page.get_by_text("Model: Tutorial network")).to_be_visible()
    log_in(bobs, app, BOB)
    draw_a(bobs, 5)
    expect(bobs.get_by_text("Model: Handwriting expert")).to_be_visible()


def test_who_is_no_trainer_only_looks_on(app: App, page: Page, bobs: Page, mine: Run) -> None:
    log_in(page, app, ADA)
    log_in(bobs, app, BOB)
    for title in ("Train", "Teach"):
        go_to(bobs, title)
        expect(bobs.get_by_text("Only trainers can")).to_be_visible()
    expect(button(bobs, "Start training")).to_have_count(0)
    go_to(page, "Train")
    expect(button(page, "Start training")).to_be_visible()
    for tab, count in ((page, 1), (bobs, 0)):
        go_to(tab, "Models")
        tab.get_by_placeholder("Name, network, state or note").fill("mine")
        tab.keyboard.press("Enter")
        expect(tab.get_by_text("1 of 3 runs")).to_be_visible()
        choose_row(tab, 0)
        button(tab, "Download").wait_for()
        for name in ("Import", "Rename", "Delete"):
            expect(button(tab, name)).to_have_count(count)
        expect(tab.get_by_label("Note", exact=True)).to_have_count(count)


def test_who_logs_out_leaves_nothing_in_the_tab(app: App, page: Page) -> None:
    log_in(page, app, ADA)
    draw_a(page, 5)
    expect(answer(page)).to_have_text("5")
    reload(page)
    expect(answer(page)).to_have_text("5")
    button(page, "Account").click()
    expect(page.get_by_text("Can train models")).to_be_visible()
    button(page, "Log out").click()
    page.wait_for_url("**/end_session?**")
    page.goto(app.url)
    expect(button(page, "Log in")).to_be_visible()
    page.wait_for_function(
        "Object.keys(sessionStorage).every(name => !name.startsWith('digitrec_'))"
    )
    log_in(page, app, BOB)
    expect(page.get_by_text("Draw a digit from 0 to 9")).to_be_visible()
    expect(answer(page)).to_have_count(0)


@pytest.mark.parametrize(
    ("secrets", "sentence"),
    [
        ("[auth\nclient_id = 'digitrec'", "Streamlit's secrets can't be read"),
        ("[auth]\ncookie_secret = 'x'", "has no client_id"),
    ],
)
def test_secrets_with_a_mistake_let_nobody_in(
    start_app: Start, page: Page, tmp_path: Path, secrets: str, sentence: str
) -> None:
    file = tmp_path / "secrets.toml"
    file.write_text(secrets)
    page.goto(start_app(STREAMLIT_SECRETS_FILES=str(file)).url + "/history")
    expect(page.get_by_text(sentence)).to_be_visible()
    expect(page.get_by_test_id("stTopNavLink")).to_have_count(0)
    expect(page.get_by_role("heading", name="History")).to_have_count(0)


def test_a_forged_click_does_nothing(
    app: App, page: Page, bobs: Page, mine: Run, store: ModelStore
) -> None:
    sent: list[bytes | str] = []
    log_in(page, app, ADA)

    def keep(frame: bytes | str) -> None:
        sent.append(frame)

    page.on("websocket", lambda socket: socket.on("framesent", keep))
    page.goto(app.url + "/models")
    page.get_by_placeholder("Name, network, state or note").fill("mine")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 of 3 runs")).to_be_visible()
    choose_row(page, 0)
    button(page, "Delete").click()
    button(page, "Delete mine").click()
    button(page, "Restore mine").wait_for()
    log_in(bobs, app, BOB)
    for tab, is_running in ((page, False), (bobs, True)):
        store.trash.restore()
        cookies = {str(c["name"]): str(c["value"]) for c in tab.context.cookies(app.url)}
        send_all(app, cookies, sent)
        assert mine.path.exists() == is_running


def send_all(app: App, cookies: dict[str, str], frames: Sequence[bytes | str]) -> None:
    """Send what a browser sent, as whoever the cookies say, and wait for each answer."""
    place = app.url.replace("http", "ws") + "/_stcore/stream"
    protocols = [Subprotocol("streamlit"), Subprotocol(cookies["_streamlit_xsrf"])]
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    with connect(
        place, origin=Origin(app.url), subprotocols=protocols, additional_headers=headers
    ) as socket:
        for frame in frames:
            socket.send(frame)
            answer_to = ""
            while answer_to != "script_finished":
                answer_to = str(ForwardMsg.FromString(socket.recv(PAGE_S)).WhichOneof("type"))
