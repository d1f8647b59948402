"""What PyTorch prints for the programs of notebook 08, and what the tests of their cases say, made by running them.

What they print is stored with the package (`practice/programs/printed.json`), since it is shown where PyTorch isn't
installed. What the tests say of each version of each program is stored beside this file. Both carry the version and a
hash of what was run, so `test_programs.py` knows when they are out of date. They were made with torch 2.13.0 on a CPU.
To make them again, in an environment of its own:

    pip install -e . torch==2.13.0 && python tests/programs_reference.py
"""

import json
import tempfile
from hashlib import sha256
from pathlib import Path

from backprop.practice import colleague, planting, trial

STORED = Path(__file__).with_suffix(".json")


# {program: {test: (a line's part in the right program, what stands there instead)}}: what each test refuses that asks
# whether a repair is only nearly right, or whether what was right has stayed so. Else it might be one that can't fail.
NEARLY = {
    "adam": {
        "nor_are_those_of_two_rules": (
            "self.v = [np.zeros_like(p) for p in parameters]",
            "self.v = self.__class__.__dict__.get('kept') or [np.zeros_like(p) for p in parameters]\n"
            "        self.__class__.kept = self.v",
        ),
        "it_still_corrects": ("m_hat = self.m[i] / (1 - self.beta1**self.t)", "m_hat = self.m[i]"),
        "it_decays": (" + self.decay * p)", ")"),
        "the_parameters_are_changed_in_place": ("p -= self.eta *", "p = p - self.eta *"),
    },
    "digits": {
        "every_row_is_in_one_of_them": ("order[cut:]", "order[cut + 1 :]"),
        "the_same_program_draws_the_same_batches": ("np.random.default_rng(0)\n", "np.random.default_rng()\n"),
        "it_has_its_shapes": ("hidden=32", "hidden=33"),
        "every_parameter_moves": ('p["b2"] -= eta * dZ2.sum(axis=0)', "pass"),
    },
    "names": {
        "letters_and_targets_have_one_length": ("inputs, targets = rows[:, :-1],", "inputs, targets = rows,"),
        "the_first_dot_behind_a_name_counts": (" | (np.arange(inputs.shape[1]) == 0)", ""),
        "the_gradient_of_W_is_checked": ("dW = np", "dW = 2 * np"),
        "softmax_is_what_it_was": ("/ E.sum(axis=-1, keepdims=True)", "/ E.sum()"),
    },
    "rent": {
        "targets_stay_a_row_of_numbers": ("return 0.5 * (error**2).mean()", "return 0.5 * (error**2).mean(axis=0)"),
        "the_table_stays_as_it_is": ("np.zeros(X.shape)", "X.astype(float, copy=False)"),
        "the_half_is_still_there": ("0.5 * (error**2)", "(error**2)"),
        "and_they_are_the_held_out_ones": ("(Z[:120], y[:120])", "(Z[:100], y[:100])"),
        "the_last_layer_passes_its_check": ('"b2": dY.sum(axis=0)', '"b2": dY.mean(axis=0)'),
    },
    "echo": {
        "the_states_are_the_right_ones": ("H = [h]", "H = [h + 1]"),
        "the_common_norm_is_the_limit": ("limit / norm(grads.values())", "limit / norm(grads.values()) / 2"),
        "the_output_passes_its_check": ('grads["v"] = H[-1].T', 'grads["v"] = H[-2].T'),
    },
    "half": {
        "and_the_right_one": ("np.maximum(z, 0) +", "np.clip(z, 0, 80) +"),
        "the_step_is_the_rate_times_the_gradient": (
            "dw, db = clip(dw, db)",
            "dw, db = clip(dw, db)\n        dw = dw / 2",
        ),
        "long_gradients_are_clipped": ("if norm > limit else", "if norm > 100 * limit else"),
    },
    "reader": {
        "the_loss_is_the_cross_entropy": ("nn.CrossEntropyLoss()", "nn.CrossEntropyLoss(label_smoothing=0.1)"),
        "training_is_in_training_mode": ("    model.train()\n", ""),
        "gradients_are_clipped": ("nn.utils.clip_grad_norm_(model.parameters(), limit)", "pass"),
    },
    "copycat": {
        "a_place_sees_itself": (".triu(1)", ".triu(0)"),
        "the_letters_still_count": ("ignore_index=PAD", 'ignore_index=PAD, reduction="sum"'),
        "a_batch_is_copied": ("torch.zeros(size, 10,", "torch.zeros(size, 11,"),
    },
    "stopped": {
        "only_a_better_one_is_kept": ("if error < self.error:", "if error < self.error + 9:"),
        "then_it_is_halved": ("gamma=0.5", "gamma=0.9"),
        "it_trains": ("optimizer.step()", "pass"),
    },
    "micro": {
        "nor_on_their_lengths": ("share = len(X_piece) / len(X)", "share = 1 / pieces"),
        "short_gradients_stay": ("norm.item()", "2 * norm.item()"),
        "the_step_goes_downhill": ("optimizer.step()", "pass"),
    },
    "frozen": {
        "and_the_head_is_the_new_one": ("Adam(model.head.parameters()", "Adam(model.parameters()"),
        "the_modes_are_as_they_should": ("super().train(mode)", "super().train(False)"),
        "the_body_is_frozen": ("requires_grad_(False)", "requires_grad_(True)"),
    },
    "halfway": {
        "a_step_is_clipped": ("(model.parameters(), limit)", "(model.parameters(), 1e9)"),
        "by_a_tenth": ("alpha=1 - self.beta", "alpha=1.0"),
        "the_weights_are_in_single_precision": ("return norms", "model.bfloat16()\n    return norms"),
    },
}


def digest(*texts):
    return sha256("\0".join(texts).encode()).hexdigest()


def torch_programs():
    """The programs that need PyTorch."""
    return [program for program in map(planting.program, planting.names()) if program.torch]


def texts(program):
    """{name: (bugs that are left, text)} of the versions that are proven: right, each bug alone, all, each repair."""
    planted = program.planted
    found = {"right": ((), program.right), "planted": (planted, program.with_bugs(planted)[0])}
    for id, bug in program.bugs.items():
        alone = program.with_bugs([id])[0]
        found[id] = (id,), alone
        for n, repair in enumerate(bug.repairs):
            found[f"{id}, repair {n}"] = (), colleague.repaired(alone, repair)
    for id, (old, new) in NEARLY[program.name].items():
        found[f"nearly, {id}"] = (id,), program.right.replace(old, new)
    return found


def case_text(name):
    """The tests of a case: its words may change without another run."""
    return (planting.FOLDER / f"{name}_case.py").read_text(encoding="utf-8").partition("case = Collected()")[2]


def refused(program, text):
    """The tests that fail for a text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "program.py"
        path.write_text(text, encoding="utf-8")
        return [test for test in program.tests if trial.outcome(test.run, path, program.name)]


def seen(program, text):
    """The bugs whose tests fail for a text; "" stands for what has to stay right."""
    return sorted({test.bug for test in refused(program, text)})


def main():
    import torch

    version = torch.__version__.partition("+")[0]
    printed, proven = {}, {}
    for program in torch_programs():
        source = program.with_bugs(program.planted)[0]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{program.name}.py"
            path.write_text(source, encoding="utf-8")
            said = trial.printed(path, limit=300)
        printed[program.name] = {"sha256": digest(source), "torch": version, "printed": said}
        proven[program.name] = {
            name: {
                "sha256": digest(text, case_text(program.name)),
                "seen": seen(program, text),
                "refused": [test.id for test in refused(program, text)],
            }
            for name, (_, text) in texts(program).items()
        }
        print(program.name, len(proven[program.name]), "versions")
    for path, value in (colleague.PRINTED, printed), (STORED, {"torch": version, "programs": proven}):
        path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
