"""The live checks on designs that are the candidate's own: what holds parameters, what loss and backward give besides.

python tests/test_practice_designs.py judges the whole grid of designs, which takes minutes, and prints the figures.
"""

import itertools
import sys

import pytest
from live_designs import ACTIVATIONS, BACKWARDS, CLASSES, CONTAINERS, GRADIENTS, LOSSES, ORDERS, design, in_class

from backprop.practice import live

LISTS = list(itertools.product(ACTIVATIONS, ORDERS, (False, True)))  # 336
GRID = list(itertools.product(CONTAINERS, GRADIENTS, LOSSES, BACKWARDS))  # 1092


def refused(init, loss, backward):
    """What the three stages say of a design against it; [] where each finds it right."""
    told = [repr(live.parameters(init)), repr(live.loss(init, loss)), repr(live.gradients(init, loss, backward))]
    return [words for words in told if "Right" not in words]


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_list_in_any_order_is_right(activation):
    """Two of the 48 lists of each activation: another order for each, and biases as rows in one of them."""
    n = list(ACTIVATIONS).index(activation)
    for order, row in ((ORDERS[3 * n], False), (ORDERS[23 - 3 * n], True)):
        assert not refused(*design(activation=activation, order=order, row=row)), (order, row)


@pytest.mark.parametrize("container", CONTAINERS)
def test_whatever_holds_the_parameters_is_right(container):
    """Each container with other forms of gradients, of loss and of backward, all of which are met."""
    n = list(CONTAINERS).index(container)
    forms = [list(table)[n % len(table)] for table in (GRADIENTS, LOSSES, BACKWARDS)]
    assert not refused(*design(container, *forms)), forms


@pytest.mark.parametrize("kind", CLASSES)
def test_a_class_is_right(kind):
    assert not refused(*in_class(kind))


def all_designs():
    yield from (((a, order, row), design(activation=a, order=order, row=row)) for a, order, row in LISTS)
    yield from ((forms, design(*forms)) for forms in GRID)
    yield from ((kind, in_class(kind)) for kind in CLASSES)


if __name__ == "__main__":
    found = [(what, refused(*made)) for what, made in all_designs()]
    for what, words in found:
        print(*([what, words] if words else []))
    print(f"{len(found)} right designs, {sum(bool(words) for _, words in found)} rejected")
    sys.exit()
