"""How the parameters of a model are laid out in tiles: one for each layer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from autograd import Value
from nn.layers import Layer
from nn.module import Module


class Tile(NamedTuple):
    """A table of parameters.

    Attributes:
        title: What it shows, such as "layer 1: 2 → 16 relu".
        cells: For each row, the place of each parameter among those of the model; None where there
            is none.
        names: The name of each, in the same form.
        has_bias: Whether the last column holds biases.
    """

    title: str
    cells: list[list[int | None]]
    names: list[list[str]]
    has_bias: bool


def tiles_of(model: Module) -> list[Tile]:
    """A tile for each `Layer` of a model, and one row of all parameters that are in no layer.

    Args:
        model: The model.

    Returns:
        The tiles, of which a row holds the weights into one neuron and then its bias.
    """
    places = {id(parameter): place for place, parameter in enumerate(model.parameters())}
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    layers = [module for _, module in model.named_modules() if isinstance(module, Layer)]
    tiles = [_tile(number, layer, places, names) for number, layer in enumerate(layers, 1)]
    shown = {place for tile in tiles for row in tile.cells for place in row}
    rest = [p for p in model.parameters() if places[id(p)] not in shown]
    if rest:
        title = "other parameters" if tiles else "parameters"
        row: list[int | None] = [places[id(p)] for p in rest]
        tiles.append(Tile(title, [row], [[names[id(p)] for p in rest]], False))
    return tiles


def _tile(number: int, layer: Layer, places: dict[int, int], names: dict[int, str]) -> Tile:
    has_bias = any(neuron.bias is not None for neuron in layer.neurons)

    def row(neuron_place: int) -> Iterator[Value | None]:
        neuron = layer.neurons[neuron_place]
        yield from neuron.weights
        if has_bias:
            yield neuron.bias

    rows = [list(row(place)) for place in range(len(layer.neurons))]
    return Tile(
        f"layer {number}: {layer.n_inputs} → {layer.summary()}",
        [[None if p is None else places.get(id(p)) for p in cells] for cells in rows],
        [["" if p is None else names.get(id(p), "") for p in cells] for cells in rows],
        has_bias,
    )
