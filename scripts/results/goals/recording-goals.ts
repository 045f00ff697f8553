/** What rows of the table of results were set out for: by themselves, or beside another row. */
export interface Goal {
  readonly text: string
  /**
   * Percent of the test split; points of it more than the other row; or hidden spikes of a sample as a share of those of the
   * other row, of which fewer are better.
   */
  readonly measures: 'accuracy' | 'points' | 'spikes'
  readonly row: string
  /** Absent where a row counts by itself. */
  readonly beside?: string
  readonly bar: number
  readonly aim: number
}

/** Of what was trained exactly, what the validation split prefers. */
const SPOKEN = 'spoken-digits-delays'
const CAMERA = 'camera-digits-weights'

export const RECORDING_GOALS: readonly Goal[] = [
  {
    text: 'spoken digits: exact, weights, delays and thresholds',
    measures: 'accuracy',
    row: 'spoken-digits-thresholds',
    bar: 88,
    aim: 91,
  },
  {
    text: 'exact, weights and delays: more than the surrogate by weights',
    measures: 'points',
    row: SPOKEN,
    beside: 'spoken-digits-surrogate-weights',
    bar: 10,
    aim: 13,
  },
  {
    text: 'more than the surrogate with delays',
    measures: 'points',
    row: SPOKEN,
    beside: 'spoken-digits-surrogate-delays',
    bar: -1,
    aim: 1,
  },
  {
    text: 'hidden spikes of those of the surrogate with delays',
    measures: 'spikes',
    row: SPOKEN,
    beside: 'spoken-digits-surrogate-delays',
    bar: 0.4,
    aim: 0.3,
  },
  { text: 'camera digits: exact, weights', measures: 'accuracy', row: CAMERA, bar: 95.5, aim: 97 },
  {
    text: 'more than the surrogate',
    measures: 'points',
    row: CAMERA,
    beside: 'camera-digits-surrogate',
    bar: -0.7,
    aim: 0,
  },
  {
    text: 'hidden spikes of those of the surrogate',
    measures: 'spikes',
    row: CAMERA,
    beside: 'camera-digits-surrogate',
    bar: 0.6,
    aim: 0.5,
  },
]
