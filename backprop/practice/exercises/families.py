"""Ideas that return: a slip of this id has these words, as far as its exercise has none of its own for it."""

families = r"""
all: the mean is taken over the outputs too
    Over the outputs this loss is a sum. A plain mean() of all squares divides by n_L B.
    "Over what does the loss sum, and over what does it average?"
ascent: the step goes up the gradient: + for −
    The gradient points uphill. Descent subtracts it.
    "In which direction does the loss fall?"
at-a: σ' is taken at a, not at z
    σ'(a) goes through the activation twice. The slope belongs to the point z.
    "At which point is the slope taken?"
axis: the sum runs over the samples, not over the classes
    Samples are columns: the classes of one sample run along axis 0.
    "Does one sample's gradient depend on another sample?"
bias-input: ∂𝓛/∂b has a factor x
    The bias is added, so ∂z/∂b = 1.
    "What is the input that the bias is multiplied by?"
elementwise: softmax is treated as elementwise: p (1 − p) g
    p (1 − p) is the diagonal of J only. The other entries are −p_i p_j.
    "If one logit grows, what happens to the other probabilities?"
eps-inside: ε stands inside the root
    Inside the root it acts like √ε, which is far larger.
    "Where does ε stand, and how large is its effect there?"
extra-slope: an extra p (1 − p): the slope is in p − y already
    Softmax's Jacobian has been multiplied in, and cancelled.
    "Do your errors sum to 0 over the classes?"
mean: a mean stands where a sum belongs: 1/B is in it twice
    The mean of the loss is in δ already. Here the slopes of the samples add.
    "Where does the 1/B of your loss enter, and how often?"
mu-constant: μ is held constant
    Each entry moves the mean too, and so every other x̂ of its group.
    "Along which ways does one entry of X reach the loss?"
n-out: n_out for n_in
    A neuron adds up its inputs, so the sum has n_in terms.
    "How many terms has the sum in one z?"
naive: the maximum is not subtracted
    exp(1000) is inf, and inf/inf is NaN.
    "What is e to the 1000 in float64?"
no-bias: the bias is missing in the forward pass
    Then a is another neuron's output. With b = 0 nobody would notice.
    "Walk me through your forward pass once more."
no-gamma: γ is forgotten on the way from Y to x̂
    Y = γ x̂ + β, so ∂𝓛/∂x̂ = G ⊙ γ.
    "What is the gradient with respect to x̂, before you go on to X?"
no-input: the input x is missing from ∂𝓛/∂w
    ∂z/∂w = x: the weight acts in proportion to its input.
    "If the input were 0, what would the gradient of its weight be?"
no-mean: the mean over the batch is missing: no 1/B
    The gradient is B times too big, and grows with the batch.
    "You double the batch. What happens to your gradient?"
no-slope: the slope σ' is missing
    Between a and z stands the activation, and it has a slope of its own.
    "You have the slope with respect to a. How do you get to z?"
no-sum: ∂𝓛/∂b is not summed over the batch
    One b serves all samples, so each sample adds its slope.
    "What shape does b have, and what shape does its gradient have?"
no-two: the factor 2 of the run is forgotten
    From x − h to x + h the run is 2h. With h alone the slope is twice too big.
    "Try it on f(x) = x. What do you get?"
no-x-hat: the factor x̂ is missing in what flows through s
    ∂s/∂x_k is x̂_k / m: the farther an entry is from the mean, the more it moves s.
    "How much does an entry that equals the mean change s?"
overwrite: = where += belongs
    A value that is used twice reaches the output along two paths, and slopes of paths add.
    "What does your walk give for y = x + x?"
plus: the factors are added, not multiplied
    Along one path slopes multiply. They are added only over different paths.
    "How do sensitivities along one path combine?"
s-constant: s is held constant
    Each entry moves the standard deviation too, and so every other x̂ of its group.
    "Along which ways does one entry of X reach the loss?"
sigmoid: the slope is the sigmoid's, not tanh's
    a (1 − a) belongs to the sigmoid. tanh has 1 − a².
    "What is the slope of tanh at z = 0, from its graph? What is yours?"
sign: the sign is flipped: y − a for a − y
    The derivative of ½(a − y)² with respect to a is a − y.
    "If the output is too small, should the loss rise or fall when a grows?"
std: this is the standard deviation of the weights, not their variance
    v is the variance.
    "Is v a variance or a standard deviation?"
tanh: the slope is tanh's, not the sigmoid's
    1 − a² belongs to tanh. The sigmoid has a (1 − a).
    "How large can the slope of a sigmoid be? What is yours at z = 0?"
transpose: W^{l+1} is not transposed
    Forward W takes n numbers to m; back, m slopes must become n.
    "Say the shapes of your product aloud."
turned: the outer product is the wrong way round
    This is the gradient transposed. With a square W nobody would notice.
    "What shape does W have, and what shape does your gradient have?"
twice: 1/B is in it twice
    The mean is one factor 1/B of the loss, and so one of its gradient.
    "How often does 1/B stand in the loss?"
two: a factor 2 too much: the ½ is forgotten
    The 2 from the square meets the ½ of the loss.
    "Which loss did you differentiate: with the ½ or without?"
unweighted: the sum of g is not weighted with p
    The term is Σ p_i g_i: each g_i counts with the probability of its class.
    "What should dz sum to over the classes?"
value: δ is multiplied by σ(z) instead of σ'(z)
    The chain rule multiplies by the slope of the activation, not by its value.
    "What does the chain rule ask for at this step?"
weight: δ is multiplied by w instead of x
    δ w is ∂𝓛/∂x, what a layer below would get. For the weight it is δ x.
    "z = wx + b: what is its derivative with respect to w?"
wrong-axis: the number of inputs is taken for the batch size
    Samples are columns here, so the second axis counts them.
    "Which axis of X is the batch?"
"""
