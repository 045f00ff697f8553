import { afterEach, expect, test } from 'vitest'
import type { ClusterOptions } from '../../../src/actors/cluster-options.js'
import type { RunError } from '../../../src/events/errors.js'
import type { Network } from '../../../src/network/description/network.js'
import { trainsOf } from '../../learning/trains.js'
import { failureOf as failureIn } from '../../support/failure-of.js'
import { inTurn } from '../../support/in-turn.js'
import { built, childrenOf, eventually } from '../built-cluster.js'

const MODULE = new URL('./hanging.mjs', import.meta.url)
const ACTOR = new URL('../own-actor/modules/hanging.js', import.meta.url)
const LEAKY = { tauMem: 10, tauSyn: 5, threshold: 1 }
const TRIALS = { count: 2, until: 20, inputs: { in: trainsOf([[], [{ time: 4, unit: 0 }]]) } }

afterEach(async () => {
  await eventually(() => childrenOf(process.pid).length === 0)
})

const apart = (network: Network, options: ClusterOptions) => {
  const slices = network.groups.map(({ name, size }) => [{ group: name, start: 0, end: size }])
  return built.openCluster(network, built.definePlacement(network, slices), { silence: 4000, ...options })
}

const through = (options: Record<string, number>) =>
  built.defineNetwork({
    groups: { in: built.source(1), out: built.lif(2, LEAKY) },
    projections: [built.connect('in', 'out', built.dense(1), { through: [built.operator(MODULE, options)] })],
  })

const failureOf = (running: Promise<unknown>) => failureIn(running, built.RunError)

/** A module that hangs is no core that died for reasons of its own: words and details name what was asked of whom. */
function expectHang(error: RunError, words: RegExp, details: Record<string, string | number>): void {
  expect(error.code).toBe('CORE_DIED')
  expect(error.message).toMatch(/^Core 1 .*died: .* has not come back for 2250 ms\. /)
  expect(error.message).toMatch(words)
  expect(error.message).not.toMatch(/SIGKILL|last words/)
  expect(error.details).toMatchObject({ core: 1, ...details })
  expect(error.remedy).toContain('Mend the module')
}

const over = (turn: number) => inTurn(['thread', 'websocket'] as const, turn)

test.each(['hanging-load', 'awaiting-load'].flatMap((name, k) => over(k).map((transport) => ({ name, transport }))))(
  'a module that hangs as it is loaded is named: $name, $transport',
  async ({ name, transport }) => {
    const module = new URL(`./${name}.mjs`, import.meta.url)
    const network = built.defineNetwork({
      groups: { in: built.source(1), own: built.actor(2, module) },
      projections: [built.connect('in', 'own', built.dense(1), { delay: 1 })],
    })
    const error = await failureOf(apart(network, { transport, startLimit: 8000 }))
    expect(error).toMatchObject({ code: 'CORE_LATE', details: { module: module.href, limit: 8000 } })
    expect(error.message).toContain(`loading is the module ${module.href}.`)
    expect(error.remedy).toMatch(/^Mend the module if it never comes to its end\. Raise startLimit/)
  },
)

test.each(over(1))('an actor that hangs is named, with verb, trial and time: %s', async (transport) => {
  const network = built.defineNetwork({
    groups: { in: built.source(1), own: built.actor(2, ACTOR, { from: 0 }) },
    projections: [built.connect('in', 'own', built.dense(1), { delay: 1 })],
  })
  await using session = await apart(network, { transport })
  expectHang(await failureOf(session.simulate(TRIALS)), /advance of the actor "own" in trial 0 from 0 ms \(file:/, {
    ...{ module: ACTOR.href, verb: 'advance', group: 'own', trial: 0, time: 0 },
  })
})

test.each(over(0))('an operator that hangs is named, with projection, trial and time: %s', async (transport) => {
  await using session = await apart(through({ from: 4 }), { transport })
  const words = /apply of an operator of the projection "in->out" into "out" in trial 1 from 4 ms \(file:/
  expectHang(await failureOf(session.simulate(TRIALS)), words, {
    ...{ module: MODULE.href, verb: 'apply', group: 'out', projection: 'in->out', trial: 1, time: 4 },
  })
})

test.each(over(1))('an operator that hangs as it is made ends the start, by name: %s', async (transport) => {
  const error = await failureOf(apart(through({}), { transport }))
  expectHang(error, /createOperator of an operator of the projection "in->out" into "out" \(file:/, {
    ...{ module: MODULE.href, verb: 'createOperator', group: 'out' },
  })
})

test.each(over(0))('a loss that hangs is named, with group, trial and the end of the trial: %s', async (transport) => {
  const network = built.defineNetwork({
    groups: { in: built.source(1), out: built.lif(2, LEAKY) },
    projections: [built.connect('in', 'out', built.dense(1))],
  })
  const loss = (await built.lossModule(MODULE)).on('out')
  await using session = await apart(network, { transport })
  const error = await failureOf(session.gradient(TRIALS, loss, Uint8Array.of(0, 1)))
  expectHang(error, /evaluate of the loss "endless" of the group "out" in trial 1 until 20 ms \(file:/, {
    ...{ module: MODULE.href, verb: 'evaluate', group: 'out', loss: 'endless', trial: 1, time: 20 },
  })
})
