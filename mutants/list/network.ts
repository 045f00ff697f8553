import type { Mutant } from '../mutant.js'

export const NETWORK: readonly Mutant[] = [
  {
    id: 'spike-times-unchecked',
    why: 'spike times that are no numbers get into a network',
    file: 'src/network/description/spike-trains.ts',
    find: 'readSpikeTime(time, `${field}[${k}]`)',
    replace: 'time',
    tests: ['test/network/description/spike-trains.test.ts'],
  },
  {
    id: 'fan-in-of-the-other-current',
    why: 'weights below 0 are scaled by the time constant of excitation',
    file: 'src/network/description/fan-in.ts',
    find: 'mean < 0 ? tauSynInh : tauSynExc',
    replace: 'mean > 0 ? tauSynInh : tauSynExc',
    tests: ['test/network/description/fan-in.test.ts'],
  },
  {
    id: 'delay-of-no-synapse',
    why: 'the delay of a unit without synapses bounds how far all may run ahead',
    file: 'src/network/graph/delay-bound.ts',
    find: 'joined[unit] === 0 ? smallest : ',
    replace: '',
    tests: ['test/network/graph/delay-bound.test.ts'],
  },
]
