export { advanceAdaptiveNeurons, advanceNeurons, backwardAdaptiveNeurons, backwardNeurons } from './neurons'
export { advanceReadout, backwardReadout } from './readout'
export { addRow, addWeightedRows } from './sums'
