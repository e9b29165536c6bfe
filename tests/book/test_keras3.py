"""Each row of the page "From Keras 2 to Keras 3" is true of the Keras that is installed."""

import re
import warnings
import zipfile
from importlib import import_module
from pkgutil import resolve_name

import keras
import numpy as np
import pytest
from scipy import sparse

from tests.book.pages import BOOK

PAGE = (BOOK / "a1_keras3.md").read_text("utf-8")
ROWS = [line.split(" | ")[0].lstrip("| ") for line in PAGE.splitlines() if line.startswith("| `")]
TESTED = []


def row(beginning):
    """Say which row of the page a test is about, by what its first column begins with."""
    TESTED.append(beginning)
    return lambda test: test


def new_model(metrics=("accuracy",)):
    model = keras.Sequential([keras.Input(shape=(4,)), keras.layers.Dense(1, "sigmoid")])
    model.compile("rmsprop", "binary_crossentropy", metrics=list(metrics), run_eagerly=True)
    return model


@row("`from tensorflow.keras import ...`")
def test_the_keras_of_tensorflow_is_the_same_keras():
    if keras.backend.backend() != "tensorflow":
        pytest.skip("needs the TensorFlow backend")
    assert import_module("tensorflow").keras.layers.Dense is keras.layers.Dense
    assert keras.__version__.startswith("3.")


@row("`layers.Dense(16, activation='relu', input_shape=(10000,))`")
def test_input_shape_works_with_a_warning():
    with pytest.warns(UserWarning, match="Do not pass an `input_shape`"):
        old = keras.Sequential([keras.layers.Dense(16, activation="relu", input_shape=(10000,))])
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        new = keras.Sequential([keras.Input(shape=(10000,)), keras.layers.Dense(16, "relu")])
    assert old.count_params() == new.count_params() == 160_016


@row("`optimizers.RMSprop(lr=0.001)`")
def test_lr_is_an_error():
    with pytest.raises(ValueError, match="lr"):
        keras.optimizers.RMSprop(lr=0.001)
    rate = keras.optimizers.RMSprop(learning_rate=0.001).learning_rate
    assert float(keras.ops.convert_to_numpy(rate)) == pytest.approx(0.001)


@row("`metrics=['accuracy']`, then `history.history['acc']`")
@row("`metrics=[metrics.binary_accuracy]`")
def test_the_key_is_the_name_you_gave_and_a_function_gives_its_own():
    for metric in ("accuracy", "acc", keras.metrics.binary_accuracy):
        model, name = new_model([metric]), getattr(metric, "__name__", metric)
        found = model.fit(np.eye(4), np.ones(4), validation_split=0.5, verbose=0).history
        assert set(found) == {name, "loss", f"val_{name}", "val_loss"}


@row("`model.predict_classes(x)`")
def test_predict_classes_is_gone():
    model = new_model()
    assert not hasattr(model, "predict_classes")
    classes = (model.predict(np.eye(4), verbose=0) >= 0.5).astype(int)
    assert set(classes.ravel()) <= {0, 1}


@row("`model.fit_generator(...)`")
def test_fit_takes_generators_and_datasets_itself():
    class Batches(keras.utils.PyDataset):
        def __len__(self):
            return 2

        def __getitem__(self, number):
            return np.eye(4)[:2], np.ones(2)

    model = new_model()
    assert not hasattr(model, "fit_generator")
    generator = ((np.eye(4), np.ones(4)) for _ in range(2))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras says that it cannot shuffle a generator
        model.fit(generator, steps_per_epoch=2, verbose=0)
    model.fit(Batches(), verbose=0)


@row("`keras.preprocessing.sequence.pad_sequences`")
@row("`keras.backend.clear_session()`")
@row("`from keras import models, layers`")
def test_what_moved_still_works_by_its_old_name():
    assert keras.models.Sequential([keras.layers.Dense(1)]).layers[0].units == 1
    assert keras.backend.clear_session is keras.utils.clear_session
    assert keras.preprocessing.sequence.pad_sequences is keras.utils.pad_sequences
    assert keras.utils.pad_sequences([[1, 2]], maxlen=3).tolist() == [[0, 1, 2]]


@row("`model.save('reviews.h5')`")
def test_h5_still_works_and_is_called_legacy(tmp_path, monkeypatch):
    model, said = new_model(), []
    monkeypatch.setattr("absl.logging.warning", lambda text, *_: said.append(text))
    model.save(tmp_path / "reviews.h5")
    assert "considered legacy" in said[0]
    assert ".keras" in said[0]
    copy = keras.models.load_model(tmp_path / "reviews.h5")
    assert all(map(np.array_equal, copy.get_weights(), model.get_weights()))


@row("`np.load(path)` on `imdb.npz`")
def test_np_load_refuses_the_reviews(real_folder):
    with (
        np.load(real_folder / "imdb.npz") as stored,
        pytest.raises(ValueError, match="Object arrays cannot be loaded when allow_pickle=False"),
    ):
        stored["x_train"]


def test_every_row_has_one_test():
    assert [beginning for beginning in ROWS if sum(map(beginning.startswith, TESTED)) != 1] == []
    assert len(TESTED) == len(ROWS)


def test_what_became_better(tmp_path):
    model = new_model()
    model.fit(sparse.csr_matrix(np.eye(4, dtype="float32")), np.ones(4), verbose=0)
    model.save(tmp_path / "reviews.keras")
    with zipfile.ZipFile(tmp_path / "reviews.keras") as file:
        names = ["config.json", "metadata.json", "model.weights.h5"]
        assert sorted(file.namelist()) == names
        assert "tensorflow" not in file.read("config.json").decode()


def test_one_seed_for_all():
    draws = []
    for _ in range(2):
        keras.utils.set_random_seed(3)
        drawn = keras.ops.convert_to_numpy(keras.random.uniform(()))
        draws.append((np.random.random(), float(drawn)))
    assert draws[0] == draws[1]


def test_the_page_names_only_what_there_is():
    for name in set(re.findall(r"`(keras(?:\.\w+)+)", PAGE)):
        assert resolve_name(name) is not None
