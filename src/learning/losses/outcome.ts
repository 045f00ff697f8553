/** What a loss says about the trials of a mini-batch. */
export interface Outcome {
  /** One per trial; null where the label unit was silent. */
  readonly losses: readonly (number | null)[]
  /** Predicted label per trial; -1 where every output was silent, or if the loss predicts nothing. */
  readonly predictions: Int32Array
}
