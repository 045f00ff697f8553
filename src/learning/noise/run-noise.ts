import type { DeviceNoise } from './device-noise.js'
import type { Dropout } from './dropout.js'

/** The noise of one run, as it is sent to every actor: checked plain data. */
export interface RunNoise {
  readonly device: DeviceNoise | null
  readonly dropout: Dropout | null
  readonly draw: number
  readonly firstTrial: number
}
