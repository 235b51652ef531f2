"""The four tutorial networks: every published figure, and reference figures to 1e-12.

The reference figures were computed with an independent NumPy program in float64.
"""

import numpy as np
import pytest

from examples import activations, mazur, three_two_one, two_two_one, two_two_two
from examples.report import agrees, loss_of, outputs, train

MAZUR_GRADIENT = [
    0.00043856773447434685, 0.0008771354689486937, 0.0004977127352608601, 0.0009954254705217202,
    0.08216704056423078, 0.08266762784753326, -0.022602540477475067, -0.02274024221597822,
]  # fmt: skip
MAZUR_UPDATED = [
    "0.149780716", "0.19956143", "0.24975114", "0.29950229",
    "0.35891648", "0.408666186", "0.511301270", "0.561370121",
]  # fmt: skip


def exactly(expected):
    return pytest.approx(expected, rel=1e-12, abs=0)


def mazur_losses(steps):
    model = mazur.network()
    loss = lambda: loss_of(model, mazur.X, mazur.Y)  # noqa: E731
    return train(mazur.weights_of(model), loss, mazur.LR, steps), model


def test_mazur_gradient() -> None:
    model = mazur.network()
    loss = loss_of(model, mazur.X, mazur.Y)
    loss.backward()
    assert agrees("0.298371109", loss.data)
    assert [w.grad for w in mazur.weights_of(model)] == exactly(MAZUR_GRADIENT)
    assert agrees("0.000438568", MAZUR_GRADIENT[0])
    hidden_bias, output_bias = (layer.neurons[0].bias.grad for layer in model.layers)
    assert hidden_bias == exactly(0.018725609394704128)
    assert output_bias == exactly(0.10040032511200071)
    # The article's chain for w5: 0.74136507 · 0.186815602 · 0.593269992 = 0.082167041.
    out_o1, net_o1 = loss.parents[0], loss.parents[0].parents[0]
    chain = [loss.partials[0], out_o1.partials[0], net_o1.partials[0]]
    assert agrees("0.74136507", chain[0])
    assert agrees("0.186815602", chain[1])
    assert agrees("0.593269992", net_o1.parents[2].data)
    assert agrees("0.082167041", MAZUR_GRADIENT[4])


def test_mazur_first_update() -> None:
    losses, model = mazur_losses(1)
    assert losses == exactly([0.2983711087600027, 0.29102777369359933])
    for published, weight in zip(MAZUR_UPDATED, mazur.weights_of(model), strict=True):
        assert agrees(published, weight.data), weight
    assert model.biases() == [[0.35, 0.35], [0.6, 0.6]]


def test_mazur_after_10_000_updates() -> None:
    losses, _ = mazur_losses(10_000)
    assert losses[2] == exactly(0.28354713312241997)
    assert agrees("0.0000351085", losses[9_999])
    assert losses[9_999] == pytest.approx(3.510854812251261e-05, rel=1e-9)
    assert losses[10_000] == pytest.approx(3.510187782978859e-05, rel=1e-9)


def test_what_mazur_prints_of_output_weights_that_were_updated_too_early() -> None:
    by_the_gradient, model = mazur_losses(10_000)
    for published, late, exact in (
        ("0.291027924", mazur.late_rounds(1)[0], by_the_gradient[1]),
        ("0.015912196", mazur.late_rounds(10_000)[1][0], outputs(model, mazur.X)[0].data),
        ("0.984065734", mazur.late_rounds(10_000)[1][1], outputs(model, mazur.X)[1].data),
    ):
        assert agrees(published, late)
        assert not agrees(published, exact)
    assert agrees("0.291027774", by_the_gradient[1])
    assert [round(out.data, 9) for out in outputs(model, mazur.X)] == [0.015913620, 0.984064274]
    # The article's error after 10,000 rounds is the gradient's, before the 10,000th update.
    assert not agrees("0.0000351085", mazur.late_rounds(9_999)[0])
    assert mazur.late_rounds(9_999)[0] == pytest.approx(3.50914538e-05, rel=1e-9)


def test_all_147_losses_come_from_the_flawed_rule() -> None:
    published = [float(x) for x in mazur.PUBLISHED_LOSSES.read_text(encoding="utf-8").split()]
    assert len(published) == 147
    assert published[0] == 0.29837110876
    assert published[-1] == 0.000245054223056
    assert sum(published) == pytest.approx(7.339864022404711, rel=1e-12)  # the file is whole
    assert mazur.flawed_losses(147) == pytest.approx(published, rel=0, abs=1e-9)
    true = mazur.train_as_the_notebook()
    assert abs(true[1] - published[1]) > 1e-6
    assert true[-2] - true[-1] < 1e-5 <= true[-3] - true[-2]


def test_the_flawed_rule_gets_six_weights_wrong_at_the_first_step() -> None:
    errors = mazur.first_step_errors()
    wrong = [name for name, true, flawed in errors if abs(true - flawed) > 1e-9]
    assert wrong == ["w1", "w2", "w3", "w4", "w6", "w7"]


def test_two_two_two() -> None:
    model = two_two_two.network()
    weights = [p for p in model.parameters() if p.label.startswith("w")]
    loss = loss_of(model, two_two_two.X, two_two_two.Y)
    loss.backward()
    published = [
        "0.00153768", "0.00871351", "0.0016276", "0.00922309",
        "-0.01685008", "-0.01805918", "0.05168516", "0.05539389",
    ]  # fmt: skip
    for figure, weight in zip(published, weights, strict=True):
        assert agrees(figure, weight.grad), weight
    losses = train(weights, lambda: loss_of(model, two_two_two.X, two_two_two.Y), 0.5, 500)
    # train() zeroes the gradients first, so the pass above changed nothing.
    assert losses[0] == exactly(0.18082541536673846)
    assert losses[1] == exactly(0.1775518683261324)
    assert losses[500] == exactly(0.00016174519813361927)
    first, second = outputs(model, two_two_two.X)
    assert agrees("0.93202562", first.data)
    assert agrees("0.24935801", second.data)


def test_two_two_two_published_formulas_are_wrong() -> None:
    model = two_two_two.network()
    loss = loss_of(model, two_two_two.X, two_two_two.Y)
    loss.backward()
    d_w5, d_h1 = two_two_two.published_formulas()
    w5 = next(p for p in model.parameters() if p.label == "w5")
    assert abs(d_w5 - w5.grad) > 0.01
    assert abs(d_h1 - loss.parents[0].parents[0].parents[2].grad) > 0.01


@pytest.mark.parametrize("sample", two_two_one.SAMPLES, ids=lambda sample: sample.name)
def test_two_two_one(sample) -> None:
    for name, published, computed in two_two_one.figures(sample):
        assert published is None or agrees(published, computed), name


def test_three_two_one() -> None:
    for name, published, computed in three_two_one.figures() + three_two_one.functions():
        assert agrees(published, computed), name
    output, gradient = three_two_one.perceptron()
    assert 0.99999 < output < 1
    assert all(0 < slope < 1e-4 for slope in gradient)


def test_published_leaky_relu_derivative_is_wrong_below_zero_only() -> None:
    values, slopes = activations.curve(activations.ACTIVATIONS["leaky ReLU"])
    assert len(values) == 100
    for x, value, slope in zip(activations.POINTS, values, slopes, strict=True):
        assert slope == (1.0 if x > 0 else 0.01)
        assert (activations.published_leaky_slope(value) == slope) == (x > 0)


def test_the_notebooks_tanh_is_tanh() -> None:
    for (value, slope), x in zip(
        zip(*activations.curve(activations.hyperbolic_tangent), strict=True),
        activations.POINTS,
        strict=True,
    ):
        tanh = activations.autograd.tanh(activations.Value(x))
        assert value == pytest.approx(tanh.data, abs=1e-15)
        assert slope == pytest.approx(tanh.partials[0], abs=1e-12)


@pytest.mark.parametrize(
    ("published", "computed", "same"),
    [
        ("0.25", 0.2549, True),
        ("0.25", 0.2551, False),
        ("-1.5e-04", -0.000154, True),
        ("-1.5e-04", -0.000156, False),
        ("2", 2.0, True),
    ],
)
def test_agreement_is_to_the_printed_digits(published, computed, same) -> None:
    assert agrees(published, computed) is same


def losses_in_numpy(with_biases, momentum, steps):
    """T1 by matrices: its losses, with the biases shared by a layer trained or not."""
    x, y = np.array(mazur.X), np.array(mazur.Y)
    weights = [np.array(mazur.HIDDEN), np.array(mazur.OUTPUT), *map(np.array, mazur.BIASES)]
    velocity = [np.zeros_like(w) for w in weights]
    losses = []
    for _ in range(steps):
        w1, w2, b1, b2 = weights
        h = 1 / (1 + np.exp(-(w1 @ x + b1)))
        o = 1 / (1 + np.exp(-(w2 @ h + b2)))
        losses.append(0.5 * np.sum((o - y) ** 2))
        d2 = (o - y) * o * (1 - o)
        d1 = (w2.T @ d2) * h * (1 - h)
        slopes = [np.outer(d1, x), np.outer(d2, h), d1.sum(), d2.sum()]
        if not with_biases:
            slopes[2:] = [0.0, 0.0]
        velocity = [momentum * v + g for v, g in zip(velocity, slopes, strict=True)]
        weights = [w - mazur.LR * v for w, v in zip(weights, velocity, strict=True)]
    return losses


def test_what_the_notebook_leaves_to_be_done() -> None:
    """Biases and momentum, held to NumPy; each makes T1 faster."""
    curves = list(mazur.variants(200).values())
    for curve, (with_biases, momentum) in zip(
        curves, [(False, 0.0), (True, 0.0), (False, 0.9), (True, 0.9)], strict=True
    ):
        assert curve == pytest.approx(losses_in_numpy(with_biases, momentum, 200), rel=1e-9)
    plain, biases, momentum, both = curves
    assert both[30] < momentum[30] < biases[30] < plain[30]


def test_batched_gradient_descent_is_along_the_mean_gradient() -> None:
    samples = [(mazur.X, mazur.Y), (two_two_two.X, two_two_two.Y)]
    model = mazur.network()
    losses = train(
        model.parameters(), lambda: sum(loss_of(model, x, y) for x, y in samples) / 2, mazur.LR, 20
    )
    assert mazur.batched(100)["both samples a step"][:20] == exactly(losses[:20])
