import { PENDING } from '../suites/session/pending.js'
import { describeSessions } from '../suites/session-suite.js'

describeSessions({
  name: 'sessions',
  kernel: 'simd',
  ...{ short: 100, long: 2000, seed: 19 },
  unfed: {
    shared: [
      'delays per synapse',
      'null weights',
      'lists',
      'rules',
      'refractory periods',
      'two currents',
      'taus per neuron',
    ],
    own: ['null weights', 'lists', 'short cycle', 'cycle without delay', 'two currents', 'taus per neuron'],
  },
  pending: PENDING,
})
