// Yin-Yang on four cores, each a process linked to the others by websockets: the losses and parameters of one process.
import { adam, mesh, open, openCluster, place, type Session, train } from 'antidrome'
import { yinYang } from 'antidrome/data'

const whole = yinYang({ learnDelays: true })
// A part of the samples is enough to compare numbers.
const task = { ...whole, train: { ...whole.train, size: 1000, labels: whole.train.labels.subarray(0, 1000) } }
const options = {
  optimizer: adam({ learningRate: 0.01 }),
  learn: ['weights', 'delays', 'thresholds'],
  rates: { delays: 0.2, thresholds: 0.002 },
  silentLabelHinge: 1,
  epochs: 2,
  batch: 50,
  seed: 3,
} as const

/** The losses of every step and of the epoch, and all parameters after it. */
async function numbersOf(session: Session): Promise<readonly (number | null)[]> {
  const losses: (number | null)[] = []
  const onStep = ({ loss }: { readonly loss: number | null }) => void losses.push(loss)
  for await (const epoch of train(session, task, { ...options, onStep }))
    losses.push(epoch.loss, epoch.validationLoss, epoch.validationAccuracy)
  const { projections, groups } = await session.parameters()
  const arrays = [...Object.values(projections), ...Object.values(groups)].flatMap((kinds) => Object.values(kinds))
  return [...losses, ...arrays.flatMap((values) => Array.from<number>(values))]
}

const one = await open(task.network, { seed: options.seed })
const expected = await numbersOf(one)
await one.close()

const four = await openCluster(task.network, place(task.network, mesh({ columns: 2, rows: 2 })), {
  seed: options.seed,
  transport: 'websocket',
})
for (const { core, slices } of four.placement.cores)
  console.log(`core ${core}:`, slices.map(({ group, start, end }) => `${group}[${start}:${end}]`).join(' '))
const found = await numbersOf(four)
for (const { core, peer, sent } of await four.traffic())
  console.log(
    `core ${core} -> core ${peer}: ${sent.spikes} spikes, ${sent.gradientEvents} gradient events, ${sent.bytes} bytes`,
  )
await four.close()

const different = expected.filter((value, k) => !Object.is(value, found[k])).length
console.log(`${found.length} numbers, ${different} of them different from those of one process`)
if (different > 0 || expected.length !== found.length) throw new Error('four cores must give the numbers of one')
