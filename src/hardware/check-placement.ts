import { InputError } from '../events/errors.js'
import type { Network } from '../network/description/network.js'
import { describeValue } from '../network/reading/describe-value.js'
import { readList } from '../network/reading/read-list.js'
import { readRecord } from '../network/reading/read-value.js'
import { cutsOf } from './cuts.js'
import { leastLatency } from './least-latency.js'
import { loadOfAll, measureLoads } from './load.js'
import type { Placement } from './placement.js'
import { requireSlices } from './require-slices.js'

/**
 * Refuses a placement that does not fit the network.
 *
 * Raises `InputError`: the codes of `requireSlices`; `PLACEMENT_CORE_NUMBER` if a core's number is not its place;
 * `PLACEMENT_LATENCY` for latencies that are no times, or not of all
 * pairs of cores; `PLACEMENT_STALE` if neurons, synapses or cuts are not those that follow from the slices, as when the
 * placement is that of another network; `FIELD_TYPE` and `FIELD_MISSING` for what is no placement at all.
 */
export function checkPlacement(network: Network, placement: Placement): void {
  requirePlacementShape(placement)
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
  requireSlices(network, slicesPerCore, leastLatency(slicesPerCore, placement.latencies))
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
export function requirePlacementShape(placement: Placement): void {
  const { cores, cuts, latencies } = readRecord(placement, 'placement')
  requireLatencies(latencies, readList(cores, 'cores').length)
  readList(cores, 'cores').forEach((core, index) => {
    readRecord(core, `cores[${index}]`)
  })
  readList(cuts, 'cuts').forEach((cut, index) => {
    const field = `cuts[${index}]`
    const { crossings } = readRecord(cut, field)
    readList(crossings, `${field}.crossings`).forEach((crossing, k) => {
      readRecord(crossing, `${field}.crossings[${k}]`)
    })
  })
}

/** A row for each core, with a number for each; raises `PLACEMENT_LATENCY`. */
function requireLatencies(latencies: unknown, cores: number): void {
  if (latencies === undefined) return
  const rows = readList(latencies, 'latencies')
  if (rows.length !== cores) throw wrongLatency('latencies', `${rows.length} rows`, `${cores}, one for each core`)
  rows.forEach((row, from) => {
    const entries = readList(row, `latencies[${from}]`)
    if (entries.length !== cores)
      throw wrongLatency(`latencies[${from}]`, `${entries.length} numbers`, `${cores}, one for each core`)
    entries.forEach((latency, to) => {
      const isFine = typeof latency === 'number' && latency >= 0 && latency < Infinity && (from !== to || latency === 0)
      if (isFine) return
      const expected = from === to ? '0 ms, from a core to itself' : 'a time from 0 ms'
      throw wrongLatency(`latencies[${from}][${to}]`, describeValue(latency), expected)
    })
  })
}

function wrongLatency(field: string, found: string, expected: string): InputError {
  return new InputError({
    code: 'PLACEMENT_LATENCY',
    field,
    found,
    expected,
    remedy: 'Let executionPlacement work them out.',
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
