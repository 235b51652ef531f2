# One node used twice: the contributions of both paths add up
from autograd import Value, draw, explain

a = Value(3.0, label="a")
b = a * a
b.label = "b"
y = b + 2 * a
y.label = "y"
y.backward()

print(explain(y, a))
draw(y)
