# T1: a 2-2-2 network (Matt Mazur)
from autograd import draw
from nn import MLP, half_sse

network = MLP.from_weights(
    [((0.15, 0.20), (0.25, 0.30)), ((0.40, 0.45), (0.50, 0.55))],
    (0.35, 0.60),  # the neurons of a layer share a bias
    activation="sigmoid",
    output_activation="sigmoid",
)
E = half_sse(network([0.05, 0.10]), [0.01, 0.99])
E.label = "E"
E.backward()

for p in network.parameters():
    print(f"∂E/∂{p.label} = {p.grad:.9f}")
draw(E)
