/** What the propagator needs of one synaptic time constant beside tauMem. */
export interface SynapticConstants {
  readonly tauSyn: number
  /** |1/tauMem - 1/tauSyn| in 1/ms. */
  readonly rate: number
  /** tauSyn / |tauSyn - tauMem|; 0 when both are equal. */
  readonly scale: number
  /** tauMem >= tauSyn: the membrane is the slower exponential. */
  readonly membraneIsSlower: boolean
  /** The membrane is so much slower that V' is taken in another form. */
  readonly isBrief: boolean
}

/** The time constants shared by a class of neurons, in ms, with what follows from them. */
export interface TimeConstants {
  readonly tauMem: number
  /** 1; 0 where tauMem is Infinity: the membrane does not leak. */
  readonly leak: 0 | 1
  /** What V' is in units of, ms: tauDrive V' = -leak V + I + bias. That is tauMem, or 1 where it is Infinity. */
  readonly tauDrive: number
  /** tauSyn is 0: there is no current, an arrival moves V by its weight at once. */
  readonly isInstant: boolean
  readonly exc: SynapticConstants
  /** The same object as `exc` when there is one synaptic current. */
  readonly inh: SynapticConstants
  /** Two synaptic currents, chosen by the sign of the weight. */
  readonly split: boolean
  readonly tauAdapt: number
  /** Where kappa of the excitatory current is largest, and its value there. */
  readonly peakTime: number
  readonly peakKappa: number
}

/**
 * The difference 1/a - 1/b of two rates, to full relative precision also when a and b nearly agree; b may be Infinity.
 */
export function rateDifference(a: number, b: number): number {
  if (b === Infinity) return 1 / a
  return (b - a) / (a * b)
}
