import { describeSessions } from '../suites/session-suite.js'

describeSessions({
  name: 'sessions',
  kernel: 'simd',
  ...{ short: 100, long: 2000, seed: 19 },
  unfed: {
    shared: ['delays per synapse', 'lists', 'rules', 'two currents, taus per neuron'],
    own: [],
  },
})
