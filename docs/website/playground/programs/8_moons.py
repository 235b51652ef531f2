# Moons: a network learns to tell two half circles apart
import math
import random

from autograd import draw
from nn import MLP, SGD, hinge

random.seed(0)
points, classes = [], []
for i in range(24):
    angle = math.pi * (i // 2) / 11
    upper = i % 2 == 0
    x = math.cos(angle) if upper else 1 - math.cos(angle)
    y = math.sin(angle) if upper else 0.5 - math.sin(angle)
    points.append([x + random.gauss(0, 0.05), y + random.gauss(0, 0.05)])
    classes.append(1 if upper else -1)

network = MLP(2, [6, 1], activation="tanh", rng=1)
optimiser = SGD(network.parameters(), lr=0.3)
for step in range(81):
    loss = hinge([network(x) for x in points], classes)
    if step % 20 == 0:
        signs = [1 if network(x).data > 0 else -1 for x in points]
        right = sum(sign == y for sign, y in zip(signs, classes, strict=True))
        print(f"step {step}: loss {loss.data:.4f}, {right} of {len(points)} right")
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()

one = hinge([network(points[0])], classes[:1])  # of one point, so that it can be read
one.label = "loss"
one.backward()
draw(one)
