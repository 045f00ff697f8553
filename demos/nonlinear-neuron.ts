// A neuron that antidrome does not have: Izhikevich's, as a user-defined actor in demos/modules/izhikevich.js that
// integrates its equations and locates its spikes. It keeps the laws of an actor: two processes give the bits of one.
import {
  actor,
  connect,
  defineNetwork,
  fixedInDegree,
  open,
  openCluster,
  placeOnCores,
  poisson,
  type Session,
  uniform,
} from 'antidrome'
import { actorSuite } from 'antidrome/testing'

const module = new URL('./modules/izhikevich.js', import.meta.url)
const options = { a: 0.02, b: 0.2, c: -65, d: 8 }
const laws = await actorSuite(module, { options, size: 34, weights: [4, 12], until: 25, cases: 2 })
console.log(`keeps ${laws.held.join(', ')}; no ${laws.leftOut.join(', ')}`)

const network = defineNetwork({
  groups: { noise: poisson(40, { rate: 40 }), cells: actor(64, module, options) },
  projections: [
    connect('noise', 'cells', fixedInDegree(8, uniform(4, 8)), { delay: 1 }),
    connect('cells', 'cells', fixedInDegree(4, uniform(2, 6)), { delay: 2 }),
  ],
})

async function run(session: Session) {
  const { spikes } = await session.simulate({ count: 1, until: 150, inputs: {} }, { record: ['cells'] })
  await session.close()
  return { times: spikes.cells?.times ?? [], units: spikes.cells?.units ?? [] }
}

const one = await run(await open(network, { seed: 1 }))
const two = await run(await openCluster(network, placeOnCores(network, 2), { transport: 'websocket', seed: 1 }))
console.log(`${one.times.length} spikes of ${new Set(one.units).size} cells`)
const isEqual = Array.from(one.times).every((time, k) => Object.is(time, two.times[k]) && one.units[k] === two.units[k])
if (!isEqual || one.times.length !== two.times.length) throw new Error('two processes must give what one gives')
if (one.times.length < 64) throw new Error('the cells must fire')
