import { aroundSteps } from '../../src/learning/around-steps.js'
import type { NoiseOptions } from '../../src/learning/noise/device-noise.js'
import type { Session } from '../../src/learning/session.js'

/** A session that does everything under the same noise. */
export function noisySession<Kind extends Session>(session: Kind, noise: NoiseOptions): Kind {
  return {
    ...session,
    simulate: (trials, options) => session.simulate(trials, { ...options, ...noise }),
    evaluate: (trials, loss) => session.evaluate(trials, loss, noise),
    gradient: (trials, loss, labels) => session.gradient(trials, loss, labels, noise),
    ...aroundSteps(session, (take, trials, step) => take(trials, { ...step, ...noise })),
  }
}
