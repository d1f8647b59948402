"""Listening: words in typed notes are noticed, and with them the points and wrong turns that may have been said.

It only prompts ("Memory (I may have heard it.)"), with every box unticked, and nothing here scores anything:
words can't tell what is meant. How often it misses and mishears is measured in the tests.

An entry is a few words that stand in one sentence, in any order:

    w transpose*        a word, or the beginning of one; a plural counts as its singular
    sum*|add* batch     one of several
    w delta !transpose* a word that must not stand there
    g_t_x               words that follow one another
    NOT sum*            a negation: no, not, n't, never, without, and their like
    forward > loss      what stands before > comes before the rest
    rate > MORE         a word in capitals stands for a kind of words, see KINDS

Symbols, small numbers and short forms are read as words, in entries and in notes: δ as delta, 0.25 and 1/4 as
quarter, 2 as two, grads as gradients.
A point is also noticed by the words of its own texts, where enough of them stand in one part of a sentence. A wrong
turn must be said: what is set aside ("not the mean but the sum", "rather than W", "otherwise it divides twice", "many
papers take the mean") isn't, nor what is negated, unless the entry has a negation itself, just before one of its words.
"""

import math
import re
from collections import Counter
from functools import cache, lru_cache

from backprop.interview import bank

KINDS = {
    "NOT": "not no never without nor neither none nobody nothing hardly barely rarely seldom cannot instead",
    "MORE": "more larger bigger greater higher longer up increas* grow* rise* rising raise* explod* blow* double* most "
    "faster stronger scales",
    "LESS": "less fewer smaller lower shorter down decreas* fall* drop* shrink* reduc* vanish* halve* least slower "
    "weaker",
    "SAME": "same identical* equal* equivalent* alike unchanged exactly both likewise",
    "EVERY": "every each all any always whatever everywhere anything whole entire entirely completely",
    "ONLY": "only just merely simply alone solely",
    "FINE": "fine ok okay safe right correct* good harmless enough suffic* works well allowed",
    "MEAN": "mean means averag* avg normali*",
    "SUM": "sum* add* total* accumulat*",
    "NEEDED": "need* must necessary require* has have should",
    "SLOPE": "slope* derivative* prime deriv",
    "SAMPLE": "sample* example* batch* minibatch*",
    "RATE": "rate* lr eta step stepsize",
    "ERROR": "error* delta* g",
    "UNIT": "unit* neuron* node*",
    "ONE": "one unity",
    "UNDO": "prevent* avoid* stop stops stopped cure* fix* solve* ignore* remove* eliminat* suppress* forget* miss "
    "lack* lose* drop* block* cut cuts hinder*",
}  # fmt: skip
SYMBOLS = {
    "δ": "delta", "σ": "sigma", "λ": "lambda", "η": "eta", "β": "beta", "γ": "gamma", "μ": "mu", "κ": "kappa",
    "ε": "eps", "∂": "d", "√": " root ", "²": " squared ", "ᵀ": " t ", "∞": " infinite ", "⊙": " times ",
    "×": " times ", "+=": " adds ", "Σ": " sum ", "α": "alpha", "φ": "phi",
}  # fmt: skip
SHORT = {
    "grad": "gradient", "grads": "gradients", "fwd": "forward", "bwd": "backward", "param": "parameter",
    "params": "parameters", "ln": "layernorm", "bn": "batchnorm", "prob": "probability", "probs": "probabilities",
}  # fmt: skip
NUMBERS = dict(zip("0 1 2 3 4 5 10".split(), "zero one two three four five ten".split(), strict=True))
FRACTIONS = [(r"(?<![\d.])(0?\.25|1/4|25 ?%)(?!\d)", " quarter "), (r"(?<![\d.])(0?\.50?|1/2|50 ?%)(?!\d)", " half ")]
OTHERS = "people|some|somebody|someone|many|most|articles?|papers?|textbooks?|blogs?|tutorials?|beginners"
MODAL = "(?:['’]d| would| might| may| could| will)?"
UNTIL_BUT = r"(?:.*?\b(?:but|however|yet|though|although)\b|[^,;:.]*)"
SET_ASIDE = [
    r",? ?\b(?:rather than|instead of|as opposed to|in place of|contrary to|unlike)\b[^,;:.]*",
    r"\bnot (?:the |a |an )?(?:\w+ ){1,4}but\b",
    r",(?: and| but)? not (?!only|just|even|needed|necessary)[^,;:.]*",
    r"\b(?:otherwise|or else)\b[^;:.]*",
    rf"\b(?:{OTHERS}|one|you){MODAL} (?:\w+ )?(?:say|think|thought|believe|claim|guess|expect|assume)\b{UNTIL_BUT}",
    rf"\b(?:{OTHERS}){MODAL} (?:\w+ )?(?:use|used|treat|take|write|wrote)\b{UNTIL_BUT}",
    r"\b(?:not mean|is not (?:that|true)|not true that|not the case that)\b[^,;:.]*",
    rf"\b(?:tempt(?:ing|ed|ation)|naively)\b{UNTIL_BUT}",
    r"\b(?:that|this|which) would\b[^,;:.]*",  # what would be, and isn't
    r"^.*\bbut (?:not here|here (?:not|it is not))\b",
    r"^.*,(?![^,;:.]*\b(?:or|ca|wo|do|does|did|is|are|was|can|will|has|have) \w+\W*$)[^,;:.]*\b(?:not|no)\W*$",
    # "for a sigmoid it is, for a softmax not"
]  # what a sentence mentions without saying it
# Whoever says so warns of it, or knows an exception:
HEDGES = "|".join(
    "myth a_mistake the_mistake usual_mistake common_mistake wrongly wrong_to wrong_shape trap beware careful "
    "misconception unless iff except".split()
)
CLOSE = 5  # words: so far apart those of an entry may stand in two clauses
SCOPE = 3  # words: so far an entry's negation reaches
REACH = 5  # words: so far the negation of a sentence reaches, which may be of a verb: "don't stay at a saddle"
ENOUGH = 5.0  # of the rarity of a point's own words
COMMON = 0.1  # the weight of a word that is everywhere
SENTENCE = 5  # words: what is shorter says "Ok." or "Good question."
ALONE, EVEN_SO = 1.5, 0.02  # how a sentence counts that the good answer says as well, see `leanings`
ALIKE = "MORE LESS SAME EVERY ONLY MEAN SUM SLOPE RATE ERROR UNIT".split()  # kinds whose words mean one thing there


def _text_of(p):
    """All that a point says itself."""
    return "\n".join([p.says, p.name or p.id, p.follow_up.answer if p.follow_up else ""])


def points_noticed(question, notes):
    """The ids of the points that `notes` may contain, in the order of the rubric."""
    own = _own_words(question, notes)
    return [p.id for p in question.points if p.id in own or heard(p.notice, notes)]


def beliefs_noticed(question, notes):
    """The usual wrong turns of a question that `notes` may contain."""
    return [belief for belief in question.beliefs if sentence_heard(belief.notice, notes)]


def sentence_heard(entries, notes):
    """The first sentence of the notes that may say what an entry says, or ""."""
    wanted = [_read(entry) for entry in entries]
    said = (sentence.strip() for sentence in _sentences(notes) if any(_says(entry, sentence) for entry in wanted))
    return next(said, "")


TAKES_BACK = (
    "wait",
    "sorry",
    "correction",
    "scratch that",
    "i mean",
    "let me correct",
    "take back",
    "that is|was wrong",
)


def taken_back(entries, notes):
    """Whether a later sentence of the notes takes back the one in which an entry stands: "No, wait ..."."""
    said = sentence_heard(entries, notes)
    after = notes.partition(said)[2].strip() if said else ""
    return bool(re.match(r"(oh,? )?no\b", after, re.IGNORECASE)) or heard(TAKES_BACK, after)


def heard(entries, notes):
    """Whether the words of an entry stand in one sentence of the notes, be it said or negated. Case is ignored."""
    wanted = [_read(entry) for entry in entries]
    return any(_stands(entry, _words(sentence)) for sentence in _sentences(notes) for entry in wanted)


def quoted(sentence, notes):
    """A sentence of the notes as it is quoted: without what it ends in, and with … where a colon cut it off."""
    before = notes.partition(sentence)[0].rstrip()
    return "… " * before.endswith((":", ";")) + sentence.rstrip(":;, ")


def whole(part, notes):
    """The sentence of the notes in which a part of it stands, as a colon or a semicolon cuts it off."""
    return next((one.strip() for one in re.split(rf"(?<=[?!])\s|\n+|{FULL_STOP}", notes) if part in one), part)


# ---- words ----


FULL_STOP = r"(?<=\.)(?=\s|$)(?!(?<=\b[^\W\d_]\.[^\W\d_]\.)\s+[^A-Z])"  # not that of "i.i.d. samples"


def _sentences(notes):
    return re.split(rf"(?<=[;:?!])\s|\n+|{FULL_STOP}", notes)


@lru_cache(10_000)
def _words(text):
    """The words of a text in small letters, with symbols and small numbers as words."""
    text = re.sub(r"(?<=\w)['’]s\b", "", _negations(text))  # or s would be said, a symbol of some
    for symbol, word in SYMBOLS.items():
        text = text.replace(symbol, word)
    text = re.sub(r"(?<=\w)['’′](?=[ (])", " prime", text.lower())
    for written, word in FRACTIONS:
        text = re.sub(written, word, text)
    text = re.sub(rf"(?<![\w.])(?<!no )(?<!zero )({'|'.join(SHORT)})(?!\w)", lambda found: SHORT[found[0]], text)
    return tuple(NUMBERS.get(word, word) for word in re.findall(r"[^\W_]+", text))


def _negations(text):
    """A text with each n't as a word of its own, also where it was typed without an apostrophe."""
    text = re.sub(r"n['’]t\b", " not", text)
    return re.sub(r"\b(do|does|did|is|are|was|has|have|should|would|could)nt\b", r"\1 not", text)


@cache
def _read(entry):
    """An entry as (the words that stand before one another, the words that must not stand)."""
    pieces = [[_word(word) for word in piece.split()] for piece in entry.split(">")]
    refused = tuple(word[1:] for piece in pieces for word in piece if word.startswith("!"))
    return tuple(tuple(word for word in piece if not word.startswith("!")) for piece in pieces), refused


def _word(word):
    """A word of an entry as it is written in `_words`."""
    for symbol, spelled in SYMBOLS.items():
        word = word.replace(symbol, spelled.strip())
    refused, rest = word.startswith("!"), word.removeprefix("!")
    runs = ["_".join(NUMBERS.get(part, part) for part in one.split("_")) for one in rest.split("|")]
    runs += [SHORT[one] for one in runs if one in SHORT]
    return "!" * refused + "|".join(runs)


# ---- entries ----


def _stands(entry, spoken):
    """Whether the words of an entry stand there, and none that must not."""
    pieces, refused = entry
    return bool(_found(pieces, spoken)) and not any(_places(word, spoken) for word in refused)


def _says(entry, sentence):
    """Whether a sentence says what an entry says: in one clause of it, or in words that stand close together."""
    pieces, refused = entry
    clauses = _clauses(sentence)
    whole = sum(clauses, ())
    if not _found(pieces, whole):  # then in no clause either: most entries end here
        return False
    if not any(_said(pieces, clause) for clause in clauses) and not _said(pieces, whole, CLOSE):
        return False
    whole += ("plus",) * ("+" in sentence)  # no word of a sentence, but an entry may refuse it
    return not any(_places(word, whole) for word in (*refused, HEDGES))


@lru_cache(10_000)
def _clauses(sentence):
    """The words of each clause, without what the sentence sets aside."""
    said = _negations(sentence.lower())
    for pattern in SET_ASIDE:
        said = re.sub(pattern, " ", said)
    clauses = re.split(r",\s|\s[–—]\s|[;:]|\s(?:whereas|while|although|though|however)\s", said)
    return tuple(words for clause in clauses if (words := tuple(_words(clause))))


def _said(pieces, spoken, span=math.inf):
    """Whether the words stand there and aren't negated; a negation of the entry's own belongs to the words after it."""
    found = _found(pieces, spoken)
    if not found or max(found) - min(found) > span:
        return False
    if any(_undone(n, found, spoken) for n in found if _is(spoken[n], "NOT")):
        return False
    negations = [n for n, word in zip(found, sum(pieces, ()), strict=True) if "NOT" in word.split("|")]
    if negations:
        return all(any(n < other <= n + SCOPE for other in found) for n in negations)
    before = {k for n in found for k in range(max(0, n - REACH), n)}
    if spoken[max(found)] in ("is", "are"):  # what is denied then comes after the words of the entry
        before.add(min(max(found) + 1, len(spoken) - 1))
    return not any(_is(spoken[k], "NOT") for k in before.difference(found))


def _undone(n, found, spoken):
    """Whether a negation at place n undoes another: "it doesn't prevent that they vanish", "it never cured it"."""
    reach = range(n + 1, min(n + 1 + SCOPE, max(found, default=n), len(spoken)))
    return any(_is(spoken[k], "UNDO") for k in reach if k not in found)


def _found(pieces, spoken):
    """Where the words of an entry stand, each at its first place, or []."""
    start, found = 0, []  # what stands after `start` is left of the sentence
    for piece in pieces:
        places = []
        for word in piece:
            places.append(next((n for n in range(start, len(spoken)) if _is_at(word, spoken, n)), None))
            if places[-1] is None:
                return []
        found += places
        start = max(places, default=start - 1) + 1
    return found


def _places(word, spoken):
    """Where a word stands in a sentence, or one of those that it names; of a run of words its first."""
    return [n for n in range(len(spoken)) if _is_at(word, spoken, n)]


def _is_at(word, spoken, n):
    runs, firsts = _runs(word)
    return _is(spoken[n], firsts) and any(
        len(spoken) - n >= len(run) and all(map(_is, spoken[n:], run)) for run in runs
    )


@cache
def _runs(word):
    """Each run of words that a word of an entry names, and the first words of all of them."""
    runs = [run for one in word.split("|") if (run := tuple(filter(None, one.split("_"))))]
    return runs, "|".join(run[0] for run in runs)


def _is(said, word):
    words, beginnings = _forms(word)
    return said in words or said.startswith(beginnings)


@cache
def _forms(word):
    """What is a word, or one of several: (whole words, their beginnings). A plural counts as its singular."""
    ones = [one.lower() for part in word.split("|") for one in KINDS.get(part, part).split()]
    whole = [one for one in ones if not one.endswith("*")]
    return {*whole, *(one + "s" for one in whole)}, tuple(one[:-1] for one in ones if one.endswith("*"))


# ---- a point's own words ----


def _own_words(question, notes):
    """The ids of the points whose own texts share enough words with one part of a sentence."""
    texts = {p.id: _stems_of(p) for p in question.points}
    found = set()
    for part in re.split(r"(?<=[;:?!.,])\s|\n+", notes):
        said = set(map(_stem, _words(part)))
        for id, words in texts.items():
            shared = [(word, sum(word in other for other in texts.values())) for word in said & words]
            if sum(_rarity().get(word, 0) / points for word, points in shared) >= ENOUGH:
                found.add(id)
    return found


def _stems_of(p):
    return {_stem(word) for word in _words(_text_of(p))}


@cache
def _rarity():
    """{stem: how rare it is among the points of the bank}, as an inverse document frequency."""
    counts, points = _counted(_stems_of)
    return {word: math.log(points / (1 + count)) for word, count in counts.items()}


@cache
def _counted(words_of):
    """({word: how many points of the bank say it}, how many points there are), by what the words of a point are."""
    points = [words_of(p) for q in bank.questions().values() for p in q.points]
    return Counter(word for words in points for word in words), len(points)


@cache
def _stem(word):
    """The beginning of a word that its inflections share, and one word for the names of one thing."""
    for ending in ("ations", "ation", "ingly", "edly", "ings", "ing", "ies", "ed", "es", "ly", "e", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


# ---- what is said beyond the good answer ----


def said_least(question, notes, most, under=math.inf):
    """The sentences of the notes of which the good answer says least: what somebody holds alone stands there.

    Mostly it says the same otherwise, or doesn't speak of it: that such a sentence is wrong can't be known.

    under  only sentences of which the good answer says less than this share
    """
    known = _known(question, notes)
    least = sorted((share, n) for n, (*_, share) in enumerate(known) if share < under)
    return [known[n][0] for _, n in least[:most]]


def leanings(question, notes):
    """{id of a statement: how near the notes come to it}: most where they say the wrong form, and the answer doesn't.

    What counts are the notions that it shares with one sentence of the notes. A notion weighs more the fewer of the
    question's statements have it, and twice where only the wrong form does. The sum is multiplied by
    EVEN_SO + (1 - share) ** ALONE, where share is how much of the sentence the good answer says; and it is divided by
    the root of the weight of the whole statement, since a long one shares more with anything.
    """
    if not question.statements:
        return {}
    weighs, notions = _apart(question.statements)
    said = [(words, EVEN_SO + (1 - share) ** ALONE) for _, words, share in _known(question, notes)]

    def near(id):
        every, wrong = notions[id]
        shared = [
            math.fsum(weighs[one] * (1 + (one in wrong)) for one in words & every) * alone for words, alone in said
        ]
        return max(shared, default=0) / math.sqrt(math.fsum(weighs[one] for one in every))

    return {id: near(id) for id in notions}


@lru_cache(maxsize=256)
def _apart(statements):
    """({notion: what it weighs among some statements}, {id: (all notions, those of the wrong form alone)})."""
    notions = {}
    for one in statements:
        wrong, right = _notions_of(one.wrong), _notions_of(one.right)
        notions[one.id] = wrong | right, wrong - right
    spread = Counter(notion for every, _ in notions.values() for notion in every)
    return {one: math.log((len(statements) + 1) / (count + 0.5)) for one, count in spread.items()}, notions


def _known(question, notes):
    """[(sentence, its notions, the share of it that the good answer says)] of the notes."""
    answer = [words for one in (question.answer, *(p.says for p in question.points)) for words in _notions(one)]
    long = [one.strip() for one in _sentences(notes) if len(one.split()) >= SENTENCE]
    said = [(one, words) for one in long for words in _notions(one)]
    return [(one, words, min(1, max(_weight(words & of) for of in answer) / _weight(words))) for one, words in said]


@lru_cache(10_000)
def _notions(text):
    """The notions of each sentence of a text: the kind of a word ("smaller" and "shrinks" are LESS), else its stem.

    "Batch norm" and "batch normalization" are BatchNorm.
    """
    text = re.sub(r"\b(batch|layer)[ -]norm(ali[sz]ation)?\b", r"\1norm", text, flags=re.IGNORECASE)
    return [words for one in _sentences(text) if (words := frozenset(map(_notion, _words(one))))]


def _notions_of(text):
    return frozenset().union(*_notions(text))


@cache
def _notion(word):
    return next((kind for kind in ALIKE if _is(word, kind)), None) or _stem(word)


def _weight(notions):
    """What some notions weigh: each by how rare it is among the points of the bank."""
    return math.fsum(map(_weight_of, notions))  # exact: in whatever order a set hands them out


@cache
def _weight_of(notion):
    counts, points = _counted(_notions_in)
    return max(COMMON, math.log(points / (1 + counts[notion])))


def _notions_in(p):
    return _notions_of(_text_of(p))
