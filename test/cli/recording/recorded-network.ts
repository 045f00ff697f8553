import { networkFile } from '../run-in-process.js'

const LIF = { kind: 'lif', tauMem: 20, tauSyn: 2, threshold: 1, refractory: 2 }
const rule = (inDegree: number) => ({ rule: 'fixedInDegree', inDegree })

/** A balanced network of 80 neurons that fires at about 180 Hz, driven from within. */
export const RECORDED = networkFile(
  [
    { name: 'drive', kind: 'source', size: 80, emission: { process: 'poisson', rate: 400 } },
    { name: 'exc', size: 64, ...LIF },
    { name: 'inh', size: 16, ...LIF },
    { name: 'readout', kind: 'li', size: 1, tauMem: 20, tauSyn: 2 },
  ],
  [
    { source: 'drive', target: 'exc', connect: rule(20), weights: 0.6 },
    { source: 'drive', target: 'inh', connect: rule(20), weights: 0.6 },
    { source: 'exc', target: 'exc', connect: rule(16), weights: 0.4, delays: 1.5 },
    { source: 'exc', target: 'inh', connect: rule(16), weights: 0.4, delays: 1.5 },
    { source: 'inh', target: 'exc', connect: rule(4), weights: -2.5, delays: 1.5 },
    { source: 'inh', target: 'inh', connect: rule(4), weights: -2.5, delays: 2 },
    { source: 'exc', target: 'readout', weights: 0.1 },
  ],
)
