/** What a loss says about one trial. */
export interface TrialLoss {
  /** Null where the loss is undefined because the label unit was silent. */
  readonly loss: number | null
  /** Predicted label; -1 if every unit was silent, or if the loss predicts nothing. */
  readonly prediction: number
  /** The trial has a label and its unit did not spike. */
  readonly labelSilent: boolean
}
