"""The stand-in for NCALayer speaks as the real one was heard to speak (state-and-external-systems.md §1.1)."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from documents.signing import cms, verifying
from documents.signing.data import OtherContent
from integrations.eds_simulator import ncalayer
from integrations.eds_simulator.__main__ import PeopleOfFile
from tests import eds

pytestmark = pytest.mark.requirement("INT-05")
PAPER = b"%PDF-1.7 a sheet"
DATA = base64.b64encode(PAPER).decode()
DETACHED = {"decode": True, "encapsulate": False, "digested": False, "tsaProfile": {}}


@pytest.fixture
def desk() -> ncalayer.Desk:
    return ncalayer.Desk(eds.authority(), {one.iin: one for one in (eds.BOLAT, eds.AIGUL)})


@pytest.fixture
def layer(desk: ncalayer.Desk) -> Iterator[ClientConnection]:
    """A browser at the program's door, after its greeting."""
    with ThreadPoolExecutor(1) as pool, ncalayer.server(desk) as server:
        pool.submit(server.serve_forever)
        port = server.socket.getsockname()[1]
        with connect(f"ws://127.0.0.1:{port}") as connection:
            assert json.loads(connection.recv()) == {"result": {"version": ncalayer.VERSION}}
            yield connection
        server.shutdown()


def ask(layer: ClientConnection, module: str, method: str, args: Any = None) -> dict[str, Any]:
    layer.send(json.dumps({"module": f"kz.gov.pki.knca.{module}", "method": method, "args": args}))
    said: dict[str, Any] = json.loads(layer.recv())
    return said


def basics(layer: ClientConnection, iin: str = eds.BOLAT.iin, **more: Any) -> dict[str, Any]:
    args = {"format": "cms", "data": DATA, "signingParams": DETACHED, "signerParams": {"iin": iin}} | more
    return ask(layer, "basics", "sign", args)


def test_basics_gives_a_signature_that_the_product_takes(
    layer: ClientConnection, settings: Any, tmp_path: Path
) -> None:
    settings.SIGNATURE_TRUST = eds.authority().publish(tmp_path)
    said = basics(layer)
    assert said["status"] is True
    assert said["body"]["result"].startswith("-----BEGIN CMS-----\n")
    found = verifying.verify(cms.decode(said["body"]["result"]), PAPER, at=eds.AT)
    assert found.iin == eds.BOLAT.iin


def test_forgetting_to_decode_signs_the_base64_text(
    layer: ClientConnection, settings: Any, tmp_path: Path
) -> None:
    settings.SIGNATURE_TRUST = eds.authority().publish(tmp_path)
    made = cms.decode(basics(layer, signingParams=DETACHED | {"decode": False})["body"]["result"])
    with pytest.raises(OtherContent):
        verifying.verify(made, PAPER, at=eds.AT)


def test_many_documents_come_back_as_a_list(layer: ClientConnection) -> None:
    assert len(basics(layer, data=[DATA, DATA])["body"]["result"]) == 2


@pytest.mark.parametrize(
    ("does", "iin", "said"),
    [
        ("cancels", eds.BOLAT.iin, {"status": True, "body": {}}),
        ("signs", "000000000000", {"status": True, "body": {}}),
    ],
)
def test_a_closed_window_and_a_key_that_is_not_there_are_success_without_a_result(
    layer: ClientConnection, desk: ncalayer.Desk, does: str, iin: str, said: dict[str, Any]
) -> None:
    desk.does = does
    assert basics(layer, iin) == said


def test_a_failure_has_its_own_envelope(layer: ClientConnection, desk: ncalayer.Desk) -> None:
    desk.does = "fails"
    said = basics(layer)
    assert (said["status"], said["code"]) == (False, "INVOCATION_ERROR")
    assert said["details"].startswith("org.json.JSONException")


def test_the_old_module_answers_in_the_old_way(layer: ClientConnection, desk: ncalayer.Desk) -> None:
    desk.uses = eds.BOLAT.iin
    args = ["PKCS12", "SIGNATURE", DATA, False]
    assert ask(layer, "commonUtils", "createCMSSignatureFromBase64", args)["code"] == "200"
    assert ask(layer, "commonUtils", "getActiveTokens") == {"code": "200", "responseObject": []}
    wrong = ask(layer, "commonUtils", "createCMSSignatureFromBase64", ["PKCS12", 5, DATA, False])
    assert wrong["code"] == "500"
    assert "argument type mismatch" in wrong["message"]
    desk.does = "cancels"
    assert ask(layer, "commonUtils", "createCMSSignatureFromBase64", args) == {
        "code": "500",
        "message": "action.canceled",
    }


def test_a_foreign_probe_is_answered_with_nothing(layer: ClientConnection) -> None:
    layer.send(json.dumps({"module": "kz.digiflow.mobile.extensions", "method": "getVersion"}))
    assert json.loads(layer.recv()) == {}


def test_the_demos_people_are_those_of_its_file(tmp_path: Path) -> None:
    file = tmp_path / "people.json"
    desk = PeopleOfFile(eds.authority(), file)
    assert desk.key(eds.BOLAT.iin) is None
    file.write_text(json.dumps([{"iin": eds.BOLAT.iin, "surname": "Ермекова", "name": "Болат"}]))
    made = desk.key(eds.BOLAT.iin)
    assert made is not None
    assert cms.number(made.certificate, "IIN") == eds.BOLAT.iin
