"""Writes the layers of multilingual-e5-small as a graph for ONNX Runtime; opening it for texts does not belong here.

Weights and what goes into them are whole numbers of eight bits, each row of tokens on its own scale. A few channels
of this model are much larger than the others, so each channel is first divided by about what it reaches on sample
texts, and the weights multiplied by it: that brings the vectors from cosine 0.9992 to 0.9997 with float32.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from matcher.e5_weights import Array, Shape

Tensors = Mapping[str, Array]
Peaks = Mapping[str, Array]
"""By the name of a place in the graph: the largest absolute value of each channel there, on sample texts."""

FUSED = "com.microsoft"  # ONNX Runtime's own operators
OPSET, FUSED_OPSET, IR = 18, 1, 9
PEAK = "peak."
EVENED = 0.7  # how much of a channel's peak goes to the weights; 1 would leave nothing of it
LOWEST_GELU = 0.17  # a GELU never goes below minus this
SELF = ("attention.self.query", "attention.self.key", "attention.self.value")


@dataclass(slots=True)
class Graph:
    """The nodes and constants written so far."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)
    outputs: list[onnx.ValueInfoProto] = field(default_factory=list)

    def constant(self, array: NDArray[Any] | np.generic) -> str:
        """Keep an array or a number and give its name."""
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(array, order="C"), name))
        return name

    def add(self, kind: str, inputs: Sequence[str], *, count: int = 1, domain: str = "", **settings: Any) -> list[str]:
        """Add a node and give the names of its outputs."""
        made = [f"n{len(self.nodes)}.{number}" for number in range(count)]
        self.nodes.append(helper.make_node(kind, inputs, made, domain=domain, **settings))
        return made

    def one(self, kind: str, *inputs: str, domain: str = "", **settings: Any) -> str:
        """Add a node with one output and give its name."""
        return self.add(kind, inputs, domain=domain, **settings)[0]

    def output(self, name: str, value: str, dimensions: Sequence[int | str]) -> None:
        """Make a value an output of the graph."""
        self.nodes.append(helper.make_node("Identity", [value], [name]))
        self.outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, dimensions))


Product = Callable[[Graph, str, str, Array, Array], tuple[str, Array]]
"""Multiplies at a named place: graph, place, input, weight (out, in) and bias → the product and the bias to add."""


def float_product(graph: Graph, place: str, values: str, weight: Array, bias: Array) -> tuple[str, Array]:
    """Multiply in float32, and let the graph tell the peak of each channel that goes in."""
    axes = graph.constant(np.asarray([0, 1], dtype=np.int64))
    peak = graph.one("ReduceMax", graph.one("Abs", values), axes, keepdims=0)
    graph.output(PEAK + place, peak, [weight.shape[1]])
    return graph.one("MatMul", values, graph.constant(weight.T)), bias


def eight_bit_product(peaks: Peaks, signed_weights: bool = True) -> Product:
    """Give a product in whole numbers of eight bits, with channels evened by their peaks where those are known.

    Without `signed_weights` they lie from 1 to 255 instead of -127 to 127, with the same outcome.
    """

    def product(graph: Graph, place: str, values: str, weight: Array, bias: Array) -> tuple[str, Array]:
        if place in peaks:
            scale = evening(peaks[place], weight)
            values, weight = graph.one("Mul", values, graph.constant(1 / scale)), weight * scale
        if place.endswith("narrowed"):
            low = graph.constant(np.float32(LOWEST_GELU))
            values = graph.one("Add", values, low)
            bias = bias - np.float32(LOWEST_GELU) * weight.sum(axis=1)
            return whole_number_product(graph, values, weight, signed_weights, signed=False), bias
        return whole_number_product(graph, values, weight, signed_weights, signed=True), bias

    return product


def evening(peak: Array, weight: Array) -> Array:
    """Give what each channel is divided by: so that neither values nor weights have channels that stand out."""
    reach = np.maximum(np.abs(weight).max(axis=0), np.float32(1e-5))
    scale: Array = (np.maximum(peak, 1e-5) ** EVENED / reach ** (1 - EVENED)).astype(np.float32)
    return scale


def whole_number_product(graph: Graph, values: str, weight: Array, signed_weights: bool, signed: bool) -> str:
    """Multiply rows by a weight (out, in) as whole numbers, with a scale for each row and each column of the result."""
    steps, zero = (127, 128) if signed else (255, 0)
    size = graph.one("Abs", values) if signed else values
    top = graph.one("ReduceMax", size, graph.constant(np.asarray([-1], dtype=np.int64)), keepdims=1)
    step, middle = graph.constant(np.float32(1 / steps)), graph.constant(np.uint8(zero))
    rounded = graph.one("QuantizeLinear", graph.one("Div", values, top), step, middle)
    scale = np.maximum(np.abs(weight).max(axis=1), np.float32(1e-12)) / np.float32(127)
    whole = np.rint(weight / scale[:, None]).T
    kind, zero = (np.int8, 0) if signed_weights else (np.uint8, 128)
    weights = [graph.constant((whole + zero).astype(kind)), step, graph.constant(scale), middle]
    product = graph.one("MatMulIntegerToFloat", rounded, *weights, graph.constant(kind(zero)), domain=FUSED)
    return graph.one("Mul", product, top)


def layers_graph(shape: Shape, tensors: Tensors, product: Product) -> bytes:
    """Write the graph that turns summed embeddings into a vector a row.

    In: `embedded` (rows, tokens, hidden), `sizes` (rows,) the tokens that count in each row, and `shares`
    (rows, 1, tokens) the weight of each token in the mean. Out: `vectors` (rows, hidden), not yet of length 1, and
    `halfway`, the same of what the lower half of the layers makes.
    """
    graph = Graph()
    values = norm(graph, shape, tensors, "embeddings.LayerNorm", "embedded")
    for number in range(shape.layers):
        if number == shape.layers // 2:
            mean_output(graph, shape, "halfway", values)
        values = layer(graph, shape, tensors, number, values, product)
    mean_output(graph, shape, "vectors", values)
    inputs = [
        helper.make_tensor_value_info("embedded", TensorProto.FLOAT, ["rows", "tokens", shape.hidden]),
        helper.make_tensor_value_info("sizes", TensorProto.INT32, ["rows"]),
        helper.make_tensor_value_info("shares", TensorProto.FLOAT, ["rows", 1, "tokens"]),
    ]
    body = helper.make_graph(graph.nodes, "multilingual-e5-small", inputs, graph.outputs, graph.constants)
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, FUSED_OPSET)]
    written: bytes = helper.make_model(body, opset_imports=opsets, ir_version=IR).SerializeToString()
    return written


def mean_output(graph: Graph, shape: Shape, name: str, values: str) -> None:
    """Make the mean of the tokens of each row an output."""
    mean = graph.one("MatMul", "shares", values)
    graph.output(name, graph.one("Squeeze", mean, graph.constant(np.asarray([1]))), ["rows", shape.hidden])


def layer(graph: Graph, shape: Shape, tensors: Tensors, number: int, values: str, product: Product) -> str:
    """Write one layer: attention and two products, each followed by adding what came in and a normalisation."""
    start = f"encoder.layer.{number}."
    weight = np.concatenate([tensors[f"{start}{name}.weight"] for name in SELF])
    bias = np.concatenate([tensors[f"{start}{name}.bias"] for name in SELF])
    joined, bias = product(graph, f"{number}.self", values, weight, bias)
    parts = graph.add("Split", [joined], count=3, axis=-1, num_outputs=3)
    attention = graph.add(
        "MultiHeadAttention", [*parts, graph.constant(bias), "sizes"], domain=FUSED, num_heads=shape.heads
    )[0]
    found = dense(graph, tensors, f"{start}attention.output.dense", f"{number}.attended", attention, product)
    values = norm(graph, shape, tensors, f"{start}attention.output.LayerNorm", graph.one("Add", found, values))
    weight, bias = tensors[f"{start}intermediate.dense.weight"], tensors[f"{start}intermediate.dense.bias"]
    wide, bias = product(graph, f"{number}.wide", values, weight, bias)
    wide = graph.one("BiasGelu", wide, graph.constant(bias), domain=FUSED)
    found = dense(graph, tensors, f"{start}output.dense", f"{number}.narrowed", wide, product)
    return norm(graph, shape, tensors, f"{start}output.LayerNorm", graph.one("Add", found, values))


def dense(graph: Graph, tensors: Tensors, name: str, place: str, values: str, product: Product) -> str:
    """Write a product with its bias."""
    found, bias = product(graph, place, values, tensors[f"{name}.weight"], tensors[f"{name}.bias"])
    return graph.one("Add", found, graph.constant(bias))


def norm(graph: Graph, shape: Shape, tensors: Tensors, name: str, values: str) -> str:
    """Write a layer normalisation."""
    scale, shift = graph.constant(tensors[f"{name}.weight"]), graph.constant(tensors[f"{name}.bias"])
    return graph.one("LayerNormalization", values, scale, shift, axis=-1, epsilon=shape.epsilon)
