"""The data sets: what UCI published about the digits, a split that leaks nothing, and batches that lose no sample."""

import hashlib
import time

import numpy as np
import pytest

from backprop import data

CLASS_COUNTS = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]  # digits 0..9, optdigits.names, testing part
DTYPES = (np.float64, np.float32)


def everything():
    """All images as whole numbers 0..16, samples as rows, and their labels."""
    split = data.digits()
    pixels = np.hstack([split.X_train, split.X_test]).T * 16
    return pixels, np.concatenate([split.y_train, split.y_test])


def test_digits_have_the_published_counts():
    pixels, labels = everything()
    assert pixels.shape == (1797, 64)
    assert np.bincount(labels).tolist() == CLASS_COUNTS
    assert (pixels == pixels.round()).all()
    assert (pixels.min(), pixels.max()) == (0, 16)


def test_digits_are_those_of_uci():
    """A checksum of images and labels together, sorted so that no split changes it; taken from scikit-learn's copy."""
    pixels, labels = everything()
    records = sorted(bytes([*image, label]) for image, label in zip(pixels.astype(np.uint8), labels.astype(np.uint8)))
    digest = hashlib.sha256(b"".join(records)).hexdigest()
    assert digest == "f67d6a29d0e1f70e7f0cd9dcf25816b694881f4b8f27f5cc1db59551f0499fb8"


@pytest.mark.parametrize("dtype", DTYPES)
def test_digits_shapes_and_range(dtype):
    split = data.digits(dtype)
    assert [array.shape for array in split] == [(64, 1437), (1437,), (64, 360), (360,)]
    for X in split.X_train, split.X_test:
        assert X.dtype == dtype
        assert X.flags.c_contiguous
        assert (X.min(), X.max()) == (0, 1)
    for y in split.y_train, split.y_test:
        assert y.dtype == np.int64
        assert set(y.tolist()) == set(range(10))


def test_the_split_is_fixed_stratified_and_leaks_no_image():
    split = data.digits()
    for one, other in zip(split, data.digits()):
        np.testing.assert_array_equal(one, other)
        assert not np.shares_memory(one, other)
    share = np.bincount(split.y_test) / np.array(CLASS_COUNTS)
    np.testing.assert_allclose(share, 360 / 1797, atol=1 / min(CLASS_COUNTS))
    train, test = ({image.tobytes() for image in X.T.copy()} for X in (split.X_train, split.X_test))
    assert not train & test
    # Not in the file's order by label: the first images of the training part are of many kinds.
    assert len(set(split.y_train[:50].tolist())) >= 8


def test_digits_load_in_milliseconds():
    """The bound leaves room for a busy machine; alone it takes a few milliseconds."""
    times = []
    for _ in range(7):
        start = time.perf_counter()
        data.digits()
        times.append(time.perf_counter() - start)
    assert np.median(times) < 0.05


def test_the_digit_is_upright():
    """Pixels run along the rows of the picture: a 0 has its hole in the middle, a 1 its stroke."""
    split = data.digits()
    zero, one = (split.X_train[:, split.y_train == k].mean(axis=1).reshape(8, 8) for k in (0, 1))
    assert zero[3:5, 3:5].mean() < 0.2
    assert one[3:5, 3:5].mean() > 0.6
    seven = split.X_train[:, split.y_train == 7].mean(axis=1).reshape(8, 8)
    assert seven[0:2].sum() > 1.5 * seven[6:8].sum()  # its bar is on top


def test_xor():
    X, Y = data.xor()
    assert X.dtype == Y.dtype == np.float64
    assert sorted(map(tuple, np.vstack([X, Y]).T)) == [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)]
    assert (X.shape, Y.shape) == ((2, 4), (1, 4))
    X += 1
    assert data.xor()[0].max() == 1


@pytest.mark.parametrize("n", [1, 7, 100])
def test_spirals(n):
    X, Y = data.spirals(n)
    assert (X.shape, Y.shape) == ((2, 2 * n), (1, 2 * n))
    assert X.dtype == Y.dtype == np.float64
    assert Y.tolist() == [[0.0] * n + [1.0] * n]
    assert np.abs(X).max() < 1.3
    for one, other in zip(data.spirals(n), (X, Y)):
        np.testing.assert_array_equal(one, other)
    assert (data.spirals(n, seed=1)[0] != X).any()


def test_spirals_are_two_arms_and_noise():
    still, _ = data.spirals(400, noise=0)
    np.testing.assert_allclose(still[:, :400], -still[:, 400:], atol=1e-15)  # one arm is the other, turned by 180°
    radius = np.linalg.norm(still, axis=0)[:400]
    assert (np.diff(radius) > 0).all()
    assert radius[[0, -1]] == pytest.approx([0.1, 1])
    moved = data.spirals(400, noise=0.2)[0] - still
    assert moved.std() == pytest.approx(0.2, rel=0.1)
    angle = np.unwrap(np.arctan2(still[1, :400], still[0, :400]))
    assert angle[-1] - angle[0] > 2 * np.pi  # more than once around, so no straight line separates the arms
    design, sides = np.vstack([still, np.ones(800)]).T, np.repeat([-1, 1], 400)
    line = np.linalg.lstsq(design, sides, rcond=None)[0]
    assert (np.sign(design @ line) == sides).mean() < 0.75


@pytest.mark.parametrize(("N", "size"), [(10, 3), (10, 10), (10, 1), (10, 99), (7, 7), (1, 1)])
@pytest.mark.parametrize("rows", [None, 1, 4])
def test_batches_hold_each_sample_once(N, size, rows):
    """Labels or target columns, each staying with its sample; sizes that do and do not divide N."""
    X = np.vstack([np.arange(N), -np.arange(N)])
    y = np.arange(N) if rows is None else np.tile(np.arange(N), (rows, 1))
    kept = X.copy(), y.copy()
    seen = []
    for X_batch, y_batch in data.batches(X, y, size, np.random.default_rng(0)):
        assert X_batch.shape[0] == 2
        assert y_batch.shape[:-1] == y.shape[:-1]
        np.testing.assert_array_equal(X_batch[0], np.atleast_2d(y_batch)[-1])
        np.testing.assert_array_equal(X_batch[0], -X_batch[1])
        assert not np.shares_memory(X_batch, X)
        seen.append(X_batch[0].tolist())
    assert [len(batch) for batch in seen] == [size] * (N // size) + [N % size] * (N % size > 0)
    assert sorted(sum(seen, [])) == list(range(N))
    np.testing.assert_array_equal(X, kept[0])
    np.testing.assert_array_equal(y, kept[1])


def test_every_epoch_has_its_own_order():
    X, y, rng = np.arange(50).reshape(1, 50), np.arange(50), np.random.default_rng(0)
    first, second = (np.concatenate([y_b for _, y_b in data.batches(X, y, 8, rng)]) for _ in range(2))
    assert (first != second).any()
    assert (first != np.arange(50)).any()
    again = np.concatenate([y_b for _, y_b in data.batches(X, y, 8, np.random.default_rng(0))])
    np.testing.assert_array_equal(first, again)
