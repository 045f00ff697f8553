import { actor } from '../../../src/network/description/actor-group.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { normal, uniform } from '../../../src/network/description/initializers.js'
import { connect, dense, oneToOne, perSource, perSynapse } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'
import { trainsOf } from '../../learning/trains.js'

/** Relays spikes, with an exact way back. */
export const RELAY = new URL('../../../demos/modules/relay.js', import.meta.url)

export const moduleOf = (name: string) => new URL(`./modules/${name}.js`, import.meta.url)

const LIF = { tauMem: 20, tauSyn: 5, threshold: 1 } as const

/** A relay in the middle of a layered network. */
export const relayed = (units: number, neurons: number, scale = 1) =>
  defineNetwork({
    groups: { in: source(5), relay: actor(units, RELAY, { hold: 0.7 }), out: lif(neurons, LIF) },
    projections: [
      connect('in', 'relay', dense(normal(0.9, 0.4)), { delay: perSynapse(uniform(0, 4)) }),
      connect('relay', 'out', dense(normal(0.15 * scale, 0.1)), { delay: 0.5 }),
    ],
  })

/** A relay that hears two groups, and one of them twice, through delays of every shape. */
export const converging = (units: number, neurons: number) =>
  defineNetwork({
    groups: { in: source(5), middle: lif(2, LIF), relay: actor(units, RELAY, { hold: 0.7 }), out: lif(neurons, LIF) },
    projections: [
      connect('in', 'middle', dense(normal(1.2, 0.4)), { delay: 0.3 }),
      connect('in', 'relay', dense(normal(0.6, 0.4)), { delay: perSynapse(uniform(0, 4)) }),
      connect('middle', 'relay', dense(normal(0.5, 0.3)), { delay: 1.1 }),
      connect('in', 'relay', dense(normal(0.4, 0.4)), { delay: perSource(uniform(0, 2)) }),
      connect('relay', 'out', dense(normal(1.2, 0.1)), { delay: 0.5 }),
    ],
  })

/** A relay in a layered network with a way back, which goes by windows. */
export const looped = (units: number, neurons: number, scale = 1) =>
  defineNetwork({
    groups: {
      in: source(5),
      out: lif(neurons, { ...LIF, refractory: 2 }),
      relay: actor(units, RELAY, { hold: 0.7 }),
    },
    projections: [
      connect('in', 'out', dense(normal(1.2, 0.4)), { delay: perSynapse(uniform(0, 4)) }),
      connect('out', 'relay', dense(normal(0.5, 0.2)), { delay: 1.5 }),
      connect('relay', 'out', dense(normal(0.01 * scale, 0.01)), { delay: 0.5 }),
    ],
  })

/** A relay that hears itself, unit by unit. */
export const selfLooped = (units: number, neurons: number, scale = 1) =>
  defineNetwork({
    groups: { in: source(5), relay: actor(units, RELAY, { hold: 0.7 }), out: lif(neurons, LIF) },
    projections: [
      connect('in', 'relay', dense(normal(0.9, 0.4)), { delay: perSynapse(uniform(0, 4)) }),
      connect('relay', 'relay', oneToOne(normal(0.8, 0.3)), { delay: perSynapse(uniform(4, 9)) }),
      connect('relay', 'out', dense(normal(0.1 * scale, 0.05)), { delay: 0.5 }),
    ],
  })

/** Two relays that hear each other, and no neurons between them. */
export const relayedRound = (units: number, neurons: number, scale = 1) =>
  defineNetwork({
    groups: {
      in: source(5),
      relay: actor(units, RELAY, { hold: 0.7 }),
      other: actor(units, RELAY, { hold: 1.1 }),
      out: lif(neurons, LIF),
    },
    projections: [
      connect('in', 'relay', dense(normal(0.9, 0.4)), { delay: perSynapse(uniform(0, 4)) }),
      connect('relay', 'other', oneToOne(normal(0.8, 0.3))),
      connect('other', 'relay', oneToOne(normal(0.6, 0.3)), { delay: 5 }),
      connect('other', 'out', dense(normal(0.1 * scale, 0.05)), { delay: 0.5 }),
    ],
  })

/** Two blocks each. */
export const RELAYED = relayed(40, 36)
export const LOOPED = looped(40, 36)
export const SELF_LOOPED = selfLooped(40, 36, 0.3)
export const RELAYED_ROUND = relayedRound(40, 36, 0.3)

export const TRIALS = {
  count: 3,
  until: 40,
  inputs: {
    in: trainsOf([
      [1, 2, 3, 4, 5].map((time, unit) => ({ time, unit })),
      [2, 2, 4, 8].map((time, unit) => ({ time, unit: 4 - unit })),
      [6].map((time) => ({ time, unit: 0 })),
    ]),
  },
}
