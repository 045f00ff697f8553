// Exact gradients of weights, delays and thresholds against difference quotients, on one hidden layer.
import { connect, defineNetwork, dense, firstSpike, lif, open, perSynapse, source, spikeTrains } from 'antidrome'

const weights = [
  [4.1, 3.4],
  [3.2, 4.6],
  [3.9, 3.7],
] // prettier-ignore
const delays = [
  [1.5, 0.3],
  [0.2, 2.4],
  [3.1, 0.9],
] // prettier-ignore

/** First spike of the output with one number moved by h, and its gradient. */
async function run({ weight = 0, delay = 0, threshold = 0 }) {
  const moved = (matrix: number[][], h: number) => matrix.map((row, n) => row.map((x, u) => (n + u === 0 ? x + h : x)))
  const network = defineNetwork({
    groups: {
      input: source(2),
      hidden: lif(3, { tauMem: 20, tauSyn: 5, threshold: [1 + threshold, 1, 1], tauAdapt: 40, adaptStep: 0.2 }),
      output: lif(1, { tauMem: 20, tauSyn: 5, threshold: 1 }),
    },
    projections: [
      connect('input', 'hidden', dense(moved(weights, weight)), { delay: perSynapse(moved(delays, delay)) }),
      connect('hidden', 'output', dense(3)),
    ],
  })
  const session = await open(network)
  const inputs = { input: spikeTrains([[[1, 9], [4]]]) }
  const loss = firstSpike('output', { tau0: 1, alpha: 1, tau1: 20 })
  const result = await session.gradient({ count: 1, until: 200, inputs }, loss, Uint8Array.of(0))
  await session.close()
  return { loss: result.losses[0] ?? Number.NaN, ...result.gradients }
}

const { projections, groups } = await run({})
const exact = {
  weight: projections['input->hidden']?.weights[0],
  delay: projections['input->hidden']?.delays[0],
  threshold: groups.hidden?.threshold?.[0],
}
const h = 1e-4
for (const [name, gradient = Number.NaN] of Object.entries(exact)) {
  const [up, down] = await Promise.all([run({ [name]: h }), run({ [name]: -h })])
  const quotient = (up.loss - down.loss) / (2 * h)
  console.log(`dL/d${name}`.padEnd(14), `exact ${gradient.toFixed(9)}`.padEnd(22), `quotient ${quotient.toFixed(9)}`)
  if (!(Math.abs(gradient - quotient) < 1e-6)) throw new Error(`the gradient of the ${name} is off`)
}
