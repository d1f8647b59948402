"""The bank's notation in words: a person who knows no mathematics reads "½(σ(z) − 1)²" aloud.

It becomes "one half times, sigma of z minus one, squared", with commas for the pauses that a listener needs. Only what
the bank writes is known here; `unsayable` names the rest, and a test holds that the bank has none of it.
"""

import re
import unicodedata

LETTERS = {
    "σ": "sigma", "δ": "delta", "γ": "gamma", "β": "beta", "ε": "epsilon", "η": "eta", "λ": "lambda", "μ": "mu",
    "κ": "kappa", "ρ": "rho", "𝓛": "the loss",
}  # fmt: skip
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹ᵗⁿ", "0123456789tn"))
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789"))
SIGNS = {
    "+=": "plus equals", "*=": "times equals", "=": "equals", "+": "plus", "−": "minus", "±": "plus or minus",
    "·": "times", "×": "times", "*": "times", "⊙": "elementwise times", "@": "at", "/": "over", "←": "becomes",
    "→": "to", "↦": "maps to", "~": "goes like", ">": "is greater than", "<": "is less than", "∞": "infinity",
    "%": "percent", "…": ", and so on to,",
}  # fmt: skip
FUNCTIONS = (
    "exp|log|log1p|max|min|mean|sum|sp|tanh|tanh'|relu|sigmoid|softmax|diag|Var|JVP|VJP|f|F|F'|len|range|check|E|σ|σ'"
)
APPLIED = re.compile(rf"(?:(?:\w+\.)+\w+|(?<![\w.])(?:{FUNCTIONS})|\.\w+)$")
OPERAND = re.compile(r"(?:[\w)\]½²³ᵀ̂'₀-₉⁰-⁹]|(?<=\s)\.\w+)$")
SHORT = {"or", "is", "at", "to", "of", "in", "on", "by", "as", "if", "an", "it", "be", "so"}
WORD = re.compile(r"[^\W\d_]{2,}")
NAMES = {  # longer ones, which make no sentence of what stands in parentheses
    *("absolute", "value", "transposed", "max", "min", "log", "exp", "mean", "tanh", "sum", "out", "inf", "hat", "abs"),
    *("one", "axis", "the", "root"),
}
KNOWN = {*NAMES, *LETTERS.values()}
PAUSE, BREATH = "\3", "\4"  # commas to come; the second is left out within parentheses
KEPT = {"(": "\1", ")": "\2"}  # parentheses that stay, while the others are read
PLAIN = re.compile(r"[A-Za-z0-9 .,;:?!'\"“”’()\n-]")


def say(text):
    """A text of the bank as it is read aloud. What has no words here stays as it is."""
    text = unicodedata.normalize("NFC", re.sub("\\s*\u0302", " hat", unicodedata.normalize("NFD", text)))
    for pattern, words in BEFORE:
        text = pattern.sub(words, text)
    while (read := INNERMOST.sub(_group, text)) != text:
        text = read
    for pattern, words in AFTER:
        text = pattern.sub(words, text)
    for sign, words in SIGNS.items():
        text = text.replace(sign, f" {words} ")
    for letter, words in LETTERS.items():
        text = text.replace(letter, f" {words} ")
    return _tidy(text)


def unsayable(text):
    """The symbols of a text that have no words, once each."""
    return sorted({c for c in say(text) if not PLAIN.match(c)})


INNERMOST = re.compile(r"\(([^()]*)\)")


def _group(match):
    """What stands in parentheses, as it is read after what stands before it."""
    text, inside = match.string, match[1].strip()
    before, after = text[: match.start()], text[match.end() :]
    call = APPLIED.search(before)
    if call and not before.endswith(" "):
        return _argument(call[0], inside, after)
    words = [word for word in WORD.findall(inside) if word in SHORT - {"of"} or (len(word) > 2 and word not in KNOWN)]
    if words or re.search("[,;]", inside) or re.fullmatch(r"B\d", inside):
        return f"{KEPT['(']}{re.sub(',$', ' comma', inside)}{KEPT[')']}"
    times, inside = " times" if _times(before) else "", inside.replace(BREATH, " ")
    return f"{times}{PAUSE} {inside}{PAUSE} " if re.search(r"\s", inside) else f"{times} {inside} "


def _argument(name, inside, after):
    """What a function is taken of."""
    if not inside:
        return ""
    if name.startswith(".") or "=" in inside:
        return f"{PAUSE} {inside}{PAUSE if after.strip() else ''} "
    several = inside.count(",") == 1 and KEPT["("] not in inside
    said = re.sub(r",\s*(?=\S)", " and ", inside) if several else inside
    compound = re.search(r"\s[−+*/·-]\s", inside)
    pause = PAUSE if after[:1] == "²" else BREATH if re.match(r"\s*[−+·*/@⊙-]", after) else ""
    return f" of{PAUSE if compound else ''} {said}{pause.replace(BREATH, PAUSE) if compound else pause} "


def _times(before):
    """Whether what stands before a parenthesis is a factor: a name or a number, not a word of a sentence."""
    last = before.rstrip().rpartition(" ")[2]
    if last in SHORT or not OPERAND.search(before.rstrip()):
        return False
    return bool(re.search(r"[\d½ᵀ]$|^\W*[^\W\d_]{1,2}['\d²]*$|hat$|_\w+$", last)) or not before.endswith(" ")


def _indexed(match):
    """Square brackets: one where something holds, an index, or a list."""
    name, inside = match[1], match[2]
    if name:
        return f"{name} of {inside}" if name == "E" else f"{name} index {inside.replace(':', 'colon')}, "
    condition = re.search(r"[=<>]", inside)
    return f"(one if {inside}, else 0)" if condition else f"the list {inside}"


def _power(match):
    base, up = match[1], match[2].strip("{}")
    if base == "e":
        return f"e to the {up}"
    return f"{base} of layer {up}"


def _scientific(match):
    mantissa, power = match[1], match[2].replace("-", "−").lstrip("+0") or "0"
    power = re.sub(r"^(−?)0+(?=\d)", r"\1", power)
    return f"10 to the {power}" if float(mantissa) == 1 else f"{mantissa} times 10 to the {power}"


NAME = r"(?:𝓛|[A-Za-zγβδμ](?:_\{[^}]*\}|_\w+|\^\w|\d|[¹²³]| hat)?)"


def _matrix(match):
    """Rows in square brackets within others."""
    rows = re.findall(r"\[([^\[\]]*)\]", match[0][1:])
    return f"the matrix with the rows {'; '.join(rows)}"


BEFORE = [
    (re.compile(r"′"), "'"),
    (re.compile(r"∇\s?"), " the gradient of "),
    (re.compile(r"\[\[[^\[\]]*\](?:,\s*\[[^\[\]]*\])*\]"), _matrix),
    (re.compile(r"\^T\b"), "ᵀ"),
    (re.compile(r"(?<=\))\^2"), "²"),
    (re.compile(rf"∂({NAME})/∂({NAME})"), r"the derivative of \1 with respect to \2"),
    (re.compile(r"\bd([a-z])/d([a-z])\b"), r"the derivative of \1 with respect to \2"),
    (re.compile(r"\b(\d+(?:\.\d+)?)e([+-]?\d+)\b"), _scientific),
    (re.compile(r"(?<=[\w)]) ?\.T\b"), " transposed"),
    (re.compile(r"(?<![dA-Za-z])([Wbδa]¹|[Wbδ]²)"), lambda m: f"{m[1][0]} {RAISED[m[1][1]]}"),  # of a layer
    (re.compile(r"(?<=\))ᵀ"), ", transposed "),
    (re.compile(r"ᵀ"), " transposed "),
    (re.compile(r"\^\s*−?\|"), lambda m: m[0].replace("|", " |")),
    (re.compile(r"‖([^‖]+)‖"), r" the norm of (\1)"),
    (re.compile(r"\|([^|]+)\|"), r" the absolute value of (\1)"),
    (re.compile(r"⟨([^⟩,]+), ([^⟩]+)⟩"), r"the inner product of \1 and \2,"),
    (re.compile(r"([\w.]*)\[([^\[\]]+)\]"), _indexed),
    (re.compile(r"\b(e|[A-Za-z]+|δ|(?<=δ))\^(\{[^}]*\}|−?\s?\w*)"), _power),
    (re.compile(r"(δ|σ)\^(\{[^}]*\}|\w+)"), _power),
    (re.compile(r"(?<=\w)_\{([^}]*)\}"), r" \1"),
    (re.compile(r"(?<![^\W\d_Σ])d([A-Zγβ]\d?|[bwxz]\d?)(?=[\W_]|$|²)"), r"d \1"),
]
AFTER = [
    (re.compile(r"Σ_(\w)"), r" the sum over \1 of "),
    (re.compile(r"Σ"), " the sum of "),
    (re.compile(r"(?<=\d)√"), " times √"),
    (re.compile(r"√\s*"), " the root of "),
    (re.compile(r"∛\s*"), " the cube root of "),
    (re.compile(r"½"), "one half"),
    (re.compile(r"²"), " squared "),
    (re.compile(r"³"), " cubed "),
    (re.compile(r"([⁰-⁹ᵗⁿ¹]+)"), lambda m: f" to the {''.join(RAISED[c] for c in m[1])} "),
    (re.compile(r"([₀-₉]+)"), lambda m: f" {''.join(LOWERED[c] for c in m[1])} "),
    (re.compile(r"(?<![A-Za-z])(σ|[A-Za-z]|tanh)'(?![A-Za-z])"), r"\1 prime "),
    (re.compile(r"\bJ_ij\b"), "J i j"),
    (re.compile(r"_+"), " "),
    (re.compile(r"\blog1p\b"), "log one p"),
    (re.compile(r"(?<=\w)\.(?=[A-Za-z])"), " dot "),
    (re.compile(r"(?<![\w.])\.(?=[A-Za-z])"), "dot "),
    (re.compile(r"\bnp dot "), "np "),
    (re.compile(r"(?<![\w)])-(?=[\dA-Za-z.])|(?<=\s)-(?=\s)"), "−"),
]


def _tidy(text):
    text = text.replace(KEPT["("], "(").replace(KEPT[")"], ")").replace(PAUSE, ",").replace(BREATH, ",")
    text = re.sub(r"[ \t]+", " ", text).replace("the the ", "the ")
    text = re.sub(r"\s+([,.;:?!)])", r"\1", text)
    text = re.sub(r",(?:\s*,)+", ",", text)
    text = re.sub(r",\s*([.;:?!)])|([.;:?!(]),? ?(?<=,) ?", r"\1\2", text)
    return re.sub(r"\(\s+", "(", text).strip(" ,\n")
