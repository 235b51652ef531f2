# T3: a linear 2-2-1 network (hmkcode)
from autograd import draw
from nn import MLP, SGD, half_sse

network = MLP.from_weights([((0.15, 0.20), (0.10, 0.18)), ((0.05, 0.26),)], activation="linear")
optimiser = SGD(network.parameters(), lr=0.01)

for step in range(2):
    prediction = network([5, 4])
    E = half_sse([prediction], [2])
    E.label = "E"
    print(f"step {step}: prediction {prediction.data:.9f}, E {E.data:.9f}")
    optimiser.zero_grad()
    E.backward()
    if step == 0:
        optimiser.step()
draw(E)
