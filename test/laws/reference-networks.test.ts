import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { parseInput } from '../../src/data/input-file.js'
import { KERNEL_KINDS } from '../../src/dynamics/kernels/kernel-kind.js'
import { parseNetwork } from '../../src/network/file/parse-network.js'

/** What `scripts/make-reference-networks.py` writes, and says about its fields. */
interface ReferenceNetwork {
  readonly about: string
  readonly network: object
  readonly input: object
  readonly until: number
  readonly amplification: number | null
  readonly spikes: readonly ReferenceSpike[]
}

interface ReferenceSpike {
  readonly group: string
  readonly unit: number
  /** 30 digits. */
  readonly time: string
  readonly tolerance: number
}

const FOLDER = new URL('../reference-networks/', import.meta.url)
const NAMES = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ''))
const read = (name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')) as ReferenceNetwork

test('there are networks enough, among them recurrent ones with hundreds of spikes', () => {
  expect(NAMES.length).toBeGreaterThanOrEqual(18)
  expect(NAMES.filter((name) => (read(name).amplification ?? 0) >= 1).length).toBeGreaterThanOrEqual(3)
  expect(NAMES.reduce((sum, name) => sum + read(name).spikes.length, 0)).toBeGreaterThan(800)
})

describe.each(KERNEL_KINDS)('kernel %s', (kernel) => {
  test.each(NAMES)('%s: the spikes of a solver in 50 digits, none missed, none too many', async (name) => {
    const { network: file, input, until, spikes } = read(name)
    const network = parseNetwork(JSON.stringify(file))
    await using session = await open(network, { kernel })
    const { trains: inputs } = parseInput(JSON.stringify(input), network)
    const recording = await session.simulate({ count: 1, until, inputs })
    for (const { name: group, kind, size } of network.groups) {
      if (kind !== 'lif') continue
      const { times, units } = recording.spikes[group]!
      for (let unit = 0; unit < size; unit++) {
        const found = [...times].filter((_, k) => units[k] === unit)
        const expected = spikes.filter((spike) => spike.group === group && spike.unit === unit)
        expect(found.length).toBe(expected.length)
        expected.forEach(({ time, tolerance }, k) => {
          // The difference of two doubles next to each other is exact.
          expect(Math.abs(found[k]! - Number(time)), `${group}[${unit}], spike ${k}`).toBeLessThanOrEqual(tolerance)
        })
      }
    }
  })
})
