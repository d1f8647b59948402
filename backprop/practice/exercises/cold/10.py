r"""Adam

With the corrected averages m_hat, v_hat, write the change of w in one step of Adam, from eta and eps
"""

from backprop.practice.exercises.make import positive

where = "start#diagnostic"
level, minutes = "recall", 1
kind = "expression"
teaches = "06"
inputs = {"ordinary": positive("m_hat", "v_hat", "eta", "eps")}


def result(m_hat, v_hat, eta, eps):
    return -eta * m_hat / (v_hat**0.5 + eps)
    #: sign: return eta * m_hat / (v_hat**0.5 + eps)
    #: root: return -eta * m_hat / (v_hat + eps)
    #: eps: return -eta * m_hat / (v_hat + eps) ** 0.5


hints = r"""
Notebook 06 derives it.
eps stands outside of the root.
The answer: -eta * m_hat / (v_hat**0.5 + eps)
"""

slips = r"""
sign: the sign is flipped
    The step goes downhill.
    "Uphill or downhill?"
root: the root is missing
    v is of size g².
    "Which units has v?"
eps: ε is inside the root
    It stands outside.
    "Where does ε stand?"
"""
