import { expect, test } from 'vitest'
import { chooseKernels } from '../../../src/dynamics/kernels/choose-kernel.js'
import { InputError } from '../../../src/events/errors.js'
import { checkPlacement } from '../../../src/hardware/check-placement.js'
import { definePlacement } from '../../../src/hardware/define-placement.js'
import { place } from '../../../src/hardware/place.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import { type ActorSettings, actor } from '../../../src/network/description/actor-group.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import type { GroupSpec, Network } from '../../../src/network/description/network.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { formatNetwork } from '../../../src/network/file/format-network.js'
import { parseNetwork } from '../../../src/network/file/parse-network.js'
import { structureHash } from '../../../src/network/file/structure-hash.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import { lif } from '../../../src/network/models/lif.js'
import type { PlainOptions } from '../../../src/network/modules/plain-options.js'

const MODULE = new URL('file:///modules/plant.js')

function networkOf(options: PlainOptions = {}, settings: ActorSettings = {}, size = 100, module = MODULE): Network {
  return defineNetwork({
    groups: {
      in: source(2),
      plant: actor(size, module, options, settings),
      out: lif(2, { tauMem: 20, tauSyn: 5, threshold: 1 }),
    },
    projections: [
      connect('in', 'plant', dense(1), { delay: 1 }),
      connect('plant', 'out', dense(1), { delay: 1 }),
      connect('out', 'plant', dense(1), { delay: 1 }),
    ],
  })
}

function refusal(ask: () => unknown): InputError {
  try {
    ask()
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
  throw new RangeError('nothing was refused')
}

const with2 = (spec: object): GroupSpec => ({ ...actor(2, MODULE), ...spec }) as GroupSpec
const alone = (spec: object) => defineNetwork({ groups: { x: with2(spec) }, projections: [] })

test('an actor is a frozen value with its defaults', () => {
  const group = networkOf({ deep: [1, { a: 'b' }] }).groups[1]
  expect(group).toEqual({
    ...{ name: 'plant', kind: 'actor', size: 100, whole: false, gradients: 'through' },
    module: { module: MODULE.href, name: 'plant.js', export: 'createActor', options: { deep: [1, { a: 'b' }] } },
  })
  expect(Object.isFrozen(group)).toBe(true)
  expect(instantiate(networkOf(), 0, [{ group: 'plant', start: 32, end: 64 }]).groups[0]).toMatchObject({
    ...{ kind: 'actor', name: 'plant', start: 32, size: 32, total: 100 },
  })
})

test('a network file gives it back, if it may name modules', () => {
  const network = networkOf({ gain: 0.1 }, { whole: true, gradients: 'stop', export: 'plant', name: 'labs/plant.js' })
  const text = formatNetwork(network)
  expect(parseNetwork(text, undefined, { modules: 'file:///modules/' })).toEqual(network)
  expect(refusal(() => parseNetwork(text)).code).toBe('MODULES_FORBIDDEN')
  const named = text.replace(MODULE.href, './plant.js')
  expect(parseNetwork(named, undefined, { modules: 'file:///modules/' })).toEqual(network)
})

test('its code lies elsewhere, all else is part of the structure', () => {
  const hash = structureHash(networkOf())
  expect(structureHash(networkOf({}, {}, 100, new URL('file:///elsewhere/plant.js')))).toBe(hash)
  const others = [
    networkOf({ gain: 1 }),
    networkOf({}, { whole: true }),
    networkOf({}, { gradients: 'stop' }),
    networkOf({}, { export: 'other' }),
    networkOf({}, { name: 'other.js' }),
  ]
  expect(new Set([hash, ...others.map(structureHash)]).size).toBe(6)
})

test.each([
  ['FIELD_TYPE', () => alone({ whole: 1 })],
  ['ACTOR_GRADIENTS', () => alone({ gradients: 'back' })],
  ['FIELD_UNKNOWN', () => alone({ tauMem: 20 })],
  ['GROUP_SIZE_INVALID', () => alone({ size: 0 })],
  ['FIELD_TYPE', () => alone({ module: 5 })],
  ['MODULE_URL', () => actor(2, new URL('https://example.org/plant.js'))],
  ['MODULE_OPTIONS', () => actor(2, MODULE, { when: () => 1 } as never)],
  ['FIELD_UNKNOWN', () => actor(2, MODULE, {}, { hole: true } as never)],
  [
    'ACTOR_CYCLE',
    () =>
      defineNetwork({
        groups: { x: actor(2, MODULE) },
        projections: [connect('x', 'x', dense(1), { delay: 0.05 })],
      }),
  ],
])('%s', (code, ask) => {
  expect(refusal(ask).code).toBe(code)
})

test('one that is whole is never cut', () => {
  const slicesOf = (network: Network, cores: number) =>
    placeOnCores(network, cores).cores.flatMap(({ slices }) => slices.filter(({ group }) => group === 'plant'))
  expect(slicesOf(networkOf(), 4).length).toBeGreaterThan(1)
  const whole = networkOf({}, { whole: true })
  expect(slicesOf(whole, 3)).toEqual([{ group: 'plant', start: 0, end: 100 }])
  expect(refusal(() => placeOnCores(whole, 4)).code).toBe('CORES_TOO_MANY')
  const onChip = place(whole, { columns: 3, rows: 1, neuronsPerCore: 100, synapsesPerCore: 1000 }).cores.flatMap(
    ({ slices }) => slices,
  )
  expect(onChip).toContainEqual({ group: 'plant', start: 0, end: 100 })
  const rest = [
    { group: 'in', start: 0, end: 2 },
    { group: 'out', start: 0, end: 2 },
  ]
  const cut = [[...rest, { group: 'plant', start: 0, end: 32 }], [{ group: 'plant', start: 32, end: 100 }]]
  expect(refusal(() => definePlacement(whole, cut)).code).toBe('PLACEMENT_CUT')
  expect(() => checkPlacement(networkOf(), definePlacement(networkOf(), cut))).not.toThrow()
})

test('kernels are named', () => {
  expect(chooseKernels(networkOf()).map(({ group, engine }) => [group, engine])).toEqual([
    ['plant', 'actor'],
    ['out', 'simd'],
  ])
})
