# Softmax with cross-entropy: the gradient is p - y
from autograd import Value, draw, log, softmax

z = [Value(number, label=f"z{i}") for i, number in enumerate([2.0, 1.0, -1.0], 1)]
p = softmax(z)
for i, probability in enumerate(p, 1):
    probability.label = f"p{i}"
E = -log(p[0])  # the right class is the first
E.label = "E"
E.backward()

for z_i, p_i, y_i in zip(z, p, [1, 0, 0], strict=True):
    print(f"∂E/∂{z_i.label} = {z_i.grad:+.6f}   p - y = {p_i.data - y_i:+.6f}")
draw(E)
