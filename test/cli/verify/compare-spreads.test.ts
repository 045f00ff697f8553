import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OWN_TRANSPORTS } from '../../../src/actors/transport-table.js'
import {
  compareSpreads,
  REFERENCE,
  type RunResults,
  type Spread,
  type SpreadReport,
  spreadsOf,
} from '../../../src/cli/verify/compare-spreads.js'

const arbitraryLists = fc.record({
  cores: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
  transports: fc.shuffledSubarray([...OWN_TRANSPORTS], { minLength: 1 }),
  threads: fc.uniqueArray(fc.integer({ min: 1, max: 3 }), { minLength: 1 }),
})

test('every combination is run once, after one process', () => {
  fc.assert(
    fc.property(arbitraryLists, ({ cores, transports, threads }) => {
      const spreads = spreadsOf(cores, transports, threads)
      const names = spreads.map((spread) => `${spread.cores} ${spread.transport} ${spread.threads}`)
      const wanted = cores.flatMap((count) => {
        return transports.flatMap((transport) => threads.map((each) => `${count} ${transport} ${each}`))
      })
      expect(spreads[0]).toEqual(REFERENCE)
      expect(new Set(names)).toEqual(new Set(['1 local 1', ...wanted]))
      expect(names.length).toBe(new Set(names).size)
    }),
    { numRuns: 100, seed: 12 },
  )
})

test('the order is that of the lists', () => {
  expect(spreadsOf([4, 1, 2], ['websocket', 'local'], [1])).toEqual([
    { cores: 1, transport: 'local', threads: 1 },
    { cores: 4, transport: 'websocket', threads: 1 },
    { cores: 4, transport: 'local', threads: 1 },
    { cores: 1, transport: 'websocket', threads: 1 },
    { cores: 2, transport: 'websocket', threads: 1 },
    { cores: 2, transport: 'local', threads: 1 },
  ])
})

test('cores are dealt to no more processes than there are, and in this process to none', () => {
  expect(spreadsOf([1, 4], ['local', 'thread'], [1], [2, 3])).toEqual([
    { cores: 1, transport: 'local', threads: 1 },
    { cores: 1, transport: 'thread', processes: 1, threads: 1 },
    { cores: 4, transport: 'local', threads: 1 },
    { cores: 4, transport: 'thread', processes: 2, threads: 1 },
    { cores: 4, transport: 'thread', processes: 3, threads: 1 },
  ])
})

test('all but the reference have replicas, whose cores processes hold, too', () => {
  expect(spreadsOf([1, 2], ['local', 'thread'], [1], [3], REFERENCE, 2)).toEqual([
    { cores: 1, transport: 'local', threads: 1 },
    { cores: 1, replicas: 2, transport: 'local', threads: 1 },
    { cores: 1, replicas: 2, transport: 'thread', processes: 2, threads: 1 },
    { cores: 2, replicas: 2, transport: 'local', threads: 1 },
    { cores: 2, replicas: 2, transport: 'thread', processes: 3, threads: 1 },
  ])
})

describe('the verdict', () => {
  const spreads = spreadsOf([1, 2, 4], ['local', 'thread'], [1, 2])
  const resultsWith = (value: number): RunResults => ({
    numbers: [{ name: 'parameters a->b weights', values: Float64Array.of(0.5, value) }],
    digest: `digest of ${value}`,
  })

  /** Runs with one deviation planted; tells the verdict and what was reported. */
  async function compare(deviating: Spread | null) {
    const reports: SpreadReport[] = []
    let clock = 0
    const verdict = await compareSpreads(spreads, {
      run: async (spread) => {
        clock += spread.cores
        return resultsWith(spread === deviating ? 3 : 2)
      },
      report: (report) => reports.push(report),
      seconds: () => clock,
    })
    return { verdict, reports }
  }

  test('is equal if every run gives the same bits', async () => {
    const { verdict, reports } = await compare(null)
    expect(verdict).toEqual({ equal: true, placements: spreads, digest: 'digest of 2' })
    expect(reports).toEqual(spreads.map((spread) => ({ ...spread, digest: 'digest of 2', seconds: spread.cores })))
  })

  test.each(spreads.slice(1))(
    'names the first difference, on $cores cores over $transport with $threads threads, and stops there',
    async (spread) => {
      const { verdict, reports } = await compare(spread)
      const placements = spreads.slice(0, spreads.indexOf(spread) + 1)
      expect(verdict).toEqual({
        equal: false,
        placements,
        difference: { where: 'parameters a->b weights[1]', reference: 2, found: 3, ...spread },
      })
      expect(reports.length).toBe(placements.length)
      expect(reports.at(-1)?.digest).toBe('digest of 3')
    },
  )
})
