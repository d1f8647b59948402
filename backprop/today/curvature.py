"""The Hessian times a vector, without the Hessian: forward mode over reverse mode, on the course's own autodiff."""

from backprop.autodiff import Dual, Var, gradients


def hvp(f, x, v):
    """∇f(x) and H v with H = ∂²f/∂x², for an f that returns one number; x and v are arrays of one shape.

    H v is how the gradient moves when x moves along v. So the tape runs on dual numbers: every value on it carries its
    tangent, backward pulls gradients that carry theirs, and the tangent of ∇f is H v (Pearlmutter, 1994). It costs at
    most three times a gradient, however many numbers x has.
    """
    x = Var(Dual(x, v))
    gradient = gradients(f(x), 1.0)[x]
    return gradient.value, gradient.tangent
