import { InputError } from '../../events/errors.js'
import type { Network } from '../../network/description/network.js'
import type { Component } from '../../network/graph/components.js'
import type { RateRange } from './rate-range.js'
import type { KnownSpikes } from './run-component.js'
import type { FoundFactor, MeasuredRate } from './search-factor.js'

interface Unreachable {
  readonly group: string
  readonly rate: RateRange
  readonly known: KnownSpikes
  readonly found: Exclude<FoundFactor, { found: object }>
}

/** The error of a group whose rate no factor of its weights leads into the range. */
export function unreachable(
  network: Network,
  component: Component,
  { group, rate: [low, high], known, found: { below, above } }: Unreachable,
): InputError {
  const incoming = network.projections.filter(({ source, target }) => target === group && source !== group)
  const heard = incoming.some(
    ({ source }) => component.groups.includes(source) || (known.get(source)?.times.length ?? 0) > 0,
  )
  const ends = [below, above].filter((end) => end !== null).map(describe)
  return new InputError({
    code: 'RATE_UNREACHABLE',
    field: `groups.${group}`,
    found: `${ends.length === 0 ? 'no rate that stays, as the groups of its cycle are scaled in turn' : ends.join(' and ')}${heard ? '' : '; no spike reaches it'}`,
    expected: `${low} to ${high} spikes per neuron and trial in a mini-batch`,
    remedy: remedyFor(heard, below, above),
  })
}

function describe({ rate, factor }: MeasuredRate): string {
  const times = factor === 1 ? 'with the weights as they are' : `with weights times ${factor.toPrecision(3)}`
  return `${Number.isFinite(rate) ? Number(rate.toPrecision(3)) : 'far too many'} spikes per neuron and trial ${times}`
}

function remedyFor(isHeard: boolean, below: MeasuredRate | null, above: MeasuredRate | null): string {
  if (!isHeard && above === null) return 'Give it inputs that spike: check which groups the data set has spikes for.'
  if (below !== null && above !== null)
    return 'Widen the range, or draw weights that differ between neurons, which then do not all begin to spike at once.'
  if (above !== null)
    return 'Lower its bias, or what excites it from inside its cycle: smaller inputs alone do not calm it.'
  return 'Make more of the weights into it positive, or lower its threshold: larger ones alone do not make it spike.'
}
