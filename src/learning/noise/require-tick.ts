import { InputError } from '../../events/errors.js'
import type { DeviceNoise } from './device-noise.js'

/**
 * Raises `InputError` FORMAT_TICK for a tick at whose first end trials are over: no spike would leave before.
 *
 * @param until the end of a trial in ms
 */
export function requireTick({ tick }: Pick<DeviceNoise, 'tick'>, until: number): void {
  if (tick === undefined || tick < until) return
  throw new InputError({
    code: 'FORMAT_TICK',
    field: 'noise.tick',
    found: `a tick of ${tick} ms, at whose end spikes leave`,
    expected: `less than the trial of ${until} ms`,
    remedy: 'Give a shorter tick, or longer trials.',
  })
}
