# A neuron: weights, bias, tanh
from autograd import Value, draw, explain, tanh

w1, w2 = Value.parameter(-3.0, label="w1"), Value.parameter(1.0, label="w2")
x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
b = Value.parameter(6.8813735870195432, label="b")

net = w1 * x1 + w2 * x2 + b
net.label = "net"
o = tanh(net)
o.label = "o"
o.backward()

print(explain(o, w1))
draw(o)
