/**
 * Spikes are left out at random while learning, so that no neuron relies on a few others.
 *
 * A spike of a group arrives nowhere with its probability p; it then has no gradient. What remains is not scaled, unless
 * one asks for it: neurons that fire earlier for stronger input do not keep their mean under 1 / (1 - p), and recipes for
 * spike times ("input dropout 0.2") leave spikes out and no more.
 */
export interface Dropout {
  /** An integer from 0; `train` takes its own seed. */
  readonly seed: number
  /** Probability in [0, 1) per group of sources or LIF neurons. */
  readonly rates: Readonly<Record<string, number>>
  /** 'inverted': weights out of the group count 1 / (1 - p) times, in the runs that drop. Default 'none'. */
  readonly scale?: 'none' | 'inverted'
}
