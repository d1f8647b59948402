"""Names of earlier releases: old -> new, or None for what was retired. Records and copies of then are read by these.

A new name is today's, never one that was renamed itself. An entry is never taken out, and an old name never given
anew: somebody's record may hold it.
"""

from backprop.path import today

EXERCISES = {
    "cold.2": None,
    "cold.3": "start.line",
    "cold.5": None,
    "cold.6": None,
}
# "exercise/slip". A slip that isn't named here goes where its exercise goes.
SLIPS = {
    "cold.3/turn": "start.line/transpose",
    "cold.3/slope": "start.line/no-slope",
    "layers.attention/P-not-transposed": None,
}
FAMILIES = {}  # the id that the slips of one idea share, renamed in every exercise
QUESTIONS = {
    "debugging.not-summed": "debugging.two-bugs",
    "delta.framework": "delta.linear-rows",
    "framework.mse-mean": "framework.accumulation",
    "layers.lstm": "images.gru",
    "layers.max-pool": "layers.conv",
    "layers.straight-through": "activations.needs",
    "today.bf16": "scale.precision",
    "today.frozen": "cost.backward",
    "layers.dpo": "tuning.dpo",
    "layers.linear": "delta.linear-rows",
    "layers.lora": "tuning.lora",
    "norm.epsilon": "norm.layernorm",
    "today.attention-memory": "transformers.blocks",
    "today.lora": "tuning.lora",
    "checking.float32": "checking.step-size",
    "checking.order-and-seed": "checking.graph-by-hand",
    "depth.no-escape": None,
    "init.orthogonal": None,
    "rules.nesterov-form": "rules.momentum",
    "rules.state": None,
}
SECTIONS = {
    "03_gradient_checking_and_autodiff.ipynb#What-it-costs-in-memory,-and-checkpointing": (
        "03_gradient_checking_and_autodiff.ipynb#What-it-costs-in-memory"
    ),
    "07b_what_the_framework_does.ipynb#In-place,-and-twice-backward": "07_what_the_framework_does.ipynb#In-place",
    "07b_what_the_framework_does.ipynb#Counting-FLOPs": "13_training_at_scale.ipynb#Counting-FLOPs",
    "07b_what_the_framework_does.ipynb#Memory-by-the-byte": "13_training_at_scale.ipynb#Memory-by-the-byte",
    "07b_what_the_framework_does.ipynb#Recompute-instead-of-remember": (
        "13_training_at_scale.ipynb#Recompute-instead-of-remember"
    ),
    "07b_what_the_framework_does.ipynb#Small-numbers-in-half-precision": (
        "13_training_at_scale.ipynb#Mixed-precision:-two-bytes,-and-what-stays-at-four"
    ),
    "07a_layers_of_today.ipynb#Pooling-and-convolution": "15_images_and_sequences.ipynb#Pooling-and-convolution",
    "07a_layers_of_today.ipynb#Through-time:-RNN-and-LSTM": (
        "15_images_and_sequences.ipynb#Through-time:-RNN-and-LSTM"
    ),
    "07a_layers_of_today.ipynb#Chains,-and-what-has-no-gradient": (
        "15_images_and_sequences.ipynb#Chains,-and-what-has-no-gradient"
    ),
    "07a_layers_of_today.ipynb#A-layer-pulls-the-gradient-back": (
        "04b_columns_and_rows.ipynb#A-layer-pulls-the-gradient-back"
    ),
    "07a_layers_of_today.ipynb#Linear-and-matmul-in-rows": "04b_columns_and_rows.ipynb#Linear-and-matmul-in-rows",
    "07a_layers_of_today.ipynb#Broadcasting-and-its-sum": "04b_columns_and_rows.ipynb#Broadcasting-and-its-sum",
    "07a_layers_of_today.ipynb#At-the-whiteboard": "04b_columns_and_rows.ipynb#At-the-whiteboard",
    "07a_layers_of_today.ipynb#The-interviewer-asks-next": "04b_columns_and_rows.ipynb#The-interviewer-asks-next",
    "02_delta_recurrence.ipynb#The-border:-columns-and-rows": (
        "04b_columns_and_rows.ipynb#The-border:-columns-and-rows"
    ),
    "02_delta_recurrence.ipynb#A-trap-that-exists-only-in-rows": (
        "04b_columns_and_rows.ipynb#A-trap-that-exists-only-in-rows"
    ),
    "08_find_the_bug.ipynb#Case-1:-the-pseudocode-as-it-circulates": (
        "02_delta_recurrence.ipynb#A-dozen-lines,-and-three-gaps"
    ),
    "08_find_the_bug.ipynb#Case-2:-training-works,-the-gradient-is-wrong": (
        "08_find_the_bug.ipynb#Training-works,-the-gradient-is-wrong"
    ),
    "08_find_the_bug.ipynb#Case-3:-four-planted-bugs": "08_find_the_bug.ipynb#A-colleague-brings-a-program",
    "08_find_the_bug.ipynb#Case-4:-predictions-collapse-to-the-mean": (
        "08_find_the_bug.ipynb#A-loss-that-stops,-and-one-that-is-too-good"
    ),
    "08_find_the_bug.ipynb#Case-5:-it-becomes-nan": "08_find_the_bug.ipynb#It-becomes-nan",
    "07a_layers_of_today.ipynb#Softmax-and-cross-entropy-with-ignored-labels": (
        "12_transformers.ipynb#Softmax-and-cross-entropy-with-ignored-labels"
    ),
    "07a_layers_of_today.ipynb#LayerNorm-and-RMSNorm": "12_transformers.ipynb#LayerNorm-and-RMSNorm",
    "07a_layers_of_today.ipynb#Attention": "12_transformers.ipynb#Attention",
    "07a_layers_of_today.ipynb#Embedding,-dropout-and-tied-weights": (
        "12_transformers.ipynb#Embedding,-dropout-and-tied-weights"
    ),
    "07a_layers_of_today.ipynb#A-transformer-that-learns": "12_transformers.ipynb#A-transformer-that-learns",
    "07a_layers_of_today.ipynb#Fine-tuning:-frozen,-low-rank,-preferences": (
        "14_fine_tuning_and_preferences.ipynb#Low-rank-adapters"
    ),
}  # links of earlier releases, such as "02_delta_recurrence.ipynb#B2:-one-layer-down"
NOTEBOOKS = {
    "07a_layers_of_today.ipynb": (
        "04b_columns_and_rows.ipynb",
        "12_transformers.ipynb",
        "14_fine_tuning_and_preferences.ipynb",
        "15_images_and_sequences.ipynb",
    ),
    "07b_what_the_framework_does.ipynb": ("07_what_the_framework_does.ipynb", "13_training_at_scale.ipynb"),
}  # files of the course: old -> the files that it became, one or several, or () where it was retired


def exercise(id):
    """Today's id of an exercise; None where it was retired."""
    return EXERCISES.get(id, id)


def slip(key):
    """Today's "exercise/slip"; None where it was retired. The slip may be *, all of an exercise."""
    if key in SLIPS:
        return SLIPS[key]
    old, _, id = key.partition("/")
    now, id = exercise(old), FAMILIES.get(id, id)
    return SLIPS.get(f"{now}/{id}", f"{now}/{id}") if now and id else None


def slip_of(now, id):
    """Today's id of a slip that stands without its exercise, where that is `now` today; None where it was retired."""
    keys = [f"{name}/{id}" for name in names(EXERCISES, now)]
    key = slip(next((key for key in keys if key in SLIPS), keys[0]))
    return key.partition("/")[2] if key else None


def question(id):
    """Today's id of a question; None where it was retired."""
    return QUESTIONS.get(id, id)


def section(link):
    """Where a section stands today. One that was retired leaves its notebook; one that was split, the first part."""
    if link in SECTIONS:
        return SECTIONS[link] or section(link.partition("#")[0])
    notebook, mark, heading = link.partition("#")
    return today(next(iter(NOTEBOOKS.get(notebook, ())), notebook) + mark + heading)


def names(table, now):
    """All names that something has had, today's first."""
    return [now, *(old for old, new in table.items() if new == now)]
