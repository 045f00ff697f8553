/** Numbers that both sides compute with. */
export { MINIMAL_CYCLE_DELAY } from '../../../../network/graph/lookahead.js'
export {
  BRIEF,
  FIRST_STEP,
  GRAZING,
  HORIZON,
  MARGIN,
  SEPARATOR_OFF,
  SMALL,
  TERMS,
} from '../../../equations/tolerances.js'
export { PEAK_AT_START, PEAK_INSIDE, PEAK_ON_ARRIVAL } from '../../../models/peak-tape.js'
export { TRIAL_CHUNK } from '../../../parameters/trial-sum.js'
