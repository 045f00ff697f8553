import { silentProjections } from '../../hardware/noise/silent-projections.js'
import type { NoiseChoice } from '../../learning/noise/device-noise.js'
import type { Network } from '../../network/description/network.js'
import { type Listener, warn } from '../warn.js'

/** Tells of projections that a device has no weight for but 0. */
export function warnOfSilence(terminal: Listener, { network, noise, seed, json }: SilenceQuestion): void {
  if (noise === null || noise === undefined) return
  for (const key of silentProjections(network, noise, seed))
    warn(terminal, json, { code: 'WEIGHTS_ZERO', message: `every weight of ${key} becomes 0 on the device.` })
}

interface SilenceQuestion {
  readonly network: Network
  /** With its ranges. */
  readonly noise: NoiseChoice | null | undefined
  readonly seed: number
  readonly json: boolean
}
