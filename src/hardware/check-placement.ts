import { InputError } from '../events/errors.js'
import type { Network } from '../network/network.js'
import { describeValue } from '../network/reading/describe-value.js'
import { expectList, expectRecord } from '../network/reading/expect.js'
import { checkSlices } from './check-slices.js'
import { cutsOf } from './cuts.js'
import { loadOfAll, measureLoads } from './load.js'
import type { Placement } from './placement.js'

/**
 * Refuses a placement that does not fit the network.
 *
 * Raises `InputError`: the codes of `checkSlices`; `PLACEMENT_CORE_NUMBER` if a core's number is not its place;
 * `PLACEMENT_STALE` if neurons, synapses or cuts are not those that follow from the slices, as when the placement is
 * that of another network; `FIELD_TYPE` and `FIELD_MISSING` for what is no placement at all.
 */
export function checkPlacement(network: Network, placement: Placement): void {
  checkShape(placement)
  const { cores, cuts } = placement
  cores.forEach(({ core }, index) => {
    if (core === index) return
    throw new InputError({
      code: 'PLACEMENT_CORE_NUMBER',
      field: `cores[${index}].core`,
      found: describeValue(core),
      expected: `${index}, its place in the list`,
    })
  })
  const slicesPerCore = cores.map(({ slices }) => slices)
  checkSlices(network, slicesPerCore)
  const loadOf = measureLoads(network)
  cores.forEach(({ neurons, synapses, slices }, index) => {
    const load = loadOfAll(slices, loadOf)
    if (neurons !== load.neurons) throw stale(`cores[${index}].neurons`, describeValue(neurons), String(load.neurons))
    if (synapses !== load.synapses)
      throw stale(`cores[${index}].synapses`, describeValue(synapses), String(load.synapses))
  })
  const [found, expected] = [describeCuts(cuts), describeCuts(cutsOf(network, slicesPerCore))]
  if (found !== expected) throw stale('cuts', found, expected)
}

/** As far as TypeScript would know it. */
export function checkShape(placement: Placement): void {
  const { cores, cuts } = expectRecord(placement, 'placement')
  expectList(cores, 'cores').forEach((core, index) => {
    expectRecord(core, `cores[${index}]`)
  })
  expectList(cuts, 'cuts').forEach((cut, index) => {
    const field = `cuts[${index}]`
    const { crossings } = expectRecord(cut, field)
    expectList(crossings, `${field}.crossings`).forEach((crossing, k) => {
      expectRecord(crossing, `${field}.crossings[${k}]`)
    })
  })
}

function describeCuts(cuts: Placement['cuts']): string {
  const texts = cuts.map(({ key, crossings }) => `${key} (${crossings.map(({ from, to }) => `${from}->${to}`)})`)
  return texts.length === 0 ? 'none' : texts.join(', ')
}

function stale(field: string, found: string, expected: string): InputError {
  return new InputError({
    code: 'PLACEMENT_STALE',
    field,
    found,
    expected: `what follows from the slices: ${expected}`,
    remedy: 'Let place or definePlacement work it out for this network.',
  })
}
