export { advanceAdaptiveNeurons, advanceNeurons, retreatAdaptiveNeurons, retreatNeurons } from './neurons'
export { advanceReadout, retreatReadout } from './readout'
export { addRow, addWeightedRows } from './sums'
