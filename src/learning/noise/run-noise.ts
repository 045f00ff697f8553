import type { DeviceNoise } from './device-noise.js'
import type { Dropout } from './dropout.js'

/** The noise of one run, as every actor is told of it: checked plain data. */
export interface RunNoise {
  readonly device: DeviceNoise | null
  readonly dropout: Dropout | null
  readonly draw: number
  readonly firstTrial: number
}
