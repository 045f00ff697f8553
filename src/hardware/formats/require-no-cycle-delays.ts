import { InputError } from '../../events/errors.js'
import { describedRange } from '../../learning/noise/described-range.js'
import type { Network, Projection } from '../../network/description/network.js'
import { cyclicKeys } from '../../network/graph/cyclic-keys.js'

/** Raises `InputError` CHIP_DELAYS for a network with delays on a cycle, which a chip without delays cannot keep. */
export function requireNoCycleDelays(network: Network, chip: string): void {
  const cyclic = cyclicKeys(network)
  const late = network.projections.find((projection) => cyclic.has(projection.key) && longestOf(projection) > 0)
  if (late === undefined) return
  throw new InputError({
    code: 'CHIP_DELAYS',
    field: `projections.${late.key}.delays`,
    found: `delays of up to ${longestOf(late)} ms on a cycle`,
    expected: `none, for ${chip} has no delays (delayMaxTicks 0)`,
    remedy: 'Choose a chip with delays, or a network without that cycle.',
  })
}

function longestOf({ delays }: Projection): number {
  if (delays.kind === 'none') return 0
  return delays.kind === 'scalar' ? delays.value : describedRange(delays.values)
}
