import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from models.engines.spec import Precision  # noqa: E402
from models.networks.realtime import RealtimeNet  # noqa: E402
from models.training import state  # noqa: E402
from models.training.config import settings_of  # noqa: E402
from models.training.optim.muon import Muon, is_hidden_kernel, orthogonalised  # noqa: E402


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
@pytest.mark.parametrize("shape", [(24, 200), (200, 24), (32, 32)])
def test_singular_values_come_to_about_one(shape, dtype):
    torch.manual_seed(0)
    matrix = torch.randn(shape)
    made = orthogonalised(matrix, dtype)
    assert made.dtype == torch.float32
    assert made.shape == shape
    values = torch.linalg.svdvals(made.float())
    assert float(values.max()) < 1.3
    assert float(values.median()) > 0.6
    # The same singular vectors: in their basis the result is diagonal.
    left, _, right = torch.linalg.svd(matrix, full_matrices=False)
    diagonal = left.T @ made @ right.T
    off = diagonal - torch.diag(torch.diagonal(diagonal))
    assert float(off.abs().max()) < 0.1


def test_the_update_has_adams_size_whatever_the_gradients():
    """Its root mean square is the rate times MATCHED_RMS, for a wide kernel and a narrow one."""
    torch.manual_seed(0)
    for scale in (1e-4, 1e3):
        kernel = torch.nn.Parameter(torch.zeros(32, 48, 3, 3))
        kernel.grad = torch.randn_like(kernel) * scale
        Muon([kernel], lr=1e-3).step()
        size = float(kernel.detach().square().mean().sqrt())
        assert 1e-4 < size < 3e-4


def test_it_takes_what_lies_between_features():
    net = RealtimeNet()
    chosen = {name for name, parameter in net.named_parameters() if is_hidden_kernel(parameter)}
    assert "visible.stage8.convolutions.0.weight3" in chosen
    assert "decoder.up16.weight" in chosen
    assert not chosen & {"visible.stage4.convolutions.0.weight", "decoder.head.weight3"}
    assert not any("bias" in name or "norm" in name for name in chosen)


def test_it_resumes_where_it_was():
    torch.manual_seed(0)
    gradients = torch.randn(4, 24, 24, 3, 3)
    whole = torch.nn.Parameter(torch.zeros(24, 24, 3, 3))
    first = torch.nn.Parameter(torch.zeros(24, 24, 3, 3))
    optimiser, other = Muon([whole], lr=1e-2), Muon([first], lr=1e-2)
    for gradient in gradients:
        whole.grad = gradient
        optimiser.step()
    for gradient in gradients[:2]:
        first.grad = gradient
        other.step()
    again = Muon([first], lr=1e-2)
    again.load_state_dict(other.state_dict())
    for gradient in gradients[2:]:
        first.grad = gradient
        again.step()
    assert torch.equal(whole, first)


@pytest.mark.parametrize(
    ("there", "wanted"),
    [((Precision.F32,), torch.float32), ((Precision.BF16, Precision.F32), torch.bfloat16)],
)
def test_matrices_are_in_bf16_where_the_cpu_computes_in_it(there, wanted, monkeypatch):
    monkeypatch.setattr(state, "cpu_precisions", lambda: there)
    made = state.TrainingState(settings_of("fast", {"device": "cpu"}))
    (muon,) = (each for each in made.optimisers if isinstance(each, Muon))
    assert muon.matrices is wanted
