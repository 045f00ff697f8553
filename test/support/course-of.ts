import type { Loss } from '../../src/learning/loss.js'
import type { LabelledTrials, Session, StepOptions } from '../../src/learning/session.js'

const FIRST: Loss = { kind: 'firstSpike', group: 'b', tau0: 0.5, alpha: 0.003, tau1: 6.4 }
const LOSSES: readonly Loss[] = [{ kind: 'spikeCount', group: 'a', tau: 20 }, { kind: 'vMax', group: 'r' }, FIRST]

const step = (loss: Loss, clipNorm: number): StepOptions => ({
  loss,
  optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  rates: { weights: 0.003, delays: 0.05, thresholds: 0.003, adaptation: 0.01, taus: 0.2, bias: 0.001 },
  bounds: { delays: [0, 10], thresholds: [0.3, 3], adaptation: [0, 1] },
  clipNorm,
  silentLabelHinge: 0.5,
  silentHinge: { a: 0.1 },
  silentWeightStep: { b: 0.01 },
})

/**
 * Everything a session can say of trials of a network with groups in, a, b (LIF) and r (LI): spikes, gradients, steps of
 * learning, and what was learned. Closes it.
 */
export async function courseOf(session: Session, trials: LabelledTrials) {
  const simulated = await session.simulate(trials, { record: ['in', 'a', 'b', 'r'] })
  const gradients = []
  for (const loss of LOSSES.slice(0, 2)) gradients.push(await session.gradient(trials, loss, trials.labels))
  const steps = []
  for (const [k, loss] of LOSSES.slice(1).entries())
    steps.push(await session.train(trials, step(loss, k === 1 ? 1e-3 : Infinity)))
  const evaluated = await session.evaluate(trials, FIRST)
  const parameters = await session.parameters()
  await session.close()
  return { simulated, gradients, steps, evaluated, parameters }
}
