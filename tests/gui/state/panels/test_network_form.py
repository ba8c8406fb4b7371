"""What the boxes of another network hold, and what is said of the last choice."""

import msgspec

from gui.state.panels.network_form import NetworkForm, network_form
from streamer.messages import NetworkChoice, NetworkOffer, NetworkOrder, OrderState, ProcessState
from tests.gui import feeder as make
from tests.gui.state.panels.test_model import run

OFFER = NetworkOffer(("fast:sensor", "quality:benchmark"), ("auto", "openvino"), ("auto", "f32"))
CHOICE = NetworkChoice("quality:benchmark", "auto", "f32", 2)


def ordered(state: OrderState, problem: str = "", choice: NetworkChoice = CHOICE):
    asked = run(statuses=[make.worker_status(networks=OFFER)])
    order = NetworkOrder(1, choice, state, problem)
    session = msgspec.structs.replace(asked.session, network_order=order)
    return network_form(msgspec.structs.replace(asked, session=session))


def test_what_is_used_and_what_there_is():
    worker = make.worker_status(networks=OFFER, views=2)
    assert network_form(run(statuses=[worker])) == NetworkForm(
        OFFER, "fast:sensor", "openvino", "int8", 2, ""
    )


def test_nothing_can_be_chosen_before_the_worker_is_there_or_where_it_takes_nothing():
    loading = make.status("inference", state=ProcessState.STARTING, detail="loading fast:sensor")
    assert network_form(run(statuses=[loading])).words == "The network is still being loaded."
    kept = network_form(run(statuses=[make.worker_status()]))
    assert kept.offer is None
    assert kept.words == "This run keeps the network that it began with."


def test_an_order_is_told_until_it_is_followed():
    words = "quality:benchmark is made ready; until then the results are those of fast:sensor."
    assert ordered(OrderState.PREPARING).words == words
    assert ordered(OrderState.USED).words == ""
    checkpoint = NetworkChoice("/home/a/runs/night/best.safetensors", "auto", "auto", 1)
    told = ordered(OrderState.PREPARING, choice=checkpoint).words
    assert told.startswith("night/best.safetensors is made ready")
    assert "/home" not in told


def test_a_refused_one_says_why_in_the_language_of_the_window(german):
    told = ordered(OrderState.REFUSED, "model x: no such checkpoint").words
    assert told == "Nicht geändert: Modell x: diese Datei mit Gewichten gibt es nicht"
