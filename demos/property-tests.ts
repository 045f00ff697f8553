// Property tests of a user-defined network: generated trials against the laws of antidrome/testing and one law of this
// network alone. If a law does not hold, fast-check finds a trial that breaks it, and shrinks it as far as possible.
import type { SpikeTrains, Trials } from 'antidrome'
import { connect, defineNetwork, dense, lif, open, openCluster, placeOnCores, source, spikeCount } from 'antidrome'
import * as laws from 'antidrome/testing'
import fc from 'fast-check'

// Two neurons that inhibit each other.
const pairs = (same: number | null, other: number | null) =>
  dense([0, 1].map((neuron) => [0, 1].map((unit) => (neuron === unit ? same : other))))
const network = defineNetwork({
  groups: { input: source(2), pair: lif(2, { tauMem: 20, tauSyn: 5, threshold: 1, refractory: 2 }) },
  projections: [
    connect('input', 'pair', pairs(5, null), { delay: 1 }),
    connect('pair', 'pair', pairs(null, -2), { delay: 2 }),
  ],
})
const here = await open(network)
const spread = await openCluster(network, placeOnCores(network, 2), { transport: 'websocket' })

const SILENT = { offsets: new Uint32Array(2), times: new Float64Array(0), units: new Uint32Array(0) }
const pairOf = async (trials: Trials) => (await here.simulate(trials)).spikes.pair ?? SILENT
const timesOf = ({ times, units }: SpikeTrains, unit: number) => times.filter((_, k) => units[k] === unit).join()

const LAWS = {
  async 'spikes are ordered, and have causes'(trials: Trials) {
    const recording = await here.simulate(trials)
    laws.spikesAreOrdered(recording, trials.until)
    laws.spikesHaveCauses(network, trials, recording)
  },
  async 'two processes give the bits of one'(trials: Trials) {
    laws.recordingsAreEqual(await here.simulate(trials), await spread.simulate(trials))
  },
  async 'gradients are the limits of difference quotients'(trials: Trials) {
    const labels = new Uint8Array(trials.count)
    await laws.gradientMatchesQuotients({ open, network, trials, loss: spikeCount('pair'), labels })
  },
  async 'neither neuron is preferred'(trials: Trials) {
    const { input = SILENT } = trials.inputs
    const swapped = await pairOf({ ...trials, inputs: { input: { ...input, units: input.units.map((u) => 1 - u) } } })
    const spikes = await pairOf(trials)
    for (const unit of [0, 1]) if (timesOf(spikes, unit) !== timesOf(swapped, 1 - unit)) throw new Error('one is')
  },
  async 'the two never fire together'(trials: Trials) {
    if (new Set((await pairOf(trials)).units).size === 2) throw new Error('they do')
  },
}

const anyTrials = laws.arbitraryTrials(network, { spikes: [0, 6], window: 30, until: 80 })
for (const [name, law] of Object.entries(LAWS)) {
  const { failed, numRuns, counterexample } = await fc.check(fc.asyncProperty(anyTrials, law), { numRuns: 25, seed: 4 })
  const spikes = counterexample?.[0].inputs.input?.times.length
  console.log(failed ? `broken: ${name}: ${spikes} input spikes are enough` : `held ${numRuns} times: ${name}`)
}
await spread.close()
await here.close()
