// Two neurons hold an unstable plant upright, live: a user-defined actor in demos/modules/plant.js. Its state arrives
// at the neurons as spikes, and their spikes push it back. The plant runs in one process, the neurons in another.
import { actor, connect, defineNetwork, definePlacement, lif, open, openCluster, synapses } from 'antidrome'

const networkOf = (push: number) =>
  defineNetwork({
    groups: {
      plant: actor(2, new URL('./modules/plant.js', import.meta.url), { start: 1 }, { whole: true }),
      control: lif(2, { tauMem: 5, tauSyn: 2, threshold: 1, refractory: 1 }),
    },
    projections: [
      connect('plant', 'control', synapses([0, 1].map((unit) => [unit, unit, 5])), { delay: 0.5 }),
      connect('control', 'plant', synapses([0, 1].map((unit) => [unit, unit, push])), { delay: 1 }),
    ],
  })

type Live = Pick<Awaited<ReturnType<typeof open>>, 'stream' | 'close'>

/** Where the plant is after every 40 ms, and how many spikes there were. */
async function watch(session: Live) {
  const stream = session.stream({ until: 400, segment: 40, record: ['plant', 'control'] })
  const [places, counts]: [number[], { plant: number; control: number }] = [[], { plant: 0, control: 0 }]
  for await (const { spikes } of stream) {
    counts.plant += spikes.plant?.times.length ?? 0
    counts.control += spikes.control?.times.length ?? 0
    const { groups } = await stream.saveState()
    places.push(groups.plant?.plant?.[0] as number)
  }
  await stream.done
  await session.close()
  return { places, counts }
}

const network = networkOf(0.2)
const slice = (group: string) => ({ group, start: 0, end: 2 })
const placement = definePlacement(network, [[slice('plant')], [slice('control')]])
const alone = await watch(await open(networkOf(0)))
const held = await watch(await open(network))
const apart = await watch(await openCluster(network, placement, { transport: 'websocket' }))

const draw = (x: number) => x.toFixed(2).padStart(8)
console.log('left alone', alone.places.map(draw).join(''))
console.log('held      ', held.places.map(draw).join(''))
console.log(`${apart.counts.plant} looks that were out of bounds, ${apart.counts.control} pushes`)

if (!held.places.every((x, k) => Object.is(x, apart.places[k])))
  throw new Error('two processes must give what one gives')
if (!held.places.every((x) => Math.abs(x) < 1)) throw new Error('the plant has fallen over')
if (Math.abs(alone.places.at(-1) ?? 0) < 100) throw new Error('left alone it must fall over')
