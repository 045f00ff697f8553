import type { Loss } from '../../learning/loss.js'
import type { LayeredSettings } from './layered-options.js'

/** What a layered network has where its task says nothing else. */
export const LAYERED_DEFAULTS = {
  recurrent: false,
  learnDelays: false,
  adaptation: false,
  bias: 0,
  /** That of `neuron`. */
  readoutTaus: [],
  /** Only with `adaptation`. */
  adaptive: { adaptStep: 0.1, tauAdapt: 20 },
} as const

/** The threshold of `neuron` where that says none. */
export const DEFAULT_THRESHOLD = 1

/** The loss of a layered network where nothing else is said: the output that spikes first, or rises highest, is right. */
export function readoutLoss({ readout, readoutTaus = [] }: Pick<LayeredSettings, 'readout' | 'readoutTaus'>): Loss {
  const loss = READOUT_LOSSES[readout]
  return readoutTaus.length > 1 ? { ...READOUT_LOSSES.li, unitsPerClass: readoutTaus.length } : loss
}

/** The same of a readout with one unit per class. */
export const READOUT_LOSSES = {
  lif: { kind: 'firstSpike', group: 'output', tau0: 0.5, alpha: 0.003, tau1: 6.4 },
  li: { kind: 'vMax', group: 'output' },
} as const satisfies Readonly<Record<'lif' | 'li', Loss>>
