"""How a design is read that is the candidate's own: where its parameters, its loss and its gradients stand.

Parameters are arrays in a dict, a list, a tuple, a namedtuple, a dataclass or an object, nested as one likes. A loss is
a number, alone or beside a cache or gradients. Gradients are found by the names of the parameters, by their places, or
by their shapes, and where backward returns none, on the object that holds the parameters. Nothing is assumed of order.
"""

import copy
import functools
import inspect
import re
import types

import numpy as np

from backprop.practice.wording import describe

DEEPEST = 8  # groups in groups: an object may hold itself
ROLES = {  # what an argument is, by its name
    "params": r"p|ps|params?|parameters|theta|th|ws?|weights?|net|network|nn|model|mlp|self|layers?|state",
    "X": r"x|xs|xb|x_?batch|inputs?|data|images|features|samples|a_?0",
    "y": r"y|ys|yb|y_?batch|labels?|targets?|t|ts|y_?true|y_?onehot|one_?hot|truth",
    "cache": r"cached?|ctx|context|saved|trace|memo|memory|kept|fwd|acts?|activations?|intermediates?|tape|stash",
    "mask": r"mask|masks|m|ms|weights?|counts?|keep|valid",
    "smoothing": r"smoothing|smooth|label_?smoothing|ls|s|eps|epsilon|alpha",
}
KEPT = (
    r"_?(grads?|gradients?|g|d|dparams|dtheta|dws?|deltas?)"  # what an object may call that in which it keeps gradients
)
SIZES = r"sizes?|dims?|layers?|widths?|layer_sizes|layer_dims|ns|shape|architecture|units"  # of all layers, in a list
OF_THE_STEP = r"_?(v|m|s|vs|ms|vel|velocity|velocities|mom|momentum|moments?|adam_?\w?)"
ONE = "theta"  # what all parameters in a single array are called
NOT_A_HOLDER = (np.random.Generator, np.random.RandomState, np.generic, types.ModuleType, types.FunctionType, type)


class Finding(Exception):
    """What ends a stage, in a sentence."""


# --- parameters ---


def holds(thing):
    """Is this an object of the candidate's own class, which may hold arrays?"""
    plain = type(thing).__module__ in ("builtins", "numpy") or isinstance(thing, NOT_A_HOLDER)
    return not plain and not callable(getattr(thing, "__array__", None)) and bool(_fields(thing))


def _fields(thing):
    names = list(getattr(thing, "__dict__", {}))
    for kind in type(thing).__mro__:
        slots = kind.__dict__.get("__slots__", ())
        names += [slots] if isinstance(slots, str) else slots
    return [name for name in dict.fromkeys(names) if hasattr(thing, name) and not name.startswith("__")]


def beside(a, keyed):
    """Is this something that stands beside parameters, such as a function, a name, or a layer without any?"""
    number = keyed and isinstance(a, (int, float, np.number))
    return number or callable(a) or isinstance(a, (str, bytes)) or type(a).__module__ not in ("builtins", "numpy")


def grouped(thing):
    """[(key, value)] of a group, or None where it is none. What is inside an object has a name with a dot."""
    if isinstance(thing, dict):
        return list(thing.items())
    if hasattr(thing, "_fields") and isinstance(thing, tuple):
        return list(zip(thing._fields, thing))
    if isinstance(thing, (list, tuple)):
        return list(enumerate(thing))
    if holds(thing):
        return [(f".{name}", getattr(thing, name)) for name in _fields(thing)]
    return None


def named(params, pads=False, like=None):
    """[(name, array), …] by keys, fields and places, each array once. With `pads`, each None as well.

    What is `like` something is entered only where that holds more than one array: a gradient may be a list of rows. Of
    an object's fields only arrays with an axis count, and none that is called the gradient of another.
    """
    if isinstance(params, np.ndarray):
        return [(ONE, params)]
    found = _named(params, pads, params if like is None else like)
    if like is None:
        bare = {name for name, _ in found}
        found = [(name, a) for name, a in found if not (_of_another(name, bare) or _of_the_step(name, bare))]
    return found


def _of_another(name, names):
    """Is this array, by its name, the gradient of one of the others: dW1 beside W1, grads[W1] beside params[W1]?"""
    root, tail = re.fullmatch(r"(\w*)(.*)", name).groups()
    if tail and re.fullmatch(KEPT, root):
        return any(other != name and other.endswith(tail) for other in names)
    return bool((_meant(name) - {name}) & names)


def _of_the_step(name, names):
    """Is this array, by its name, what an update rule keeps for one of the others: v[W1] or mW1 beside W1?"""
    root, tail = re.fullmatch(r"(\w*)(.*)", name).groups()
    if tail and re.fullmatch(OF_THE_STEP, root):
        return any(other != name and other.endswith(tail) for other in names)
    made = re.fullmatch(rf"({OF_THE_STEP})_?(.+)", name)
    return bool(made) and made.groups()[-1] in names


def _named(thing, pads, like, within="", seen=()):
    found, theirs = [], dict(grouped(like) or [])
    if len(seen) > DEEPEST or id(thing) in seen:
        return found
    for key, a in grouped(thing) or []:
        dotted = isinstance(key, str) and key.startswith(".") and holds(thing)
        name = (f"{within}{key}" if within else key[1:]) if dotted else f"{within}[{key}]" if within else str(key)
        if grouped(a) is not None and grouped(theirs.get(key)) is not None:
            found += _named(a, pads, theirs[key], name, (*seen, id(thing)))
        elif (dotted and not (isinstance(a, np.ndarray) and a.ndim)) or (
            beside(a, isinstance(thing, dict)) and not isinstance(theirs.get(key), np.ndarray)
        ):
            continue
        elif a is not None or pads:
            found.append((name, a))
    if holds(thing):  # an object may keep one array under two names
        found = list({id(a): (name, a) for name, a in reversed(found)}.values())[::-1]
    return found


def arranged(params):
    """Are these arrays, in a group?"""
    return (
        (grouped(params) is not None or isinstance(params, np.ndarray))
        and all(isinstance(a, np.ndarray) for _, a in named(params))
        and named(params)
    )


def rebuilt(params, arrays):
    """A copy of `params` that holds `arrays` in place of its own, wherever it holds them."""
    if not arranged(params):
        raise Finding(f"init gives {describe(params)}: the parameters should be arrays in something that holds them.")
    memo = {id(a): np.asarray(new) for (_, a), new in zip(named(params), arrays)}
    try:
        return copy.deepcopy(params, memo)
    except TypeError as error:  # an object may hold a module, or a file
        raise Finding(f"The parameters can't be copied: {error}. Keep only arrays and numbers beside them.") from None


# --- what a call takes and gives ---


@functools.lru_cache(maxsize=64)
def asked(function):
    """[(argument, its role or None, whether it has to be given)] of a function; [] where its signature doesn't say."""
    try:
        signature = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    found, left = [], dict(ROLES)
    for p in signature:
        if p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD):
            return []
        role = next((role for role, words in left.items() if re.fullmatch(words, p.name.strip("_").lower())), None)
        left.pop(role, None)
        found.append((p.name, role, p.default is p.empty))
    return found


def make(init, *sizes, rng):
    """The parameters that `init` draws for these sizes, with `rng`, a seed, or nothing of the kind, as it asks."""
    roles = [name.lower().strip("_") for name, _, needed in asked(init) if needed]
    given = [list(sizes)] if roles and re.fullmatch(SIZES, roles[0]) else list(sizes)
    if "seed" in roles[len(given) :]:
        return init(*given, int(rng.integers(1000)))
    return init(*given) if len(roles) == len(given) else init(*given, rng)


def call(function, given, cache=None):
    """What a function gives for `given`, a dict of params, X, y and what the prompt has besides, and for a cache.

    Arguments go by their names, where these say what they are; otherwise in the order of `given`.
    """
    things = given | ({} if cache is None else {"cache": cache})
    wanted = [one for one in asked(function) if one[2] or one[1] in things]
    if wanted and all(role in things for _, role, _ in wanted):
        return function(**{name: things[role] for name, role, _ in wanted})
    count = len([one for one in wanted if one[2]])
    if cache is not None and count == len(given) + 1:
        return function(*given.values(), cache)
    if cache is not None and count == 2:
        return function(given["params"], cache)
    return function(*given.values())


def takes(function, role):
    """Does a function take an argument of this role, by its name, or one more than params, X and y?"""
    roles = asked(function)
    more = [name for name, of_it, needed in roles if needed and of_it not in ("params", "X", "y", "cache")]
    return not roles or any(of_it == role for _, of_it, _ in roles) or bool(more)


def number(value, name, due):
    """The number that a call gives, alone or beside something else. A Finding where there is none."""
    return split(value, name, due)[0]


def split(value, name="loss", due="the mean over the batch"):
    """(number, what came with it) of what a loss gives: a number, or a tuple or a dict that holds one."""
    one, rest = value, None
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        numbers = [n for n, item in enumerate(value) if is_number(item)]
        if len(value) > 1 and numbers:
            rest = [item for n, item in enumerate(value) if n != numbers[0]]
            one, rest = value[numbers[0]], rest[0] if len(rest) == 1 else tuple(rest)
    elif isinstance(value, dict):
        key = next((key for key in ("loss", "L", "cost", "value") if is_number(value.get(key))), None)
        one, rest = (value[key], value) if key else (value, None)
    one = one.item() if isinstance(one, np.ndarray) and one.size == 1 else one
    if isinstance(one, (bool, np.bool_)):
        raise Finding(f"{name} gives {one}, a truth value. Return one number, {due}.")
    if not isinstance(one, (int, float, np.integer, np.floating)):
        raise Finding(f"{name} gives {describe(value)}. Return one number, {due}.")
    return one, rest


def is_number(item):
    """Is this one number, and no truth value?"""
    if isinstance(item, np.ndarray):
        return item.size == 1
    return isinstance(item, (int, float, np.integer, np.floating)) and not isinstance(item, (bool, np.bool_))


# --- gradients ---


def gradients(given, base, work=None):
    """({name: gradient, or None}, order) of what backward gives, named as the parameters `base` are.

    `work` is the object on which backward ran, where it may have kept them. order is None, or, where only the shapes
    tell whose gradients they are, the names in the order of the gradients. A Finding where there are none.
    """
    found, order = _very(given, base, work)
    return {name: None if a is None else np.array(a) for name, a in found.items()}, order


def with_gradients(given, base, work, spoiled):
    """What backward gave, with `spoiled` in place of its gradients; those that an object keeps are written over."""
    found, _ = _very(given, base, work)
    on_it = {id(a) for _, a in _flat(work)} if holds(work) else set()
    for name, new in spoiled.items():
        if id(found[name]) in on_it:
            found[name][...] = new
    if given is None or given is work:
        return given
    return copy.deepcopy(given, {id(found[name]): np.array(new) for name, new in spoiled.items()})


def _very(given, base, work=None):
    """As `gradients`, but the very arrays."""
    pads = {name for name, a in named(base, pads=True) if a is None}
    arrays = dict(named(base))
    source = _source(given, base, work)
    if isinstance(base, np.ndarray):
        whole = [a for a in [given, *(a for _, a in _flat(given))] if isinstance(a, np.ndarray) and a.ndim]
        return {ONE: next((a for a in whole if a.shape == base.shape), whole[0] if whole else None)}, None
    if grouped(source) is None:
        raise Finding(f"backward gives {describe(given)}. Return the gradients, in a dict, a list or a tuple.")
    found = {name: a for name, a in _named(source, True, base) if name not in pads}
    if set(found) == set(arrays) and all(np.shape(_plain(found[name])) == a.shape for name, a in arrays.items()):
        return found, None
    return _matched(found, arrays, source)


def _plain(a):
    """An array of what a gradient is; None where it holds no numbers."""
    try:
        array = np.asarray(a)
    except ValueError:  # rows of several lengths
        return None
    return array if array.dtype.kind in "fiub" else None


def _source(given, base, work):
    """What holds the gradients: what backward gives, a part of it, or else the object on which it ran."""
    alike = {name for name, _ in _named(given, False, base)} == {name for name, _ in named(base)}
    if isinstance(given, (tuple, list)) and not hasattr(given, "_fields") and not alike:
        inner = [one for one in given if len(_flat(one)) > 1]
        loose = [one for one in given if isinstance(one, np.ndarray) and one.size > 1]
        if len(inner) == 1 and len(_flat(inner[0])) > len(loose):
            return inner[0]
    if _flat(given) and given is not work:
        return given
    if holds(work):
        own = {name for name, _ in named(base)}
        kept = {name: a for name, a in _flat(work) if name not in own and not _of_the_step(name, own)}
        return kept or given
    return given


def _flat(thing, within="", deep=0):
    """[(name, array)] of all arrays in a group, however deep."""
    found = []
    for key, a in grouped(thing) or [] if deep <= DEEPEST else []:
        dotted = holds(thing) and str(key).startswith(".")
        name = (f"{within}{key}" if within else key[1:]) if dotted else f"{within}[{key}]" if within else str(key)
        if isinstance(a, np.ndarray) and a.ndim:
            found.append((name, a))
        elif grouped(a) is not None:
            found += _flat(a, name, deep + 1)
    return found


def bare_names(name):
    """What a gradient's name may say it is the gradient of: W1 for dW1, grad_W1, W1_grad, dL_dW1."""
    patterns = (
        r"(?:d|g|∂)_?(.+)",
        r"(?:grads?|delta|nabla)_?(.+)",
        r"(?:dL|dl|dJ|dE|dC)_?d?(.+)",
        r"(.+?)_?grad(?:ient)?",
    )
    return {name, *(made[1] for pattern in patterns if (made := re.fullmatch(pattern, name)))}


@functools.cache
def _meant(name):
    """The names of parameters that a gradient's name may stand for: layers[0].dW says layers[0].W, W1.grad W1.data."""
    found = bare_names(name)
    if made := re.fullmatch(r"(.*)\.(\w+)", name):
        found |= {f"{made[1]}.{one}" for one in bare_names(made[2])} | bare_names(made[2])
        if re.fullmatch(KEPT, made[2]):
            found |= {made[1], f"{made[1]}.data", f"{made[1]}.value"}
    if made := re.fullmatch(r"(.*)\[(\w+)\]", name):
        found |= {f"{one}[{key}]" for one in bare_names(made[1]) for key in bare_names(made[2])} | bare_names(made[2])
    return found


def _keys(names):
    """{what may stand for a parameter: its name}: its name, and the last part of that where it is in no other."""
    lasts = [re.split(r"[.\[\]]+", name.rstrip("]"))[-1] for name in names]
    short = {last: name for last, name in zip(lasts, names) if lasts.count(last) == 1 and not last.isdigit()}
    return {key.lower(): name for key, name in (short | {name: name for name in names}).items()}


def _matched(found, arrays, source):
    """({name: gradient}, order) where the gradients are not arranged as the parameters are.

    By name where they have one, else by place where all shapes fit, by shape, and at last by place whatever the shapes.
    """
    loose, keys, said = _flat(source), _keys(list(arrays)), {}
    for name, a in [*found.items(), *loose]:
        if not name[0].isdigit():
            for one in {keys[m.lower()] for m in _meant(name) if m.lower() in keys}:
                said.setdefault(one, a)
    if len(said) == len(arrays) or (said and (isinstance(source, dict) or holds(source))):
        return {name: said.get(name) for name in arrays}, None
    due = [a.shape for a in arrays.values()]
    given = [a for _, a in loose]
    if [a.shape for a in given] == due:
        return dict(zip(arrays, given)), None
    order, left = {}, list(enumerate(given))
    for name, array in arrays.items():
        fits = [one for one in left if one[1].shape == array.shape] or [
            one for one in left if np.squeeze(one[1]).shape == np.squeeze(array).shape
        ]
        if fits:
            order[name] = fits[0]
            left = [one for one in left if one is not fits[0]]
    if len(order) == len(arrays):
        names = sorted(arrays, key=lambda name: order[name][0])
        return {name: a for name, (_, a) in order.items()}, names if names != list(arrays) else None
    if set(found) == set(arrays):
        return found, None
    if len(given) == len(arrays):
        return dict(zip(arrays, given)), None
    raise Finding(f"The gradients are {', '.join(found)}, the parameters {', '.join(arrays)}: arrange them alike.")
