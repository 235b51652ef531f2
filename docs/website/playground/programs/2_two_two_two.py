# T2: a 2-2-2 network without a published result
from autograd import draw
from nn import MLP, half_sse

network = MLP.from_weights(
    [((0.1, 0.2), (0.3, 0.4)), ((0.5, 0.6), (0.7, 0.8))],
    (0.35, 0.60),
    activation="sigmoid",
    output_activation="sigmoid",
)
E = half_sse(network([0.15, 0.85]), [0.95, 0.25])
E.label = "E"
E.backward()

for p in network.parameters():
    print(f"∂E/∂{p.label} = {p.grad:.8f}")
draw(E)
