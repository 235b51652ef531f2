# T4: a 3-2-1 network without biases (Understanding Backpropagation)
from autograd import draw
from nn import MLP, half_sse

network = MLP.from_weights(
    [((0.5, 0.1, 0.1), (-0.6, -0.2, 0.7)), ((0.1, -0.3),)],
    activation="sigmoid",
    output_activation="sigmoid",
)
output = network([0.5, 0.1, -0.2])
E = half_sse([output], [0.6])
E.label = "E"
E.backward()

print(f"output {output.data:.12f}")
for p in network.parameters():
    print(f"0.5 · ∂E/∂{p.label} = {0.5 * p.grad:.8g}")
draw(E)
